using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Jobs.Schedulers.Pbs;

/// <summary>Reads the answers of PBS's programs.</summary>
internal static partial class PbsAnswers
{
    internal static SubmitAnswer Submit(HostAnswer answer)
    {
        if (SchedulerText.NotSubmitted(answer) is { } not)
        {
            return not;
        }

        // Slurm's substitute tells errors on standard output, too. A last line that is a closing quote says nothing.
        string said = answer.Error + "\n" + answer.Output;
        string? reason = SchedulerText.Lines(said).Select(l => l.Trim(' ', '\'', '\t')).LastOrDefault(l => l.Length > 0);
        if (answer.ExitCode == 0)
        {
            string[] ids = [.. SchedulerText.Lines(answer.Output).Select(l => l.Trim()).Where(l => IdLine().IsMatch(l))];
            return ids.Length == 1 ? new(SubmitOutcome.Accepted, ids[0]) : new(SubmitOutcome.Unknown, Reason: reason ?? "qsub told no id.");
        }

        bool isRefused = Refusal().IsMatch(said);
        if (NoContact().IsMatch(said) || (answer.ExitCode is > 128 and < 255 && !isRefused))
        {
            return new(SubmitOutcome.Unknown, Reason: reason);
        }

        return Limit().IsMatch(said) ? new(SubmitOutcome.LimitReached, Reason: reason)
            : isRefused ? new(SubmitOutcome.Refused, Reason: reason)
            : new(SubmitOutcome.Unknown, Reason: reason ?? $"qsub failed ({answer.Describe()}).");
    }

