using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>What <see cref="MlipErrors.Measure"/> computes.</summary>
public sealed record MlipErrorOptions
{
    /// <summary>The model's name; null: none.</summary>
    public string? Model { get; init; }

    /// <summary>The percentiles of the absolute errors; default 50, 80, 90.</summary>
    public ImmutableArray<double> Percents { get; init; } = ErrorStatistics.DefaultPercents;

    /// <summary>Which energy of the reference the model was trained on; null: the free energy where there is one, else what there is.</summary>
    public EnergyKind? EnergyKind { get; init; }

    /// <summary>The unit of stress errors.</summary>
    public StressUnit StressUnit { get; init; } = StressUnit.Gigapascal;

    /// <summary>How frames are put together in <see cref="MlipError.ByGroup"/>.</summary>
    public ErrorGrouping Grouping { get; init; } = ErrorGrouping.Group;

    /// <summary>How many of the worst frames are listed.</summary>
    public int WorstFrameCount { get; init; } = 5;
}
