using System.Text;
using AtomProNet.Text;

namespace AtomProNet.Formats.Cif;

/// <summary>Numbers of a CIF: <c>1.234(5)</c> is 1.234 with a standard uncertainty of 5 in its last digit.</summary>
internal static class CifNumber
{
    // Below this many decimals 0.333 may be a measured value.
    private const int LeastDecimalsOfAThird = 4;

    /// <summary>Reads a number; its uncertainty is passed over.</summary>
    public static bool TryParse(string text, out double value)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        int open = bytes.IndexOf((byte)'(');
        if (open >= 0)
        {
            ReadOnlySpan<byte> uncertainty = bytes[(open + 1)..];
            if (uncertainty.Length < 2 || uncertainty[^1] != ')' || uncertainty[..^1].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            {
                value = 0;
                return false;
            }

            bytes = bytes[..open];
        }

        return Utf8Number.TryParseDouble(bytes, out value);
    }

    /// <summary>
    /// Reads a fractional coordinate. A third or two thirds that were rounded or cut to four decimals or more (0.3333, 0.66667)
    /// become exact, as pymatgen does, or symmetry operations would double the site.
    /// </summary>
    public static bool TryParseCoordinate(string text, out double value)
    {
        if (!TryParse(text, out value))
        {
            return false;
        }

        int point = text.IndexOf('.', StringComparison.Ordinal), decimals = 0;
        while (point >= 0 && point + 1 + decimals < text.Length && char.IsAsciiDigit(text[point + 1 + decimals]))
        {
            decimals++;
        }

        if (decimals >= LeastDecimalsOfAThird)
        {
            double thirds = Math.Round(value * 3);
            double excess = Math.Abs(value) - Math.Abs(thirds / 3), unit = Math.Pow(10, -decimals);
            // Rounded (0.6667) or cut (0.6666): above the exact value by half a unit at most, below it by less than one.
            if (Math.Abs(thirds) is 1 or 2 && excess < 0.5 * unit && excess > -unit)
            {
                value = thirds / 3;
            }
        }

        return true;
    }
}
