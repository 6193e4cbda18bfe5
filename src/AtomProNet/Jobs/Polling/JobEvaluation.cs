using System.Globalization;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Jobs.Polling;

/// <summary>All that was seen of one job at one time. What was not seen is null, and why.</summary>
internal sealed record JobSighting
{
    /// <summary>When, by this machine's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Why the queue could not be asked; null where it answered.</summary>
    public string? QueueProblem { get; init; }

    /// <summary>The job, or its allocation, in the queue; null where it is not there.</summary>
    public SchedulerJob? Queue { get; init; }

    /// <summary>Why the markers could not be listed; null where they were.</summary>
    public string? MarkerProblem { get; init; }

    /// <summary>Whether its folder on the cluster is gone.</summary>
    public bool IsFolderGone { get; init; }

    /// <summary>Whether its guard is taken.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Its exit marker.</summary>
    public ExitMarker? Exit { get; init; }

    /// <summary>When it was told to end.</summary>
    public DateTimeOffset? Term { get; init; }

    /// <summary>Whether the scheduler's memory of ended jobs was asked, and what its answer speaks of; null where it was not asked.</summary>
    public AnswerScope? HistoryScope { get; init; }

    /// <summary>Why that memory did not answer.</summary>
    public string? HistoryProblem { get; init; }

    /// <summary>The job, or its allocation, in that memory.</summary>
    public SchedulerJob? History { get; init; }

    /// <summary>Whether other jobs are in its allocation, so that what the scheduler says is said of all of them.</summary>
    public bool IsBundled { get; init; }

    /// <summary>The walltime of its allocation.</summary>
    public TimeSpan? WallTime { get; init; }

    /// <summary>How long to wait for late news.</summary>
    public required TimeSpan SettleTime { get; init; }
}

/// <summary>What was concluded.</summary>
/// <param name="Job">The job as it is now.</param>
/// <param name="NeedsHistory">Whether the scheduler's memory of ended jobs could tell more, and was not asked.</param>
internal sealed record JobConclusion(StoredJob Job, bool NeedsHistory = false);

/// <summary>
/// Concludes from what was seen where a job stands. Pure. An exit marker goes before everything: the job's own script has ended. Not to be in
/// the queue proves nothing by itself, and a question that was not answered even less.
/// </summary>
internal static class JobEvaluation
{
    private const int Signalled = 128;

    /// <summary>Concludes.</summary>
    public static JobConclusion Conclude(StoredJob job, JobSighting seen)
    {
        if (seen.Exit is { } exit)
        {
            return Ended(job, seen, exit);
        }

        if (seen.QueueProblem is { } problem)
        {
            return new(job with { State = JobState.Unknown, Cause = JobCauses.NotReached, Message = $"The cluster could not be asked: {problem} The job goes on as it was." });
        }

        if (seen.Queue is { } queued && queued.State.IsActive())
        {
            return new(InQueue(job, seen, queued));
        }

        if (seen.MarkerProblem is { } markers)
        {
            return new(job with { State = JobState.Unknown, Cause = JobCauses.NotReached, Message = $"It is not in the queue any more, and its marker files could not be listed: {markers}", Missing = job.Missing ?? seen.Now });
        }

        return Gone(job, seen);
    }

    private static StoredJob InQueue(StoredJob job, JobSighting seen, SchedulerJob queued)
    {
        bool waitsInBundle = seen.IsBundled && !seen.HasBegun;
        bool runs = queued.State is SchedulerState.Running or SchedulerState.Suspended or SchedulerState.Completing && !waitsInBundle;
        (string? cause, string? message) = queued.Reason?.Contains("DependencyNeverSatisfied", StringComparison.OrdinalIgnoreCase) == true
            ? (JobCauses.DependencyFailed, "A job that it waits for did not succeed, so that it will never start.")
            : queued.State == SchedulerState.Held ? (JobCauses.Held, $"It will not start by itself: {queued.Reason ?? queued.RawState}. Have it released; or where it asks for too much, Stop-DftJob and then Restart-DftJob with less.")
            : (null, (string?)null);
        return Known(job) with
        {
            State = runs ? JobState.Running : JobState.Queued,
            Cause = cause,
            Message = message,
            SchedulerId = queued.Id.ToString(),
            Submitted = job.Submitted ?? queued.Submitted,
            Started = runs ? job.Started ?? queued.Started : null,
        };
    }

