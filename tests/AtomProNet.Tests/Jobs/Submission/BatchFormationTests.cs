using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;
using AtomProNet.Tests.Jobs.Store;

namespace AtomProNet.Tests.Jobs.Submission;

/// <summary>What goes out together, and what waits.</summary>
public sealed class BatchFormationTests : IDisposable
{
    private const SchedulerFeatures All = SchedulerFeatures.Arrays | SchedulerFeatures.AfterSuccess;
    private readonly TemporaryFolder folder = new();
    private readonly JobStore store;
    private readonly StoreOwner owner = new();

    public BatchFormationTests() => store = JobStore.Open(folder.Path("home"), true, TimeSpan.FromSeconds(5));

    public void Dispose()
    {
        store.Dispose();
        owner.Dispose();
        folder.Dispose();
    }

    private static ClusterProfile Cluster => new() { Name = "c", Scheduler = SchedulerKind.Slurm };

    private List<StoredBatch> FormAll(ClusterProfile? profile = null, SchedulerFeatures features = All, int? maxArray = 1000)
    {
        var formation = new BatchFormation(profile ?? Cluster, "/w", features, maxArray);
        var batches = new List<StoredBatch>();
        while (store.Write(t => formation.Next(t, owner, int.MaxValue)) is { } batch)
        {
            batches.Add(batch);
            Assert.True(batches.Count < 1000);
        }

        return batches;
    }

    private static StoredRequest Request(int bundle = 1, int? maxRunning = null, int? maxQueued = null, params long[] dependsOn) =>
        new() { Script = "job.sh", Call = "x", Bundle = bundle, MaxRunning = maxRunning, MaxQueued = maxQueued, DependsOn = [.. dependsOn] };

    private void End(StoredBatch batch, int count, JobState state = JobState.Finished) => store.Write(t =>
    {
        t.Execute("UPDATE batch SET phase = 2, scheduler_id = ?2 WHERE id = ?1", batch.Id, $"{batch.Id}00");
        t.Execute("UPDATE job SET state = ?3 WHERE batch = ?1 AND place < ?2", batch.Id, count, state);
    });

    private QueueReport Report => store.Read(t => BatchFormation.Report(t, "c"));

    [Fact]
    public void An_intent_with_a_token_of_its_own_is_there_before_anything_leaves()
    {
        JobStoreTests.Plan(store, 3);
        StoredBatch batch = Assert.Single(FormAll());
        Assert.Matches("^apn[0-9a-hjkmnp-tv-z]{12}$", batch.Token);
        List<StoredJob> jobs = store.Read(t => t.Jobs("1"));
        Assert.All(jobs, j => Assert.Equal((JobState.Uploading, batch.Id), (j.State, j.BatchId!.Value)));
        Assert.Equal([0, 1, 2], jobs.Select(j => j.Place!.Value));
        Assert.Equal($"/w/{batch.Token}/00001-strain_00001", jobs[1].RemoteFolder);
        Assert.Equal(BatchPhase.Uploading, batch.Phase);
    }

    [Fact]
    public void Several_arrays_where_one_is_too_small()
    {
        JobStoreTests.Plan(store, 2500);
        Assert.Equal([1000, 1000, 500], FormAll().Select(b => b.Size));
        JobStoreTests.Plan(store, 25);
        Assert.Equal([10, 10, 5], FormAll(Cluster with { MaxArrayTasks = 10 }).Select(b => b.Size));
    }

    [Fact]
    public void Without_arrays_each_goes_by_itself()
    {
        JobStoreTests.Plan(store, 3);
        Assert.Equal([1, 1, 1], FormAll(features: SchedulerFeatures.None).Select(b => b.Size));
        JobStoreTests.Plan(store, 5, Request(bundle: 3));
        Assert.Equal([3, 2], FormAll(features: SchedulerFeatures.None).Select(b => b.Size));
    }

    [Fact]
    public void What_does_not_fit_waits_and_goes_out_when_there_is_room()
    {
        JobStoreTests.Plan(store, 2000, Request(maxQueued: 999));
        StoredBatch first = Assert.Single(FormAll());
        Assert.Equal(999, first.Size);
        Assert.Equal(new("c", 999, 1001, 0), Report);
        Assert.Contains("999 are out on c, 1001 wait in the store", Report.Text, StringComparison.Ordinal);
        Assert.Empty(FormAll());
        End(first, 100);
        Assert.Equal([100], FormAll().Select(b => b.Size));
        Assert.Equal(new("c", 999, 901, 0), Report);
        // The cluster's own limit holds, too.
        Assert.Empty(FormAll(Cluster with { MaxQueued = 500 }));
        Assert.Equal([1], FormAll(Cluster with { MaxQueued = 1000 }) is var more ? [more.Count + 1] : []);
    }

