using System.Text.Json;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Jobs.Submission;

/// <summary>
/// Makes the next batch of what is planned for a cluster: jobs of one request, as many as the limits leave room for and an array holds. The
/// batch is an intent: its token is in the store before anything leaves.
/// </summary>
/// <param name="profile">The cluster.</param>
/// <param name="workDirectory">Its work directory, as an absolute path.</param>
/// <param name="features">What its batch system can do.</param>
/// <param name="maxArrayTasks">The greatest array that it takes; null where nobody knows.</param>
internal sealed class BatchFormation(ClusterProfile profile, string workDirectory, SchedulerFeatures features, int? maxArrayTasks)
{
    /// <summary>Slurm's own default, MaxArraySize 1001, which counts from 0.</summary>
    private const int UsualArray = 1000;

    /// <summary>The greatest number of jobs in a batch, however they are bundled: what is sent and verified at a time.</summary>
    private const int GreatestBatch = 2000;

    /// <summary>Makes the next batch.</summary>
    /// <param name="t">A transaction that writes.</param>
    /// <param name="owner">Who will send it.</param>
    /// <param name="atMost">The most allocations that it may have.</param>
    /// <returns>The batch; null where nothing can go out now.</returns>
    public StoredBatch? Next(StoreTransaction t, StoreOwner owner, int atMost)
    {
        FailThoseWhoseDependencyFailed(t);
        List<(long Request, int Count)> waiting = t.Query(
            "SELECT request, COUNT(*) FROM job WHERE cluster = ?1 AND state = 0 AND stop_asked = 0 GROUP BY request ORDER BY MIN(id)", r => (r.Long(0), r.Int(1)), profile.Name);
        if (waiting.Count == 0)
        {
            return null;
        }

        Dictionary<long, StoredRequest> requests = t.Requests(waiting.Select(w => w.Request));
        int outNow = TasksOut(t, profile.Name);
        foreach ((long id, int count) in waiting)
        {
            StoredRequest request = requests[id];
            if (Dependency(t, request) is not { } dependency)
            {
                continue;
            }

            int limit = Least(profile.MaxQueued, request.MaxQueued) ?? int.MaxValue;
            int room = Math.Min(limit - outNow, atMost);
            int? throttle = Throttle(t, request);
            if (room <= 0 || throttle <= 0)
            {
                continue;
            }

            bool arrays = features.HasFlag(SchedulerFeatures.Arrays);
            int tasks = Math.Min(room, arrays ? Math.Max(1, Least(profile.MaxArrayTasks, maxArrayTasks) ?? UsualArray) : 1);
            int size = (int)Math.Min(Math.Min((long)tasks * request.Bundle, count), Math.Max(GreatestBatch, request.Bundle));
            return Create(t, owner, request, size, throttle, dependency);
        }

        return null;
    }

    /// <summary>How many allocations are out on a cluster.</summary>
    public static int TasksOut(StoreTransaction t, string cluster) => (int)t.Count(
        "SELECT COUNT(*) FROM (SELECT DISTINCT j.batch, j.place / b.bundle FROM job j JOIN batch b ON b.id = j.batch WHERE j.cluster = ?1 AND j.state IN (1, 2, 3, 4, 10))", cluster);

    /// <summary>How many jobs are where.</summary>
    public static QueueReport Report(StoreTransaction t, string cluster)
    {
        int waiting = (int)t.Count("SELECT COUNT(*) FROM job WHERE cluster = ?1 AND state = 0", cluster);
        int held = 0;
        if (waiting > 0)
        {
            held = (int)t.Count(
                "SELECT COUNT(*) FROM job j JOIN request r ON r.id = j.request WHERE j.cluster = ?1 AND j.state = 0 AND EXISTS (SELECT 1 FROM json_each(r.options, '$.DependsOn') d JOIN job o ON o.id = d.value WHERE o.state NOT IN (5, 6))", cluster);
        }

        return new(cluster, TasksOut(t, cluster), waiting, held);
    }

