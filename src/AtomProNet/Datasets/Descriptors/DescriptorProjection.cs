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

    /// <summary>The squared distance of two projections.</summary>
    public static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = System.Numerics.Vector<float>.Zero;
        int width = System.Numerics.Vector<float>.Count, i = 0;
        for (; i <= a.Length - width; i += width)
        {
            System.Numerics.Vector<float> d = new System.Numerics.Vector<float>(a[i..]) - new System.Numerics.Vector<float>(b[i..]);
            sum += d * d;
        }

        float total = System.Numerics.Vector.Sum(sum);
        for (; i < a.Length; i++)
        {
            total += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return total;
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
