using System.Globalization;

namespace AtomProNet.Cli.Language;

/// <summary>Reads the numbers that PowerShell reads: 600, -0.1, 1e-5, .5, 0x1F, 4GB, 10L.</summary>
internal static class NumberLiteral
{
    private static readonly (string Suffix, long Factor)[] Multipliers =
        [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40), ("PB", 1L << 50)];

    /// <summary>The number (int, long or double) that a word is, or null where it is none.</summary>
    public static object? Parse(string word)
    {
        var text = word.AsSpan();
        // Cheap and exact: what starts with neither digit nor point is no number, so NaN and Infinity stay words.
        var digits = text.TrimStart("+-");
        if (text.Length - digits.Length > 1 || digits.Length == 0 || !(char.IsAsciiDigit(digits[0]) || (digits[0] == '.' && digits.Length > 1 && char.IsAsciiDigit(digits[1]))))
        {
            return null;
        }

        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)
                ? Narrow(text[0] == '-' ? -hex : hex)
                : null;
        }

        var factor = 1L;
        foreach (var (suffix, value) in Multipliers)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                factor = value;
                text = text[..^2];
                break;
            }
        }

        var isLong = factor == 1 && text[^1] is 'l' or 'L';
        if (isLong)
        {
            text = text[..^1];
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            && (factor == 1 || Math.Abs((double)whole) * factor < long.MaxValue))
        {
            return isLong ? whole : Narrow(whole * factor);
        }

        const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return !isLong && double.TryParse(text, Real, CultureInfo.InvariantCulture, out var real) ? real * factor : null;
    }

    private static object Narrow(long value) => value is >= int.MinValue and <= int.MaxValue ? (object)(int)value : value;
}
