using System.IO.Enumeration;
using System.Management.Automation;
using AtomProNet.Files;

namespace AtomProNet.PS.Hosting;

/// <summary>
/// Resolves a cmdlet's -Path (with wildcards) and -LiteralPath through the session's location, never through the process's
/// current directory. What cannot be resolved becomes a non-terminating error, and the rest goes on.
/// </summary>
internal sealed class InputPaths(PSCmdlet cmdlet)
{
    private const string FileSystem = "FileSystem";
    // What a folder lists without a question for each of its files.
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The existing files and folders that the paths stand for, absolute; those of one wildcard in ordinal order.</summary>
    /// <param name="paths">What the user gave.</param>
    /// <param name="literal">True for -LiteralPath: no character is a wildcard.</param>
    public IEnumerable<string> Resolve(IEnumerable<string> paths, bool literal)
    {
        foreach (var path in paths)
        {
            foreach (var item in literal ? ResolveLiteral(path) : ResolveWildcards(path))
            {
                yield return item;
            }
        }
    }

    /// <summary>
    /// The files that the paths stand for; a folder stands for those of its files that are wanted, its folders included.
    /// A file that is named itself is taken whatever its name.
    /// </summary>
    /// <param name="paths">What the user gave.</param>
    /// <param name="literal">True for -LiteralPath.</param>
    /// <param name="isWanted">Says by its file name whether a file of a folder is wanted (OUTCAR, *.xyz …).</param>
    /// <param name="names">The names that are wanted, for people.</param>
    /// <param name="recurse">Whether folders inside folders are looked through, too.</param>
    /// <param name="holds">Says by its full path whether a file of a folder that has a wanted name really is one; null: the name is enough.</param>
    public IEnumerable<string> Files(IEnumerable<string> paths, bool literal, Func<string, bool> isWanted, string names, bool recurse = true, Func<string, bool>? holds = null)
    {
        foreach (var path in paths)
        {
            foreach (var item in Resolve([path], literal))
            {
                if (!Directory.Exists(item))
                {
                    yield return item;
                    continue;
                }

                var found = false;
                foreach (var file in FilesIn(item, isWanted, recurse).Where(f => holds?.Invoke(f) ?? true))
                {
                    found = true;
                    yield return file;
                }

                if (!found)
                {
                    Report(new AtomProNetException(ErrorKind.NotFound, "FolderHoldsNoInput", $"The folder holds no file of the kind that is looked for ({names}).", item, remedy: "Name the files themselves, or another folder."), item);
                }
            }
        }
    }

