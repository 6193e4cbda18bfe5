using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AtomProNet.Jobs.Hosts;

/// <summary>
/// This computer, by its <c>/bin/sh</c>. Where there is <c>setsid</c> (Linux), each command has a session of its own: Ctrl+C at the terminal is this process's to
/// hear, and one that is ended early takes along all that it started, also what its own parent has left behind.
/// </summary>
public sealed partial class LocalHost : IHost
{
    private static readonly string? SetSid = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

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
        string[] words = [.. SetSid is null ? [] : new[] { SetSid }, .. conversation.StartWords];
        var start = new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = "/" };
        return await ShellProcess.RunAsync(start, conversation, command, TimeSpan.FromSeconds(60), EndAll, Explain, cancellation).ConfigureAwait(false) ?? NoShell();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void EndAll(Process process)
    {
        const int Kill = 9;
        // A group has the number of its first process, and goes on where that one is gone; whoever has a session of its own by now (a job of the local queue) is not in it.
        if (SetSid is null || Signal(-process.Id, Kill) != 0)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static HostFailure Explain(string said) => new(HostFailureKind.Other, "The shell ended before the command did.", Detail: said);

    private static HostAnswer NoShell() => new()
    {
        Outcome = HostOutcome.NotReached,
        Failure = new(HostFailureKind.ProgramMissing, "Jobs on this computer need a POSIX shell (/bin/sh), which Windows does not have.", "Register a cluster that is reached over SSH, or run PowerShell inside WSL."),
    };

    // kill(2)
    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
