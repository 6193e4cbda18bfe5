using System.Text;

namespace AtomProNet.Jobs.Hosts;

/// <summary>How far a command came.</summary>
public enum HostOutcome
{
    /// <summary>It ran to its end: the exit code is its own.</summary>
    Finished,
    /// <summary>It certainly did not run: the host was not reached, and the text was never sent.</summary>
    NotReached,
    /// <summary>The text was sent and the connection broke before the end was seen: it may not have run, may still run, or may have ended.</summary>
    Lost,
    /// <summary>The text was sent and the time was over before the end was seen: it may still run.</summary>
    TimedOut,
}

/// <summary>What came of a command.</summary>
public sealed record HostAnswer
{
    /// <summary>How far it came.</summary>
    public required HostOutcome Outcome { get; init; }

    /// <summary>The exit code of the script; null unless it finished.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What the script itself printed, byte by byte; empty where it went to a stream. Where the script did not finish it is what came until then.</summary>
    public ReadOnlyMemory<byte> OutputBytes { get; init; }

    /// <summary>What the script itself printed to standard error.</summary>
    public string Error { get; init; } = "";

    /// <summary>What went wrong on the way; null where the script finished.</summary>
    public HostFailure? Failure { get; init; }

    /// <summary><see cref="OutputBytes"/> as UTF-8.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes.Span);

    /// <summary>Whether the script ran to its end with exit code 0.</summary>
    public bool IsSuccess => Outcome == HostOutcome.Finished && ExitCode == 0;

    /// <summary>An answer for tests and for text that was recorded.</summary>
    public static HostAnswer Of(string output, int exitCode = 0, string error = "") => new()
    {
        Outcome = HostOutcome.Finished,
        ExitCode = exitCode,
        OutputBytes = Encoding.UTF8.GetBytes(output),
        Error = error,
    };

    /// <summary>In a few words for a message: what went wrong on the way, or the last line of standard error with the exit code.</summary>
    public string Describe()
    {
        if (Failure is { } failure)
        {
            return failure.Problem;
        }

        string text = Error.Trim();
        string last = text.Length > 0 ? text[(text.LastIndexOf('\n') + 1)..] : "";
        return FormattableString.Invariant($"exit code {ExitCode}{(last.Length > 0 ? ": " + last : "")}");
    }
}

/// <summary>Why a host was not reached or was lost.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Problem">One sentence: what is wrong.</param>
/// <param name="Remedy">One sentence: what to do.</param>
/// <param name="Detail">What the connecting program said.</param>
public sealed record HostFailure(HostFailureKind Kind, string Problem, string? Remedy = null, string? Detail = null)
{
    /// <summary>As an error that a cmdlet can show.</summary>
    public AtomProNetException ToException() => new(
        Kind is HostFailureKind.HostKeyChanged or HostFailureKind.HostKeyUnknown or HostFailureKind.AuthenticationFailed ? ErrorKind.PermissionDenied
            : Kind is HostFailureKind.HostUnknown or HostFailureKind.ProgramMissing ? ErrorKind.NotFound : ErrorKind.Unavailable,
        "Host" + Kind,
        Problem,
        value: Detail,
        remedy: Remedy);
}

/// <summary>Why a host was not reached or was lost.</summary>
public enum HostFailureKind
{
    /// <summary>Something else; the detail has it.</summary>
    Other,
    /// <summary>The program that connects (ssh), or the shell, is not there.</summary>
    ProgramMissing,
    /// <summary>The name of the host resolves to no address.</summary>
    HostUnknown,
    /// <summary>Nobody listens there.</summary>
    ConnectionRefused,
    /// <summary>No answer within the time, or no route.</summary>
    Unreachable,
    /// <summary>The host shows a key that differs from the known one.</summary>
    HostKeyChanged,
    /// <summary>The host's key is not known yet.</summary>
    HostKeyUnknown,
    /// <summary>The host does not accept the user's keys.</summary>
    AuthenticationFailed,
    /// <summary>The connection was made and closed or broken off.</summary>
    ConnectionLost,
    /// <summary>The time was over.</summary>
    TimedOut,
    /// <summary>The host answers, but not with a POSIX shell.</summary>
    NoShell,
    /// <summary>It printed more than it may.</summary>
    TooMuchOutput,
}
