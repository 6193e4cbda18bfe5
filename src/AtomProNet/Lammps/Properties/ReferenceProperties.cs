using System.Collections.Immutable;
using AtomProNet.Datasets;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Elasticity;
using AtomProNet.Evaluation.Energies;
using AtomProNet.Evaluation.EquationsOfState;
using AtomProNet.Structures;

namespace AtomProNet.Lammps.Properties;

/// <summary>The same properties out of reference frames (DFT): whatever they hold of lattice, elastic constants, cohesive energy and vacancies.</summary>
public static class ReferenceProperties
{
    /// <summary>Properties by name.</summary>
    /// <param name="crystal">The crystal; frames of the same number of each atom are taken for it.</param>
    /// <param name="frames">Reference frames: a strain series, single cells, defects, free atoms, in any mixture.</param>
    /// <param name="potentials">Chemical potentials; an elemental crystal is its own.</param>
    public static ImmutableSortedDictionary<string, double> Measure(Structure crystal, IEnumerable<Frame> frames, AtomEnergies? potentials = null)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        var found = new SortedDictionary<string, double>(StringComparer.Ordinal);
        Frame[] all = [.. frames.Where(f => f.Convergence.IsTrusted && f.Energy is not null)];
        Frame[] atoms = [.. all.Where(f => IsFreeAtom(f.Structure))];
        Frame[] cells = [.. all.Where(f => f.Structure.Composition.Equals(crystal.Composition) && f.Structure.Lattice is not null && !IsFreeAtom(f.Structure))];
        foreach (FrameSeries series in FrameSeries.Split(cells))
        {
            Try(() => Elastic(found, ElasticConstants.Fit(series)));
            Try(() => Lattice(found, EquationOfState.Fit(series)));
        }

        // Where there is no curve, the lowest of the cells is the nearest to the minimum.
        Frame? lowest = cells.MinBy(f => f.Energy);
        if (lowest is not null && !found.ContainsKey(PropertyNames.Volume))
        {
            Lattice(found, lowest.Structure.Lattice!, lowest.Structure.AtomCount, lowest.EnergyPerAtom!.Value);
        }

        if (lowest is null)
        {
            return found.ToImmutableSortedDictionary(StringComparer.Ordinal);
        }

        Try(() => found[PropertyNames.Cohesive] = CohesiveEnergy.Measure(lowest, AtomEnergies.FromIsolatedAtoms(atoms, lowest.EnergyKind!.Value)).Energy);
        AtomEnergies mu = (potentials ?? AtomEnergies.Empty).Or(crystal.Composition.Counts.Count == 1 ? AtomEnergies.FromElements([lowest], lowest.EnergyKind!.Value) : AtomEnergies.Empty);
        foreach (Frame defect in all.Where(f => f.Structure.AtomCount > 1 && f.Structure.Lattice is not null))
        {
            Try(() => Vacancy(found, defect, lowest, mu));
        }

        return found.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static bool IsFreeAtom(Structure s) => Calculations.IsolatedAtoms.IsIsolated(s);

    private static void Elastic(SortedDictionary<string, double> found, ElasticConstants elastic)
    {
        foreach (string name in elastic.IndependentConstants)
        {
            found[name] = elastic.Stiffness[name[1] - '1', name[2] - '1'];
        }

        if (elastic.Moduli is { } moduli)
        {
            found[PropertyNames.Bulk] = moduli.Bulk;
            found[PropertyNames.Shear] = moduli.Shear;
        }
    }

    private static void Lattice(SortedDictionary<string, double> found, EquationOfState curve)
    {
        if (curve is { IsBracketed: true, Lattice: { } lattice })
        {
            Lattice(found, lattice, curve.AtomCount!.Value, curve.E0PerAtom!.Value);
        }
    }

    private static void Lattice(SortedDictionary<string, double> found, Lattice lattice, int atoms, double energyPerAtom)
    {
        for (int i = 0; i < 3; i++)
        {
            found[PropertyNames.Lengths[i]] = lattice.Lengths[i];
            found[PropertyNames.Angles[i]] = lattice.Angles[i];
        }

        found[PropertyNames.Volume] = lattice.Volume / atoms;
        found[PropertyNames.EnergyPerAtom] = energyPerAtom;
    }

    // A cell that lacks one atom of a whole number of perfect ones.
    private static void Vacancy(SortedDictionary<string, double> found, Frame defect, Frame perfect, AtomEnergies mu)
    {
        (int cells, _) = CellMultiple.Of(defect.Structure, perfect.Structure);
        Element[] lacking = [.. perfect.Structure.Composition.Counts.Where(c => defect.Structure.Composition[c.Key] == cells * c.Value - 1).Select(c => c.Key)];
        if (lacking is not [var element] || defect.Structure.AtomCount != cells * perfect.Structure.AtomCount - 1)
        {
            return;
        }

        Keep(PropertyNames.VacancyPerAtom(element), defect.EnergyPerAtom!.Value);
        Keep(PropertyNames.Vacancy(element), FormationEnergy.Measure(defect, perfect, mu).Energy);

        // Of several vacancies of one element, or steps of one relaxation, the lowest.
        void Keep(string name, double value) => found[name] = found.TryGetValue(name, out double known) ? Math.Min(known, value) : value;
    }

    // A set of frames need not hold everything: what it does not hold is left out.
    private static void Try(Action measure)
    {
        try
        {
            measure();
        }
        catch (AtomProNetException)
        {
            // What the frames cannot give stays empty in the table.
        }
    }
}
