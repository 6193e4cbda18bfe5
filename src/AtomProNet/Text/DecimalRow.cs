using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AtomProNet.Text;

/// <summary>
/// Reads a line of a word and plain decimal numbers (<c>Al 0.5 -1.25</c>). All places where something begins, has its point or ends
/// are found first, by comparing 32 bytes at a time, so that no number waits for the one before and no loop ends at a place that
/// differs from line to line. What is not so plain (exponents, +1, .5, 1., long lines) is left to whoever reads number by number.
/// </summary>
internal static class DecimalRow
{
    // Bits of two words.
    private const int LongestLine = 128;
    // Digits are read in words of eight, also beyond the end of the line.
    private const int Margin = 24;
    private const int LongestWhole = 8, LongestFraction = 16, MostDigits = 19;
    private const ulong Zeros = 0x3030303030303030;

    /// <summary>Reads the line.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="readable">How many bytes the buffer holds from the beginning of the line on.</param>
    /// <param name="values">The numbers, as many as the line must hold; undefined where it does not.</param>
    /// <returns>The length of the word at the beginning; 0 where the line is not of that kind.</returns>
    public static int TryRead(ReadOnlySpan<byte> line, int readable, Span<double> values)
    {
        if (!Vector256.IsHardwareAccelerated || !BitConverter.IsLittleEndian || line.Length is 0 or > LongestLine || readable < LongestLine + Margin)
        {
            return 0;
        }

        ref byte first = ref MemoryMarshal.GetReference(line);
        Find(ref first, out ulong low, out ulong lowPoints);
        ulong high = 0, highPoints = 0;
        if (line.Length > 64)
        {
            Find(ref Unsafe.Add(ref first, 64), out high, out highPoints);
            high &= Lowest(line.Length - 64);
        }
        else
        {
            low &= Lowest(line.Length);
        }

        ulong shifted = (high << 1) | (low >> 63);
        var begins = new Places(low & ~(low << 1), high & ~shifted);
        var ends = new Places(~low & (low << 1), ~high & shifted);
        var points = new Places(lowPoints & low, highPoints & high);
        if (begins.Count != values.Length + 1 || ends.Count != values.Length + 1 || points.Count != values.Length || begins.Next() != 0)
        {
            return 0;
        }

        int word = ends.Next();
        ulong wrong = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int begin = begins.Next(), point = points.Next(), end = ends.Next();
            ulong sign = Unsafe.Add(ref first, begin) == '-' ? 1UL : 0;
            begin += (int)sign;
            int whole = point - begin, fraction = end - point - 1;
            if ((uint)(whole - 1) >= LongestWhole || (uint)(fraction - 1) >= LongestFraction)
            {
                return 0;
            }

            ulong mantissa = Digits(ref Unsafe.Add(ref first, begin), whole, ref wrong);
            ref byte decimals = ref Unsafe.Add(ref first, point + 1);
            if (fraction <= 8)
            {
                mantissa = mantissa * Utf8Number.IntegerPowersOfTen[fraction] + Digits(ref decimals, fraction, ref wrong);
            }
            else if (whole + fraction <= MostDigits)
            {
                mantissa = mantissa * 100_000_000 + Digits(ref decimals, 8, ref wrong);
                mantissa = mantissa * Utf8Number.IntegerPowersOfTen[fraction - 8] + Digits(ref Unsafe.Add(ref decimals, 8), fraction - 8, ref wrong);
            }
            else
            {
                return 0;
            }

            // Up to 2⁵³ both are exact, so that the division rounds once (Clinger, PLDI 1990).
            double magnitude = mantissa <= 1UL << 53 ? mantissa / Utf8Number.SmallPowersOfTen[fraction] : NearestDouble.Of(mantissa, -fraction);
            values[i] = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(magnitude) | (sign << 63));
        }

        return wrong == 0 ? word : 0;
    }

    /// <summary>One bit for each of 64 bytes: those that are no blanks, and those that are points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Find(ref byte first, out ulong texts, out ulong points)
    {
        Vector256<byte> a = Vector256.LoadUnsafe(ref first), b = Vector256.LoadUnsafe(ref first, 32);
        Vector256<byte> blank = Vector256.Create((byte)' '), tab = Vector256.Create((byte)'\t'), point = Vector256.Create((byte)'.');
        texts = ~((Vector256.Equals(a, blank) | Vector256.Equals(a, tab)).ExtractMostSignificantBits()
            | ((ulong)(Vector256.Equals(b, blank) | Vector256.Equals(b, tab)).ExtractMostSignificantBits() << 32));
        points = Vector256.Equals(a, point).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(b, point).ExtractMostSignificantBits() << 32);
    }

    /// <summary>The number of one to eight digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digits(ref byte first, int count, ref ulong wrong)
    {
        // The digits that are missing before them are zeros.
        int shift = 64 - 8 * count;
        ulong digits = (Unsafe.ReadUnaligned<ulong>(ref first) << shift) ^ (Zeros << shift);
        wrong |= ((digits + 0x7676767676767676) | digits) & 0x8080808080808080;
        return Utf8Number.Join(digits);
    }

    private static ulong Lowest(int count) => count == 64 ? ulong.MaxValue : (1UL << count) - 1;

    /// <summary>Places in a line, as bits, given one after the other.</summary>
    private struct Places(ulong low, ulong high)
    {
        public readonly int Count => BitOperations.PopCount(low) + BitOperations.PopCount(high);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Next()
        {
            int place;
            if (low != 0)
            {
                place = BitOperations.TrailingZeroCount(low);
                low &= low - 1;
            }
            else
            {
                place = 64 + BitOperations.TrailingZeroCount(high);
                high &= high - 1;
            }

            return place;
        }
    }
}
