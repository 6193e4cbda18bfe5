using System.Text.Json;
using AtomProNet.Files;

namespace AtomProNet.Jobs.Transfer;

/// <summary>
/// What a folder of this computer was given from a host: a small file in it, by which the next call knows what has changed over there.
/// A file that was changed or removed here since is fetched again.
/// </summary>
internal sealed class ReceivedFiles
{
    /// <summary>The file's name.</summary>
    internal const string FileName = ".atompronet-received.json";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };
    private readonly string folder;
    private readonly SortedDictionary<string, Entry> entries;
    private bool isChanged;

    private ReceivedFiles(string folder, SortedDictionary<string, Entry> entries)
    {
        this.folder = folder;
        this.entries = entries;
    }

    /// <summary>Reads it; a missing or damaged one counts as empty.</summary>
    internal static ReceivedFiles Of(string folder)
    {
        try
        {
            string path = System.IO.Path.Combine(folder, FileName);
            if (File.Exists(path) && JsonSerializer.Deserialize<SortedDictionary<string, Entry>>(SharedFile.ReadAllBytes(path)) is { } read)
            {
                return new(folder, new(read, StringComparer.Ordinal));
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Everything is fetched once more, which is right in any case.
        }

        return new(folder, new(StringComparer.Ordinal));
    }

    /// <summary>The hash of a file that is here and unchanged on both sides; null where it has to be fetched.</summary>
    internal string? Unchanged(string path, RemoteFile file)
    {
        if (!entries.TryGetValue(path, out Entry? entry) || entry.Bytes != file.Size || entry.Version != file.Version)
        {
            return null;
        }

        var here = new FileInfo(RemotePath.Below(folder, path));
        return here.Exists && here.Length == entry.Bytes && here.LastWriteTimeUtc.Ticks == entry.Written ? entry.Sha256 : null;
    }

    /// <summary>Notes a file that has just been put in its place.</summary>
    internal void Note(string path, RemoteFile file, string hash)
    {
        entries[path] = new(file.Size, file.Version, hash, File.GetLastWriteTimeUtc(RemotePath.Below(folder, path)).Ticks);
        isChanged = true;
    }

    /// <summary>Writes it, where something was noted.</summary>
    internal void Save()
    {
        if (isChanged)
        {
            AtomicFile.WriteAllBytes(System.IO.Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(entries, Options), overwrite: true);
            isChanged = false;
        }
    }

    private sealed record Entry(long Bytes, string Version, string Sha256, long Written);
}
