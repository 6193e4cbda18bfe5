using System.Collections.Immutable;
using AtomProNet.Datasets;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

/// <summary>A fault that is put into the clean set.</summary>
/// <param name="Name">What is wrong, in words for the table in docs/.</param>
/// <param name="Code">The finding that must name it.</param>
/// <param name="Plant">Makes the faulty set; the part of each frame where the set is split.</param>
internal sealed record PlantedFault(string Name, string Code, Func<Frame[], IEnumerable<(Frame Frame, DatasetPart? Part)>> Plant)
{
    public override string ToString() => Name;
}

/// <summary>Faults as converters, scripts and people make them.</summary>
internal static class PlantedFaults
{
    private const double Rydberg = 13.605693122994, Bohr = 0.529177210903, Kilobar = 1602.176634;

    public static ImmutableArray<PlantedFault> All { get; } =
    [
        // Energies
        One("one energy in Ry", "EnergyUnitMixed", f => Energy(f, e => e / Rydberg)),
        One("one energy in Ha", "EnergyUnitMixed", f => Energy(f, e => e / Rydberg / 2)),
        One("one energy in kJ/mol", "EnergyUnitMixed", f => Energy(f, e => e * 96.485)),
        One("one energy in kcal/mol", "EnergyUnitMixed", f => Energy(f, e => e * 23.06)),
        One("one energy in meV", "EnergyUnitMixed", f => Energy(f, e => e * 1000)),
        One("one energy with the wrong sign", "EnergyUnitMixed", f => Energy(f, e => -e)),
        One("one energy per atom among energies per cell", "EnergyPerAtomMixed", f => Energy(f, e => e / f.Structure.AtomCount)),
        new("one energy per cell among energies per atom", "EnergyPerAtomMixed", all => Whole(all.Select((f, i) => i == 60 ? f : Energy(f, e => e / f.Structure.AtomCount)))),
        One("one energy of exactly 0", "EnergyZero", f => Energy(f, _ => 0)),
        One("one energy 1.5 eV/atom off", "EnergyOutlier", f => Energy(f, e => e + 1.5 * f.Structure.AtomCount)),
        Run("one step's energy 30 meV/atom off", "LabelsContradictNeighbours", "md", (run, i) => i == 20 ? Energy(run[i], e => e + 0.03 * run[i].Structure.AtomCount) : run[i]),
        Run("another functional from the middle of a trajectory on", "EnergyJump", "md", (run, i) => i >= 20 ? Energy(run[i], e => e + 0.1 * run[i].Structure.AtomCount) : run[i]),
        new("one energy of a strain series 0.1 eV/atom off", "EnergyOutlier", all => Whole(all.Where(f => CleanSet.IsOf(f, "hydrostatic")).Select((f, i) => i == 8 ? Energy(f, e => e + 0.1 * f.Structure.AtomCount) : f))),
        One("one energy missing", "EnergyMissing", f => f with { FreeEnergy = null }),
        Each("energies under a name that nobody reads", "EnergyUnderOtherName", "md", f => (f with { FreeEnergy = null }) with { Information = f.Information.SetItem("dft_energy", f.FreeEnergy!.Value) }),
        Each("a trajectory's energies in Ry", "EnergyUnit", "", f => Energy(f, e => e / Rydberg)),
        Each("all energies in Ha", "EnergyUnit", "", f => Energy(f, e => e / Rydberg / 2)),
        Each("all energies per atom, seen by the work of the forces", "EnergyPerAtom", "", f => Energy(f, e => e / f.Structure.AtomCount), keep: "md"),
        Each("all energies per atom, seen by the stress", "EnergyPerAtom", "", f => Energy(f, e => e / f.Structure.AtomCount), keep: "hydrostatic"),
        Each("all energies times the number of atoms", "EnergyTimesAtoms", "", f => Energy(f, e => e * f.Structure.AtomCount), keep: "md"),
        Run("energies of the next step", "EnergiesShifted", "md", (run, i) => run[i] with { FreeEnergy = run[Math.Min(i + 1, run.Length - 1)].FreeEnergy }),
        Run("energies of the step before", "EnergiesShifted", "md", (run, i) => run[i] with { FreeEnergy = run[Math.Max(i - 1, 0)].FreeEnergy }),
        Run("a relaxation with one energy for all its steps", "EnergyRepeated", "npt", (run, i) => run[i] with { FreeEnergy = run[^1].FreeEnergy }),
        Run("energies of a strain series in another order", "StressContradictsEnergy", "hydrostatic", (run, i) => run[i] with { FreeEnergy = run[(i + 7) % run.Length].FreeEnergy }),
        Run("an unfinished job shifts the later energies", "StressContradictsEnergy", "hydrostatic", (run, i) => run[i] with { FreeEnergy = run[i < 8 ? i : Math.Min(i + 1, run.Length - 1)].FreeEnergy }),
        Each("energies for σ→0 beside forces", "EnergyNotFree", "", f => f with { EnergySigmaToZero = f.FreeEnergy, FreeEnergy = null }),
        Each("two kinds of energy", "EnergyKindsMixed", "md", f => f with { UnspecifiedEnergy = f.FreeEnergy, FreeEnergy = null }),

        // Forces
        Each("forces with the wrong sign", "ForceSign", "", f => Forces(f, v => -v)),
        Each("forces in Ry/bohr", "ForceUnit", "", f => Forces(f, v => v * (Bohr / Rydberg))),
        Each("forces in Ha/bohr", "ForceUnit", "", f => Forces(f, v => v * (Bohr / Rydberg / 2))),
        Each("forces converted twice", "ForceUnit", "", f => Forces(f, v => v * (Rydberg / Bohr))),
        Run("forces and energy of a step with the geometry of the next", "LabelsShifted", "md", (run, i) => Labels(run[Math.Min(i + 1, run.Length - 1)], run[i])),
        Run("forces and energy of a step with the geometry of the one before", "LabelsShifted", "md", (run, i) => Labels(run[Math.Max(i - 1, 0)], run[i])),
        Run("forces of another step", "ForcesContradictEnergies", "md", (run, i) => run[i] with { Forces = run[(i + 13) % run.Length].Forces }),
        Each("forces in another order than the atoms", "ForcesContradictEnergies", "", f => f with { Forces = [.. new[] { 1, 2, 3, 0, 6, 7, 4, 5 }.Select(i => f.Forces!.Value[i])] }, keep: "md"),
        Each("columns of the forces exchanged", "ForcesContradictEnergies", "", f => Forces(f, v => new(v.Y, v.X, v.Z)), keep: "md"),
        Run("forces of two steps exchanged", "LabelsContradictNeighbours", "md", (run, i) => i is 10 or 26 ? run[i] with { Forces = run[36 - i].Forces } : run[i]),
        Run("forces of three steps with the wrong sign", "LabelsContradictNeighbours", "md", (run, i) => i is 10 or 20 or 30 ? Forces(run[i], v => -v) : run[i]),
        Run("one step's forces in another order than the atoms", "LabelsContradictNeighbours", "md", (run, i) => i == 20 ? run[i] with { Forces = [.. run[i].Forces!.Value.Skip(3), .. run[i].Forces!.Value.Take(3)] } : run[i]),
        One("one row of forces is missing", "ForcesDoNotSumToZero", f => f with { Forces = f.Forces!.Value.SetItem(0, default) }),
        One("one row of forces stands twice", "ForcesDoNotSumToZero", f => f with { Forces = f.Forces!.Value.SetItem(1, f.Forces.Value[0]) }),
        One("one force has lost its exponent", "ForcesDoNotSumToZero", f => f with { Forces = f.Forces!.Value.SetItem(2, f.Forces.Value[2] * 100) }),
        Run("forces copied from one step into all others", "ForcesRepeated", "md", (run, i) => run[i] with { Forces = run[5].Forces }),
        Each("some frames have no forces", "ForcesMissing", "md", f => f with { Forces = null }),
        Each("forces under a name that nobody reads", "ForcesUnderOtherName", "md", f => f.WithStructure(f.Structure.With(siteProperties: f.Structure.SiteProperties.SetItem("dft_force", SiteProperty.Real(3, [.. f.Forces!.Value.SelectMany(v => new[] { v.X, v.Y, v.Z })])))) with { Forces = null }),
        One("a force of 5000 eV/Å", "ForcesAbsurd", f => f with { Forces = f.Forces!.Value.SetItem(0, new(5000, 0, 0)).SetItem(1, new(-5000, 0, 0)) }),
        One("a force of 300 eV/Å", "ForcesLarge", f => f with { Forces = f.Forces!.Value.SetItem(0, new(300, 0, 0)).SetItem(1, new(-300, 0, 0)) }),

        // Stress
        Each("stress with the wrong sign", "StressSign", "", f => Stress(f, s => -s)),
        Each("stress with the wrong sign, seen by a shear", "StressSign", "", f => Stress(f, s => -s), keep: "shear"),
        Each("stress in kbar", "StressTooLarge", "", f => Stress(f, s => s * Kilobar)),
        Each("stress in GPa", "StressTooLarge", "", f => Stress(f, s => s * Kilobar / 10)),
        Each("stress in kbar with VASP's sign", "StressUnit", "", f => Stress(f, s => s * -Kilobar)),
        Each("stress converted from kbar twice", "StressUnit", "", f => Stress(f, s => s / Kilobar)),
        Each("kbar taken for GPa", "StressUnit", "", f => Stress(f, s => s * 10)),
        Each("GPa taken for kbar", "StressUnit", "", f => Stress(f, s => s / 10)),
        Each("stress in Ry/bohr³", "StressUnit", "", f => Stress(f, s => s / (Rydberg / (Bohr * Bohr * Bohr)))),
        Each("a virial under the name of a stress", "StressVolume", "", f => Stress(f, s => s * f.Structure.Volume!.Value)),
        Each("a stress under the name of a virial", "StressVolume", "", f => Stress(f, s => s / f.Structure.Volume!.Value)),
        Each("VASP's order xy yz zx taken for Voigt's", "StressContradictsEnergy", "", f => f with { Stress = f.Stress is { } s ? new(s.XX, s.YY, s.ZZ, s.XY, s.YZ, s.XZ) : null }, keep: "shear"),
        Each("the last frame's stress in every frame", "StressRepeated", "", f => f with { Stress = CleanSet.All[50].Stress }, keep: "hydrostatic"),
        Each("the last frame's virial in every frame", "VirialRepeated", "", f => f with { Stress = StressTensor.FromVirial(CleanSet.All[3].Virial!.Value, f.Structure.Volume!.Value) }, keep: "hydrostatic"),
        Each("Pulay stress", "PulayStress", "", f => Stress(f, s => s, add: 60 / Kilobar * 76.8 / f.Structure.Volume!.Value), keep: "hydrostatic"),
        Each("stress 0 for want of one", "StressZero", "md", f => f with { Stress = default(StressTensor) }),
        Each("some frames have no stress", "StressMissing", "md", f => f with { Stress = null }),
        Each("stress under a name that nobody reads", "StressUnderOtherName", "md", f => (f with { Stress = null }) with { Information = f.Information.SetItem("dft_stress", f.Stress!.Value.ToVoigt()) }),
        One("one frame's stress with the wrong sign", "StressContradictsEnergy", f => Stress(f, s => -s), at: 4),

        // Geometry
        One("fractional coordinates taken for Å", "AtomsOverlap", f => f.WithStructure(f.Structure.With(positions: f.Structure.FractionalPositions, kind: CoordinateKind.Cartesian))),
        One("one lattice transposed", "LatticeTransposed", f => f.WithStructure(f.Structure.With(lattice: new(f.Structure.Lattice!.Rows.Transpose()), positions: f.Structure.CartesianPositions, kind: CoordinateKind.Cartesian)), at: 110),
        Each("a whole run with its lattice transposed, Cartesian positions kept", "LatticeTransposed", "wurtzite", f => Transpose(f, CoordinateKind.Cartesian)),
        Each("a whole run with its lattice transposed, fractional positions kept", "LatticeTransposed", "wurtzite", f => Transpose(f, CoordinateKind.Fractional)),
        new("a strain series of a hexagonal crystal with its lattices transposed", "LatticeTransposed", all => Whole(all.Concat(CleanSet.HexagonalStrains().Select(f => Transpose(f, CoordinateKind.Fractional))))),
        new("rattled hexagonal crystals, a file each, with their lattices transposed", "LatticeTransposed", _ => Whole(CleanSet.HexagonalRattles(12).Select(f => Transpose(f, CoordinateKind.Cartesian)))),
        One("one frame in bohr", "LengthUnitMixed", f => Scale(f, 1 / Bohr)),
        One("one frame converted from bohr twice", "LengthUnitMixed", f => Scale(f, Bohr)),
        Each("all geometries in bohr, seen by the work of the forces", "LengthUnit", "", f => Scale(f, 1 / Bohr), keep: "md"),
        Each("all geometries in bohr, seen by the distances", "AtomsFarApart", "", f => Scale(f, 1 / Bohr), keep: "rattle"),
        Each("all geometries converted from bohr twice", "AtomsOverlap", "", f => Scale(f, Bohr)),
        One("elements of one frame shuffled", "DistanceOutlier", f => Species(f, [4, 1, 2, 3, 0, 5, 6, 7])),
        Each("periodic boundaries lost", "PeriodicityLost", "md", f => f.WithStructure(new(f.Structure.Lattice, f.Structure.Species, f.Structure.CartesianPositions, CoordinateKind.Cartesian, Periodicity.None)) with { Stress = null }),
        Run("lattices shifted by two steps", "ForcesContradictEnergies", "npt", (run, i) => run[i].WithStructure(run[i].Structure.With(lattice: run[Math.Max(i - 2, 0)].Structure.Lattice, positions: run[i].Structure.CartesianPositions, kind: CoordinateKind.Cartesian))),

        // Methods
        Each("two cut-offs", "MethodsMixed", "md", f => f with { Method = f.Method! with { CutoffEnergy = 520 } }),
        One("one frame with another functional", "MethodsMixed", f => f with { Method = f.Method! with { Functional = "PBEsol" } }),
        Each("another smearing", "MethodsMixed", "rattle", f => f with { Method = f.Method! with { SmearingWidth = 0.2 } }),
        Each("two potentials of one element", "PotentialsMixed", "", f => f with { Method = f.Method! with { Potentials = f.Method.Potentials.SetItem("Mg", CleanSet.IsOf(f, "md") ? "PAW_PBE Mg" : "PAW_PBE Mg_pv") } }),
        Each("Hubbard U in some frames", "HubbardMixed", "md", f => f with { Method = f.Method! with { HubbardU = f.Method.HubbardU.SetItem("Mg", 2) } }),
        Each("a variable-cell run whose basis has drifted", "BasisDrifted", "npt", f => f with { BasisLattice = new(f.Structure.Lattice!.Rows * 0.98) }),
        One("one frame that is not converged", "UnconvergedFrames", f => f with { Convergence = new(ElectronicConvergence.NotConverged, "NELM reached") }),
        Each("frames of a machine-learned force field", "ModelLabels", "md", f => f with { Origin = LabelOrigin.MachineLearned }),

        // The set
        new("frames that stand twice", "DuplicateFrames", all => Whole(all.Concat(all.Take(5)))),
        new("one geometry with two energies", "LabelsConflict", all => Whole(all.Append(Energy(all[70], e => e + 0.3)))),
        new("a frame in training and test", "DuplicateAcrossParts", all => Split(all, f => CleanSet.IsOf(f, "wurtzite") ? DatasetPart.Test : DatasetPart.Train).Append((all[30], DatasetPart.Test))),
        new("one trajectory on both sides", "NeighboursAcrossParts", all => Split(all, f => f.Source!.Step % 2 == 0 ? DatasetPart.Test : DatasetPart.Train)),
        new("a trajectory cut without a gap", "NeighboursAcrossParts", all => Split(all.Where(f => CleanSet.IsOf(f, "md")), f => f.Source!.Step > 30 ? DatasetPart.Test : DatasetPart.Train)),
        new("every other strain in the test part", "NeighboursAcrossParts", all => Split(all.Where(f => CleanSet.IsOf(f, "hydrostatic")).Select((f, i) => f with { Weight = i + 1 }), f => f.Weight % 2 == 0 ? DatasetPart.Validation : DatasetPart.Train)),
        Each("weights of 0", "WeightNotPositive", "md", f => f with { Weight = 0 }),
        Each("single atoms without a mark", "IsolatedAtomUnmarked", "atom", f => f with { ConfigType = null }),
        new("one bad frame in 10,000", "EnergyUnitMixed", _ => Whole(Many!.Value.Select((f, i) => i == 777 ? Energy(f, e => e / Rydberg) : f))),
        new("one energy 0.4 eV/atom off in 10,000", "EnergyOutlier", _ => Whole(Many!.Value.Select((f, i) => i == 333 ? Energy(f, e => e + 0.4 * f.Structure.AtomCount) : f))),
    ];

