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
            return FileHash.Of(path);
        }

        IEnumerable<string> names = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(path, f).Replace('\\', '/')).Order(StringComparer.Ordinal);
        return FileHash.OfListing(names.Select(name => (FileHash.Of(Path.Combine(path, name)), name)));
    }
}
