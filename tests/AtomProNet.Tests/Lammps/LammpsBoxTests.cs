using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Lammps;
using AtomProNet.Lammps.Inputs;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets;
using AtomProNet.Tests.Generation;

namespace AtomProNet.Tests.Lammps;

public sealed class LammpsBoxTests
{
    [Fact]
    public void Any_cell_becomes_a_box_that_lammps_takes_and_comes_back()
    {
        var random = new Random(11);
        for (int i = 0; i < 300; i++)
        {
            Structure s = Any(random, left: i % 3 == 0);
            LammpsBox box = LammpsBox.Of(s);
            Matrix3x3 h = box.Rows;
            Assert.Equal((0.0, 0.0, 0.0), (h[0, 1], h[0, 2], h[1, 2]));
            Assert.True(h[0, 0] > 0 && h[1, 1] > 0 && h[2, 2] > 0);
            Assert.True(Math.Abs(h[1, 0]) <= 0.5001 * h[0, 0] && Math.Abs(h[2, 0]) <= 0.5001 * h[0, 0] && Math.Abs(h[2, 1]) <= 0.5001 * h[1, 1], h.ToString());
            Assert.Equal(s.Lattice!.Volume, h.Determinant, s.Lattice.Volume * 1e-12);
            Assert.True(Largest(box.Rotation * box.Rotation.Transpose() - Matrix3x3.Identity) < 1e-13);
            Assert.Equal(1, box.Rotation.Determinant, 12);
            // The same crystal: all distances, whatever cell they are taken in.
            var there = new MinimumImage(new Lattice(h), Periodicity.Full);
            for (int a = 0; a < s.AtomCount; a++)
            {
                Assert.All(new[] { box.Positions[a] * h.Inverse() }, f => Assert.True(f is { X: >= 0 and < 1, Y: >= 0 and < 1, Z: >= 0 and < 1 } || Near(f)));
                for (int b = 0; b < a; b++)
                {
                    Assert.Equal(s.Distance(a, b), there.Distance(box.Positions[a], box.Positions[b]), 1e-9);
                }
            }

            // Unchanged, it comes back as it was; moved by whole edges, too.
            Structure back = box.TurnBack(h, box.Origin, [.. box.Positions.Select(p => p + new Vector3D(random.Next(-1, 2), random.Next(-1, 2), random.Next(-1, 2)) * h)]);
            Assert.True(Largest(back.Lattice!.Rows - s.Lattice.Rows) < 1e-9);
            Assert.All(Enumerable.Range(0, s.AtomCount), a => Assert.True((back.CartesianPositions[a] - s.CartesianPositions[a]).Length < 1e-9));
            // A homogeneous deformation of the box is one of the cell.
            Matrix3x3 f2 = new(new(1.01, 0, 0), new(0.02, 0.99, 0), new(-0.01, 0.03, 1.005));
            Structure deformed = box.TurnBack(h * f2, Vector3D.Zero, [.. box.Positions.Select(p => p * f2)]);
            Assert.True(Largest(deformed.Lattice!.Rows - s.Lattice.Rows * box.Rotation * f2 * box.Rotation.Transpose()) < 1e-9);
            Assert.All(Enumerable.Range(0, s.AtomCount), a => Assert.True((deformed.FractionalPositions[a] - s.FractionalPositions[a]).Length < 1e-9));
        }

        static bool Near(Vector3D f) => f.X > -1e-12 && f.Y > -1e-12 && f.Z > -1e-12 && f.X < 1 + 1e-12 && f.Y < 1 + 1e-12 && f.Z < 1 + 1e-12;
    }

    [Fact]
    public void Orthogonal_cells_have_no_tilt_and_hexagonal_ones_keep_theirs()
    {
        Assert.False(LammpsBox.Of(SampleCrystals.Rutile).IsTriclinic);
        LammpsBox hexagonal = LammpsBox.Of(SampleCrystals.Corundum);
        Assert.Equal(-SampleCrystals.Corundum.Lattice!.A.Length / 2, hexagonal.Rows[1, 0], 1e-12);
        Assert.Equal((0.0, 0.0), (hexagonal.Rows[2, 0], hexagonal.Rows[2, 1]));
        Assert.Equal("p p p", hexagonal.Boundary);
    }

