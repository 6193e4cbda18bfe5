using System.Globalization;
using System.Text;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Hosts;

/// <summary>
/// How a command is brought to a shell over three streams, whichever way these lead there. The shell is started with a short fixed
/// text that says that it is there and then reads one line from standard input; only then is the command sent, as that line. So a
/// host that never answered has certainly not run it, and no process list shows it. Both output streams are read between sentinels
/// that are new for each command. One object serves one command.
/// </summary>
/// <param name="isLoginShell">Whether the shell reads the profile first, so that the batch system's programs are on the PATH.</param>
public sealed class ShellConversation(bool isLoginShell = false)
{
    private static readonly TimeSpan ErrorGrace = TimeSpan.FromSeconds(2);
    private readonly string mark = Guid.NewGuid().ToString("N");

    private string Begin => "==atompronet-begin-" + mark;

    private string End => "==atompronet-end-" + mark;

    /// <summary>
    /// The words that start the shell. What leads there may join them with blanks and hand them to a login shell of any kind: the text
    /// holds no character that means something else to csh or fish inside single quotes.
    /// </summary>
    public IReadOnlyList<string> StartWords => ["/bin/sh", .. isLoginShell ? new[] { "-l" } : [], "-c", Opening];

    /// <summary><see cref="StartWords"/> as a command for the login shell at the other end.</summary>
    public string StartCommand => $"exec /bin/sh {(isLoginShell ? "-l " : "")}-c '{Opening}'";

    // read takes single bytes from a pipe, so that what follows the line is left for the command.
    private string Opening => $"printf \"\\n%s\\n\" {Begin}; printf \"\\n%s\\n\" {Begin} >&2; IFS= read -r s && eval \"$(printf %b \"$s\")\"";

