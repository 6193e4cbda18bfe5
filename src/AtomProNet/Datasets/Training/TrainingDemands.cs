using System.Globalization;

namespace AtomProNet.Datasets.Training;

/// <summary>What a framework asks of the frames, and what it will pass over without a word.</summary>
internal static class TrainingDemands
{
    private const double SizeSpread = 1.2;

    // MACE writes logs/NAME_run-1.log, checkpoints/NAME_… and NAME.model, and stops at its start where that is in no folder that is there.
    private static readonly System.Buffers.SearchValues<char> NoFileName = System.Buffers.SearchValues.Create("/\\\0\r\n\t");

    /// <exception cref="AtomProNetException">The framework cannot train on these frames.</exception>
    public static void ThrowIfUnmet(TrainingPlan plan)
    {
        TrainingData data = plan.Data;
        if (!(plan.CutoffRadius is > 1 and <= 20))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "CutoffOutOfRange", "The cutoff is a distance from 1 to 20 Å.", value: plan.CutoffRadius.ToString(CultureInfo.InvariantCulture), remedy: "Usual are 4 to 7 Å.");
        }

        if (plan.Options.Name.AsSpan().ContainsAny(NoFileName))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ModelNameNotUsable", "The name of the model becomes a part of file names, and holds a character that these do not.", value: plan.Options.Name, remedy: "Give a name without / and \\, such as alumina-1.");
        }

        LossWeights weights = plan.FirstWeights;
        if (weights.Energy <= 0 && weights.Force <= 0 && (weights.Stress <= 0 || !plan.WithStress))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LossEmpty", plan.WithStress ? "All weights of the loss are 0: nothing would be trained." : "The weights of energy and forces are 0, and no stress is trained: nothing would be trained.", remedy: "Give one of -EnergyWeight, -ForceWeight and -StressWeight a value above 0.");
        }

        if (plan.Options.BatchSize > data.FrameCounts[DatasetPart.Train])
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "BatchTooLarge", string.Create(CultureInfo.InvariantCulture, $"A batch of {plan.Options.BatchSize} frames is larger than the training part with {data.FrameCounts[DatasetPart.Train]}."), remedy: "Choose a smaller one: MACE would drop the batch and train on nothing.");
        }

        if (plan.Framework == MlipFramework.DeepMD && data.PartlyPeriodic > 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "DeepMDCannotHold", string.Create(CultureInfo.InvariantCulture, $"{data.PartlyPeriodic} of {data.FrameCount} frames repeat along one or two directions only: DeePMD knows crystals and molecules, and would take them for molecules."), remedy: "Make the cells periodic with enough vacuum, leave these frames out, or train with MACE or NequIP.");
        }

        if (plan.Framework is not (MlipFramework.NequIP or MlipFramework.Allegro))
        {
            return;
        }

        if (data.WithForces < data.FrameCount)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "ForcesNeeded", string.Create(CultureInfo.InvariantCulture, $"{data.FrameCount - data.WithForces} of {data.FrameCount} frames have no forces, and {plan.Framework} cannot make a batch of frames with and without."), remedy: "Leave these frames out (Select-TrainingFrame), or train with MACE or DeePMD.");
        }

        if (plan.WithStress && data.WithoutCell > 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "StressNeedsCells", string.Create(CultureInfo.InvariantCulture, $"{data.WithoutCell} frames have no periodic cell, and {plan.Framework} computes no stress for them."), remedy: "Leave the stress out (-NoStress), or leave these frames out.");
        }
    }

    /// <summary>What is worth knowing.</summary>
    public static IEnumerable<Finding> Findings(TrainingPlan plan)
    {
        TrainingData data = plan.Data;
        if (plan.Framework != MlipFramework.Mace && data.WithWeight > 0)
        {
            yield return new(FindingSeverity.Warning, "WeightsIgnored", string.Create(CultureInfo.InvariantCulture, $"{data.WithWeight} frames have a weight of their own, which {plan.Framework} does not know."), Advice: "All frames count alike; MACE knows config_weight.");
        }

        if (plan.Framework == MlipFramework.DeepMD && data.Atoms.Largest > SizeSpread * data.Atoms.Least)
        {
            yield return new(FindingSeverity.Warning, "WeightsOfMeanSize", string.Create(CultureInfo.InvariantCulture, $"DeePMD weighs energies by 1/N, not 1/N²: the prefactors are those of the mean, {data.Atoms.Mean:F1} atoms, while frames have {data.Atoms.Least} to {data.Atoms.Largest}."), Advice: "Larger cells count more; DeePMD-kit 3.2 can change that (loss.intensive_ener_virial).");
        }

        if (data.WithStress > 0 && !plan.WithStress)
        {
            yield return new(FindingSeverity.Information, "StressLeftOut", plan.Options.WithoutStress ? "The stress was left out, as asked for." : "The stress was left out: no frame of the training part has one.");
        }

        if (plan.Data.FrameCounts.GetValueOrDefault(DatasetPart.Test) == 0)
        {
            yield return new(FindingSeverity.Information, "NoTestPart", "The set has no test part: the errors that the training prints are those of the frames that the model was chosen by.", Advice: "Split the set into three parts.");
        }
    }
}
