using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet;

namespace AtomProNet.SshNet;

/// <summary>Which algorithms are offered: those that OpenSSH offers by default and SSH.NET has, and what the user's configuration makes of them.</summary>
internal static class Algorithms
{
    // SHA-1 and CBC: off in OpenSSH unless the user asks for them.
    private static readonly string[] Weak = ["ssh-rsa", "ssh-dss", "diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1", "*-cbc"];

    /// <summary>Applies the configuration.</summary>
    /// <exception cref="AtomProNetException">The configuration leaves none.</exception>
    public static void Restrict(ConnectionInfo info, SshHostSettings host)
    {
        Restrict(info.KeyExchangeAlgorithms, host, "kexalgorithms");
        Restrict(info.Encryptions, host, "ciphers");
        Restrict(info.HmacAlgorithms, host, "macs");
        Restrict(info.HostKeyAlgorithms, host, "hostkeyalgorithms");
        info.CompressionAlgorithms.Remove("zlib@openssh.com");
    }

    private static void Restrict<T>(IDictionary<string, T> offered, SshHostSettings host, string keyword)
    {
        string spec = host.Algorithms.GetValueOrDefault(keyword, "");
        char how = spec.Length > 0 && spec[0] is '+' or '-' or '^' ? spec[0] : ' ';
        string[] named = spec[(how == ' ' ? 0 : 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        KeyValuePair<string, T>[] all = [.. offered];
        bool Named(string name) => SshPattern.MatchesAny(name, named);
        bool IsWeak(string name) => SshPattern.MatchesAny(name, Weak);
        IEnumerable<KeyValuePair<string, T>> wanted = (how, named.Length) switch
        {
            (_, 0) => all.Where(a => !IsWeak(a.Key)),
            ('+', _) => all.Where(a => !IsWeak(a.Key) || Named(a.Key)),
            ('-', _) => all.Where(a => !IsWeak(a.Key) && !Named(a.Key)),
            ('^', _) => all.Where(a => !IsWeak(a.Key) || Named(a.Key)).OrderBy(a => Named(a.Key) ? 0 : 1),
            // A list of its own: those in its order.
            _ => named.SelectMany(n => all.Where(a => SshPattern.Matches(a.Key, n, ignoreCase: false))).DistinctBy(a => a.Key),
        };
        KeyValuePair<string, T>[] left = [.. wanted];
        if (left.Length == 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "SshAlgorithmsMissing", $"SSH.NET has none of the algorithms that the SSH configuration allows for {host.Alias} ({keyword} {spec}).", remedy: "Use OpenSSH for this host (Register-DftCluster -Transport OpenSsh -Force).");
        }

        offered.Clear();
        foreach ((string name, T value) in left)
        {
            offered.Add(name, value);
        }
    }
}
