using System.Collections.Immutable;
using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Statistics;

/// <summary>
/// Measures a training set as its frames pass by, in a memory that does not grow with their number (a hundred thousand formulas are counted one by one): counts,
/// extremes, means and least squares are exact, percentiles and histograms exact up to 65,535 values and then within a stated rank error.
/// </summary>
public sealed class TrainingSetSurvey
{
    private const int MaximumCompositions = 100_000, ListedCompositions = 1000, MaximumConfigTypes = 1000;

    private readonly EnergyKind? energyKind;
    private readonly ShortestDistances contacts = new();
    private readonly ReferenceEnergyFit reference = new();
    private readonly SortedDictionary<Element, ElementTally> elements = [];
    private readonly Dictionary<string, CompositionTally> compositions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> energyKinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> configTypes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(Element A, Element B), PairDistance> distances = [];
    private readonly HashSet<string> methods = new(StringComparer.Ordinal);
    private readonly QuantileSketch atoms = new(), energy = new(), volume = new(), distance = new(), component = new(), magnitude = new(), largest = new(), pressure = new(), stress = new();
    private readonly FrameDescriptor? descriptor;
    private readonly double[] full = new double[FrameDescriptor.Length];
    private readonly float[] projection = new float[DescriptorProjection.Length];
    private readonly CoverageNet net = new();
    private readonly FrameSamples samples = new();
    private long frames, structures, atomCount, isolated, periodic, withForces, withStress, furtherCompositions;
    private DftMethod? lastMethod;

    /// <summary>Begins.</summary>
    /// <param name="energyKind">Which energy is the label; null: the free energy, or what a frame has.</param>
    /// <param name="withCoverage">Whether the coverage of descriptor space is measured: that takes most of the time.</param>
    public TrainingSetSurvey(EnergyKind? energyKind = null, bool withCoverage = true)
    {
        this.energyKind = energyKind;
        descriptor = withCoverage ? new() : null;
    }

    /// <summary>The number of frames seen.</summary>
    public long FrameCount => frames;

    /// <summary>Looks at a frame.</summary>
    public void Add(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        frames++;
        Structure structure = frame.Structure;
        EnergyKind? label = energyKind is { } kind ? frame.GetEnergy(kind) is null ? null : kind : frame.EnergyKind;
        var view = new CheckedFrame(frame, (int)Math.Min(frames, int.MaxValue), null, label, contacts);
        atomCount += view.Atoms;
        atoms.Add(view.Atoms);
        Count(configTypes, frame.ConfigType ?? "", frame.ConfigType is not null);
        Methods(frame.Method);
        Elements(frame);
        if (view.IsIsolatedAtom)
        {
            // A single atom is the zero that the others count from, and no structure to compare them with.
            isolated++;
            if (view.Energy is { } zero)
            {
                Count(energyKinds, label!.Value.ToString());
                reference.AddIsolatedAtom(structure.Species[0], zero);
            }

            return;
        }

        structures++;
        double? perAtom = view.Energy / Math.Max(1, view.Atoms), space = structure.Periodicity.All ? structure.Volume / Math.Max(1, view.Atoms) : null;
        Composition(structure, perAtom, space);
        if (view.Energy is { } total)
        {
            Count(energyKinds, label!.Value.ToString());
            energy.Add(perAtom!.Value);
            reference.Add(structure.Composition, total);
        }

        if (space is { } volumePerAtom)
        {
            periodic++;
            volume.Add(volumePerAtom);
        }

        Distances(view);
        Forces(frame);
        if (frame.Stress is { } tensor)
        {
            withStress++;
            const double unit = PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal;
            pressure.Add(tensor.Pressure * unit);
            foreach (double s in tensor.ToGigapascal())
            {
                stress.Add(s);
            }
        }

        if (samples.Wants(structures))
        {
            samples.Add(new(frames, structure.ReducedFormula, space, perAtom, frame.MaximumForce, frame.Stress?.Pressure * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal));
        }

        if (descriptor is not null)
        {
            descriptor.Compute(structure, full);
            DescriptorProjection.Apply(full, projection);
            net.Add(projection, view.Index, structure.ReducedFormula);
        }
    }

