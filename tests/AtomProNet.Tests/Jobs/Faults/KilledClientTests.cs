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
    private static readonly int Count = TestEffort.Of(6, 6, 200);
    private readonly SlurmRig rig;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public KilledClientTests(SlurmRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        jobs = box.Jobs();
        box.Register(new()
        {
            Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, MaxArrayTasks = (Count + 1) / 2, SettleTime = TimeSpan.FromSeconds(4),
            Resources = new() { WallTime = TimeSpan.FromMinutes(10) },
        });
    }

    public void Dispose()
    {
        rig.Ssh.Reset();
        jobs.Dispose();
        box.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private const string Submit = "Submit-DftJob -Path runs/* -Cluster rig";

    /// <summary>Each step, for the first batch and for the second.</summary>
    public static TheoryData<string> Steps => [.. TestEffort.IsSoak
        ? new[] { FaultPoint.BatchPlanned, FaultPoint.FilesSent, FaultPoint.SubmissionNoted, FaultPoint.SubmissionAnswered, FaultPoint.SubmissionStored }.SelectMany(s => new[] { s, s + ":2" }).Prepend(FaultPoint.JobsPlanned)
        : [FaultPoint.JobsPlanned, FaultPoint.BatchPlanned, FaultPoint.FilesSent + ":2", FaultPoint.SubmissionNoted, FaultPoint.SubmissionAnswered, FaultPoint.SubmissionStored]];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task While_it_submits(string step)
    {
        box.Folders(Count);
        (int code, _, string error) = await Launcher.RunAsync(Submit, box, step);
        Assert.True(code == 137, $"It was not killed at {step}: {code} {error}");
        // The user does the same again, which is what anybody would do.
        (code, _, error) = await Launcher.RunAsync(Submit, box);
        Assert.True(code == 0, error);
        await EndWell();
    }

    [Fact]
    public async Task While_it_asks()
    {
        box.Folders(Count);
        await Launcher.RunAsync(Submit, box);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(137, (await Launcher.RunAsync("Get-DftJob", box, FaultPoint.PollAnswered)).Code);
        }

        await EndWell();
    }

    [Fact]
    public async Task While_it_receives()
    {
        box.Folders(Count, "head -c 200000 /dev/urandom >big.bin; sha256sum big.bin >big.sum");
        await Launcher.RunAsync(Submit, box);
        await EndWell();
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
        // No step in particular: killed after a while, again and again, until a call comes to its end.
        box.Folders(Count);
        var random = new Random(4711);
        for (int i = 0; i < TestEffort.Of(3, 15, 50); i++)
        {
            using Process process = Launcher.Start(Submit, box);
            await Task.Delay(random.Next(300, TestEffort.IsSoak ? 4000 : 1500), Token);
            process.Kill();
            await process.WaitForExitAsync(Token);
        }

        (int code, _, string error) = await Launcher.RunAsync(Submit, box);
        Assert.True(code == 0, error);
        await EndWell();
    }

    [Theory]
    [InlineData("submission")]
    [InlineData("upload")]
    [InlineData("wait")]
    public async Task Ctrl_C_stops_at_once_and_the_next_call_carries_on(string during)
    {
        box.Folders(Count, during == "wait" ? "sleep 5" : "");
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
        await EndWell();
    }

    private async Task EndWell()
    {
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        Assert.True(done.All(j => j.State is JobState.Finished), JobSandbox.Summary(done) + "\n" + box.Journal());
        Assert.Equal(Count, done.Length);
        box.AssertEachStartedOnce(Count);
    }
}
