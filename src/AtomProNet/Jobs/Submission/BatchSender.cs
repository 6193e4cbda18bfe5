using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Transfer;

namespace AtomProNet.Jobs.Submission;

/// <summary>
/// Brings one batch from the store to the scheduler: files first, then the question, then the answer; each step is in the store before the next begins.
/// </summary>
internal sealed class BatchSender(JobStore store, ClusterLink link, Action<Finding> tell, IProgress<JobProgress>? progress)
{
    private IScheduler Scheduler => link.Scheduler;

    /// <summary>Sends the files of a batch that this session owns.</summary>
    /// <returns>The batch, ready to be submitted; null where it cannot be.</returns>
    /// <exception cref="AtomProNetException">The cluster was not reached or its disk is full; the batch stays, and a later call goes on.</exception>
    public async Task<StoredBatch?> UploadAsync(StoredBatch batch, CancellationToken cancellation)
    {
        (StoredRequest request, List<StoredJob> jobs, Dictionary<long, (string[] Files, string Digest)> files) = store.Read(t =>
            (t.Requests([batch.RequestId])[batch.RequestId], t.Jobs("j.batch = ?1", batch.Id), t.FilesOf(batch.Id)));
        if (FindChanged(jobs, files, cancellation) is { Count: > 0 } changed)
        {
            return TakeOut(batch, changed);
        }

        var content = new List<UploadFile> { new($"{RunnerScript.StateFolder}/.keep", null), new("about.jsonl", null, About(jobs)) };
        string script;
        try
        {
            script = Scheduler.BuildScript(RequestOf(batch, request), RunnerScript.Body(batch, request, link.Profile));
        }
        catch (AtomProNetException e)
        {
            // It asks for what this batch system has not: that will not change by itself.
            Refuse(batch, e.Message);
            return null;
        }

        content.Add(new(RunnerScript.FileName, null, Encoding.UTF8.GetBytes(script), IsExecutable: true));
        foreach (StoredJob job in jobs)
        {
            string folder = StoredJob.FolderName(job.Place!.Value, job.Name);
            foreach (string file in files[job.Id].Files)
            {
                content.Add(new($"{folder}/{file}", Path.Combine(job.Folder, file), IsExecutable: file == request.Script));
            }
        }

        var report = new Progress(progress, $"Sending files of {jobs.Count} jobs to {link.Profile.Name}");
        await FileTransfer.UploadAsync(link.Host, new(batch.Folder, [.. content]), report, cancellation).ConfigureAwait(false);
        FaultPoint.Reach(FaultPoint.FilesSent);
        return batch;
    }

    /// <summary>Asks the scheduler to take a batch whose files are there. Afterwards the store says what became of it.</summary>
    public async Task<SubmitOutcome> SubmitAsync(StoredBatch batch, CancellationToken cancellation)
    {
        StoredRequest request = store.Write(t =>
        {
            t.Execute("UPDATE batch SET phase = ?2, sendings = sendings + 1, asked = COALESCE(asked, ?3) WHERE id = ?1", batch.Id, BatchPhase.Submitting, t.Now);
            t.SetBatchState(batch.Id, JobState.Submitting);
            t.Note(string.Create(CultureInfo.InvariantCulture, $"the scheduler is asked, number {batch.Sendings + 1}"), batch.Id);
            return t.Requests([batch.RequestId])[batch.RequestId];
        });
        batch = batch with { Phase = BatchPhase.Submitting, Sendings = batch.Sendings + 1 };
        FaultPoint.Reach(FaultPoint.SubmissionNoted);

        progress?.Report(new($"Submitting {batch.Size} jobs to {link.Profile.Name}"));
        string text = SubmissionScript.Ask(batch.Folder, batch.Sendings, Scheduler.BuildSubmit(RequestOf(batch, request), RunnerScript.FileName));
        HostAnswer answer = await link.Host.RunAsync(text, cancellation).ConfigureAwait(false);
        FaultPoint.Reach(FaultPoint.SubmissionAnswered);
        if (SubmissionScript.ReadAsk(answer) is not { } said)
        {
            return SubmitOutcome.Unknown;
        }

        SubmitAnswer result = Scheduler.ParseSubmit(said);
        return said.Outcome == HostOutcome.Finished && result.Outcome == SubmitOutcome.NotRun ? ConcludeMissing(batch, result) : Conclude(batch, result);
    }

