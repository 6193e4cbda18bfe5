using System.Security;
using System.Text;
using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace AtomProNet.SshNet;

/// <summary>A key file. Where it has a passphrase, that is asked for only when the host has said that it would take the key.</summary>
internal sealed class FileKey : IPrivateKeySource
{
    private const int Attempts = 3;
    private readonly string path;
    private readonly Authentications owner;
    private PrivateKeyFile? loaded;

    private FileKey(string path, Authentications owner, PrivateKeyFile? loaded, byte[]? blob)
    {
        this.path = path;
        this.owner = owner;
        this.loaded = loaded;
        Blob = blob;
    }

    /// <summary>The public key; null where it is not known without the passphrase.</summary>
    public byte[]? Blob { get; }

    /// <summary>Whether it has a passphrase.</summary>
    public bool IsEncrypted => loaded is null;

    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => loaded is not null ? Modern(loaded)
        : Blob is null ? Modern(Unlock())
        // Two of them, so that SSH.NET asks the host before it signs.
        : KnownHosts.KeyTypeOf(Blob) is "ssh-rsa" ? [new Locked(this, "rsa-sha2-512"), new Locked(this, "rsa-sha2-256")]
        : [new Locked(this, KnownHosts.KeyTypeOf(Blob)), new Locked(this, KnownHosts.KeyTypeOf(Blob))];

    /// <summary>Reads a key file; null where there is none or it is none, which is noted.</summary>
    public static FileKey? TryRead(string path, Authentications owner, List<string> notes)
    {
        // A public key names one of the agent's.
        if (!File.Exists(path) || path.EndsWith(".pub", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            {
                notes.Add($"{path}: not used, because others can read it (chmod 600)");
                return null;
            }

            return new(path, owner, new PrivateKeyFile(path), PublicBlob(path));
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            return new(path, owner, null, PublicBlob(path));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A damaged file brings errors of many kinds out of SSH.NET and out of what it uses; the other keys are still to be tried.
            notes.Add($"{path}: cannot be read ({e.Message})");
            return null;
        }
    }

    /// <summary>The public key that belongs to a key file: from the file beside it, or from its own head where that is open.</summary>
    public static byte[]? PublicBlob(string path)
    {
        try
        {
            string open = path.EndsWith(".pub", StringComparison.Ordinal) ? path : path + ".pub";
            if (File.Exists(open))
            {
                string[] parts = File.ReadAllText(open).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return parts.Length > 1 ? Convert.FromBase64String(parts[1].Trim()) : null;
            }

            if (!File.Exists(path))
            {
                return null;
            }

            string[] lines = File.ReadAllLines(path);
            if (lines.Length < 3 || !lines[0].Contains("BEGIN OPENSSH PRIVATE KEY", StringComparison.Ordinal))
            {
                return null;
            }

            // PROTOCOL.key: magic, cipher, kdf, its options, number of keys, public key
            byte[] bytes = Convert.FromBase64String(string.Concat(lines.Skip(1).TakeWhile(l => !l.StartsWith('-'))));
            int at = Encoding.ASCII.GetByteCount("openssh-key-v1") + 1;
            for (int skipped = 0; skipped < 3; skipped++)
            {
                at += 4 + Length(bytes, at);
            }

            at += 4;
            return bytes[(at + 4)..(at + 4 + Length(bytes, at))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    public override string ToString() => path;

    private static int Length(byte[] bytes, int at) => checked((int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at, 4)));

    // Signatures by SHA-1 are refused everywhere by now, and each try counts.
    private static HostAlgorithm[] Modern(PrivateKeyFile key) => [.. key.HostKeyAlgorithms.Where(a => a.Name is not "ssh-rsa")];

    private PrivateKeyFile Unlock()
    {
        for (int attempt = 1; loaded is null; attempt++)
        {
            using SecureString? secret = owner.Ask(new(SshQuestionKind.Passphrase, path, $"Passphrase of {path}: ", Attempt: attempt));
            if (secret is null)
            {
                throw new KeyUnusableException("its passphrase was not given");
            }

            try
            {
                loaded = new PrivateKeyFile(path, SecretBytes.Text(secret));
            }
            catch (Exception e) when (attempt < Attempts && e is not OutOfMemoryException)
            {
                // The wrong one: what comes of it by accident may fail in any way.
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new KeyUnusableException("its passphrase is another one", e);
            }
        }

        return loaded;
    }

    private sealed class Locked(FileKey key, string name) : HostAlgorithm(name)
    {
        public override byte[] Data => key.Blob!;

        public override byte[] Sign(byte[] data) => key.Unlock().HostKeyAlgorithms.First(a => a.Name == Name).Sign(data);

        public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException();
    }
}
