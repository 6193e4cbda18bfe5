using System.Net.Sockets;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>Another computer by SSH.NET: the same conversation with a shell as over OpenSSH, each command a session of the one connection.</summary>
/// <param name="options">How the host is reached.</param>
/// <param name="shared">Its connection.</param>
internal sealed class SshNetHost(SshNetOptions options, SharedConnection shared) : IHost
{
    /// <inheritdoc/>
    public string Name => $"{options.Destination} (SSH.NET)";

    /// <inheritdoc/>
    public async Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        while (true)
        {
            Connection connection;
            bool isOld;
            try
            {
                (connection, isOld) = await shared.TakeAsync(options, cancellation).ConfigureAwait(false);
            }
            catch (ConnectionException e)
            {
                return new() { Outcome = HostOutcome.NotReached, Failure = e.Failure };
            }

            try
            {
                HostAnswer answer = await RunAsync(connection, command, isOld, cancellation).ConfigureAwait(false);
                if (answer.Outcome != HostOutcome.NotReached || !isOld || (connection.IsStanding && !connection.IsFull))
                {
                    return answer;
                }

                // The connection had broken while nobody used it, or takes no more, and the command was not sent: over a new one, then.
            }
            finally
            {
                shared.Release();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<HostAnswer> RunAsync(Connection connection, HostCommand command, bool isOld, CancellationToken cancellation)
    {
        await connection.Places.WaitAsync(cancellation).ConfigureAwait(false);
        CommandSession? session = null;
        try
        {
            var conversation = new ShellConversation(options.IsLoginShell);
            try
            {
                // One that has stood unused for long may be dead without anybody knowing.
                session = await OpenAsync(connection, conversation.StartCommand, isOld ? options.ConnectTimeout : options.ShellTimeout, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                connection.Close();
                return NotReached(new(HostFailureKind.Unreachable, $"{options.Destination} does not answer.", "Check the network, and whether the cluster wants a VPN."));
            }
            catch (Exception e) when (e is SshException or SocketException or InvalidOperationException)
            {
                CloseIfLost(connection, e);
                connection.IsFull |= isOld && connection.IsStanding && e is SshException and not SshOperationTimeoutException;
                return NotReached(Refused(connection, e));
            }

            HostAnswer answer = await conversation.RunAsync(new(session.OpenInput(connection), session.Output, session.Errors), command, options.ShellTimeout, said => Explain(connection, said), cancellation).ConfigureAwait(false);
            CloseIfLost(connection, session.Execution.Exception?.InnerException);
            return answer;
        }
        finally
        {
            CommandSession? ended = session;
            ended?.IgnoreOutput(connection);
            // Closing a session waits for the host; a place is free again when it has.
            _ = Aside(() =>
            {
                ended?.Close(connection);
                connection.Ended(hasBegun: ended is not null);
            });
        }
    }

    /// <summary>Begins a command. The time is that of one try; a host that allows few sessions at a time is asked again for as long as others run, or are about to.</summary>
    private static async Task<CommandSession> OpenAsync(Connection connection, string text, TimeSpan within, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            // A session that was refused ends its streams: each attempt has its own.
            var session = new CommandSession(connection, text);
            Task beginning = Aside(session.Begin);
            try
            {
                await WhileHeardAsync(beginning, connection, within, cancellation).ConfigureAwait(false);
                connection.Began();
                return session;
            }
            catch (SshException e) when (e is not (SshConnectionException or SshOperationTimeoutException) && (connection.IsInUse ? attempt < 150 : connection.CommandCount > 1 && attempt < 6))
            {
                session.Close(connection);
            }
            catch
            {
                _ = beginning.ContinueWith(t => { _ = t.Exception; session.Close(connection); }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                throw;
            }

            await Task.Delay(200, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for something from the host. The time runs while nothing at all is heard of it: what other commands send and receive goes first.</summary>
    private static async Task WhileHeardAsync(Task task, Connection connection, TimeSpan within, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await task.WaitAsync(within, cancellation).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (!task.IsCompleted && connection.IsHeard(within))
            {
            }
        }
    }

    /// <summary>SSH.NET blocks while it waits for the host: on a thread of its own, so that others need not wait for the pool.</summary>
    private static Task Aside(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // SSH.NET ends the streams of a connection that the host has ended before it says that it is not connected any more.
    private static void CloseIfLost(Connection connection, Exception? e)
    {
        if (e is SshConnectionException)
        {
            connection.Close();
        }
    }

    private HostFailure Refused(Connection connection, Exception e) => connection.IsStanding
        ? new(HostFailureKind.Other, $"{options.Destination} opens no session.", "The account may not be allowed to run commands (sftp only), or too many sessions are open.", e.Message)
        : new(HostFailureKind.ConnectionLost, $"{options.Destination} closed the connection.", "Try again later; some login nodes refuse many connections at a time.", e.Message);

    private HostFailure Explain(Connection connection, string said)
    {
        string? detail = said.Length > 0 ? said.Length > 2000 ? said[^2000..] : said : null;
        return !connection.IsStanding ? new(HostFailureKind.ConnectionLost, $"{options.Destination} closed the connection.", "What became of the command is found out by the next call.", detail)
            : said.Contains("/bin/sh", StringComparison.Ordinal) || said.Contains("not found", StringComparison.Ordinal) ? new(HostFailureKind.NoShell, $"{options.Destination} gives no POSIX shell.", "The host has to allow commands (no sftp-only or restricted login).", detail)
            : new(HostFailureKind.Other, $"The session on {options.Destination} ended without an answer.", "The account may not be allowed to run commands; see what logging in by hand says.", detail);
    }

    private static HostAnswer NotReached(HostFailure failure) => new() { Outcome = HostOutcome.NotReached, Failure = failure };
}
