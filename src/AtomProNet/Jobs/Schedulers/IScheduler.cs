using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Jobs.Schedulers;

/// <summary>
/// A batch system: how its commands are written and its answers read. All of it is pure functions on text, so that it can be tested
/// from recorded answers; an <see cref="IHost"/> runs the commands. A new batch system is a new implementation of this and nothing else.
/// </summary>
/// <remarks>
/// Each command is one text for <c>/bin/sh</c> whose exit code is that of the batch system's own tool. An answer that cannot be
/// believed (the host was lost, the tool failed, a line is cut) comes back as not known with the reason, never as an empty list:
/// "not in the answer" may be concluded only from an answer with <see cref="SchedulerAnswer.IsKnown"/>.
/// </remarks>
public interface IScheduler
{
    /// <summary>The name, as a user writes it: <c>Slurm</c>, <c>PBS</c>, <c>SGE</c>, <c>LSF</c>, <c>Local</c>.</summary>
    string Name { get; }

    /// <summary>What it can do; what it cannot is refused by name when a request asks for it.</summary>
    SchedulerFeatures Features { get; }

    /// <summary>The programs that must be on the host's PATH, for the check of a cluster.</summary>
    IReadOnlyList<string> Programs { get; }

    /// <summary>
    /// The whole script to be submitted: interpreter line, header with the resources, the lines that set <c>ATOMPRONET_JOB_ID</c> and
    /// <c>ATOMPRONET_ARRAY_INDEX</c> (empty outside an array), a <c>cd</c> into the work directory, then the body.
    /// </summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="body">Commands for <c>/bin/sh</c>, the same for every batch system.</param>
    /// <exception cref="AtomProNetException">The request asks for what this batch system has not (see <see cref="Features"/>), or a value cannot stand in a header.</exception>
    string BuildScript(JobRequest request, string body);

    /// <summary>The command that submits the script, which lies in the request's work directory.</summary>
    /// <param name="request">The same request as for <see cref="BuildScript"/>.</param>
    /// <param name="scriptName">The script's name in the work directory: a plain word.</param>
    string BuildSubmit(JobRequest request, string scriptName);

    /// <summary>Whether the job was accepted, refused, or whether that is not known.</summary>
    SubmitAnswer ParseSubmit(HostAnswer answer);

    /// <summary>One command for all jobs of the user that are queued or running, however many.</summary>
    string BuildQuery(JobQuery query);

    /// <summary>The jobs whose name begins with the query's prefix, array tasks one by one.</summary>
    SchedulerAnswer ParseQuery(JobQuery query, HostAnswer answer);

    /// <summary>One command for the jobs that have ended since the query's time, as far as the batch system remembers them.</summary>
    /// <remarks>Where there is an accounting, from it; else from what the server still has in memory. <see cref="SchedulerAnswer.Scope"/> says which.</remarks>
    string BuildHistory(JobQuery query);

    /// <summary>The ended (and running) jobs whose name begins with the query's prefix, array tasks one by one.</summary>
    SchedulerAnswer ParseHistory(JobQuery query, HostAnswer answer);

    /// <summary>The command that cancels jobs; one that is not there any more is no error.</summary>
    string BuildCancel(IReadOnlyList<SchedulerJobId> jobs);

    /// <summary>The files in the work directory in which the batch system itself may have said why it ended a job: see <see cref="SchedulerMessages"/>.</summary>
    /// <param name="arrayIndex">The task; null outside an array.</param>
    IReadOnlyList<string> MessageFiles(int? arrayIndex) => [];

    /// <summary>The command that asks for the limits.</summary>
    string BuildLimits();

    /// <summary>The limits; those that are not known are null.</summary>
    SchedulerLimits ParseLimits(HostAnswer answer);
}

/// <summary>What a batch system can do.</summary>
[Flags]
public enum SchedulerFeatures
{
    /// <summary>Nothing beyond single jobs.</summary>
    None = 0,
    /// <summary>Arrays: one submission, many tasks.</summary>
    Arrays = 1,
    /// <summary>A limit on the tasks of an array that run at a time.</summary>
    ArrayLimit = 2,
    /// <summary>A job that starts only when others have succeeded.</summary>
    AfterSuccess = 4,
    /// <summary>A job that starts when others have ended, however.</summary>
    AfterEnd = 8,
    /// <summary>A comment that comes back with a query; without it the token stands in the job's name alone.</summary>
    Comment = 16,
    /// <summary>A signal some time before the walltime is over.</summary>
    WarningSignal = 32,
    /// <summary>A memory of ended jobs.</summary>
    History = 64,
}
