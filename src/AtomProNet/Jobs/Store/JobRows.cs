using System.Collections.Immutable;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Jobs.Store;

/// <summary>Statements on the table of jobs.</summary>
internal static class JobRows
{
    private const string Columns =
        "j.id, j.name, j.code, j.folder, j.cluster, j.request, j.state, j.cause, j.message, j.attempt, j.batch, j.place, b.token, j.scheduler_id, j.exit_code, j.stop_asked, "
        + "j.created, j.changed, j.missing, j.submitted, j.started, j.ended, j.received, j.changes, b.folder FROM job j LEFT JOIN batch b ON b.id = j.batch";

    /// <summary>Jobs by a condition on <c>j</c> (the job) and <c>b</c> (its batch), in the order of their numbers.</summary>
    public static List<StoredJob> Jobs(this StoreTransaction t, string where, params object?[] values) =>
        t.Query($"SELECT {Columns} WHERE {where} ORDER BY j.id", Read, values);

    /// <summary>Jobs by their numbers; what is not there is left out.</summary>
    public static List<StoredJob> JobsById(this StoreTransaction t, IReadOnlyCollection<long> ids)
    {
        // One parameter, however many numbers: SQLite takes 32,766 values at most.
        return t.Jobs("j.id IN (SELECT value FROM json_each(?1))", System.Text.Json.JsonSerializer.Serialize(ids));
    }

    /// <summary>Writes a new job down.</summary>
    public static long AddJob(this StoreTransaction t, JobPlan plan, string cluster, long request)
    {
        long id = t.Insert(
            "INSERT INTO job (name, code, folder, files, digest, cluster, request, state, created, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
            plan.Name, plan.Code, plan.Folder, StoredJob.WriteList(plan.Files), plan.Digest, cluster, request, JobState.Planned, t.Now);
        t.Note("planned", job: id, attempt: 1);
        return id;
    }

    /// <summary>The names of the files that go out for a job.</summary>
    public static Dictionary<long, (string[] Files, string Digest)> FilesOf(this StoreTransaction t, long batch) =>
        t.Query("SELECT id, files, digest FROM job WHERE batch = ?1", r => (r.Long(0), System.Text.Json.JsonSerializer.Deserialize<string[]>(r.Text(1))!, r.Text(2)), batch).ToDictionary(x => x.Item1, x => (x.Item2, x.Item3));

    /// <summary>The names of the files that go out for a job.</summary>
    public static ImmutableArray<string> FilesOfJob(this StoreTransaction t, long job) =>
        [.. System.Text.Json.JsonSerializer.Deserialize<string[]>(t.Query("SELECT files FROM job WHERE id = ?1", r => r.Text(0), job).Single())!];

    /// <summary>Plans the next try of a job. The batch of the last one is its own no more.</summary>
    public static void PlanAgain(this StoreTransaction t, StoredJob job, long request, string digest, ImmutableArray<StoredRestart> restarts)
    {
        t.Execute(
            "UPDATE job SET state = 0, attempt = attempt + 1, request = ?2, digest = ?3, changes = ?4, changed = ?5, cause = NULL, message = NULL, batch = NULL, place = NULL, scheduler_id = NULL, exit_code = NULL, stop_asked = 0, missing = NULL, submitted = NULL, started = NULL, ended = NULL, received = NULL WHERE id = ?1 AND attempt = ?6",
            job.Id, request, digest, StoredRestart.Write(restarts), t.Now, job.Attempt);
        t.Note("planned again: " + restarts[^1], job.BatchId, job.Id, job.Attempt + 1);
    }

    /// <summary>Moves all jobs of a batch that are not at an end.</summary>
    public static void SetBatchState(this StoreTransaction t, long batch, JobState state, string? cause = null, string? message = null) =>
        t.Execute(
            "UPDATE job SET state = ?2, cause = ?3, message = ?4, changed = ?5, missing = NULL WHERE batch = ?1 AND state NOT IN (5, 6, 7, 8, 9)",
            batch, state, cause, message, t.Now);

    /// <summary>Writes down what was found out about a job, and tells the journal where its state is another one.</summary>
    public static void Update(this StoreTransaction t, StoredJob before, StoredJob after)
    {
        bool moved = before.State != after.State || before.Cause != after.Cause;
        t.Execute(
            "UPDATE job SET state = ?2, cause = ?3, message = ?4, scheduler_id = ?5, exit_code = ?6, missing = ?7, submitted = ?8, started = ?9, ended = ?10, received = ?11, changed = ?12 WHERE id = ?1 AND attempt = ?13",
            after.Id, after.State, after.Cause, after.Message, after.SchedulerId, after.ExitCode, after.Missing, after.Submitted, after.Started, after.Ended, after.Received, moved ? t.Now : before.Changed, before.Attempt);
        if (moved)
        {
            t.Note(after.Cause is null ? after.State.ToString() : $"{after.State}: {after.Cause}", after.BatchId, after.Id, after.Attempt);
        }
    }

    private static StoredJob Read(StoreRow r) => new()
    {
        Id = r.Long(0),
        Name = r.Text(1),
        Code = r.Text(2),
        Folder = r.Text(3),
        Cluster = r.Text(4),
        RequestId = r.Long(5),
        State = (JobState)r.Int(6),
        Cause = r.TextOrNull(7),
        Message = r.TextOrNull(8),
        Attempt = r.Int(9),
        BatchId = r.LongOrNull(10),
        Place = r.IntOrNull(11),
        BatchToken = r.TextOrNull(12),
        SchedulerId = r.TextOrNull(13),
        ExitCode = r.IntOrNull(14),
        StopAsked = r.Int(15) != 0,
        Created = r.Time(16),
        Changed = r.Time(17),
        Missing = r.TimeOrNull(18),
        Submitted = r.TimeOrNull(19),
        Started = r.TimeOrNull(20),
        Ended = r.TimeOrNull(21),
        Received = r.TimeOrNull(22),
        Restarts = StoredRestart.Read(r.TextOrNull(23)),
        BatchFolder = r.TextOrNull(24),
    };
}
