using System.Collections.Immutable;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Checks;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

/// <summary>Sets as people make them, labelled by one potential and printed with as many digits as DFT codes print: there is nothing to find in them.</summary>
public class CorrectSetTests
{
    /// <summary>Displacements of equivalent atoms along equivalent axes have one energy, and stresses that repeat: by symmetry, not by a fault.</summary>
    [Fact]
    public void Displacements_that_symmetry_makes_alike_repeat_no_labels()
    {
        Structure crystal = CleanSet.RockSalt();
        Frame[] frames =
        [
            .. from atom in Enumerable.Range(0, crystal.AtomCount)
               from move in (Vector3D[])[new(0.02, 0, 0), new(-0.02, 0, 0), new(0, 0.02, 0), new(0, -0.02, 0), new(0, 0, 0.02), new(0, 0, -0.02)]
               select Printed(crystal.With(positions: crystal.CartesianPositions.SetItem(atom, crystal.CartesianPositions[atom] + move), kind: CoordinateKind.Cartesian)),
        ];
        // Eight atoms, six displacements each: one energy in all.
        Assert.Single(frames.Select(f => f.FreeEnergy).Distinct());
        AssertClean(frames);
    }

    /// <summary>Positive and negative shears of a cubic crystal along three axes: one energy for six frames, no forces, stresses in another order.</summary>
    [Fact]
    public void Strains_that_symmetry_makes_alike_repeat_no_energies()
    {
        Frame[] frames =
        [
            .. from e in (double[])[-0.02, -0.015, -0.01, -0.005, 0.005, 0.01, 0.015, 0.02]
               from shear in (Matrix3x3[])[new(new(1, e, 0), new(e, 1, 0), new(0, 0, 1)), new(new(1, 0, e), new(0, 1, 0), new(e, 0, 1)), new(new(1, 0, 0), new(0, 1, e), new(0, e, 1))]
               select Printed(CleanSet.Deform(CleanSet.RockSalt(), shear)),
        ];
        Assert.Equal(4, frames.Select(f => f.FreeEnergy).Distinct().Count());
        AssertClean(frames);
    }

    /// <summary>The parent of two strain series, computed twice: 0.05 meV and 0.2 meV/Å apart, as two runs of a DFT code are.</summary>
    [Fact]
    public void A_frame_that_was_computed_twice_is_a_copy_and_no_conflict()
    {
        Frame parent = BinaryMorse.Label(CleanSet.Rattled(CleanSet.RockSalt(), new Random(3), 0.1));
        Frame again = parent with { FreeEnergy = parent.FreeEnergy + 5e-5, Forces = [.. parent.Forces!.Value.Select((f, i) => f + new Vector3D(i % 2 == 0 ? 2e-4 : -2e-4, 0, 0))] };
        TrainingSetFinding finding = Assert.Single(Check([parent, again]));
        Assert.Equal(("DuplicateFrames", FindingSeverity.Warning), (finding.Code, finding.Severity));
    }

    /// <summary>The limits are those of Find-DuplicateFrame: 1 meV/atom, 0.05 eV/Å on an atom, 0.5 GPa. What a frame lacks contradicts nothing.</summary>
    [Theory]
    [InlineData(0.9e-3, 0, 0, "DuplicateFrames")]
    [InlineData(1.1e-3, 0, 0, "LabelsConflict")]
    [InlineData(0, 0.06, 0, "LabelsConflict")]
    [InlineData(0, 0, 0.4, "DuplicateFrames")]
    [InlineData(0, 0, 0.6, "LabelsConflict")]
    public void Labels_conflict_beyond_what_two_runs_differ_by(double energyPerAtom, double force, double gigapascal, string code)
    {
        Frame one = BinaryMorse.Label(CleanSet.Rattled(CleanSet.RockSalt(), new Random(3), 0.1));
        StressTensor s = one.Stress!.Value;
        Frame two = one with
        {
            FreeEnergy = one.FreeEnergy + 8 * energyPerAtom,
            Forces = one.Forces!.Value.SetItem(2, one.Forces.Value[2] + new Vector3D(0, force, 0)).SetItem(5, one.Forces.Value[5] - new Vector3D(0, force, 0)),
            Stress = s with { XZ = s.XZ + gigapascal / 160.2176634 },
        };
        Assert.Contains(Check([one, two]), f => f.Code == code);
        Assert.DoesNotContain(Check([one, two with { Stress = null, Forces = null }]), f => f.Code == "LabelsConflict" && energyPerAtom < 1e-3);
    }

