using System.Text.RegularExpressions;

namespace AtomProNet.Files;

/// <summary>
/// Temporary files and folders that a process which was killed has left beside what it was writing (<c>.NAME.HASH.tmp</c>, and <c>.tmp.old</c>
/// for a former file whose place is taken). One that is being written is locked by its process, and never older than an hour: neither is touched.
/// </summary>
internal static class LeftTemporaries
{
    // Some network file systems have no locks; nothing here goes for so long without a byte.
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    /// <summary>Removes what was left of earlier writings of a file or folder.</summary>
    /// <param name="path">The file or folder that is to be written, as a full path.</param>
    /// <returns>What was left by a process that is no more, but too lately to be sure.</returns>
    public static IReadOnlyList<string> Remove(string path)
    {
        string target = Path.TrimEndingDirectorySeparator(path), folder = Path.GetDirectoryName(target)!;
        // What a folder's journal names is brought to its end elsewhere.
        if (!Directory.Exists(folder) || File.Exists(FolderSwap.JournalOf(target)))
        {
            return [];
        }

        string former = Path.Exists(target) ? @"(\.old)?" : "";
        var pattern = new Regex(@"^\." + Regex.Escape(Path.GetFileName(target)) + @"\.[0-9a-f]{32}(\.[a-z]+)?\.tmp" + former + "$", RegexOptions.CultureInvariant);
        var left = new List<string>();
        foreach (string entry in Directory.EnumerateFileSystemEntries(folder, ".*").Where(e => pattern.IsMatch(Path.GetFileName(e))).Order(StringComparer.Ordinal).ToArray())
        {
            try
            {
                if (IsInUse(entry))
                {
                    continue;
                }

                if (DateTime.UtcNow - LastWrite(entry) < Quiet)
                {
                    left.Add(entry);
                }
                else if (Directory.Exists(entry))
                {
                    Directory.Delete(entry, recursive: true);
                }
                else
                {
                    File.Delete(entry);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or gone meanwhile.
            }
        }

        return left;
    }

    private static IEnumerable<string> Files(string entry) => Directory.Exists(entry) ? Directory.EnumerateFiles(entry, "*", SearchOption.AllDirectories) : [entry];

    private static bool IsInUse(string entry) => Files(entry).Any(file =>
    {
        try
        {
            using var probe = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    });

    private static DateTime LastWrite(string entry) => Files(entry).Select(File.GetLastWriteTimeUtc).Append(File.GetLastWriteTimeUtc(entry)).Max();
}
