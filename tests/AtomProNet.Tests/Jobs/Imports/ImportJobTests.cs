using System.Diagnostics;
using AtomProNet.Cli;
using AtomProNet.Jobs.Imports;

namespace AtomProNet.Tests.Jobs.Imports;

/// <summary>Imports in parts: scripts that /bin/sh runs with the real launcher, and what they make against what one process makes.</summary>
public sealed class ImportJobTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ImportJobTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Clusters have /bin/sh.");
        // Names that a shell and a pipeline would both trip over.
        foreach (string run in Directory.GetDirectories(Repository.File("samples", "al-strain")).Order(StringComparer.Ordinal).Take(4))
        {
            CopyTree(run, Path.Combine(Tree, Path.GetFileName(run)));
        }
    }

    private string Tree => folder.Path("runs of o'Neill $HOME");

    private string Output => folder.Path("it's a set.extxyz");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Parts_make_what_one_process_makes()
    {
        // More parts than folders at the end: some are empty.
        PipelineResult whole = PipelineHost.Run($"Import-Outcar -LiteralPath '{Tree.Replace("'", "''", StringComparison.Ordinal)}' | Export-TrainingSet whole.extxyz", folder.Root);
        Assert.Empty(whole.Errors);
        foreach (int shards in (int[])[2, 5])
        {
            Assert.All(await RunAll(Plan(shards), $"jobs{shards}"), r => Assert.Equal((0, ""), (r.Code, r.Code == 0 ? "" : r.Error)));
            Assert.Equal(File.ReadAllBytes(folder.Path("whole.extxyz")), File.ReadAllBytes(Output));
            Assert.False(Directory.Exists(Output + ".parts"));
        }
    }

    [Fact]
    public async Task A_part_that_is_missing_or_a_frame_that_is_there_twice_stops_the_merge()
    {
        ImportJob[] jobs = [.. Plan(2).Write(folder.Path("jobs"), force: false, TestContext.Current.CancellationToken)];
        Assert.Equal(0, (await Run(jobs[0])).Code);
        Assert.Equal(3, (await Run(jobs[2])).Code);
        Assert.False(File.Exists(Output));
        // The second part again holds what the first one has.
        Assert.Equal(0, (await Run(jobs[1])).Code);
        File.AppendAllText(Path.Combine(Output + ".parts", "shard-000002", "part.extxyz"), File.ReadAllText(Path.Combine(Output + ".parts", "shard-000001", "part.extxyz")));
        Assert.Equal(4, (await Run(jobs[2])).Code);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public async Task More_parts_than_a_command_line_can_name_are_merged_in_their_order()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes half a minute; runs with ATOMPRONET_TEST=full.");
        // Each name is longer than 200 bytes, and a command line holds two million.
        string deep = folder.Path(new string('d', 200));
        const int Count = 7_500;
        ImportJobPlan plan = Plan(Count) with { OutputPath = Path.Combine(deep, "set.extxyz"), Executable = "true" };
        for (int number = 1; number <= Count; number++)
        {
            string part = Path.Combine(plan.OutputPath + ".parts", FormattableString.Invariant($"shard-{number:D6}"));
            Directory.CreateDirectory(part);
            await File.WriteAllTextAsync(Path.Combine(part, "part.extxyz"), FormattableString.Invariant($"1\nframe_id=x{number}\n"), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(part, "import.log"), FormattableString.Invariant($"log {number}\n"), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(part, "done"), "", TestContext.Current.CancellationToken);
        }

        ImportJob merge = plan.Write(folder.Path("jobs"), force: false, TestContext.Current.CancellationToken).Last();
        Assert.Equal((0, ""), await Run(merge));
        Assert.Equal(Enumerable.Range(1, Count).SelectMany(n => new[] { "1", FormattableString.Invariant($"frame_id=x{n}") }), File.ReadLines(plan.OutputPath));
        Assert.Equal(Enumerable.Range(1, Count).Select(n => FormattableString.Invariant($"log {n}")), File.ReadLines(plan.OutputPath + ".log"));
        Assert.False(Directory.Exists(plan.OutputPath + ".parts"));
    }

    [Fact]
    public async Task A_damaged_output_is_told_and_costs_no_other()
    {
        string victim = Directory.GetFiles(Tree, "OUTCAR", SearchOption.AllDirectories)[0];
        File.WriteAllText(victim, "no OUTCAR at all\n");
        Assert.All(await RunAll(Plan(2), "jobs"), r => Assert.Equal(0, r.Code));
        Assert.Equal(Directory.GetFiles(Tree, "OUTCAR", SearchOption.AllDirectories).Length - 1, File.ReadLines(Output).Count(l => l.Contains("Lattice=", StringComparison.Ordinal)));
        Assert.Contains("OutcarNotRecognised", File.ReadAllText(Output + ".log"), StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_on_the_cluster_are_absolute()
    {
        Assert.Equal("RemotePathNotAbsolute", Assert.Throws<AtomProNetException>(() => (Plan(1) with { SourcePath = "runs" }).Check()).ErrorId);
        Assert.Equal("OutputNotExtendedXyz", Assert.Throws<AtomProNetException>(() => (Plan(1) with { OutputPath = "/a/set.npz" }).Check()).ErrorId);
    }

    private ImportJobPlan Plan(int shards)
    {
        string launcher = folder.Path("atompronet");
        File.WriteAllText(launcher, $"#!/bin/sh\nexec dotnet '{typeof(PipelineHost).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        return new() { SourcePath = Tree, OutputPath = Output, Shards = shards, Cmdlet = "Import-Outcar", Executable = launcher };
    }

    private async Task<List<(int Code, string Error)>> RunAll(ImportJobPlan plan, string name)
    {
        var results = new List<(int, string)>();
        foreach (ImportJob job in plan.Write(folder.Path(name), force: false, TestContext.Current.CancellationToken))
        {
            results.Add(await Run(job));
        }

        return results;
    }

    private static async Task<(int Code, string Error)> Run(ImportJob job)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["job.sh"]) { WorkingDirectory = job.FolderPath, RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }

    private static void CopyTree(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
