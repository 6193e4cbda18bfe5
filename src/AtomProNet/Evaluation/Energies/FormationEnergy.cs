using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Evaluation.Energies;

/// <summary>
/// The formation energy of a defect in a neutral cell: E_defect − E_perfect − Σ nᵢμᵢ with nᵢ atoms added (negative: removed) and the
/// energy of the perfect crystal taken as many times as the defect's cell holds its cell (S. B. Zhang and J. E. Northrup,
/// Phys. Rev. Lett. 67, 2339 (1991), without charge). Immutable.
/// </summary>
public sealed record FormationEnergy
{
    /// <summary>The name of the defect's structure, or its formula.</summary>
    public required string Name { get; init; }

    /// <summary>The formula of the defect's cell.</summary>
    public required string Formula { get; init; }

    /// <summary>The formation energy, eV.</summary>
    public required double Energy { get; init; }

    /// <summary>The energy of the defect's cell, eV.</summary>
    public required double DefectEnergy { get; init; }

    /// <summary>The energy of as much perfect crystal, eV.</summary>
    public required double PerfectEnergy { get; init; }

    /// <summary>E/N of the defect's cell, eV per atom. Papers print it as a vacancy energy; it falls towards that of the crystal as the cell grows.</summary>
    public required double EnergyPerAtom { get; init; }

    /// <summary>How many cells of the perfect crystal the defect's cell holds.</summary>
    public required int CellCount { get; init; }

    /// <summary>How many atoms of each element were added; negative: removed.</summary>
    public required ImmutableSortedDictionary<string, int> AtomsAdded { get; init; }

    /// <summary>The chemical potential of each of these elements, eV per atom.</summary>
    public required ImmutableSortedDictionary<string, double> ChemicalPotentials { get; init; }

    /// <summary>The largest force on an atom of the defect's cell, eV/Å: not small where the defect was not relaxed; null without forces.</summary>
    public required double? MaximumForce { get; init; }

    /// <summary>Which energy was used.</summary>
    public required EnergyKind EnergyKind { get; init; }

    /// <summary>Who computed it.</summary>
    public required LabelOrigin Origin { get; init; }

    /// <summary>The file and step of the defect; null where it was not read from a file.</summary>
    public required FrameSource? Source { get; init; }

