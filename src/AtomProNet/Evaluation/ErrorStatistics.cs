using System.Collections.Immutable;
using System.Globalization;

namespace AtomProNet.Evaluation;

/// <summary>One mark of the cumulative distribution of absolute errors.</summary>
/// <param name="Percent">The share of the values, in percent.</param>
/// <param name="Value">The absolute error that this share does not exceed, in the unit of the quantity.</param>
public sealed record ErrorPercentile(double Percent, double Value)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Percent} %: {Value:G6}");
}

/// <summary>The statistics of prediction − reference over some values. A statistic that does not exist is null.</summary>
/// <param name="Count">The number of values.</param>
/// <param name="R2">The coefficient of determination 1 − Σ(p − r)²/Σ(r − r̄)²; null where the reference does not vary, or for lengths of difference vectors.</param>
/// <param name="MAE">The mean absolute error; null without values.</param>
/// <param name="RMSE">The root of the mean squared error; null without values.</param>
/// <param name="Maximum">The largest absolute error; null without values.</param>
/// <param name="MeanError">The mean of prediction − reference, a systematic shift; null for lengths of difference vectors.</param>
/// <param name="Percentiles">Percentiles of the absolute error, interpolated linearly; empty without values.</param>
public sealed record ErrorStatistics(
    long Count,
    double? R2,
    double? MAE,
    double? RMSE,
    double? Maximum,
    double? MeanError,
    ImmutableArray<ErrorPercentile> Percentiles)
{
    /// <summary>The percentiles that are reported unless others are asked for: the paper's 50, 80, 90.</summary>
    public static ImmutableArray<double> DefaultPercents { get; } = [50, 80, 90];

    /// <summary>Statistics of pairs of values.</summary>
    /// <param name="reference">The true values.</param>
    /// <param name="prediction">As many predicted values.</param>
    /// <param name="percents">Which percentiles of |prediction − reference|.</param>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    public static ErrorStatistics OfPairs(ReadOnlySpan<double> reference, ReadOnlySpan<double> prediction, ReadOnlySpan<double> percents)
    {
        if (reference.Length != prediction.Length)
        {
            throw new ArgumentException("There are not as many predictions as references.", nameof(prediction));
        }

        if (reference.IsEmpty)
        {
            return new(0, null, null, null, null, null, []);
        }

        if (reference.Length >= OrderStatistics.Many)
        {
            return LongPairs.Statistics(reference, prediction, percents);
        }

        CompensatedSum total = default, signed = default;
        double low = reference[0], high = reference[0];
        var errors = new double[reference.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            total.Add(reference[i]);
            signed.Add(prediction[i] - reference[i]);
            errors[i] = Math.Abs(prediction[i] - reference[i]);
            low = Math.Min(low, reference[i]);
            high = Math.Max(high, reference[i]);
        }

        // A second pass about the mean: energies of −700 eV that differ by meV would cancel in Σr² − (Σr)²/n.
        double mean = total.Value / errors.Length;
        CompensatedSum spread = default, squares = default;
        for (int i = 0; i < errors.Length; i++)
        {
            spread.Add((reference[i] - mean) * (reference[i] - mean));
            squares.Add(errors[i] * errors[i]);
        }

        double? r2 = low < high && spread.Value > 0 ? 1 - squares.Value / spread.Value : null;
        return OfAbsoluteErrors(errors, percents) with { R2 = r2, MeanError = signed.Value / errors.Length };
    }

    /// <summary>Statistics of errors that have no sign, such as the lengths of difference vectors. The values are put into another order.</summary>
    /// <param name="errors">Absolute errors.</param>
    /// <param name="percents">Which percentiles.</param>
    public static ErrorStatistics OfAbsoluteErrors(Span<double> errors, ReadOnlySpan<double> percents)
    {
        if (errors.IsEmpty)
        {
            return new(0, null, null, null, null, null, []);
        }

        CompensatedSum sum = default, squares = default;
        double maximum = 0;
        foreach (double error in errors)
        {
            sum.Add(error);
            squares.Add(error * error);
            maximum = Math.Max(maximum, error);
        }

        double[] marks = OrderStatistics.Percentiles(errors, percents);
        var percentiles = ImmutableArray.CreateBuilder<ErrorPercentile>(marks.Length);
        for (int i = 0; i < marks.Length; i++)
        {
            percentiles.Add(new(percents[i], marks[i]));
        }

        return new(errors.Length, null, sum.Value / errors.Length, Math.Sqrt(squares.Value / errors.Length), maximum, null, percentiles.MoveToImmutable());
    }
}
