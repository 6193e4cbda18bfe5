using System.Diagnostics;

namespace AtomProNet.Jobs.Hosts;

/// <summary>
/// Another computer by the system's OpenSSH client. Keys, agent, ProxyJump and all else are the user's own; host keys are always
/// checked; it never asks. Commands share one connection where the system can do that (all but Windows), which outlives the call for
/// <see cref="OpenSshOptions.Persist"/>.
/// </summary>
/// <param name="options">How the host is reached.</param>
public sealed class OpenSshHost(OpenSshOptions options) : IHost
{
    private readonly SemaphoreSlim preparing = new(1, 1);
    private string? configuration;
    private bool isSharedByUs;

    /// <inheritdoc/>
    public string Name => "ssh " + options.Destination;

    /// <inheritdoc/>
    public async Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        string file = await ConfigurationAsync(cancellation).ConfigureAwait(false);
        var conversation = new ShellConversation(options.IsLoginShell);
        var start = Program(["-F", file, "-T", "-a", "-x", "--", options.Destination, conversation.StartCommand]);
        // A jump host is another connection with a limit of its own; login scripts take their time, too.
        TimeSpan reach = (options.ConnectTimeout * 2) + TimeSpan.FromSeconds(20);
        return await ShellProcess.RunAsync(start, conversation, command, reach, endAll: null, said => OpenSshMessages.Explain(options.Destination, said), cancellation).ConfigureAwait(false) ?? new HostAnswer
        {
            Outcome = HostOutcome.NotReached,
            Failure = new(HostFailureKind.ProgramMissing, $"The program '{start.FileName}' was not found.", "Install OpenSSH's client (Debian: openssh-client; Windows: the optional feature 'OpenSSH Client')."),
        };
    }

    /// <summary>Closes the shared connection, if it is ours and stands; one that the user's own configuration shares is the user's.</summary>
    public async Task CloseAsync(CancellationToken cancellation = default)
    {
        if (configuration is not null && isSharedByUs)
        {
            await RunProgramAsync(["-F", configuration, "-O", "exit", "--", options.Destination], cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the shared connection of this or an earlier process, if it is ours; returns whether one stood.</summary>
    internal async Task<bool> CloseSharedAsync(CancellationToken cancellation = default)
    {
        string file = await ConfigurationAsync(cancellation).ConfigureAwait(false);
        if (!isSharedByUs)
        {
            return false;
        }

        bool stood = (await RunProgramAsync(["-F", file, "-O", "check", "--", options.Destination], cancellation, withError: true).ConfigureAwait(false)).Contains("Master running", StringComparison.Ordinal);
        await CloseAsync(cancellation).ConfigureAwait(false);
        return stood;
    }

    /// <summary>Leaves the shared connection standing for the next call.</summary>
    public ValueTask DisposeAsync()
    {
        preparing.Dispose();
        return ValueTask.CompletedTask;
    }

    private ProcessStartInfo Program(IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(options.Program ?? "ssh", words) { CreateNoWindow = true };
        // BatchMode keeps ssh from asking for passwords. What a jump host's client or a key's passphrase might still ask for is answered by a program that gives nothing.
        start.Environment["SSH_ASKPASS"] = File.Exists("/bin/false") ? "/bin/false" : "/usr/bin/false";
        start.Environment["SSH_ASKPASS_REQUIRE"] = "force";
        return start;
    }

    /// <summary>The configuration file. Where the user's own configuration shares connections to this host, that is kept: it may hold a connection that was opened with a second factor.</summary>
    private async Task<string> ConfigurationAsync(CancellationToken cancellation)
    {
        await preparing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (configuration is not null)
            {
                // A cleaner of temporary files may have taken it.
                if (!File.Exists(configuration))
                {
                    configuration = null;
                }
                else
                {
                    return configuration;
                }
            }

            string? sockets = options.Persist > TimeSpan.Zero ? OpenSshConfig.SocketFolder() : null;
            bool knows87 = OpenSshConfig.Knows87(await RunProgramAsync(["-V"], cancellation, withError: true).ConfigureAwait(false));
            string plain = OpenSshConfig.Write(OpenSshConfig.Text(options, socketFolder: null, knows87));
            bool isShared = sockets is not null && IsSharedByUser(await RunProgramAsync(["-F", plain, "-G", "--", options.Destination], cancellation).ConfigureAwait(false));
            isSharedByUs = sockets is not null && !isShared;
            return configuration = isSharedByUs ? OpenSshConfig.Write(OpenSshConfig.Text(options, sockets, knows87)) : plain;
        }
        finally
        {
            preparing.Release();
        }
    }

    /// <summary>Whether the configuration that <c>ssh -G</c> prints shares connections.</summary>
    internal static bool IsSharedByUser(string printed)
    {
        string[] lines = printed.Split('\n', StringSplitOptions.TrimEntries);
        return lines.Any(l => l.StartsWith("controlpath ", StringComparison.Ordinal) && !l.EndsWith(" none", StringComparison.Ordinal));
    }

    private async Task<string> RunProgramAsync(string[] words, CancellationToken cancellation, bool withError = false)
    {
        ProcessStartInfo start = Program(words);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
            string output = await process.StandardOutput.ReadToEndAsync(cancellation).ConfigureAwait(false);
            string said = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return withError ? output + said : output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No client: the command itself says so.
            return "";
        }
    }
}
