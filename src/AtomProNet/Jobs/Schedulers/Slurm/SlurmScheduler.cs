using System.Globalization;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Schedulers.Slurm;

/// <summary>Slurm, by <c>sbatch</c>, <c>squeue</c>, <c>sacct</c>, <c>scontrol</c> and <c>scancel</c> (manual pages of Slurm 20.11 to 24.05).</summary>
public sealed class SlurmScheduler : IScheduler
{
    // Times are asked for in UTC, and the user's own defaults for these programs must hide nothing.
    private const string Plain = "for v in $(env | sed -n 's/^\\(SQUEUE_[A-Z_]*\\|SACCT_[A-Z_]*\\)=.*/\\1/p'); do unset \"$v\"; done; unset SLURM_TIME_FORMAT; TZ=UTC0 LC_ALL=C; export TZ LC_ALL; ";

    /// <inheritdoc/>
    public string Name => "Slurm";

    /// <inheritdoc/>
    public SchedulerFeatures Features => SchedulerFeatures.Arrays | SchedulerFeatures.ArrayLimit | SchedulerFeatures.AfterSuccess | SchedulerFeatures.AfterEnd | SchedulerFeatures.Comment | SchedulerFeatures.WarningSignal | SchedulerFeatures.History;

    /// <inheritdoc/>
    public IReadOnlyList<string> Programs => ["sbatch", "squeue", "scancel", "scontrol", "sacct"];

    /// <inheritdoc/>
    public string BuildScript(JobRequest request, string body)
    {
        JobScriptText.ThrowUnlessPossible(this, request);
        return JobScriptText.Compose(request, "#SBATCH", Options(request), "${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}", "$SLURM_ARRAY_TASK_ID", IsPattern(request) ? JobScriptText.WithOwnFiles(request, body) : body);
    }

    /// <inheritdoc/>
    public string BuildSubmit(JobRequest request, string scriptName)
    {
        // Slurm reads a variable such as SBATCH_REQUEUE after the header and before the command line: what must not be otherwise stands here,
        // and variables for what the header says are taken away.
        string unset = string.Join(' ', Variables(request));
        string words = PosixShell.Join(["sbatch", "--parsable", "--no-requeue", $"--job-name={request.Name}", $"--comment={request.Token}", JobRequest.FileName(scriptName)]);
        return $"cd {JobScriptText.Directory(request.WorkDirectory)} || exit {SchedulerText.CannotEnter}\nunset {unset}\nexec {words}\n";
    }

    /// <inheritdoc/>
    public SubmitAnswer ParseSubmit(HostAnswer answer) => SlurmAnswers.Submit(answer);

    /// <inheritdoc/>
    public string BuildQuery(JobQuery query) => Plain + $"exec squeue -h -r -t all -u \"$(id -un)\" -o {PosixShell.Quote(SlurmAnswers.QueueFormat)}\n";

    /// <inheritdoc/>
    public SchedulerAnswer ParseQuery(JobQuery query, HostAnswer answer) => SlurmAnswers.Queue(query, answer);

    /// <inheritdoc/>
    /// <remarks>Without an accounting sacct fails at once and says so; then the server is asked for the jobs that it still has in memory (MinJobAge).</remarks>
    public string BuildHistory(JobQuery query)
    {
        string since = query.Since.UtcDateTime.AddSeconds(-1).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return Plain + $"e=$(sacct -n -P -X -S {since} -E now+1days -s {SlurmAnswers.AccountingStates} -u \"$(id -un)\" -o {SlurmAnswers.AccountingFields} 2>&1 >&3) 3>&1; c=$?\n"
            + $"case $e in *'accounting storage is disabled'*) printf '%s\\n' '{SlurmAnswers.FromController}'; exec scontrol -o show job;; esac\n"
            + "printf '%s\\n' \"$e\" >&2\nexit $c\n";
    }

    /// <inheritdoc/>
    public SchedulerAnswer ParseHistory(JobQuery query, HostAnswer answer) => SlurmAnswers.History(query, answer);

