using System.Collections.Immutable;
using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Statistics;
using AtomProNet.Formats.Npy;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Training;

/// <summary>What a configuration needs to know of the frames that it is for.</summary>
internal sealed record TrainingData
{
    /// <summary>The number of frames of each part, single atoms apart.</summary>
    public required ImmutableDictionary<DatasetPart, int> FrameCounts { get; init; }

    /// <summary>The elements of the training part, by atomic number.</summary>
    public required ImmutableArray<Element> Elements { get; init; }

    /// <summary>How many frames of all parts there are, single atoms apart.</summary>
    public required int FrameCount { get; init; }

    /// <summary>How many of them have forces.</summary>
    public required int WithForces { get; init; }

    /// <summary>How many of each part have a stress.</summary>
    public required ImmutableDictionary<DatasetPart, int> StressCounts { get; init; }

    /// <summary>How many of all parts have a stress.</summary>
    public int WithStress => StressCounts.Values.Sum();

    /// <summary>How many have no cell.</summary>
    public required int WithoutCell { get; init; }

    /// <summary>How many repeat along one or two directions only.</summary>
    public required int PartlyPeriodic { get; init; }

    /// <summary>The frames of the training part in systems as DeePMD has them (one sequence of elements, the same labels), with their numbers of atoms; empty for other frameworks.</summary>
    public required ImmutableArray<(int Atoms, int Frames)> Systems { get; init; }

    /// <summary>How many have a weight of their own.</summary>
    public required int WithWeight { get; init; }

    /// <summary>The mean number of atoms of the training part, and the least and largest.</summary>
    public required (double Mean, int Least, int Largest) Atoms { get; init; }

    /// <summary>The mean volume of the crystals of the training part, Å³; null where there is none.</summary>
    public required double? MeanVolume { get; init; }

    /// <summary>Reference energies of the training part.</summary>
    public required ReferenceEnergies ReferenceEnergies { get; init; }

    /// <summary>The spread of the energies of single atoms of one element, the largest of all, eV.</summary>
    public required double IsolatedAtomSpread { get; init; }

    /// <summary>What Test-TrainingSet finds in the parts and between them.</summary>
    public required ImmutableArray<TrainingSetFinding> Findings { get; init; }
}

/// <summary>Looks at the frames, one after the other.</summary>
/// <param name="energyKind">Which energy is the label; null for that of each frame.</param>
/// <param name="withoutStress">The stress is not trained: what is wrong with it concerns nobody.</param>
/// <param name="inSystems">Whether the systems of DeePMD are counted, which takes a key for each sequence of elements.</param>
internal sealed class TrainingDataSurvey(EnergyKind? energyKind, bool withoutStress, bool inSystems = false)
{
    private readonly TrainingSetCheck check = new(energyKind);
    private readonly ReferenceEnergyFit reference = new();
    private readonly SortedSet<Element> trained = [];
    private readonly SortedDictionary<Element, string> untrained = [];
    private readonly Dictionary<DatasetPart, int> counts = [];
    private readonly Dictionary<DatasetPart, int> stresses = Enum.GetValues<DatasetPart>().ToDictionary(p => p, _ => 0);
    private readonly Dictionary<Element, (double Low, double High)> atoms = [];
    private readonly Dictionary<ArraySystemKey, (int Atoms, int Frames)> systems = [];
    private (ImmutableArray<Element> Species, string Text) sequence = ([], "");
    private int withForces, withoutCell, partlyPeriodic, withWeight, least = int.MaxValue, largest, crystals;
    private double atomSum, volumeSum;

    public int FrameCount => check.FrameCount;

    /// <summary>Which energy of a frame is its label; null where it does not have the one asked for.</summary>
    public static EnergyKind? Label(Frame frame, EnergyKind? asked) => asked is { } kind ? frame.GetEnergy(kind) is null ? null : kind : frame.EnergyKind;