    /// <summary>Finds out what became of a submission whose answer was not seen, and writes it down where that is certain.</summary>
    /// <returns>
    /// What became of it; <see cref="SubmitOutcome.NotRun"/> where the scheduler may be asked (again), and whether the files have to be sent before.
    /// </returns>
    public async Task<(SubmitOutcome Outcome, bool NeedsFiles)> FindOutAsync(StoredBatch batch, CancellationToken cancellation)
    {
        var query = new JobQuery(batch.Token, batch.Asked ?? batch.Created);
        var bundle = new CommandBundle();
        bundle.Add(SubmissionScript.Probe(batch.Folder, batch.Sendings));
        int asking = bundle.Add(Scheduler.BuildQuery(query));
        bool hasHistory = Scheduler.Features.HasFlag(SchedulerFeatures.History);
        if (hasHistory)
        {
            bundle.Add(Scheduler.BuildHistory(query), after: asking);
        }

        HostAnswer whole = await link.Host.RunAsync(bundle.ToText(), cancellation).ConfigureAwait(false);
        IReadOnlyList<HostAnswer> answers = bundle.Split(whole);
        if (SubmissionScript.ReadProbe(answers[0]) is not { } probe)
        {
            return (Uncertain(batch, $"The cluster could not be asked: {answers[0].Describe()}."), false);
        }

        SchedulerAnswer queue = Scheduler.ParseQuery(query, answers[1]);
        link.Note(queue);
        SchedulerAnswer? history = hasHistory ? Scheduler.ParseHistory(query, answers[2]) : null;
        if (IdOf(batch, probe, queue, history) is { } id)
        {
            return (Conclude(batch, new(SubmitOutcome.Accepted, id)), false);
        }

        if (probe.Outcome is ProbeOutcome.NeverAsked or ProbeOutcome.NoFolder)
        {
            return (SubmitOutcome.NotRun, probe.Outcome == ProbeOutcome.NoFolder);
        }

        if (probe.Outcome == ProbeOutcome.Answered)
        {
            SubmitAnswer said = Scheduler.ParseSubmit(probe.Answer!);
            if (said.Outcome != SubmitOutcome.Unknown)
            {
                return (said.Outcome == SubmitOutcome.NotRun ? ConcludeMissing(batch, said) : Conclude(batch, said), false);
            }
        }
        else if (probe.Outcome == ProbeOutcome.Asking)
        {
            return (Uncertain(batch, "The scheduler's command still waits for its answer on the cluster."), false);
        }

        // It was asked, nobody knows the answer, and no trace of the job is to be seen. What is late may still come.
        if (!queue.IsKnown)
        {
            return (Uncertain(batch, $"The queue could not be asked: {queue.Problem}"), false);
        }

        DateTimeOffset? unseen = store.Write(t =>
        {
            t.Execute("UPDATE job SET missing = ?2 WHERE batch = ?1 AND missing IS NULL", batch.Id, t.Now);
            return t.Query("SELECT MIN(missing) FROM job WHERE batch = ?1", r => r.TimeOrNull(0), batch.Id).Single();
        });
        if (DateTimeOffset.UtcNow - unseen < link.Profile.SettleTime)
        {
            return (Uncertain(batch, "The scheduler gave no clear answer, and its queue does not have the jobs yet."), false);
        }

        // The guards of the jobs are still free: should a copy turn up after all, only one of the two can run.
        store.Write(t => t.Note("no trace of it: it is sent again, under the same guards", batch.Id));
        return (SubmitOutcome.NotRun, false);
    }

