using System.Diagnostics;
using AtomProNet.Cli;

namespace AtomProNet.Tests.Cli;

/// <summary>The launcher as a process of its own: what goes to which stream, and what it returns.</summary>
public class LauncherTests
{
    [Fact]
    public async Task Tells_its_version()
    {
        var (code, output, error) = await Launch("--version");
        Assert.Equal(0, code);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", output);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("-?")]
    public async Task Explains_itself(string option)
    {
        var (code, output, _) = await Launch(option);
        Assert.Equal(0, code);
        Assert.Contains("New-StrainSeries", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explains_a_cmdlet()
    {
        var (code, output, _) = await Launch("help", "New-StrainSeries");
        Assert.Equal(0, code);
        Assert.Contains("-Range", output, StringComparison.Ordinal);
        Assert.Contains("strain", output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(output, (await Launch("new-strainseries", "-?")).Output);
    }

    [Fact]
    public async Task Nothing_to_do_is_a_wrong_call()
    {
        var (code, output, error) = await Launch();
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("atompronet", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_call_is_one_line_on_the_error_stream()
    {
        var (code, output, error) = await Launch("Get-Nothing\n | X");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.EndsWith("[CommandNotFoundException]\n", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("New-StrainSeries", "--json", "-Rnage", "0.1")]
    [InlineData("New-StrainSeries -Rnage 0.1")]
    public async Task Words_and_one_text_are_the_same(params string[] words)
    {
        var (code, _, error) = await Launch(words);
        Assert.Equal(2, code);
        Assert.Contains("Did you mean -Range?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_a_file_or_the_standard_input()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "# a comment\nNew-StrainSeries -Rnage 1\n", TestContext.Current.CancellationToken);
            Assert.Contains("-Range", (await Launch("-File", file)).Error, StringComparison.Ordinal);
            Assert.Contains("-Range", (await Launch(["-"], "New-StrainSeries -Rnage 1\n")).Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal(2, (await Launch("-File", file)).Code);
    }

    /// <summary>A series of a million structures, to have something that goes on for long.</summary>
    private const string Long = "Get-MPStructure Si -Source Bundled | New-StrainSeries -Mode Volumetric -Range 0.1 -Step 0.002";

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task A_signal_stops_it_cleanly(string signal)
    {
        Interruption.SkipUnlessPossible();
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Start([Long, "--json"]);
        await process.StandardOutput.ReadLineAsync(cancellation);
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        var rest = process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.Equal(130, process.ExitCode);
        Assert.EndsWith("}\n", await rest, StringComparison.Ordinal);
        Assert.Empty(await process.StandardError.ReadToEndAsync(cancellation));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData]
    public async Task It_ends_when_nobody_reads_any_more(params string[] options)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows ends the process by itself.");
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Start([Long, .. options]);
        await process.StandardOutput.ReadLineAsync(cancellation);
        process.StandardOutput.Close();
        await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(60), cancellation);
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(await process.StandardError.ReadToEndAsync(cancellation));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help", "New-StrainSeries")]
    public async Task Its_help_ends_when_nobody_reads_it(params string[] words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows ends the process by itself.");
        var (code, error) = await LaunchInto("| true", words);
        Assert.Equal(0, code);
        Assert.Empty(error);
    }

    /// <summary>A file that ends early would pass for the whole answer.</summary>
    [Theory]
    [InlineData("--help")]
    [InlineData(Long)]
    [InlineData(Long, "--json")]
    [InlineData("Get-MPStructure Si -Source Bundled")]
    [InlineData("Get-MPStructure Si -Source Bundled", "--json")]
    public async Task An_output_that_cannot_be_written_is_an_error(params string[] words)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
        var (code, error) = await LaunchInto("> /dev/full", words);
        Assert.Equal(1, code);
        Assert.Matches(@"^The output cannot be written: .+ \[OutputNotWritten\]\n$", error);
    }

    [Fact]
    public async Task Several_in_one_script_write_into_one_file_behind_each_other()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is a POSIX shell's.");
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("atompronet-");
        try
        {
            var file = Path.Combine(folder.FullName, "out.txt");
            var start = new ProcessStartInfo("/bin/sh");
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("{ dotnet \"$1\" --version; dotnet \"$1\" --version; echo end; } > \"$2\"");
            start.ArgumentList.Add("sh");
            start.ArgumentList.Add(typeof(PipelineHost).Assembly.Location);
            start.ArgumentList.Add(file);
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(cancellation);
            Assert.Matches(@"^(\d+\.\d+\.\d+\n){2}end\n$", await File.ReadAllTextAsync(file, cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<(int Code, string Output, string Error)> Launch(params string[] words) => Launch(words, "");

    // The exit code is the launcher's, whatever the pipe behind it returns.
    private static async Task<(int Code, string Error)> LaunchInto(string redirection, string[] words)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("/bin/sh", ["-c", $$"""{ dotnet "$@"; echo "$?" >&3; } 3>&2 {{redirection}}""", "sh", typeof(PipelineHost).Assembly.Location, .. words]) { RedirectStandardError = true };
        using var process = Process.Start(Interruption.Hearing(start))!;
        var error = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        var code = error.LastIndexOf('\n', error.Length - 2) + 1;
        return (int.Parse(error[code..], System.Globalization.CultureInfo.InvariantCulture), error[..code]);
    }

    private static async Task<(int Code, string Output, string Error)> Launch(string[] words, string input)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Start(words);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await error);
    }

    private static Process Start(string[] words)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])[typeof(PipelineHost).Assembly.Location, .. words])
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(Interruption.Hearing(start))!;
    }
}
