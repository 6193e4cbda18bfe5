using System.Collections.Immutable;

namespace AtomProNet.Evaluation.Reports;

/// <summary>The cumulative distribution of absolute errors, thinned to what a figure shows.</summary>
/// <param name="Errors">Absolute errors, ascending.</param>
/// <param name="Shares">The share of all values that is no larger, percent.</param>
internal sealed record ErrorCurve(ImmutableArray<double> Errors, ImmutableArray<double> Shares)
{
    private const int Steps = 400;

    /// <summary>
    /// The curve on which the percentiles of <see cref="ErrorStatistics"/> lie: with the n errors in ascending order the one at place k
    /// stands at 100·k/(n − 1) %, and between two the curve is straight.
    /// </summary>
    public static ErrorCurve Of(MlipError error)
    {
        double[] sorted = [.. error.AbsoluteErrors];
        Array.Sort(sorted);
        int last = sorted.Length - 1;
        if (last < 1)
        {
            return new([.. sorted], [.. sorted.Select(_ => 100.0)]);
        }

        // Even steps, and at either end single values, where a logarithmic axis has much room for few of them.
        var places = new SortedSet<double>();
        for (int i = 0; i <= Steps; i++)
        {
            places.Add((double)last * i / Steps);
        }

        for (double k = 1; k < last / 2.0; k *= 1.5)
        {
            places.Add(Math.Floor(k));
            places.Add(last - Math.Floor(k));
        }

        for (int k = 0; k <= last && last < 2 * Steps; k++)
        {
            places.Add(k);
        }

        double[] kept = [.. places];
        return new([.. kept.Select(At)], [.. kept.Select(k => 100 * k / last)]);

        double At(double place)
        {
            int below = Math.Min((int)place, last - 1);
            return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - below);
        }
    }
}
