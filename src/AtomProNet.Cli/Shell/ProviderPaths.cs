using System.Management.Automation;

namespace AtomProNet.Cli.Shell;

/// <summary>Makes paths absolute and expands wildcards as PowerShell's file system provider does.</summary>
internal static class ProviderPaths
{
    private const string ProviderPrefix = "FileSystem::";

    public static string Absolute(string path, string location)
    {
        var file = Normalise(path);
        return Path.GetFullPath(file.Length == 0 ? "." : file, location);
    }

    /// <summary>Existing files and folders, in ordinal order of their names.</summary>
    public static List<string> Expand(string path, string location)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            var literal = Absolute(WildcardPattern.Unescape(path), location);
            return Path.Exists(literal)
                ? [literal]
                : throw new ItemNotFoundException($"Cannot find path '{literal}' because it does not exist.", literal);
        }

        var pattern = Normalise(path, keepEscapes: true);
        var root = Path.GetPathRoot(pattern) ?? "";
        List<string> found = [root.Length > 0 ? Path.GetFullPath(root, location) : location];
        foreach (var segment in pattern[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            found = Step(found, segment);
        }

        return found;
    }

    private static List<string> Step(List<string> folders, string segment)
    {
        List<string> next = [];
        foreach (var folder in folders)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(segment))
            {
                var child = Path.GetFullPath(Path.Combine(folder, WildcardPattern.Unescape(segment)));
                if (Path.Exists(child))
                {
                    next.Add(child);
                }

                continue;
            }

            if (!Directory.Exists(folder))
            {
                continue;
            }

            // A folder that may not be listed ends the search with its own error rather than with a short list.
            var pattern = new WildcardPattern(segment, WildcardOptions.IgnoreCase);
            var children = new DirectoryInfo(folder).GetFileSystemInfos()
                .Where(item => pattern.IsMatch(item.Name) && !IsHidden(item))
                .Select(item => item.FullName)
                .Order(StringComparer.Ordinal);
            next.AddRange(children);
        }

        return next;
    }

    private static bool IsHidden(FileSystemInfo item) =>
        OperatingSystem.IsWindows() && (item.Attributes & FileAttributes.Hidden) != 0;

    private static string Normalise(string path, bool keepEscapes = false)
    {
        var prefix = path.IndexOf(ProviderPrefix, StringComparison.OrdinalIgnoreCase);
        if (prefix >= 0)
        {
            path = path[(prefix + ProviderPrefix.Length)..];
        }

        if (path is "~" || path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith(@"~\", StringComparison.Ordinal))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            path = (keepEscapes ? WildcardPattern.Escape(home) : home) + path[1..];
        }

        // Both separators work on every platform, as in PowerShell.
        return path.Replace(Path.DirectorySeparatorChar == '/' ? '\\' : '/', Path.DirectorySeparatorChar);
    }
}
