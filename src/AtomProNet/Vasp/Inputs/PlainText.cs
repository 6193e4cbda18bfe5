namespace AtomProNet.Vasp.Inputs;

/// <summary>Titles for VASP's files: one line of ASCII, since other programs read them under any locale.</summary>
internal static class PlainText
{
    /// <summary>The text with × and Γ written out, and every other character that is not printable ASCII replaced by an underscore.</summary>
    internal static string Of(string text) => string.Concat(text
        .Replace("×", "x", StringComparison.Ordinal).Replace("Γ", "Gamma", StringComparison.Ordinal).Replace('–', '-')
        .Select(c => c is >= ' ' and <= '~' ? c : '_'));
}