    /// <summary>What was measured.</summary>
    public TrainingSetStatistics Conclude()
    {
        var statistics = new TrainingSetStatistics
        {
            FrameCount = frames,
            AtomCount = atomCount,
            IsolatedAtomCount = isolated,
            PeriodicFrameCount = periodic,
            EnergyCount = energyKinds.Values.Sum(),
            ForceCount = withForces,
            StressCount = withStress,
            CompositionCount = compositions.Count + (furtherCompositions > 0 ? 1 : 0),
            MethodCount = methods.Count,
            EnergyKinds = energyKinds.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ConfigTypes = configTypes.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Elements = [.. elements.Select(e => new ElementStatistics(e.Key, e.Value.Atoms, e.Value.Frames, e.Value.Forces > 0 ? Math.Sqrt(e.Value.Squares / (3 * e.Value.Forces)) : null))],
            Compositions = [.. compositions.OrderByDescending(c => c.Value.Frames).ThenBy(c => c.Key, StringComparer.Ordinal).Take(ListedCompositions).Select(c => c.Value.ToStatistics(c.Key))],
            MinimumDistances = [.. distances.Values],
            Distributions =
            [
                .. Of("AtomCount", "", atoms), .. Of("EnergyPerAtom", "eV", energy), .. Of("VolumePerAtom", "Å³", volume), .. Of("MinimumDistance", "Å", distance),
                .. Of("ForceComponent", "eV/Å", component), .. Of("ForceMagnitude", "eV/Å", magnitude), .. Of("MaximumForce", "eV/Å", largest),
                .. Of("StressComponent", "GPa", stress), .. Of("Pressure", "GPa", pressure),
            ],
            Samples = [.. samples.All],
            ReferenceEnergies = reference.Conclude(elements.Keys),
            Coverage = descriptor is null || net.FrameCount == 0 ? null : DescriptorCoverage.Of(net),
            Warnings = [],
        };
        return statistics with { Warnings = [.. StatisticsWarnings.Of(statistics, furtherCompositions)] };

        static IEnumerable<Distribution> Of(string quantity, string unit, QuantileSketch sketch) => sketch.Count == 0 ? [] : [Statistics.Distribution.Of(quantity, unit, sketch)];
    }

    private static void Count(SortedDictionary<string, long> counts, string key, bool isThere = true)
    {
        if (isThere && (counts.Count < MaximumConfigTypes || counts.ContainsKey(key)))
        {
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }

    private void Methods(DftMethod? method)
    {
        if (method is not null && !ReferenceEquals(method, lastMethod))
        {
            lastMethod = method;
            methods.Add(method.Fingerprint);
        }
    }

    private void Elements(Frame frame)
    {
        ImmutableArray<Element> species = frame.Structure.Species;
        foreach ((Element element, int count) in frame.Structure.Composition.Counts)
        {
            if (!elements.TryGetValue(element, out ElementTally? tally))
            {
                elements.Add(element, tally = new());
            }

            tally.Frames++;
            tally.Atoms += count;
        }

        if (frame.Forces is { } forces && species.Length > 1)
        {
            for (int i = 0; i < species.Length; i++)
            {
                ElementTally tally = elements[species[i]];
                tally.Forces++;
                tally.Squares += forces[i].LengthSquared;
            }
        }
    }

    private void Composition(Structure structure, double? energyPerAtom, double? volumePerAtom)
    {
        string formula = structure.Composition.Formula;
        if (!compositions.TryGetValue(formula, out CompositionTally? tally))
        {
            if (compositions.Count == MaximumCompositions)
            {
                furtherCompositions++;
                return;
            }

            compositions.Add(formula, tally = new());
        }

        tally.Add(energyPerAtom, volumePerAtom);
    }

    private void Distances(CheckedFrame view)
    {
        double shortest = double.PositiveInfinity;
        foreach ((Element a, Element b, double d) in view.Contacts.Pairs)
        {
            shortest = Math.Min(shortest, d);
            var key = a.CompareTo(b) <= 0 ? (a, b) : (b, a);
            if (!distances.TryGetValue(key, out PairDistance? known) || d < known.Distance)
            {
                distances[key] = new(key.Item1, key.Item2, d, d / (a.CovalentRadius + b.CovalentRadius), view.Reference());
            }
        }

        if (double.IsFinite(shortest))
        {
            distance.Add(shortest);
        }
    }

    private void Forces(Frame frame)
    {
        if (frame.Forces is not { } forces)
        {
            return;
        }

        withForces++;
        double most = 0;
        foreach (Vector3D f in forces)
        {
            component.Add(f.X);
            component.Add(f.Y);
            component.Add(f.Z);
            double length = f.Length;
            magnitude.Add(length);
            most = Math.Max(most, length);
        }

        largest.Add(most);
    }

    private sealed class ElementTally
    {
        public long Atoms { get; set; }

        public long Frames { get; set; }

        public long Forces { get; set; }

        public double Squares { get; set; }
    }

    private sealed class CompositionTally
    {
        private double sum, low = double.PositiveInfinity, high = double.NegativeInfinity, small = double.PositiveInfinity, large = double.NegativeInfinity;
        private long energies;

        public long Frames { get; private set; }

        public void Add(double? energyPerAtom, double? volumePerAtom)
        {
            Frames++;
            if (energyPerAtom is { } e)
            {
                energies++;
                sum += e;
                low = Math.Min(low, e);
                high = Math.Max(high, e);
            }

            if (volumePerAtom is { } v)
            {
                small = Math.Min(small, v);
                large = Math.Max(large, v);
            }
        }

        public CompositionStatistics ToStatistics(string formula) => new(
            formula,
            Frames,
            energies > 0 ? sum / energies : null,
            energies > 0 ? low : null,
            energies > 0 ? high : null,
            large >= small ? small : null,
            large >= small ? large : null);
    }
}
