namespace AtomProNet.Jobs.Schedulers;

/// <summary>A job as its batch system names it.</summary>
/// <param name="Id">The id that the submission answered with, such as <c>4711</c> or <c>4711.pbs01</c>; of an array, the whole array's.</param>
/// <param name="ArrayIndex">The task; null for a single job or for the whole array.</param>
public readonly record struct SchedulerJobId(string Id, int? ArrayIndex = null)
{
    /// <summary><c>4711</c> or <c>4711_3</c>.</summary>
    public override string ToString() => ArrayIndex is { } index ? FormattableString.Invariant($"{Id}_{index}") : Id;
}

/// <summary>A job, or one task of an array, as the batch system tells of it. What it does not tell is null.</summary>
public sealed record SchedulerJob
{
    /// <summary>Id and array index.</summary>
    public required SchedulerJobId Id { get; init; }

    /// <summary>The job's name, whole.</summary>
    public required string Name { get; init; }

    /// <summary>The comment, which holds the token.</summary>
    public string? Comment { get; init; }

    /// <summary>The state in the words of this project.</summary>
    public required SchedulerState State { get; init; }

    /// <summary>The state as the batch system writes it.</summary>
    public required string RawState { get; init; }

    /// <summary>The exit code of the script, 0 to 255; null while it runs, where a signal ended it, and where it is not told.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended the script.</summary>
    public int? Signal { get; init; }

    /// <summary>Why it waits or ended, as the batch system writes it.</summary>
    public string? Reason { get; init; }

    /// <summary>The nodes.</summary>
    public string? Nodes { get; init; }

    /// <summary>The owner.</summary>
    public string? User { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset? Submitted { get; init; }

    /// <summary>When it began to run.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Ended { get; init; }
}

/// <summary>What may happen to a job, in words that hold for every batch system.</summary>
public enum SchedulerState
{
    /// <summary>The batch system says something that is not known here, or that it does not know.</summary>
    Unknown,
    /// <summary>It waits.</summary>
    Pending,
    /// <summary>It waits and will not start by itself: held by a user, the administrator, or after an error (see the reason).</summary>
    Held,
    /// <summary>It runs, or its nodes are being made ready.</summary>
    Running,
    /// <summary>It has begun and stands still for a while.</summary>
    Suspended,
    /// <summary>The script has ended; the batch system is still tidying up.</summary>
    Completing,
    /// <summary>Ended with exit code 0.</summary>
    Completed,
    /// <summary>Ended with another exit code or by a signal.</summary>
    Failed,
    /// <summary>Ended by a user or the administrator.</summary>
    Cancelled,
    /// <summary>Ended at its walltime or another limit of time.</summary>
    TimedOut,
    /// <summary>Ended for want of memory.</summary>
    OutOfMemory,
    /// <summary>Ended because its node failed or could not be started.</summary>
    NodeFailed,
    /// <summary>Ended to make room for another job.</summary>
    Preempted,
    /// <summary>Ended in a way that the batch system does not tell (it is gone, and no more is known).</summary>
    Ended,
}

/// <summary>What holds for states.</summary>
public static class SchedulerStates
{
    /// <summary>Whether the job has ended for good.</summary>
    public static bool IsFinal(this SchedulerState state) => state >= SchedulerState.Completed;

    /// <summary>Whether the job is queued or runs.</summary>
    public static bool IsActive(this SchedulerState state) => state is >= SchedulerState.Pending and <= SchedulerState.Completing;
}
