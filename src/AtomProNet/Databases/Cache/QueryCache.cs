using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AtomProNet.Files;

namespace AtomProNet.Databases.Cache;

/// <summary>
/// Answers of a database on the disk: a folder a query (named by the hash of server, query and fields), in it a folder a version
/// of the database, in it the pages as they came and, once all are there, a list of them. Pages and list appear whole or not at
/// all. No key is ever part of a name or a file.
/// </summary>
public sealed class QueryCache
{
    // In front of what a server calls its version, so that no server names a folder of its own choice (such as "..").
    private const string VersionPrefix = "version-";
    private readonly string database;

    /// <summary>A cache in a folder, which need not exist yet.</summary>
    /// <param name="folder">The folder of all caches.</param>
    /// <param name="database">The database's folder in it, such as <c>materials-project</c>.</param>
    public QueryCache(string folder, string database)
    {
        this.database = database;
        Folder = Path.Combine(folder, database);
    }

    /// <summary>The folder of this database's answers.</summary>
    public string Folder { get; }

    /// <summary>The cache in the user's data directory.</summary>
    public static QueryCache ForUser(string database) => new(Path.Combine(UserDirectory.Path, "cache"), database);

    /// <summary>How much there is.</summary>
    public QueryCacheContent Measure()
    {
        int queries = 0, files = 0;
        long bytes = 0;
        if (Directory.Exists(Folder))
        {
            queries = Directory.EnumerateDirectories(Folder).Count();
            foreach (FileInfo file in new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories))
            {
                files++;
                bytes += file.Length;
            }
        }

        return new(database, Folder, queries, files, bytes);
    }

    /// <summary>Removes everything, and says how much it was.</summary>
    public QueryCacheContent Clear()
    {
        QueryCacheContent content = Measure();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        return content;
    }

    /// <summary>The answers to one query by one version of the database, as far as they are there.</summary>
    internal CachedAnswer Open(string query, string version) => new(Path.Combine(FolderOf(query), FolderNameOf(version)), query, version);

    /// <summary>A version as the name of a folder; Windows drops a dot at the end of one.</summary>
    internal static string FolderNameOf(string version)
    {
        string name = VersionPrefix + Uri.EscapeDataString(version);
        return name.EndsWith('.') ? name[..^1] + "%2E" : name;
    }

    /// <summary>The newest version whose answers to this query are complete; null where there is none.</summary>
    internal CachedAnswer? NewestComplete(string query)
    {
        string folder = FolderOf(query);
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder, VersionPrefix + "*")
                .Select(d => new CachedAnswer(d, query, Uri.UnescapeDataString(Path.GetFileName(d)[VersionPrefix.Length..])))
                .Where(a => a.Completion is not null)
                .OrderByDescending(a => a.Completion!.Fetched)
                .FirstOrDefault()
            : null;
    }

    private string FolderOf(string query) => Path.Combine(Folder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..32].ToLowerInvariant());
}
