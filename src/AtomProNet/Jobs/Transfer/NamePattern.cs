namespace AtomProNet.Jobs.Transfer;

/// <summary>Patterns of file names: <c>*</c> for any characters, <c>?</c> for one; by name, or, where the pattern holds a <c>/</c>, by path. Case counts, as it does on clusters.</summary>
internal static class NamePattern
{
    /// <summary>Whether a pattern fits a path.</summary>
    internal static bool Matches(string pattern, string path) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Escaped(pattern), pattern.Contains('/', StringComparison.Ordinal) ? path : path[(path.LastIndexOf('/') + 1)..], ignoreCase: false);

    // A backslash is a character of names over there; the matcher takes it for an escape.
    private static string Escaped(string pattern) => pattern.Replace("\\", "\\\\", StringComparison.Ordinal);
}
