using System.Collections.Immutable;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Submission;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs;

/// <summary>Jobs on a real Slurm from this machine: what goes well, what goes badly, and what is stopped.</summary>
[Collection(SlurmCollection.Name)]
public sealed class SlurmJobTests : IDisposable
{
    private readonly SlurmRig rig;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;
    private readonly PreparedHost host;

    public SlurmJobTests(SlurmRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        host = (PreparedHost)rig.LocalHost;
        jobs = box.Jobs(new TestAccess(_ => host));
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, SettleTime = TimeSpan.FromSeconds(5), Resources = new() { WallTime = TimeSpan.FromMinutes(5) } });
    }

    public void Dispose()
    {
        jobs.Dispose();
        box.Dispose();
    }

    private Task<ImmutableArray<DftJob>> Submit(IEnumerable<string> folders, SubmitOptions? options = null) => box.SubmitAsync(jobs, "rig", folders, options);

    [Fact]
    public async Task What_a_partition_never_gives_is_told_and_can_be_sent_with_less()
    {
        // The partition's longest walltime is an hour.
        ImmutableArray<DftJob> sent = await Submit(box.Folders(2), new() { Resources = new() { WallTime = TimeSpan.FromMinutes(90) } });
        ImmutableArray<DftJob> held = await box.WaitAsync(jobs, now => now.All(j => j.Cause == JobCauses.Held));
        Assert.All(held, j => Assert.Equal(JobState.Queued, j.State));
        Assert.All(held, j => Assert.Contains("PartitionTimeLimit", j.Message, StringComparison.Ordinal));
        long[] ids = [.. sent.Select(j => j.Id)];
        await jobs.StopAsync(ids, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        await box.WaitAsync(jobs);
        await jobs.RestartAsync(ids, new() { Resources = new() { WallTime = TimeSpan.FromMinutes(10) } }, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        await jobs.SendAsync("rig", TestContext.Current.CancellationToken);
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        Assert.All(done, j => Assert.Equal((JobState.Finished, 2), (j.State, j.Attempt)));
        Assert.Empty(box.Problems);
        box.AssertEachStartedOnce(2);
    }

    [Fact]
    public async Task They_go_out_as_one_array_run_once_and_come_back()
    {
        ImmutableArray<DftJob> sent = await Submit(box.Folders(12));
        Assert.All(sent, j => Assert.Equal(JobState.Queued, j.State));
        Assert.Single(sent.Select(j => j.SchedulerId!.Split('_')[0]).Distinct());
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        Assert.All(done, j => Assert.Equal((JobState.Finished, 0), (j.State, j.ExitCode)));
        box.AssertEachStartedOnce(12);
        var received = new List<DftJob>();
        await jobs.ReceiveAsync([.. done.Select(j => j.Id)], new(), received.Add, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.Empty(box.Problems);
        Assert.All(received, j => Assert.Equal(JobState.Received, j.State));
        Assert.All(received, j => Assert.Equal(j.Name + "\n", File.ReadAllText(Path.Combine(j.FolderPath, "result.txt"))));
        Assert.Equal(12, received.Count);
    }

    [Fact]
    public async Task Each_end_has_its_cause()
    {
        string[] good = box.Folders(1, prefix: "good"), bad = box.Folders(1, "exit 3", "bad"), killed = box.Folders(1, "kill -9 $$", "killed");
        await Submit([.. good, .. bad, .. killed]);
        await Submit(box.Folders(1, "sleep 600", "refused"), new() { Resources = new() { Partition = "nosuch" } });
        ImmutableArray<DftJob> scancelled = await Submit(box.Folders(1, "exec sleep 600", "cancelled"));
        ImmutableArray<DftJob> stopped = await Submit(box.Folders(2, "exec sleep 600", "stopped"));
        ImmutableArray<DftJob> held = await Submit(box.Folders(1, "exec sleep 600", "held"), new() { Resources = new() { Options = ["--hold"] } });
        await box.WaitAsync(jobs, all => all.Where(j => j.Name.StartsWith("cancelled", StringComparison.Ordinal) || j.Name.StartsWith("stopped", StringComparison.Ordinal)).All(j => j.State == JobState.Running));
        await rig.RunAsync($"scancel {scancelled[0].SchedulerId}");
        await jobs.StopAsync([.. stopped.Select(j => j.Id), held[0].Id], (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Dictionary<string, DftJob> ended = (await box.WaitAsync(jobs)).ToDictionary(j => j.Name);
        Assert.Empty(box.Problems);
        Assert.Equal((JobState.Finished, (string?)null), (ended["good-0000"].State, ended["good-0000"].Cause));
        Assert.Equal((JobState.Failed, JobCauses.ExitCode, 3), (ended["bad-0000"].State, ended["bad-0000"].Cause, ended["bad-0000"].ExitCode));
        Assert.Equal((JobState.Failed, JobCauses.ExitCode, 137), (ended["killed-0000"].State, ended["killed-0000"].Cause, ended["killed-0000"].ExitCode));
        Assert.Equal((JobState.Failed, JobCauses.Refused), (ended["refused-0000"].State, ended["refused-0000"].Cause));
        Assert.Contains("invalid partition", ended["refused-0000"].Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((JobState.Cancelled, JobCauses.CancelledOutside), (ended["cancelled-0000"].State, ended["cancelled-0000"].Cause));
        Assert.Equal((JobState.Cancelled, JobCauses.Stopped), (ended["stopped-0001"].State, ended["stopped-0001"].Cause));
        Assert.Equal((JobState.Cancelled, JobCauses.Stopped), (ended["held-0000"].State, ended["held-0000"].Cause));
        Assert.False(box.Starts().ContainsKey("held-0000"));
    }

    [Fact]
    public async Task One_command_asks_about_all()
    {
        await Submit(box.Folders(30, "sleep 600"), new() { MaxRunning = 2 });
        await Submit(box.Folders(3, "sleep 600", "more"), new() { Resources = new() { Tasks = 2 } });
        int before = host.Count;
        await jobs.RefreshAsync(null, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.Equal(1, host.Count - before);
        ImmutableArray<DftJob> all = jobs.List();
        Assert.InRange(all.Count(j => j.State == JobState.Running && j.Name.StartsWith("job", StringComparison.Ordinal)), 0, 2);
        await jobs.StopAsync([.. all.Select(j => j.Id)], (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.All(await box.WaitAsync(jobs), j => Assert.Equal((JobState.Cancelled, JobCauses.Stopped), (j.State, j.Cause)));
    }

    [Fact]
    public async Task Those_of_a_bundle_have_states_of_their_own()
    {
        ImmutableArray<DftJob> sent = await Submit([.. box.Folders(4), .. box.Folders(1, "exit 7", "kbad"), .. box.Folders(2, prefix: "last")], new() { Bundle = 3 });
        Assert.Equal(3, sent.Select(j => j.SchedulerId).Distinct().Count());
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        Assert.Equal([JobState.Finished, JobState.Finished, JobState.Finished, JobState.Finished, JobState.Failed, JobState.Finished, JobState.Finished], done.Select(j => j.State));
        box.AssertEachStartedOnce(7);
    }

    [Fact]
    public async Task One_waits_for_others()
    {
        ImmutableArray<DftJob> first = await Submit(box.Folders(2, "sleep 1"));
        await Submit(box.Folders(1, $"cat '{box.Log}'/job-*.started | wc -l >count", "after"), new() { DependsOn = [.. first.Select(j => j.Id)] });
        ImmutableArray<DftJob> bad = await Submit(box.Folders(1, "exit 1", "bad"));
        await Submit(box.Folders(1, prefix: "never"), new() { DependsOn = [bad[0].Id] });
        Dictionary<string, DftJob> ended = (await box.WaitAsync(jobs)).ToDictionary(j => j.Name);
        Assert.Equal(JobState.Finished, ended["after-0000"].State);
        Assert.Equal("2", (await File.ReadAllTextAsync(Path.Combine(ended["after-0000"].RemoteFolder!, "count"), TestContext.Current.CancellationToken)).Trim());
        Assert.Equal((JobState.Failed, JobCauses.DependencyFailed), (ended["never-0000"].State, ended["never-0000"].Cause));
        Assert.False(box.Starts().ContainsKey("never-0000"));
    }

    [Fact]
    public async Task The_same_folder_is_not_sent_twice()
    {
        string[] folders = box.Folders(3);
        ImmutableArray<DftJob> first = await Submit(folders), second = await Submit(folders);
        Assert.Equal(first.Select(j => j.Id), second.Select(j => j.Id));
        await box.WaitAsync(jobs);
        ImmutableArray<DftJob> third = await Submit(folders);
        Assert.Equal(first.Select(j => j.Id), third.Select(j => j.Id));
        box.AssertEachStartedOnce(3);
        ImmutableArray<DftJob> fourth = await Submit([folders[0]], new() { Force = true });
        Assert.NotEqual(first[0].Id, fourth[0].Id);
        await box.WaitAsync(jobs);
        Assert.Equal(2, box.Starts()["job-0000"]);
        Assert.Contains(box.Findings, f => f.Code == "JobThereAlready");
    }

    [Fact]
    public async Task What_is_forgotten_is_gone_from_the_cluster()
    {
        await Submit(box.Folders(2));
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        await jobs.RemoveAsync([done[0].Id], keepRemote: false, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(done[0].RemoteFolder));
        Assert.True(Directory.Exists(done[1].RemoteFolder));
        await jobs.RemoveAsync([done[1].Id], keepRemote: false, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.Empty(Directory.GetFileSystemEntries(box.Work));
        Assert.Empty(jobs.List());
        Assert.Empty(box.Problems);
    }
}
