using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Calculations;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Polling;
using AtomProNet.Jobs.Receiving;
using AtomProNet.Jobs.Stopping;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Jobs;

/// <summary>
/// The user's jobs: sends them, asks about them, fetches what they left, stops and forgets them. Each call does a piece of work and leaves the store so that
/// another, in this process or a later one, can go on. Not safe for concurrent use; several of them are.
/// </summary>
public sealed partial class DftJobs : IDisposable
{
    private readonly StoreOwner owner = new();
    private readonly IReadOnlyList<IDftCode> codes;
    private readonly IClusterAccess access;
    private readonly Action<Finding> tell;
    private readonly IProgress<JobProgress>? progress;

    /// <summary>Opens the user's store.</summary>
    /// <param name="codes">The codes that are known.</param>
    /// <param name="tell">Told what the user should know.</param>
    /// <param name="progress">Told how far things are.</param>
    /// <param name="answers">Answers what hosts ask before they let anybody in; null: nobody does.</param>
    public DftJobs(IReadOnlyList<IDftCode> codes, Action<Finding>? tell = null, IProgress<JobProgress>? progress = null, Hosts.Ssh.ISshAnswers? answers = null)
        : this(codes, new ClusterAccess(answers), tell, progress)
    {
    }

    internal DftJobs(IReadOnlyList<IDftCode> codes, IClusterAccess access, Action<Finding>? tell = null, IProgress<JobProgress>? progress = null)
    {
        this.codes = codes;
        this.access = access;
        this.tell = tell ?? (_ => { });
        this.progress = progress;
    }

    /// <summary>Ends the session; what it had begun is anybody's to go on with.</summary>
    public void Dispose() => owner.Dispose();

    /// <summary>Jobs as the store has them: nobody is asked.</summary>
    public ImmutableArray<DftJob> List(JobFilter? filter = null, CancellationToken cancellation = default)
    {
        using var store = JobStore.Open(cancellation);
        return [.. Find(store, filter ?? new()).Select(j => j.ToPublic())];
    }

    /// <summary>The jobs of these numbers, as the store has them; of no number none.</summary>
    public ImmutableArray<DftJob> ListOf(IReadOnlyCollection<long> ids, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.Count == 0 ? [] : List(new JobFilter { Ids = [.. ids] }, cancellation);
    }

    /// <summary>Sends what waits for a cluster, as far as its limits leave room.</summary>
    /// <exception cref="AtomProNetException">The cluster was not reached.</exception>
    public async Task<QueueReport> SendAsync(string cluster, CancellationToken cancellation = default)
    {
        using var store = JobStore.Open(cancellation);
        ClusterProfile profile = ClusterProfiles.Get(cluster);
        await using (ClusterLink link = await ClusterLink.OpenAsync(profile, access, store, cancellation).ConfigureAwait(false))
        {
            await new ClusterSubmission(store, owner, link, tell, progress).SendAsync(cancellation).ConfigureAwait(false);
        }

        return store.Read(t => BatchFormation.Report(t, profile.Name));
    }

    /// <summary>
    /// Asks clusters about all jobs that are out on them, stops what is to be stopped, and sends what has room by now.
    /// </summary>
    /// <param name="clusters">The clusters; null for all that jobs are out on or wait for.</param>
    /// <param name="problem">Told of a cluster that could not be reached; the others go on.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many jobs are where.</returns>
    public async Task<ImmutableArray<QueueReport>> RefreshAsync(IEnumerable<string>? clusters, Action<string, AtomProNetException> problem, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        using var store = JobStore.Open(cancellation);
        List<string> open = store.Read(t => t.Query("SELECT DISTINCT cluster FROM job WHERE state IN (0, 1, 2, 3, 4, 10)", r => r.Text(0)));
        var reports = ImmutableArray.CreateBuilder<QueueReport>();
        HashSet<string>? wanted = clusters?.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (string cluster in open.Where(c => wanted?.Contains(c) ?? true))
        {
            progress?.Report(new($"Asking {cluster}"));
            try
            {
                await RefreshAsync(store, ClusterProfiles.Get(cluster), cancellation).ConfigureAwait(false);
            }
            catch (AtomProNetException e)
            {
                problem(cluster, e);
            }

            reports.Add(store.Read(t => BatchFormation.Report(t, cluster)));
        }

        return reports.ToImmutable();
    }