    private static string? IdOf(StoredBatch batch, ProbeResult probe, SchedulerAnswer queue, SchedulerAnswer? history)
    {
        // What has begun goes before what is only queued: of two copies it is the one that does the work.
        string? begun = probe.BegunBy.Select(b => batch.Tasks > 1 && b.LastIndexOf('_') is > 0 and int at ? b[..at] : b).FirstOrDefault();
        return begun
            ?? queue.Jobs.Where(j => j.Name == batch.Token).Select(j => j.Id.Id).FirstOrDefault()
            ?? history?.Jobs.Where(j => j.Name == batch.Token).Select(j => j.Id.Id).FirstOrDefault();
    }

    private JobRequest RequestOf(StoredBatch batch, StoredRequest request)
    {
        bool array = Scheduler.Features.HasFlag(SchedulerFeatures.Arrays) && batch.Tasks > 1;
        int share = request.SideBySide ? batch.Bundle : 1;
        TimeSpan? warn = request.WarnSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        if (warn is not null && request.Resources.WallTime is { } limit && warn > limit / 5)
        {
            // A warning that comes with the beginning would end every run at once.
            warn = limit / 5;
        }

        return new()
        {
            Name = batch.Token,
            Token = batch.Token,
            WorkDirectory = batch.Folder,
            Resources = request.Resources with { Tasks = request.Resources.Tasks * share },
            Array = array ? new(1, batch.Tasks, batch.Throttle) : null,
            DependsOn = batch.Dependency is null ? [] : [.. JsonSerializer.Deserialize<string[]>(batch.Dependency)!.Select(id => new SchedulerJobId(id))],
            WarnBefore = warn,
        };
    }

    private SubmitOutcome Conclude(StoredBatch batch, SubmitAnswer answer)
    {
        switch (answer.Outcome)
        {
            case SubmitOutcome.Accepted:
                store.Write(t =>
                {
                    t.Execute("UPDATE batch SET phase = ?2, owner = NULL, scheduler_id = ?3, sent = ?4 WHERE id = ?1", batch.Id, BatchPhase.Sent, answer.Id, t.Now);
                    t.SetBatchState(batch.Id, JobState.Queued);
                    bool array = Scheduler.Features.HasFlag(SchedulerFeatures.Arrays) && batch.Tasks > 1;
                    t.Execute("UPDATE job SET submitted = ?2, scheduler_id = CASE WHEN ?4 THEN ?3 || '_' || (place / ?5 + 1) ELSE ?3 END WHERE batch = ?1", batch.Id, t.Now, answer.Id, array, batch.Bundle);
                    t.Note($"the scheduler has it as {answer.Id}", batch.Id);
                });
                FaultPoint.Reach(FaultPoint.SubmissionStored);
                break;
            case SubmitOutcome.Refused:
                Refuse(batch, answer.Reason ?? "no reason given");
                break;
            case SubmitOutcome.LimitReached:
                store.Write(t =>
                {
                    t.Execute("UPDATE batch SET phase = ?2, owner = NULL, message = ?3 WHERE id = ?1", batch.Id, BatchPhase.Abandoned, answer.Reason);
                    t.Execute("UPDATE job SET state = 0, batch = NULL, place = NULL, cause = NULL, message = NULL, changed = ?2 WHERE batch = ?1 AND state IN (1, 2)", batch.Id, t.Now);
                    t.Note($"the scheduler has no room now: {answer.Reason}", batch.Id);
                });
                break;
            case SubmitOutcome.NotRun:
                // Nothing was sent, or there is no such program: that is found out with the guard, like everything else.
                return Uncertain(batch, answer.Reason ?? "The cluster was not reached.");
            default:
                return Uncertain(batch, answer.Reason ?? "The scheduler gave no clear answer.");
        }

        return answer.Outcome;
    }

