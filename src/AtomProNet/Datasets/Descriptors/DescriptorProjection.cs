using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AtomProNet.Datasets.Descriptors;

/// <summary>
/// Descriptors in fewer numbers: a projection onto random signs keeps distances within some 10 % (Achlioptas, J. Comput. Syst. Sci. 66,
/// 671 (2003)). The signs come from SplitMix64, so that they are the same on every machine.
/// </summary>
internal static class DescriptorProjection
{
    /// <summary>How many numbers are left.</summary>
    public const int Length = 64;

    private static readonly sbyte[] Signs = MakeSigns();

    /// <summary>Projects a descriptor of <see cref="FrameDescriptor.Length"/> numbers.</summary>
    public static void Apply(ReadOnlySpan<double> descriptor, Span<float> result)
    {
        double scale = 1 / Math.Sqrt(Length);
        for (int k = 0; k < Length; k++)
        {
            double sum = 0;
            ReadOnlySpan<sbyte> row = Signs.AsSpan(k * FrameDescriptor.Length, FrameDescriptor.Length);
            for (int i = 0; i < row.Length; i++)
            {
                sum += row[i] * descriptor[i];
            }

            result[k] = (float)(sum * scale);
        }
    }

    /// <summary>The squared distance of two projections. Summed in one order on every machine, whatever its registers.</summary>
    public static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(a.Length, b.Length), Length);
        Vector256<float> even = Vector256<float>.Zero, odd = Vector256<float>.Zero;
        for (nuint i = 0; i < Length; i += 16)
        {
            Vector256<float> d = Vector256.LoadUnsafe(ref x, i) - Vector256.LoadUnsafe(ref y, i), e = Vector256.LoadUnsafe(ref x, i + 8) - Vector256.LoadUnsafe(ref y, i + 8);
            even += d * d;
            odd += e * e;
        }

        even += odd;
        Vector128<float> four = even.GetLower() + even.GetUpper();
        return four.GetElement(0) + four.GetElement(1) + (four.GetElement(2) + four.GetElement(3));
    }

    private static sbyte[] MakeSigns()
    {
        var random = new SplitMix64(0x5EED);
        var signs = new sbyte[Length * FrameDescriptor.Length];
        for (int i = 0; i < signs.Length; i++)
        {
            signs[i] = (random.Next() >> 63) == 0 ? (sbyte)1 : (sbyte)-1;
        }

        return signs;
    }
}