    /// <summary>What was noticed.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>Measures one defect.</summary>
    /// <param name="defect">The cell with the defect.</param>
    /// <param name="perfect">The perfect crystal: the same supercell, or the cell that it was made from.</param>
    /// <param name="potentials">The chemical potentials of the elements that were added or removed.</param>
    /// <param name="kind">Which energy; null: the defect's default.</param>
    /// <exception cref="AtomProNetException">The energies do not belong together: other methods, other k-point densities, cells that are no multiples, a charged cell; or one is missing.</exception>
    public static FormationEnergy Measure(Frame defect, Frame perfect, AtomEnergies potentials, EnergyKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(defect);
        ArgumentNullException.ThrowIfNull(perfect);
        ArgumentNullException.ThrowIfNull(potentials);
        EnergyKind used = kind ?? defect.EnergyKind ?? EnergyKind.Free;
        double energy = EnergyLabels.Of(defect, used, "the defect"), crystal = EnergyLabels.Of(perfect, used, "the perfect crystal");
        (int cells, double strain) = CellMultiple.Of(defect.Structure, perfect.Structure);
        CheckNeutral(defect, "the defect");
        CheckNeutral(perfect, "the perfect crystal");
        if (MeshComparison.IsOneDensity(defect, perfect) == false)
        {
            throw new AtomProNetException(
                ErrorKind.InvalidData,
                "KPointDensitiesDiffer",
                $"The defect and the perfect crystal were not computed with one density of k-points: {defect.Method!.KPointMesh} for {defect.Structure.Lattice}, {perfect.Method!.KPointMesh} for {perfect.Structure.Lattice}.",
                remedy: "Compute the perfect crystal in the defect's supercell with the same mesh, or with the mesh multiplied by as much as its cell is smaller.");
        }

        Composition there = defect.Structure.Composition, unit = perfect.Structure.Composition;
        var added = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        var given = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var compared = new List<(Frame, string)> { (defect, "the defect"), (perfect, "the perfect crystal") };
        double exchanged = 0;
        foreach (Element element in there.Counts.Keys.Union(unit.Counts.Keys).Order())
        {
            int n = there[element] - cells * unit[element];
            if (n == 0)
            {
                continue;
            }

            double potential = potentials[element, "chemical potential", "Give it as a number (-ChemicalPotential @{...}, eV per atom) or as a frame of the element (-ElementalFrame)."];
            added[element.Symbol] = n;
            given[element.Symbol] = potential;
            exchanged += n * potential;
            if (potentials.Entries[element].Frame is { } source)
            {
                compared.Add((source, $"elemental {element.Symbol}"));
            }
        }

        return new()
        {
            Name = defect.Structure.Name ?? there.Formula,
            Formula = there.Formula,
            Energy = energy - cells * crystal - exchanged,
            DefectEnergy = energy,
            PerfectEnergy = cells * crystal,
            EnergyPerAtom = energy / there.AtomCount,
            CellCount = cells,
            AtomsAdded = added.ToImmutable(),
            ChemicalPotentials = given.ToImmutable(),
            MaximumForce = defect.MaximumForce,
            EnergyKind = used,
            Origin = defect.Origin,
            Source = defect.Source,
            Findings = [.. Notes(defect, strain, cells, unit.AtomCount, there.AtomCount), .. Methods(compared)],
        };
    }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: {Energy:G6} eV ({string.Join(", ", AtomsAdded.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key} {a.Value:+0;-0}")))})");

    // The elements' own meshes and smearings are theirs: only what makes energies comparable must agree.
    private static IEnumerable<Finding> Methods(List<(Frame, string)> compared) =>
        EnergyLabels.CheckMethods(compared).Where(f => f.Code != "KPointSpacingsDiffer");

    private static IEnumerable<Finding> Notes(Frame defect, double strain, int cells, int unit, int atoms)
    {
        string name = FrameSeries.Describe(defect);
        if (strain > 1e-3)
        {
            yield return new(FindingSeverity.Warning, "DefectCellStrained", string.Create(CultureInfo.InvariantCulture, $"The cell of {name} differs from {cells} perfect cells by a strain of {strain:G3}: the energy holds the work of that strain."), name, "Compute the perfect crystal at the same lattice constants.");
        }

        if (Math.Abs(atoms - cells * unit) > unit * cells / 4)
        {
            yield return new(FindingSeverity.Warning, "DefectLarge", $"{name} has {atoms} atoms where the perfect crystal has {cells * unit}.", name, "Check that this is the crystal that the defect is in.");
        }

        if (defect.MaximumForce is { } force && force > 0.1)
        {
            yield return new(FindingSeverity.Warning, "DefectNotRelaxed", string.Create(CultureInfo.InvariantCulture, $"The largest force in {name} is {force:G3} eV/Å: this is the energy of a defect that was not relaxed."), name, "Relax it, or say that the energy is unrelaxed.");
        }
    }

    private static void CheckNeutral(Frame frame, string what)
    {
        if (frame.Information.TryGetValue("total_charge", out object? value) || frame.Information.TryGetValue("charge", out value))
        {
            double charge = GivenNumber.Of(value) ?? throw new AtomProNetException(ErrorKind.InvalidData, "ChargeNotANumber", $"The charge of {what} ({FrameSeries.Describe(frame)}) is no number.", value: Convert.ToString(value, CultureInfo.InvariantCulture), remedy: "Write total_charge as a number of e, 0 for a neutral cell.");
            if (Math.Abs(charge) > 1e-3)
            {
                throw new AtomProNetException(ErrorKind.NotSupported, "CellCharged", string.Create(CultureInfo.InvariantCulture, $"The cell of {what} ({FrameSeries.Describe(frame)}) has the charge {charge} e."), remedy: "A charged defect needs the Fermi level, the alignment of potentials and a correction of images: use a program that does that.");
            }
        }
    }
}
