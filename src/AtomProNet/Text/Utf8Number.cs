using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace AtomProNet.Text;

/// <summary>
/// Numbers in ASCII bytes, exact and without allocation: the double nearest to the digits, as double.Parse gives it.
/// Up to 19 significant digits with a small exponent take the fast way (Clinger, PLDI 1990: a mantissa below 2⁵³ and a power
/// of ten up to 10²² are both exact, so that one multiplication or division rounds once); everything else goes to the framework.
/// </summary>
public static class Utf8Number
{
    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// Reads a double from the whole of <paramref name="text"/>: an optional sign, digits with at most one point, an optional
    /// exponent after e, E, d or D. No blanks, no thousands separators, no NaN or infinity.
    /// </summary>
    /// <returns>False where the text is anything else, or the number overflows.</returns>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) =>
        TryParseDouble(text, out value, out int consumed) && consumed == text.Length;

    /// <summary>Reads a double from the beginning of <paramref name="text"/> and tells how many bytes it took.</summary>
    /// <returns>False where no number stands there, or it overflows.</returns>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value, out int consumed)
    {
        int i = 0;
        bool negative = false;
        if (text.Length > 0 && (text[0] == '-' || text[0] == '+'))
        {
            negative = text[0] == '-';
            i = 1;
        }

        ulong mantissa = 0;
        int significant = 0, digits = 0, exponent = 0;
        bool exact = true;
        for (; i < text.Length && IsDigit(text[i]); i++)
        {
            Take(text[i], ref exponent, fraction: false);
        }

        if (i < text.Length && text[i] == '.')
        {
            for (i++; i < text.Length && IsDigit(text[i]); i++)
            {
                Take(text[i], ref exponent, fraction: true);
            }
        }

        value = 0;
        consumed = 0;
        if (digits == 0)
        {
            return false;
        }

        int numberEnd = i;
        bool fortran = false;
        if (i < text.Length && (text[i] | 0x20) is 'e' or 'd')
        {
            int j = i + 1;
            bool minus = false;
            if (j < text.Length && (text[j] == '-' || text[j] == '+'))
            {
                minus = text[j] == '-';
                j++;
            }

            int start = j, power = 0;
            for (; j < text.Length && IsDigit(text[j]); j++)
            {
                power = Math.Min(power * 10 + (text[j] - '0'), 100_000);
            }

            if (j > start)
            {
                fortran = (text[i] | 0x20) == 'd';
                exponent += minus ? -power : power;
                numberEnd = j;
            }
        }

        consumed = numberEnd;
        if (exact && mantissa <= 1UL << 53 && exponent is >= -22 and <= 22)
        {
            double m = mantissa;
            value = exponent < 0 ? m / PowersOfTen[-exponent] : m * PowersOfTen[exponent];
            value = negative ? -value : value;
            return true;
        }

        return ParseSlowly(text[..numberEnd], fortran, out value) && double.IsFinite(value);

        void Take(byte digit, ref int exponent, bool fraction)
        {
            digits++;
            if (significant < 19)
            {
                mantissa = mantissa * 10 + (ulong)(digit - '0');
                significant += mantissa == 0 ? 0 : 1;
                exponent -= fraction ? 1 : 0;
            }
            else
            {
                exact = false;
            }
        }
    }

    /// <summary>Reads a whole number from the whole of <paramref name="text"/>: an optional sign and digits.</summary>
    public static bool TryParseInteger(ReadOnlySpan<byte> text, out long value)
    {
        if (text.Length > 1 && text[0] == '+' && IsDigit(text[1]))
        {
            text = text[1..];
        }

        return Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length && text.Length > 0;
    }

    /// <summary>Writes the shortest digits that read back the same double (at most 24 bytes).</summary>
    /// <returns>The number of bytes written; 0 where they do not fit.</returns>
    public static int Format(double value, Span<byte> destination) =>
        value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture) ? written : 0;

    /// <summary>
    /// Writes the shortest digits that read back the same double, with a point or an exponent in any case, so that a reader that
    /// goes by the spelling takes it for a real number (at most 26 bytes).
    /// </summary>
    /// <returns>The number of bytes written; 0 where they do not fit.</returns>
    public static int FormatReal(double value, Span<byte> destination)
    {
        int length = Format(value, destination);
        if (length == 0 || destination[..length].IndexOfAny((byte)'.', (byte)'E') >= 0 || !double.IsFinite(value))
        {
            return length;
        }

        if (destination.Length < length + 2)
        {
            return 0;
        }

        destination[length] = (byte)'.';
        destination[length + 1] = (byte)'0';
        return length + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    private static bool ParseSlowly(ReadOnlySpan<byte> text, bool fortran, out double value)
    {
        if (!fortran)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        Span<byte> copy = text.Length <= 64 ? stackalloc byte[text.Length] : new byte[text.Length];
        text.CopyTo(copy);
        copy[copy.IndexOfAny((byte)'d', (byte)'D')] = (byte)'e';
        return double.TryParse(copy, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
