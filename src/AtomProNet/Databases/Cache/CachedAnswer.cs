using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using AtomProNet.Files;

namespace AtomProNet.Databases.Cache;

/// <summary>The pages of one query's answer by one version of the database.</summary>
internal sealed class CachedAnswer(string folder, string query, string version)
{
    private const string CompletionFile = "complete.json";
    private const string Suffix = ".json.gz";
    private AnswerCompletion? completion;

    /// <summary>The version of the database.</summary>
    public string Version => version;

    /// <summary>The list of all pages; null unless the answer is complete.</summary>
    public AnswerCompletion? Completion => completion ??= ReadCompletion();

    /// <summary>Reads a page; null where it is not there.</summary>
    /// <param name="name">Its name, such as <c>0-250</c>.</param>
    /// <param name="read">Reads its bytes; throws <see cref="JsonException"/> where they are damaged.</param>
    /// <param name="notice">Told of a page that is there but damaged; it counts as missing.</param>
    public T? Read<T>(string name, Func<byte[], T> read, Action<Finding>? notice)
        where T : class
    {
        string path = PathOf(name);
        try
        {
            using FileStream file = SharedFile.OpenRead(path);
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            unpacked.CopyTo(bytes);
            return read(bytes.ToArray());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            notice?.Invoke(new(FindingSeverity.Warning, "CacheDamaged", "A page of the cache cannot be read and is fetched again.", path, "If this happens again, run Clear-MPCache."));
            return null;
        }
    }

    /// <summary>Keeps a page. A cache that cannot be written is no reason to stop.</summary>
    public void Write(string name, byte[] bytes, Action<Finding>? notice)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        Put(PathOf(name), packed.ToArray(), notice);
    }

    /// <summary>Says that all pages are there.</summary>
    public void Complete(IReadOnlyList<string> pages, long total, DateTimeOffset fetched, Action<Finding>? notice)
    {
        completion = new(query, version, total, [.. pages], fetched);
        Put(Path.Combine(folder, CompletionFile), JsonSerializer.SerializeToUtf8Bytes(completion), notice);
    }

    /// <summary>The sizes of the pages that begin at an entry, the largest first: an earlier run may have asked for other sizes.</summary>
    public IEnumerable<int> SizesFrom(long skip)
    {
        string prefix = string.Create(CultureInfo.InvariantCulture, $"page-{skip}-");
        return Directory.Exists(folder)
            ? Directory.GetFiles(folder, prefix + "*" + Suffix)
                .Select(path => int.TryParse(Path.GetFileName(path)[prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)
                .Where(size => size > 0)
                .OrderDescending()
            : [];
    }

    /// <summary>Removes all pages, because they do not fit each other.</summary>
    public void Discard()
    {
        completion = null;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another session may be writing there; what it finds wrong it discards itself.
        }
    }

    private static void Put(string path, byte[] bytes, Action<Finding>? notice)
    {
        try
        {
            AtomicFile.WriteAllBytes(path, bytes, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            notice?.Invoke(new(FindingSeverity.Information, "CacheNotWritten", $"The cache cannot be written: {e.Message}", path));
        }
    }

    private string PathOf(string name) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"page-{name}{Suffix}"));

    private AnswerCompletion? ReadCompletion()
    {
        try
        {
            AnswerCompletion? found = JsonSerializer.Deserialize<AnswerCompletion>(SharedFile.ReadAllBytes(Path.Combine(folder, CompletionFile)));
            // Two queries with one hash will not happen; a folder copied by hand under another name can.
            return found is { Pages: not null } && found.Query == query && found.DatabaseVersion == version ? found : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
