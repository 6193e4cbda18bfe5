using System.Globalization;

namespace AtomProNet.Files;

/// <summary>
/// One of several equal parts of a tree of folders, so that several processes (the tasks of an array job) share the work: each folder
/// is in exactly one part, and the parts one after the other are the whole tree in its own order, names sorted by their characters.
/// A part is found by reading the upper levels alone; whoever takes it reads its own folders only.
/// </summary>
/// <param name="Number">Which part, from 1.</param>
/// <param name="Count">How many there are.</param>
public sealed record TreeShard(int Number, int Count)
{
    // So many folders a part make parts of like size; more would mean reading deeper.
    private const int FoldersPerPart = 8;

    /// <summary>Reads <c>3/100</c>.</summary>
    /// <exception cref="AtomProNetException">It is no part.</exception>
    public static TreeShard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split('/');
        return words.Length == 2 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && number >= 1 && number <= count
            ? new(number, count)
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "ShardInvalid", "This is no part of a tree.", value: text, remedy: "Write the number of the part and how many there are, such as 3/100.");
    }

    /// <summary>The folders of this part, in order: those below them belong to it, too.</summary>
    /// <param name="root">The tree, as a full path.</param>
    /// <param name="isWanted">Whether a file is one that is looked for, by its name: a folder that holds one goes into one part as a whole.</param>
    /// <exception cref="IOException">A folder of the upper levels cannot be read.</exception>
    public IReadOnlyList<string> FoldersOf(string root, Func<string, bool> isWanted)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        List<(string Path, bool IsWhole)> folders = [(root, false)];
        while (folders.Count < (long)FoldersPerPart * Count && folders.Exists(f => !f.IsWhole))
        {
            var next = new List<(string, bool)>(folders.Count);
            foreach ((string path, bool isWhole) in folders)
            {
                string[]? inner = isWhole ? null : Inner(path, isWanted);
                if (inner is null)
                {
                    next.Add((path, true));
                }
                else
                {
                    next.AddRange(inner.Select(p => (p, false)));
                }
            }

            folders = next;
        }

        int first = (int)((long)folders.Count * (Number - 1) / Count), end = (int)((long)folders.Count * Number / Count);
        return folders.GetRange(first, end - first).ConvertAll(f => f.Path);
    }

    /// <summary>The number and the count, as <see cref="Parse"/> reads them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    // Null for a folder that cannot be cut: it holds a wanted file itself. Links could lead back up.
    private static string[]? Inner(string folder, Func<string, bool> isWanted)
    {
        var inner = new List<string>();
        foreach (FileSystemInfo item in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (item is not DirectoryInfo)
            {
                if (isWanted(item.Name))
                {
                    return null;
                }
            }
            else if (item.LinkTarget is null)
            {
                inner.Add(item.Name);
            }
        }

        inner.Sort(StringComparer.Ordinal);
        return [.. inner.Select(name => Path.Combine(folder, name))];
    }
}
