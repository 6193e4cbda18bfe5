namespace AtomProNet.Cli.Language;

/// <summary>The text is no pipeline, or asks for more of PowerShell than there is here.</summary>
internal sealed class SyntaxException(string problem, string text, int position) : Exception(problem + Place(text, position))
{
    public const string UsePowerShell = "use PowerShell (pwsh) for that";

    private static string Place(string text, int position)
    {
        position = Math.Clamp(position, 0, text.Length);
        var before = text.AsSpan(0, position);
        var line = before.Count('\n') + 1;
        var column = position - (before.LastIndexOf('\n') + 1) + 1;
        var end = text.IndexOfAny(['\r', '\n'], position);
        var rest = text[position..(end < 0 ? text.Length : end)];
        var near = rest.Length == 0 ? "the end" : $"'{(rest.Length <= 24 ? rest : rest[..24] + "…")}'";
        return text.Contains('\n', StringComparison.Ordinal)
            ? FormattableString.Invariant($" (line {line}, character {column}, at {near})")
            : FormattableString.Invariant($" (character {column}, at {near})");
    }
}
