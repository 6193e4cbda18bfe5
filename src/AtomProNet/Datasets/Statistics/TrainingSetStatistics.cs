using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Statistics;

/// <summary>How often an element is in a set.</summary>
/// <param name="Element">The element.</param>
/// <param name="AtomCount">How many atoms of it there are in all frames.</param>
/// <param name="FrameCount">How many frames have it.</param>
/// <param name="ForceRms">The root mean square of a force component on its atoms, eV/Å; null without forces.</param>
public sealed record ElementStatistics(Element Element, long AtomCount, long FrameCount, double? ForceRms)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Element}: {AtomCount} atoms in {FrameCount} frames");
}

/// <summary>The frames of one formula.</summary>
/// <param name="Formula">The formula of the cell.</param>
/// <param name="FrameCount">How many frames have it.</param>
/// <param name="MeanEnergyPerAtom">The mean of their energies, eV per atom; null without energies.</param>
/// <param name="MinimumEnergyPerAtom">The least.</param>
/// <param name="MaximumEnergyPerAtom">The largest.</param>
/// <param name="MinimumVolumePerAtom">The smallest volume, Å³ per atom; null where none of them is a crystal.</param>
/// <param name="MaximumVolumePerAtom">The largest.</param>
public sealed record CompositionStatistics(string Formula, long FrameCount, double? MeanEnergyPerAtom, double? MinimumEnergyPerAtom, double? MaximumEnergyPerAtom, double? MinimumVolumePerAtom, double? MaximumVolumePerAtom)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Formula}: {FrameCount} frames");
}

/// <summary>The closest that two elements come.</summary>
/// <param name="First">One element.</param>
/// <param name="Second">The other, or the same.</param>
/// <param name="Distance">The shortest distance in all frames, Å.</param>
/// <param name="OfCovalentRadii">The same over the sum of their covalent radii.</param>
/// <param name="Frame">The frame where it is.</param>
public sealed record PairDistance(Element First, Element Second, double Distance, double OfCovalentRadii, Checks.FrameReference Frame)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}–{Second} {Distance:F3} Å");
}

/// <summary>What a training set holds, in numbers.</summary>
public sealed record TrainingSetStatistics
{
    /// <summary>The number of frames.</summary>
    public required long FrameCount { get; init; }

    /// <summary>The number of atoms in all frames.</summary>
    public required long AtomCount { get; init; }

    /// <summary>How many frames are single atoms in a box.</summary>
    public required long IsolatedAtomCount { get; init; }

    /// <summary>How many frames repeat along all three directions.</summary>
    public required long PeriodicFrameCount { get; init; }

    /// <summary>How many frames have an energy.</summary>
    public required long EnergyCount { get; init; }

    /// <summary>How many frames have forces.</summary>
    public required long ForceCount { get; init; }

    /// <summary>How many frames have a stress.</summary>
    public required long StressCount { get; init; }

    /// <summary>How many different formulas there are.</summary>
    public required long CompositionCount { get; init; }

    /// <summary>How many ways of computing the frames name (another cut-off, functional, smearing …); 0 where nobody said.</summary>
    public required int MethodCount { get; init; }

    /// <summary>Which energy is the label (the names of <see cref="EnergyKind"/>), with the number of frames.</summary>
    public required ImmutableSortedDictionary<string, long> EnergyKinds { get; init; }

    /// <summary>The frames of each config_type.</summary>
    public required ImmutableSortedDictionary<string, long> ConfigTypes { get; init; }

    /// <summary>Each element.</summary>
    public required ImmutableArray<ElementStatistics> Elements { get; init; }

    /// <summary>Each formula, the most frequent first; the first thousand.</summary>
    public required ImmutableArray<CompositionStatistics> Compositions { get; init; }

    /// <summary>Each pair of elements that come within 4.5 Å.</summary>
    public required ImmutableArray<PairDistance> MinimumDistances { get; init; }

    /// <summary>Atoms per frame, energies, volumes, distances, forces, stresses. What a set does not have is missing.</summary>
    public required ImmutableArray<Distribution> Distributions { get; init; }

    /// <summary>Every so many frames, evenly over the set and 4096 at the most, single atoms apart.</summary>
    public required ImmutableArray<FrameSample> Samples { get; init; }

    /// <summary>Reference energies of the elements: by least squares, and of single atoms.</summary>
    public required ReferenceEnergies ReferenceEnergies { get; init; }

    /// <summary>How much of the space of structures is covered; null where that was not asked for.</summary>
    public required DescriptorCoverage? Coverage { get; init; }

    /// <summary>What a user should know before training on it.</summary>
    public required ImmutableArray<Finding> Warnings { get; init; }

    /// <summary>The distribution of a quantity by its name; null where the set does not have it.</summary>
    public Distribution? Distribution(string quantity) => Distributions.FirstOrDefault(d => d.Quantity == quantity);

    /// <summary>Frames, atoms and elements in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FrameCount} frames, {AtomCount} atoms of {string.Join(", ", Elements.Select(e => e.Element))}");
}
