using System.Globalization;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Schedulers.Sge;

/// <summary>Grid Engine (Sun, Univa, Son of, Open), by <c>qsub</c>, <c>qstat</c>, <c>qacct</c> and <c>qdel</c> (manual pages of Son of Grid Engine 8.1.9).</summary>
/// <remarks>A job that was deleted before it began leaves no trace, so the history is never called complete. Jobs that wait for others start when those have ended, however.</remarks>
public sealed class SgeScheduler : IScheduler
{
    private const string Plain = "TZ=UTC0 LC_ALL=C SGE_LONG_JOB_NAMES=1; export TZ LC_ALL SGE_LONG_JOB_NAMES\n";

    /// <inheritdoc/>
    public string Name => "SGE";

    /// <inheritdoc/>
    public SchedulerFeatures Features => SchedulerFeatures.Arrays | SchedulerFeatures.ArrayLimit | SchedulerFeatures.AfterEnd | SchedulerFeatures.WarningSignal | SchedulerFeatures.History;

    /// <inheritdoc/>
    public IReadOnlyList<string> Programs => ["qsub", "qstat", "qdel", "qacct"];

    /// <inheritdoc/>
    public string BuildScript(JobRequest request, string body)
    {
        JobScriptText.ThrowUnlessPossible(this, request);
        if (request.WorkDirectory.AsSpan().IndexOfAny("\n\t") >= 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "SgeDirectoryPattern", "Grid Engine cannot work in a directory whose path holds a line break or a tab.", value: request.WorkDirectory, remedy: "Choose another work directory for this cluster.");
        }

        // JOB_ID is the array's, too; outside an array SGE_TASK_ID says "undefined".
        return JobScriptText.Compose(request, "#$", Options(request), "$JOB_ID", "$SGE_TASK_ID", IsList(request) ? JobScriptText.WithOwnFiles(request, body) : body);
    }

    /// <inheritdoc/>
    public string BuildSubmit(JobRequest request, string scriptName) =>
        $"cd {JobScriptText.Directory(request.WorkDirectory)} || exit {SchedulerText.CannotEnter}\nexec qsub {PosixShell.Join(["-terse", "-r", "n", "-N", request.Name, "-ac", "atompronet=" + request.Token, JobRequest.FileName(scriptName)])}\n";

    /// <inheritdoc/>
    public SubmitAnswer ParseSubmit(HostAnswer answer) => SgeAnswers.Submit(answer);

    /// <inheritdoc/>
    public string BuildQuery(JobQuery query) => Plain + "exec qstat -xml -r -g d -u \"$(id -un)\"\n";

    /// <inheritdoc/>
    public SchedulerAnswer ParseQuery(JobQuery query, HostAnswer answer) => SgeAnswers.Queue(query, answer);

    /// <inheritdoc/>
    public string BuildHistory(JobQuery query)
    {
        string since = query.Since.UtcDateTime.AddMinutes(-1).ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        return Plain + $"exec qacct -b {since} -o \"$(id -un)\" -j {PosixShell.Quote(query.NamePrefix + "*")}\n";
    }

    /// <inheritdoc/>
    public SchedulerAnswer ParseHistory(JobQuery query, HostAnswer answer) => SgeAnswers.History(query, answer);

    /// <inheritdoc/>
    public string BuildCancel(IReadOnlyList<SchedulerJobId> jobs)
    {
        foreach (SchedulerJobId job in jobs)
        {
            JobScriptText.ThrowUnlessId(job);
        }

        // qdel tells all on standard output, and calls it an error when a job is not there any more.
        return "c=0\n" + string.Concat(jobs.Chunk(200).Select(group =>
            $"o=$(LC_ALL=C qdel {PosixShell.Join(group.Select(j => j.ArrayIndex is { } index ? FormattableString.Invariant($"{j.Id}.{index}") : j.Id))} 2>&1)\n"
            + "r=$?; e=$(printf '%s\\n' \"$o\" | grep -Ev 'has deleted|has registered|already in deletion|does not exist|^$')\n[ $r -eq 0 ] || [ -z \"$e\" ] || { printf '%s\\n' \"$e\" >&2; c=$r; }\n")) + "exit $c\n";
    }

    /// <inheritdoc/>
    public string BuildLimits() => Plain + "qconf -sconf || exit $?\nqstat -help 2>&1 | head -n 1 | sed 's/^/version /'\nexit 0\n";

    /// <inheritdoc/>
    public SchedulerLimits ParseLimits(HostAnswer answer) => SgeAnswers.Limits(answer);

    /// <summary>
    /// Whether Grid Engine would take the path for something else: that of an output file is a list of host:path, and variables ($TASK_ID) are expanded in it and in the
    /// directory. There the job starts at home, and the script goes where it belongs and writes its files itself.
    /// </summary>
    private static bool IsList(JobRequest request) => request.WorkDirectory.AsSpan().IndexOfAny(",:$") >= 0;

    private static IEnumerable<string> Options(JobRequest request)
    {
        JobResources resources = request.Resources;
        string tail = request.Array is null ? "" : ".$TASK_ID";
        yield return $"-N {request.Name}";
        yield return "-S /bin/sh";
        if (!IsList(request))
        {
            yield return "-cwd";
        }

        yield return "-r n";
        yield return IsList(request) ? "-o /dev/null" : $"-o {request.OutputName}{tail}";
        yield return IsList(request) ? "-e /dev/null" : $"-e {request.ErrorName}{tail}";
        if (resources.Cores > 1 || resources.ParallelEnvironment is not null)
        {
            string environment = resources.ParallelEnvironment ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "SgeParallelEnvironmentMissing", "Grid Engine gives several slots only in a parallel environment, and which there are is the site's own.", remedy: "See 'qconf -spl', and name one with the cluster.");
            yield return Invariant($"-pe {environment} {resources.Cores}");
        }

        if (resources.WallTime is { } time)
        {
            yield return $"-l h_rt={JobScriptText.Clock(time)}";
            if (request.WarnBefore is { } warning && warning < time)
            {
                // The soft limit is told with SIGUSR1.
                yield return $"-l s_rt={JobScriptText.Clock(time - warning)}";
            }
        }

        if (resources.MemoryPerNode is { } memory)
        {
            // h_vmem counts for each slot.
            int slots = Math.Max(1, (int)Math.Ceiling((double)resources.Cores / (resources.Nodes ?? 1)));
            yield return Invariant($"-l h_vmem={(memory + slots - 1) / slots}M");
        }

        if (resources.Partition is { } queue)
        {
            yield return $"-q {queue}";
        }

        if (resources.Account is { } account)
        {
            yield return $"-P {account}";
        }

        if (request.Array is { } array)
        {
            yield return Invariant($"-t {array.First}-{array.Last}");
            if (array.MaxRunning is { } most)
            {
                yield return Invariant($"-tc {most}");
            }
        }

        if (request.DependsOn.Length > 0)
        {
            yield return $"-hold_jid {string.Join(',', request.DependsOn.Select(d => d.Id))}";
        }

        foreach (string option in resources.Options)
        {
            yield return option;
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
