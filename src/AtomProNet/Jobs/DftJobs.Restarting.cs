using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Receiving;
using AtomProNet.Jobs.Restarting;
using AtomProNet.Jobs.Stopping;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Jobs;

public sealed partial class DftJobs
{
    /// <summary>
    /// Makes jobs that ended badly ready to run again: by their diagnosed cause, from the last good geometry. They are planned afterwards;
    /// <see cref="SendAsync"/> sends them, each with a new token.
    /// </summary>
    /// <param name="ids">The jobs.</param>
    /// <param name="options">What is allowed.</param>
    /// <param name="problem">Told of a job that is not restarted; the others go on.</param>
    /// <param name="cancellation">Ends it; what is half done is gone on with by the next call.</param>
    /// <returns>The jobs that are planned again.</returns>
    public async Task<ImmutableArray<DftJob>> RestartAsync(IReadOnlyCollection<long> ids, RestartOptions options, Action<DftJob?, AtomProNetException> problem, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(problem);
        using var store = JobStore.Open(cancellation);
        var wanted = new List<StoredJob>();
        foreach (StoredJob job in store.Read(t => t.JobsById(ids)))
        {
            if (job.State.IsRestartable())
            {
                wanted.Add(job);
            }
            else
            {
                problem(job.ToPublic(), new(ErrorKind.InvalidArgument, "JobNotRestartable", $"Job {job.Id} ({job.Name}) is {job.State}.", remedy: "Failed, cancelled and lost jobs can be restarted."));
            }
        }

        var ready = new List<StoredJob>();
        foreach (var group in wanted.GroupBy(j => j.Cluster))
        {
            try
            {
                ready.AddRange(await CloseAsync(store, ClusterProfiles.Get(group.Key), [.. group], cancellation).ConfigureAwait(false));
            }
            catch (AtomProNetException e)
            {
                problem(null, e);
            }
        }

        var requests = new Dictionary<string, long>(StringComparer.Ordinal);
        var restarted = new List<long>();
        string call = Guid.NewGuid().ToString("N");
        foreach (StoredJob job in ready)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                Restart(store, job, options, call, requests, cancellation);
                restarted.Add(job.Id);
            }
            catch (Exception e) when (e is AtomProNetException or IOException or UnauthorizedAccessException)
            {
                problem(job.ToPublic(), e as AtomProNetException ?? new(ErrorKind.Unavailable, "RestartFailed", $"The folder of job {job.Id} could not be made ready: {e.Message}", job.Folder, inner: e));
            }
        }

        return [.. store.Read(t => t.JobsById(restarted)).Select(j => j.ToPublic())];
    }

    /// <summary>
    /// Makes sure that the last try is over, and that what it left is here. One of which only nothing was heard could be alive all the same: its guard is taken and
    /// it is cancelled, so that it neither begins nor goes on beside the next try.
    /// </summary>
    private async Task<List<StoredJob>> CloseAsync(JobStore store, ClusterProfile profile, List<StoredJob> jobs, CancellationToken cancellation)
    {
        // What was begun and broken off goes on without the cluster.
        StoredJob[] sent = [.. jobs.Where(j => j.BatchFolder is not null && AttemptFolder.Begun(j) is null)];
        if (sent.Length == 0)
        {
            return jobs;
        }

        await using ClusterLink link = await ClusterLink.OpenAsync(profile, access, store, cancellation).ConfigureAwait(false);
        await JobStopping.MakeSureAsync(link, [.. sent.Where(j => j.State is JobState.Lost or JobState.Cancelled)], store, cancellation).ConfigureAwait(false);
        StoredJob[] unseen = [.. sent.Where(j => j.Received is null && j.Cause is not (JobCauses.FolderGone or JobCauses.Refused or JobCauses.NeverStarted or JobCauses.GuardNotMade))];
        if (unseen.Length > 0)
        {
            await new JobReceiving(store, link, codes, tell, progress).ReceiveAsync(unseen, new(), _ => { }, cancellation).ConfigureAwait(false);
        }

        // What came may have told that a job is not lost at all.
        return [.. store.Read(t => t.JobsById([.. jobs.Select(j => j.Id)])).Where(j => j.State.IsRestartable())];
    }

    private void Restart(JobStore store, StoredJob job, RestartOptions options, string call, Dictionary<string, long> requests, CancellationToken cancellation)
    {
        (StoredRequest request, ImmutableArray<string> files) = store.Read(t => (t.Requests([job.RequestId])[job.RequestId], t.FilesOfJob(job.Id)));
        RestartRecord? record = AttemptFolder.Begun(job);
        if (record is null)
        {
            IDftCode? code = codes.FirstOrDefault(c => c.Code == job.Code);
            CalculationVerdict? verdict = code is null || job.Received is null ? null : code.Judge(job.Folder, cancellation);
            RestartDecision decision = RestartDecision.Of(job, request, verdict, options);
            RestartInput? input = decision.Input.IsEmpty ? null : code!.PlanRestart(job.Folder, decision.Input);
            foreach ((RestartChange change, string reason) in input?.NotApplied ?? [])
            {
                tell(new(FindingSeverity.Warning, "RestartChangeNotApplied", $"{change} is not changed for job {job.Id} ({job.Name}): {reason}", job.Folder));
            }

            if (input is { Applied.IsEmpty: true } && decision.Job.IsEmpty)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "RestartWouldRepeat", $"Job {job.Id} ({job.Name}) is not restarted: none of the changes that would help can be made.", job.Folder, remedy: "Mend its input and submit it again; -Unchanged runs it as it is.");
            }

            record = AttemptFolder.Begin(job, files, decision, input);
        }

        AttemptFolder.Finish(job, files);
        FaultPoint.Reach(FaultPoint.RestartPrepared);
        string digest = InputFolder.DigestOf(job.Folder, files, cancellation);
        StoredRequest next = request with { Id = 0, Resources = record.Resources, Call = call, DependsOn = job.Cause == JobCauses.DependencyFailed ? request.DependsOn : [] };
        store.Write(t =>
        {
            string json = next.ToJson();
            if (!requests.TryGetValue(json, out long id))
            {
                requests.Add(json, id = t.AddRequest(next));
            }

            t.PlanAgain(job, id, digest, job.Restarts.Add(record.Restart));
        });
        tell(new(FindingSeverity.Information, "JobRestarted", $"Job {job.Id} ({job.Name}): {record.Restart}", job.Folder));
    }
}
