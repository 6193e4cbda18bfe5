using System.Collections.Immutable;
using AtomProNet.Formats.ExtendedXyz;

namespace AtomProNet.Datasets.Training;

/// <summary>
/// What files and configuration of a training folder agree on: names of the parts, names of the labels, whether there is a stress, the weights. Both are
/// written from it, so that one cannot say what the other does not have.
/// </summary>
internal sealed record TrainingPlan
{
    public required MlipTrainingOptions Options { get; init; }

    public required TrainingData Data { get; init; }

    public required ReferenceEnergyChoice ReferenceEnergies { get; init; }

    /// <summary>Whether frames are written with their stress and the loss has a term for it.</summary>
    public required bool WithStress { get; init; }

    public bool HasTest => Data.FrameCounts.GetValueOrDefault(DatasetPart.Test) > 0;

    public MlipFramework Framework => Options.Framework;

    /// <summary>Whose names the labels of extended XYZ get.</summary>
    public KeyStyle KeyStyle => Framework == MlipFramework.Mace ? KeyStyle.Mace : KeyStyle.NequIP;

    /// <summary>The file or folder of a part, within the training folder.</summary>
    public string FileOf(DatasetPart part) => part.ToString().ToLowerInvariant() + (Framework == MlipFramework.DeepMD ? "" : ".extxyz");

    /// <summary>The configuration file.</summary>
    public string ConfigurationFile => Framework switch { MlipFramework.Mace => "mace.yaml", MlipFramework.NequIP => "nequip.yaml", MlipFramework.Allegro => "allegro.yaml", _ => "input.json" };

    public double CutoffRadius => Options.CutoffRadius ?? (Framework is MlipFramework.Mace or MlipFramework.NequIP ? 5 : 6);

    public LossSchedule Schedule => Options.Schedule ?? (Framework == MlipFramework.Mace ? LossSchedule.TwoStage : LossSchedule.SingleStage);

    public LossWeights FirstWeights => Options.Weights ?? (Schedule == LossSchedule.TwoStage ? new(1, 100, 1) : new(1, 1, 1));

    public LossWeights LastWeights => Schedule == LossSchedule.SingleStage ? FirstWeights : Options.SecondWeights ?? new(1000, 100, 10);

    /// <summary>No larger than the training part: MACE drops a batch that is not full, and would train on nothing.</summary>
    public int BatchSize => Options.BatchSize ?? Math.Min(Framework == MlipFramework.Mace ? 10 : 5, Data.FrameCounts[DatasetPart.Train]);

    /// <summary>MACE's rule of thumb: 200,000 steps, whatever the size of the set.</summary>
    public int EpochCount => Options.EpochCount ?? (int)Math.Clamp(Math.Ceiling(200_000.0 * BatchSize / Data.FrameCounts[DatasetPart.Train]), 10, 2000);

    /// <summary>The epoch with which the second stage begins: the last quarter, as in MACE.</summary>
    public int SecondStageEpoch => Math.Max(1, EpochCount / 4 * 3);

    /// <summary>What was decided, in words.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }
}
