namespace AtomProNet.Evaluation;

/// <summary>
/// Exact percentiles of many values that pass by twice and are neither kept nor put into another order: first they are counted by
/// their leading bits (sign, exponent and four bits behind it), then the few that share those of a wanted rank are collected and one
/// of them is selected. Both passes are linear. What is collected is few where the values differ in their leading bits, and all of them where they do not.
/// </summary>
internal sealed class PercentileSearch
{
    private const int Shift = 48;
    private readonly int[] counts = new int[1 << (64 - Shift)];
    private readonly short[] placeOf = new short[1 << (64 - Shift)];
    private readonly List<double[]> collected = [];
    private readonly List<(long First, int Filled)> places = [];

    /// <summary>First pass: all values, in pieces. None of them is NaN.</summary>
    public void Count(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            counts[Lead(value)]++;
        }
    }

    /// <summary>Between the passes: which ranks (from 0, in any order) are wanted.</summary>
    public void Want(IEnumerable<long> ranks)
    {
        long[] ascending = [.. ranks.Distinct().Order()];
        long before = 0;
        int next = 0;
        for (int lead = 0; lead < counts.Length && next < ascending.Length; lead++)
        {
            long behind = before + counts[lead];
            if (ascending[next] < behind)
            {
                collected.Add(new double[counts[lead]]);
                places.Add((before, 0));
                placeOf[lead] = (short)places.Count;
                while (next < ascending.Length && ascending[next] < behind)
                {
                    next++;
                }
            }

            before = behind;
        }
    }

    /// <summary>Second pass: the same values again.</summary>
    public void Collect(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            int place = placeOf[Lead(value)] - 1;
            if (place >= 0)
            {
                (long first, int filled) = places[place];
                collected[place][filled] = value;
                places[place] = (first, filled + 1);
            }
        }
    }

    /// <summary>The value of a rank that was wanted.</summary>
    public double ValueAt(long rank)
    {
        int place = places.FindLastIndex(p => p.First <= rank);
        return OrderStatistics.Select(collected[place], (int)(rank - places[place].First), from: 0);
    }

    // The bits of doubles in the order of their values; −0 is 0.
    private static int Lead(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        return (int)((ulong)(bits ^ (bits >> 63 | long.MinValue)) >> Shift);
    }
}
