using System.Text.RegularExpressions;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Schedulers.Lsf;

/// <summary>IBM Spectrum LSF 10.1, by <c>bsub</c>, <c>bjobs</c> and <c>bkill</c> (its Command Reference). Tested from recorded text alone.</summary>
public sealed partial class LsfScheduler : IScheduler
{
    // The description and the name, which alone are free text, come last.
    private const string Fields = "jobid jobindex stat user exec_host exit_code exit_reason pend_reason job_description job_name delimiter='|'";
    private const int FieldCount = 10;

    /// <inheritdoc/>
    public string Name => "LSF";

    /// <inheritdoc/>
    public SchedulerFeatures Features => SchedulerFeatures.Arrays | SchedulerFeatures.ArrayLimit | SchedulerFeatures.AfterSuccess | SchedulerFeatures.AfterEnd | SchedulerFeatures.Comment | SchedulerFeatures.WarningSignal | SchedulerFeatures.History;

    /// <inheritdoc/>
    public IReadOnlyList<string> Programs => ["bsub", "bjobs", "bkill"];

    /// <inheritdoc/>
    public string BuildScript(JobRequest request, string body)
    {
        JobScriptText.ThrowUnlessPossible(this, request);
        if (request.WorkDirectory.AsSpan().IndexOfAny("%\n") >= 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "LsfDirectoryPattern", "LSF cannot write into a directory whose path holds '%' or a line break: it takes the first for a pattern.", value: request.WorkDirectory, remedy: "Choose another work directory for this cluster.");
        }

