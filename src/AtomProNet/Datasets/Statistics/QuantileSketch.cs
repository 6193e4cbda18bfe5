using AtomProNet.Evaluation;

namespace AtomProNet.Datasets.Statistics;

/// <summary>
/// The distribution of any number of values in a bounded memory and one pass (Manku, Rajagopalan, Lindsay, SIGMOD 1998, with collapses
/// of two buffers): the last values as they are, and for each power of two a sorted buffer of values that stand for so many. As long
/// as nothing was collapsed all is exact. No chance is in it: the same values in the same order give the same answer.
/// </summary>
internal sealed class QuantileSketch
{
    /// <summary>How many values a buffer holds. Twice as many are exact; a thousand million need 16 buffers, 4 MB.</summary>
    public const int DefaultCapacity = 1 << 15;

    private readonly int capacity;
    private readonly List<double[]?> levels = [];
    private readonly List<bool> oddNext = [];
    private double[] current;
    private int filled;
    private double first;
    private CompensatedSum sum, squares;

    public QuantileSketch(int capacity = DefaultCapacity)
    {
        this.capacity = capacity;
        current = new double[Math.Min(capacity, 1024)];
    }

    public long Count { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public double Mean => Count == 0 ? double.NaN : first + sum.Value / Count;

    /// <summary>The standard deviation over all values (divided by n).</summary>
    public double StandardDeviation => Count == 0 ? double.NaN : Math.Sqrt(Math.Max(0, squares.Value / Count - sum.Value / Count * (sum.Value / Count)));

    /// <summary>By how much of all values a rank may be off at the most; 0 where all is exact. Each collapse of weight w moves a rank by w at the most.</summary>
    public double RankError => levels.Count <= 1 ? 0 : (levels.Count - 1) / (2.0 * capacity);

    public void Add(double value)
    {
        if (Count == 0)
        {
            first = value;
        }

        Count++;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        // About the first value: energies of −700 eV that differ by meV do not cancel.
        sum.Add(value - first);
        squares.Add((value - first) * (value - first));
        if (filled == current.Length)
        {
            Array.Resize(ref current, Math.Min(capacity, 2 * current.Length));
        }

        current[filled++] = value;
        if (filled == capacity)
        {
            Carry();
        }
    }

    /// <summary>Percentiles, interpolated linearly (type 7 of Hyndman and Fan, NumPy's default) where all is exact, else the value at the rank. NaN without values.</summary>
    public double[] Percentiles(ReadOnlySpan<double> percents)
    {
        var result = new double[percents.Length];
        if (Count == 0)
        {
            Array.Fill(result, double.NaN);
            return result;
        }

        (double[] values, long[] weights) = Weighted();
        if (RankError == 0)
        {
            return OrderStatistics.Percentiles(values, percents);
        }

        for (int p = 0; p < percents.Length; p++)
        {
            double rank = percents[p] / 100 * (Count - 1);
            long below = 0;
            int i = 0;
            while (i < values.Length - 1 && below + weights[i] <= rank)
            {
                below += weights[i++];
            }

            result[p] = percents[p] == 0 ? Minimum : percents[p] == 100 ? Maximum : values[i];
        }

        return result;
    }

    /// <summary>How many values lie in each of so many equal bins between two bounds; those outside are in none. The last bin holds its upper bound.</summary>
    public long[] Histogram(double low, double high, int bins)
    {
        var counts = new long[bins];
        (double[] values, long[] weights) = Weighted();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= low && values[i] <= high)
            {
                int bin = high > low ? (int)((values[i] - low) / (high - low) * bins) : 0;
                counts[Math.Min(bin, bins - 1)] += weights[i];
            }
        }

        return counts;
    }

    private (double[] Values, long[] Weights) Weighted()
    {
        int total = filled + levels.Sum(l => l?.Length ?? 0);
        var values = new double[total];
        var weights = new long[total];
        Array.Copy(current, values, filled);
        Array.Fill(weights, 1, 0, filled);
        int at = filled;
        for (int level = 0; level < levels.Count; level++)
        {
            if (levels[level] is { } buffer)
            {
                buffer.CopyTo(values, at);
                Array.Fill(weights, 1L << level, at, buffer.Length);
                at += buffer.Length;
            }
        }

        Array.Sort(values, weights);
        return (values, weights);
    }

    private void Carry()
    {
        double[] carried = current;
        Array.Sort(carried);
        current = new double[capacity];
        filled = 0;
        int level = 0;
        for (; level < levels.Count && levels[level] is { } other; level++)
        {
            carried = Collapse(carried, other, level);
            levels[level] = null;
        }

        if (level == levels.Count)
        {
            levels.Add(null);
            oddNext.Add(false);
        }

        levels[level] = carried;
    }

    // Every second value of both together; odd and even places in turn, so that the errors cancel rather than add up.
    private double[] Collapse(double[] a, double[] b, int level)
    {
        var half = new double[capacity];
        int skip = oddNext[level] ? 1 : 0;
        oddNext[level] = !oddNext[level];
        for (int i = 0, j = 0, k = 0; k < 2 * capacity; k++)
        {
            double next = j == capacity || (i < capacity && a[i] <= b[j]) ? a[i++] : b[j++];
            if (k % 2 == skip)
            {
                half[k / 2] = next;
            }
        }

        return half;
    }
}
