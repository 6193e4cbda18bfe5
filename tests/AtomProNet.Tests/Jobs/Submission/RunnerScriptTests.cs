using System.Diagnostics;
using System.Text;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Polling;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Tests.Jobs.Submission;

/// <summary>The script that runs on the cluster, through the shells that clusters have.</summary>
public sealed class RunnerScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public RunnerScriptTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The clusters' shells are POSIX.");

    public static TheoryData<string> Shells => [.. new[] { "/bin/sh", "/bin/dash", "/bin/bash", "/bin/ksh", "/bin/zsh" }.Where(File.Exists)];

    public void Dispose() => folder.Dispose();

    private string Batch => folder.Path("apn 'x' $(touch owned)");

    private static StoredBatch Of(int size, int bundle) => new() { Id = 1, Token = "apn0", Cluster = "c", Folder = "/w", RequestId = 1, Phase = BatchPhase.Sent, Size = size, Bundle = bundle, Created = DateTimeOffset.UnixEpoch };

    private void Prepare(int size, string script, int bundle = 1, bool sideBySide = false, ClusterProfile? profile = null)
    {
        Directory.CreateDirectory(Path.Combine(Batch, "state"));
        for (int i = 0; i < size; i++)
        {
            string job = Directory.CreateDirectory(Path.Combine(Batch, StoredJob.FolderName(i, $"job {i}"))).FullName;
            File.WriteAllText(Path.Combine(job, "job.sh"), script, new UTF8Encoding(false));
        }

        var request = new StoredRequest { Script = "job.sh", Bundle = bundle, SideBySide = sideBySide };
        File.WriteAllText(Path.Combine(Batch, "run.sh"), RunnerScript.Body(Of(size, bundle), request, profile ?? new() { Name = "c" }), new UTF8Encoding(false));
    }

    private Process Start(string shell, int? task = null, string id = "4711")
    {
        var start = new ProcessStartInfo(shell, ["./run.sh"]) { WorkingDirectory = Batch, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["ATOMPRONET_JOB_ID"] = id;
        start.Environment["ATOMPRONET_ARRAY_INDEX"] = task?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
        start.Environment["HOSTNAME"] = "node5.site";
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private async Task<(int Code, string Output)> Run(string shell, int? task = null, string id = "4711")
    {
        using Process process = Start(shell, task, id);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }

    private BatchMarkers Markers => BatchMarkers.Parse("=x\n" + string.Join('\n', Directory.GetFileSystemEntries(Path.Combine(Batch, "state")).Select(Path.GetFileName)))["x"];

    private string Job(int place) => Path.Combine(Batch, StoredJob.FolderName(place, $"job {place}"));

    private string Text(int place, string file) => File.ReadAllText(Path.Combine(Job(place), file));

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task It_runs_the_job_and_leaves_its_exit_code(string shell)
    {
        Prepare(3, "echo out; echo err >&2; pwd >where; cat >input; echo \"$ATOMPRONET_TOKEN\" >token; exit $((${#0} - 5))\n");
        (int code, string output) = await Run(shell, task: 2);
        Assert.Equal((3, ""), (code, output));
        Assert.Equal("out\nerr\n", Text(1, "job.out"));
        Assert.Equal(("", "apn0.1\n"), (Text(1, "input"), Text(1, "token")));
        Assert.Equal(Path.GetFileName(Job(1)), Path.GetFileName(Text(1, "where").TrimEnd()));
        Assert.Equal(3, Markers.Exit(1)!.Code);
        Assert.InRange(Markers.Exit(1)!.End, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddSeconds(2));
        Assert.Equal(["4711_2@node5.site"], Directory.GetFiles(Path.Combine(Batch, "state", "1.run")).Select(Path.GetFileName));
        Assert.False(Markers.HasBegun(0) || Markers.HasBegun(2));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_second_copy_ends_at_once_and_says_so(string shell)
    {
        Prepare(1, "echo run >>../ran\n");
        Assert.Equal(0, (await Run(shell)).Code);
        (int code, string output) = await Run(shell, id: "4712");
        Assert.Equal(RunnerScript.BegunBefore, code);
        Assert.Contains("4711@node5.site", output, StringComparison.Ordinal);
        Assert.Contains("4712@node5.site", output, StringComparison.Ordinal);
        Assert.Equal([(0, "4712@node5.site")], Markers.Twice);
        Assert.Equal("run\n", await File.ReadAllTextAsync(Path.Combine(Batch, "ran"), TestContext.Current.CancellationToken));
        Assert.Equal(0, Markers.Exit(0)!.Code);
    }

    [Fact]
    public async Task Of_many_copies_at_the_same_time_one_runs()
    {
        Prepare(1, "echo run >>../ran\n");
        int[] codes = [.. (await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Run("/bin/sh", id: $"{i}")))).Select(r => r.Code)];
        Assert.Equal([0, .. Enumerable.Repeat(RunnerScript.BegunBefore, 19)], codes.Order());
        Assert.Equal("run\n", await File.ReadAllTextAsync(Path.Combine(Batch, "ran"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_job_that_was_taken_back_does_not_run(string shell)
    {
        Prepare(2, "echo run >>../ran\n", bundle: 2);
        Directory.CreateDirectory(Path.Combine(Batch, "state", "0.run"));
        await File.WriteAllTextAsync(Path.Combine(Batch, "state", "0.run", "stopped"), "", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Run(shell)).Code);
        Assert.Equal("run\n", await File.ReadAllTextAsync(Path.Combine(Batch, "ran"), TestContext.Current.CancellationToken));
        Assert.Null(Markers.Exit(0));
        Assert.Equal(0, Markers.Exit(1)!.Code);
        Assert.Empty(Markers.Twice);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task The_jobs_of_a_bundle_run_one_after_the_other_each_with_its_own_end(string shell)
    {
        Prepare(5, "echo \"$ATOMPRONET_TOKEN\" >>../order; case $ATOMPRONET_TOKEN in *.3) exit 7;; esac\n", bundle: 3);
        Assert.Equal(7, (await Run(shell, task: 2)).Code);
        Assert.Equal(0, (await Run(shell, task: 1)).Code);
        Assert.Equal("apn0.3\napn0.4\napn0.0\napn0.1\napn0.2\n", await File.ReadAllTextAsync(Path.Combine(Batch, "order"), TestContext.Current.CancellationToken));
        Assert.Equal([0, 0, 0, 7, 0], Enumerable.Range(0, 5).Select(i => Markers.Exit(i)!.Code));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Side_by_side_they_run_at_the_same_time(string shell)
    {
        // Each waits for all the others: one after the other they would wait for ever.
        Prepare(4, "touch ../here.$ATOMPRONET_TOKEN; n=0; while [ $(ls .. | grep -c '^here') -lt 4 ]; do n=$((n+1)); [ $n -gt 600 ] && exit 9; sleep 0.05; done\n", bundle: 4, sideBySide: true);
        Assert.Equal(0, (await Run(shell)).Code);
        Assert.Equal([0, 0, 0, 0], Enumerable.Range(0, 4).Select(i => Markers.Exit(i)!.Code));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_warning_reaches_the_job_and_does_not_end_it(string shell)
    {
        Prepare(1, "trap 'echo warned >warned' USR1; touch ready; while ! [ -e warned ]; do sleep 0.05; done; sleep 0.2; exit 5\n");
        using Process process = Start(shell);
        await Until(() => File.Exists(Path.Combine(Job(0), "ready")));
        await Signal(process, "USR1");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((5, 5), (process.ExitCode, Markers.Exit(0)!.Code));
        Assert.Null(Markers.Term(0));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task One_that_is_told_to_end_leaves_its_marker_and_begins_nothing_more(string shell)
    {
        Prepare(2, "touch ready; exec sleep 100\n", bundle: 2);
        using Process process = Start(shell);
        await Until(() => File.Exists(Path.Combine(Job(0), "ready")));
        await Signal(process, "TERM");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(143, Markers.Exit(0)!.Code);
        Assert.NotNull(Markers.Term(0));
        Assert.False(Markers.HasBegun(1));
    }

    [Fact]
    public async Task One_job_of_a_bundle_can_be_ended_by_itself()
    {
        Prepare(2, "touch ready; sleep 100 & wait\n", bundle: 2, sideBySide: true);
        using Process process = Start("/bin/sh");
        await Until(() => File.Exists(Path.Combine(Job(0), "ready")) && File.Exists(Path.Combine(Job(1), "ready")));
        await File.WriteAllTextAsync(Path.Combine(Batch, "state", "0.kill"), "", TestContext.Current.CancellationToken);
        await Until(() => Markers.Exit(0) is not null);
        Assert.Null(Markers.Exit(1));
        await Signal(process, "TERM");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(Markers.Exit(1));
    }

    [Fact]
    public async Task Where_the_guard_cannot_be_made_nothing_runs()
    {
        Prepare(1, "echo run >>../ran\n");
        Directory.Delete(Path.Combine(Batch, "state"));
        (int code, string output) = await Run("/bin/sh");
        Assert.Equal(RunnerScript.NoGuard, code);
        Assert.Contains("cannot be made", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Batch, "ran")));
    }

    [Fact]
    public async Task A_job_whose_folder_is_gone_is_told()
    {
        Prepare(1, "true\n");
        Directory.Delete(Job(0), recursive: true);
        Assert.Equal(RunnerScript.NoFolder, (await Run("/bin/sh")).Code);
        Assert.Equal(RunnerScript.NoFolder, Markers.Exit(0)!.Code);
    }

    [Fact]
    public async Task The_profile_prepares_the_shell()
    {
        string modules = folder.Write("modules.sh", "module() { echo \"$*\" >>loaded; }\n");
        Prepare(1, "eval echo ${ATOMPRONET_LAUNCH-srun} $MINE $OMP_NUM_THREADS >line\n", profile: new()
        {
            Name = "c", Modules = ["a b", "vasp/6.4;touch owned"], Setup = [$". '{modules}'", "export MINE='it is'"], LaunchLine = "mpirun -np {tasks}",
        });
        string text = await File.ReadAllTextAsync(Path.Combine(Batch, "run.sh"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Batch, "run.sh"), File.ReadAllText(modules) + text, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Run("/bin/sh")).Code);
        Assert.Equal("mpirun -np 1 it is 1\n", Text(0, "line"));
        Assert.Equal("load a b\nload vasp/6.4;touch owned\n", await File.ReadAllTextAsync(Path.Combine(Batch, "loaded"), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Path.Combine(Batch, "owned")));
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", ["-" + name, $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