    /// <summary>Fetches the files of jobs, and says how they ended.</summary>
    /// <param name="ids">The jobs.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="received">Told of each job when it is done.</param>
    /// <param name="problem">Told of a job that cannot be fetched, or of a cluster that was not reached.</param>
    /// <param name="cancellation">Ends it; what has come stays.</param>
    public async Task ReceiveAsync(IReadOnlyCollection<long> ids, ReceiveOptions options, Action<DftJob> received, Action<DftJob?, AtomProNetException> problem, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(received);
        ArgumentNullException.ThrowIfNull(problem);
        using var store = JobStore.Open(cancellation);
        foreach (var group in store.Read(t => t.JobsById(ids)).GroupBy(j => j.Cluster))
        {
            var ready = new List<StoredJob>();
            foreach (StoredJob job in group)
            {
                if (job.BatchFolder is null || job.State is JobState.Planned or JobState.Uploading or JobState.Submitting)
                {
                    problem(job.ToPublic(), new(ErrorKind.InvalidArgument, "JobNotSent", $"Job {job.Id} ({job.Name}) is {job.State}: there is nothing to fetch.", remedy: "Wait-DftJob waits for it."));
                }
                else
                {
                    ready.Add(job);
                }
            }

            if (ready.Count == 0)
            {
                continue;
            }

            try
            {
                await using ClusterLink link = await ClusterLink.OpenAsync(ClusterProfiles.Get(group.Key), access, store, cancellation).ConfigureAwait(false);
                await new JobReceiving(store, link, codes, tell, progress).ReceiveAsync(ready, options, j => received(j.ToPublic()), cancellation).ConfigureAwait(false);
            }
            catch (AtomProNetException e)
            {
                problem(null, e);
            }
        }
    }

    /// <summary>Takes jobs back: those that wait end at once, those on a cluster are cancelled there.</summary>
    /// <param name="ids">The jobs.</param>
    /// <param name="problem">Told of a cluster that was not reached: its jobs are marked, and a later call stops them.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ImmutableArray<DftJob>> StopAsync(IReadOnlyCollection<long> ids, Action<string, AtomProNetException> problem, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        using var store = JobStore.Open(cancellation);
        foreach (string cluster in JobStopping.Mark(store, ids))
        {
            try
            {
                await RefreshAsync(store, ClusterProfiles.Get(cluster), cancellation).ConfigureAwait(false);
            }
            catch (AtomProNetException e)
            {
                problem(cluster, e);
            }
        }

        return [.. store.Read(t => t.JobsById(ids)).Select(j => j.ToPublic())];
    }

    private async Task RefreshAsync(JobStore store, ClusterProfile profile, CancellationToken cancellation)
    {
        await using ClusterLink link = await ClusterLink.OpenAsync(profile, access, store, cancellation).ConfigureAwait(false);
        var poll = new ClusterPoll(store, link);
        List<StoredJob> hopeless = await poll.PollAsync(cancellation).ConfigureAwait(false);
        if (hopeless.Count > 0)
        {
            JobStopping.Mark(store, [.. hopeless.Select(j => j.Id)]);
        }

        await JobStopping.StopAsync(store, link, cancellation).ConfigureAwait(false);
        if (hopeless.Count > 0)
        {
            store.Write(t =>
            {
                foreach (StoredJob job in hopeless)
                {
                    t.Execute("UPDATE job SET state = ?2, cause = ?3, message = ?4, stop_asked = 0 WHERE id = ?1 AND state = 8", job.Id, JobState.Failed, JobCauses.DependencyFailed, "A job that it waited for did not succeed. Restart that one, then this.");
                }
            });
        }

        await new ClusterSubmission(store, owner, link, tell, progress).SendAsync(cancellation).ConfigureAwait(false);
    }

    private static List<StoredJob> Find(JobStore store, JobFilter filter)
    {
        var conditions = new List<string> { "1" };
        var values = new List<object?>();
        void Add(string column, System.Collections.ICollection items, string collation = "")
        {
            if (items.Count > 0)
            {
                values.Add(JsonSerializer.Serialize(items));
                conditions.Add(FormattableString.Invariant($"{column}{collation} IN (SELECT value FROM json_each(?{values.Count}))"));
            }
        }

        Add("j.id", filter.Ids.ToArray());
        Add("j.cluster", filter.Clusters.ToArray(), " COLLATE NOCASE");
        Add("j.state", filter.States.Select(s => (int)s).ToArray());
        Add("j.folder", filter.Folders.ToArray());
        if (filter.IsUnreceived)
        {
            conditions.Add("j.received IS NULL AND j.batch IS NOT NULL");
        }

        List<StoredJob> found = store.Read(t => t.Jobs(string.Join(" AND ", conditions), [.. values]));
        return filter.Names.IsEmpty ? found : [.. found.Where(j => filter.Names.Any(n => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(n, j.Name)))];
    }
}