    private StoredBatch Create(StoreTransaction t, StoreOwner owner, StoredRequest request, int size, int? throttle, List<string> dependency)
    {
        string token = BatchToken.Create();
        string? waitsFor = dependency.Count == 0 ? null : JsonSerializer.Serialize(dependency);
        long batch = t.Insert(
            "INSERT INTO batch (token, cluster, request, phase, owner, size, bundle, throttle, dependency, created, folder) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            token, profile.Name, request.Id, BatchPhase.Uploading, owner.ToString(), size, request.Bundle, throttle, waitsFor, t.Now, $"{workDirectory.TrimEnd('/')}/{token}");
        List<long> jobs = t.Query("SELECT id FROM job WHERE cluster = ?1 AND request = ?2 AND state = 0 AND stop_asked = 0 ORDER BY id LIMIT ?3", r => r.Long(0), profile.Name, request.Id, size);
        for (int place = 0; place < jobs.Count; place++)
        {
            t.Execute(
                "UPDATE job SET state = 1, batch = ?2, place = ?3, changed = ?4, cause = NULL, message = NULL, scheduler_id = NULL, exit_code = NULL, missing = NULL, submitted = NULL, started = NULL, ended = NULL, received = NULL WHERE id = ?1",
                jobs[place], batch, place, t.Now);
        }

        t.Note($"batch {token} of {size} is to be sent", batch);
        return t.Batches("b.id = ?1", batch).Single();
    }

    /// <summary>
    /// What the scheduler is to let a batch wait for; null where it has to wait in the store: where something that it depends on is not out yet,
    /// or where the scheduler cannot say it, since it knows whole submissions only.
    /// </summary>
    private List<string>? Dependency(StoreTransaction t, StoredRequest request)
    {
        if (request.DependsOn.IsEmpty)
        {
            return [];
        }

        var open = t.Query(
            "SELECT j.id, j.batch, b.scheduler_id, j.cluster, b.size, b.phase FROM job j LEFT JOIN batch b ON b.id = j.batch WHERE j.id IN (SELECT value FROM json_each(?1)) AND j.state NOT IN (5, 6)",
            r => (Job: r.Long(0), Batch: r.LongOrNull(1), Id: r.TextOrNull(2), Cluster: r.Text(3), Size: r.IntOrNull(4), Phase: r.IntOrNull(5)),
            JsonSerializer.Serialize(request.DependsOn));
        if (open.Count == 0)
        {
            return [];
        }

        if (!features.HasFlag(SchedulerFeatures.AfterSuccess) || open.Any(o => o.Cluster != profile.Name || o.Id is null || o.Phase != (int)BatchPhase.Sent))
        {
            return null;
        }

        var ids = new List<string>();
        foreach (var batch in open.GroupBy(o => (o.Batch, o.Id)))
        {
            // The scheduler waits for all of a batch: right only where all of it is meant, and none of it has failed.
            long meant = t.Count("SELECT COUNT(*) FROM job WHERE batch = ?1 AND id IN (SELECT value FROM json_each(?2))", batch.Key.Batch, JsonSerializer.Serialize(request.DependsOn));
            if (meant != batch.First().Size)
            {
                return null;
            }

            ids.Add(batch.Key.Id!);
        }

        return ids;
    }

    /// <summary>
    /// How many allocations of the next batch may run at a time; null for no limit. Schedulers limit each array by itself, so that the
    /// arrays of one call share what was asked for.
    /// </summary>
    private int? Throttle(StoreTransaction t, StoredRequest request)
    {
        if (Least(request.MaxRunning, profile.MaxRunning) is not { } limit || profile.Scheduler == SchedulerKind.Local)
        {
            return null;
        }

        var live = t.Query(
            "SELECT b.id, b.throttle, (b.size + b.bundle - 1) / b.bundle, r.options FROM batch b JOIN request r ON r.id = b.request WHERE b.cluster = ?1 AND b.phase IN (0, 1, 2)",
            r => (Id: r.Long(0), Throttle: r.IntOrNull(1), Tasks: r.Int(2), Request: StoredRequest.FromJson(0, r.Text(3))),
            profile.Name);
        int used = live.Where(b => b.Request.Call == request.Call || (profile.MaxRunning is not null && request.MaxRunning is null)).Sum(b => Math.Min(b.Throttle ?? int.MaxValue, b.Tasks));
        int left = limit - used;
        if (left <= 0)
        {
            return 0;
        }

        // Leave something for the arrays that will follow this one.
        int tasks = (int)((t.Count("SELECT COUNT(*) FROM job j JOIN request r ON r.id = j.request WHERE j.cluster = ?1 AND j.state = 0 AND json_extract(r.options, '$.Call') = ?2", profile.Name, request.Call) + request.Bundle - 1) / request.Bundle);
        int arrayTasks = Math.Max(1, Least(profile.MaxArrayTasks, maxArrayTasks) ?? UsualArray);
        int arrays = Math.Max(1, (tasks + arrayTasks - 1) / arrayTasks);
        return Math.Max(1, left / arrays);
    }

    private void FailThoseWhoseDependencyFailed(StoreTransaction t)
    {
        var failed = t.Query(
            "SELECT DISTINCT j.id, o.id, o.name FROM job j JOIN request r ON r.id = j.request JOIN json_each(r.options, '$.DependsOn') d JOIN job o ON o.id = d.value WHERE j.cluster = ?1 AND j.state = 0 AND o.state IN (7, 8, 9) GROUP BY j.id",
            r => (Job: r.Long(0), Other: r.Long(1), Name: r.Text(2)),
            profile.Name);
        foreach ((long job, long other, string name) in failed)
        {
            t.Execute("UPDATE job SET state = ?2, cause = ?3, message = ?4, changed = ?5 WHERE id = ?1", job, JobState.Failed, JobCauses.DependencyFailed, $"Job {other} ({name}), which it waited for, did not succeed. Restart that one, then this.", t.Now);
            t.Note("Failed: " + JobCauses.DependencyFailed, job: job);
        }
    }

    private static int? Least(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
