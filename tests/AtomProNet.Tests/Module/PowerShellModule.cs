using System.Diagnostics;

namespace AtomProNet.Tests.Module;

/// <summary>Tests that need PowerShell itself share one published module, and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PowerShellCollection : ICollectionFixture<PowerShellModule>
{
    public const string Name = "PowerShell";
}

/// <summary>The module as users get it, in a folder of its own; made when the first test asks for it.</summary>
public sealed class PowerShellModule : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly string _folder = Directory.CreateTempSubdirectory("atompronet-module-").FullName;
    private string? _manifest;

    /// <summary>The path of PowerShell 7.4 or later on PATH; null where there is none.</summary>
    public static string? Executable { get; } = Find();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The manifest of the published module. Skips the test where there is no PowerShell.</summary>
    public async Task<string> ManifestAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(Executable is null, "PowerShell (pwsh 7.4 or later) is not on the PATH.");
        if (_manifest is null)
        {
            var module = Path.Combine(_folder, "AtomProNet.PS");
            var (code, output) = await RunAsync("dotnet", ["publish", Repository.File("src", "AtomProNet.PS"), "-c", Configuration, "--no-build", "-o", module, "-v", "q", "-nologo"], cancellationToken);
            Assert.True(code == 0, $"dotnet publish failed:\n{output}");
            _manifest = Path.Combine(module, "AtomProNet.PS.psd1");
        }

        return _manifest;
    }

    /// <summary>Runs a script file in a fresh PowerShell without profile.</summary>
    /// <returns>The exit code, and what went to both streams.</returns>
    public static Task<(int Code, string Output)> RunScriptAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(Executable!, ["-NoProfile", "-NonInteractive", "-File", script, .. arguments], cancellationToken);

    private static async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["NO_COLOR"] = "1";
        // What a build leaves running for the next one would hold the output open, and the reading below would wait for its end.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await error);
    }

    private static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