    [Fact]
    public void A_bundle_counts_once()
    {
        JobStoreTests.Plan(store, 100, Request(bundle: 20, maxQueued: 3));
        StoredBatch batch = Assert.Single(FormAll());
        Assert.Equal((60, 20, 3), (batch.Size, batch.Bundle, batch.Tasks));
        Assert.Equal(new("c", 3, 40, 0), Report);
        // Nineteen of a bundle's twenty have ended: its allocation is still out.
        End(batch, 19);
        Assert.Empty(FormAll());
        End(batch, 20);
        Assert.Equal([20], FormAll().Select(b => b.Size));
    }

    [Fact]
    public void Arrays_of_one_call_share_what_may_run()
    {
        JobStoreTests.Plan(store, 2500, Request(maxRunning: 50));
        List<StoredBatch> batches = FormAll();
        Assert.Equal(3, batches.Count);
        Assert.All(batches, b => Assert.True(b.Throttle > 0));
        Assert.True(batches.Sum(b => b.Throttle) <= 50, string.Join(' ', batches.Select(b => b.Throttle)));
    }

    [Fact]
    public void Where_little_may_run_arrays_follow_each_other()
    {
        JobStoreTests.Plan(store, 30, Request(maxRunning: 1));
        StoredBatch first = Assert.Single(FormAll(Cluster with { MaxArrayTasks = 10 }));
        Assert.Equal((10, 1), (first.Size, first.Throttle!.Value));
        End(first, 10);
        store.Write(t => t.Execute("UPDATE batch SET phase = 3 WHERE id = ?1", first.Id));
        Assert.Single(FormAll(Cluster with { MaxArrayTasks = 10 }));
    }

    [Fact]
    public void One_waits_for_others_in_the_store_or_at_the_scheduler()
    {
        JobStoreTests.Plan(store, 4);
        JobStoreTests.Plan(store, 1, Request(dependsOn: [1, 2, 3, 4]), prefix: "/whole/");
        JobStoreTests.Plan(store, 1, Request(dependsOn: [1, 2]), prefix: "/part/");
        StoredBatch first = Assert.Single(FormAll());
        Assert.Equal((4, new QueueReport("c", 4, 2, 2)), (first.Size, Report));
        // The scheduler has the first: it can wait for all of it, but knows nothing of a part.
        End(first, 0);
        StoredBatch second = Assert.Single(FormAll());
        Assert.Equal($"[\"{first.Id}00\"]", second.Dependency);
        Assert.Equal("/whole/0", store.Read(t => t.Jobs("j.batch = ?1", second.Id)).Single().Folder);
        End(first, 2);
        StoredBatch third = Assert.Single(FormAll());
        Assert.Equal((null, "/part/0"), (third.Dependency, store.Read(t => t.Jobs("j.batch = ?1", third.Id)).Single().Folder));
    }

    [Fact]
    public void What_waits_for_one_that_failed_fails_with_that_cause()
    {
        JobStoreTests.Plan(store, 2);
        JobStoreTests.Plan(store, 1, Request(dependsOn: [1, 2]), prefix: "/after/");
        StoredBatch first = Assert.Single(FormAll());
        End(first, 1, JobState.Failed);
        Assert.Empty(FormAll());
        StoredJob waiting = store.Read(t => t.JobsById([3])).Single();
        Assert.Equal((JobState.Failed, JobCauses.DependencyFailed), (waiting.State, waiting.Cause));
        Assert.Contains("Job 1", waiting.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_never_take_the_same_job()
    {
        JobStoreTests.Plan(store, 500);
        var formation = new BatchFormation(Cluster with { MaxArrayTasks = 7 }, "/w", All, null);
        Parallel.For(0, 6, _ =>
        {
            using JobStore mine = JobStore.Open(folder.Path("home"), true, TimeSpan.FromSeconds(60));
            while (mine.Write(t => formation.Next(t, owner, int.MaxValue)) is not null)
            {
            }
        });
        List<StoredJob> jobs = store.Read(t => t.Jobs("1"));
        Assert.All(jobs, j => Assert.Equal(JobState.Uploading, j.State));
        Assert.Equal(500, jobs.Select(j => j.Token).Distinct().Count());
        Assert.Equal(500, store.Read(t => t.Count("SELECT SUM(size) FROM batch")));
    }
}
