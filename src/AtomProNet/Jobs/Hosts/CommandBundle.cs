using System.Globalization;
using System.Text;

namespace AtomProNet.Jobs.Hosts;

/// <summary>
/// Several commands as one, so that a poll of queue, accounting and marker files costs one round trip. Each keeps its own exit code,
/// output and standard error.
/// </summary>
public sealed class CommandBundle
{
    private readonly List<(string Text, int? After)> commands = [];
    private readonly string mark = "==atompronet " + Guid.NewGuid().ToString("N");

    /// <summary>Adds a command; returns its place among the answers.</summary>
    /// <param name="text">The command.</param>
    /// <param name="after">The place of an earlier one without whose success this one is not run (<see cref="NotRun"/> is its exit code then); null: it is run in any case.</param>
    public int Add(string text, int? after = null)
    {
        if (after is { } place && (place < 0 || place >= commands.Count))
        {
            throw new ArgumentOutOfRangeException(nameof(after), place, "A command can only follow one that stands before it.");
        }

        commands.Add((text, after));
        return commands.Count - 1;
    }

    /// <summary>The exit code of a command that was not run, since the one before it had failed.</summary>
    public const int NotRun = 76;

    /// <summary>All commands as one script; each runs in a subshell of its own, without standard input.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        for (int i = 0; i < commands.Count; i++)
        {
            // eval, so that a syntax error ends this command alone.
            string run = $"( eval {Shell.PosixShell.Quote(commands[i].Text)} ) </dev/null";
            string whole = commands[i].After is not { } after ? run
                : string.Create(CultureInfo.InvariantCulture, $"if [ \"$apn_{after}\" -eq 0 ]; then {run}; else ( echo 'It was not asked, since the question before it failed.' >&2; exit {NotRun} ); fi");
            text.Append(CultureInfo.InvariantCulture, $"{whole}; apn_{i}=$?; printf '\\n%s %s\\n' '{mark}' \"$apn_{i}\"; printf '\\n%s\\n' '{mark}' >&2\n");
        }

        return text.Append("true\n").ToString();
    }

    /// <summary>The answers, one a command, in order; where the whole was lost on the way, so is each command that had not come to its end by then.</summary>
    public IReadOnlyList<HostAnswer> Split(HostAnswer answer)
    {
        var parts = new List<HostAnswer>();
        ReadOnlyMemory<byte> rest = answer.OutputBytes;
        string errors = answer.Error;
        byte[] end = Encoding.UTF8.GetBytes("\n" + mark + " ");
        for (int i = 0; i < commands.Count; i++)
        {
            int at = rest.Span.IndexOf(end);
            int line = at < 0 ? -1 : rest.Span[(at + end.Length)..].IndexOf((byte)'\n');
            if (line < 0)
            {
                parts.Add(answer.Outcome == HostOutcome.Finished
                    ? answer with { Outcome = HostOutcome.Lost, ExitCode = null, OutputBytes = default, Failure = new(HostFailureKind.Other, "The shell ended before this command did.", Detail: answer.Describe()) }
                    : answer with { OutputBytes = rest });
                rest = default;
                continue;
            }

            string code = Encoding.ASCII.GetString(rest.Span.Slice(at + end.Length, line));
            int errorEnd = errors.IndexOf("\n" + mark + "\n", StringComparison.Ordinal);
            parts.Add(new HostAnswer
            {
                Outcome = HostOutcome.Finished,
                ExitCode = int.Parse(code, CultureInfo.InvariantCulture),
                OutputBytes = rest[..at],
                Error = errorEnd < 0 ? errors : errors[..errorEnd],
            });
            errors = errorEnd < 0 ? "" : errors[(errorEnd + mark.Length + 2)..];
            rest = rest[(at + end.Length + line + 1)..];
        }

        return parts;
    }
}
