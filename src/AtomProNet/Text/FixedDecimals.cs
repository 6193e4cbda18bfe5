using System.Runtime.CompilerServices;

namespace AtomProNet.Text;

/// <summary>
/// Rows of Fortran's F format: every number has the same number of decimals. That makes the reading exact where columns touch
/// (<c>0.123-0.456</c>, <c>10.000000000100.000000000</c>), and strict: a row with a digit missing or one too many, with
/// <c>****</c> or anything else in it is no row.
/// </summary>
internal static class FixedDecimals
{
    /// <summary>Reads one number from the beginning of <paramref name="text"/>, after blanks, and moves the text behind it.</summary>
    /// <param name="text">The rest of the row.</param>
    /// <param name="decimals">How many digits stand behind the point, 1 to 12.</param>
    /// <param name="value">The double nearest to the digits; zero has no sign.</param>
    /// <returns>False where no such number stands there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryTake(ref ReadOnlySpan<byte> text, int decimals, out double value)
    {
        int i = 0;
        while ((uint)i < (uint)text.Length && text[i] == ' ')
        {
            i++;
        }

        bool negative = (uint)i < (uint)text.Length && text[i] == '-';
        i += negative ? 1 : 0;
        long mantissa = 0;
        int first = i;
        uint digit;
        while ((uint)i < (uint)text.Length && (digit = (uint)(text[i] - '0')) <= 9)
        {
            mantissa = mantissa * 10 + digit;
            i++;
        }

        value = 0;
        int whole = i - first, last = i + decimals;
        // Fortran writes at least one digit before the point, unless the field is full; a missing one is a damaged one.
        if (whole == 0 || whole + decimals > 18 || last >= text.Length || text[i] != '.')
        {
            return false;
        }

        for (i++; i <= last; i++)
        {
            if ((digit = (uint)(text[i] - '0')) > 9)
            {
                return false;
            }

            mantissa = mantissa * 10 + digit;
        }

        if (mantissa <= 1L << 53)
        {
            // Both are exact, so that the division rounds once (Clinger, PLDI 1990).
            value = mantissa / Utf8Number.SmallPowersOfTen[decimals];
        }
        else if (!Utf8Number.TryParseDouble(text[first..i], out value))
        {
            return false;
        }

        value = negative && mantissa != 0 ? -value : value;
        text = text[i..];
        // What touches must be the next number: 1.23456e5 or 1.234567 (a digit too many without a point behind it) is no column.
        return text.Length == 0 || text[0] is (byte)' ' or (byte)'-' || (uint)(text[0] - '0') <= 9;
    }

    /// <summary>Reads as many numbers as <paramref name="values"/> has room for; the text is moved behind them.</summary>
    internal static bool TryTake(ref ReadOnlySpan<byte> text, int decimals, scoped Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!TryTake(ref text, decimals, out values[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The number of digits behind the first point; 0 where there is none.</summary>
    internal static int CountDecimals(ReadOnlySpan<byte> text)
    {
        int point = text.IndexOf((byte)'.');
        int count = 0;
        while (point >= 0 && point + 1 + count < text.Length && (uint)(text[point + 1 + count] - '0') <= 9)
        {
            count++;
        }

        return count;
    }

    /// <summary>Whether nothing but blanks is left.</summary>
    internal static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0;
}
