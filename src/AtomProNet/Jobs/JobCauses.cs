namespace AtomProNet.Jobs;

/// <summary>Why a job stands where it stands: the identifiers in <see cref="DftJob.Cause"/>. A code's own causes (<c>Zbrent</c>, …) join them after receiving.</summary>
public static class JobCauses
{
    /// <summary>Its script ended with another exit code than 0.</summary>
    public const string ExitCode = nameof(ExitCode);

    /// <summary>Its walltime was over.</summary>
    public const string TimeLimit = nameof(TimeLimit);

    /// <summary>It needed more memory than it had asked for.</summary>
    public const string OutOfMemory = nameof(OutOfMemory);

    /// <summary>Its node failed.</summary>
    public const string NodeFailure = nameof(NodeFailure);

    /// <summary>It had to make room for another.</summary>
    public const string Preempted = nameof(Preempted);

    /// <summary>Its input was changed between planning and sending.</summary>
    public const string InputChanged = nameof(InputChanged);

    /// <summary>The scheduler would not have it.</summary>
    public const string Refused = nameof(Refused);

    /// <summary>Its owner stopped it with Stop-DftJob.</summary>
    public const string Stopped = nameof(Stopped);

    /// <summary>Somebody cancelled it on the cluster.</summary>
    public const string CancelledOutside = nameof(CancelledOutside);

    /// <summary>A job that it waited for did not succeed.</summary>
    public const string DependencyFailed = nameof(DependencyFailed);

    /// <summary>The allocation of its bundle ended before its turn came; it has not run.</summary>
    public const string BundleEnded = nameof(BundleEnded);

    /// <summary>It left the queue without having begun.</summary>
    public const string NeverStarted = nameof(NeverStarted);

    /// <summary>It had begun, left the queue, and left no exit code.</summary>
    public const string Vanished = nameof(Vanished);

    /// <summary>Its guard could not be made, so that it did not run: the cluster's disk is full or cannot be written to.</summary>
    public const string GuardNotMade = nameof(GuardNotMade);

    /// <summary>Its folder on the cluster is gone.</summary>
    public const string FolderGone = nameof(FolderGone);

    /// <summary>The cluster could not be asked.</summary>
    public const string NotReached = nameof(NotReached);

    /// <summary>It has left the queue, and what became of it is not known yet.</summary>
    public const string Settling = nameof(Settling);

    /// <summary>What the scheduler made of its submission is not known yet.</summary>
    public const string SubmissionUncertain = nameof(SubmissionUncertain);

    /// <summary>It waits and will not start by itself: held by a user or the administrator, or it asks for more than its partition or account gives to one job.</summary>
    public const string Held = nameof(Held);
}