    [Fact]
    public void What_does_not_repeat_gets_room()
    {
        Structure molecule = new(null, [Element.FromSymbol("Si"), Element.FromSymbol("Si")], [new(0, 0, -3), new(1, 2, 0)], CoordinateKind.Cartesian);
        LammpsBox box = LammpsBox.Of(molecule);
        Assert.Equal("s s s", box.Boundary);
        Assert.Equal(Math.Sqrt(14), (box.Positions[0] - box.Positions[1]).Length, 1e-12);
        Assert.True(box.Origin.Z <= -4 && box.Origin.Z + box.Rows[2, 2] >= 1);
        // A slab: the third vector is arbitrary and may lean.
        Structure slab = new(new Lattice(new(5, 0, 0), new(1, 6, 0), new(2, 3, 20)), molecule.Species, molecule.CartesianPositions, CoordinateKind.Cartesian, periodicity: new(true, true, false));
        LammpsBox thin = LammpsBox.Of(slab);
        Assert.Equal("p p s", thin.Boundary);
        Assert.Equal((1.0, 0.0, 0.0), (Math.Round(thin.Rows[1, 0], 12), thin.Rows[2, 0], thin.Rows[2, 1]));
        Structure back = thin.TurnBack(thin.Rows, thin.Origin, [.. thin.Positions.Select(p => p + new Vector3D(0.1, 0, 0))]);
        Assert.All(Enumerable.Range(0, 2), a => Assert.Equal(0.1, (back.CartesianPositions[a] - slab.CartesianPositions[a]).Length, 1e-12));
    }

    /// <summary>
    /// A cell in which nothing repeats (extended XYZ with pbc="F F F" has one) says nothing: LAMMPS takes no tilt along what does not repeat,
    /// and loses atoms where it is given one.
    /// </summary>
    [Fact]
    public void The_cell_of_a_molecule_is_no_box()
    {
        Element silicon = Element.FromSymbol("Si");
        ImmutableArray<Vector3D> positions = [new(-0.1, 0.1, 0), new(1.6, -1.1, 1.9), new(-0.3, -2.8, 1.4), new(1.6, -2.2, -0.4)];
        Structure[] molecules = [.. new Lattice?[] { null, new(new(-0.2, -3.9, -1.2), new(3.8, -0.5, 0.4), new(-0.7, -1.7, 3.7)), new(new(0, 4, 0), new(4, 1, 0), new(9, 3, 7)) }
            .Select(l => new Structure(l, [silicon, silicon, silicon, silicon], positions, CoordinateKind.Cartesian, periodicity: Periodicity.None))];
        foreach (Structure molecule in molecules)
        {
            LammpsBox box = LammpsBox.Of(molecule);
            Assert.False(box.IsTriclinic);
            Assert.Equal("s s s", box.Boundary);
            // Along its own axes.
            Assert.Equal(positions, box.Positions);
        }

        SystemLammps.SkipUnlessThere("Si.sw");
        Frame[] frames = LammpsPredictionTests.Predict("sw:Si.sw", molecules);
        Assert.All(frames, f => Assert.Equal(frames[0].Energy!.Value, f.Energy!.Value, 1e-12));
        Assert.All(frames, f => Assert.Null(f.Stress));
    }

