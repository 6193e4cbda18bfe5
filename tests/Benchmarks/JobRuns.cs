using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AtomProNet.Files;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Imports;
using AtomProNet.Tests.Jobs;

namespace AtomProNet.Benchmarks;

/// <summary>
/// The job cmdlets at the size that users have, as the launcher runs them in a process of its own:
/// <code>
/// dotnet run -c Release --project tests/Benchmarks -- jobs-listed [--jobs 12000]
/// dotnet run -c Release --project tests/Benchmarks -- jobs-polled [--jobs 12000]
/// dotnet run -c Release --project tests/Benchmarks -- jobs-array [--jobs 1000] [--rounds 3]
/// dotnet run -c Release --project tests/Benchmarks -- jobs-import --tree FOLDER --launcher FILE [--shards 12]
/// </code>
/// The last two start a real Slurm (tests/Rigs/slurm.sh): jobs-array one of 256 virtual processors, and compares with a bare sbatch --array;
/// jobs-import one of as many as the machine has, sends an import of the tree through it, and compares with one process, byte by byte.
/// </summary>
internal static class JobRuns
{
    private const long MemoryLimit = 300_000_000;

    public static Func<string[], int>? Find(string name) => name switch
    {
        "jobs-listed" => Listed,
        "jobs-polled" => Polled,
        "jobs-array" => Arrays,
        "jobs-import" => Imported,
        _ => null,
    };

