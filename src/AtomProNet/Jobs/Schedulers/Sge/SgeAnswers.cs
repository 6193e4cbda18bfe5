using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Jobs.Schedulers.Sge;

/// <summary>Reads the answers of Grid Engine's programs.</summary>
internal static partial class SgeAnswers
{
    internal static SubmitAnswer Submit(HostAnswer answer)
    {
        if (SchedulerText.NotSubmitted(answer) is { } not)
        {
            return not;
        }

        string? reason = SchedulerText.Lines(answer.Error).Select(l => l.Trim()).LastOrDefault(l => l.Length > 0 && l != "Exiting.") ?? SchedulerText.LastLine(answer.Output);
        if (answer.ExitCode == 0)
        {
            string[] ids = [.. SchedulerText.Lines(answer.Output).Select(l => IdLine().Match(l.Trim())).Where(m => m.Success).Select(m => m.Groups[1].Value)];
            return ids.Length == 1 ? new(SubmitOutcome.Accepted, ids[0]) : new(SubmitOutcome.Unknown, Reason: reason ?? "qsub told no id.");
        }

        if (answer.ExitCode is > 128 and < 255 || NoContact().IsMatch(answer.Error))
        {
            return new(SubmitOutcome.Unknown, Reason: reason);
        }

        if (Limit().IsMatch(answer.Error))
        {
            return new(SubmitOutcome.LimitReached, Reason: reason);
        }

        return Refusal().IsMatch(answer.Error) ? new(SubmitOutcome.Refused, Reason: reason) : new(SubmitOutcome.Unknown, Reason: reason ?? $"qsub failed ({answer.Describe()}).");
    }

