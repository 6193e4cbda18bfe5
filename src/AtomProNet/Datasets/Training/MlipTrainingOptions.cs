using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Training;

/// <summary>What a training folder is made for, and how the model is to be trained. What is null is chosen by the framework.</summary>
public sealed record MlipTrainingOptions
{
    /// <summary>The framework.</summary>
    public required MlipFramework Framework { get; init; }

    /// <summary>The name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>How far an atom sees, Å; null: 5 for MACE and NequIP, whose layers pass on what neighbours see, 6 for Allegro and DeePMD.</summary>
    public double? CutoffRadius { get; init; }

    /// <summary>The seed of the random numbers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How the weights go along the training; null: in two stages for MACE, in one for the others.</summary>
    public LossSchedule? Schedule { get; init; }

    /// <summary>The weights (of the first stage); null: 1 : 1 : 1, or 1 : 100 : 1 in two stages.</summary>
    public LossWeights? Weights { get; init; }

    /// <summary>The weights of the second stage; null: 1000 : 100 : 10.</summary>
    public LossWeights? SecondWeights { get; init; }

    /// <summary>Whether the stress is left out of files and loss, though there is one.</summary>
    public bool WithoutStress { get; init; }

    /// <summary>Reference energies by element, eV; empty: from the set.</summary>
    public ImmutableSortedDictionary<Element, double> ReferenceEnergies { get; init; } = ImmutableSortedDictionary<Element, double>.Empty;

    /// <summary>Which energy is the label; null: the one that the set was exported with, else the free energy, or what a frame has.</summary>
    public EnergyKind? EnergyKind { get; init; }

    /// <summary>How often the training part is passed through; null: as often as 200,000 steps take, 10 to 2000.</summary>
    public int? EpochCount { get; init; }

    /// <summary>Frames a step; null: 10 for MACE, 5 for NequIP and Allegro, by the number of atoms for DeePMD.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The processor.</summary>
    public TrainingDevice Device { get; init; } = TrainingDevice.Gpu;

    /// <summary>Further settings by their path in the configuration, which win over all others.</summary>
    public ImmutableArray<KeyValuePair<string, object?>> Settings { get; init; } = [];

    /// <summary>The job script; null for none.</summary>
    public JobScript? JobScript { get; init; }

    /// <summary>Whether a folder that is there is replaced, and a set in which errors are found is taken all the same.</summary>
    public bool Force { get; init; }
}
