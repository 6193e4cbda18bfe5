using System.Collections.Immutable;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Store;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Scale;

/// <summary>As many jobs as a project has in a year. How long it takes is measured by tests/Benchmarks; here it is counted.</summary>
public sealed class ManyJobsTests : IDisposable
{
    private const int Count = 12_000;
    private readonly JobSandbox box = new();
    private readonly PreparedHost host;

    public ManyJobsTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The host needs a POSIX shell.");
        host = new(new LocalHost(), $"PATH='{box.Path("bin")}':$PATH\n");
        box.Register(new() { Name = "big", Scheduler = AtomProNet.Jobs.Clusters.SchedulerKind.Slurm, MaxQueued = Count });
        ManyJobs.Plan(Count, "big", box.Path("runs"));
    }

    public void Dispose() => box.Dispose();

    [Fact]
    public void All_are_listed_by_one_query_of_the_store()
    {
        using DftJobs jobs = box.Jobs();
        ImmutableArray<DftJob> all = jobs.List();
        Assert.Equal(Count, all.Length);
        Assert.Equal(Enumerable.Range(1, Count), all.Select(j => (int)j.Id));
        Assert.All(all, j => Assert.Equal(JobState.Planned, j.State));
        // More numbers than SQLite takes values in a statement are no trouble, either.
        Assert.Equal(Count, jobs.List(new() { Ids = [.. all.Select(j => j.Id), .. Enumerable.Range(100_000, 40_000).Select(i => (long)i)] }).Length);
    }

    [Fact]
    public async Task One_command_asks_about_all_of_them()
    {
        const int Ended = 300;
        var arrays = ManyJobs.Send(Count, "big", box.Work, Ended);
        ManyJobs.PutQueue(box.Path("bin"), arrays, Ended);
        using DftJobs jobs = box.Jobs(new TestAccess(_ => host));
        await jobs.RefreshAsync(null, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.Empty(box.Problems);
        // The very first call also asks where the work directory is.
        Assert.Equal(2, host.Count);
        int before = host.Count;
        await jobs.RefreshAsync(null, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.Equal(1, host.Count - before);

        ImmutableArray<DftJob> all = jobs.List();
        Assert.Equal(12 * Ended, all.Count(j => j is { State: JobState.Finished, ExitCode: 0 }));
        Assert.Equal(12 * 20, all.Count(j => j.State == JobState.Running));
        Assert.Equal(Count - (12 * (Ended + 20)), all.Count(j => j.State == JobState.Queued));
        // What has not changed is not written down again.
        using JobStore store = JobStore.Open();
        Assert.Equal(12 * Ended, store.Read(t => t.Count("SELECT COUNT(*) FROM event WHERE text = 'Finished'")));
        Assert.Equal(12 * 20, store.Read(t => t.Count("SELECT COUNT(*) FROM event WHERE text = 'Running'")));
    }
}
