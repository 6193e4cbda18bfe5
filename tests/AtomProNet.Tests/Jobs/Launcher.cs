using System.Diagnostics;
using AtomProNet.Cli;

namespace AtomProNet.Tests.Jobs;

/// <summary>The launcher as a process of its own, which can be killed.</summary>
internal static class Launcher
{
    /// <summary>Starts a pipeline.</summary>
    public static Process Start(string pipeline, JobSandbox box, string? killAt = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PipelineHost).Assembly.Location, "--json", pipeline])
        {
            WorkingDirectory = box.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["ATOMPRONET_HOME"] = box.Home;
        if (killAt is not null)
        {
            start.Environment["ATOMPRONET_KILL_AT"] = killAt;
        }

        Process process = Process.Start(Interruption.Hearing(start))!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs a pipeline to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string pipeline, JobSandbox box, string? killAt = null)
    {
        using Process process = Start(pipeline, box, killAt);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
