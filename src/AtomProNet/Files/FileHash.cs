using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace AtomProNet.Files;

/// <summary>SHA-256 of files, lower-case hex.</summary>
internal static class FileHash
{
    /// <summary>Over the bytes of a file.</summary>
    public static string Of(string path)
    {
        using FileStream stream = SharedFile.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // SHA256.HashData reads pieces of 4 kB: a call of the system for each.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, count);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>Over the lines "hash  name" of several files, as sha256sum lists them.</summary>
    public static string OfListing(IEnumerable<(string Hash, string Name)> files) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(f => $"{f.Hash}  {f.Name}\n"))))).ToLowerInvariant();
}