    /// <inheritdoc/>
    public string BuildCancel(IReadOnlyList<SchedulerJobId> jobs)
    {
        foreach (SchedulerJobId job in jobs)
        {
            JobScriptText.ThrowUnlessId(job);
        }

        // One after the other in groups: a command line has a limit.
        return "c=0\n" + string.Concat(jobs.Chunk(500).Select(group => $"scancel -Q {PosixShell.Join(group.Select(j => j.ToString()))} || c=$?\n")) + "exit $c\n";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> MessageFiles(int? arrayIndex) => [SchedulerText.FileOf(JobRequest.DefaultErrorName, arrayIndex)];

    /// <inheritdoc/>
    public string BuildLimits() => Plain + $"scontrol show config || exit $?\nprintf '\\n%s\\n' '{SlurmAnswers.Associations}'\nsacctmgr -n -P show assoc where user=\"$(id -un)\" format=maxsubmit 2>/dev/null\nexit 0\n";

    /// <inheritdoc/>
    public SchedulerLimits ParseLimits(HostAnswer answer) => SlurmAnswers.Limits(answer);

    /// <summary>
    /// Whether slurmd would take the directory for a pattern: it expands % and \ in the whole path of the output file, not in its name alone, and fails the
    /// job at its start. There the script writes its files itself; what slurmd has to say about the job is then in Slurm's answers alone.
    /// </summary>
    private static bool IsPattern(JobRequest request) => request.WorkDirectory.AsSpan().ContainsAny('%', '\\');

    private static IEnumerable<string> Options(JobRequest request)
    {
        JobResources resources = request.Resources;
        string tail = request.Array is null ? "" : ".%a";
        yield return $"--job-name={request.Name}";
        yield return $"--comment={request.Token}";
        yield return "--no-requeue";
        yield return IsPattern(request) ? "--output=/dev/null" : $"--output={request.OutputName}{tail}";
        yield return IsPattern(request) ? "--error=/dev/null" : $"--error={request.ErrorName}{tail}";
        yield return Invariant($"--ntasks={resources.Tasks}");
        yield return Invariant($"--cpus-per-task={resources.ThreadsPerTask}");
        if (resources.Nodes is { } nodes)
        {
            yield return Invariant($"--nodes={nodes}");
        }

        if (resources.MemoryPerNode is { } memory)
        {
            yield return Invariant($"--mem={memory}M");
        }

        if (resources.WallTime is { } time)
        {
            yield return $"--time={JobScriptText.Clock(time)}";
        }

        if (resources.Partition is { } partition)
        {
            yield return $"--partition={partition}";
        }

        if (resources.Account is { } account)
        {
            yield return $"--account={account}";
        }

        if (resources.QualityOfService is { } quality)
        {
            yield return $"--qos={quality}";
        }

        if (request.Array is { } array)
        {
            yield return Invariant($"--array={array.First}-{array.Last}{(array.MaxRunning is { } most ? Invariant($"%{most}") : "")}");
        }

        if (request.DependsOn.Length > 0)
        {
            yield return $"--dependency={(request.Dependency == DependencyKind.AfterSuccess ? "afterok" : "afterany")}:{string.Join(':', request.DependsOn)}";
            yield return "--kill-on-invalid-dep=yes";
        }

        if (request.WarnBefore is { } warning)
        {
            yield return Invariant($"--signal=B:USR1@{(int)Math.Ceiling(warning.TotalSeconds)}");
        }

        foreach (string option in resources.Options)
        {
            yield return option;
        }
    }

    private static IEnumerable<string> Variables(JobRequest request)
    {
        JobResources resources = request.Resources;
        string[] always = ["SBATCH_JOB_NAME", "SBATCH_REQUEUE", "SBATCH_NO_REQUEUE", "SBATCH_OUTPUT", "SBATCH_ERROR", "SBATCH_ARRAY_INX", "SBATCH_WAIT", "SBATCH_IGNORE_PBS", "SBATCH_OPEN_MODE", "SBATCH_WAIT_ALL_NODES"];
        return always
            .Concat(resources.WallTime is null ? [] : ["SBATCH_TIMELIMIT"])
            .Concat(resources.Partition is null ? [] : ["SBATCH_PARTITION"])
            .Concat(resources.Account is null ? [] : ["SBATCH_ACCOUNT"])
            .Concat(resources.QualityOfService is null ? [] : ["SBATCH_QOS"])
            .Concat(resources.MemoryPerNode is null ? [] : ["SBATCH_MEM_PER_NODE", "SBATCH_MEM_PER_CPU", "SBATCH_MEM_PER_GPU"])
            .Concat(request.WarnBefore is null ? [] : ["SBATCH_SIGNAL"]);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
