using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Generation;
using AtomProNet.Structures;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Generation;

public sealed class SupercellTests
{
    [Fact]
    public void The_unit_supercell_changes_no_bit()
    {
        var random = new Random(1);
        for (int i = 0; i < 50; i++)
        {
            Structure parent = AtomProNet.Tests.Formats.RandomStructures.Any(random);
            Structure same = Supercell.Repeat(parent, 1, 1, 1);
            Assert.Equal(parent, same);
            Assert.Equal(parent.ContentHash, same.ContentHash);
            Assert.Equal(parent.CoordinateKind, same.CoordinateKind);
        }
    }

    [Fact]
    public void Copies_stand_where_they_belong()
    {
        Structure parent = Make(new Lattice(new(3, 0, 0), new(0, 4, 0), new(0, 0, 5)), "Na .25 .5 0", "Cl .5 .5 .5");

        Structure cell = Supercell.Repeat(parent, 2, 1, 3);

        Assert.Equal(new Matrix3x3(new(6, 0, 0), new(0, 4, 0), new(0, 0, 15)), cell.Lattice!.Rows);
        Assert.Equal("Na Na Na Na Na Na Cl Cl Cl Cl Cl Cl", string.Join(' ', cell.Species));
        Assert.Equal(new Vector3D(0.125, 0.5, 0), cell.FractionalPositions[0]);
        Assert.Equal(new Vector3D(0.125, 0.5, 1.0 / 3), cell.FractionalPositions[1]);
        Assert.Equal(new Vector3D(0.625, 0.5, 2.0 / 3), cell.FractionalPositions[5]);
        Assert.Equal(new Vector3D(0.25, 0.5, 0.5 / 3), cell.FractionalPositions[6]);
        Assert.Equal("supercell_2x1x3", cell.Name);
    }

    [Fact]
    public void A_direction_that_is_not_repeated_keeps_its_numbers_to_the_last_bit()
    {
        var random = new Random(2);
        Structure parent = new(Lattice.Cubic(5), [Element.FromNumber(3)], [new Vector3D(random.NextDouble(), random.NextDouble(), random.NextDouble())], CoordinateKind.Fractional);
        for (int n = 1; n < 40; n++)
        {
            Assert.All(Supercell.Repeat(parent, n, 1, 7).FractionalPositions, f => Assert.Equal(parent.FractionalPositions[0].Y, f.Y));
        }
    }

    [Fact]
    public void Cartesian_positions_stay_Cartesian_and_the_first_copy_does_not_move()
    {
        Structure parent = new(Lattice.Cubic(4), [Element.FromNumber(3)], [new Vector3D(0.1, 0.2, 0.3)], CoordinateKind.Cartesian);

        Structure cell = Supercell.Repeat(parent, 2, 1, 1);

        Assert.Equal(CoordinateKind.Cartesian, cell.CoordinateKind);
        Assert.Equal([new Vector3D(0.1, 0.2, 0.3), new Vector3D(4.1, 0.2, 0.3)], cell.CartesianPositions);
    }

    [Fact]
    public void Site_properties_go_with_each_copy()
    {
        Structure parent = RockSalt.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty
            .Add("magmom", SiteProperty.Real(1, [1.0, 2, 3, 4, 5, 6, 7, 8]))
            .Add("selective_dynamics", SiteProperty.Logical(3, Enumerable.Range(0, 24).Select(i => i % 3 == 0).ToImmutableArray())));

