using System.Text;

namespace AtomProNet.Cli.Printing;

/// <summary>Windows' console takes what is written to it in the code page of the country; for as long as the launcher writes, it takes UTF-8.</summary>
internal sealed class ConsoleEncoding : IDisposable
{
    private readonly Encoding? former;

    /// <summary>Sets it, where there is such a console.</summary>
    public ConsoleEncoding()
    {
        if (!OperatingSystem.IsWindows() || (Console.IsOutputRedirected && Console.IsErrorRedirected))
        {
            return;
        }

        try
        {
            Encoding found = Console.OutputEncoding;
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            former = found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // No console after all.
        }
    }

    /// <summary>Leaves the console as it was: the next program in it counts on that.</summary>
    public void Dispose()
    {
        if (former is not null)
        {
            Console.OutputEncoding = former;
        }
    }
}
