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
        return Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
    }

    /// <summary>Over the lines "hash  name" of several files, as sha256sum lists them.</summary>
    public static string OfListing(IEnumerable<(string Hash, string Name)> files) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(f => $"{f.Hash}  {f.Name}\n"))))).ToLowerInvariant();
}
