using System.Collections.Immutable;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Faults;

/// <summary>Faults on a Slurm with accounting.</summary>
[Collection(SlurmAccountingCollection.Name)]
public sealed class AccountingFaultTests : IDisposable
{
    private static readonly int Count = TestEffort.Of(6, 200, 200);
    private readonly SlurmAccountingRig rig;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public AccountingFaultTests(SlurmAccountingRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        jobs = box.Jobs();
        box.Register(new()
        {
            Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, SettleTime = TimeSpan.FromSeconds(20), Resources = new() { WallTime = TimeSpan.FromMinutes(10) },
        });
    }

    public void Dispose()
    {
        rig.Ssh.Reset();
        rig.CancelAll();
        jobs.Dispose();
        box.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_are_gone_from_the_queue_before_the_accounting_knows_them()
    {
        // The exit codes differ, the markers are taken away: only the accounting can tell, and it tells late.
        box.Plan(jobs, "rig", [.. box.Folders(Count - 1), .. box.Folders(1, "exit 3", "bad")]);
        await jobs.SendAsync("rig", Token);
        rig.Ssh.PutProgram("squeue", "#!/bin/sh\nexit 0\n");
        rig.Ssh.PutProgram("sacct", "#!/bin/sh\nexit 0\n");
        await box.UntilEndedAsync(Count);
        foreach (string marker in box.Markers())
        {
            File.Delete(marker);
        }

        await jobs.RefreshAsync(null, (_, e) => box.Problems.Add(e), Token);
        Assert.All(jobs.List(), j => Assert.Equal((JobState.Unknown, JobCauses.Settling), (j.State, j.Cause)));
        rig.Ssh.Reset();
        ImmutableArray<DftJob> ended = await box.WaitAsync(jobs);
        Assert.True(ended.Where(j => j.Name.StartsWith("job", StringComparison.Ordinal)).All(j => (j.State, j.ExitCode) == (JobState.Finished, 0)), JobSandbox.Summary(ended));
        DftJob bad = ended.Single(j => j.Name.StartsWith("bad", StringComparison.Ordinal));
        Assert.Equal((JobState.Failed, JobCauses.ExitCode, 3), (bad.State, bad.Cause, bad.ExitCode));
        box.AssertEachStartedOnce(Count);
    }

    [Fact]
    public async Task A_query_that_fails_says_nothing()
    {
        box.Plan(jobs, "rig", box.Folders(Count));
        await jobs.SendAsync("rig", Token);
        rig.Ssh.PutProgram("squeue", "#!/bin/sh\necho 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2\nexit 1\n");
        await box.UntilStartedAsync(Count);
        await jobs.RefreshAsync(null, (_, e) => box.Problems.Add(e), Token);
        Assert.All(jobs.List(), j => Assert.Contains(j.State, (JobState[])[JobState.Unknown, JobState.Finished]));
        rig.Ssh.Reset();
        ImmutableArray<DftJob> ended = await box.WaitAsync(jobs);
        Assert.All(ended, j => Assert.Equal(JobState.Finished, j.State));
        box.AssertEachStartedOnce(Count);
    }

    [Fact]
    public async Task Somebody_cancels_jobs_and_the_accounting_says_so()
    {
        box.Plan(jobs, "rig", box.Folders(Count, "sleep 600; echo here"));
        await jobs.SendAsync("rig", Token);
        await box.WaitAsync(jobs, all => all.All(j => j.State == JobState.Running) && box.Starts().Count == Count);
        await rig.RunAsync($"scancel {jobs.List()[0].SchedulerId!.Split('_')[0]}");
        ImmutableArray<DftJob> ended = await box.WaitAsync(jobs);
        Assert.True(ended.All(j => (j.State, j.Cause) == (JobState.Cancelled, JobCauses.CancelledOutside)), JobSandbox.Summary(ended));
        box.AssertEachStartedOnce(Count);
    }
}
