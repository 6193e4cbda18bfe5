using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Training;

/// <summary>A folder that is ready to be trained in. Immutable.</summary>
public sealed record MlipTrainingInput
{
    /// <summary>The framework.</summary>
    public required MlipFramework Framework { get; init; }

    /// <summary>The name of the model: the name of the folder.</summary>
    public required string Name { get; init; }

    /// <summary>The folder, as a full path.</summary>
    public required string FolderPath { get; init; }

    /// <summary>The configuration, relative to the folder.</summary>
    public required string ConfigurationFile { get; init; }

    /// <summary>The job script, relative to the folder; null where none was asked for.</summary>
    public string? JobScript { get; init; }

    /// <summary>All files, relative to the folder, in ordinal order.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>The frames that are trained on, single atoms apart.</summary>
    public required int TrainFrameCount { get; init; }

    /// <summary>The frames that the model is chosen by.</summary>
    public required int ValidationFrameCount { get; init; }

    /// <summary>The frames that the errors are measured on.</summary>
    public required int TestFrameCount { get; init; }

    /// <summary>The elements that the model knows, by atomic number.</summary>
    public required ImmutableArray<Element> Elements { get; init; }

    /// <summary>The cutoff, Å.</summary>
    public required double CutoffRadius { get; init; }

    /// <summary>The energy that each element counts from, eV, by its symbol.</summary>
    public required ImmutableSortedDictionary<string, double> ReferenceEnergies { get; init; }

    /// <summary>Where these come from.</summary>
    public required ReferenceEnergyOrigin ReferenceEnergyOrigin { get; init; }

    /// <summary>Whether the stress is trained.</summary>
    public required bool HasStress { get; init; }

    /// <summary>The weights of the loss (of its first stage).</summary>
    public required LossWeights Weights { get; init; }

    /// <summary>The weights of the second stage; null where there is none.</summary>
    public LossWeights? SecondWeights { get; init; }

    /// <summary>What was noticed; the same that went to the user as warnings.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Framework and folder in one line.</summary>
    public override string ToString() => $"{Framework}: {FolderPath}";
}
