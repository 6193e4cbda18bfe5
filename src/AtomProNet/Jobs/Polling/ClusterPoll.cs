using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Jobs.Polling;

/// <summary>
/// Asks a cluster once for all jobs that are out on it, however many: queue and marker files in one command. A second one follows only where something
/// ended badly or left the queue without a word, and asks the scheduler's memory about it.
/// </summary>
internal sealed class ClusterPoll(JobStore store, ClusterLink link)
{
    /// <summary>Asks, and writes down what has changed.</summary>
    /// <returns>Jobs that wait for one that failed, and so will never start.</returns>
    public async Task<List<StoredJob>> PollAsync(CancellationToken cancellation)
    {
        (List<StoredBatch> batches, List<StoredJob> jobs, Dictionary<long, StoredRequest> requests) = store.Read(t =>
        {
            var live = t.Batches("b.cluster = ?1 AND b.phase = 2", link.Profile.Name);
            return (live, t.Jobs("j.cluster = ?1 AND b.phase = 2 AND j.state IN (3, 4, 10)", link.Profile.Name), t.Requests(live.Select(b => b.RequestId)));
        });
        if (batches.Count == 0)
        {
            return [];
        }

        var byId = batches.ToDictionary(b => b.Id);
        var query = new JobQuery(BatchToken.Prefix, batches.Min(b => b.Asked ?? b.Created) - TimeSpan.FromHours(1), [.. batches.Select(b => b.SchedulerId!).Where(id => id is not null)]);
        HashSet<long> concerned = [.. jobs.Select(j => j.BatchId!.Value)];
        var bundle = new CommandBundle();
        bundle.Add(link.Scheduler.BuildQuery(query));
        bundle.Add(BatchMarkers.ListingCommand(batches.Where(b => concerned.Contains(b.Id)).Select(b => b.Folder)));
        IReadOnlyList<HostAnswer> answers = bundle.Split(await link.Host.RunAsync(bundle.ToText(), cancellation).ConfigureAwait(false));
        FaultPoint.Reach(FaultPoint.PollAnswered);

        SchedulerAnswer queue = link.Scheduler.ParseQuery(query, answers[0]);
        link.Note(queue);
        var view = new ClusterView(link.Profile.SettleTime, queue, answers[1]);
        var conclusions = jobs.Select(j => (Job: j, Result: JobEvaluation.Conclude(j, view.SightingOf(j, byId[j.BatchId!.Value], requests[byId[j.BatchId!.Value].RequestId])))).ToList();
        if (conclusions.Any(c => c.Result.NeedsHistory))
        {
            view = await WithHistoryAsync(view, query, [.. conclusions.Where(c => c.Result.NeedsHistory).Select(c => (c.Job, byId[c.Job.BatchId!.Value]))], cancellation).ConfigureAwait(false);
            conclusions = [.. conclusions.Select(c => c.Result.NeedsHistory ? (c.Job, JobEvaluation.Conclude(c.Job, view.SightingOf(c.Job, byId[c.Job.BatchId!.Value], requests[byId[c.Job.BatchId!.Value].RequestId]))) : c)];
        }

        store.Write(t =>
        {
            foreach ((StoredJob before, JobConclusion result) in conclusions)
            {
                if (before != result.Job)
                {
                    t.Update(before, result.Job);
                }
            }

            ExplainByDependency(t, conclusions.Select(c => c.Result.Job).Where(j => j is { State: JobState.Cancelled, Cause: JobCauses.CancelledOutside, Started: null } && byId[j.BatchId!.Value].Dependency is not null));

            t.Execute("UPDATE batch SET phase = 3 WHERE cluster = ?1 AND phase = 2 AND NOT EXISTS (SELECT 1 FROM job j WHERE j.batch = batch.id AND j.state IN (2, 3, 4, 10))", link.Profile.Name);
        });
        // Two submissions of one batch may stand in the queue, where a first one was long without a trace. The one that begins later ends at its guard; to cancel
        // it while it waits would end the job itself where it begins in that moment.
        return [.. conclusions.Where(c => c.Result.Job is { State: JobState.Queued, Cause: JobCauses.DependencyFailed }).Select(c => c.Result.Job)];
    }

    /// <summary>A scheduler cancels what waits for a job that failed; that it was not a person is seen from the jobs it waited for.</summary>
    private static void ExplainByDependency(StoreTransaction t, IEnumerable<StoredJob> cancelled)
    {
        foreach (StoredJob job in cancelled)
        {
            long failed = t.Count("SELECT COUNT(*) FROM request r JOIN json_each(r.options, '$.DependsOn') d JOIN job o ON o.id = d.value WHERE r.id = ?1 AND o.state IN (7, 8, 9)", job.RequestId);
            if (failed > 0)
            {
                t.Update(job, job with { State = JobState.Failed, Cause = JobCauses.DependencyFailed, Message = "A job that it waited for did not succeed. Restart that one, then this." });
            }
        }
    }

    private async Task<ClusterView> WithHistoryAsync(ClusterView view, JobQuery query, (StoredJob Job, StoredBatch Batch)[] missing, CancellationToken cancellation)
    {
        StoredBatch[] asked = [.. missing.Select(m => m.Batch).Distinct()];
        SchedulerAnswer history = new() { Scope = AnswerScope.Recent };
        var bundle = new CommandBundle();
        int guards = bundle.Add(OwnersCommand(asked));
        int messages = bundle.Add(MessagesCommand(missing));
        bool hasHistory = link.Scheduler.Features.HasFlag(SchedulerFeatures.History);
        int remembered = 0;
        JobQuery narrowed = query with { Since = asked.Min(b => b.Asked ?? b.Created) - TimeSpan.FromHours(1), Ids = [.. asked.Select(b => b.SchedulerId!).Where(id => id is not null)] };
        if (hasHistory)
        {
            remembered = bundle.Add(link.Scheduler.BuildHistory(narrowed));
        }

        IReadOnlyList<HostAnswer> answers = bundle.Split(await link.Host.RunAsync(bundle.ToText(), cancellation).ConfigureAwait(false));
        if (hasHistory)
        {
            history = link.Scheduler.ParseHistory(narrowed, answers[remembered]);
        }

        return view.With(history, answers[guards], SchedulerMessages.Parse(answers[messages]));
    }

    /// <summary>What the scheduler wrote into the files of a job's allocation when it ended it.</summary>
    private string MessagesCommand(IEnumerable<(StoredJob Job, StoredBatch Batch)> missing) => SchedulerMessages.Command(missing
        .Select(m => (m.Batch, Task: ClusterView.TaskOf(m.Job, m.Batch))).Distinct()
        .Select(m => (ClusterView.MessageKey(m.Batch, m.Task), m.Batch.Folder, link.Scheduler.MessageFiles(m.Task))));

    private static string OwnersCommand(IEnumerable<StoredBatch> batches) =>
        $"for batch in {Shell.PosixShell.Join(batches.Select(b => b.Folder))}; do cd \"$batch/..\" 2>/dev/null && for one in \"${{batch##*/}}\"/{RunnerScript.StateFolder}/*.run/*; do printf '%s\\n' \"$one\"; done; done\n";
}
