namespace AtomProNet.Files;

/// <summary>Puts paths in an order that is the same on every system, since files are read, numbered and split in it.</summary>
public static class PathOrder
{
    /// <summary>By their characters, the separator being <c>/</c> for this purpose: a backslash would come behind capital letters and digits.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="separator">What stands between folders.</param>
    public static IEnumerable<string> Of(IEnumerable<string> paths, char separator) =>
        (paths ?? throw new ArgumentNullException(nameof(paths))).OrderBy(p => p.Replace(separator, '/'), StringComparer.Ordinal);
}