    private static PlantedFault One(string name, string code, Func<Frame, Frame> change, int at = 60) =>
        new(name, code, all => Whole(all.Select((f, i) => i == at ? change(f) : f)));

    private static PlantedFault Each(string name, string code, string of, Func<Frame, Frame> change, string keep = "") =>
        new(name, code, all => Whole(all.Where(f => CleanSet.IsOf(f, keep)).Select(f => CleanSet.IsOf(f, of) && (of == "atom" || !CleanSet.IsOf(f, "atom")) ? change(f) : f)));

    private static PlantedFault Run(string name, string code, string of, Func<Frame[], int, Frame> change) => new(name, code, all =>
    {
        Frame[] run = [.. all.Where(f => CleanSet.IsOf(f, of))];
        return Whole(all.Where(f => !CleanSet.IsOf(f, of)).Concat(run.Select((_, i) => change(run, i))));
    });

    private static IEnumerable<(Frame, DatasetPart?)> Whole(IEnumerable<Frame> frames) => frames.Select(f => (f, (DatasetPart?)null));

    private static IEnumerable<(Frame, DatasetPart?)> Split(IEnumerable<Frame> frames, Func<Frame, DatasetPart> part) => frames.Select(f => (f, (DatasetPart?)part(f)));

    private static Frame Energy(Frame f, Func<double, double> change) => f with { FreeEnergy = change(f.FreeEnergy!.Value) };