    internal static SchedulerAnswer Queue(JobQuery query, HostAnswer answer)
    {
        // A job that ended between qselect and qstat: the others are told all the same.
        bool onlyGone = answer.Outcome == HostOutcome.Finished && answer.ExitCode != 0 && answer.Error.Trim().Length > 0 && SchedulerText.Lines(answer.Error).All(l => Gone().IsMatch(l));
        if (!onlyGone && SchedulerText.Failure(answer, "qstat") is { } failure)
        {
            return failure;
        }

        var tasks = new List<SchedulerJob>();
        var arrays = new List<(SchedulerJob Job, string? Indices)>();
        foreach (string record in Regex.Split("\n" + answer.Output.ReplaceLineEndings("\n"), @"\nJob Id:[ \t]*").Skip(1))
        {
            // A long value goes on behind a tab in the next line. Slurm's substitutes begin each line with a tab, and break none.
            string whole = record.Contains("\n    ", StringComparison.Ordinal) ? record.Replace("\n\t", "", StringComparison.Ordinal) : record.Replace("\n\t", "\n    ", StringComparison.Ordinal);
            string[] lines = whole.Split('\n');
            string id = lines[0].Trim();
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (string line in lines.Skip(1))
            {
                int equals = line.IndexOf(" = ", StringComparison.Ordinal);
                if (line.StartsWith("    ", StringComparison.Ordinal) && equals > 0)
                {
                    fields.TryAdd(line[..equals].Trim(), line[(equals + 3)..].Trim());
                }
            }

            if (!fields.TryGetValue("Job_Name", out string? name) || !fields.TryGetValue("job_state", out string? raw))
            {
                return SchedulerAnswer.Unknown($"qstat tells neither name nor state of job {id}.");
            }

            // Torque names the tasks of an array with their index: name-3.
            Match task = TaskId().Match(id);
            if (task.Success && name.EndsWith("-" + task.Groups[2].Value, StringComparison.Ordinal))
            {
                name = name[..^(task.Groups[2].Length + 1)];
            }

            if (!name.StartsWith(query.NamePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            SchedulerJob job = Job(id, name, raw, fields);
            if (task.Success)
            {
                tasks.Add(job with { Id = new($"{task.Groups[1].Value}[]{task.Groups[3].Value}", SchedulerText.Number(task.Groups[2].Value)) });
            }
            else if (id.Contains("[]", StringComparison.Ordinal))
            {
                arrays.Add((job, fields.GetValueOrDefault("array_indices_submitted")));
            }
            else
            {
                tasks.Add(job);
            }
        }

        // The array as a whole says nothing beyond its tasks; where these are not told one by one, it stands for them.
        foreach ((SchedulerJob job, string? indices) in arrays.Where(a => !tasks.Any(t => t.Id.Id == a.Job.Id.Id)))
        {
            if (indices is null || SchedulerText.Indices(indices.Split('%')[0]) is not { } list)
            {
                return SchedulerAnswer.Unknown($"qstat does not tell the tasks of {job.Id}.");
            }

            tasks.AddRange(list.Select(i => job with { Id = job.Id with { ArrayIndex = i } }));
        }

        return new SchedulerAnswer { Scope = AnswerScope.Recent, Jobs = [.. tasks] };
    }

    internal static SchedulerLimits Limits(HostAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            return new();
        }

        string? Setting(string name) => SchedulerText.Lines(answer.Output).Select(l => l.Split(" = ", 2, StringSplitOptions.TrimEntries)).FirstOrDefault(p => p.Length == 2 && p[0] == name)?[1];
        int? array = SchedulerText.Number(Setting("max_array_size") ?? Setting("max_job_array_size"));
        string? version = Setting("pbs_version") ?? SchedulerText.Lines(answer.Output).FirstOrDefault(l => l.StartsWith("Version:", StringComparison.OrdinalIgnoreCase))?[8..].Trim();
        return new(null, array, null, SchedulerText.Number(Setting("max_user_queuable")), version);
    }

    private static SchedulerJob Job(string id, string name, string raw, Dictionary<string, string> fields)
    {
        int? status = SchedulerText.Number(fields.GetValueOrDefault("Exit_status"));
        SchedulerState state = State(raw, status, fields);
        Match token = Token().Match(fields.GetValueOrDefault("Variable_List") ?? "");
        return new SchedulerJob
        {
            Id = new(id),
            Name = name,
            Comment = token.Success ? token.Groups[1].Value : null,
            State = state,
            RawState = raw,
            // PBS adds 256 to the number of a signal.
            ExitCode = state.IsFinal() && status is >= 0 and < 256 ? status : null,
            Signal = state.IsFinal() && status is > 256 and < 321 ? status - 256 : null,
            Reason = fields.GetValueOrDefault("comment"),
            Nodes = fields.GetValueOrDefault("exec_host"),
            User = fields.GetValueOrDefault("Job_Owner")?.Split('@')[0],
            Submitted = Time(fields.GetValueOrDefault("qtime")),
            Started = Time(fields.GetValueOrDefault("stime") ?? fields.GetValueOrDefault("start_time")),
            Ended = state.IsFinal() ? Time(fields.GetValueOrDefault("obittime") ?? fields.GetValueOrDefault("comp_time") ?? fields.GetValueOrDefault("mtime")) : null,
        };
    }

    private static SchedulerState State(string raw, int? status, Dictionary<string, string> fields) => raw switch
    {
        "Q" or "T" or "W" => SchedulerState.Pending,
        // A system hold of a job that waits for another is lifted when that one has ended.
        "H" => fields.ContainsKey("depend") && fields.GetValueOrDefault("Hold_Types", "s") == "s" ? SchedulerState.Pending : SchedulerState.Held,
        "R" or "B" => SchedulerState.Running,
        "S" or "U" => SchedulerState.Suspended,
        "E" => SchedulerState.Completing,
        // It went to another server, which is not asked.
        "M" => SchedulerState.Unknown,
        "F" or "C" or "X" => status switch
        {
            0 => SchedulerState.Completed,
            // OpenPBS, job.h: KILL_WALLTIME −29, KILL_CPUT −28, KILL_MEM −27, KILL_VMEM −26. Torque: OVERLIMIT_MEM −10, _WT −11, _CPUT −12.
            -29 or -28 => SchedulerState.TimedOut,
            -27 or -26 => SchedulerState.OutOfMemory,
            // The same numbers mean other things in OpenPBS, which knows no state C.
            -11 or -12 when raw == "C" => SchedulerState.TimedOut,
            -10 when raw == "C" => SchedulerState.OutOfMemory,
            // Substate 91: deleted.
            _ when fields.GetValueOrDefault("substate") == "91" => SchedulerState.Cancelled,
            null => SchedulerState.Ended,
            _ => SchedulerState.Failed,
        },
        _ => SchedulerState.Unknown,
    };

    /// <summary>PBS tells times of the server's own zone, which is not known; seconds since 1970 (OpenPBS's newer formats) are.</summary>
    private static DateTimeOffset? Time(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds > 1_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    [GeneratedRegex(@"^\d+(\[\])?(\.[A-Za-z0-9_.-]+)?\z")]
    private static partial Regex IdLine();

    [GeneratedRegex(@"^(\d+)\[(\d+)\](.*)\z")]
    private static partial Regex TaskId();

    [GeneratedRegex(@"(?:^|,)" + PbsScheduler.TokenVariable + @"=([A-Za-z0-9_-]+)")]
    private static partial Regex Token();

    [GeneratedRegex(@"Unknown Job Id|Job has finished", RegexOptions.IgnoreCase)]
    private static partial Regex Gone();

    [GeneratedRegex(@"cannot connect|could not connect|can not connect|Communication failure|No Permission to contact|timed? ?out|Connection (refused|reset)|End of File|errno=15(034|096|137)\b|Premature end|Internal server error|Unable to contact|Socket timed out", RegexOptions.IgnoreCase)]
    private static partial Regex NoContact();

    [GeneratedRegex(@"Maximum number of jobs|would exceed|limit on (the )?number of|max_queued|exceeds the queue limit|queue.* full", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();

    [GeneratedRegex(@"^qsub: |^qsub error|illegal|usage:|error running the Slurm sbatch command", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Refusal();
}
