using System.Collections.Immutable;
using System.Diagnostics;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Store;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Faults;

/// <summary>The client is killed (SIGKILL) at each step of its journal, or stopped by Ctrl+C; the next call carries on, and each job has run once.</summary>
[Collection(SlurmCollection.Name)]
public sealed class KilledClientTests : IDisposable
{
    private const int Few = 6;
    private static readonly int Count = TestEffort.Of(6, 200, 200);
    private readonly SlurmRig rig;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public KilledClientTests(SlurmRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        jobs = box.Jobs();
        Register(batches: 2);
    }

    private void Register(int batches) => box.Register(new()
    {
        Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, MaxArrayTasks = Math.Max(1, Count / batches), SettleTime = TimeSpan.FromSeconds(4),
        Resources = new() { WallTime = TimeSpan.FromMinutes(10) },
    });

    public void Dispose()
    {
        rig.Ssh.Reset();
        rig.CancelAll();
        jobs.Dispose();
        box.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private const string Submit = "Submit-DftJob -Path runs/* -Cluster rig";

    /// <summary>Each step of a submission: of the first batch that a call comes to, and of the second, when others are out already.</summary>
    private static readonly string[] Steps =
    [
        FaultPoint.JobsPlanned, FaultPoint.BatchPlanned, FaultPoint.FilesSent, FaultPoint.SubmissionNoted, FaultPoint.SubmissionAnswered, FaultPoint.SubmissionStored,
        .. TestEffort.IsFull ? new[] { FaultPoint.BatchPlanned, FaultPoint.FilesSent, FaultPoint.SubmissionNoted, FaultPoint.SubmissionAnswered, FaultPoint.SubmissionStored }.Select(s => s + ":2") : [],
    ];

    [Fact]
    public async Task At_each_step_of_the_journal_one_after_the_other()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes a quarter of a minute; runs with ATOMPRONET_TEST=full.");
        // All jobs are in flight from the first call on; each call comes one step further, and the user does the same again, which is what anybody would do.
        Register(batches: TestEffort.IsFull ? 14 : 2);
        box.Folders(Count);
        foreach (string step in Steps)
        {
            (int killed, _, string said) = await Launcher.RunAsync(Submit, box, step);
            Assert.True(killed == 137, $"It was not killed at {step}: {killed} {said}\n{box.Journal()}");
        }

        (int code, _, string error) = await Launcher.RunAsync(Submit, box);
        Assert.True(code == 0, error);
        for (int i = 0; i < 2; i++)
        {
            // Until the poll that follows has seen an end there is something to ask about.
            Assert.Equal(137, (await Launcher.RunAsync("Get-DftJob", box, FaultPoint.PollAnswered)).Code);
        }

        await EndWell(Count);
    }

    [Fact]
    public async Task While_it_receives()
    {
        Assert.SkipUnless(TestEffort.IsFull, "One of several kills; runs with ATOMPRONET_TEST=full.");
        box.Folders(Count, "head -c 20000 /dev/urandom >big.bin; sha256sum big.bin >big.sum");
        await Launcher.RunAsync(Submit, box);
        await EndWell(Count);
        Assert.Equal(137, (await Launcher.RunAsync("Get-DftJob -Offline | Receive-DftJob", box, FaultPoint.FilesReceived)).Code);
        (int code, _, string error) = await Launcher.RunAsync("Receive-DftJob", box);
        Assert.True(code == 0, error);
        Assert.All(jobs.List(), j =>
        {
            Assert.Equal(JobState.Received, j.State);
            string hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(j.FolderPath, "big.bin")))).ToLowerInvariant();
            Assert.StartsWith(hash, File.ReadAllText(Path.Combine(j.FolderPath, "big.sum")), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task At_any_moment()
    {
        Assert.SkipUnless(TestEffort.IsFull, "One of several kills; runs with ATOMPRONET_TEST=full.");
        // No step in particular: killed after a while, again and again, until a call comes to its end.
        box.Folders(Count);
        var random = new Random(4711);
        for (int i = 0; i < TestEffort.Of(2, 10, 50); i++)
        {
            using Process process = Launcher.Start(Submit, box);
            await Task.Delay(random.Next(300, TestEffort.IsFull ? 4000 : 1500), Token);
            process.Kill();
            await process.WaitForExitAsync(Token);
        }

        (int code, _, string error) = await Launcher.RunAsync(Submit, box);
        Assert.True(code == 0, error);
        await EndWell(Count);
    }

    [Theory]
    [InlineData("submission")]
    [InlineData("upload")]
    [InlineData("wait")]
    public async Task Ctrl_C_stops_at_once_and_the_next_call_carries_on(string during)
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        box.Folders(Few, during == "wait" ? "sleep 5" : "");
        if (during == "submission")
        {
            rig.Ssh.PutProgram("sbatch", $"#!/bin/bash\ntouch '{box.Path("asking")}'\nsleep 3\nexec /usr/bin/sbatch \"$@\"\n");
        }
        else if (during == "upload")
        {
            rig.Ssh.PutProgram("tar", $"#!/bin/bash\ntouch '{box.Path("asking")}'\nsleep 3\nexec /usr/bin/tar \"$@\"\n");
        }

        string pipeline = Submit + (during == "wait" ? " | Wait-DftJob" : "");
        using Process process = Launcher.Start(pipeline, box);
        if (during == "wait")
        {
            while (box.Starts().Count == 0)
            {
                await Task.Delay(100, Token);
            }
        }
        else
        {
            while (!File.Exists(box.Path("asking")))
            {
                await Task.Delay(50, Token);
            }
        }

        var watch = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(Token);
        }

        await process.WaitForExitAsync(Token);
        TestContext.Current.TestOutputHelper!.WriteLine($"Ended {watch.Elapsed.TotalMilliseconds:F0} ms after the signal.");
        Assert.Equal(130, process.ExitCode);
        rig.Ssh.Reset();
        (int code, _, string error) = await Launcher.RunAsync(Submit, box);
        Assert.True(code == 0, error);
        await EndWell(Few);
    }

    private async Task EndWell(int count)
    {
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        Assert.True(done.All(j => j.State is JobState.Finished), JobSandbox.Summary(done) + "\n" + box.Journal());
        Assert.Equal(count, done.Length);
        box.AssertEachStartedOnce(count);
    }
}
