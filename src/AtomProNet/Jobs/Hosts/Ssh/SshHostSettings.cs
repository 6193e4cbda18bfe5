using System.Collections.Immutable;

namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>What the SSH configuration says of one host, as far as SSH.NET can do it.</summary>
internal sealed record SshHostSettings
{
    /// <summary>The name that it was asked for by.</summary>
    public required string Alias { get; init; }

    /// <summary>The name or address to connect to.</summary>
    public required string HostName { get; init; }

    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>The user to log in as.</summary>
    public required string User { get; init; }

    /// <summary>The hosts to go through, the first one first.</summary>
    public ImmutableArray<string> Jumps { get; init; } = [];

    /// <summary>The key files to try, those that are there and those that are not.</summary>
    public ImmutableArray<string> IdentityFiles { get; init; } = [];

    /// <summary>Whether the agent's keys are used only where they are among the key files.</summary>
    public bool IdentitiesOnly { get; init; }

    /// <summary>The agent's socket, or pipe on Windows; null for no agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The files of known keys, the user's own first.</summary>
    public ImmutableArray<string> KnownHostsFiles { get; init; } = [];

    /// <summary>The file that a new key is written to; null for none.</summary>
    public string? NewKeysFile { get; init; }

    /// <summary>The name that the host's keys are filed under; null for its own.</summary>
    public string? HostKeyAlias { get; init; }

    /// <summary>A file of keys that are revoked; null for none.</summary>
    public string? RevokedHostKeys { get; init; }

    /// <summary>The ways to prove who one is, in the order in which they are tried: <c>publickey</c>, <c>keyboard-interactive</c>, <c>password</c>.</summary>
    public ImmutableArray<string> Authentications { get; init; } = [];

    /// <summary>What the user allows of algorithms, by keyword (<c>ciphers</c>, <c>macs</c>, <c>kexalgorithms</c>, <c>hostkeyalgorithms</c>), as it is written.</summary>
    public ImmutableDictionary<string, string> Algorithms { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The smallest RSA key of a host that is taken, bits.</summary>
    public int RequiredRsaSize { get; init; } = 1024;

    /// <summary>The host for messages: <c>user@host</c>, with its port where that is not 22.</summary>
    public string Login => Port == 22 ? $"{User}@{HostName}" : FormattableString.Invariant($"{User}@{HostName}:{Port}");
}
