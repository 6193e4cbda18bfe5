using System.Text.RegularExpressions;

namespace AtomProNet.Jobs.Hosts;

/// <summary>What OpenSSH's client says when it fails (messages of OpenSSH 7 to 9, <c>sshconnect.c</c>, <c>ssh.c</c>, <c>packet.c</c>), and what to do about it.</summary>
internal static partial class OpenSshMessages
{
    /// <summary>The reason why a connection did not come about or broke.</summary>
    /// <param name="destination">What was to be reached.</param>
    /// <param name="said">All that the client said.</param>
    internal static HostFailure Explain(string destination, string said)
    {
        // The jump host's client speaks on the same stream; what it says comes first and is the cause.
        string text = said.Trim();
        string detail = string.Join(" ", text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && !l.All(c => c is '@' or ' ')).TakeLast(6));
        HostFailure Failure(HostFailureKind kind, string problem, string remedy) => new(kind, problem, remedy, detail.Length > 0 ? detail : null);

        if (text.Contains("REMOTE HOST IDENTIFICATION HAS CHANGED", StringComparison.Ordinal) || (text.Contains("Host key for ", StringComparison.Ordinal) && text.Contains("has changed", StringComparison.Ordinal)))
        {
            return Failure(HostFailureKind.HostKeyChanged, $"The key of {destination} is not the one that is known: the host was set up anew, or somebody stands in between.", "Ask the administrators for the new fingerprint; only then remove the old key (ssh-keygen -R) and connect once by hand.");
        }

        if (HostKey().IsMatch(text))
        {
            return Failure(HostFailureKind.HostKeyUnknown, $"The key of {destination} is not known yet.", $"Connect once by hand (ssh {destination}), compare the fingerprint with the one that the cluster's pages show, and accept it.");
        }

        if (Denied().IsMatch(text))
        {
            return Failure(HostFailureKind.AuthenticationFailed, $"{destination} did not accept the user's keys.", $"See that 'ssh -o BatchMode=yes {destination} true' works: load the key into the agent (ssh-add), or name user and IdentityFile in ~/.ssh/config. Where a second factor is asked for, open a shared connection by hand (ControlMaster in ~/.ssh/config).");
        }

        if (NoName().IsMatch(text))
        {
            return Failure(HostFailureKind.HostUnknown, $"The name {destination} leads to no host.", "Check the spelling, the network and the Host entries in ~/.ssh/config.");
        }

        if (text.Contains("Connection refused", StringComparison.Ordinal))
        {
            return Failure(HostFailureKind.ConnectionRefused, $"{destination} refuses the connection: no SSH server listens there.", "Check the port; if they are right, the login node is being restarted: try again later.");
        }

        if (Unreachable().IsMatch(text))
        {
            return Failure(HostFailureKind.Unreachable, $"{destination} does not answer.", "Check the network, and whether the cluster wants a VPN.");
        }

        if (BadConfiguration().IsMatch(text))
        {
            return Failure(HostFailureKind.Other, "OpenSSH does not understand its configuration.", "Mend the line that it names.");
        }

        if (Closed().IsMatch(text))
        {
            return Failure(HostFailureKind.ConnectionLost, $"{destination} closed the connection.", "Try again later; some login nodes refuse many connections at a time.");
        }

        return text.Contains("/bin/sh", StringComparison.Ordinal) || text.Contains("not found", StringComparison.Ordinal)
            ? Failure(HostFailureKind.NoShell, $"{destination} gives no POSIX shell.", "The host has to allow commands (no sftp-only or restricted login).")
            : Failure(HostFailureKind.Other, $"The connection to {destination} ended without an answer.", $"See what 'ssh {destination} true' says.");
    }

    [GeneratedRegex(@"Host key verification failed|No .{1,40} host key is known|host key .{0,80}not (known|found)", RegexOptions.CultureInvariant)]
    private static partial Regex HostKey();

    [GeneratedRegex(@"Permission denied|Too many authentication failures|No supported authentication methods|UNPROTECTED PRIVATE KEY", RegexOptions.CultureInvariant)]
    private static partial Regex Denied();

    [GeneratedRegex(@"Could not resolve hostname|Name or service not known|nodename nor servname", RegexOptions.CultureInvariant)]
    private static partial Regex NoName();

    [GeneratedRegex(@"timed out|No route to host|Network is unreachable|Host is down|not responding|Operation timed out", RegexOptions.CultureInvariant)]
    private static partial Regex Unreachable();

    [GeneratedRegex(@"Bad configuration option|terminating, \d+ bad configuration|Bad owner or permissions", RegexOptions.CultureInvariant)]
    private static partial Regex BadConfiguration();

    [GeneratedRegex(@"Connection (to \S+ )?(closed|reset)|closed by remote host|Broken pipe|kex_exchange_identification|banner exchange|mux_client|Session open refused|administratively prohibited|Control socket", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Closed();
}
