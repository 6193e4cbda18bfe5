using System.Diagnostics;

namespace AtomProNet.Jobs.Hosts;

/// <summary>This computer, by its <c>/bin/sh</c>.</summary>
public sealed class LocalHost : IHost
{
    /// <inheritdoc/>
    public string Name => "this computer";

    /// <inheritdoc/>
    public async Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (OperatingSystem.IsWindows())
        {
            return NoShell();
        }

        var conversation = new ShellConversation();
        var start = new ProcessStartInfo(conversation.StartWords[0], conversation.StartWords.Skip(1)) { WorkingDirectory = "/" };
        return await ShellProcess.RunAsync(start, conversation, command, TimeSpan.FromSeconds(60), withChildren: true, Explain, cancellation).ConfigureAwait(false) ?? NoShell();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static HostFailure Explain(string said) => new(HostFailureKind.Other, "The shell ended before the command did.", Detail: said);

    private static HostAnswer NoShell() => new()
    {
        Outcome = HostOutcome.NotReached,
        Failure = new(HostFailureKind.ProgramMissing, "Jobs on this computer need a POSIX shell (/bin/sh), which Windows does not have.", "Register a cluster that is reached over SSH, or run PowerShell inside WSL."),
    };
}
