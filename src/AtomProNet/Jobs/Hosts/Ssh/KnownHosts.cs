using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>What is to be thought of a key that a host shows.</summary>
internal enum HostKeyVerdict
{
    /// <summary>It is the known one.</summary>
    Known,
    /// <summary>No key of this kind is known for the host.</summary>
    Unknown,
    /// <summary>Another key of this kind is known for the host.</summary>
    Changed,
    /// <summary>It is marked as revoked.</summary>
    Revoked,
}

/// <summary>A line of a known_hosts file that is about a host.</summary>
/// <param name="Marker">Empty, <c>@revoked</c> or <c>@cert-authority</c>.</param>
/// <param name="KeyType">The kind of key, such as <c>ssh-ed25519</c>.</param>
/// <param name="Key">The key.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The line, counted from 1.</param>
internal sealed record KnownHostKey(string Marker, string KeyType, ImmutableArray<byte> Key, string File, int Line);

/// <summary>
/// The keys that are known of one host (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): plain and hashed names, <c>[host]:port</c>, wildcards, several kinds
/// of keys, revoked ones. Certificates of hosts are not checked, so that <c>@cert-authority</c> proves nothing here.
/// </summary>
internal sealed class KnownHosts
{
    private const int DefaultPort = 22;

    private KnownHosts(string name, ImmutableArray<KnownHostKey> keys, ImmutableArray<KnownHostKey> withoutPort)
    {
        Name = name;
        Keys = keys;
        WithoutPort = withoutPort;
    }

    /// <summary>What the host is called in the files: <c>host</c>, <c>[host]:port</c>, or its alias.</summary>
    public string Name { get; }

    /// <summary>Its lines.</summary>
    public ImmutableArray<KnownHostKey> Keys { get; }

    /// <summary>Where the port is not 22: the lines of the host's name without a port, which may vouch for a key, too.</summary>
    private ImmutableArray<KnownHostKey> WithoutPort { get; }

    /// <summary>The kinds of keys that are known, so that the host can be asked for one of these.</summary>
    public IEnumerable<string> KeyTypes => Keys.Concat(WithoutPort).Where(k => k.Marker.Length == 0).Select(k => k.KeyType).Distinct(StringComparer.Ordinal);

    /// <summary>Whether the host's keys are vouched for by a certificate authority.</summary>
    public bool HasAuthority => Keys.Concat(WithoutPort).Any(k => k.Marker == "@cert-authority");

    /// <summary>Reads what files know of a host. A file that is not there knows nothing; a line that cannot be read is passed over, as OpenSSH does.</summary>
    /// <param name="host">The host's name or address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="alias">The name that its keys are filed under instead (HostKeyAlias); null for none.</param>
    /// <param name="files">The files.</param>
    public static KnownHosts Read(string host, int port, string? alias, IEnumerable<string> files)
    {
        string plain = (alias ?? host).ToLowerInvariant();
        string name = alias is null && port != DefaultPort ? FormattableString.Invariant($"[{plain}]:{port}") : plain;
        var keys = ImmutableArray.CreateBuilder<KnownHostKey>();
        var withoutPort = ImmutableArray.CreateBuilder<KnownHostKey>();
        foreach (string file in files)
        {
            string[] lines;
            try
            {
                lines = File.ReadAllLines(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            for (int i = 0; i < lines.Length; i++)
            {
                if (Parse(lines[i]) is not var (marker, names, type, key))
                {
                    continue;
                }

                if (IsAbout(names, name))
                {
                    keys.Add(new(marker, type, key, file, i + 1));
                }
                else if (name != plain && IsAbout(names, plain))
                {
                    withoutPort.Add(new(marker, type, key, file, i + 1));
                }
            }
        }

        return new(name, keys.ToImmutable(), withoutPort.ToImmutable());
    }

    /// <summary>What is to be thought of a key.</summary>
    /// <param name="key">The key as the host shows it.</param>
    public HostKeyVerdict Judge(ReadOnlySpan<byte> key)
    {
        string type = KeyTypeOf(key);
        bool known = false, changed = false;
        foreach (KnownHostKey line in Keys)
        {
            bool same = line.Key.AsSpan().SequenceEqual(key);
            if (same && line.Marker == "@revoked")
            {
                return HostKeyVerdict.Revoked;
            }

            known |= same && line.Marker.Length == 0;
            changed |= !same && line.Marker.Length == 0 && line.KeyType == type;
        }

        foreach (KnownHostKey line in WithoutPort)
        {
            bool same = line.Key.AsSpan().SequenceEqual(key);
            if (same && line.Marker == "@revoked")
            {
                return HostKeyVerdict.Revoked;
            }

            // A key that is filed without its port is good for every port; another one there says nothing of this port.
            known |= same && line.Marker.Length == 0 && !changed;
        }

        return known ? HostKeyVerdict.Known : changed ? HostKeyVerdict.Changed : HostKeyVerdict.Unknown;
    }

    /// <summary>The fingerprint of a key as OpenSSH shows it.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    /// <summary>The line that makes a key known.</summary>
    public string LineFor(ReadOnlySpan<byte> key) => $"{Name} {KeyTypeOf(key)} {Convert.ToBase64String(key)}";

    /// <summary>The kind of a key: a key begins with its kind, of which its length is told first (RFC 4253, 6.6).</summary>
    public static string KeyTypeOf(ReadOnlySpan<byte> key)
    {
        if (key.Length < 4)
        {
            return "";
        }

        uint length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(key);
        return length <= key.Length - 4 && length < 100 ? Encoding.ASCII.GetString(key.Slice(4, (int)length)) : "";
    }

    private static (string Marker, string Names, string Type, ImmutableArray<byte> Key)? Parse(string line)
    {
        string[] parts = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts[0].StartsWith('#'))
        {
            return null;
        }

        string marker = parts[0].StartsWith('@') ? parts[0] : "";
        int first = marker.Length > 0 ? 1 : 0;
        if (marker.Length > 0 && marker is not ("@revoked" or "@cert-authority"))
        {
            return null;
        }

        if (parts.Length < first + 3)
        {
            return null;
        }

        try
        {
            byte[] key = Convert.FromBase64String(parts[first + 2]);
            string type = KeyTypeOf(key);
            return type.Length == 0 ? null : (marker, parts[first], type, [.. key]);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsAbout(string names, string name)
    {
        if (!names.StartsWith('|'))
        {
            return SshPattern.MatchesAny(name, names.Split(','), ignoreCase: true);
        }

        // |1|salt|HMAC-SHA1 of the name
        string[] parts = names.Split('|');
        if (parts is not ["", "1", var salt, var hash])
        {
            return false;
        }

        try
        {
#pragma warning disable CA5350 // The format of the file is what it is.
            return CryptographicOperations.FixedTimeEquals(HMACSHA1.HashData(Convert.FromBase64String(salt), Encoding.UTF8.GetBytes(name)), Convert.FromBase64String(hash));
#pragma warning restore CA5350
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
