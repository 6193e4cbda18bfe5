using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>Whether a host is the one that it says it is. Nothing is ever taken unseen, whatever the configuration says of StrictHostKeyChecking.</summary>
/// <param name="host">The host.</param>
/// <param name="acceptedFingerprint">The fingerprint of a new key that the user has compared; null for none.</param>
internal sealed class HostKeyCheck(SshHostSettings host, string? acceptedFingerprint)
{
    private readonly KnownHosts known = KnownHosts.Read(host.HostName, host.Port, host.HostKeyAlias, host.KnownHostsFiles);

    // The host shows its key again whenever the connection's keys are made anew.
    private bool isWritten;

    /// <summary>Why the key was refused; null where it was not.</summary>
    public HostFailure? Failure { get; private set; }

    /// <summary>The algorithms in the order in which the host is asked for them: first those whose keys are known.</summary>
    public void Prefer(IDictionary<string, Func<byte[], Renci.SshNet.Security.KeyHostAlgorithm>> algorithms)
    {
        // Certificates of hosts are not checked here; without them the host shows its plain key.
        foreach (string certificate in algorithms.Keys.Where(a => a.Contains("-cert-", StringComparison.Ordinal)).ToArray())
        {
            algorithms.Remove(certificate);
        }

        string[] types = [.. known.KeyTypes];
        KeyValuePair<string, Func<byte[], Renci.SshNet.Security.KeyHostAlgorithm>>[] ordered = [.. algorithms.OrderBy(a => types.Contains(a.Key.StartsWith("rsa-sha2", StringComparison.Ordinal) ? "ssh-rsa" : a.Key, StringComparer.Ordinal) ? 0 : 1)];
        algorithms.Clear();
        foreach ((string name, Func<byte[], Renci.SshNet.Security.KeyHostAlgorithm> make) in ordered)
        {
            algorithms.Add(name, make);
        }
    }

    /// <summary>Looks at the key that the host shows.</summary>
    public void Judge(HostKeyEventArgs shown)
    {
        byte[] key = shown.HostKey;
        string fingerprint = KnownHosts.Fingerprint(key);
        string kind = KnownHosts.KeyTypeOf(key);
        HostKeyVerdict verdict = IsRevoked(key) ? HostKeyVerdict.Revoked : known.Judge(key);
        if (kind == "ssh-rsa" && shown.KeyLength < host.RequiredRsaSize)
        {
            Failure = new(HostFailureKind.HostKeyUnknown, $"The RSA key of {host.Alias} has only {shown.KeyLength} bits.", "Ask the administrators for a longer key.", fingerprint);
        }
        else if (verdict == HostKeyVerdict.Unknown && acceptedFingerprint == fingerprint)
        {
            if (!isWritten)
            {
                Accept(key);
                isWritten = true;
            }
        }
        else
        {
            Failure = Explain(verdict, kind, fingerprint, key);
        }

        shown.CanTrust = Failure is null;
    }

    private HostFailure? Explain(HostKeyVerdict verdict, string kind, string fingerprint, byte[] key) => verdict switch
    {
        HostKeyVerdict.Known => null,
        HostKeyVerdict.Changed => new(
            HostFailureKind.HostKeyChanged,
            $"THE KEY OF {host.Alias} IS NOT THE ONE THAT IS KNOWN: the host was set up anew, or somebody stands in between. Nothing was sent.",
            $"Ask the administrators for the fingerprint of the new key; only if it is the one shown here, remove the old key ({Places(kind)}) and accept the new one.",
            $"shown {kind} {fingerprint}; known as {known.Name}: {string.Join(", ", known.Keys.Where(k => k.KeyType == kind && k.Marker.Length == 0).Select(k => KnownHosts.Fingerprint(k.Key.AsSpan())))}"),
        HostKeyVerdict.Revoked => new(HostFailureKind.HostKeyChanged, $"THE KEY OF {host.Alias} IS REVOKED: it must not be trusted any more. Nothing was sent.", "Ask the administrators; somebody may stand in between.", $"{kind} {fingerprint}"),
        _ => new(
            HostFailureKind.HostKeyUnknown,
            $"The key of {host.Alias} is not known yet: {kind} {fingerprint}.",
            $"Compare the fingerprint with the one that the cluster's pages show. If it is the same, accept it: Connect-DftCluster -HostKeyFingerprint {fingerprint}, or add this line to {host.NewKeysFile ?? "a known_hosts file"}: {known.LineFor(key)}",
            known.HasAuthority ? "known_hosts names a certificate authority for it (@cert-authority), which SSH.NET's transport cannot check: use OpenSSH, or add the plain key."
                : known.KeyTypes.Any() ? "known are keys of another kind: " + string.Join(", ", known.KeyTypes) : null),
    };

    private string Places(string kind) => string.Join(", ", known.Keys.Where(k => k.KeyType == kind && k.Marker.Length == 0).Select(k => FormattableString.Invariant($"{k.File}, line {k.Line}")));

    private bool IsRevoked(byte[] key)
    {
        if (host.RevokedHostKeys is null)
        {
            return false;
        }

        // ssh itself refuses all keys when this file cannot be read.
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(host.RevokedHostKeys);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }

        // A revocation list in ssh-keygen's binary form begins with SSHKRL; it is not read here, so that nothing is trusted beside it.
        return bytes.AsSpan().StartsWith("SSHKRL"u8) || System.Text.Encoding.UTF8.GetString(bytes).Contains(Convert.ToBase64String(key), StringComparison.Ordinal);
    }

    private void Accept(byte[] key)
    {
        if (host.NewKeysFile is not { } file)
        {
            return;
        }

        try
        {
            string? folder = Path.GetDirectoryName(file);
            if (folder is not null && !Directory.Exists(folder))
            {
                if (OperatingSystem.IsWindows())
                {
                    Directory.CreateDirectory(folder);
                }
                else
                {
                    Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                }
            }

            bool needsBreak = File.Exists(file) && File.ReadAllText(file) is { Length: > 0 } text && !text.EndsWith('\n');
            File.AppendAllText(file, (needsBreak ? "\n" : "") + known.LineFor(key) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = new(HostFailureKind.HostKeyUnknown, $"The key of {host.Alias} cannot be written down.", $"See that {file} can be written to.", e.Message);
        }
    }
}
