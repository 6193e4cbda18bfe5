using System.Globalization;
using System.Text;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Submission;

/// <summary>
/// Asking the scheduler exactly once. On the cluster each asking has a guard of its own in the batch's folder, the directory <c>submit.N</c>: whoever
/// makes it asks, and leaves the answer in it, whatever becomes of the connection. Whoever wants to know later what became of it tries to
/// make the same directory: if that succeeds, nobody has asked and, since it is taken now, nobody ever will under this number, however late a
/// command on a slow connection may arrive.
/// </summary>
internal static class SubmissionScript
{
    private const string Ran = "ran", Taken = "taken", NoFolder = "nofolder";

    /// <summary>The command that asks.</summary>
    /// <param name="folder">The batch's folder, as an absolute path.</param>
    /// <param name="number">Which asking it is, from 1.</param>
    /// <param name="submit">The batch system's command.</param>
    public static string Ask(string folder, int number, string submit)
    {
        string guard = string.Create(CultureInfo.InvariantCulture, $"submit.{number}");
        // In braces: a shell runs it only when it has read all of it.
        return $$"""
            {
            cd {{PosixShell.Quote(folder)}} || { echo {{NoFolder}}; exit 0; }
            if ! mkdir {{guard}} 2>/dev/null; then echo {{Taken}}; exit 0; fi
            trap : HUP PIPE TERM
            # $$ would be the shell around this one, which may end before it.
            sh -c 'echo "$PPID@${HOSTNAME:-$(hostname)}"' >{{guard}}/by
            ( eval {{PosixShell.Quote(submit)}} ) >{{guard}}/out 2>{{guard}}/err </dev/null
            code=$?
            echo "$code" >{{guard}}/code.new && mv {{guard}}/code.new {{guard}}/code
            echo {{Ran}}
            cat {{guard}}/out
            cat {{guard}}/err >&2
            exit "$code"
            }
            """.ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>Reads the answer to <see cref="Ask"/>.</summary>
    /// <returns>What the batch system said, to be read by it; null where it was not asked now, because it had been, or must not be.</returns>
    public static HostAnswer? ReadAsk(HostAnswer answer)
    {
        if (answer.Outcome != HostOutcome.Finished)
        {
            return answer with { OutputBytes = WithoutFirstLine(answer.OutputBytes, out _) };
        }

        ReadOnlyMemory<byte> rest = WithoutFirstLine(answer.OutputBytes, out string first);
        return first == Ran ? answer with { OutputBytes = rest } : null;
    }

    /// <summary>The command that finds out what became of an asking, and takes its guard where nobody has.</summary>
    public static string Probe(string folder, int number)
    {
        string guard = string.Create(CultureInfo.InvariantCulture, $"submit.{number}");
        return $$"""
            {
            cd {{PosixShell.Quote(folder)}} 2>/dev/null || { echo {{NoFolder}}; exit 0; }
            if mkdir {{guard}} 2>/dev/null; then
                true >{{guard}}/fenced
                outcome=fenced
            elif [ -e {{guard}}/fenced ]; then
                outcome=fenced
            elif [ -f {{guard}}/code ]; then
                outcome=answered
            elif [ -n "$(find {{guard}} -prune -mmin +15 2>/dev/null)" ]; then
                outcome=broken
            else
                by=$(cat {{guard}}/by 2>/dev/null)
                outcome=pending
                if [ -n "$by" ] && [ "${by#*@}" = "${HOSTNAME:-$(hostname)}" ] && ! kill -0 "${by%%@*}" 2>/dev/null; then
                    # It may have ended just now.
                    outcome=broken
                    [ -f {{guard}}/code ] && outcome=answered
                fi
            fi
            for one in {{RunnerScript.StateFolder}}/*.run/*; do printf 'begun %s\n' "$one"; done
            echo "$outcome"
            if [ "$outcome" = answered ]; then
                cat {{guard}}/code
                cat {{guard}}/out
                cat {{guard}}/err >&2
            fi
            }
            """.ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>Reads the answer to <see cref="Probe"/>; null where it did not come whole.</summary>
    public static ProbeResult? ReadProbe(HostAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            return null;
        }

        var begunBy = new List<string>();
        ReadOnlyMemory<byte> rest = WithoutFirstLine(answer.OutputBytes, out string first);
        while (first.StartsWith("begun ", StringComparison.Ordinal))
        {
            // begun state/12.run/4711_13@node5
            if (first.LastIndexOf('/') is var slash && first.IndexOf('@', slash) is > 0 and int at)
            {
                begunBy.Add(first[(slash + 1)..at]);
            }

            rest = WithoutFirstLine(rest, out first);
        }

        switch (first)
        {
            case NoFolder:
                return new(ProbeOutcome.NoFolder, null, begunBy);
            case "fenced":
                return new(ProbeOutcome.NeverAsked, null, begunBy);
            case "pending":
                return new(ProbeOutcome.Asking, null, begunBy);
            case "broken":
                return new(ProbeOutcome.BrokenOff, null, begunBy);
            case "answered":
                rest = WithoutFirstLine(rest, out string code);
                return int.TryParse(code, NumberStyles.Integer, CultureInfo.InvariantCulture, out int exitCode)
                    ? new(ProbeOutcome.Answered, HostAnswer.Of(Encoding.UTF8.GetString(rest.Span), exitCode, answer.Error), begunBy)
                    : null;
            default:
                return null;
        }
    }

    private static ReadOnlyMemory<byte> WithoutFirstLine(ReadOnlyMemory<byte> bytes, out string first)
    {
        int end = bytes.Span.IndexOf((byte)'\n');
        first = Encoding.UTF8.GetString(end < 0 ? bytes.Span : bytes.Span[..end]);
        return end < 0 ? default : bytes[(end + 1)..];
    }
}

/// <summary>What became of an asking.</summary>
internal enum ProbeOutcome
{
    /// <summary>Nobody has asked, and nobody will under this number.</summary>
    NeverAsked,
    /// <summary>The scheduler's command still runs, as far as can be seen.</summary>
    Asking,
    /// <summary>The command ended and its answer was left.</summary>
    Answered,
    /// <summary>Whoever asked is gone and left no answer.</summary>
    BrokenOff,
    /// <summary>The batch's folder is not there.</summary>
    NoFolder,
}

/// <summary>What was found out about an asking.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Answer">The answer that was left.</param>
/// <param name="BegunBy">The scheduler's ids of what has begun to run out of the batch's folder.</param>
internal sealed record ProbeResult(ProbeOutcome Outcome, HostAnswer? Answer, IReadOnlyList<string> BegunBy);
