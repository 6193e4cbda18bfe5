using System.Runtime.InteropServices;
using System.Text;
using AtomProNet.Cli.Commands;
using AtomProNet.Cli.Printing;
using AtomProNet.Cli.Running;
using Microsoft.Win32.SafeHandles;

namespace AtomProNet.Cli;

/// <summary>The launcher: reads its own few options and hands the rest to the engine.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        using var encoding = new ConsoleEncoding();
        using var output = OpenOutput();
        using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = false, NewLine = "\n" };
        var catalogue = new CommandCatalogue([typeof(Program).Assembly]);
        var words = args.ToList();
        var asJson = words.RemoveAll(word => word == "--json") > 0;

        if (Help(words, catalogue, output, error) is { } helpCode)
        {
            return helpCode;
        }

        string text;
        try
        {
            text = ReadText(words);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error.WriteLine(e.Message.ReplaceLineEndings(" "));
            return ExitCode.Usage;
        }

        // The first Ctrl+C stops the cmdlets; a second one, should they not listen, ends the process as usual.
        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var sink = new ConsoleSink(output, error, asJson, isInteractive: !Console.IsErrorRedirected, Width());
        int code = new PipelineEngine(catalogue, sink, Environment.CurrentDirectory).Run(text, input: null, stop.Token);
        return sink.Finish() ? code : Math.Max(code, ExitCode.Failure);
    }

    /// <summary>
    /// For a pipe a plain file: .NET's own stream goes on in silence when nobody reads any more (… | head). For a file .NET's own
    /// stream: a FileStream keeps a position of its own, and what comes next from the same script would overwrite our lines.
    /// </summary>
    private static Stream OpenOutput()
    {
        if (!OperatingSystem.IsWindows())
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 1);
            if (!pipe.CanSeek)
            {
                return pipe;
            }
        }

        return Console.OpenStandardOutput();
    }

    private static string ReadText(List<string> words) => words switch
    {
        ["-"] => new StreamReader(Console.OpenStandardInput(), Encoding.UTF8).ReadToEnd(),
        [var option, var file] when IsFileOption(option) => File.ReadAllText(file),
        [var option, ..] when IsFileOption(option) => throw new ArgumentException("-File takes the name of one file."),
        [var only] => only,
        _ => ShellWords.ToPipeline(words),
    };

    private static bool IsFileOption(string word) =>
        word.Equals("-File", StringComparison.OrdinalIgnoreCase) || word == "--file";

    /// <summary>Answers the calls that run nothing; null where there is something to run.</summary>
    private static int? Help(List<string> words, CommandCatalogue catalogue, Stream output, TextWriter error)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var code = Help(words, catalogue, text, error);
        try
        {
            output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }
        catch (IOException e) when (!BrokenPipe.Is(e))
        {
            error.WriteLine(ConsoleSink.NotWritten(e));
            return ExitCode.Failure;
        }
        catch (IOException)
        {
            // Whoever reads it has enough.
        }

        return code;
    }

    private static int? Help(List<string> words, CommandCatalogue catalogue, StringWriter writer, TextWriter error)
    {
        switch (words)
        {
            case []:
                HelpPrinter.PrintUsage(error, catalogue);
                return ExitCode.Usage;
            case ["--version"]:
                writer.WriteLine(HelpPrinter.Version);
                return ExitCode.Success;
            case ["--help" or "-h" or "-?" or "/?" or "help"]:
                HelpPrinter.PrintUsage(writer, catalogue);
                return ExitCode.Success;
            case ["help", var name]:
                return Explain(name);
            case [var name, "-?" or "--help" or "-h"]:
                return Explain(name);
            default:
                return null;
        }

        int Explain(string name)
        {
            if (catalogue.Find(name) is { } command)
            {
                HelpPrinter.PrintCommand(writer, command);
                return ExitCode.Success;
            }

            error.WriteLine(catalogue.Explain(name));
            return ExitCode.Usage;
        }
    }

    private static int Width()
    {
        try
        {
            return Console.IsOutputRedirected ? 120 : Math.Max(40, Console.WindowWidth);
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