    private static JobConclusion Ended(StoredJob job, JobSighting seen, ExitMarker exit)
    {
        StoredJob ended = Known(job) with { ExitCode = exit.Code, Started = exit.Start, Ended = exit.End };
        // A script may end with 0 although what it ran was killed: one that was told to end has not finished.
        if (exit.Code == 0 && seen.Term is null)
        {
            return new(ended with { State = JobState.Finished });
        }

        if (exit.Code == RunnerScript.NoFolder)
        {
            return new(ended with { State = JobState.Failed, Cause = JobCauses.FolderGone, Message = "Its folder on the cluster was not there when it began." });
        }

        if (seen.QueueProblem is { } problem)
        {
            // It will be asked when it answers again; until then the code is all that is known, and too little for a cause.
            return new(job with
            {
                State = JobState.Unknown,
                Cause = JobCauses.NotReached,
                Message = string.Create(CultureInfo.InvariantCulture, $"Its script ended with exit code {exit.Code}. What the scheduler knows of that could not be asked: {problem}"),
            });
        }

        // The scheduler knows better why a script ended badly, but may know it late.
        bool itself = !seen.IsBundled || seen.Term is not null;
        if (seen.HistoryScope is null)
        {
            return new(job, NeedsHistory: true);
        }

        if (seen.History is { } told && itself && Special(told.State) is { } special)
        {
            return new(Closed(ended, special.State, special.Cause, Sentence(special.Cause, ended, seen, told)));
        }

        // Slurm calls a job COMPLETING, or still RUNNING, and only a moment later how it ended.
        bool mayCome = seen.History is { } record ? itself && record.State.IsActive()
            : seen.HistoryScope is AnswerScope.Accounting or AnswerScope.Nothing && (seen.Term is not null || exit.Code > Signalled);
        if (mayCome && !IsSettled(job, seen))
        {
            return new(job with { Missing = job.Missing ?? seen.Now });
        }

        if (seen.Term is not null)
        {
            return new(ToldToEnd(ended, seen, exit.End - exit.Start));
        }

        string text = exit.Code > Signalled
            ? string.Create(CultureInfo.InvariantCulture, $"Its script ended with exit code {exit.Code}: signal {exit.Code - Signalled}{(exit.Code == Signalled + 9 ? ", often for want of memory" : "")}.")
            : string.Create(CultureInfo.InvariantCulture, $"Its script ended with exit code {exit.Code}.");
        return new(ended with { State = JobState.Failed, Cause = JobCauses.ExitCode, Message = text + " Receive-DftJob fetches its files and finds out why." });
    }

    private static JobConclusion Gone(StoredJob job, JobSighting seen)
    {
        SchedulerJob? told = seen.History ?? (seen.Queue?.State.IsFinal() == true ? seen.Queue : null);
        if (seen.HistoryScope is null && (told is null || (told.State is SchedulerState.Failed or SchedulerState.Ended && seen.HasBegun)))
        {
            // Of a job that failed without a marker the queue tells less than the history, and less than what the scheduler wrote into the job's files.
            return new(job, NeedsHistory: true);
        }

        bool begun = seen.HasBegun;
        if (told is { } record && record.State.IsFinal())
        {
            StoredJob ended = Known(job) with { Started = begun ? job.Started ?? record.Started : null, Ended = record.Ended, SchedulerId = record.Id.ToString() };
            if (seen.IsBundled && !begun)
            {
                return Special(record.State) is { State: JobState.Cancelled } && !IsSettled(job, seen) ? Wait(job, seen)
                    : IsSettled(job, seen) ? new(NotBegunInBundle(ended, seen, record))
                    : Wait(job, seen);
            }

            if (Special(record.State) is { } special)
            {
                return new(Closed(ended, special.State, special.Cause, Sentence(special.Cause, ended, seen, record)));
            }

            // The marker of what the scheduler calls ended may be a moment behind.
            if (!IsSettled(job, seen))
            {
                return Wait(job, seen);
            }

            return new(Settled(ended, seen, record));
        }

        if (!IsSettled(job, seen))
        {
            return Wait(job, seen);
        }

        if (seen.HistoryScope == AnswerScope.Nothing && seen.HistoryProblem is { } problem)
        {
            return new(job with { State = JobState.Unknown, Cause = JobCauses.NotReached, Message = $"It is not in the queue any more, and the scheduler's memory could not be asked: {problem}", Missing = job.Missing ?? seen.Now });
        }

        if (told is not null)
        {
            // The accounting has it running although the queue has not: two answers of different age.
            return Wait(job, seen);
        }

        StoredJob lost = Known(job);
        if (job.StopAsked)
        {
            return new(Closed(lost, JobState.Cancelled, JobCauses.Stopped, "Stop-DftJob ended it."));
        }

        if (seen.IsFolderGone)
        {
            return new(Closed(lost, JobState.Lost, JobCauses.FolderGone, "Its folder on the cluster is gone: the work directory was cleaned up, or the cluster's profile points elsewhere by now."));
        }

        return new(begun
            ? seen.Term is not null ? ToldToEnd(lost, seen, job.Started is { } start ? seen.Term.Value - start : null) : Closed(lost, JobState.Lost, JobCauses.Vanished, "It had begun, is in the queue no more, and left no exit code: its node failed, or it was killed. Restart-DftJob runs it again.")
            : Closed(lost, JobState.Lost, JobCauses.NeverStarted, "It left the queue without having begun: cancelled, or thrown out by the scheduler. Restart-DftJob sends it again."));
    }

