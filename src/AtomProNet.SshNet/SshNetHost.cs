using System.Net.Sockets;
using System.Reflection;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>Another computer by SSH.NET: the same conversation with a shell as over OpenSSH, each command a session of the one connection.</summary>
/// <param name="options">How the host is reached.</param>
/// <param name="shared">Its connection.</param>
internal sealed class SshNetHost(SshNetOptions options, SharedConnection shared) : IHost
{
    private static readonly PropertyInfo OutputStream = typeof(SshCommand).GetProperty(nameof(SshCommand.OutputStream))!;
    private static readonly PropertyInfo ErrorStream = typeof(SshCommand).GetProperty(nameof(SshCommand.ExtendedOutputStream))!;

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
                if (answer.Outcome != HostOutcome.NotReached || !isOld || connection.IsStanding)
                {
                    return answer;
                }

                // The connection had broken while nobody used it, and the command was not sent: over a new one, then.
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
        Session? session = null;
        try
        {
            var conversation = new ShellConversation(options.IsLoginShell);
            Task<Session> opening = Task.Run(() => Open(connection, conversation.StartCommand), CancellationToken.None);
            try
            {
                // One that has stood unused for long may be dead without anybody knowing.
                session = await opening.WaitAsync(isOld ? options.ConnectTimeout : options.ShellTimeout, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                connection.Close();
                return NotReached(new(HostFailureKind.Unreachable, $"{options.Destination} does not answer.", "Check the network, and whether the cluster wants a VPN."));
            }
            catch (Exception e) when (e is SshException or SocketException or InvalidOperationException)
            {
                return NotReached(Refused(connection, e));
            }
            finally
            {
                if (session is null)
                {
                    _ = opening.ContinueWith(t => { if (t.IsCompletedSuccessfully) { t.Result.End(connection); } else { _ = t.Exception; } }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                }
            }

            Stream input;
            try
            {
                input = session.Command.CreateInputStream();
            }
            catch (InvalidOperationException)
            {
                // The shell has ended already; what it said tells why.
                input = Stream.Null;
            }

            var sent = new SentStream(input);
            return await conversation.RunAsync(new(sent, session.Output, session.Errors), command, options.ShellTimeout, said => Explain(connection, said), cancellation).ConfigureAwait(false);
        }
        finally
        {
            session?.Drop(connection);
            Session? ended = session;
            // Closing a session waits for the host; a place is free again when it has.
            _ = Task.Run(() =>
            {
                ended?.End(connection);
                connection.Places.Release();
            });
        }
    }

    private static Session Open(Connection connection, string text)
    {
        for (int attempt = 1; ; attempt++)
        {
            // A session that was refused ends its streams: each attempt has its own.
            var session = new Session(connection.Client.CreateCommand(text), connection.Receive(), connection.Receive());
            try
            {
                // SSH.NET's streams grow without end when the reader is slower than the network. Their place has no public way to put another in; the tests tell if it goes.
                OutputStream.SetValue(session.Command, session.Output);
                ErrorStream.SetValue(session.Command, session.Errors);
                lock (connection.Beginning)
                {
                    _ = session.Command.ExecuteAsync(CancellationToken.None).ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }

                return session;
            }
            catch (SshException e) when (e is not (SshConnectionException or SshOperationTimeoutException) && connection.CommandCount > 1 && attempt < 150)
            {
                // The host allows fewer sessions at a time; another command ends soon.
                session.End(connection);
                Thread.Sleep(200);
            }
            catch
            {
                session.End(connection);
                throw;
            }
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

    /// <summary>A command with what it prints.</summary>
    private sealed record Session(SshCommand Command, ReceivedStream Output, ReceivedStream Errors)
    {
        /// <summary>Nobody reads what it prints any more.</summary>
        public void Drop(Connection connection)
        {
            connection.Drop(Output);
            connection.Drop(Errors);
        }

        /// <summary>Closes it.</summary>
        public void End(Connection connection)
        {
            Drop(connection);
            try
            {
                Command.Dispose();
            }
            catch (Exception e) when (e is SshException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // It is gone with its connection.
            }
        }
    }
}