    private static Frame Forces(Frame f, Func<Vector3D, Vector3D> change) => f with { Forces = [.. f.Forces!.Value.Select(change)] };

    private static Frame Stress(Frame f, Func<double, double> change, double add = 0) => f.Stress is not { } s ? f
        : f with { Stress = new(change(s.XX) + add, change(s.YY) + add, change(s.ZZ) + add, change(s.YZ), change(s.XZ), change(s.XY)) };

    private static Frame Transpose(Frame f, CoordinateKind kept) =>
        f.WithStructure(f.Structure.With(lattice: new(f.Structure.Lattice!.Rows.Transpose()), positions: kept == CoordinateKind.Cartesian ? f.Structure.CartesianPositions : f.Structure.FractionalPositions, kind: kept)) with { BasisLattice = null };

    private static Frame Labels(Frame geometry, Frame labels) => labels.WithStructure(geometry.Structure) with { Source = geometry.Source };

    private static Frame Scale(Frame f, double factor) => f.WithStructure(CleanSet.Deform(f.Structure, Matrix3x3.Diagonal(factor, factor, factor))) with { BasisLattice = null };

    private static Frame Species(Frame f, int[] order) =>
        f.WithStructure(new(f.Structure.Lattice, [.. order.Select(i => f.Structure.Species[i])], f.Structure.CartesianPositions, CoordinateKind.Cartesian));

    // All of them at full effort; a tenth of them takes a second already.
    private static readonly Lazy<Frame[]> Many = new(() => [.. MakeMany(TestEffort.Of(1_000, 10_000, 10_000))]);

    // Two atoms in a caesium chloride cell of any volume: cheap, and no two alike.
    private static IEnumerable<Frame> MakeMany(int count)
    {
        var random = new Random(99);
        Structure cell = CleanSet.RockSalt().SelectSites([0, 4]);
        for (int i = 0; i < count; i++)
        {
            double scale = 0.62 + 0.05 * random.NextDouble();
            Structure s = CleanSet.Rattled(CleanSet.Deform(cell, Matrix3x3.Diagonal(scale, scale, scale * (1 + 0.02 * random.NextDouble()))), random, 0.03);
            yield return BinaryMorse.Label(s) with { Source = new($"/runs/many_{i}/OUTCAR", 1) };
        }
    }
}
