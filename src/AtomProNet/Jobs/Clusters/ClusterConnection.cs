using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.Jobs.Clusters;

/// <summary>A connection to a cluster that is held open until it is closed or the process ends.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Location">Its host.</param>
/// <param name="Transport">What speaks SSH.</param>
public sealed record ClusterConnection(string Cluster, string Location, SshTransport Transport)
{
    private const string Greeting = "atompronet is here";

    /// <summary>Opens the connection that the other calls of this process then use, or finds that it stands.</summary>
    /// <param name="profile">The cluster.</param>
    /// <param name="answers">Answers what the host asks; null: nobody does.</param>
    /// <param name="acceptedFingerprint">The fingerprint of a host key that is not known yet and shall be taken; null: none is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AtomProNetException">The host was not reached, or the cluster is this machine.</exception>
    public static async Task<ClusterConnection> OpenAsync(ClusterProfile profile, ISshAnswers? answers = null, string? acceptedFingerprint = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (profile.EffectiveTransport is not { } transport)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ClusterNotRemote", "This cluster is this machine: there is nothing to connect to.", value: profile.Name);
        }

        IHost host = transport == SshTransport.OpenSsh ? new ClusterAccess().OpenHost(profile)
            : SshNetTransport.Instance?.Open(ClusterAccess.SshNetOptions(profile) with { Answers = answers, AcceptedFingerprint = acceptedFingerprint, Persist = Timeout.InfiniteTimeSpan })
            ?? throw SshNetTransport.Missing.ToException();
        await using (host.ConfigureAwait(false))
        {
            HostAnswer answer = await host.RunAsync($"echo '{Greeting}'", cancellation).ConfigureAwait(false);
            return answer.Failure is { } failure ? throw failure.ToException()
                : answer.Output.Trim() == Greeting ? new(profile.Name, profile.Location, transport)
                : throw new AtomProNetException(ErrorKind.Unavailable, "HostNoShell", $"{profile.Location} does not do what it is told ({answer.Describe()}).");
        }
    }

    /// <summary>Closes it, and forgets the secrets that it was opened with.</summary>
    /// <param name="profile">The cluster.</param>
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> CloseAsync(ClusterProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (profile.EffectiveTransport == SshTransport.SshNet && SshNetTransport.Instance is { } library)
        {
            return await library.CloseAsync(ClusterAccess.SshNetOptions(profile)).ConfigureAwait(false) > 0;
        }

        if (profile.EffectiveTransport != SshTransport.OpenSsh)
        {
            return false;
        }

        await using var host = (OpenSshHost)new ClusterAccess().OpenHost(profile);
        return await host.CloseSharedAsync().ConfigureAwait(false);
    }
}