        // Outside an array the index is 0.
        return JobScriptText.Compose(request, "#BSUB", Options(request), "$LSB_JOBID", "$LSB_JOBINDEX", body);
    }

    /// <inheritdoc/>
    public string BuildSubmit(JobRequest request, string scriptName) =>
        // bsub reads the header only from standard input.
        $"cd {JobScriptText.Directory(request.WorkDirectory)} || exit {SchedulerText.CannotEnter}\nexec bsub <{PosixShell.Quote("./" + JobRequest.FileName(scriptName))}\n";

    /// <inheritdoc/>
    public SubmitAnswer ParseSubmit(HostAnswer answer)
    {
        if (SchedulerText.NotSubmitted(answer) is { } not)
        {
            return not;
        }

        string? reason = SchedulerText.LastLine(answer.Error) ?? SchedulerText.LastLine(answer.Output);
        if (answer.ExitCode == 0)
        {
            MatchCollection ids = Submitted().Matches(answer.Output);
            return ids.Count == 1 ? new(SubmitOutcome.Accepted, ids[0].Groups[1].Value) : new(SubmitOutcome.Unknown, Reason: reason ?? "bsub told no id.");
        }

        return NoContact().IsMatch(answer.Error) ? new(SubmitOutcome.Unknown, Reason: reason)
            : Limit().IsMatch(answer.Error) ? new(SubmitOutcome.LimitReached, Reason: reason)
            : answer.Error.Contains("Job not submitted", StringComparison.Ordinal) || answer.Error.Contains("Request aborted", StringComparison.Ordinal) ? new(SubmitOutcome.Refused, Reason: reason)
            : new(SubmitOutcome.Unknown, Reason: reason ?? $"bsub failed ({answer.Describe()}).");
    }

    /// <inheritdoc/>
    public string BuildQuery(JobQuery query) => $"LC_ALL=C; export LC_ALL; unset LSB_BJOBS_FORMAT\nexec bjobs -a -noheader -u \"$(id -un)\" -o {PosixShell.Quote(Fields)}\n";

    /// <inheritdoc/>
    public SchedulerAnswer ParseQuery(JobQuery query, HostAnswer answer)
    {
        // Depending on LSB_BJOBS_CONSISTENT_EXIT_CODE this is an error or not.
        if (answer.Outcome == HostOutcome.Finished && answer.OutputBytes.IsEmpty && NoJobs().IsMatch(answer.Error))
        {
            return new SchedulerAnswer { Scope = AnswerScope.Recent };
        }

        if (SchedulerText.Failure(answer, "bjobs") is { } failure)
        {
            return failure;
        }

        var jobs = new List<SchedulerJob>();
        foreach (string line in SchedulerText.Lines(answer.Output))
        {
            string[] fields = line.Split('|', FieldCount);
            if (fields.Length < FieldCount || SchedulerText.Number(fields[0]) is null)
            {
                if (query.NamePrefix.Length > 0 && line.Contains("|" + query.NamePrefix, StringComparison.Ordinal))
                {
                    return SchedulerAnswer.Unknown($"bjobs' line was not understood: {line}");
                }

                continue;
            }

            // An array's task: name[3].
            string name = TaskName().Replace(fields[9].Trim(), "");
            if (!name.StartsWith(query.NamePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            int? index = SchedulerText.Number(fields[1]), code = SchedulerText.Number(fields[5]);
            SchedulerState state = State(fields[2].Trim(), fields[6]);
            jobs.Add(new SchedulerJob
            {
                Id = new(fields[0].Trim(), index is > 0 ? index : null),
                Name = name,
                Comment = SchedulerText.Value(fields[8]),
                State = state,
                RawState = fields[2].Trim(),
                ExitCode = state == SchedulerState.Completed ? 0 : state.IsFinal() && code is not (> 128 and < 193) ? code : null,
                Signal = state.IsFinal() && code is > 128 and < 193 ? code - 128 : null,
                Reason = SchedulerText.Value(fields[6]) ?? SchedulerText.Value(fields[7]),
                Nodes = SchedulerText.Value(fields[4]),
                User = SchedulerText.Value(fields[3]),
            });
        }

        return new SchedulerAnswer { Scope = AnswerScope.Recent, Jobs = [.. jobs] };
    }

    /// <inheritdoc/>
    /// <remarks>The query tells ended jobs as long as LSF keeps them in memory (CLEAN_PERIOD, an hour by default).</remarks>
    public string BuildHistory(JobQuery query) => BuildQuery(query);

    /// <inheritdoc/>
    public SchedulerAnswer ParseHistory(JobQuery query, HostAnswer answer) => ParseQuery(query, answer);

    /// <inheritdoc/>
    public string BuildCancel(IReadOnlyList<SchedulerJobId> jobs)
    {
        foreach (SchedulerJobId job in jobs)
        {
            JobScriptText.ThrowUnlessId(job);
        }

        return "LC_ALL=C; export LC_ALL; c=0\n" + string.Concat(jobs.Chunk(200).Select(group =>
            $"e=$(bkill {PosixShell.Join(group.Select(j => j.ArrayIndex is { } index ? FormattableString.Invariant($"{j.Id}[{index}]") : j.Id))} 2>&1)\n"
            + "r=$?; e=$(printf '%s\\n' \"$e\" | grep -Ev 'is being terminated|has already finished|No matching job found|No such job|^$')\n[ $r -eq 0 ] || [ -z \"$e\" ] || { printf '%s\\n' \"$e\" >&2; c=$r; }\n")) + "exit $c\n";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> MessageFiles(int? arrayIndex) => [SchedulerText.FileOf(JobRequest.DefaultOutputName, arrayIndex)];

    /// <inheritdoc/>
    public string BuildLimits() => "LC_ALL=C; export LC_ALL\nbparams -l || exit $?\nbsub -V 2>&1 | head -n 1\nexit 0\n";

    /// <inheritdoc/>
    public SchedulerLimits ParseLimits(HostAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            return new();
        }

        int? Setting(string name) => Regex.Match(answer.Output, $@"\b{name}\s*=\s*(\d+)") is { Success: true } m ? SchedulerText.Number(m.Groups[1].Value) : null;
        // MAX_JOB_ARRAY_SIZE is 1000 where it is not set.
        int size = Setting("MAX_JOB_ARRAY_SIZE") ?? 1000;
        return new(size, size, Setting("MAX_PEND_JOBS"), null, SchedulerText.Lines(answer.Output).LastOrDefault(l => l.Contains("LSF", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Options(JobRequest request)
    {
        JobResources resources = request.Resources;
        string tail = request.Array is null ? "" : ".%I";
        yield return request.Array is { } array ? Invariant($"-J \"{request.Name}[{array.First}-{array.Last}]{(array.MaxRunning is { } most ? Invariant($"%{most}") : "")}\"") : $"-J {request.Name}";
        yield return $"-Jd {request.Token}";
        yield return "-rn";
        yield return $"-o {request.OutputName}{tail}";
        yield return $"-e {request.ErrorName}{tail}";
        yield return Invariant($"-n {resources.Cores}");
        if (resources.Nodes is { } nodes)
        {
            yield return Invariant($"-R \"span[ptile={(resources.Cores + nodes - 1) / nodes}]\"");
        }

        if (resources.MemoryPerNode is { } memory)
        {
            yield return Invariant($"-M {memory}MB");
        }

        if (resources.WallTime is { } time)
        {
            // Whole minutes.
            yield return Invariant($"-W {(int)Math.Ceiling(time.TotalMinutes)}");
            if (request.WarnBefore is { } warning && warning < time)
            {
                yield return Invariant($"-wa USR1 -wt {Math.Max(1, (int)Math.Ceiling(warning.TotalMinutes))}");
            }
        }

        if (resources.Partition is { } queue)
        {
            yield return $"-q {queue}";
        }

        if (resources.Account is { } account)
        {
            yield return $"-P {account}";
        }

        if (request.DependsOn.Length > 0)
        {
            string condition = request.Dependency == DependencyKind.AfterSuccess ? "done" : "ended";
            yield return $"-w \"{string.Join(" && ", request.DependsOn.Select(d => $"{condition}({d.Id})"))}\"";
        }

        foreach (string option in resources.Options)
        {
            yield return option;
        }
    }

    private static SchedulerState State(string raw, string reason) => raw switch
    {
        "PEND" or "WAIT" or "PROV" or "FWD_PEND" => SchedulerState.Pending,
        "PSUSP" => SchedulerState.Held,
        "RUN" => SchedulerState.Running,
        "USUSP" or "SSUSP" => SchedulerState.Suspended,
        "DONE" => SchedulerState.Completed,
        "EXIT" => reason switch
        {
            _ when reason.Contains("TERM_RUNLIMIT", StringComparison.Ordinal) || reason.Contains("TERM_DEADLINE", StringComparison.Ordinal) || reason.Contains("TERM_CPULIMIT", StringComparison.Ordinal) => SchedulerState.TimedOut,
            _ when reason.Contains("TERM_MEMLIMIT", StringComparison.Ordinal) || reason.Contains("TERM_SWAP", StringComparison.Ordinal) => SchedulerState.OutOfMemory,
            _ when reason.Contains("TERM_OWNER", StringComparison.Ordinal) || reason.Contains("TERM_ADMIN", StringComparison.Ordinal) || reason.Contains("TERM_FORCE", StringComparison.Ordinal) || reason.Contains("TERM_REMOVE_HUNG", StringComparison.Ordinal) => SchedulerState.Cancelled,
            _ when reason.Contains("TERM_PREEMPT", StringComparison.Ordinal) => SchedulerState.Preempted,
            _ when reason.Contains("TERM_ZOMBIE", StringComparison.Ordinal) || reason.Contains("TERM_UNKNOWN_HOST", StringComparison.Ordinal) => SchedulerState.NodeFailed,
            _ => SchedulerState.Failed,
        },
        // The host does not answer; the job may run on.
        "UNKWN" or "ZOMBI" => SchedulerState.Unknown,
        _ => SchedulerState.Unknown,
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex(@"^Job <(\d+)> is submitted to ", RegexOptions.Multiline)]
    private static partial Regex Submitted();

    [GeneratedRegex(@"\[\d+\]\z")]
    private static partial Regex TaskName();

    [GeneratedRegex(@"No (unfinished )?job found|No matching job found")]
    private static partial Regex NoJobs();

    [GeneratedRegex(@"LSF is down|daemon not responding|Please wait|Communication time ?out|Failed in (sending|receiving)|ls_connect|Cannot connect|Connection (refused|reset)|not respond", RegexOptions.IgnoreCase)]
    private static partial Regex NoContact();

    [GeneratedRegex(@"[Pp]ending job (slot )?(limit|threshold)|job limit|MAX_PEND", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();
}
