namespace AtomProNet.Tests.Jobs.Transfer;

/// <summary>Names that a shell, a tar or a list of names could take for something else.</summary>
internal static class HostileNames
{
    public static string[] Known { get; } =
    [
        "a b", " a", "a ", "'", "\"", "a'b\"c", "$(touch owned)", "`touch owned`", "; touch owned;", "& touch owned &", "| touch owned", "a\nb", "\n", "a\n", "\n\na", "a\r\nb", "\t",
        "-rf", "--checkpoint=1", "--checkpoint-action=exec=touch owned", "-", "--", "-T", "@list", "*", "?", "[ab]", "{a,b}", "~", "~root", "$HOME", "\\", "\\n", "a\\nb", "\\\\", "a\\", "\\101",
        "#a", "!!", "%s%n", "a=b", "é", "e\u0301", "中文", "😀", "Å³", "\u200b", "\u2028", "...", ".hidden", "..a", "con", "nul.txt", "a:b", "\u0001\u001b[31m", "\u007f", "CON\n-x", new('x', 255), "ustar", "0000644",
    ];

    /// <summary>Random ones.</summary>
    public static string[] Random(Random random, int count)
    {
        const string Alphabet = "ab'\"\\$`!*?[]{}()<>|&;#~= \t\n\r%^-+,.:@_éÅ中\u0001\u001b\u00a0";
        return [.. Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => Alphabet[random.Next(Alphabet.Length)]))).Where(n => n is not ("." or "..")).Distinct(StringComparer.Ordinal)];
    }
}