    public void Add(Frame frame, DatasetPart part)
    {
        check.Add(withoutStress ? frame with { Stress = null } : frame, part);
        Structure structure = frame.Structure;
        double? energy = Label(frame, energyKind) is { } kind ? frame.GetEnergy(kind) : null;
        if (FrameAdmission.IsIsolatedAtom(structure))
        {
            if (part == DatasetPart.Train && energy is { } zero)
            {
                Element element = structure.Species[0];
                trained.Add(element);
                reference.AddIsolatedAtom(element, zero);
                (double low, double high) = atoms.TryGetValue(element, out var known) ? known : (zero, zero);
                atoms[element] = (Math.Min(low, zero), Math.Max(high, zero));
            }

            return;
        }

        counts[part] = counts.GetValueOrDefault(part) + 1;
        withForces += frame.Forces is null ? 0 : 1;
        stresses[part] += frame.Stress is null ? 0 : 1;
        withoutCell += structure.Lattice is null || !structure.Periodicity.Any ? 1 : 0;
        partlyPeriodic += structure.Periodicity is { Any: true, All: false } ? 1 : 0;
        withWeight += frame.Weight is null ? 0 : 1;
        if (part != DatasetPart.Train)
        {
            foreach (Element element in structure.Composition.Counts.Keys)
            {
                untrained.TryAdd(element, FormattableString.Invariant($"{part} frame {counts[part]}"));
            }

            return;
        }

        trained.UnionWith(structure.Composition.Counts.Keys);
        atomSum += structure.AtomCount;
        least = Math.Min(least, structure.AtomCount);
        largest = Math.Max(largest, structure.AtomCount);
        if (structure.Periodicity.All && structure.Volume is { } volume)
        {
            crystals++;
            volumeSum += volume;
        }

        if (inSystems)
        {
            AddToSystem(frame);
        }

        if (energy is { } total)
        {
            reference.Add(structure.Composition, total);
        }
    }

    /// <exception cref="AtomProNetException">A part has no frames, or one has an element that the training part does not have.</exception>
    public TrainingData Conclude()
    {
        foreach (DatasetPart part in (ReadOnlySpan<DatasetPart>)[DatasetPart.Train, DatasetPart.Validation])
        {
            if (counts.GetValueOrDefault(part) == 0)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "TrainingPartEmpty", $"The part {part} holds no frames besides single atoms.", remedy: "Split the set again.");
            }
        }

        if (untrained.FirstOrDefault(e => !trained.Contains(e.Key)) is { Key: { } element, Value: var where })
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "ElementNotTrained", $"{element} is in {where}, but in no frame of the training part.", remedy: "Split the set such that each element is trained on, or leave these frames out.");
        }

        int train = counts[DatasetPart.Train];
        return new()
        {
            FrameCounts = counts.ToImmutableDictionary(),
            Elements = [.. trained],
            FrameCount = counts.Values.Sum(),
            WithForces = withForces,
            StressCounts = stresses.ToImmutableDictionary(),
            WithoutCell = withoutCell,
            PartlyPeriodic = partlyPeriodic,
            Systems = [.. systems.Values],
            WithWeight = withWeight,
            Atoms = (atomSum / train, least, largest),
            MeanVolume = crystals > 0 ? volumeSum / crystals : null,
            ReferenceEnergies = reference.Conclude(trained),
            IsolatedAtomSpread = atoms.Values.Select(a => a.High - a.Low).DefaultIfEmpty().Max(),
            Findings = check.Conclude(),
        };
    }

    private void AddToSystem(Frame frame)
    {
        // Mostly the same as before.
        Structure structure = frame.Structure;
        if (!structure.Species.AsSpan().SequenceEqual(sequence.Species.AsSpan()))
        {
            sequence = (structure.Species, string.Join(' ', structure.Species.Select(e => e.Symbol)));
        }

        var key = ArraySystemKey.Of(sequence.Text, structure.Periodicity.All, frame, Label(frame, energyKind));
        systems[key] = (structure.AtomCount, systems.GetValueOrDefault(key).Frames + 1);
    }
}
