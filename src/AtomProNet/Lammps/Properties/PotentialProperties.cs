using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Elasticity;
using AtomProNet.Evaluation.Energies;
using AtomProNet.Generation;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Lammps.Running;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Lammps.Properties;

/// <summary>
/// The rows of the paper's Table 1 for a potential, by real runs of LAMMPS: relaxed lattice, elastic constants with relaxed ions, E/N and
/// cohesive energy, vacancies.
/// </summary>
public sealed class PotentialProperties
{
    // The cell counts as relaxed below this stress, GPa.
    private const double RestingStress = 0.005;

    private const int Rounds = 4;

    private readonly LammpsPotential potential;
    private readonly PropertyOptions options;
    private readonly CancellationToken cancellation;
    private readonly ImmutableArray<PotentialProperty>.Builder rows = ImmutableArray.CreateBuilder<PotentialProperty>();
    private readonly string formula;

    private PotentialProperties(LammpsPotential potential, PropertyOptions options, string formula, CancellationToken cancellation)
    {
        this.potential = potential;
        this.options = options;
        this.formula = formula;
        this.cancellation = cancellation;
    }

    /// <summary>Computes the properties of a crystal.</summary>
    /// <param name="crystal">A crystal near its minimum.</param>
    /// <param name="potential">The potential, with full paths.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends LAMMPS and the work.</param>
    /// <exception cref="AtomProNetException">LAMMPS stops, or the crystal falls apart.</exception>
    public static ImmutableArray<PotentialProperty> Measure(Structure crystal, LammpsPotential potential, PropertyOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        ArgumentNullException.ThrowIfNull(potential);
        if (crystal.Lattice is null || !crystal.Periodicity.All)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "Only a crystal has these properties.", value: crystal.ToString());
        }

        var work = new PotentialProperties(potential, options ?? new(), crystal.Composition.Formula, cancellation);
        work.Run(crystal);
        return work.rows.ToImmutable();
    }

    private void Run(Structure crystal)
    {
        (Frame relaxed, ElasticConstants elastic) = Relax(crystal);
        Structure at = relaxed.Structure;
        double left = relaxed.Stress!.Value.ToGigapascal().Max(Math.Abs);
        string? stress = left > 10 * RestingStress ? string.Create(CultureInfo.InvariantCulture, $"a stress of {left:G2} GPa is left") : null;
        Vector3D lengths = at.Lattice!.Lengths, angles = at.Lattice.Angles;
        for (int i = 0; i < 3; i++)
        {
            Add(PropertyNames.Lengths[i], lengths[i], "Å", stress);
        }

        for (int i = 0; i < 3; i++)
        {
            Add(PropertyNames.Angles[i], angles[i], "°");
        }

        Add(PropertyNames.Volume, at.Volume!.Value / at.AtomCount, "Å³");
        string? clamped = options.Ions == IonRelaxation.Clamped ? "clamped ions" : null;
        string? fit = elastic.R2 < 0.99 ? string.Create(CultureInfo.InvariantCulture, $"R² = {elastic.R2:F3}") : elastic.IsStable ? clamped : "not stable";
        // A primitive cell with its first vector along x, say: its C11 is not the crystal's.
        const string Aslant = "along the cell's own axes, which are not those of handbooks";
        string? turned = ConventionalAxes.Has(elastic) ? fit : fit is null ? Aslant : $"{fit}; {Aslant}";
        foreach (string name in elastic.IndependentConstants)
        {
            Add(name, elastic.Stiffness[name[1] - '1', name[2] - '1'], "GPa", turned);
        }

        Add(PropertyNames.Bulk, elastic.Moduli?.Bulk, "GPa", fit);
        Add(PropertyNames.Shear, elastic.Moduli?.Shear, "GPa", fit);
        Add(PropertyNames.EnergyPerAtom, relaxed.EnergyPerAtom, "eV/atom");
        Cohesion(relaxed);
        if (options.HasVacancies)
        {
            Vacancies(relaxed);
        }
    }

    /// <summary>
    /// The crystal at rest, with its elastic constants. LAMMPS relaxes the cell by its energy; where that is not smooth it stops short, and
    /// Newton's method on the stress, ε = −S·σ₀ with the compliance just fitted, goes the rest of the way. The symmetry is kept.
    /// </summary>
    private (Frame Frame, ElasticConstants Elastic) Relax(Structure crystal)
    {
        PointGroup group = PointGroup.Find(crystal);
        Tell("relaxing the cell");
        Structure first = Predict([crystal], Relaxation.Cell)[0].Structure;
        CellDeformation moved = CellDeformation.Between(crystal.Lattice!, first.Lattice!);
        if (moved.Size > 0.3)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "CrystalNotKept", string.Create(CultureInfo.InvariantCulture, $"With {potential.Name} the crystal {formula} does not keep its shape: relaxation strains it by {moved.Size:F2}."), remedy: "The potential was not made for this crystal; or begin from a structure nearer to its minimum.");
        }

        Structure at = Strained(first, crystal.Lattice!, Mean(moved.Stretch - Matrix3x3.Identity, group));
        for (int round = 1; ; round++)
        {
            Tell(string.Create(CultureInfo.InvariantCulture, $"elastic constants (round {round})"));
            Frame rest = Predict([at], Relaxation.Ions)[0];
            // A root of its own: the strains are measured from here.
            Structure parent = new(rest.Structure.Lattice, rest.Structure.Species, rest.Structure.FractionalPositions, CoordinateKind.Fractional, name: crystal.Name);
            StrainSeries series = StrainSeries.ByMode([StrainMode.Elastic], elasticRange: StrainRange.Symmetric(options.ElasticRange, options.ElasticStep));
            Frame[] strained = Predict([.. series.Apply(parent)], options.Ions == IonRelaxation.Relaxed ? Relaxation.Ions : Relaxation.None);
            ElasticConstants elastic = ElasticConstants.Fit(new(formula, [.. strained], []), new() { Reference = parent, Ions = options.Ions, ForceTolerance = 1 });
            double stress = Mean(rest.Stress!.Value.ToMatrix(), group).ToRowMajor().Max(Math.Abs) * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal;
            if (stress < RestingStress || round == Rounds || elastic.Compliance is null || !elastic.IsStable)
            {
                return (rest, elastic);
            }

            double[] sigma = rest.Stress.Value.ToGigapascal(), e = new double[6];
            for (int i = 0; i < 6; i++)
            {
                for (int j = 0; j < 6; j++)
                {
                    e[i] -= elastic.Compliance[i, j] * sigma[j];
                }
            }

            Matrix3x3 strain = new(new(e[0], e[5] / 2, e[4] / 2), new(e[5] / 2, e[1], e[3] / 2), new(e[4] / 2, e[3] / 2, e[2]));
            at = Strained(rest.Structure, rest.Structure.Lattice!, Mean(strain, group));
        }
    }

    private void Cohesion(Frame relaxed)
    {
        Composition composition = relaxed.Structure.Composition;
        try
        {
            Element[] missing = [.. composition.Counts.Keys.Where(e => !options.FreeAtoms.Entries.ContainsKey(e))];
            Tell("free atoms");
            AtomEnergies atoms = options.FreeAtoms.Or(AtomEnergies.FromIsolatedAtoms(Predict([.. missing.Select(e => IsolatedAtoms.Create(e, 30))], Relaxation.None), EnergyKind.Unspecified));
            Add(PropertyNames.Cohesive, CohesiveEnergy.Measure(relaxed, atoms, EnergyKind.Unspecified).Energy, "eV/atom", missing.Any(e => atoms.Entries[e].Energy != 0) ? "against the potential's own free atoms" : null);
        }
        catch (AtomProNetException e)
        {
            // Not every potential has a free atom.
            Add(PropertyNames.Cohesive, null, "eV/atom", e.Problem);
        }
    }

    private void Vacancies(Frame relaxed)
    {
        Structure crystal = relaxed.Structure;
        Vector3D heights = new(1 / crystal.Lattice!.Reciprocal.Row1.Length, 1 / crystal.Lattice.Reciprocal.Row2.Length, 1 / crystal.Lattice.Reciprocal.Row3.Length);
        int[] n = [.. Enumerable.Range(0, 3).Select(i => Math.Max(1, (int)Math.Ceiling(options.VacancyDistance / heights[i] - 1e-9)))];
        Structure supercell = Supercell.Repeat(crystal, n[0], n[1], n[2]);
        ImmutableArray<int> equivalent = CrystalSymmetry.Find(crystal).EquivalentSites;
        int[] sites = [.. Enumerable.Range(0, crystal.AtomCount).Where(i => equivalent[i] == i)];
        AtomEnergies potentials = crystal.Composition.Counts.Count == 1
            ? AtomEnergies.FromElements([relaxed], EnergyKind.Unspecified).Or(options.ChemicalPotentials)
            : options.ChemicalPotentials;
        var image = new MinimumImage(supercell.Lattice, supercell.Periodicity);
        Tell(string.Create(CultureInfo.InvariantCulture, $"vacancies in {supercell.AtomCount} atoms"));
        Structure[] defects = [.. sites.Select(site =>
        {
            int removed = Enumerable.Range(0, supercell.AtomCount).MinBy(i => image.Distance(supercell.CartesianPositions[i], crystal.CartesianPositions[site]));
            return supercell.SelectSites([.. Enumerable.Range(0, supercell.AtomCount).Where(i => i != removed)]);
        })];
        Frame[] frames = Predict(defects, Relaxation.Ions);
        for (int k = 0; k < sites.Length; k++)
        {
            Element element = crystal.Species[sites[k]];
            int? kind = sites.Count(s => crystal.Species[s] == element) > 1 ? sites.Take(k + 1).Count(s => crystal.Species[s] == element) : null;
            string size = string.Create(CultureInfo.InvariantCulture, $"{supercell.AtomCount} sites");
            Add(PropertyNames.VacancyPerAtom(element, kind), frames[k].EnergyPerAtom, "eV/atom", size);
            if (potentials.Entries.ContainsKey(element))
            {
                Add(PropertyNames.Vacancy(element, kind), FormationEnergy.Measure(frames[k], relaxed, potentials, EnergyKind.Unspecified).Energy, "eV", size);
            }
            else
            {
                Add(PropertyNames.Vacancy(element, kind), null, "eV", $"no chemical potential of {element.Symbol} was given");
            }
        }
    }

    private Frame[] Predict(IReadOnlyList<Structure> structures, Relaxation relaxation) =>
        [.. LammpsPrediction.Run(structures.Select(s => new Frame(s)), potential, options.Prediction with { Relaxation = relaxation }, cancellation)
            .Select(r => r.Error is { } error ? throw error : r.Prediction!)];

    private void Add(string property, double? value, string unit, string? note = null) => rows.Add(new(potential.Name, formula, property, value, unit, Note: note));

    private void Tell(string what) => options.Progress?.Invoke(what);

    // The same atoms in a cell L·(1 + ε).
    private static Structure Strained(Structure ions, Lattice cell, Matrix3x3 strain) =>
        ions.With(lattice: new Lattice(cell.Rows * (Matrix3x3.Identity + strain)), positions: ions.FractionalPositions, kind: CoordinateKind.Fractional);

    // The part of a symmetric tensor that has the crystal's symmetry.
    private static Matrix3x3 Mean(Matrix3x3 tensor, PointGroup group)
    {
        Matrix3x3 sum = default;
        foreach (Matrix3x3 r in group.Rotations)
        {
            sum += r.Transpose() * tensor * r;
        }

        return sum * (1.0 / group.Rotations.Length);
    }
}
