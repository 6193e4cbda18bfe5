using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AtomProNet.Files;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Schedulers.Local;

/// <summary>
/// No batch system: jobs run on the host itself, a few at a time, out of a small queue made of files (<c>local-queue.sh</c>). There is no
/// daemon: what may start is started by each call and by each job that ends. A job is in a session of its own, so it outlives the shell
/// and the terminal; it does not outlive the machine, and is then told to be gone.
/// </summary>
/// <param name="maxRunning">How many jobs run at a time; null for as many as there are processors for.</param>
/// <param name="processors">How many processors the jobs have in all; null for all of the host. A job that wants more runs alone.</param>
/// <param name="queueFolder">Where the queue lies: an absolute path on the host; null for the user's state directory, one queue a machine.</param>
public sealed class LocalScheduler(int? maxRunning = null, int? processors = null, string? queueFolder = null) : IScheduler
{
    private const string ResourceName = "AtomProNet.Jobs.Schedulers.Local.Data.local-queue.sh";
    private static readonly string Script = Read();
    private static readonly string ScriptName = $"queue-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))[..12].ToLowerInvariant()}.sh";

    /// <inheritdoc/>
    public string Name => "Local";

    /// <inheritdoc/>
    public SchedulerFeatures Features => SchedulerFeatures.Arrays | SchedulerFeatures.ArrayLimit | SchedulerFeatures.AfterSuccess | SchedulerFeatures.AfterEnd | SchedulerFeatures.Comment | SchedulerFeatures.WarningSignal | SchedulerFeatures.History;

    /// <inheritdoc/>
    public IReadOnlyList<string> Programs => ["sh", "awk", "sed", "find", "xargs", "setsid"];

    /// <inheritdoc/>
    public string BuildScript(JobRequest request, string body)
    {
        JobScriptText.ThrowUnlessPossible(this, request);
        return JobScriptText.Compose(request, "#", [], "$ATOMPRONET_LOCAL_JOB", "$ATOMPRONET_LOCAL_INDEX", body);
    }

    /// <inheritdoc/>
    public string BuildSubmit(JobRequest request, string scriptName)
    {
        JobScriptText.ThrowUnlessPossible(this, request);
        string after = request.DependsOn.Length == 0 ? "-" : request.Dependency == DependencyKind.AfterSuccess ? "ok" : "any";
        string[] words =
        [
            request.Name, request.Token, Number(request.Resources.Cores), Seconds(request.Resources.WallTime), Seconds(request.WarnBefore),
            Number(request.Array?.First), Number(request.Array?.Last), Number(request.Array?.MaxRunning),
            after, after == "-" ? "-" : string.Join(',', request.DependsOn.Select(d => d.Id)),
            request.OutputName, request.ErrorName, JobRequest.FileName(scriptName), request.WorkDirectory,
        ];
        return Call($"submit {PosixShell.Join(words)}", withLimits: true);
    }

    /// <inheritdoc/>
    public SubmitAnswer ParseSubmit(HostAnswer answer)
    {
        if (SchedulerText.NotSubmitted(answer) is { } not)
        {
            return not;
        }

        string? id = SchedulerText.LastLine(answer.Output);
        return answer.ExitCode == 0 && SchedulerText.Number(id) is > 0 ? new(SubmitOutcome.Accepted, id)
            // The number is printed when the job stands in the queue; what fails before leaves nothing.
            : SchedulerText.Number(id) is > 0 ? new(SubmitOutcome.Unknown, Reason: answer.Describe())
            : new(answer.Error.Contains("local queue: there is no directory", StringComparison.Ordinal) ? SubmitOutcome.Refused : SubmitOutcome.Unknown, Reason: SchedulerText.LastLine(answer.Error) ?? answer.Describe());
    }

    /// <inheritdoc/>
    public string BuildQuery(JobQuery query) => Call("list", withLimits: true);

    /// <inheritdoc/>
    public SchedulerAnswer ParseQuery(JobQuery query, HostAnswer answer)
    {
        if (SchedulerText.Failure(answer, "The local queue") is { } failure)
        {
            return failure;
        }

        var jobs = new List<SchedulerJob>();
        foreach (string line in SchedulerText.Lines(answer.Output))
        {
            string[] fields = line.Split('|');
            if (fields.Length != 16 || fields[0].Length != 1)
            {
                return SchedulerAnswer.Unknown($"The local queue's line was not understood: {line}");
            }

            if (!fields[3].StartsWith(query.NamePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            int? code = SchedulerText.Number(fields[12]);
            (SchedulerState state, string? reason) = fields[0][0] switch
            {
                'Q' => (SchedulerState.Pending, fields[7] == "-" ? "Resources" : "Resources or dependency"),
                'R' => (SchedulerState.Running, null),
                'E' => (code == 0 ? SchedulerState.Completed : SchedulerState.Failed, null),
                'T' => (SchedulerState.TimedOut, "The time limit was reached."),
                'C' => (SchedulerState.Cancelled, null),
                'D' => (SchedulerState.Cancelled, "A job that it waited for failed."),
                'G' => (SchedulerState.Ended, "Its processes are gone, and it left no exit code: it was killed, or the machine went down."),
                _ => (SchedulerState.Unknown, (string?)null),
            };
            jobs.Add(new SchedulerJob
            {
                Id = new(fields[1], fields[2] == "-" ? null : SchedulerText.Number(fields[2])),
                Name = fields[3],
                Comment = fields[4],
                State = state,
                RawState = fields[0],
                // A shell tells a signal as 128 + its number.
                ExitCode = code is > 128 and < 193 ? null : code,
                Signal = code is > 128 and < 193 ? code - 128 : null,
                Reason = reason,
                Submitted = Time(fields[9]),
                Started = Time(fields[10]),
                Ended = Time(fields[11]),
            });
        }

        // The queue forgets nothing for two months: what is not there was never accepted.
        return new SchedulerAnswer { Scope = AnswerScope.Accounting, Jobs = [.. jobs] };
    }

    /// <inheritdoc/>
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

        return Call($"cancel {PosixShell.Join(jobs.Select(j => j.ToString()))}", withLimits: false);
    }

    /// <inheritdoc/>
    public string BuildLimits() => "exit 0\n";

    /// <inheritdoc/>
    public SchedulerLimits ParseLimits(HostAnswer answer) => new();

    /// <summary>Puts the queue's script where the jobs find it, too, and calls it.</summary>
    private string Call(string words, bool withLimits)
    {
        string queue = queueFolder is null ? "${ATOMPRONET_HOME:-${XDG_STATE_HOME:-$HOME/.local/state}/atompronet}/queue-$(uname -n)" : PosixShell.Quote(queueFolder);
        string limits = withLimits ? $"sh \"$f\" \"$q\" limits {Number(maxRunning)} {Number(processors)} || exit 1\n" : "";
        return $"q={(queueFolder is null ? $"\"{queue}\"" : queue)}\nf=$q/{ScriptName}\n"
            + $"[ -s \"$f\" ] || {{ (umask 077; mkdir -p \"$q\" && printf %s {PosixShell.Quote(Script)} >\"$f.$$\" && mv \"$f.$$\" \"$f\") || exit 1; }}\n"
            + limits + $"exec sh \"$f\" \"$q\" {words}\n";
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Seconds(TimeSpan? time) => time is { } t ? Math.Max(1, (long)Math.Ceiling(t.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : "-";

    private static DateTimeOffset? Time(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static string Read() => EmbeddedText.Read(ResourceName);
}
