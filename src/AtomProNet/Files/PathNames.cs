namespace AtomProNet.Files;

/// <summary>When two names are the same file on this computer: case does not matter on Windows, nor on a Mac as it is delivered.</summary>
internal static class PathNames
{
    /// <summary>Whether names that differ in case alone are one file.</summary>
    public static bool IgnoresCase { get; } = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    /// <summary>Compares names as the file system does.</summary>
    public static StringComparer Comparer { get; } = IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