    internal static SchedulerAnswer Queue(JobQuery query, HostAnswer answer)
    {
        if (SchedulerText.Failure(answer, "qstat") is { } failure)
        {
            return failure;
        }

        var jobs = new List<SchedulerJob>();
        try
        {
            // Some versions declare an encoding that they do not keep to; what was read is text already.
            using var reader = XmlReader.Create(new StringReader(answer.Output.Trim()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            foreach (XElement element in XDocument.Load(reader).Descendants("job_list"))
            {
                string? Field(string name) => element.Element(name)?.Value.Trim();
                string? id = Field("JB_job_number"), name = Field("full_job_name") ?? Field("JB_name"), raw = Field("state");
                if (id is null || name is null || raw is null)
                {
                    return SchedulerAnswer.Unknown("A job in qstat's answer has no number, name or state.");
                }

                if (!name.StartsWith(query.NamePrefix, StringComparison.Ordinal))
                {
                    continue;
                }

                bool waits = Field("predecessor_jobs") is not null;
                var job = new SchedulerJob
                {
                    Id = new(id),
                    Name = name,
                    State = State(raw, waits),
                    RawState = raw,
                    Reason = raw.Contains('E', StringComparison.Ordinal) ? "The job is in error; 'qstat -explain E -j ID' on the cluster says why." : waits ? "It waits for another job." : null,
                    Nodes = Field("queue_name") is { Length: > 0 } queue ? queue[(queue.IndexOf('@', StringComparison.Ordinal) + 1)..] : null,
                    User = Field("JB_owner"),
                    Submitted = SchedulerText.Time(Field("JB_submission_time") ?? ""),
                    Started = SchedulerText.Time(Field("JAT_start_time") ?? ""),
                };
                string? tasks = Field("tasks");
                if (string.IsNullOrEmpty(tasks))
                {
                    jobs.Add(job);
                }
                else if (SchedulerText.Indices(tasks) is { } indices)
                {
                    jobs.AddRange(indices.Select(i => job with { Id = new(id, i) }));
                }
                else
                {
                    return SchedulerAnswer.Unknown($"qstat's tasks were not understood: {tasks}");
                }
            }
        }
        catch (XmlException e)
        {
            return SchedulerAnswer.Unknown($"qstat's answer is no whole XML: {e.Message}");
        }

        return new SchedulerAnswer { Scope = AnswerScope.Active, Jobs = [.. jobs] };
    }

    internal static SchedulerAnswer History(JobQuery query, HostAnswer answer)
    {
        // qacct calls it an error when it finds nothing.
        if (answer.Outcome == HostOutcome.Finished && answer.ExitCode == 1 && answer.Error.Contains("not found", StringComparison.Ordinal) && answer.Error.Contains("error: job", StringComparison.Ordinal))
        {
            return new SchedulerAnswer { Scope = AnswerScope.Recent };
        }

        if (SchedulerText.Failure(answer, "qacct") is { } failure)
        {
            return failure;
        }

        var jobs = new List<SchedulerJob>();
        Dictionary<string, string>? fields = null;
        foreach (string line in SchedulerText.Lines(answer.Output).Append("==="))
        {
            if (line.StartsWith("===", StringComparison.Ordinal))
            {
                if (fields is not null && Ended(query, fields) is { } job)
                {
                    jobs.Add(job);
                }

                fields = new(StringComparer.Ordinal);
                continue;
            }

            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0 && fields is not null)
            {
                fields.TryAdd(line[..blank], line[blank..].Trim());
            }
        }

        return new SchedulerAnswer { Scope = AnswerScope.Recent, Jobs = [.. jobs] };
    }

    internal static SchedulerLimits Limits(HostAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            return new();
        }

        // 0 is no limit.
        int? Setting(string name) => SchedulerText.Lines(answer.Output).Select(l => l.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Where(p => p.Length == 2 && p[0] == name).Select(p => SchedulerText.Number(p[1])).FirstOrDefault() is > 0 and int n ? n : null;
        int? tasks = Setting("max_aj_tasks");
        string? version = SchedulerText.Lines(answer.Output).LastOrDefault(l => l.StartsWith("version ", StringComparison.Ordinal))?[8..];
        return new(null, tasks, Setting("max_jobs"), Setting("max_u_jobs"), version);
    }

    /// <summary>The letters of a state: d deletion, E error, h hold, r running, R restarted, s S suspended, t transferring, T threshold, w waiting, q queued (manual page of qstat).</summary>
    private static SchedulerState State(string raw, bool waits) =>
        raw.Contains('E', StringComparison.Ordinal) ? SchedulerState.Held
        : raw.Contains('d', StringComparison.Ordinal) ? SchedulerState.Completing
        : raw.AsSpan().IndexOfAny("sST") >= 0 ? SchedulerState.Suspended
        : raw.Contains('r', StringComparison.Ordinal) || raw.Contains('t', StringComparison.Ordinal) ? SchedulerState.Running
        : raw.Contains('h', StringComparison.Ordinal) ? (waits ? SchedulerState.Pending : SchedulerState.Held)
        : raw.Contains('q', StringComparison.Ordinal) || raw.Contains('w', StringComparison.Ordinal) || raw.Contains('R', StringComparison.Ordinal) ? SchedulerState.Pending
        : raw.Contains('z', StringComparison.Ordinal) ? SchedulerState.Ended
        : SchedulerState.Unknown;

    private static SchedulerJob? Ended(JobQuery query, Dictionary<string, string> fields)
    {
        string? Field(string name) => fields.GetValueOrDefault(name);
        if (Field("jobname") is not { } name || !name.StartsWith(query.NamePrefix, StringComparison.Ordinal) || Field("jobnumber") is not { } id)
        {
            return null;
        }

        int failed = SchedulerText.Number(Field("failed")?.Split(' ', ':')[0]) ?? 0;
        int? code = SchedulerText.Number(Field("exit_status")?.Split(' ')[0]);
        SchedulerState state = (failed, code) switch
        {
            (37, _) => IsMemory(Field("category") ?? "", Field("ru_wallclock") ?? "") ? SchedulerState.OutOfMemory : SchedulerState.TimedOut,
            // Rescheduled, migrated, or the execution host went away (man sge_status).
            (19 or 22 or 24 or 25 or 99, _) => SchedulerState.NodeFailed,
            (0, 0) => SchedulerState.Completed,
            _ => SchedulerState.Failed,
        };
        return new SchedulerJob
        {
            Id = new(id, SchedulerText.Number(Field("taskid"))),
            Name = name,
            State = state,
            RawState = FormattableString.Invariant($"failed {failed}"),
            ExitCode = code is > 128 and < 193 ? null : code,
            Signal = code is > 128 and < 193 ? code - 128 : null,
            Reason = failed == 0 ? null : Field("failed"),
            Nodes = Field("hostname"),
            User = Field("owner"),
            Submitted = Time(Field("qsub_time")),
            Started = Time(Field("start_time")),
            Ended = Time(Field("end_time")),
        };
    }

    /// <summary>Grid Engine has one message for the limits of time and of memory: where the time was not over, it was the memory.</summary>
    private static bool IsMemory(string category, string wallClock)
    {
        int? limit = RunTime().Match(category) is { Success: true } m ? SchedulerText.Number(m.Groups[1].Value) : null;
        int? used = SchedulerText.Number(wallClock.TrimEnd('s').Split('.')[0]);
        return category.Contains("h_vmem=", StringComparison.Ordinal) && (limit is null || used < limit);
    }

    private static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParseExact(text, ["ddd MMM d HH:mm:ss yyyy", "ddd MMM dd HH:mm:ss yyyy", "MM/dd/yyyy HH:mm:ss", "MM/dd/yyyy HH:mm:ss.fff"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out DateTimeOffset time) ? time : null;

    [GeneratedRegex(@"^(\d+)(\.\d+-\d+:\d+)?\z")]
    private static partial Regex IdLine();

    [GeneratedRegex(@"h_rt=(\d+)")]
    private static partial Regex RunTime();

    [GeneratedRegex(@"commlib|unable to (contact|send|receive)|can't (connect|resolve)|got (read|write|connect|send) (error|timeout)|qmaster (is not running|suspended)|Connection refused|timed? ?out", RegexOptions.IgnoreCase)]
    private static partial Regex NoContact();

    [GeneratedRegex(@"jobs are allowed per (user|project)|jobs? (are )?allowed in the cluster|max_u_jobs|exceed|quota", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();

    [GeneratedRegex(@"Unable to run job|Unable to read script|denied|rejected|unknown (option|resource)|ERROR!|invalid option", RegexOptions.IgnoreCase)]
    private static partial Regex Refusal();
}
