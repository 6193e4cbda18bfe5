using System.Collections.Immutable;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Submission;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs;

/// <summary>Jobs by PBS's commands, from the folder to the cluster and back: Slurm's substitutes for them, with a real Slurm behind. They know no arrays.</summary>
[Collection(SlurmCollection.Name)]
public sealed class PbsJobTests : IDisposable
{
    private readonly SlurmRig rig;
    private readonly TorqueCommands torque;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public PbsJobTests(SlurmRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        torque = new();
        var host = torque.On(rig.LocalHost);
        jobs = box.Jobs(new TestAccess(_ => host));
        box.Register(new() { Name = "pbs", Scheduler = SchedulerKind.PBS, MaxArrayTasks = 1, SettleTime = TimeSpan.FromSeconds(5), Resources = new() { WallTime = TimeSpan.FromMinutes(5), MemoryPerNode = 20 } });
    }

    public void Dispose()
    {
        jobs.Dispose();
        torque.Dispose();
        box.Dispose();
    }

    private Task<ImmutableArray<DftJob>> Submit(IEnumerable<string> folders, SubmitOptions? options = null) => box.SubmitAsync(jobs, "pbs", folders, options);

    [Fact]
    public async Task They_run_once_and_come_back()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Seven jobs one by one; runs with ATOMPRONET_TEST=full.");
        ImmutableArray<DftJob> sent = await Submit([.. box.Folders(3), .. box.Folders(1, "exit 3", "bad")]);
        Assert.Equal(4, sent.Select(j => j.SchedulerId).Distinct().Count());
        ImmutableArray<DftJob> after = await Submit(box.Folders(1, prefix: "after"), new() { DependsOn = [sent[0].Id] });
        ImmutableArray<DftJob> stopped = await Submit(box.Folders(1, "exec sleep 600", "stopped"));
        ImmutableArray<DftJob> outside = await Submit(box.Folders(1, "exec sleep 600", "outside"));
        await box.WaitAsync(jobs, all => all.Where(j => j.Id == stopped[0].Id || j.Id == outside[0].Id).All(j => j.State == JobState.Running));
        await jobs.StopAsync([stopped[0].Id], (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        await rig.RunAsync($"scancel {outside[0].SchedulerId}");
        Dictionary<string, DftJob> ended = (await box.WaitAsync(jobs)).ToDictionary(j => j.Name);
        Assert.Equal((JobState.Finished, 0), (ended["job-0000"].State, ended["job-0000"].ExitCode));
        Assert.Equal((JobState.Finished, 0), (ended["after-0000"].State, ended["after-0000"].ExitCode));
        Assert.Equal((JobState.Failed, JobCauses.ExitCode, 3), (ended["bad-0000"].State, ended["bad-0000"].Cause, ended["bad-0000"].ExitCode));
        Assert.Equal((JobState.Cancelled, JobCauses.Stopped), (ended["stopped-0000"].State, ended["stopped-0000"].Cause));
        Assert.Contains(ended["outside-0000"].State, new[] { JobState.Cancelled, JobState.Failed, JobState.Lost });
        box.AssertEachStartedOnce(7);
        Assert.True(ended["after-0000"].Started >= ended["job-0000"].Ended!.Value.AddSeconds(-1));
        var received = new List<DftJob>();
        await jobs.ReceiveAsync([.. ended.Values.Select(j => j.Id)], new(), received.Add, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.Empty(box.Problems);
        Assert.All(received.Where(j => j.State == JobState.Received), j => Assert.Equal(j.Name + "\n", File.ReadAllText(Path.Combine(j.FolderPath, "result.txt"))));
        Assert.Equal(4, received.Count(j => j.State == JobState.Received));
        Assert.Equal(after[0].Id, ended["after-0000"].Id);
    }
}
