using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>The errors of a model in one quantity. A statistic that does not exist is null, never 0 or NaN.</summary>
public sealed record MlipError
{
    /// <summary>The model's name; null where nobody gave one.</summary>
    public string? Model { get; init; }

    /// <summary>What was compared.</summary>
    public required ErrorQuantity Quantity { get; init; }

    /// <summary>The unit of all errors: <c>eV/atom</c>, <c>eV</c>, <c>eV/Å</c>, <c>GPa</c> or <c>eV/Å³</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The statistics over all values.</summary>
    public required ErrorStatistics Statistics { get; init; }

    /// <summary>The number of values.</summary>
    public long Count => Statistics.Count;

    /// <summary>The coefficient of determination; null where the reference does not vary.</summary>
    public double? R2 => Statistics.R2;

    /// <summary>The mean absolute error.</summary>
    public double? MAE => Statistics.MAE;

    /// <summary>The root of the mean squared error.</summary>
    public double? RMSE => Statistics.RMSE;

    /// <summary>The largest absolute error.</summary>
    public double? Maximum => Statistics.Maximum;

    /// <summary>The mean of prediction − reference: a systematic shift.</summary>
    public double? MeanError => Statistics.MeanError;

    /// <summary>Percentiles of the absolute error.</summary>
    public ImmutableArray<ErrorPercentile> Percentiles => Statistics.Percentiles;

    /// <summary>The number of frames that have the label on both sides.</summary>
    public required int FrameCount { get; init; }

    /// <summary>The number of frames whose reference lacks the label: they do not count.</summary>
    public required int MissingReference { get; init; }

    /// <summary>The number of frames whose prediction lacks the label: they do not count.</summary>
    public required int MissingPrediction { get; init; }

    /// <summary>What to keep in mind when reading the numbers; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The errors of each element, by atomic number; only for forces.</summary>
    public ImmutableArray<ErrorPart> BySpecies { get; init; } = [];

    /// <summary>The errors of each group, by name.</summary>
    public ImmutableArray<ErrorPart> ByGroup { get; init; } = [];

    /// <summary>The frames with the largest errors, the worst first.</summary>
    public ImmutableArray<FrameError> WorstFrames { get; init; } = [];

    /// <summary>Every pair of values, for parity plots; null for lengths of difference vectors, which have no pairs.</summary>
    public ParityPoints? Points { get; init; }

    /// <summary>The absolute errors, one for each value in the order of the frames, for cumulative distributions.</summary>
    public ImmutableArray<double> AbsoluteErrors { get; init; } = [];

    /// <summary>The frames that were compared, in the order of the values.</summary>
    public ImmutableArray<ComparedFrame> Frames { get; init; } = [];

    /// <summary>The atomic number of the atom that each value belongs to; empty for energies and stress.</summary>
    public ImmutableArray<byte> AtomicNumbers { get; init; } = [];

    /// <summary>Quantity, count, R², MAE and RMSE in one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Quantity}: n = {Count}, R² = {R2:G6}, MAE = {MAE:G6}, RMSE = {RMSE:G6} {Unit}");
}

/// <summary>The errors of one element or one group.</summary>
/// <param name="Name">The element's symbol or the group.</param>
/// <param name="FrameCount">The number of frames that take part.</param>
/// <param name="Statistics">The statistics over its values.</param>
public sealed record ErrorPart(string Name, int FrameCount, ErrorStatistics Statistics)
{
    /// <summary>The number of values.</summary>
    public long Count => Statistics.Count;

    /// <summary>The coefficient of determination; null where the reference does not vary.</summary>
    public double? R2 => Statistics.R2;

    /// <summary>The mean absolute error.</summary>
    public double? MAE => Statistics.MAE;

    /// <summary>The root of the mean squared error.</summary>
    public double? RMSE => Statistics.RMSE;

    /// <summary>The largest absolute error.</summary>
    public double? Maximum => Statistics.Maximum;

    /// <summary>Percentiles of the absolute error.</summary>
    public ImmutableArray<ErrorPercentile> Percentiles => Statistics.Percentiles;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: n = {Count}, MAE = {MAE:G6}, RMSE = {RMSE:G6}");
}

/// <summary>A frame whose label was compared, and which of the values are its own.</summary>
/// <param name="Index">The number of the reference frame, from 1.</param>
/// <param name="Source">The file and step of the reference; null where it was not read from a file.</param>
/// <param name="Id">The id by which it was matched; null where it was matched by order.</param>
/// <param name="Formula">The formula of the cell.</param>
/// <param name="Group">The group that it counts to.</param>
/// <param name="FirstValue">The place of its first value among all, from 0.</param>
/// <param name="ValueCount">How many values it has.</param>
public sealed record ComparedFrame(int Index, FrameSource? Source, string? Id, string Formula, string Group, int FirstValue, int ValueCount)
{
    /// <summary>What the reference descends from; null where nobody said.</summary>
    public Provenance? Provenance { get; init; }
}

/// <summary>The error of one frame in one quantity.</summary>
/// <param name="Index">The number of the reference frame, from 1.</param>
/// <param name="Source">The file and step of the reference; null where it was not read from a file.</param>
/// <param name="Id">The id by which it was matched; null where it was matched by order.</param>
/// <param name="Formula">The formula of the cell.</param>
/// <param name="Group">The group that it counts to.</param>
/// <param name="Maximum">Its largest absolute error.</param>
/// <param name="RMSE">The root of its mean squared error.</param>
/// <param name="Atom">The atom with the largest error, from 1; null for energies and stress.</param>
public sealed record FrameError(int Index, FrameSource? Source, string? Id, string Formula, string Group, double Maximum, double RMSE, int? Atom)
{
    /// <summary>What the reference descends from; null where nobody said.</summary>
    public Provenance? Provenance { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"frame {Index} ({Source?.ToString() ?? Id ?? Formula}): {Maximum:G6}");
}

/// <summary>Reference and prediction, value by value.</summary>
/// <param name="Reference">The true values.</param>
/// <param name="Prediction">The predicted values.</param>
/// <param name="FrameIndex">For each value, the number of its reference frame, from 1.</param>
public sealed record ParityPoints(ImmutableArray<double> Reference, ImmutableArray<double> Prediction, ImmutableArray<int> FrameIndex);