    /// <summary>ASE reads what is written, and finds the same distances, volume, masses and types.</summary>
    [Fact]
    public void Ase_reads_the_data_files()
    {
        SystemPython.SkipUnlessThere("ase");
        var random = new Random(12);
        Structure[] structures = [.. Enumerable.Range(0, 20).Select(i => Any(random, left: i % 3 == 0))];
        var files = structures.Select((s, i) => LammpsDataWriter.ToText(LammpsBox.Of(s), TypeOrder.Of([s]), i % 2 == 0 ? null : [.. Enumerable.Range(0, s.AtomCount).Select(a => a * 0.25 - 1)], "test")).ToArray();
        JsonElement read = SystemPython.Run("""
            import io
            from ase.io import read
            result = []
            for i, text in enumerate(data):
                a = read(io.StringIO(text), format='lammps-data', style='charge' if i % 2 else 'atomic', units='metal', Z_of_type={1: 13, 2: 8}, sort_by_id=True)
                d = a.get_all_distances(mic=True)
                result.append(dict(volume=a.get_volume(), d=d.tolist(), z=a.numbers.tolist(), q=a.get_initial_charges().tolist(), pbc=bool(a.pbc.all())))
            """, files);
        for (int i = 0; i < structures.Length; i++)
        {
            Structure s = structures[i];
            JsonElement theirs = read[i];
            Assert.Equal(s.Lattice!.Volume, theirs.GetProperty("volume").GetDouble(), 1e-8);
            for (int a = 0; a < s.AtomCount; a++)
            {
                Assert.Equal(s.Species[a].Number, theirs.GetProperty("z")[a].GetInt32());
                Assert.Equal(i % 2 == 0 ? 0 : a * 0.25 - 1, theirs.GetProperty("q")[a].GetDouble(), 1e-12);
                for (int b = 0; b < a; b++)
                {
                    Assert.Equal(s.Distance(a, b), theirs.GetProperty("d")[a][b].GetDouble(), 1e-8);
                }
            }
        }
    }

    [Fact]
    public void Types_have_one_order()
    {
        Structure oxide = SampleCrystals.Corundum, titania = SampleCrystals.Rutile;
        Assert.Equal("Al O Ti", TypeOrder.Of([titania, oxide]).ToString());
        TypeOrder stated = TypeOrder.Of([Element.FromSymbol("O"), Element.FromSymbol("Al")]);
        string text = LammpsDataWriter.ToText(LammpsBox.Of(oxide), stated, null, "alumina\nand more");
        Assert.StartsWith("alumina and more; types: O Al\n", text, StringComparison.Ordinal);
        Assert.Contains("\n1 15.999 # O\n2 26.9815", text, StringComparison.Ordinal);
        // The first atom is aluminium: type 2.
        Assert.Matches("\n1 2 [\\d.eE-]+ [\\d.eE-]+ [\\d.eE-]+\n", text);
        Assert.Equal("ElementWithoutType", Assert.Throws<AtomProNetException>(() => stated[Element.FromSymbol("Ti")]).ErrorId);
        Assert.Equal("TypeOrderInvalid", Assert.Throws<AtomProNetException>(() => TypeOrder.Of([Element.FromSymbol("O"), Element.FromSymbol("O")])).ErrorId);
    }

    private static Structure Any(Random random, bool left)
    {
        while (true)
        {
            Matrix3x3 rows = new(SyntheticFrames.Vector(random, 6), SyntheticFrames.Vector(random, 6), SyntheticFrames.Vector(random, 6));
            if (Math.Abs(rows.Determinant) < 20)
            {
                continue;
            }

            if (rows.Determinant < 0 != left)
            {
                rows = new(rows.Row1, rows.Row2, -rows.Row3);
            }

            // Skewed far beyond what LAMMPS takes.
            rows = new(rows.Row1, rows.Row2 + rows.Row1 * random.Next(-2, 3), rows.Row3 + rows.Row2 * random.Next(-2, 3));
            var lattice = new Lattice(rows);
            return new(lattice, [.. Enumerable.Range(0, 5).Select(i => Element.FromSymbol(i % 2 == 0 ? "Al" : "O"))], [.. Enumerable.Range(0, 5).Select(_ => SyntheticFrames.Vector(random, 1.5))], CoordinateKind.Fractional);
        }
    }

    private static double Largest(Matrix3x3 m) => m.ToRowMajor().Max(Math.Abs);
}
