using System.Collections.Immutable;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Restarting;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Faults;

/// <summary>Jobs that a real Slurm ends for their memory or their walltime, among others that are fine: each of them is restarted once, by its cause, and no other.</summary>
[Collection(SlurmAccountingCollection.Name)]
public sealed class RestartFaultTests : IDisposable
{
    private readonly SlurmRig rig;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public RestartFaultTests(SlurmAccountingRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        jobs = box.Jobs();
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, SettleTime = TimeSpan.FromSeconds(4), Resources = new() { WallTime = TimeSpan.FromMinutes(10), MemoryPerNode = 20, Options = ["--acctg-freq=task=1"] } });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        rig.Ssh.Reset();
        rig.CancelAll();
        jobs.Dispose();
        box.Dispose();
    }

    [Fact]
    public async Task Each_that_ended_badly_is_restarted_once()
    {
        int hungry = TestEffort.Of(3, 130, 130), slow = TestEffort.Of(0, 50, 50), good = TestEffort.Of(2, 20, 20), all = hungry + slow + good;
        // tail keeps the end of what it reads, 26 MB: more than 20 MB, less than 40.
        string[] folders = [.. box.Folders(hungry, "{ head -c 26000000 /dev/zero; sleep 8; } | tail -c 26000000 | wc -c", "hungry"), .. box.Folders(good, "", "good")];
        box.Plan(jobs, "rig", folders, new() { MaxRunning = 40 });
        if (slow > 0)
        {
            // Slurm's walltimes are whole minutes: the first try lasts longer than the one it gets, the second does not wait for its two.
            box.Plan(jobs, "rig", box.Folders(slow, $"[ \"$(wc -l <'{box.Log}'/$NAME.started)\" -gt 1 ] || exec sleep 600", "slow"), new() { Resources = new() { WallTime = TimeSpan.FromMinutes(1) } });
        }

        await jobs.SendAsync("rig", Token);
        ImmutableArray<DftJob> ended = await box.WaitAsync(jobs, seconds: 600);
        Assert.Equal(all, ended.Length);
        Assert.True(Of("hungry", ended).All(j => (j.State, j.Cause) == (JobState.Failed, JobCauses.OutOfMemory)), JobSandbox.Summary(ended));
        Assert.True(Of("slow", ended).All(j => (j.State, j.Cause) == (JobState.Failed, JobCauses.TimeLimit)), JobSandbox.Summary(ended));
        Assert.True(Of("good", ended).All(j => j.State == JobState.Finished), JobSandbox.Summary(ended));
        box.AssertEachStartedOnce(all);

        long[] failed = [.. ended.Where(j => j.State == JobState.Failed).Select(j => j.Id)];
        ImmutableArray<DftJob> again = await jobs.RestartAsync(failed, new(), (_, e) => box.Problems.Add(e), Token);
        Assert.Equal((hungry + slow, 0), (again.Length, box.Problems.Count));
        // Whoever does the same once more restarts nothing.
        var refused = new List<string>();
        Assert.Empty(await jobs.RestartAsync(failed, new(), (_, e) => refused.Add(e.ErrorId), Token));
        Assert.All(refused, id => Assert.Equal("JobNotRestartable", id));
        Assert.Equal(failed.Length, refused.Count);

        await jobs.SendAsync("rig", Token);
        ended = await box.WaitAsync(jobs, seconds: 600);
        Assert.True(ended.All(j => j.State == JobState.Finished), JobSandbox.Summary(ended) + "\n" + box.Journal());
        Assert.All(ended, j => Assert.Equal(j.Name.StartsWith("good", StringComparison.Ordinal) ? 1 : 2, j.Attempt));
        Assert.All(Of("hungry", ended), j => Assert.Contains("40", Assert.Single(j.Changes), StringComparison.Ordinal));
        Assert.All(Of("slow", ended), j => Assert.Contains("00:02:00", Assert.Single(j.Changes), StringComparison.Ordinal));

        // On the run's side: two tries of each that was restarted, with a token each, and one of the others.
        foreach (DftJob job in ended)
        {
            string[] tokens = await File.ReadAllLinesAsync(Path.Combine(box.Log, job.Name + ".started"), Token);
            Assert.Equal((job.Attempt, job.Attempt), (tokens.Length, tokens.Distinct().Count()));
        }

        Assert.Equal(all, box.Starts().Count);
    }

    private static IEnumerable<DftJob> Of(string kind, IEnumerable<DftJob> all) => all.Where(j => j.Name.StartsWith(kind, StringComparison.Ordinal));
}
