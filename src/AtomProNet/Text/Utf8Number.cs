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
    // Digits are written in words of eight, also beyond the end of the number.
    private const int WorkingLength = 40;

    /// <summary>The powers of ten that are exact as doubles.</summary>
    internal static readonly double[] SmallPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>The powers of ten that fit into a word.</summary>
    internal static readonly ulong[] IntegerPowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    // The digits of 0 to 999 from the lowest byte on, and their number in the highest byte.
    private static readonly uint[] UpToThreeDigits = [.. Enumerable.Range(0, 1000).Select(ThreeDigits)];

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
        nint length = text.Length, i = 0;
        bool negative = false;
        if (length > 0 && first is (byte)'-' or (byte)'+')
        {
            negative = first == '-';
            i = 1;
        }

        // The mantissa overflows from the twentieth digit on, and is counted again then. Loops, whose ends the processor learns to
        // guess, are faster here than counting digits in a word, which the next step would have to wait for.
        nint digitStart = i;
        ulong mantissa = 0;
        uint digit;
        while (i < length && (digit = Unsafe.Add(ref first, i) - (uint)'0') <= 9)
        {
            mantissa = mantissa * 10 + digit;
            i++;
        }

        nint digits = i - digitStart, exponent = 0;
        if (i < length && Unsafe.Add(ref first, i) == '.')
        {
            nint fractionStart = ++i;
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

        if (digits == 0)
        {
            value = 0;
            consumed = 0;
            return false;
        }

        if (digits <= 19 && (i == length || (Unsafe.Add(ref first, i) | 0x20) is not ('e' or 'd')))
        {
            consumed = (int)i;
            double magnitude = mantissa <= 1UL << 53 && exponent >= -22
                ? mantissa / Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(SmallPowersOfTen), -exponent)
                : NearestDouble.Of(mantissa, (int)exponent);
            value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(magnitude) | ((negative ? 1UL : 0) << 63));
            return true;
        }

        return FinishLongNumber(text, (int)digitStart, (int)i, mantissa, (int)exponent, out value, out consumed);
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
        if (destination.Length < WorkingLength || !double.IsFinite(value))
        {
            return FormatOtherwise(value, destination, withPoint);
        }

        // The sign is written in any case and counted where there is one: a branch would be guessed wrong half of the time.
        ref byte start = ref MemoryMarshal.GetReference(destination);
        start = (byte)'-';
        nint length = (nint)(BitConverter.DoubleToUInt64Bits(value) >> 63);
        value = Math.Abs(value);
        ref byte number = ref Unsafe.Add(ref start, length);
        if (value == 0)
        {
            number = (byte)'0';
            return (int)(length + 1 + (withPoint ? WritePoint(ref Unsafe.Add(ref number, 1)) : 0));
        }

        if (value is >= 1e-4 and < 1e7 && TryWriteEightDecimals(ref number, value, out nint written))
        {
            return (int)(length + written);
        }

        (ulong digits, int exponent) = ShortestDecimal.Of(value);
        if (value is < 1e-4 or >= 1e15)
        {
            return (int)(length + WriteScientific(ref number, digits, exponent));
        }

        if (exponent < 0)
        {
            return (int)(length + WriteFixed(ref number, value, digits, -exponent));
        }

        for (; exponent > 0; exponent--)
        {
            digits *= 10;
        }

        nint count = WriteInteger(ref number, digits);
        return (int)(length + count + (withPoint ? WritePoint(ref Unsafe.Add(ref number, count)) : 0));
    }

    /// <summary>
    /// Writes a number of at most eight decimals, as most of those are that some program has printed: the shortest digits are found by
    /// one multiplication and one division then. Numbers of up to fifteen digits differ as doubles (DBL_DIG), so that digits whose
    /// nearest double this is are the only ones so short.
    /// </summary>
    /// <param name="start">Where to.</param>
    /// <param name="value">The number, at least 0.0001 and below 1E+7.</param>
    /// <param name="length">How many bytes were written.</param>
    /// <returns>False where it has more decimals, or none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryWriteEightDecimals(ref byte start, double value, out nint length)
    {
        const int Scale = 100_000_000;
        ulong digits = (ulong)(long)(value * Scale + 0.5);
        uint whole = (uint)(digits / Scale), fraction = (uint)(digits - (ulong)whole * Scale);
        length = 0;
        if (digits / (double)Scale != value || fraction == 0)
        {
            return false;
        }

        length = WriteInteger(ref start, whole);
        Unsafe.Add(ref start, length++) = (byte)'.';
        length += 8 - WriteEight(ref Unsafe.Add(ref start, length), fraction);
        return true;
    }

    private static int FormatOtherwise(double value, Span<byte> destination, bool withPoint)
    {
        if (!double.IsFinite(value))
        {
            return value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture) ? written : 0;
        }

        Span<byte> roomy = stackalloc byte[WorkingLength];
        int needed = Format(value, roomy, withPoint);
        return roomy[..needed].TryCopyTo(destination) ? needed : 0;
    }

    private static nint WritePoint(ref byte start)
    {
        start = (byte)'.';
        Unsafe.Add(ref start, 1) = (byte)'0';
        return 2;
    }

    /// <summary>
    /// Writes a number that is not whole without an exponent. The part before the point is that of the double itself: were the
    /// shortest digits on the other side of a whole number, they would read back as that.
    /// </summary>
    /// <param name="start">Where to.</param>
    /// <param name="value">The number, at least 0.0001 and below 1E+15.</param>
    /// <param name="digits">Its digits, 17 at most.</param>
    /// <param name="decimals">How many of them stand behind the point, 1 to 21.</param>
    private static nint WriteFixed(ref byte start, double value, ulong digits, int decimals)
    {
        const int Sixteen = 16;
        nint length;
        ulong fraction;
        if (decimals <= Sixteen)
        {
            ulong whole = (ulong)value;
            length = WriteInteger(ref start, whole);
            Unsafe.Add(ref start, length++) = (byte)'.';
            fraction = (digits - whole * IntegerPowersOfTen[decimals]) * IntegerPowersOfTen[Sixteen - decimals];
        }
        else
        {
            // 0. and zeros, one digit, and sixteen more.
            Unsafe.WriteUnaligned(ref start, BitConverter.IsLittleEndian ? 0x30303030_30302E30UL : 0x302E3030_30303030UL);
            ulong top = digits / IntegerPowersOfTen[Sixteen];
            length = 2 + decimals - Sixteen;
            Unsafe.Add(ref start, length - 1) = (byte)('0' + top);
            fraction = digits - top * IntegerPowersOfTen[Sixteen];
        }

        // All sixteen are written; zeros at the end are not counted.
        ulong high = fraction / 100_000_000;
        int zeros = WriteEight(ref Unsafe.Add(ref start, length + 8), (uint)(fraction - high * 100_000_000));
        int zerosBefore = WriteEight(ref Unsafe.Add(ref start, length), (uint)high);
        return length + Sixteen - (zeros == 8 ? 8 + zerosBefore : zeros);
    }

    private static nint WriteScientific(ref byte start, ulong digits, int exponent)
    {
        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }

        // One place to the right, so that the first digit can move before the point.
        nint count = WriteInteger(ref Unsafe.Add(ref start, 1), digits), length = 1;
        start = Unsafe.Add(ref start, 1);
        if (count > 1)
        {
            Unsafe.Add(ref start, 1) = (byte)'.';
            length += count;
        }

        int leading = exponent + (int)count - 1;
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

    /// <summary>Writes a whole number and tells how many digits it has; up to three bytes behind them are written over.</summary>
    private static nint WriteInteger(ref byte start, ulong digits)
    {
        if (digits < 1000)
        {
            uint entry = UpToThreeDigits[(int)digits];
            Unsafe.WriteUnaligned(ref start, BitConverter.IsLittleEndian ? entry : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(entry));
            return (nint)(entry >> 24);
        }

        nint count = CountDigits(digits), end = count;
        while (digits >= 100_000_000)
        {
            ulong rest = digits / 100_000_000;
            end -= 8;
            WriteEight(ref Unsafe.Add(ref start, end), (uint)(digits - rest * 100_000_000));
            digits = rest;
        }

        uint head = (uint)digits;
        while (head >= 100)
        {
            end -= 2;
            WritePair(ref Unsafe.Add(ref start, end), head % 100);
            head /= 100;
        }

        if (end == 2)
        {
            WritePair(ref start, head);
        }
        else
        {
            start = (byte)('0' + head);
        }

        return count;
    }

    /// <summary>Writes eight digits side by side in one word (halves, quarters, single digits) and tells how many zeros stand at their end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteEight(ref byte start, uint number)
    {
        uint high = number / 10_000;
        ulong halves = high | ((ulong)(number - high * 10_000) << 32);
        ulong hundreds = ((halves * 10_486) >> 20) & 0x0000007F_0000007F;
        ulong quarters = ((halves - 100 * hundreds) << 16) + hundreds;
        ulong tens = ((quarters * 103) >> 10) & 0x000F000F_000F000F;
        ulong single = tens + ((quarters - 10 * tens) << 8);
        ulong text = single | 0x30303030_30303030;
        Unsafe.WriteUnaligned(ref start, BitConverter.IsLittleEndian ? text : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(text));
        return System.Numerics.BitOperations.LeadingZeroCount(single) >> 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WritePair(ref byte start, uint number) =>
        Unsafe.WriteUnaligned(ref start, Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(TwoDigits), (int)(2 * number))));

    private static uint ThreeDigits(int number)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        uint entry = (uint)text.Length << 24;
        for (int i = 0; i < text.Length; i++)
        {
            entry |= (uint)text[i] << (8 * i);
        }

        return entry;
    }

    // log₁₀ from the number of bits, corrected by one comparison (Warren, Hacker's Delight, 11-4).
    private static int CountDigits(ulong value)
    {
        int approximate = ((64 - System.Numerics.BitOperations.LeadingZeroCount(value)) * 1233) >> 12;
        return approximate + (approximate < IntegerPowersOfTen.Length && value >= IntegerPowersOfTen[approximate] ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEightDigits(ulong bytes) =>
        (((bytes + 0x4646464646464646) | (bytes - 0x3030303030303030)) & 0x8080808080808080) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint EightDigits(ulong text) => Join(text - 0x3030303030303030);

    /// <summary>Eight digits (0 to 9 in each byte, the first in the lowest) as a number, by three multiplications (Lemire, 2018).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Join(ulong digits)
    {
        const ulong Mask = 0x000000FF000000FF;
        digits = digits * 10 + (digits >> 8);
        return (uint)(((digits & Mask) * 0x000F424000000064 + ((digits >> 16) & Mask) * 0x0000271000000001) >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>Reads on behind the digits of a number that has an exponent, or more than nineteen digits.</summary>
    private static bool FinishLongNumber(ReadOnlySpan<byte> text, int digitStart, int digitEnd, ulong mantissa, int exponent, out double value, out int consumed)
    {
        int i = digitEnd;
        int power = i < text.Length && (text[i] | 0x20) is 'e' or 'd' ? ReadExponent(text, ref i) : 0;
        consumed = i;
        exponent += power;
        bool exact = true;
        if (digitEnd - digitStart > 19)
        {
            mantissa = FirstNineteenDigits(text[digitStart..digitEnd], out int shift, out exact);
            exponent = power + shift;
        }

        value = NearestDouble.Of(mantissa, exponent);
        if (!exact && value != NearestDouble.Of(mantissa + 1, exponent))
        {
            return ParseSlowly(text[..i], out value) && double.IsFinite(value);
        }

        value = text[0] == '-' ? -value : value;
        return double.IsFinite(value);
    }

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
