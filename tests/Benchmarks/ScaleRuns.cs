using System.Diagnostics;
using System.Globalization;
using AtomProNet.Datasets.Duplicates;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Benchmarks;

/// <summary>
/// Runs on sets of a size that users have, each printed with its time, its processor time and the peak of its memory. A set that is made
/// for --set stays there for the next run; --only takes the steps whose name holds a word:
/// <code>
/// dotnet run -c Release --project tests/Benchmarks -- million-frames [--frames 1000000] [--folder DIR] [--set FILE] [--only WORD]
/// dotnet run -c Release --project tests/Benchmarks -- write-set FILE 1000000
/// dotnet run -c Release --project tests/Benchmarks -- near-duplicates [--frames 100000]
/// dotnet run -c Release --project tests/Benchmarks -- farthest [--frames 100000] [--pick 1000]
/// </code>
/// </summary>
internal static class ScaleRuns
{
    public static Func<string[], int>? Find(string name) => name switch
    {
        "million-frames" => MillionFrames,
        "write-set" => WriteSet,
        "growth" => _ => GrowthRun.Run(),
        "near-duplicates" => NearDuplicates,
        "farthest" => Farthest,
        _ => null,
    };

    // The launcher's own process for each step: what it takes at its peak is what a user sees.
    private static int MillionFrames(string[] options)
    {
        int frames = Number(options, "--frames", 1_000_000);
        using var folder = new WorkFolder(Text(options, "--folder"));
        string set = Made(options, folder, frames);
        bool ok = true;
        foreach ((string what, string pipeline) in new[]
        {
            ("convert to DeePMD", $"Convert-TrainingSet '{set}' '{folder.Path("deepmd")}' -Format DeepMD"),
            ("convert to npz", $"Convert-TrainingSet '{set}' '{folder.Path("set.npz")}'"),
            ("filter", $"Import-TrainingSet '{set}' | Select-TrainingFrame -MaximumForce 5 -MinimumDistance 1.5 -Every 2 -RejectedPath '{folder.Path("rejected.extxyz")}' | Export-TrainingSet '{folder.Path("filtered.extxyz")}'"),
            ("split while exporting", $"Import-TrainingSet '{set}' | Export-TrainingSet '{folder.Path("parts.extxyz")}' -TrainFraction 0.8 -ValidationFraction 0.1"),
            ("split, then export", $"Import-TrainingSet '{set}' | Split-TrainingSet -SkipLeakReport -TrainFraction 0.8 -ValidationFraction 0.1 | Export-TrainingSet '{folder.Path("again.extxyz")}'"),
        })
        {
            if (Text(options, "--only") is { } word && !what.Contains(word, StringComparison.Ordinal))
            {
                continue;
            }

            LauncherRun run = LauncherRun.Start(pipeline);
            Tell(what, run);
            ok &= run.ExitCode == 0 && run.PeakBytes < 500_000_000;
            folder.Clear(except: set);
        }

        Console.WriteLine(ok ? "All steps stayed below 500 MB." : "A step failed, or took 500 MB or more.");
        return ok ? 0 : 1;
    }

    private static int WriteSet(string[] options)
    {
        SyntheticSet.Write(options[0], int.Parse(options[1], CultureInfo.InvariantCulture));
        return 0;
    }

    private static int NearDuplicates(string[] options)
    {
        int frames = Number(options, "--frames", 100_000);
        using var folder = new WorkFolder(null);
        string set = Made(options, folder, frames);
        var watch = Stopwatch.StartNew();
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        var search = new DuplicateSearch();
        var found = new Dictionary<DuplicateKind, int>();
        using FileStream stream = File.OpenRead(set);
        foreach (Frame frame in ExtendedXyzReader.Read(stream, set))
        {
            if (search.Add(frame) is { } duplicate)
            {
                found[duplicate.Kind] = found.GetValueOrDefault(duplicate.Kind) + 1;
            }
        }

        Tell($"near duplicates among {frames}", watch.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - before, Process.GetCurrentProcess().PeakWorkingSet64, string.Join(", ", found.Select(f => $"{f.Value} {f.Key}")));
        return 0;
    }

    private static int Farthest(string[] options)
    {
        int frames = Number(options, "--frames", 100_000), pick = Number(options, "--pick", 1000);
        using var folder = new WorkFolder(null);
        string set = Made(options, folder, frames);
        LauncherRun run = LauncherRun.Start($"Import-TrainingSet '{set}' | Select-TrainingFrame -Farthest {pick} | Export-TrainingSet '{folder.Path("picked.extxyz")}'");
        Tell($"the {pick} most diverse of {frames}", run);
        run = LauncherRun.Start($"Import-TrainingSet '{set}' | Split-TrainingSet -SplitBy Cluster -TrainFraction 0.8 -TestFraction 0.2 | Export-TrainingSet '{folder.Path("clusters.extxyz")}'");
        Tell($"clusters and leak report of {frames}", run);
        return run.ExitCode;
    }

    private static string Made(string[] options, WorkFolder folder, int frames)
    {
        string set = Text(options, "--set") ?? folder.Path("set.extxyz");
        if (!File.Exists(set))
        {
            var watch = Stopwatch.StartNew();
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            SyntheticSet.Write(set, frames);
            Tell("made", watch.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - before, null, $"{new FileInfo(set).Length / 1e9:F2} GB, {frames} frames of 20 atoms");
        }

        return set;
    }

    private static void Tell(string what, LauncherRun run) => Tell(what, run.Time, run.ProcessorTime, run.PeakBytes, run.ExitCode == 0 ? "" : run.Output);

    private static void Tell(string what, TimeSpan time, TimeSpan processor, long? peak, string more) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-36} {time.TotalSeconds,8:F1} s {processor.TotalSeconds,8:F1} s CPU {(peak is { } bytes ? $"{bytes / 1e6,7:F0} MB" : "          ")}  {more}"));

    private static int Number(string[] options, string name, int otherwise) =>
        Text(options, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] options, string name) => Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : null;

    private sealed class WorkFolder : IDisposable
    {
        private readonly string root;

        public WorkFolder(string? parent) => root = Directory.CreateDirectory(System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), $"atompronet-{Guid.NewGuid():N}")).FullName;

        public string Path(string name) => System.IO.Path.Combine(root, name);

        public void Clear(string except)
        {
            foreach (string entry in Directory.GetFileSystemEntries(root).Where(e => e != except))
            {
                if (Directory.Exists(entry))
                {
                    Directory.Delete(entry, recursive: true);
                }
                else
                {
                    File.Delete(entry);
                }
            }
        }

        public void Dispose() => Directory.Delete(root, recursive: true);
    }
}
