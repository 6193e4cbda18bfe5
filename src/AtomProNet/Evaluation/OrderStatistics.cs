namespace AtomProNet.Evaluation;

/// <summary>Percentiles by selection: exact, in linear time, without sorting.</summary>
public static class OrderStatistics
{
    // From here on counting by leading bits is faster, whose tables are 400 kB.
    internal const int Many = 1 << 18;

    /// <summary>
    /// The percentiles of some values, interpolated linearly between the order statistics: with the n values in ascending order
    /// x₀ … xₙ₋₁, the percentile q is at the position h = (n − 1)·q/100 (Hyndman and Fan, Am. Stat. 50, 361 (1996), type 7; NumPy's default).
    /// </summary>
    /// <param name="values">The values, none of them NaN. They are put into another order.</param>
    /// <param name="percents">Which percentiles, 0 to 100 each, in any order.</param>
    /// <returns>One number for each of <paramref name="percents"/>; NaN for each where there are no values.</returns>
    /// <exception cref="AtomProNetException">A percentile lies outside 0 to 100.</exception>
    public static double[] Percentiles(Span<double> values, ReadOnlySpan<double> percents)
    {
        var result = new double[percents.Length];
        int[] ascending = new int[percents.Length];
        ThrowIfOutOfRange(percents);
        for (int i = 0; i < percents.Length; i++)
        {
            ascending[i] = i;
            result[i] = double.NaN;
        }

        if (values.IsEmpty)
        {
            return result;
        }

        if (values.Length >= Many)
        {
            var search = new PercentileSearch();
            search.Count(values);
            search.Want(RanksOf(percents, values.Length));
            search.Collect(values);
            return Interpolated(search, percents, values.Length);
        }

        double[] keys = percents.ToArray();
        Array.Sort(keys, ascending);
        int from = 0;
        foreach (int i in ascending)
        {
            (int below, double fraction) = Position(percents[i], values.Length);
            double low = Select(values, below, from);
            // All that stands behind the selected place is no smaller: the next order statistic is the least of it.
            double high = low;
            if (below + 1 < values.Length)
            {
                high = values[below + 1];
                foreach (double value in values[(below + 1)..])
                {
                    high = Math.Min(high, value);
                }
            }

            result[i] = low + (high - low) * fraction;
            from = below;
        }

        return result;
    }

    /// <exception cref="AtomProNetException">A percentile lies outside 0 to 100.</exception>
    internal static void ThrowIfOutOfRange(ReadOnlySpan<double> percents)
    {
        foreach (double percent in percents)
        {
            if (!(percent is >= 0 and <= 100))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "PercentileOutOfRange", "A percentile lies between 0 and 100.", value: FormattableString.Invariant($"{percent}"));
            }
        }
    }

    /// <summary>The ranks that percentiles of so many values lie between.</summary>
    internal static List<long> RanksOf(ReadOnlySpan<double> percents, int count)
    {
        var ranks = new List<long>(2 * percents.Length);
        foreach (double percent in percents)
        {
            int below = Position(percent, count).Below;
            ranks.Add(below);
            ranks.Add(Math.Min(below + 1, count - 1));
        }

        return ranks;
    }

    /// <summary>The percentiles, from a search that has seen all values twice and looked for <see cref="RanksOf"/>.</summary>
    internal static double[] Interpolated(PercentileSearch search, ReadOnlySpan<double> percents, int count)
    {
        var result = new double[percents.Length];
        for (int i = 0; i < result.Length; i++)
        {
            (int below, double fraction) = Position(percents[i], count);
            double low = search.ValueAt(below), high = search.ValueAt(Math.Min(below + 1, count - 1));
            result[i] = low + (high - low) * fraction;
        }

        return result;
    }

    private static (int Below, double Fraction) Position(double percent, int count)
    {
        double position = (count - 1) * (percent / 100);
        int below = Math.Min((int)position, count - 1);
        return (below, position - below);
    }

    /// <summary>
    /// Puts the value of that rank at its place: nothing before it is larger, nothing behind it is smaller (Hoare, CACM 4, 321 (1961)).
    /// What stands before <paramref name="from"/> must already be no larger than the rest.
    /// </summary>
    internal static double Select(Span<double> values, int rank, int from)
    {
        int low = from, high = values.Length - 1;
        for (int round = 0; low < high; round++)
        {
            if (round > 64)
            {
                // An order made to defeat the choice of pivots: sorting bounds the time.
                values[low..(high + 1)].Sort();
                break;
            }

            double pivot = MedianOfThree(values[low], values[low + (high - low) / 2], values[high]);
            int i = low, j = high;
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }

                while (values[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (rank <= j)
            {
                high = j;
            }
            else if (rank >= i)
            {
                low = i;
            }
            else
            {
                break;
            }
        }

        return values[rank];
    }

    private static double MedianOfThree(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
