using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Jobs.Submission;

/// <summary>Sends what waits for a cluster: first what an earlier call has left half done, then new batches, as many as the limits leave room for.</summary>
internal sealed class ClusterSubmission(JobStore store, StoreOwner owner, ClusterLink link, Action<Finding> tell, IProgress<JobProgress>? progress)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];
    private readonly BatchSender sender = new(store, link, tell, progress);

    /// <summary>Sends. While the batch system is silent nothing is: see <see cref="ClusterLink.Silence"/>.</summary>
    /// <exception cref="AtomProNetException">The cluster was not reached; what is half done stays so.</exception>
    public async Task SendAsync(CancellationToken cancellation)
    {
        if (link.Silence is not null)
        {
            return;
        }

        foreach (StoredBatch left in store.Read(t => t.Batches("b.cluster = ?1 AND b.phase IN (0, 1)", link.Profile.Name)))
        {
            if (store.Write(t => t.Claim(left, owner)) is { } mine)
            {
                await ContinueAsync(mine, cancellation).ConfigureAwait(false);
                if (link.Silence is not null)
                {
                    return;
                }
            }
        }

        BatchFormation? formation = null;
        int atMost = int.MaxValue;
        while (store.Read(t => t.Count("SELECT COUNT(*) FROM job WHERE cluster = ?1 AND state = 0 AND stop_asked = 0", link.Profile.Name)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (formation is null)
            {
                int? most = await MaxArrayTasksAsync(cancellation).ConfigureAwait(false);
                if (link.Silence is { } silence)
                {
                    tell(new(FindingSeverity.Warning, "SchedulerSilent", $"The batch system does not answer, so that nothing is sent now: {silence}", link.Profile.Name, "The jobs wait in the store; the next Submit-, Get- or Wait-DftJob tries again."));
                    break;
                }

                formation = new(link.Profile, link.WorkDirectory, link.Scheduler.Features, most);
            }

            if (store.Write(t => formation.Next(t, owner, atMost)) is not { } batch)
            {
                break;
            }

            FaultPoint.Reach(FaultPoint.BatchPlanned);
            SubmitOutcome outcome = await ContinueAsync(batch, cancellation).ConfigureAwait(false);
            if (outcome == SubmitOutcome.LimitReached)
            {
                // The site has a limit that we do not know: half as many may fit.
                atMost = batch.Tasks / 2;
                if (atMost == 0)
                {
                    tell(new(FindingSeverity.Warning, "SchedulerLimitReached", "The scheduler takes no more jobs now; what is left waits in the store.", link.Profile.Name, "The next Submit-, Get- or Wait-DftJob tries again; -MaxQueued keeps below the limit."));
                    break;
                }
            }
            else if (outcome == SubmitOutcome.Unknown)
            {
                // Something is amiss with the scheduler: more questions would only be more uncertain answers.
                break;
            }
        }
    }

    private async Task<SubmitOutcome> ContinueAsync(StoredBatch batch, CancellationToken cancellation)
    {
        try
        {
            SubmitOutcome outcome = SubmitOutcome.Unknown;
            if (batch.Phase == BatchPhase.Uploading)
            {
                if (await sender.UploadAsync(batch, cancellation).ConfigureAwait(false) is null)
                {
                    return SubmitOutcome.Refused;
                }

                outcome = await sender.SubmitAsync(batch, cancellation).ConfigureAwait(false);
            }

            for (int i = 0; outcome == SubmitOutcome.Unknown && link.Silence is null && i <= Pauses.Length; i++)
            {
                batch = store.Read(t => t.Batches("b.id = ?1", batch.Id).Single());
                (SubmitOutcome found, bool needsFiles) = await sender.FindOutAsync(batch, cancellation).ConfigureAwait(false);
                outcome = found;
                if (outcome == SubmitOutcome.NotRun)
                {
                    if (needsFiles && await sender.UploadAsync(batch, cancellation).ConfigureAwait(false) is null)
                    {
                        return SubmitOutcome.Refused;
                    }

                    outcome = await sender.SubmitAsync(batch, cancellation).ConfigureAwait(false);
                }
                else if (outcome == SubmitOutcome.Unknown && link.Silence is null && i < Pauses.Length)
                {
                    await Task.Delay(Pauses[i], cancellation).ConfigureAwait(false);
                }
            }

            if (outcome == SubmitOutcome.Unknown)
            {
                tell(new(FindingSeverity.Warning, "SubmissionUncertain", $"What the scheduler made of {batch.Size} jobs is not known yet.", link.Profile.Name, "The next Submit-, Get- or Wait-DftJob finds out; nothing is sent twice."));
            }

            return outcome;
        }
        finally
        {
            store.Write(t => t.Execute("UPDATE batch SET owner = NULL WHERE id = ?1 AND owner = ?2", batch.Id, owner.ToString()));
        }
    }

    private async Task<int?> MaxArrayTasksAsync(CancellationToken cancellation)
    {
        if (link.Profile.MaxArrayTasks is not null || !link.Scheduler.Features.HasFlag(SchedulerFeatures.Arrays))
        {
            return link.Profile.MaxArrayTasks;
        }

        // The queue first, unless it has just been told: a server that is down would let each program wait, and what is asked of it now is only asked in order to submit.
        JobQuery? query = link.HasAnswered ? null : new(BatchToken.Prefix, DateTimeOffset.UtcNow);
        var bundle = new CommandBundle();
        int? asked = query is null ? null : bundle.Add(link.Scheduler.BuildQuery(query));
        int wanted = bundle.Add(link.Scheduler.BuildLimits(), after: asked);
        IReadOnlyList<HostAnswer> answers = bundle.Split(await link.Host.RunAsync(bundle.ToText(), cancellation).ConfigureAwait(false));
        if (query is not null)
        {
            link.Note(link.Scheduler.ParseQuery(query, answers[asked!.Value]));
        }

        SchedulerLimits limits = link.Scheduler.ParseLimits(answers[wanted]);
        return (limits.MaxArrayIndex, limits.MaxArrayTasks) switch
        {
            (int index, int tasks) => Math.Min(index, tasks),
            (int index, null) => index,
            (null, int tasks) => tasks,
            _ => null,
        };
    }
}