    /// <summary>Holds the conversation.</summary>
    /// <param name="streams">Where the shell's streams lead.</param>
    /// <param name="command">The command.</param>
    /// <param name="reachWithin">How long the shell may take to say that it is there.</param>
    /// <param name="explain">Says from what was printed outside the sentinels why the shell did not come or went away.</param>
    /// <param name="cancellation">Ends the conversation.</param>
    public async Task<HostAnswer> RunAsync(ShellStreams streams, HostCommand command, TimeSpan reachWithin, Func<string, HostFailure> explain, CancellationToken cancellation)
    {
        byte[] line = Line(command.Text);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var output = new OutputReader(new SentinelScanner(Begin, End), streams.Output, command.Output, command.MaxOutput);
        var errors = new OutputReader(new SentinelScanner(Begin, End), streams.Error, null, 16L << 20);
        Task reading = output.ReadAsync(ending.Token), readingErrors = errors.ReadAsync(ending.Token);
        Task feeding = Task.CompletedTask;
        try
        {
            if (!await WithinAsync(Task.WhenAny(output.Begun, reading), reachWithin, cancellation).ConfigureAwait(false))
            {
                return Failed(HostOutcome.NotReached, new(HostFailureKind.Unreachable, FormattableString.Invariant($"No answer within {reachWithin.TotalSeconds:0} s."), "Check the network and the host's name, and that its login scripts do not wait for input.", Said(output, errors)));
            }

            if (!output.HasBegun)
            {
                await reading.ConfigureAwait(false);
                await WithinAsync(readingErrors, ErrorGrace, cancellation).ConfigureAwait(false);
                return Failed(HostOutcome.NotReached, explain(Said(output, errors)));
            }

            feeding = FeedAsync(streams.Input, line, command.Input, ending.Token);
            Task first = Task.WhenAny(reading, FailureOf(feeding));
            bool inTime = await WithinAsync(first, command.Timeout, cancellation).ConfigureAwait(false);
            if (feeding.IsFaulted)
            {
                await feeding.ConfigureAwait(false);
            }

            if (inTime)
            {
                await reading.ConfigureAwait(false);
            }

            await WithinAsync(readingErrors, ErrorGrace, cancellation).ConfigureAwait(false);
            if (output.HasEnded && int.TryParse(output.EndText, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            {
                return new HostAnswer { Outcome = HostOutcome.Finished, ExitCode = code, OutputBytes = output.Bytes, Error = errors.Text };
            }

            HostFailure failure = output.IsTooLong ? new(HostFailureKind.TooMuchOutput, FormattableString.Invariant($"The command printed more than {command.MaxOutput} bytes."))
                : inTime ? Lost(explain(Said(output, errors)))
                : new(HostFailureKind.TimedOut, FormattableString.Invariant($"The command did not end within {command.Timeout.TotalSeconds:0} s."), "It may still run; ask again later.");
            return Failed(inTime ? HostOutcome.Lost : HostOutcome.TimedOut, failure) with { OutputBytes = output.Bytes, Error = errors.Text };
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            // Whatever was still under way ends with the streams; its errors are of no interest any more.
            _ = Task.WhenAll(reading, readingErrors, feeding).ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>The command as one line for <c>printf %b</c>: in a subshell with an eval of its own, so that neither exit nor a syntax error can pass by the sentinels.</summary>
    private byte[] Line(string text)
    {
        string script = $"( eval {PosixShell.Quote(text)} ); c=$?; printf '\\n%s %s\\n' {End} \"$c\"; printf '\\n%s\\n' {End} >&2";
        return Encoding.UTF8.GetBytes(script.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\n");
    }

    private static async Task FeedAsync(Stream target, byte[] line, Stream? input, CancellationToken cancellation)
    {
        if (!await TryWriteAsync(target, line, cancellation).ConfigureAwait(false))
        {
            return;
        }

        if (input is not null)
        {
            var buffer = new byte[1 << 16];
            int count;
            while ((count = await input.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                if (!await TryWriteAsync(target, buffer.AsMemory(0, count), cancellation).ConfigureAwait(false))
                {
                    return;
                }
            }
        }

        try
        {
            await target.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Gone already: the answer tells how.
        }
    }

    private static async Task<bool> TryWriteAsync(Stream target, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await target.WriteAsync(bytes, cancellation).ConfigureAwait(false);
            await target.FlushAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The command did not read to the end, or the connection broke: the sentinel, or its absence, tells which.
            return false;
        }
    }

    /// <summary>A task that ends only where another fails.</summary>
    private static async Task FailureOf(Task task)
    {
        await task.ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite).ConfigureAwait(false);
    }

    private static async Task<bool> WithinAsync(Task task, TimeSpan time, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task first = await Task.WhenAny(task, Task.Delay(time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return first == task;
    }

    private static HostAnswer Failed(HostOutcome outcome, HostFailure failure) => new() { Outcome = outcome, Failure = failure };

    private static HostFailure Lost(HostFailure failure) => failure.Kind is HostFailureKind.Other
        ? new(HostFailureKind.ConnectionLost, "The connection broke before the command's end was seen.", "What became of the command is found out by the next call.", failure.Detail) : failure;

    private static string Said(OutputReader output, OutputReader errors) => (errors.Outside + "\n" + output.Outside).Trim();

    /// <summary>Reads one stream.</summary>
    private sealed class OutputReader(SentinelScanner scanner, Stream source, Stream? target, long limit)
    {
        private const int OutsideLimit = 1 << 16;
        private readonly MemoryStream kept = new();
        private readonly StringBuilder outside = new();
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public bool HasBegun => begun.Task.IsCompleted;

        public bool HasEnded { get; private set; }

        public bool IsTooLong { get; private set; }

        public string EndText { get; private set; } = "";

        public ReadOnlyMemory<byte> Bytes
        {
            get
            {
                lock (kept)
                {
                    return kept.ToArray();
                }
            }
        }

        public string Text => Encoding.UTF8.GetString(Bytes.Span);

        public string Outside
        {
            get
            {
                lock (outside)
                {
                    return outside.ToString();
                }
            }
        }

        public async Task ReadAsync(CancellationToken cancellation)
        {
            var buffer = new byte[1 << 16];
            while (!scanner.HasEnded && !IsTooLong)
            {
                int count;
                try
                {
                    count = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or ObjectDisposedException)
                {
                    count = 0;
                }

                var before = new StringBuilder();
                ReadOnlyMemory<byte> inner = count == 0 ? scanner.Rest(before) : scanner.Take(buffer.AsSpan(0, count), before);
                Note(before);
                if (!inner.IsEmpty)
                {
                    await KeepAsync(inner, cancellation).ConfigureAwait(false);
                }

                if (scanner.HasBegun)
                {
                    begun.TrySetResult();
                }

                if (count == 0)
                {
                    return;
                }
            }

            // What comes behind the last sentinel is a logout script's chatter; nobody waits for it.
            EndText = scanner.EndText;
            HasEnded = scanner.HasEnded;
        }

        private void Note(StringBuilder before)
        {
            lock (outside)
            {
                outside.Append(before);
                if (outside.Length > OutsideLimit)
                {
                    outside.Remove(0, outside.Length - OutsideLimit);
                }
            }
        }

        private async Task KeepAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            if (target is not null)
            {
                await target.WriteAsync(bytes, cancellation).ConfigureAwait(false);
                return;
            }

            lock (kept)
            {
                if (kept.Length + bytes.Length > limit)
                {
                    IsTooLong = true;
                    return;
                }

                kept.Write(bytes.Span);
            }
        }
    }
}

/// <summary>The three streams of a shell.</summary>
/// <param name="Input">Leads to its standard input; closing it is the end of the input.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error, with whatever the way there says of its own.</param>
public sealed record ShellStreams(Stream Input, Stream Output, Stream Error);
