using System.Text.RegularExpressions;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Jobs.Schedulers.Slurm;

/// <summary>Reads the answers of Slurm's programs.</summary>
internal static partial class SlurmAnswers
{
    /// <summary>A line of squeue. Name and comment, the only free text, come last.</summary>
    internal const string QueueFormat = "%A|%F|%K|%T|%u|%V|%S|%e|%N|%r|%j|%k";

    /// <summary>The fields of sacct, in the same manner.</summary>
    internal const string AccountingFields = "JobIDRaw,JobID,State,ExitCode,User,Submit,Start,End,NodeList,Reason,JobName,Comment";

    /// <summary>
    /// The states asked for. Without them sacct goes by the time when a job became eligible and leaves out those that never did: cancelled
    /// while they were held, waited for another job or for a place in their array.
    /// </summary>
    internal const string AccountingStates = "BF,CA,CD,DL,F,NF,OOM,PR,R,S,TO";

    /// <summary>What stands before the server's own list where there is no accounting.</summary>
    internal const string FromController = "atompronet: no accounting";

    /// <summary>What stands before the limits of the user's associations.</summary>
    internal const string Associations = "atompronet: associations";

    private const int FixedFields = 10;

    internal static SubmitAnswer Submit(HostAnswer answer)
    {
        if (SchedulerText.NotSubmitted(answer) is { } not)
        {
            return not;
        }

        string? reason = Reason(answer.Error) ?? SchedulerText.LastLine(answer.Output);
        if (answer.ExitCode == 0)
        {
            // Some sites wrap sbatch and print more; the id has a line of its own all the same.
            string[] ids = [.. SchedulerText.Lines(answer.Output).Select(l => IdLine().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value)];
            return ids.Length == 1 ? new(SubmitOutcome.Accepted, ids[0]) : new(SubmitOutcome.Unknown, Reason: reason ?? "sbatch told no id.");
        }

        if (answer.ExitCode is > 128 and < 255 || NoContact().IsMatch(answer.Error) || NoConfiguration().IsMatch(answer.Error))
        {
            return new(SubmitOutcome.Unknown, Reason: reason);
        }

        if (Limit().IsMatch(answer.Error))
        {
            return new(SubmitOutcome.LimitReached, Reason: reason);
        }

        return Refusal().IsMatch(answer.Error) ? new(SubmitOutcome.Refused, Reason: reason) : new(SubmitOutcome.Unknown, Reason: reason ?? $"sbatch failed ({answer.Describe()}).");
    }

