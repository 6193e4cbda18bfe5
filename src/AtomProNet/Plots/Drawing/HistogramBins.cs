using System.Collections.Immutable;
using AtomProNet.Evaluation;

namespace AtomProNet.Plots.Drawing;

/// <summary>Puts values into bins of equal width.</summary>
internal static class HistogramBins
{
    /// <summary>Edges and counts; the last bin holds its upper edge. No bins where there is no number.</summary>
    public static (ImmutableArray<double> Edges, ImmutableArray<long> Counts) Of(ReadOnlySpan<double> values, int? binCount)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        var finite = new List<double>(values.Length);
        foreach (double value in values)
        {
            if (double.IsFinite(value))
            {
                finite.Add(value);
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }

        if (finite.Count == 0)
        {
            return ([0, 1], [0]);
        }

        if (low == high)
        {
            double half = low == 0 ? 0.5 : Math.Abs(low) * 0.05;
            return ([low - half, low + half], [finite.Count]);
        }

        int bins = Math.Clamp(binCount ?? FreedmanDiaconis(finite, high - low), 1, 10_000);
        var counts = new long[bins];
        foreach (double value in finite)
        {
            counts[Math.Clamp((int)((value - low) / (high - low) * bins), 0, bins - 1)]++;
        }

        return ([.. Enumerable.Range(0, bins + 1).Select(i => i == bins ? high : low + (high - low) * i / bins)], [.. counts]);
    }

    private static int FreedmanDiaconis(List<double> values, double range)
    {
        double[] quartiles = OrderStatistics.Percentiles(values.ToArray(), [25, 75]);
        double width = 2 * (quartiles[1] - quartiles[0]) / Math.Cbrt(values.Count);
        return width > 0 ? (int)Math.Clamp(Math.Ceiling(range / width), 5, 100) : Math.Clamp((int)Math.Ceiling(Math.Log2(values.Count)) + 1, 5, 100);
    }
}
