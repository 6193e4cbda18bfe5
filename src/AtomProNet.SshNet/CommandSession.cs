using System.Net.Sockets;
using System.Reflection;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>A command of a connection, with what it is told and what it prints.</summary>
internal sealed class CommandSession
{
    private static readonly PropertyInfo OutputStream = typeof(SshCommand).GetProperty(nameof(SshCommand.OutputStream))!;
    private static readonly PropertyInfo ErrorStream = typeof(SshCommand).GetProperty(nameof(SshCommand.ExtendedOutputStream))!;
    private readonly SshCommand command;
    private SentStream? input;

    public CommandSession(Connection connection, string text)
    {
        command = connection.Client.CreateCommand(text);
        Output = connection.Receive();
        Errors = connection.Receive();
        // SSH.NET's streams grow without end when the reader is slower than the network. Their place has no public way to put another in; the tests tell if it goes.
        OutputStream.SetValue(command, Output);
        ErrorStream.SetValue(command, Errors);
    }

    /// <summary>What it prints.</summary>
    public ReceivedStream Output { get; }

    /// <summary>What it prints as errors.</summary>
    public ReceivedStream Errors { get; }

    /// <summary>Ends with it; an error where the connection ended first.</summary>
    public Task Execution { get; private set; } = Task.CompletedTask;

    /// <summary>Opens the session and sends the command; waits for the host.</summary>
    public void Begin()
    {
        Execution = command.ExecuteAsync(CancellationToken.None);
        _ = Execution.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Its standard input.</summary>
    public Stream OpenInput(Connection connection)
    {
        try
        {
            return input = connection.Send(command.CreateInputStream(), new ChannelGate(command));
        }
        catch (InvalidOperationException) when (Execution.IsCompleted)
        {
            // It has ended already; what it said tells why.
            return Stream.Null;
        }
    }

    /// <summary>Nobody reads what it prints any more.</summary>
    public void IgnoreOutput(Connection connection)
    {
        connection.Drop(Output);
        connection.Drop(Errors);
        if (input is not null)
        {
            connection.Drop(input);
        }
    }

    /// <summary>Closes it; waits for the host.</summary>
    public void Close(Connection connection)
    {
        IgnoreOutput(connection);
        try
        {
            command.Dispose();
        }
        catch (Exception e) when (e is SshException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It is gone with its connection.
        }
    }
}
