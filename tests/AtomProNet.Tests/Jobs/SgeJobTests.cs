using System.Collections.Immutable;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Submission;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs;

/// <summary>Jobs on a real Grid Engine, from the folder to the cluster and back.</summary>
[Collection(GridEngineCollection.Name)]
public sealed class SgeJobTests : IDisposable
{
    private readonly GridEngineRig rig;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;
    private readonly PreparedHost host;

    public SgeJobTests(GridEngineRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        host = (PreparedHost)rig.LocalHost;
        jobs = box.Jobs(new TestAccess(_ => host));
        // What Grid Engine would take for a list of hosts and for a variable.
        box.Register(new() { Name = "sge", Scheduler = SchedulerKind.SGE, SettleTime = TimeSpan.FromSeconds(5), WorkDirectory = box.Path("work, dir: $TASK_ID %i 'é") });
    }

    public void Dispose()
    {
        jobs.Dispose();
        box.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<ImmutableArray<DftJob>> Submit(IEnumerable<string> folders, SubmitOptions? options = null) => box.SubmitAsync(jobs, "sge", folders, options);

    [Fact]
    public async Task They_go_out_as_one_array_run_once_and_come_back()
    {
        ImmutableArray<DftJob> sent = await Submit([.. box.Folders(5), .. box.Folders(1, "exit 3", "bad")], new() { MaxRunning = 3 });
        Assert.All(sent, j => Assert.Equal(JobState.Queued, j.State));
        Assert.Single(sent.Select(j => j.SchedulerId!.Split('_')[0]).Distinct());
        int before = host.Count;
        await jobs.RefreshAsync(null, (_, e) => box.Problems.Add(e), Token);
        // One question, and where something ended badly another to the accounting.
        Assert.InRange(host.Count - before, 1, 2);
        Dictionary<string, DftJob> ended = (await box.WaitAsync(jobs)).ToDictionary(j => j.Name);
        Assert.All(ended.Values.Where(j => j.Name.StartsWith("job", StringComparison.Ordinal)), j => Assert.Equal((JobState.Finished, 0), (j.State, j.ExitCode)));
        Assert.Equal((JobState.Failed, JobCauses.ExitCode, 3), (ended["bad-0000"].State, ended["bad-0000"].Cause, ended["bad-0000"].ExitCode));
        box.AssertEachStartedOnce(6);
        var received = new List<DftJob>();
        await jobs.ReceiveAsync([.. ended.Values.Select(j => j.Id)], new(), received.Add, (_, e) => box.Problems.Add(e), Token);
        Assert.Empty(box.Problems);
        Assert.All(received.Where(j => j.State == JobState.Received), j => Assert.Equal(j.Name + "\n", File.ReadAllText(Path.Combine(j.FolderPath, "result.txt"))));
        Assert.Equal(5, received.Count(j => j.State == JobState.Received));
        // What the batch system itself would have printed is where it belongs, too.
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(ended["job-0000"].RemoteFolder)!, "job.out.1")));
    }

    [Fact]
    public async Task They_are_stopped_limited_in_time_and_wait_for_one_another()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Grid Engine takes its time; runs with ATOMPRONET_TEST=full.");
        ImmutableArray<DftJob> first = await Submit(box.Folders(1, "sleep 1"));
        await Submit(box.Folders(1, $"cat '{box.Log}/job-0000.started' >before", "after"), new() { DependsOn = [first[0].Id] });
        ImmutableArray<DftJob> stopped = await Submit(box.Folders(2, "exec sleep 600", "stopped"));
        ImmutableArray<DftJob> outside = await Submit(box.Folders(1, "exec sleep 600", "outside"));
        await Submit(box.Folders(1, "exec sleep 600", "slow"), new() { Resources = new() { WallTime = TimeSpan.FromSeconds(3) } });
        await box.WaitAsync(jobs, all => all.Where(j => j.Name.StartsWith("stopped", StringComparison.Ordinal) || j.Name == "outside-0000").All(j => j.State == JobState.Running));
        await jobs.StopAsync([.. stopped.Select(j => j.Id)], (_, e) => box.Problems.Add(e), Token);
        Assert.True((await host.RunAsync($"qdel {outside[0].SchedulerId}", Token)).IsSuccess);
        Dictionary<string, DftJob> ended = (await box.WaitAsync(jobs)).ToDictionary(j => j.Name);
        Assert.Empty(box.Problems);
        Assert.Equal(JobState.Finished, ended["after-0000"].State);
        Assert.True(File.Exists(Path.Combine(ended["after-0000"].RemoteFolder!, "before")));
        Assert.All(ended.Values.Where(j => j.Name.StartsWith("stopped", StringComparison.Ordinal)), j => Assert.Equal((JobState.Cancelled, JobCauses.Stopped), (j.State, j.Cause)));
        Assert.Equal((JobState.Failed, JobCauses.TimeLimit), (ended["slow-0000"].State, ended["slow-0000"].Cause));
        // Grid Engine does not tell a job that qdel ended from one that was killed; it has certainly not finished.
        Assert.Contains(ended["outside-0000"].State, new[] { JobState.Cancelled, JobState.Failed, JobState.Lost });
        Assert.All(box.Starts(), s => Assert.Equal(1, s.Value));
    }
}
