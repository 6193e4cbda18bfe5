using System.Text.RegularExpressions;

namespace AtomProNet.Jobs.Schedulers.Slurm;

/// <summary>Slurm's states (manual page of squeue, "Job state codes"), long and short.</summary>
internal static partial class SlurmStates
{
    /// <summary>The state.</summary>
    /// <param name="raw">As Slurm writes it; sacct appends <c>by 1000</c> to CANCELLED and a <c>+</c> to what it shortens.</param>
    /// <param name="reason">Why a job waits.</param>
    internal static SchedulerState Of(string raw, string? reason)
    {
        string word = raw.Split(' ', 2)[0].TrimEnd('+');
        return word switch
        {
            "PENDING" or "PD" => reason is not null && NeverStarts().IsMatch(reason) ? SchedulerState.Held : SchedulerState.Pending,
            "REQUEUED" or "RQ" or "REQUEUE_FED" or "RF" => SchedulerState.Pending,
            "REQUEUE_HOLD" or "RH" or "RESV_DEL_HOLD" or "RD" or "SPECIAL_EXIT" or "SE" => SchedulerState.Held,
            "RUNNING" or "R" or "CONFIGURING" or "CF" or "RESIZING" or "RS" or "SIGNALING" or "SI" or "POWER_UP_NODE" => SchedulerState.Running,
            "SUSPENDED" or "S" or "STOPPED" or "ST" => SchedulerState.Suspended,
            "COMPLETING" or "CG" or "STAGE_OUT" or "SO" => SchedulerState.Completing,
            "COMPLETED" or "CD" => SchedulerState.Completed,
            "FAILED" or "F" or "LAUNCH_FAILED" or "RECONFIG_FAIL" => SchedulerState.Failed,
            "CANCELLED" or "CA" => SchedulerState.Cancelled,
            "TIMEOUT" or "TO" or "DEADLINE" or "DL" => SchedulerState.TimedOut,
            "OUT_OF_MEMORY" or "OOM" => SchedulerState.OutOfMemory,
            "NODE_FAIL" or "NF" or "BOOT_FAIL" or "BF" => SchedulerState.NodeFailed,
            "PREEMPTED" or "PR" => SchedulerState.Preempted,
            // A sibling in a federation of clusters took the job over.
            "REVOKED" or "RV" => SchedulerState.Cancelled,
            _ => SchedulerState.Unknown,
        };
    }

    // Why a job waits that no amount of waiting helps (manual page of squeue, "Job reason codes"): it is held, or asks for more than its partition or account gives to one job.
    [GeneratedRegex(@"^(JobHeld\w*|DependencyNeverSatisfied|BadConstraints|launch_failed_requeued_held|Partition(Time|Node)Limit|(Assoc|QOS)Max\w*PerJob\w*|QOSMin\w*|Invalid(Account|QOS))\z")]
    private static partial Regex NeverStarts();
}