    internal static SchedulerAnswer Queue(JobQuery query, HostAnswer answer)
    {
        if (SchedulerText.Failure(answer, "squeue") is { } failure)
        {
            return failure;
        }

        var jobs = new List<SchedulerJob>();
        foreach (string line in SchedulerText.Lines(answer.Output))
        {
            string[] fields = line.Split('|', FixedFields + 2);
            if (fields.Length < FixedFields + 2 || !Number().IsMatch(fields[0]))
            {
                // The rest of a name with a line break in it, of another job of the user; ours have none.
                if (query.NamePrefix.Length > 0 && line.Contains("|" + query.NamePrefix, StringComparison.Ordinal))
                {
                    return SchedulerAnswer.Unknown($"squeue's line was not understood: {line}");
                }

                continue;
            }

            if (!fields[10].StartsWith(query.NamePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            bool isTask = Number().IsMatch(fields[2]);
            SchedulerState state = SlurmStates.Of(fields[3], fields[9]);
            jobs.Add(new SchedulerJob
            {
                Id = new(isTask ? fields[1] : fields[0], isTask ? SchedulerText.Number(fields[2]) : null),
                Name = fields[10],
                Comment = SchedulerText.Value(fields[11]),
                State = state,
                RawState = fields[3],
                Reason = SchedulerText.Value(fields[9]),
                Nodes = SchedulerText.Value(fields[8]),
                User = SchedulerText.Value(fields[4]),
                Submitted = SchedulerText.Time(fields[5]),
                Started = state == SchedulerState.Pending ? null : SchedulerText.Time(fields[6]),
                // For a job that runs this is when its time will be over.
                Ended = state.IsFinal() ? SchedulerText.Time(fields[7]) : null,
            });
        }

        return new SchedulerAnswer { Scope = AnswerScope.Recent, Jobs = [.. jobs] };
    }

    internal static SchedulerAnswer History(JobQuery query, HostAnswer answer)
    {
        if (SchedulerText.Failure(answer, "sacct") is { } failure)
        {
            return failure;
        }

        string[] lines = [.. SchedulerText.Lines(answer.Output)];
        return lines is [FromController, ..] ? Controller(query, lines.Skip(1)) : Accounting(query, lines);
    }

    internal static SchedulerLimits Limits(HostAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            return new();
        }

        string? Setting(string name) => SchedulerText.Lines(answer.Output).Select(l => l.Split('=', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(p => p.Length == 2 && p[0] == name)?[1];
        int? size = SchedulerText.Number(Setting("MaxArraySize"));
        int? most = SchedulerText.Lines(answer.Output).SkipWhile(l => l != Associations).Skip(1).Select(SchedulerText.Number).Where(n => n is > 0).Max();
        // MaxArraySize is one above the greatest index.
        return new(size - 1, size - 1, SchedulerText.Number(Setting("MaxJobCount")), most, Setting("SLURM_VERSION"));
    }

    private static SchedulerAnswer Accounting(JobQuery query, string[] lines)
    {
        var jobs = new List<SchedulerJob>();
        foreach (string line in lines)
        {
            string[] fields = line.Split('|', FixedFields + 2);
            if (fields.Length < FixedFields + 2 || !Number().IsMatch(fields[0]))
            {
                if (query.NamePrefix.Length > 0 && line.Contains("|" + query.NamePrefix, StringComparison.Ordinal))
                {
                    return SchedulerAnswer.Unknown($"sacct's line was not understood: {line}");
                }

                continue;
            }

            if (!fields[10].StartsWith(query.NamePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            (int? code, int? signal) = ExitCode(fields[3]);
            SchedulerState state = SlurmStates.Of(fields[2], fields[9]);
            var job = new SchedulerJob
            {
                Id = new(fields[0]),
                Name = fields[10],
                Comment = SchedulerText.Value(fields[11]),
                State = state,
                RawState = fields[2],
                ExitCode = state.IsFinal() && signal is null ? code : null,
                Signal = state.IsFinal() ? signal : null,
                Reason = SchedulerText.Value(fields[9]),
                Nodes = fields[8] is "None assigned" ? null : SchedulerText.Value(fields[8]),
                User = SchedulerText.Value(fields[4]),
                Submitted = SchedulerText.Time(fields[5]),
                Started = SchedulerText.Time(fields[6]),
                Ended = state.IsFinal() ? SchedulerText.Time(fields[7]) : null,
            };

            // 12, 12_3, or 12_[4-9%2] for the tasks that have not begun.
            string[] parts = fields[1].Split('_', 2);
            if (parts.Length == 1)
            {
                jobs.Add(job);
                continue;
            }

            string list = parts[1].Trim('[', ']').Split('%')[0];
            if (SchedulerText.Indices(list) is not { } indices)
            {
                return SchedulerAnswer.Unknown($"sacct's job id was not understood: {fields[1]}");
            }

            jobs.AddRange(indices.Select(i => job with { Id = new(parts[0], i) }));
        }

        return new SchedulerAnswer { Scope = AnswerScope.Accounting, Jobs = [.. jobs] };
    }

    private static SchedulerAnswer Controller(JobQuery query, IEnumerable<string> lines)
    {
        var jobs = new List<SchedulerJob>();
        foreach (string line in lines)
        {
            if (!line.StartsWith("JobId=", StringComparison.Ordinal))
            {
                // A work directory with a line break, or "No jobs in the system".
                continue;
            }

            // What comes before Command and WorkDir is Slurm's own; those can hold anything.
            string head = FreeText().Split(line, 2)[0];
            string? Field(string name) => Regex.Match(head, $@"(?:^|\s){name}=(\S*)") is { Success: true } m ? SchedulerText.Value(m.Groups[1].Value) : null;
            string? id = Field("JobId"), name = Field("JobName"), raw = Field("JobState");
            if (name is null || !name.StartsWith(query.NamePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (id is null || raw is null)
            {
                return SchedulerAnswer.Unknown($"scontrol's line was not understood: {head}");
            }

            SchedulerState state = SlurmStates.Of(raw, Field("Reason"));
            (int? code, int? signal) = ExitCode(Field("ExitCode") ?? "");
            Match comment = Comment().Match(line);
            var job = new SchedulerJob
            {
                Id = new(id),
                Name = name,
                Comment = comment.Success ? comment.Groups[1].Value : null,
                State = state,
                RawState = raw,
                ExitCode = state.IsFinal() && signal is null ? code : null,
                Signal = state.IsFinal() ? signal : null,
                Reason = Field("Reason"),
                Nodes = Field("NodeList"),
                User = Field("UserId")?.Split('(')[0],
                Submitted = SchedulerText.Time(Field("SubmitTime") ?? ""),
                Started = state == SchedulerState.Pending ? null : SchedulerText.Time(Field("StartTime") ?? ""),
                Ended = state.IsFinal() ? SchedulerText.Time(Field("EndTime") ?? "") : null,
            };
            string? array = Field("ArrayJobId"), tasks = Field("ArrayTaskId");
            if (array is null || tasks is null)
            {
                jobs.Add(job);
            }
            else if (SchedulerText.Indices(tasks.Split('%')[0]) is { } indices)
            {
                jobs.AddRange(indices.Select(i => job with { Id = new(array, i) }));
            }
            else
            {
                return SchedulerAnswer.Unknown($"scontrol's tasks were not understood: {tasks}");
            }
        }

        return new SchedulerAnswer { Scope = AnswerScope.Recent, Jobs = [.. jobs] };
    }

    /// <summary><c>3:0</c> is exit code 3, <c>0:9</c> signal 9.</summary>
    private static (int? Code, int? Signal) ExitCode(string text)
    {
        string[] parts = text.Split(':');
        int? code = SchedulerText.Number(parts[0]), signal = parts.Length > 1 ? SchedulerText.Number(parts[1]) : null;
        return (code, signal is > 0 ? signal : null);
    }

    private static string? Reason(string error) => SchedulerText.Lines(error).Select(l => ErrorLine().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value.Trim()).LastOrDefault() ?? SchedulerText.LastLine(error);

    [GeneratedRegex(@"^(\d+)(;[A-Za-z0-9_.-]+)?\z")]
    private static partial Regex IdLine();

    [GeneratedRegex(@"^\d+\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^sbatch: (?:error: |fatal: )?(.*)")]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"\s(Command|WorkDir)=")]
    private static partial Regex FreeText();

    // Behind the work directory, but before the paths of the output files; the token has only these characters.
    [GeneratedRegex(@"\sComment=([A-Za-z0-9_-]+)\s")]
    private static partial Regex Comment();

    // The request may or may not have arrived (messages of src/common/slurm_errno.c).
    [GeneratedRegex(@"Unable to contact slurm controller|Socket timed out|Zero Bytes were transmitted|Transport endpoint|Connection (refused|reset|timed out)|Message (receive|send) failure|communications? (connection|send|receive|shutdown|listen) |Unexpected message|in standby|temporarily unable to accept|Header lengths|Protocol authentication|I/O error|Interrupted|Broken pipe|Operation (now|already) in progress|No route to host|Network is unreachable|Host is down", RegexOptions.IgnoreCase)]
    private static partial Regex NoContact();

    // sbatch came no further than its own configuration, its daemon for the credentials or the name of the server's host (src/common/read_config.c, parse_config.c,
    // fetch_config.c, plugins/auth/munge): nobody was asked, so nobody has refused. A file that is being edited at that moment ends like this.
    [GeneratedRegex(@"Unable to process configuration|Could not establish a configuration source|Parse(r|ing)? error in (file|slurm)|Munge (en|de)code failed|If munged is up|(Invalid|Unable to create|failed to create) (an )?auth(entication)? credential|Unable to resolve|get_addr_info", RegexOptions.IgnoreCase)]
    private static partial Regex NoConfiguration();

    [GeneratedRegex(@"MaxSubmitJob|MaxJobsPer|job queue full|Resource temporarily unavailable|GrpSubmitJobs|SubmitJobLimit", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();

    [GeneratedRegex(@"^sbatch: (error|fatal): |^sbatch: (unrecognized|invalid|option)", RegexOptions.Multiline)]
    private static partial Regex Refusal();
}
