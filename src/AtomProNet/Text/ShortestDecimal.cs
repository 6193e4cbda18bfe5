using System.Runtime.CompilerServices;

namespace AtomProNet.Text;

/// <summary>
/// The shortest decimal number that reads back as a given double, the nearest of them where there are several: R. Giulietti,
/// "The Schubfach way to render doubles" (2020).
/// </summary>
internal static class ShortestDecimal
{
    private const int MantissaBits = 52;
    private const int ExponentBias = 1075;

    /// <summary>Digits and exponent of a positive finite double: digits·10^exponent. The digits may end in zeros.</summary>
    public static (ulong Digits, int Exponent) Of(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        ulong fraction = bits & ((1UL << MantissaBits) - 1);
        int biased = (int)(bits >> MantissaBits) & 0x7FF;
        ulong c = biased == 0 ? fraction : fraction | (1UL << MantissaBits);
        int q = biased == 0 ? 1 - ExponentBias : biased - ExponentBias;
        if (biased != 0 && q is <= 0 and > -(MantissaBits + 1) && (c & ((1UL << -q) - 1)) == 0)
        {
            // A whole number of up to 53 bits.
            return (c >> -q, 0);
        }

        bool even = (c & 1) == 0;
        bool lowerIsCloser = fraction == 0 && biased > 1;
        // Four times the number and the two midpoints to its neighbours.
        ulong lower = 4 * c - 2 + (lowerIsCloser ? 1UL : 0), middle = 4 * c, upper = 4 * c + 2;
        int k = (q * 1262611 - (lowerIsCloser ? 524031 : 0)) >> 22; // ⌊log₁₀ 2^q⌋, or of ¾·2^q
        int h = q + ((-k * 1741647) >> 19) + 1; // ⌊log₂ 10^−k⌋
        (ulong gHigh, ulong gLow) = (PowersOfTen.Up(-k).High, PowersOfTen.Up(-k).Low);
        ulong left = RoundToOdd(gHigh, gLow, lower << h), centre = RoundToOdd(gHigh, gLow, middle << h), right = RoundToOdd(gHigh, gLow, upper << h);
        // The midpoints themselves read back as this double only where its last bit is even.
        left += even ? 0UL : 1;
        right -= even ? 0UL : 1;

        ulong s = centre / 4;
        if (s >= 10)
        {
            ulong tens = s / 10;
            bool downInside = left <= 40 * tens, upInside = 40 * tens + 40 <= right;
            if (downInside != upInside)
            {
                return (tens + (upInside ? 1UL : 0), k + 1);
            }
        }

        bool floorInside = left <= 4 * s, ceilingInside = 4 * s + 4 <= right;
        if (floorInside != ceilingInside)
        {
            return (s + (ceilingInside ? 1UL : 0), k);
        }

        // Both or none lie inside: the nearer one, the even one of two that are equally near.
        ulong half = 4 * s + 2;
        return (s + (centre > half || (centre == half && (s & 1) != 0) ? 1UL : 0), k);
    }

    // The upper half of a product of 128 and 64 bits, its last bit set where anything was cut off.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RoundToOdd(ulong gHigh, ulong gLow, ulong c)
    {
        ulong x = Math.BigMul(gLow, c, out _);
        ulong yHigh = Math.BigMul(gHigh, c, out ulong yLow);
        yLow += x;
        yHigh += yLow < x ? 1UL : 0;
        return yHigh | (yLow > 1 ? 1UL : 0);
    }
}
