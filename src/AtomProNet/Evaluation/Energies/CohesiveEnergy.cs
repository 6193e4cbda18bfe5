using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation.Energies;

/// <summary>
/// What binds a crystal: E/N − Σ xᵢ Eᵢ with the energies Eᵢ of free atoms, negative where it is bound. Immutable.
/// </summary>
public sealed record CohesiveEnergy
{
    /// <summary>The formula of the cell.</summary>
    public required string Formula { get; init; }

    /// <summary>The number of atoms of the cell.</summary>
    public required int AtomCount { get; init; }

    /// <summary>The cohesive energy, eV per atom, negative where the crystal is bound.</summary>
    public required double Energy { get; init; }

    /// <summary>
    /// E/N, eV per atom: the total energy as the code counts it. Papers print it as a cohesive energy, which it is only where free atoms
    /// count as zero.
    /// </summary>
    public required double EnergyPerAtom { get; init; }

    /// <summary>The energy of the free atom of each element, eV.</summary>
    public required ImmutableSortedDictionary<string, double> AtomEnergies { get; init; }

    /// <summary>Which energy was used.</summary>
    public required EnergyKind EnergyKind { get; init; }

    /// <summary>Who computed it.</summary>
    public required LabelOrigin Origin { get; init; }

    /// <summary>The file and step; null where it was not read from a file.</summary>
    public required FrameSource? Source { get; init; }

    /// <summary>What was noticed.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>Measures one frame.</summary>
    /// <param name="frame">A crystal (or molecule) with its energy.</param>
    /// <param name="atoms">The energies of its free atoms.</param>
    /// <param name="kind">Which energy; null: the frame's default.</param>
    /// <exception cref="AtomProNetException">An energy is missing or was computed in another way.</exception>
    public static CohesiveEnergy Measure(Frame frame, AtomEnergies atoms, EnergyKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(atoms);
        EnergyKind used = kind ?? frame.EnergyKind ?? EnergyKind.Free;
        Composition composition = frame.Structure.Composition;
        double energy = EnergyLabels.Of(frame, used, "the frame"), free = 0;
        var energies = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var compared = new List<(Frame, string)> { (frame, "the frame") };
        foreach ((Element element, int count) in composition.Counts)
        {
            double atom = atoms[element, "energy of a free atom", "Give its frame (New-IsolatedAtom, -IsolatedAtom) or its energy (-AtomEnergy @{...})."];
            free += count * atom;
            energies[element.Symbol] = atom;
            if (atoms.Entries[element].Frame is { } source)
            {
                compared.Add((source, $"the free atom {element.Symbol}"));
            }
        }

        return new()
        {
            Formula = composition.Formula,
            AtomCount = composition.AtomCount,
            Energy = (energy - free) / composition.AtomCount,
            EnergyPerAtom = energy / composition.AtomCount,
            AtomEnergies = energies.ToImmutable(),
            EnergyKind = used,
            Origin = frame.Origin,
            Source = frame.Source,
            Findings = EnergyLabels.CheckMethods(compared),
        };
    }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Formula}: {Energy:G7} eV/atom (E/N = {EnergyPerAtom:G9})");
}