    /// <summary>The command ran, and found no program of the batch system: that is no matter of the connection.</summary>
    private SubmitOutcome ConcludeMissing(StoredBatch batch, SubmitAnswer answer)
    {
        Refuse(batch, answer.Reason ?? $"the programs of {Scheduler.Name} are not on its PATH");
        return SubmitOutcome.Refused;
    }

    private SubmitOutcome Uncertain(StoredBatch batch, string why)
    {
        store.Write(t =>
        {
            t.Execute("UPDATE job SET cause = ?2, message = ?3 WHERE batch = ?1 AND state = 2", batch.Id, JobCauses.SubmissionUncertain, why + " What became of the submission is found out at the next Submit-, Get- or Wait-DftJob; nothing is sent twice.");
            t.Note("uncertain: " + why, batch.Id);
        });
        return SubmitOutcome.Unknown;
    }

    private void Refuse(StoredBatch batch, string reason)
    {
        store.Write(t =>
        {
            t.Execute("UPDATE batch SET phase = ?2, owner = NULL, message = ?3 WHERE id = ?1", batch.Id, BatchPhase.Abandoned, reason);
            t.SetBatchState(batch.Id, JobState.Failed, JobCauses.Refused, $"The scheduler refused it: {reason}");
            t.Note("refused: " + reason, batch.Id);
        });
        tell(new(FindingSeverity.Error, "JobRefused", $"{link.Profile.Name} refused {batch.Size} jobs: {reason}", link.Profile.Name, "Correct what it names (in the profile: Register-DftCluster -Force; or with the parameters of Restart-DftJob), then Restart-DftJob."));
    }

    private static List<StoredJob> FindChanged(List<StoredJob> jobs, Dictionary<long, (string[] Files, string Digest)> files, CancellationToken cancellation)
    {
        var changed = new List<StoredJob>();
        foreach (StoredJob job in jobs)
        {
            try
            {
                if (InputFolder.DigestOf(job.Folder, files[job.Id].Files, cancellation) == files[job.Id].Digest)
                {
                    continue;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone, or not to be read: it is another input than the one that was planned, too.
            }

            changed.Add(job);
        }

        return changed;
    }

    /// <summary>Jobs whose input is no longer the one that was planned fail; the others go out in another batch, whose folder holds them alone.</summary>
    private StoredBatch? TakeOut(StoredBatch batch, List<StoredJob> changed)
    {
        store.Write(t =>
        {
            foreach (StoredJob job in changed)
            {
                t.Execute("UPDATE job SET state = ?2, cause = ?3, message = ?4, changed = ?5 WHERE id = ?1", job.Id, JobState.Failed, JobCauses.InputChanged, "Its input was changed or removed after it was planned, and before it was sent. Submit the folder again.", t.Now);
                t.Note("Failed: " + JobCauses.InputChanged, batch.Id, job.Id, job.Attempt);
            }

            t.Execute("UPDATE batch SET phase = ?2, owner = NULL WHERE id = ?1", batch.Id, BatchPhase.Abandoned);
            t.Execute("UPDATE job SET state = 0, batch = NULL, place = NULL, changed = ?2 WHERE batch = ?1 AND state IN (1, 2)", batch.Id, t.Now);
        });
        tell(new(FindingSeverity.Error, "JobInputChanged", string.Create(CultureInfo.InvariantCulture, $"The input of {changed.Count} jobs is no longer the one that was planned, such as {changed[0].Folder}; they were not sent."), link.Profile.Name, "Submit these folders again."));
        return null;
    }

    private static byte[] About(List<StoredJob> jobs)
    {
        var text = new StringBuilder();
        foreach (StoredJob job in jobs)
        {
            text.Append(JsonSerializer.Serialize(new { place = job.Place, job = job.Id, attempt = job.Attempt, name = job.Name })).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private sealed class Progress(IProgress<JobProgress>? inner, string text) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => inner?.Report(new(text, value.Bytes, value.TotalBytes));
    }
}
