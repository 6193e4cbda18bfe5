using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>The errors of a machine-learning interatomic potential against reference labels.</summary>
public static class MlipErrors
{
    /// <summary>Measures the errors in every quantity that any frame has.</summary>
    /// <param name="pairs">Matched frames (<see cref="FrameMatching"/>); read once.</param>
    /// <param name="options">What to compute; default: everything at the defaults.</param>
    /// <returns>One object for each quantity, in the order of <see cref="ErrorQuantity"/>.</returns>
    public static ImmutableArray<MlipError> Measure(IEnumerable<FramePair> pairs, MlipErrorOptions? options = null)
    {
        options ??= new();
        (double stressFactor, string stressUnit) = options.StressUnit == StressUnit.Gigapascal
            ? (PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal, "GPa")
            : (1.0, "eV/Å³");
        ErrorSamples energyPerAtom = new(ErrorQuantity.EnergyPerAtom, "eV/atom"), totalEnergy = new(ErrorQuantity.TotalEnergy, "eV");
        ErrorSamples component = new(ErrorQuantity.ForceComponent, "eV/Å"), vector = new(ErrorQuantity.ForceVector, "eV/Å"), rootMeanSquare = new(ErrorQuantity.RootMeanSquareForce, "eV/Å");
        ErrorSamples stress = new(ErrorQuantity.Stress, stressUnit);
        var compositions = new HashSet<Composition>();
        var energyKinds = new SortedSet<EnergyKind>();
        foreach (FramePair pair in pairs)
        {
            string group = Group(pair.Reference, options.Grouping);
            AddEnergies(pair, group);
            AddForces(pair, group);
            AddStress(pair, group);
        }

        var result = ImmutableArray.CreateBuilder<MlipError>();
        string? mixedKinds = energyKinds.Count > 1 ? $"The references hold different kinds of energy ({string.Join(", ", energyKinds)}): name the one that the model was trained on." : null;
        string? mixedCompositions = compositions.Count > 1 ? $"R² of total energies over {compositions.Count} compositions tells how different the compositions are, not how good the model is: use the energy per atom." : null;
        Emit(energyPerAtom, mixedKinds);
        Emit(totalEnergy, mixedKinds is null || mixedCompositions is null ? mixedCompositions ?? mixedKinds : mixedCompositions + " " + mixedKinds);
        Emit(component, null);
        Emit(vector, null);
        Emit(rootMeanSquare, "Blind to the direction of the force: use the components or the vectors to judge a model.");
        Emit(stress, null);
        return result.ToImmutable();

        void AddEnergies(FramePair pair, string group)
        {
            double? r = options.EnergyKind is { } kind ? pair.Reference.GetEnergy(kind) : pair.Reference.Energy;
            double? p = pair.Prediction.Energy;
            int atoms = pair.Reference.Structure.AtomCount;
            if (energyPerAtom.Begin(pair, group, r is not null && atoms > 0, p is not null && atoms > 0))
            {
                energyPerAtom.Add(r!.Value / atoms, p!.Value / atoms);
            }

            if (totalEnergy.Begin(pair, group, r is not null, p is not null))
            {
                totalEnergy.Add(r!.Value, p!.Value);
                compositions.Add(pair.Reference.Structure.Composition);
                energyKinds.Add(options.EnergyKind ?? pair.Reference.EnergyKind!.Value);
            }
        }

        void AddForces(FramePair pair, string group)
        {
            bool hasReference = pair.Reference.Forces is not null, hasPrediction = pair.Prediction.Forces is not null;
            if (!(component.Begin(pair, group, hasReference, hasPrediction)
                & vector.Begin(pair, group, hasReference, hasPrediction)
                & rootMeanSquare.Begin(pair, group, hasReference, hasPrediction)))
            {
                return;
            }

            ImmutableArray<Vector3D> r = pair.Reference.Forces!.Value, p = pair.Prediction.Forces!.Value;
            for (int i = 0; i < r.Length; i++)
            {
                Element element = pair.Reference.Structure.Species[i];
                component.Add(r[i].X, p[i].X, element);
                component.Add(r[i].Y, p[i].Y, element);
                component.Add(r[i].Z, p[i].Z, element);
                vector.AddError((p[i] - r[i]).Length, element);
                rootMeanSquare.Add(Math.Sqrt(r[i].LengthSquared / 3), Math.Sqrt(p[i].LengthSquared / 3), element);
            }
        }

        void AddStress(FramePair pair, string group)
        {
            if (stress.Begin(pair, group, pair.Reference.Stress is not null, pair.Prediction.Stress is not null))
            {
                double[] r = pair.Reference.Stress!.Value.ToVoigt(), p = pair.Prediction.Stress!.Value.ToVoigt();
                for (int i = 0; i < 6; i++)
                {
                    stress.Add(r[i] * stressFactor, p[i] * stressFactor);
                }
            }
        }

        void Emit(ErrorSamples samples, string? note)
        {
            if (samples.Seen)
            {
                result.Add(samples.ToError(options, note));
            }
        }
    }

    private static string Group(Frame frame, ErrorGrouping grouping) => grouping switch
    {
        ErrorGrouping.Group => frame.GroupId ?? frame.Structure.Composition.Formula,
        ErrorGrouping.Composition => frame.Structure.Composition.Formula,
        ErrorGrouping.ConfigType => frame.ConfigType ?? "(none)",
        ErrorGrouping.File => frame.Source?.File ?? "(none)",
        _ => throw new ArgumentOutOfRangeException(nameof(grouping)),
    };
}
