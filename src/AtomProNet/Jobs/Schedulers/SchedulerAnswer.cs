using System.Collections.Immutable;

namespace AtomProNet.Jobs.Schedulers;

/// <summary>Which jobs are asked for.</summary>
/// <param name="NamePrefix">What the names begin with; empty for all jobs of the user.</param>
/// <param name="Since">For the history: no job that ended before is wanted.</param>
/// <param name="Ids">For the history where a batch system can only be asked by id (SGE, PBS): the submissions of interest.</param>
public sealed record JobQuery(string NamePrefix, DateTimeOffset Since, ImmutableArray<string> Ids = default)
{
    /// <summary>The submissions of interest, never default.</summary>
    public ImmutableArray<string> Ids { get; init; } = Ids.IsDefault ? [] : Ids;
}

/// <summary>Which jobs an answer speaks of, and so what may be concluded when a job is not in it.</summary>
public enum AnswerScope
{
    /// <summary>Nothing is known.</summary>
    Nothing,
    /// <summary>Jobs that are queued or run: one that is not there has ended or was never accepted.</summary>
    Active,
    /// <summary>Also those that ended a short while ago, as long as the server keeps them: one that is not there may have been forgotten.</summary>
    Recent,
    /// <summary>All since the query's time, from the accounting. Records come some seconds late, so one that is not there yet may still come.</summary>
    Accounting,
}

/// <summary>The answer to a query.</summary>
public sealed record SchedulerAnswer
{
    /// <summary>Whether it can be believed: the command ran to its end, and every line was understood.</summary>
    public bool IsKnown => Scope != AnswerScope.Nothing;

    /// <summary>Which jobs it speaks of.</summary>
    public required AnswerScope Scope { get; init; }

    /// <summary>The jobs; empty where nothing is known.</summary>
    public ImmutableArray<SchedulerJob> Jobs { get; init; } = [];

    /// <summary>Why nothing is known.</summary>
    public string? Problem { get; init; }

    /// <summary>An answer that says nothing.</summary>
    public static SchedulerAnswer Unknown(string problem) => new() { Scope = AnswerScope.Nothing, Problem = problem };
}

/// <summary>How a submission ended.</summary>
public enum SubmitOutcome
{
    /// <summary>It is not known whether the batch system took the job: find out, never send it again blindly.</summary>
    Unknown,
    /// <summary>The batch system took it.</summary>
    Accepted,
    /// <summary>The batch system refused it, and will again.</summary>
    Refused,
    /// <summary>The batch system refused it for now, because a limit on the number of jobs is reached.</summary>
    LimitReached,
    /// <summary>The command did not run at all: the host was not reached, or the program is not there.</summary>
    NotRun,
}

/// <summary>The answer to a submission.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Id">The job's id where it was accepted.</param>
/// <param name="Reason">Why not, in the batch system's words.</param>
public sealed record SubmitAnswer(SubmitOutcome Outcome, string? Id = null, string? Reason = null);

/// <summary>The limits of a batch system; null where they are not known or there are none.</summary>
/// <param name="MaxArrayIndex">The greatest index of an array's task (Slurm: MaxArraySize − 1).</param>
/// <param name="MaxArrayTasks">The greatest number of tasks of an array.</param>
/// <param name="MaxJobs">The greatest number of jobs in the whole batch system (Slurm: MaxJobCount).</param>
/// <param name="MaxJobsPerUser">The greatest number of jobs that the user may have queued and running.</param>
/// <param name="Version">The batch system's version, as it writes it.</param>
public sealed record SchedulerLimits(int? MaxArrayIndex = null, int? MaxArrayTasks = null, int? MaxJobs = null, int? MaxJobsPerUser = null, string? Version = null);
