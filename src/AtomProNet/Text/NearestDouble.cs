using System.Numerics;

namespace AtomProNet.Text;

/// <summary>
/// The double nearest to w·10^q, ties to even, without big numbers: D. Lemire, "Number parsing at a gigabyte per second",
/// Software: Practice and Experience 51, 1700 (2021), with the proof that no fallback is needed by N. Mushtak and D. Lemire,
/// Software: Practice and Experience 53, 1467 (2023).
/// </summary>
internal static class NearestDouble
{
    private const int MantissaBits = 52;
    private const int InfinitePower = 0x7FF;
    private const int MinimumExponent = -1023;

    /// <summary>The double nearest to <paramref name="w"/>·10^<paramref name="q"/>; infinity where it is too large.</summary>
    public static double Of(ulong w, int q)
    {
        if (w == 0 || q < PowersOfTen.Smallest)
        {
            return 0;
        }

        if (q > 308)
        {
            return double.PositiveInfinity;
        }

        int zeros = BitOperations.LeadingZeroCount(w);
        w <<= zeros;
        ref readonly PowersOfTen.Power ten = ref PowersOfTen.Read(q);
        ulong high = Math.BigMul(w, ten.High, out ulong low);
        const ulong PrecisionMask = ulong.MaxValue >> (MantissaBits + 3);
        if ((high & PrecisionMask) == PrecisionMask)
        {
            // The bits that are still missing can decide.
            ulong second = Math.BigMul(w, ten.Low, out _);
            low += second;
            high += low < second ? 1UL : 0;
        }

        int upperBit = (int)(high >> 63);
        int shift = upperBit + 64 - MantissaBits - 3;
        ulong mantissa = high >> shift;
        // The binary exponent of 10^q is ⌊q·log₂10⌋.
        int power = (((152170 + 65536) * q) >> 16) + 63 + upperBit - zeros - MinimumExponent;
        if (power <= 0)
        {
            // Subnormal, or zero.
            if (-power + 1 >= 64)
            {
                return 0;
            }

            mantissa >>= -power + 1;
            mantissa += mantissa & 1;
            mantissa >>= 1;
            return BitConverter.UInt64BitsToDouble(mantissa);
        }

        if (low <= 1 && q is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << shift == high)
        {
            // Exactly halfway between two doubles: to the even one.
            mantissa &= ~1UL;
        }

        mantissa += mantissa & 1;
        mantissa >>= 1;
        if (mantissa >= 2UL << MantissaBits)
        {
            mantissa = 1UL << MantissaBits;
            power++;
        }

        return power >= InfinitePower
            ? double.PositiveInfinity
            : BitConverter.UInt64BitsToDouble((mantissa & ~(1UL << MantissaBits)) | ((ulong)power << MantissaBits));
    }
}
