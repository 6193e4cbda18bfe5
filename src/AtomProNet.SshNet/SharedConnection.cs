using System.Diagnostics;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.SshNet;

/// <summary>The one connection to a host: made by whoever needs it first, used by all, closed when nobody has used it for a while.</summary>
internal sealed class SharedConnection
{
    // Timers may be a little early.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(50);
    private readonly SemaphoreSlim making = new(1, 1);
    private readonly RememberedAnswers remembered = new();
    private readonly object sync = new();
    private readonly Timer idle;
    private Connection? current;
    private int users;
    private TimeSpan persist = TimeSpan.Zero;
    private long lastUse;

    public SharedConnection() => idle = new(_ => _ = CloseWhenIdleAsync());

    /// <summary>The connection, made anew where none stands.</summary>
    /// <param name="options">How to reach the host.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The connection, and whether it stood already; to be given back.</returns>
    /// <exception cref="ConnectionException">The host was not reached.</exception>
    public async Task<(Connection Connection, bool IsOld)> TakeAsync(SshNetOptions options, CancellationToken cancellation)
    {
        await making.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            Connection? full = current is { IsStanding: true, IsFull: true } ? current : null;
            bool isOld = full is null && current is { IsStanding: true };
            if (!isOld)
            {
                if (full is null)
                {
                    Discard();
                }

                using var answers = new RecordedAnswers(options.Answers, remembered);
                try
                {
                    current = await Connection.OpenAsync(options with { Answers = answers }, cancellation).ConfigureAwait(false);
                    answers.Keep();
                    full?.Leave();
                }
                catch (Exception e)
                {
                    if (full is not null)
                    {
                        // It stays: it may take commands again later, and another may not come about where nobody can type a code.
                        full.IsFull = false;
                    }

                    if (e is ConnectionException { Failure.Kind: Jobs.Hosts.HostFailureKind.AuthenticationFailed })
                    {
                        // What was refused is not given again.
                        remembered.Clear();
                    }

                    throw;
                }
            }

            lock (sync)
            {
                users++;
                persist = options.Persist == Timeout.InfiniteTimeSpan || persist == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : options.Persist > persist ? options.Persist : persist;
            }

            return (current!, isOld);
        }
        finally
        {
            making.Release();
        }
    }

    /// <summary>Gives it back.</summary>
    public void Release()
    {
        lock (sync)
        {
            lastUse = Stopwatch.GetTimestamp();
            if (--users == 0 && persist != Timeout.InfiniteTimeSpan)
            {
                idle.Change(persist, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Closes it, and forgets what was answered; returns whether there was one.</summary>
    public async Task<bool> CloseAsync()
    {
        await making.WaitAsync().ConfigureAwait(false);
        try
        {
            remembered.Clear();
            lock (sync)
            {
                persist = TimeSpan.Zero;
            }

            return Discard();
        }
        finally
        {
            making.Release();
        }
    }

    private async Task CloseWhenIdleAsync()
    {
        await making.WaitAsync().ConfigureAwait(false);
        try
        {
            TimeSpan left;
            lock (sync)
            {
                if (users > 0 || persist == Timeout.InfiniteTimeSpan)
                {
                    return;
                }

                // Somebody may have used it between the timer's end and now.
                left = persist - Stopwatch.GetElapsedTime(lastUse);
            }

            if (left > Tolerance)
            {
                idle.Change(left, Timeout.InfiniteTimeSpan);
            }
            else
            {
                Discard();
                remembered.Clear();
            }
        }
        finally
        {
            making.Release();
        }
    }

    private bool Discard()
    {
        bool stood = current is { IsStanding: true };
        current?.Close();
        current = null;
        return stood;
    }
}
