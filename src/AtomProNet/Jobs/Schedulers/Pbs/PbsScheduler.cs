using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Schedulers.Pbs;

/// <summary>PBS: OpenPBS and PBS Professional, and Torque (PBS Professional 2022.1 Reference Guide; Torque 6.1 Administrator Guide). Which it is, the host says when a job is submitted.</summary>
/// <remarks>
/// PBS spools what a job prints and brings it back at the end; so that it can be read before, the script writes it into the request's
/// files itself, and what PBS itself has to say about the job comes back as a third file, named as the output with <c>.pbs</c> behind it.
/// </remarks>
public sealed class PbsScheduler : IScheduler
{
    /// <summary>The variable in a job's environment, which a query shows, that holds the token: PBS has no comment for users.</summary>
    internal const string TokenVariable = "ATOMPRONET_TOKEN";

    // OpenPBS: "pbs_version = 19.1.3"; Torque: "Version: 6.1.2". Slurm's substitutes for PBS's commands know no --version, and no -t.
    private const string Dialect = "case $(qstat --version 2>&1) in *pbs_version*) pbs=open;; *'Unknown option'*) pbs=slurm;; *) pbs=torque;; esac\n";

    /// <inheritdoc/>
    public string Name => "PBS";

    /// <inheritdoc/>
    public SchedulerFeatures Features => SchedulerFeatures.Arrays | SchedulerFeatures.ArrayLimit | SchedulerFeatures.AfterSuccess | SchedulerFeatures.AfterEnd | SchedulerFeatures.Comment | SchedulerFeatures.History;

    /// <inheritdoc/>
    public IReadOnlyList<string> Programs => ["qsub", "qstat", "qdel"];

    /// <inheritdoc/>
    public string BuildScript(JobRequest request, string body)
    {
        JobScriptText.ThrowUnlessPossible(this, request);
        // The id of the whole array, as qsub told it: 12[].server for the task 12[3].server.
        string id = "$(printf '%s' \"${PBS_JOBID:-${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}}\" | sed 's/\\[[0-9]*\\]/[]/')";
        return JobScriptText.Compose(request, "#PBS", Options(request), id, "${PBS_ARRAY_INDEX:-${PBS_ARRAYID:-$SLURM_ARRAY_TASK_ID}}", JobScriptText.WithOwnFiles(request, body));
    }

    /// <inheritdoc/>
    public string BuildSubmit(JobRequest request, string scriptName)
    {
        JobScriptText.ThrowUnlessPossible(this, request);
        string script = JobRequest.FileName(scriptName);
        string common = PosixShell.Join(["-N", request.Name, "-r", "n", "-v", $"{TokenVariable}={request.Token}"]);
        return $"cd {JobScriptText.Directory(request.WorkDirectory)} || exit {SchedulerText.CannotEnter}\n"
            + "command -v qsub >/dev/null || { echo 'qsub: not found' >&2; exit 127; }\n" + Dialect
            + $"if [ $pbs = open ]; then\nexec qsub {common} {PosixShell.Join([.. PbsResources.Open(request)])} {script}\nelse\nexec qsub {common} {PosixShell.Join([.. PbsResources.Torque(request)])} {script}\nfi\n";
    }

    /// <inheritdoc/>
    public SubmitAnswer ParseSubmit(HostAnswer answer) => PbsAnswers.Submit(answer);

    /// <inheritdoc/>
    /// <remarks>qselect narrows the question to the user's own jobs; one that ends between the two commands is no error.</remarks>
    public string BuildQuery(JobQuery query) =>
        "LC_ALL=C; export LC_ALL\n" + Dialect + "x= t=-t\ncase $pbs in open) x=-x;; slurm) t=;; esac\n"
        + "if [ $pbs != slurm ] && command -v qselect >/dev/null 2>&1; then i=$(qselect $x -u \"$(id -un)\") || exit $?; [ -n \"$i\" ] || exit 0; else i=; fi\n"
        + "exec qstat $x -f $t $i\n";

    /// <inheritdoc/>
    public SchedulerAnswer ParseQuery(JobQuery query, HostAnswer answer) => PbsAnswers.Queue(query, answer);

    /// <inheritdoc/>
    /// <remarks>PBS's accounting is the administrator's; what users see of ended jobs (job_history_enable, keep_completed) is in the query.</remarks>
    public string BuildHistory(JobQuery query) => BuildQuery(query);

    /// <inheritdoc/>
    public SchedulerAnswer ParseHistory(JobQuery query, HostAnswer answer) => PbsAnswers.Queue(query, answer);

    /// <inheritdoc/>
    public string BuildCancel(IReadOnlyList<SchedulerJobId> jobs)
    {
        foreach (SchedulerJobId job in jobs)
        {
            JobScriptText.ThrowUnlessId(job);
        }

        return "LC_ALL=C; export LC_ALL; c=0\n" + string.Concat(jobs.Chunk(200).Select(group =>
            $"e=$(qdel {PosixShell.Join(group.Select(TaskId))} 2>&1)\n"
            + "r=$?; e=$(printf '%s\\n' \"$e\" | grep -Eiv 'Unknown Job Id|has finished|invalid state|Completed|^$')\n[ $r -eq 0 ] || [ -z \"$e\" ] || { printf '%s\\n' \"$e\" >&2; c=$r; }\n")) + "exit $c\n";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> MessageFiles(int? arrayIndex) => arrayIndex is { } index ? [SchedulerText.FileOf(JobRequest.DefaultOutputName + ".pbs", index), FormattableString.Invariant($"{JobRequest.DefaultOutputName}.pbs-{index}")] : [JobRequest.DefaultOutputName + ".pbs"];

    /// <inheritdoc/>
    public string BuildLimits() => "LC_ALL=C; export LC_ALL\nqstat -B -f || exit $?\nqstat --version 2>&1\nexit 0\n";

    /// <inheritdoc/>
    public SchedulerLimits ParseLimits(HostAnswer answer) => PbsAnswers.Limits(answer);

    /// <summary><c>12[].server</c> and task 3: <c>12[3].server</c>.</summary>
    internal static string TaskId(SchedulerJobId job) => job.ArrayIndex is { } index ? job.Id.Replace("[]", FormattableString.Invariant($"[{index}]"), StringComparison.Ordinal) : job.Id;

    private static IEnumerable<string> Options(JobRequest request)
    {
        JobResources resources = request.Resources;
        yield return $"-N {request.Name}";
        yield return "-S /bin/sh";
        yield return "-r n";
        yield return "-j oe";
        yield return $"-v {TokenVariable}={request.Token}";
        if (resources.WallTime is { } time)
        {
            yield return $"-l walltime={JobScriptText.Clock(time)}";
        }

        if (resources.Partition is { } queue)
        {
            yield return $"-q {queue}";
        }

        if (resources.Account is { } account)
        {
            yield return $"-A {account}";
        }

        foreach (string option in resources.Options)
        {
            yield return option;
        }
    }
}