    private static StoredJob Settled(StoredJob ended, JobSighting seen, SchedulerJob record) => record switch
    {
        { State: SchedulerState.Completed } when seen.HasBegun && !seen.IsBundled => ended with { State = JobState.Finished, ExitCode = 0, Message = "The scheduler says so; its own marker is missing." },
        // Grid Engine does not tell a job that was deleted from one that was killed; whoever asked for its end got it.
        _ when ended.StopAsked => Closed(ended, JobState.Cancelled, JobCauses.Stopped, "Stop-DftJob ended it."),
        { ExitCode: RunnerScript.NoGuard } => Closed(ended, JobState.Failed, JobCauses.GuardNotMade, "Its guard could not be made on the cluster, so that it did not run: the disk is full, a quota is used up, or the folder cannot be written to."),
        { State: SchedulerState.Failed, ExitCode: { } code } when seen.HasBegun && code != RunnerScript.BegunBefore && !seen.IsBundled =>
            ended with { State = JobState.Failed, Cause = JobCauses.ExitCode, ExitCode = code, Message = string.Create(CultureInfo.InvariantCulture, $"The scheduler says that its script ended with exit code {code}; its own marker is missing.") },
        _ when seen.HasBegun => Closed(ended, JobState.Lost, JobCauses.Vanished, $"It had begun and left no exit code; the scheduler says {record.RawState}. Restart-DftJob runs it again."),
        _ => Closed(ended, JobState.Lost, JobCauses.NeverStarted, $"It has not begun, and the scheduler says {record.RawState}. Restart-DftJob sends it again."),
    };

    private static StoredJob NotBegunInBundle(StoredJob ended, JobSighting seen, SchedulerJob record)
    {
        (JobState state, string cause) = Special(record.State) is { State: JobState.Cancelled } ? (JobState.Cancelled, ended.StopAsked ? JobCauses.Stopped : JobCauses.CancelledOutside) : (JobState.Failed, JobCauses.BundleEnded);
        return Closed(ended with { Started = null }, state, cause, cause == JobCauses.BundleEnded ? $"Its bundle's allocation ended ({record.RawState}) before its turn came. Restart-DftJob sends it again." : Sentence(cause, ended, seen, record));
    }

    private static StoredJob ToldToEnd(StoredJob ended, JobSighting seen, TimeSpan? elapsed)
    {
        // Without the scheduler's word the clock tells: it is told to end when its time is over.
        bool timeOver = seen.WallTime is { } limit && elapsed >= limit - TimeSpan.FromSeconds(2);
        return timeOver ? Closed(ended, JobState.Failed, JobCauses.TimeLimit, Sentence(JobCauses.TimeLimit, ended, seen, null))
            : Closed(ended, JobState.Cancelled, ended.StopAsked ? JobCauses.Stopped : JobCauses.CancelledOutside, Sentence(ended.StopAsked ? JobCauses.Stopped : JobCauses.CancelledOutside, ended, seen, null));
    }

    /// <summary>Ends for which the scheduler's word is enough.</summary>
    private static (JobState State, string Cause)? Special(SchedulerState state) => state switch
    {
        SchedulerState.TimedOut => (JobState.Failed, JobCauses.TimeLimit),
        SchedulerState.OutOfMemory => (JobState.Failed, JobCauses.OutOfMemory),
        SchedulerState.NodeFailed => (JobState.Failed, JobCauses.NodeFailure),
        SchedulerState.Preempted => (JobState.Failed, JobCauses.Preempted),
        SchedulerState.Cancelled => (JobState.Cancelled, JobCauses.CancelledOutside),
        _ => null,
    };

    private static StoredJob Closed(StoredJob job, JobState state, string cause, string message)
    {
        bool byOwner = state == JobState.Cancelled && job.StopAsked;
        return job with { State = state, Cause = byOwner ? JobCauses.Stopped : cause, Message = byOwner ? "Stop-DftJob ended it." : message };
    }

    private static string Sentence(string cause, StoredJob job, JobSighting seen, SchedulerJob? record) => cause switch
    {
        JobCauses.TimeLimit => $"Its walltime{(seen.WallTime is { } t ? $" of {t:c}" : "")} was over. Restart-DftJob gives it more, and goes on from the last good geometry.",
        JobCauses.OutOfMemory => "It needed more memory than it had. Restart-DftJob asks for more.",
        JobCauses.NodeFailure => $"Its node{(record?.Nodes is { Length: > 0 } n ? $" ({n})" : "")} failed. Restart-DftJob runs it again.",
        JobCauses.Preempted => "It had to make room for another job. Restart-DftJob runs it again.",
        JobCauses.Stopped => "Stop-DftJob ended it.",
        _ => job.Started is null ? "It was cancelled on the cluster before it began." : "It was cancelled on the cluster.",
    };

    private static JobConclusion Wait(StoredJob job, JobSighting seen) => new(job with
    {
        State = JobState.Unknown,
        Cause = JobCauses.Settling,
        Message = "It is not in the queue any more, and neither its marker nor the scheduler tells yet how it ended.",
        Missing = job.Missing ?? seen.Now,
    });

    private static bool IsSettled(StoredJob job, JobSighting seen) => seen.SettleTime <= TimeSpan.Zero || (job.Missing is { } since && seen.Now - since >= seen.SettleTime);

    private static StoredJob Known(StoredJob job) => job with { Cause = null, Message = null, Missing = null };
}
