using System.Numerics;

namespace AtomProNet.Text;

/// <summary>
/// Powers of ten as 128-bit numbers with their highest bit set, 10^q = g·2^e with 2^127 ≤ g &lt; 2^128, computed with whole numbers
/// when they are first needed.
/// </summary>
internal static class PowersOfTen
{
    /// <summary>The smallest exponent of the table: below it every number of 19 digits is zero.</summary>
    public const int Smallest = -342;

    /// <summary>The largest exponent of the table.</summary>
    public const int Largest = 324;

    private static readonly Power[] ForReading = new Power[Largest - Smallest + 1];
    private static readonly Power[] RoundedUp = new Power[Largest - Smallest + 1];

    static PowersOfTen()
    {
        for (int q = Smallest; q <= Largest; q++)
        {
            // The factor 2^q of 10^q goes into the exponent.
            BigInteger power = BigInteger.Pow(5, Math.Abs(q)), g, remainder;
            int bits = (int)power.GetBitLength();
            if (q >= 0)
            {
                g = bits <= 128 ? power << (128 - bits) : power >> (bits - 128);
                remainder = bits <= 128 ? 0 : power - (g << (bits - 128));
            }
            else
            {
                // 5^|q| is no power of two: the quotient of 2^(bits + 127) lies between 2^127 and 2^128.
                g = BigInteger.DivRem(BigInteger.One << (bits + 127), power, out remainder);
            }

            // Lemire (Software: Practice and Experience 51, 1700 (2021)) rounds the small inverse powers up and cuts the others.
            Put(ForReading, q, q is < 0 and >= -27 ? g + 1 : g);
            Put(RoundedUp, q, remainder.IsZero ? g : g + 1);
        }
    }

    /// <summary>The power as Lemire's algorithm wants it.</summary>
    public static ref readonly Power Read(int q) => ref ForReading[q - Smallest];

    /// <summary>The power rounded up, as Giulietti's algorithm wants it.</summary>
    public static ref readonly Power Up(int q) => ref RoundedUp[q - Smallest];

    private static void Put(Power[] table, int q, BigInteger g) => table[q - Smallest] = new((ulong)(g >> 64), (ulong)(g & ulong.MaxValue));

    /// <summary>The two halves of g.</summary>
    internal readonly record struct Power(ulong High, ulong Low);
}
