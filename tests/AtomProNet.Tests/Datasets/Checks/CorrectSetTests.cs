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
