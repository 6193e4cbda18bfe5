using System.Diagnostics;

namespace AtomProNet.Benchmarks;

/// <summary>A pipeline in a process of its own, as the launcher atompronet runs it.</summary>
internal sealed record LauncherRun(int ExitCode, TimeSpan Time, TimeSpan ProcessorTime, long PeakBytes, string Output)
{
    /// <summary>Runs a pipeline to its end.</summary>
    public static LauncherRun Start(string pipeline)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [Path.Combine(AppContext.BaseDirectory, "AtomProNet.Cli.dll"), pipeline])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        TimeSpan processor = default;
        while (!process.WaitForExit(50))
        {
            process.Refresh();
            try
            {
                peak = Math.Max(peak, process.PeakWorkingSet64);
                processor = process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                // It ended this very moment.
            }
        }

        process.WaitForExit();
        return new(process.ExitCode, watch.Elapsed, processor, peak, output.Result + error.Result);
    }
}
