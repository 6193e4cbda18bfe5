namespace AtomProNet.Jobs.Hosts;

/// <summary>
/// A machine with a POSIX shell on which commands can be run: this one, or another over SSH. That one verb is all; files go through
/// it as a tar stream (see <see cref="Transfer.FileTransfer"/>). Safe for concurrent use.
/// </summary>
public interface IHost : IAsyncDisposable
{
    /// <summary>How it is called in messages: <c>this computer</c>, <c>ssh login.cluster</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Runs a text with <c>/bin/sh</c>. Trouble on the way is an answer, not an exception: only what was said between the sentinels
    /// around the command counts, so neither banners nor <c>module</c> chatter can be taken for it, and no exit code is made up.
    /// </summary>
    /// <param name="command">The text, and what goes in and out.</param>
    /// <param name="cancellation">Ends the waiting; the command may go on over there.</param>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    /// <exception cref="IOException">The given output stream could not be written to, or the input stream not be read.</exception>
    Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default);
}

/// <summary>A command for a host. The text goes over standard input, so that no process list shows it.</summary>
/// <param name="text">A script for <c>/bin/sh</c>, of any length and any number of lines; it is quoted by whoever wrote it (see <see cref="Shell.PosixShell"/>).</param>
public sealed class HostCommand(string text)
{
    /// <summary>The script.</summary>
    public string Text { get; } = text;

    /// <summary>What the command reads from standard input; null for nothing.</summary>
    public Stream? Input { get; init; }

    /// <summary>Where standard output goes, byte by byte; null keeps it in the answer.</summary>
    public Stream? Output { get; init; }

    /// <summary>How long the command may take from when it was sent; infinite for as long as the connection stands. Reaching the host has its own limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The most bytes of standard output that the answer keeps; more is an error.</summary>
    public long MaxOutput { get; init; } = 256L << 20;

    /// <summary>A text becomes a command without input.</summary>
    public static implicit operator HostCommand(string text) => new(text);
}