    /// <summary>The wanted files of one part of a tree; that the part holds none is an error of its own.</summary>
    /// <param name="shard">The part.</param>
    /// <param name="paths">What the user gave: one folder.</param>
    /// <param name="literal">True for -LiteralPath.</param>
    /// <param name="isWanted">Says by its name whether a file is wanted.</param>
    /// <param name="holds">Says by its full path whether a file of a wanted name really is one.</param>
    public IEnumerable<string> FilesOf(TreeShard shard, IEnumerable<string> paths, bool literal, Func<string, bool> isWanted, Func<string, bool> holds)
    {
        string[] roots = [.. Resolve(paths, literal)];
        if (roots is not [var root] || !Directory.Exists(root))
        {
            Report(new AtomProNetException(ErrorKind.InvalidArgument, "ShardNeedsOneFolder", "A part is one of a single tree: with -Shard the path is one folder.", value: string.Join(", ", roots), remedy: "Name the folder that all of them lie below."), string.Join(", ", paths));
            yield break;
        }

        IReadOnlyList<string> folders;
        try
        {
            folders = shard.FoldersOf(root, isWanted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(e, root);
            yield break;
        }

        bool found = false;
        foreach (string file in folders.SelectMany(f => FilesIn(f, isWanted, recurse: true)).Where(holds))
        {
            found = true;
            yield return file;
        }

        if (!found)
        {
            Report(new AtomProNetException(ErrorKind.NotFound, "ShardEmpty", $"Part {shard} of the tree holds no file of the kind that is looked for.", root, remedy: "Nothing is wrong where the tree has fewer folders than parts."), root);
        }
    }

    /// <summary>The absolute path of something that need not exist yet; no character is a wildcard.</summary>
    /// <returns>Null where the path is no file system path; the error has then been written.</returns>
    public string? Output(string path)
    {
        try
        {
            var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (IsFileSystem(provider, path))
            {
                return full;
            }
        }
        catch (Exception e) when (IsPathError(e))
        {
            ReportPath(e, path);
        }

        return null;
    }

    /// <summary>The same, where nothing can be done without it.</summary>
    /// <exception cref="AtomProNetException">The path is no file system path.</exception>
    public string Required(string path)
    {
        try
        {
            var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return provider.Name == FileSystem ? full : throw NotFileSystem(path);
        }
        catch (Exception e) when (IsPathError(e))
        {
            throw e is IOException or UnauthorizedAccessException ? e : NotUsable(e);
        }
    }

    private IEnumerable<string> ResolveLiteral(string path)
    {
        if (Output(path) is not { } full)
        {
            return [];
        }

        if (Path.Exists(full))
        {
            return [full];
        }

        ReportMissing(path, full);
        return [];
    }

    private List<string> ResolveWildcards(string path)
    {
        try
        {
            var found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            if (IsFileSystem(provider, path))
            {
                if (found.Count == 0)
                {
                    Report(new AtomProNetException(ErrorKind.NotFound, "NothingMatches", $"Nothing matches '{path}'.", remedy: "Check the spelling. A bracket or another wildcard that stands for itself has a ` before it, or its path is given as -LiteralPath where there is one."), path);
                }

                // File systems list in any order; users, and both hosts, want one order.
                return [.. PathOrder.Of(found, Path.DirectorySeparatorChar)];
            }
        }
        catch (ItemNotFoundException)
        {
            ReportMissing(path, path);
        }
        catch (Exception e) when (IsPathError(e))
        {
            ReportPath(e, path);
        }

        return [];
    }

    private IEnumerable<string> FilesIn(string folder, Func<string, bool> isWanted, bool recurse)
    {
        (string Name, string Path, bool IsFolder)[] items;
        try
        {
            items = [.. new FileSystemEnumerable<(string, string, bool)>(folder, (ref FileSystemEntry e) => (e.FileName.ToString(), e.ToFullPath(), e.IsDirectory), Everything)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(e, folder);
            yield break;
        }

        Array.Sort(items, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var item in items)
        {
            if (!item.IsFolder)
            {
                if (isWanted(item.Name))
                {
                    yield return item.Path;
                }
            }
            else if (recurse && new DirectoryInfo(item.Path).LinkTarget is null) // a link could lead back up
            {
                foreach (var file in FilesIn(item.Path, isWanted, recurse))
                {
                    yield return file;
                }
            }
        }
    }

    private bool IsFileSystem(ProviderInfo provider, string path)
    {
        if (provider.Name == FileSystem)
        {
            return true;
        }

        Report(NotFileSystem(path), path);
        return false;
    }

    private static AtomProNetException NotFileSystem(string path) => new(ErrorKind.InvalidArgument, "PathNotFileSystem", $"'{path}' is no path of the file system.", remedy: "Give the path of a file or folder.");

    private static AtomProNetException NotUsable(Exception e) => new(ErrorKind.InvalidArgument, "PathNotUsable", e.Message, inner: e);

    /// <summary>A path can be wrong in ways that the shell reports (no such drive, a bracket left open) or .NET (a forbidden character).</summary>
    private static bool IsPathError(Exception e) =>
        e is not PipelineStoppedException and (RuntimeException or ArgumentException or IOException or NotSupportedException or UnauthorizedAccessException);

    private void ReportMissing(string path, string shown) =>
        Report(new AtomProNetException(ErrorKind.NotFound, "PathNotFound", $"Cannot find '{shown}'.", remedy: "Check the spelling, and the folder that the path starts from."), path);

    private void ReportPath(Exception e, string path) => Report(e is IOException or UnauthorizedAccessException ? e : NotUsable(e), path);

    private void Report(Exception e, object target) => cmdlet.WriteError(ErrorRecords.From(e, target));
}
