using System.Collections.Immutable;
using System.Globalization;

namespace AtomProNet.Datasets.Statistics;

/// <summary>How the values of one quantity are distributed over a set.</summary>
/// <param name="Quantity">What it is, such as <c>EnergyPerAtom</c>.</param>
/// <param name="Unit">Its unit; empty for plain numbers.</param>
/// <param name="Count">How many values there are.</param>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Their standard deviation (divided by n).</param>
/// <param name="Percentiles">The values below which 1, 5, 25, 50, 75, 95 and 99 % lie.</param>
/// <param name="Histogram">How many values lie in each of equal bins from the least to the largest.</param>
/// <param name="RankError">
/// By how much of all values the rank of a percentile, or the count below an edge of the histogram, may be off at the most; 0 where both are exact,
/// as up to 65,535 values. Count, extremes, mean and standard deviation are always exact.
/// </param>
public sealed record Distribution(
    string Quantity,
    string Unit,
    long Count,
    double Minimum,
    double Maximum,
    double Mean,
    double StandardDeviation,
    ImmutableArray<DistributionPercentile> Percentiles,
    ImmutableArray<HistogramBin> Histogram,
    double RankError)
{
    private const int Bins = 50;

    /// <summary>The percentiles that are given.</summary>
    public static ImmutableArray<double> Percents { get; } = [1, 5, 25, 50, 75, 95, 99];

    /// <summary>The median.</summary>
    public double Median => Percentiles.First(p => p.Percent == 50).Value;

    /// <summary>Quantity, range and median in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Quantity}: {Minimum:G5} to {Maximum:G5}{(Unit.Length == 0 ? "" : " " + Unit)}, median {Median:G5}");

    internal static Distribution Of(string quantity, string unit, QuantileSketch sketch)
    {
        double[] percentiles = sketch.Percentiles(Percents.AsSpan());
        int bins = sketch.Minimum < sketch.Maximum ? Bins : 1;
        long[] counts = sketch.Histogram(sketch.Minimum, sketch.Maximum, bins);
        double width = (sketch.Maximum - sketch.Minimum) / bins;
        return new(
            quantity,
            unit,
            sketch.Count,
            sketch.Minimum,
            sketch.Maximum,
            sketch.Mean,
            sketch.StandardDeviation,
            [.. Percents.Select((p, i) => new DistributionPercentile(p, percentiles[i]))],
            [.. counts.Select((n, i) => new HistogramBin(sketch.Minimum + i * width, i == bins - 1 ? sketch.Maximum : sketch.Minimum + (i + 1) * width, n))],
            sketch.RankError);
    }
}

/// <summary>The value below which a share of all values lies.</summary>
/// <param name="Percent">The share, in percent.</param>
/// <param name="Value">The value.</param>
public readonly record struct DistributionPercentile(double Percent, double Value)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Percent} %: {Value:G6}");
}

/// <summary>One bin of a histogram.</summary>
/// <param name="Low">Its lower edge, included.</param>
/// <param name="High">Its upper edge; included in the last bin only.</param>
/// <param name="Count">How many values lie in it.</param>
public readonly record struct HistogramBin(double Low, double High, long Count)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low:G5} to {High:G5}: {Count}");
}