    private static int Listed(string[] options)
    {
        int count = Number(options, "--jobs", 12_000);
        using var place = new Place();
        // Nobody answers there, so that all of them stay planned.
        ClusterProfiles.Save(new() { Name = "far", Scheduler = SchedulerKind.Slurm, SshHost = "nowhere.invalid" }, overwrite: true);
        for (int i = 0; i < count; i++)
        {
            place.Write(FormattableString.Invariant($"runs/strain_{i:D5}/job.sh"), "echo 1 >result\n");
        }

        Tell($"plan {count} jobs (Submit-DftJob)", LauncherRun.Start($"Submit-DftJob -Path '{place.Path("runs")}/*' -Cluster far"), expected: 1);
        bool ok = Best($"list {count} planned jobs (Get-DftJob -Offline)", "Get-DftJob -Offline", 1.0);
        var watch = Stopwatch.StartNew();
        using var jobs = new DftJobs([]);
        int listed = jobs.List().Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"of that, the library",-52} {watch.Elapsed.TotalSeconds,6:F2} s             {listed} jobs"));
        return ok && listed == count ? 0 : 1;
    }

    private static int Polled(string[] options)
    {
        int count = Number(options, "--jobs", 12_000);
        using var place = new Place();
        string work = place.Path("work");
        ClusterProfiles.Save(new() { Name = "big", Scheduler = SchedulerKind.Slurm, WorkDirectory = work }, overwrite: true);
        ManyJobs.Plan(count, "big", place.Path("runs"));
        var arrays = ManyJobs.Send(count, "big", work, ended: 300);
        ManyJobs.PutQueue(place.Path("bin"), arrays, ended: 300);
        Environment.SetEnvironmentVariable("PATH", place.Path("bin") + ":" + Environment.GetEnvironmentVariable("PATH"));
        Tell($"first poll of {count} jobs on a cluster (Get-DftJob)", LauncherRun.Start("Get-DftJob"));
        ManyJobs.Plan(count, "big", place.Path("more"), maxQueued: 1);
        return Best($"poll and list {2 * count}, half of them planned", "Get-DftJob", 60) ? 0 : 1;
    }

    private static int Arrays(string[] options)
    {
        int count = Number(options, "--jobs", 1000), rounds = Number(options, "--rounds", 3);
        using var place = new Place();
        using var slurm = new Slurm(place.Root);
        for (int i = 0; i < count; i++)
        {
            place.Write(FormattableString.Invariant($"bare/job{i + 1}/job.sh"), "echo 1 >result\n");
            place.Write(FormattableString.Invariant($"runs/job{i + 1}/job.sh"), "echo 1 >result\n");
        }

        ClusterProfiles.Save(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, WorkDirectory = place.Path("work"), Resources = new() { WallTime = TimeSpan.FromMinutes(5) } }, overwrite: true);
        place.Write("bare.sh", $"#!/bin/sh\n#SBATCH --output=/dev/null --time=5\ncd '{place.Path("bare")}'/job$SLURM_ARRAY_TASK_ID && exec bash ./job.sh >job.out 2>&1\n");
        var ratios = new List<double>();
        bool ok = true;
        for (int round = 0; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            Shell($"sbatch --parsable --array=1-{count} '{place.Path("bare.sh")}' && while [ -n \"$(squeue -h -u \"$(id -un)\")\" ]; do sleep 1; done");
            TimeSpan bare = watch.Elapsed;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{$"bare sbatch --array of {count}",-52} {bare.TotalSeconds,6:F1} s"));
            DateTimeOffset begun = DateTimeOffset.UtcNow;
            LauncherRun run = LauncherRun.Start($"Submit-DftJob -Path '{place.Path("runs")}/*' -Cluster rig -Force | Wait-DftJob");
            Tell($"Submit-DftJob | Wait-DftJob of {count}", run);
            using var jobs = new DftJobs([]);
            DftJob[] done = [.. jobs.List(new() { States = [JobState.Finished] })];
            DftJob[] now = [.. done.Where(j => j.Created > begun)];
            int finished = done.Length;
            string After(DateTimeOffset? time) => string.Create(CultureInfo.InvariantCulture, $"{(time - begun)?.TotalSeconds ?? 0:F1} s");
            Console.WriteLine($"{"",-52} planned after {After(now.Max(j => j.Created))}, accepted {After(now.Max(j => j.Submitted))}, last ended {After(now.Max(j => j.Ended))}, known {After(now.Max(j => j.Changed))}");
            ok &= finished == (round + 1) * count && run.PeakBytes < MemoryLimit;
            ratios.Add(run.Time / bare);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-52} {ratios[^1],6:F2} times; {finished} of {(round + 1) * count} finished"));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {ratios[ratios.Count / 2]:F2} times the bare array (wanted: 1.5 at most)"));
        return ok && ratios[ratios.Count / 2] <= 1.5 ? 0 : 1;
    }

    private static int Imported(string[] options)
    {
        string tree = Path.GetFullPath(Text(options, "--tree") ?? throw new ArgumentException("--tree FOLDER: the outputs.")), launcher = Path.GetFullPath(Text(options, "--launcher") ?? throw new ArgumentException("--launcher FILE: atompronet."));
        int shards = Number(options, "--shards", 12);
        using var place = new Place();
        string whole = place.Path("whole.extxyz"), parts = place.Path("parts.extxyz");
        var watch = Stopwatch.StartNew();
        Shell($"'{launcher}' \"Import-Outcar '{tree}' | Export-TrainingSet '{whole}' -Force\" >/dev/null 2>&1");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"one process",-52} {watch.Elapsed.TotalSeconds,6:F2} s"));
        using var slurm = new Slurm(place.Root, Environment.ProcessorCount);
        ClusterProfiles.Save(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, WorkDirectory = place.Path("work"), Resources = new() { WallTime = TimeSpan.FromMinutes(30) } }, overwrite: true);
        DateTimeOffset begun = DateTimeOffset.UtcNow;
        ImportJob[] made = [.. new ImportJobPlan { SourcePath = tree, OutputPath = parts, Shards = shards, Cmdlet = "Import-Outcar", Executable = launcher }.Write(place.Path("import"), force: false, default)];
        Tell($"{shards} parts: Submit-DftJob | Wait-DftJob", LauncherRun.Start($"Submit-DftJob -Path '{place.Path("import")}/shard-*' -Cluster rig | Wait-DftJob"));
        Tell("merge: Submit-DftJob | Wait-DftJob", LauncherRun.Start($"Submit-DftJob -Path '{made[^1].FolderPath}' -Cluster rig | Wait-DftJob"));
        using var jobs = new DftJobs([]);
        foreach (DftJob job in jobs.List(new() { States = [JobState.Finished] }).OrderBy(j => j.Ended))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-52} {job.Name}: ran from {(job.Started - begun)?.TotalSeconds:F1} to {(job.Ended - begun)?.TotalSeconds:F1} s, exit code {job.ExitCode}"));
        }

        bool same = File.Exists(parts) && File.ReadAllBytes(whole).AsSpan().SequenceEqual(File.ReadAllBytes(parts));
        Console.WriteLine(same ? $"The same {new FileInfo(parts).Length} bytes." : "DIFFERENT BYTES.");
        return same ? 0 : 1;
    }

    /// <summary>The best of three, since a machine that does something else meanwhile only makes it slower.</summary>
    private static bool Best(string what, string pipeline, double seconds)
    {
        LauncherRun[] runs = [.. Enumerable.Range(0, 3).Select(_ => LauncherRun.Start(pipeline))];
        LauncherRun best = runs.MinBy(r => r.Time)!;
        Tell(what, best);
        return runs.All(r => r.ExitCode == 0 && r.PeakBytes < MemoryLimit) && best.Time.TotalSeconds < seconds;
    }

    private static void Tell(string what, LauncherRun run, int expected = 0) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-52} {run.Time.TotalSeconds,6:F2} s {run.PeakBytes / 1e6,6:F0} MB  {(run.ExitCode == expected ? "" : run.Output[..Math.Min(run.Output.Length, 2000)])}"));

    private static void Shell(string text)
    {
        using Process process = Process.Start("/bin/sh", ["-c", text])!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{text}: exit code {process.ExitCode}");
        }
    }

    private static int Number(string[] options, string name, int otherwise) => Text(options, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] options, string name) => Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : null;

    /// <summary>A folder that is thrown away, with the user's data directory in it.</summary>
    private sealed class Place : IDisposable
    {
        public Place()
        {
            Root = Directory.CreateTempSubdirectory("apn-").FullName;
            Environment.SetEnvironmentVariable(UserDirectory.Variable, Path("home"));
        }

        public string Root { get; }

        public string Path(string name) => System.IO.Path.Combine(Root, name);

        public void Write(string name, string text)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
            File.WriteAllText(Path(name), text);
        }

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }

    /// <summary>The rig of the tests.</summary>
    private sealed class Slurm : IDisposable
    {
        private readonly string script;

        public Slurm(string root, int processors = 256)
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "tests", "Rigs", "slurm.sh")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            script = Path.Combine(folder ?? throw new InvalidOperationException("tests/Rigs/slurm.sh was not found."), "tests", "Rigs", "slurm.sh");
            using TcpListener a = new(IPAddress.Loopback, 0), b = new(IPAddress.Loopback, 0);
            a.Start();
            b.Start();
            Environment.SetEnvironmentVariable("RIG", root);
            Environment.SetEnvironmentVariable("CONTROLLER_PORT", Port(a));
            Environment.SetEnvironmentVariable("NODE_PORT", Port(b));
            Environment.SetEnvironmentVariable("CPUS", processors.ToString(CultureInfo.InvariantCulture));
            Environment.SetEnvironmentVariable("SLURM_CONF", Path.Combine(root, "slurm.conf"));
            a.Stop();
            b.Stop();
            Run("up");
        }

        public void Dispose() => Run("down");

        private static string Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        // Daemons keep the streams that they were born with.
        private void Run(string verb) => Shell($"exec bash '{script}' {verb} </dev/null >>\"$RIG/rig.log\" 2>&1");
    }
}
