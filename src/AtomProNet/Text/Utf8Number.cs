using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AtomProNet.Text;

/// <summary>
/// Numbers in ASCII bytes, exact and without allocation. Reading gives the double nearest to the digits, as double.Parse does: up to
/// 2⁵³ with a small exponent by one exact multiplication or division (Clinger, PLDI 1990), up to 19 digits by
/// <see cref="NearestDouble"/>; only longer numbers that lie near a midpoint go to the framework. Writing gives the shortest
/// digits that read back the same double.
/// </summary>
public static class Utf8Number
{
    private static readonly double[] SmallPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    // 00 01 … 99
    private static readonly byte[] TwoDigits = [.. Enumerable.Range(0, 100).SelectMany(n => new[] { (byte)('0' + n / 10), (byte)('0' + n % 10) })];

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
        ref byte first = ref MemoryMarshal.GetReference(text);
        int length = text.Length, i = 0;
        bool negative = false;
        if (length > 0 && first is (byte)'-' or (byte)'+')
        {
            negative = first == '-';
            i = 1;
        }

        // The mantissa overflows from the twentieth digit on, and is counted again then.
        int digitStart = i;
        ulong mantissa = 0;
        uint digit;
        while (i < length && (digit = Unsafe.Add(ref first, i) - (uint)'0') <= 9)
        {
            mantissa = mantissa * 10 + digit;
            i++;
        }

        int digits = i - digitStart, exponent = 0;
        if (i < length && Unsafe.Add(ref first, i) == '.')
        {
            int fractionStart = ++i;
            while (length - i >= 8 && BitConverter.IsLittleEndian)
            {
                ulong eight = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, i));
                if (!AreEightDigits(eight))
                {
                    break;
                }

