using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AtomProNet.Generation;

/// <summary>
/// Random numbers that are the same on every machine and in every version: xoshiro256** (Blackman and Vigna, ACM Trans. Math. Softw.
/// 47, 36 (2021)). The four words of the state are the SHA-256 hash of a text that names what the numbers are for, so that each
/// structure has a stream of its own, whichever others are made beside it.
/// </summary>
internal sealed class RandomStream
{
    private ulong s0, s1, s2, s3;
    private double? spare;

    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3) => (this.s0, this.s1, this.s2, this.s3) = (s0, s1, s2, s3);

    /// <summary>
    /// The stream for a seed, a parent (its content hash), the method with its amplitude, and the number of a structure among its
    /// siblings: SHA-256 of these five in one text, separated by line feeds, read as four little-endian words.
    /// </summary>
    internal static RandomStream For(string purpose, long seed, string parentHash, string variant, int index)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{purpose}\n{seed}\n{parentHash}\n{variant}\n{index}");
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return new(Word(0), Word(8), Word(16), Word(24));

        ulong Word(int at) => BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(at));
    }

    /// <summary>The next 64 random bits.</summary>
    internal ulong NextBits()
    {
        ulong result = ulong.RotateLeft(s1 * 5, 7) * 9;
        ulong t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1): the upper 53 bits times 2⁻⁵³.</summary>
    internal double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from the normal distribution of mean 0 and variance 1: Marsaglia's polar method, two at a time.</summary>
    internal double NextNormal()
    {
        if (spare is { } kept)
        {
            spare = null;
            return kept;
        }

        while (true)
        {
            double u = 2 * NextUniform() - 1, v = 2 * NextUniform() - 1, s = u * u + v * v;
            if (s is > 0 and < 1)
            {
                double factor = Math.Sqrt(-2 * PortableMath.Log(s) / s);
                spare = v * factor;
                return u * factor;
            }
        }
    }

    /// <summary>Three such numbers, times a standard deviation.</summary>
    internal Structures.Vector3D NextVector(double standardDeviation)
    {
        double x = NextNormal(), y = NextNormal(), z = NextNormal();
        return new Structures.Vector3D(x, y, z) * standardDeviation;
    }
}
