using System.Globalization;

namespace AtomProNet.Evaluation;

/// <summary>Within which a statistic lies with the confidence that was asked for.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public sealed record ConfidenceInterval(double Low, double High)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low:G4} … {High:G4}");
}

/// <summary>The intervals of the statistics of one quantity. What cannot be estimated is null: with fewer than two groups all of them.</summary>
/// <param name="GroupCount">The number of groups that were drawn from.</param>
/// <param name="MAE">That of the mean absolute error.</param>
/// <param name="RMSE">That of the root of the mean squared error.</param>
/// <param name="R2">That of the coefficient of determination.</param>
public sealed record ErrorIntervals(int GroupCount, ConfidenceInterval? MAE, ConfidenceInterval? RMSE, ConfidenceInterval? R2);

/// <summary>The interval of a cumulative distribution at some errors.</summary>
/// <param name="Low">The lower end of the share of values that are no larger, percent.</param>
/// <param name="High">The upper end.</param>
public sealed record ErrorCurveBand(System.Collections.Immutable.ImmutableArray<double> Low, System.Collections.Immutable.ImmutableArray<double> High);