                mantissa = mantissa * 100_000_000 + EightDigits(eight);
                i += 8;
            }

            while (i < length && (digit = Unsafe.Add(ref first, i) - (uint)'0') <= 9)
            {
                mantissa = mantissa * 10 + digit;
                i++;
            }

            exponent = fractionStart - i;
            digits -= exponent;
        }

        value = 0;
        consumed = 0;
        if (digits == 0)
        {
            return false;
        }

        int digitEnd = i;
        int power = i < length && (Unsafe.Add(ref first, i) | 0x20) is 'e' or 'd' ? ReadExponent(text, ref i) : 0;
        consumed = i;
        exponent += power;
        bool exact = true;
        if (digits > 19)
        {
            mantissa = FirstNineteenDigits(text[digitStart..digitEnd], out int shift, out exact);
            exponent = power + shift;
        }

        if (exact && mantissa <= 1UL << 53 && exponent is >= -22 and <= 22)
        {
            value = exponent < 0 ? mantissa / SmallPowersOfTen[-exponent] : mantissa * SmallPowersOfTen[exponent];
        }
        else
        {
            value = NearestDouble.Of(mantissa, exponent);
            if (!exact && value != NearestDouble.Of(mantissa + 1, exponent))
            {
                return ParseSlowly(text[..i], out value) && double.IsFinite(value);
            }
        }

        value = negative ? -value : value;
        return value <= double.MaxValue && value >= double.MinValue;
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

    /// <summary>
    /// Writes the shortest digits that read back the same double (at most 24 bytes), in one layout on every machine: without an exponent
    /// from 0.0001 to below 1E+15, else <c>1E-05</c>, <c>1.5E+20</c>; whole numbers without a point; <c>-0</c>.
    /// </summary>
    /// <returns>The number of bytes written; 0 where they do not fit.</returns>
    public static int Format(double value, Span<byte> destination) => Format(value, destination, withPoint: false);

    /// <summary>
    /// Writes the shortest digits that read back the same double, with a point or an exponent in any case, so that a reader that
    /// goes by the spelling takes it for a real number (at most 26 bytes).
    /// </summary>
    /// <returns>The number of bytes written; 0 where they do not fit.</returns>
    public static int FormatReal(double value, Span<byte> destination) => Format(value, destination, withPoint: true);

    private static int Format(double value, Span<byte> destination, bool withPoint)
    {
        const int Longest = 26;
        if (destination.Length < Longest)
        {
            Span<byte> roomy = stackalloc byte[Longest];
            int needed = Format(value, roomy, withPoint);
            return roomy[..needed].TryCopyTo(destination) ? needed : 0;
        }

        if (!double.IsFinite(value))
        {
            return value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture) ? written : 0;
        }

        ref byte start = ref MemoryMarshal.GetReference(destination);
        int length = 0;
        if (double.IsNegative(value))
        {
            start = (byte)'-';
            length = 1;
            value = -value;
        }

        if (value == 0)
        {
            Unsafe.Add(ref start, length++) = (byte)'0';
            return withPoint ? Point(ref start, length) : length;
        }

        (ulong digits, int exponent) = ShortestDecimal.Of(value);
        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }

        int count = CountDigits(digits);
        int leading = exponent + count - 1; // the power of ten of the first digit
        if (leading is >= 15 or <= -5)
        {
            return WriteScientific(ref start, length, digits, count, leading);
        }

        if (exponent >= 0)
        {
            WriteDigits(ref Unsafe.Add(ref start, length), digits, count);
            length += count;
            for (; exponent > 0; exponent--)
            {
                Unsafe.Add(ref start, length++) = (byte)'0';
            }

            return withPoint ? Point(ref start, length) : length;
        }

        if (leading >= 0)
        {
            // One place to the right, then the digits before the point move back.
            WriteDigits(ref Unsafe.Add(ref start, length + 1), digits, count);
            for (int i = 0; i <= leading; i++)
            {
                Unsafe.Add(ref start, length + i) = Unsafe.Add(ref start, length + i + 1);
            }

            Unsafe.Add(ref start, length + leading + 1) = (byte)'.';
            return length + count + 1;
        }

        Unsafe.Add(ref start, length++) = (byte)'0';
        Unsafe.Add(ref start, length++) = (byte)'.';
        for (int zeros = -leading - 1; zeros > 0; zeros--)
        {
            Unsafe.Add(ref start, length++) = (byte)'0';
        }

        WriteDigits(ref Unsafe.Add(ref start, length), digits, count);
        return length + count;
    }

    private static int Point(ref byte start, int length)
    {
        Unsafe.Add(ref start, length) = (byte)'.';
        Unsafe.Add(ref start, length + 1) = (byte)'0';
        return length + 2;
    }

    private static int WriteScientific(ref byte start, int length, ulong digits, int count, int leading)
    {
        WriteDigits(ref Unsafe.Add(ref start, length + 1), digits, count);
        Unsafe.Add(ref start, length) = Unsafe.Add(ref start, length + 1);
        length++;
        if (count > 1)
        {
            Unsafe.Add(ref start, length) = (byte)'.';
            length += count;
        }

        Unsafe.Add(ref start, length++) = (byte)'E';
        Unsafe.Add(ref start, length++) = leading < 0 ? (byte)'-' : (byte)'+';
        uint magnitude = (uint)Math.Abs(leading);
        if (magnitude >= 100)
        {
            Unsafe.Add(ref start, length++) = (byte)('0' + magnitude / 100);
            magnitude %= 100;
        }

        WritePair(ref Unsafe.Add(ref start, length), magnitude);
        return length + 2;
    }

    private static void WriteDigits(ref byte start, ulong digits, int count)
    {
        int end = count;
        while (digits >= 100_000_000)
        {
            ulong rest = digits / 100_000_000;
            uint eight = (uint)(digits - rest * 100_000_000);
            digits = rest;
            uint high = eight / 10_000, low = eight % 10_000;
            end -= 8;
            WritePair(ref Unsafe.Add(ref start, end), high / 100);
            WritePair(ref Unsafe.Add(ref start, end + 2), high % 100);
            WritePair(ref Unsafe.Add(ref start, end + 4), low / 100);
            WritePair(ref Unsafe.Add(ref start, end + 6), low % 100);
        }

        uint head = (uint)digits;
        while (head >= 100)
        {
            end -= 2;
            WritePair(ref Unsafe.Add(ref start, end), head % 100);
            head /= 100;
        }

        if (head >= 10)
        {
            WritePair(ref Unsafe.Add(ref start, end - 2), head);
        }
        else
        {
            Unsafe.Add(ref start, end - 1) = (byte)('0' + head);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WritePair(ref byte start, uint number) =>
        Unsafe.WriteUnaligned(ref start, Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(TwoDigits), (int)(2 * number))));

    // log₁₀ from the number of bits, corrected by one comparison (Warren, Hacker's Delight, 11-4).
    private static int CountDigits(ulong value)
    {
        ReadOnlySpan<ulong> powers =
        [
            1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
            1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
        ];
        int approximate = ((64 - System.Numerics.BitOperations.LeadingZeroCount(value)) * 1233) >> 12;
        return approximate + (approximate < powers.Length && value >= powers[approximate] ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEightDigits(ulong bytes) =>
        (((bytes + 0x4646464646464646) | (bytes - 0x3030303030303030)) & 0x8080808080808080) == 0;

    // Eight digits by three multiplications (Lemire, 2018).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint EightDigits(ulong bytes)
    {
        const ulong Mask = 0x000000FF000000FF;
        bytes -= 0x3030303030303030;
        bytes = bytes * 10 + (bytes >> 8);
        return (uint)(((bytes & Mask) * 0x000F424000000064 + ((bytes >> 16) & Mask) * 0x0000271000000001) >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>Reads an exponent from its letter on; where no digits follow, it belongs to something else and nothing is read.</summary>
    private static int ReadExponent(ReadOnlySpan<byte> text, ref int i)
    {
        int j = i + 1;
        bool minus = false;
        if (j < text.Length && text[j] is (byte)'-' or (byte)'+')
        {
            minus = text[j] == '-';
            j++;
        }

        int start = j, power = 0;
        for (; j < text.Length && IsDigit(text[j]); j++)
        {
            power = Math.Min(power * 10 + (text[j] - '0'), 100_000);
        }

        if (j == start)
        {
            return 0;
        }

        i = j;
        return minus ? -power : power;
    }

    /// <summary>The first nineteen significant digits of a long number.</summary>
    /// <param name="digits">Digits with at most one point.</param>
    /// <param name="exponent">The power of ten that the result is to be multiplied by.</param>
    /// <param name="exact">Whether only zeros were left out.</param>
    private static ulong FirstNineteenDigits(ReadOnlySpan<byte> digits, out int exponent, out bool exact)
    {
        ulong mantissa = 0;
        int significant = 0;
        bool fraction = false;
        exponent = 0;
        exact = true;
        foreach (byte b in digits)
        {
            if (b == '.')
            {
                fraction = true;
            }
            else if (significant < 19)
            {
                mantissa = mantissa * 10 + (ulong)(b - '0');
                significant += mantissa == 0 ? 0 : 1;
                exponent -= fraction ? 1 : 0;
            }
            else
            {
                exact &= b == '0';
                exponent += fraction ? 0 : 1;
            }
        }

        return mantissa;
    }

    private static bool ParseSlowly(ReadOnlySpan<byte> text, out double value)
    {
        int letter = text.IndexOfAny((byte)'d', (byte)'D');
        if (letter < 0)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        Span<byte> copy = text.Length <= 256 ? stackalloc byte[text.Length] : new byte[text.Length];
        text.CopyTo(copy);
        copy[letter] = (byte)'e';
        return double.TryParse(copy, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
