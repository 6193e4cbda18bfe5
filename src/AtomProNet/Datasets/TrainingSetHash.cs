using System.Security.Cryptography;
using System.Text;
using AtomProNet.Files;

namespace AtomProNet.Datasets;

/// <summary>The hash of an exported file, or of a folder (a system of DeePMD).</summary>
internal static class TrainingSetHash
{
    /// <summary>SHA-256, lower-case hex; of a folder: over the lines "hash  name" of its files in ordinal order.</summary>
    public static string Of(string path)
    {
        if (!Directory.Exists(path))
        {
            return OfFile(path);
        }

        IEnumerable<string> names = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(path, f).Replace('\\', '/')).Order(StringComparer.Ordinal);
        return Text(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(names.Select(name => $"{OfFile(Path.Combine(path, name))}  {name}\n")))));
    }

    private static string OfFile(string path)
    {
        using FileStream stream = SharedFile.OpenRead(path);
        return Text(SHA256.HashData(stream));
    }

    private static string Text(byte[] hash) => Convert.ToHexString(hash).ToLowerInvariant();
}