    /// <summary>A cluster in a box of its own is no crystal that lost its boundaries: read as one, its images would lie 10 Å apart.</summary>
    [Fact]
    public void Clusters_in_a_box_among_crystals_are_left_alone()
    {
        ImmutableArray<Element> elements = CleanSet.RockSalt().Species;
        Frame[] crystals = [.. CleanSet.Rattles(12)];
        Frame[] clusters = [.. crystals.Take(6).Select((f, i) => At(BinaryMorse.Label(Boxed(f.Structure)) with { Stress = null }, $"/runs/cluster_{i}/OUTCAR"))];
        Assert.DoesNotContain(Check([.. crystals, .. clusters]), f => f.Code is "PeriodicityLost" or "EnergyOutlier");
        // The crystal's own cell without its boundaries is one.
        Frame lost = crystals[0].WithStructure(new(crystals[0].Structure.Lattice, elements, crystals[0].Structure.CartesianPositions, CoordinateKind.Cartesian, periodicity: Periodicity.None));
        Assert.Contains(Check([.. crystals, lost]), f => f.Code == "PeriodicityLost");

        Structure Boxed(Structure s) => new(Lattice.Cubic(15), elements, s.CartesianPositions, CoordinateKind.Cartesian, periodicity: Periodicity.None);
    }

    /// <summary>Two atoms that are pulled apart in a box: half of the crystal's binding, a fourteenth of it and its opposite are all on their way.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Molecules_that_are_pulled_apart_have_no_wrong_unit(bool periodic)
    {
        Frame[] crystals = [.. CleanSet.Rattles(40)];
        Frame[] pairs = [.. Enumerable.Range(0, 40).Select(i => At(Pair(1.5 + 0.075 * i), $"/runs/pair_{i:D2}/OUTCAR"))];
        string[] codes = ["EnergyUnitMixed", "EnergyPerAtomMixed", "EnergyOutlier", "DistanceOutlier", "LengthUnitMixed"];
        Assert.DoesNotContain(Check([.. crystals, .. pairs]), f => codes.Contains(f.Code));
        // Among themselves one in Ry is still told.
        Frame[] same = [.. crystals, .. pairs.Select((f, i) => f with { FreeEnergy = -7 - 1e-3 * i }), At(Pair(2.0) with { FreeEnergy = -7 / 13.6057 }, "/runs/pair_ry/OUTCAR")];
        Assert.Equal([81], Assert.Single(Check(same), f => f.Code == "EnergyUnitMixed").Frames.Select(f => f.Index));

        Frame Pair(double distance) => BinaryMorse.Label(new(
            Lattice.Cubic(16),
            [Element.FromSymbol("Mg"), Element.FromSymbol("O")],
            [new(8, 8, 8), new(8 + distance, 8, 8)],
            CoordinateKind.Cartesian,
            periodicity: periodic ? Periodicity.Full : Periodicity.None)) with { Stress = null };
    }

    /// <summary>Energies against the perfect crystal: a strong rattle is many times an energy of about nothing, and no other unit.</summary>
    [Fact]
    public void Energies_that_count_from_the_crystal_have_no_wrong_unit()
    {
        var random = new Random(6);
        double crystal = BinaryMorse.Label(CleanSet.RockSalt(4.3)).FreeEnergy!.Value;
        Frame[] frames = [.. Enumerable.Range(0, 60).Select(i => At(Counted(CleanSet.Rattled(CleanSet.RockSalt(4.3), random, i % 12 == 0 ? 0.42 : 0.02 + 0.004 * i)), $"/runs/r_{i:D2}/OUTCAR"))];
        Assert.DoesNotContain(Check(frames), f => f.Code is "EnergyUnitMixed" or "EnergyPerAtomMixed");

        Frame Counted(Structure s)
        {
            Frame f = BinaryMorse.Label(s);
            return f with { FreeEnergy = f.FreeEnergy - crystal };
        }
    }

    private static Frame At(Frame frame, string file) => frame with { Source = new(file, 1) };

    private static Frame Printed(Structure structure)
    {
        Frame f = BinaryMorse.Label(structure);
        StressTensor s = f.Stress!.Value;
        return f with
        {
            FreeEnergy = Math.Round(f.FreeEnergy!.Value, 6),
            Forces = [.. f.Forces!.Value.Select(v => new Vector3D(Math.Round(v.X, 6), Math.Round(v.Y, 6), Math.Round(v.Z, 6)))],
            Stress = new(Math.Round(s.XX, 8), Math.Round(s.YY, 8), Math.Round(s.ZZ, 8), Math.Round(s.YZ, 8), Math.Round(s.XZ, 8), Math.Round(s.XY, 8)),
        };
    }

    private static void AssertClean(IEnumerable<Frame> frames)
    {
        IReadOnlyList<TrainingSetFinding> findings = Check(frames);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    private static IReadOnlyList<TrainingSetFinding> Check(IEnumerable<Frame> frames)
    {
        using var check = new TrainingSetCheck();
        foreach (Frame frame in frames)
        {
            check.Add(frame);
        }

        return check.Conclude();
    }
}