        Structure cell = Supercell.Repeat(parent, 1, 2, 1);

        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8], cell.SiteProperties["magmom"].Reals.ToArray());
        Assert.Equal(16, cell.SiteProperties["selective_dynamics"].SiteCount);
    }

    [Fact]
    public void A_supercell_opens_a_group_and_keeps_the_root()
    {
        Structure parent = RockSalt.With(provenance: Provenance.Root("Test", "id-1"));

        Structure a = Supercell.Repeat(parent, 2, 1, 1), b = Supercell.Repeat(parent, 1, 2, 1), c = Supercell.Build(parent, new(2, 0, 0, 0, 1, 0, 0, 0, 1));

        Assert.Equal("id-1", a.Provenance!.RootId);
        Assert.NotEqual("id-1", a.Provenance.GroupId);
        Assert.NotEqual(a.Provenance.GroupId, b.Provenance!.GroupId);
        Assert.Equal(a.Provenance, c.Provenance);
        Assert.Equal(parent.ContentHash, a.Provenance.ParentHash);
        Assert.Equal("2 1 1", a.Provenance.Parameters["size"]);
        Assert.Equal("Supercell", a.Provenance.Operation);
    }

    [Fact]
    public void Without_provenance_the_content_is_the_root()
    {
        Assert.Equal(RockSalt.ContentHash, Supercell.Repeat(RockSalt, 2, 1, 1).Provenance!.RootId);
        Assert.NotEqual(Supercell.Repeat(RockSalt, 2, 1, 1).Provenance!.GroupId, Supercell.Repeat(Rutile, 2, 1, 1).Provenance!.GroupId);
    }

    [Fact]
    public void Any_matrix_gives_exactly_the_right_atoms()
    {
        var random = new Random(3);
        int tried = 0;
        while (tried < 200)
        {
            var m = IntegerMatrix3x3.FromRowMajor(Enumerable.Range(0, 9).Select(_ => random.Next(-4, 5)).ToArray());
            if (m.Determinant <= 0)
            {
                continue;
            }

            tried++;
            Structure cell = Supercell.Build(Rutile, m);
            Assert.Equal(m.Determinant * 6, cell.AtomCount);
            Assert.Equal(m.Determinant * Rutile.Volume!.Value, cell.Volume!.Value, 1e-8);
            // Each atom lies on a site of the crystal, and no two lie on the same one.
            var seen = new HashSet<(int, int, int, int)>();
            for (int i = 0; i < cell.AtomCount; i++)
            {
                Vector3D f = Rutile.Lattice!.ToFractional(cell.CartesianPositions[i]);
                int site = i / (int)m.Determinant;
                Vector3D shift = f - Rutile.FractionalPositions[site];
                Vector3D whole = new(Math.Round(shift.X), Math.Round(shift.Y), Math.Round(shift.Z));
                Assert.True((shift - whole).Length < 1e-9);
                // The class of the lattice point modulo the new cell, as whole numbers.
                long[] a = m.Adjugate;
                int d = (int)m.Determinant;
                int Class(int j) => (int)((((whole.X * a[j] + whole.Y * a[3 + j] + whole.Z * a[6 + j]) % d) + d) % d);
                Assert.True(seen.Add((site, Class(0), Class(1), Class(2))));
            }
        }
    }

    [Theory]
    [InlineData(new[] { 1, 1, 0, 1, -1, 0, 0, 0, 1 }, "SupercellLeftHanded")]
    [InlineData(new[] { 1, 2, 3, 2, 4, 6, 0, 0, 1 }, "SupercellMatrixSingular")]
    [InlineData(new[] { 20000, 0, 0, 0, 1, 0, 0, 0, 1 }, "SupercellTooLarge")]
    [InlineData(new[] { 9999, 0, 0, 0, 9999, 0, 0, 0, 1 }, "SupercellTooLarge")]
    public void What_makes_no_cell_is_refused(int[] matrix, string id) =>
        Assert.Equal(id, Assert.Throws<AtomProNetException>(() => Supercell.Build(RockSalt, IntegerMatrix3x3.FromRowMajor(matrix))).ErrorId);

    [Fact]
    public void Exchanging_two_rows_is_what_the_error_advises()
    {
        Structure cell = Supercell.Build(RockSalt, new(1, -1, 0, 1, 1, 0, 0, 0, 1));
        Assert.Equal(16, cell.AtomCount);
        Assert.True(cell.Lattice!.IsRightHanded);
    }

    [Fact]
    public void Directions_that_do_not_repeat_cannot_be_repeated()
    {
        Structure slab = new(Lattice.Cubic(4), [Element.FromNumber(13)], [Vector3D.Zero], CoordinateKind.Fractional, new Periodicity(true, true, false));

        Assert.Equal(4, Supercell.Repeat(slab, 2, 2, 1).AtomCount);
        Assert.Equal(new Periodicity(true, true, false), Supercell.Repeat(slab, 2, 2, 1).Periodicity);
        Assert.Equal("SupercellNotPeriodic", Assert.Throws<AtomProNetException>(() => Supercell.Repeat(slab, 1, 1, 2)).ErrorId);
        Structure molecule = new(null, [Element.FromNumber(1)], [Vector3D.Zero], CoordinateKind.Cartesian);
        Assert.Equal("LatticeMissing", Assert.Throws<AtomProNetException>(() => Supercell.Repeat(molecule, 2, 1, 1)).ErrorId);
    }

    [Fact]
    public void The_same_atoms_as_ASE_and_pymatgen()
    {
        SystemPython.SkipUnlessThere("ase", "pymatgen", "numpy");
        var random = new Random(4);
        var cases = new List<(Structure Parent, IntegerMatrix3x3 Matrix)> { (Corundum, IntegerMatrix3x3.Diagonal(2, 2, 1)), (SiliconPrimitive, new(-1, 1, 1, 1, -1, 1, 1, 1, -1)) };
        while (cases.Count < 12)
        {
            var m = IntegerMatrix3x3.FromRowMajor(Enumerable.Range(0, 9).Select(_ => random.Next(-2, 4)).ToArray());
            if (m.Determinant > 0)
            {
                cases.Add((random.Next(2) == 0 ? Rutile : SiliconPrimitive, m));
            }
        }

        JsonElement result = SystemPython.Run("""
            import numpy as np
            from ase import Atoms
            from ase.build import make_supercell
            from pymatgen.core import Structure, Lattice
            result = []
            for s, m in data:
                cell = np.array(s['cell']).reshape(3, 3)
                f = np.array(s['positions']).reshape(-1, 3)
                P = np.array(m).reshape(3, 3)
                atoms = make_supercell(Atoms(s['numbers'], cell=cell, scaled_positions=f, pbc=True), P)
                other = Structure(Lattice(cell), s['numbers'], f)
                other.make_supercell(P)
                result.append({'cell': atoms.cell.array.tolist(), 'z': atoms.numbers.tolist(), 'f': atoms.get_scaled_positions().tolist(),
                    'cell2': other.lattice.matrix.tolist(), 'z2': [int(n) for n in other.atomic_numbers], 'f2': other.frac_coords.tolist()})
            """, cases.Select(c => new object[] { ForPython(c.Parent), c.Matrix.ToRowMajor() }));

        for (int i = 0; i < cases.Count; i++)
        {
            Structure ours = Supercell.Build(cases[i].Parent, cases[i].Matrix);
            foreach (string tool in new[] { "", "2" })
            {
                double[] cell = result[i].GetProperty("cell" + tool).EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(v => v.GetDouble()).ToArray();
                Assert.All(cell.Zip(ours.Lattice!.Rows.ToRowMajor()), p => Assert.Equal(p.First, p.Second, 1e-10));
                int[] z = result[i].GetProperty("z" + tool).EnumerateArray().Select(v => v.GetInt32()).ToArray();
                Vector3D[] f = result[i].GetProperty("f" + tool).EnumerateArray().Select(r => new Vector3D(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble())).ToArray();
                AssertSameSites(ours, z, f);
            }
        }
    }

    internal static void AssertSameSites(Structure ours, int[] numbers, Vector3D[] fractional)
    {
        Assert.Equal(numbers.Length, ours.AtomCount);
        var open = Enumerable.Range(0, numbers.Length).ToList();
        for (int i = 0; i < ours.AtomCount; i++)
        {
            int hit = open.FindIndex(j =>
            {
                Vector3D d = ours.FractionalPositions[i] - fractional[j];
                return ours.Species[i].Number == numbers[j] && new Vector3D(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z)).Length < 1e-7;
            });
            Assert.True(hit >= 0, $"{ours}: atom {i + 1} has no counterpart.");
            open.RemoveAt(hit);
        }
    }
}
