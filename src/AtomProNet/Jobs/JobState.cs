using System.Collections.Immutable;

namespace AtomProNet.Jobs;

/// <summary>Where a job stands. The order is that of its life; the last four are ends that are not the wanted one, or none at all.</summary>
public enum JobState
{
    /// <summary>It waits in the store; nothing of it has left this machine.</summary>
    Planned,
    /// <summary>Its files are on their way.</summary>
    Uploading,
    /// <summary>The scheduler is being asked to take it, and the answer is not in. What became of it is found out, never guessed.</summary>
    Submitting,
    /// <summary>The scheduler has it.</summary>
    Queued,
    /// <summary>It runs.</summary>
    Running,
    /// <summary>It ended with exit code 0.</summary>
    Finished,
    /// <summary>Its files are back, and the code that wrote them says that it reached its goal.</summary>
    Received,
    /// <summary>It ended otherwise; the cause says how.</summary>
    Failed,
    /// <summary>It was taken back before it ended, by its owner or by somebody else.</summary>
    Cancelled,
    /// <summary>It is gone: the scheduler knows it no more, and it left no exit code.</summary>
    Lost,
    /// <summary>Nobody could be asked. It is as it was; the next answer tells.</summary>
    Unknown,
}

/// <summary>What the states mean for those who wait, count or clean up.</summary>
public static class JobStates
{
    /// <summary>The states of jobs that will not change by themselves any more.</summary>
    public static ImmutableArray<JobState> Final { get; } = [JobState.Finished, JobState.Received, JobState.Failed, JobState.Cancelled, JobState.Lost];

    /// <summary>Whether a job in this state will not change by itself any more.</summary>
    public static bool IsFinal(this JobState state) => state is JobState.Finished or JobState.Received or JobState.Failed or JobState.Cancelled or JobState.Lost;

    /// <summary>Whether a job in this state has left this machine, or is about to, and has not ended.</summary>
    public static bool IsOut(this JobState state) => !state.IsFinal() && state != JobState.Planned;

    /// <summary>Whether a job in this state may be restarted.</summary>
    public static bool IsRestartable(this JobState state) => state is JobState.Failed or JobState.Cancelled or JobState.Lost;
}
