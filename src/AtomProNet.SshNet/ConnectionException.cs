using System.Net.Sockets;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>A connection did not come about, for a reason that can be acted on.</summary>
internal sealed class ConnectionException(HostFailure failure, Exception? inner = null) : Exception(failure.Problem, inner)
{
    public HostFailure Failure { get; } = failure;

    /// <summary>What an error of the system or of SSH.NET means for a host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="via">The jump host before it; null where it is reached directly.</param>
    /// <param name="error">The error.</param>
    /// <param name="tried">What was tried to log in, for the detail; it holds no secret.</param>
    public static ConnectionException Of(SshHostSettings host, SshHostSettings? via, Exception error, IEnumerable<string> tried)
    {
        string name = host.Alias == host.HostName ? host.Alias : $"{host.Alias} ({host.HostName})";
        ConnectionException Failed(HostFailureKind kind, string problem, string remedy, string? detail = null) => new(new(kind, problem, remedy, detail ?? error.Message), error);
        return error switch
        {
            ConnectionException own => own,
            AtomProNetException own => new(new(HostFailureKind.Other, own.Problem, own.Remedy, own.File is null ? null : own.Line is null ? own.File : FormattableString.Invariant($"{own.File}, line {own.Line}")), own),
            SshAuthenticationException => Failed(
                HostFailureKind.AuthenticationFailed,
                $"{name} did not accept the user {host.User}.",
                "See that the key (IdentityFile in ~/.ssh/config, or the agent) is the one that the host knows. Where a password or a second factor is wanted: Connect-DftCluster asks for it at the terminal, or takes the password of the cluster itself (not of a jump host) as -Credential.",
                string.Join("; ", tried.Append(error.Message))),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Failed(HostFailureKind.HostUnknown, $"The name {name} leads to no host.", "Check the spelling, the network and the Host entries in ~/.ssh/config."),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Failed(HostFailureKind.ConnectionRefused, $"{name} refuses the connection: no SSH server listens there.", "Check the port; if it is right, the login node is being restarted: try again later."),
            SocketException or SshOperationTimeoutException or OperationCanceledException => Failed(HostFailureKind.Unreachable, $"{name} does not answer.", "Check the network, and whether the cluster wants a VPN."),
            SshConnectionException { DisconnectReason: Renci.SshNet.Messages.Transport.DisconnectReason.KeyExchangeFailed } => Failed(HostFailureKind.Other, $"{name} and SSH.NET have no algorithm in common.", "Use OpenSSH for this host (Register-DftCluster -Transport OpenSsh -Force)."),
            _ when via is not null => Failed(HostFailureKind.Unreachable, $"{name} cannot be reached from {via.Alias}.", $"See that {via.Alias} may forward connections (AllowTcpForwarding), and that its network leads to {host.HostName}."),
            _ => Failed(HostFailureKind.ConnectionLost, $"{name} closed the connection.", "Try again later; some login nodes refuse many connections at a time."),
        };
    }
}
