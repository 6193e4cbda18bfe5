namespace AtomProNet.Evaluation;

/// <summary>Percentiles by selection: exact, in linear time, without sorting.</summary>
public static class OrderStatistics
{
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
        for (int i = 0; i < percents.Length; i++)
        {
            if (!(percents[i] is >= 0 and <= 100))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "PercentileOutOfRange", "A percentile lies between 0 and 100.", value: FormattableString.Invariant($"{percents[i]}"));
            }

            ascending[i] = i;
            result[i] = double.NaN;
        }

        if (values.IsEmpty)
        {
            return result;
        }

        double[] keys = percents.ToArray();
        Array.Sort(keys, ascending);
        int from = 0;
        foreach (int i in ascending)
        {
            double position = (values.Length - 1) * (percents[i] / 100);
            int below = Math.Min((int)position, values.Length - 1);
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

            result[i] = low + (high - low) * (position - below);
            from = below;
        }

        return result;
    }

    /// <summary>
    /// Puts the value of that rank at its place: nothing before it is larger, nothing behind it is smaller (Hoare, CACM 4, 321 (1961)).
    /// What stands before <paramref name="from"/> must already be no larger than the rest.
    /// </summary>
    private static double Select(Span<double> values, int rank, int from)
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
