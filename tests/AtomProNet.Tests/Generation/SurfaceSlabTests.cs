using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Generation;
using AtomProNet.Structures;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Generation;

public sealed class SurfaceSlabTests
{
    private static readonly Structure Triclinic = Make(Lattice.FromParameters(4.1, 5.2, 6.3, 81, 97, 104), "Al 0 0 0", "O .31 .17 .42", "O .71 .63 .88");

    [Fact]
    public void The_same_slabs_as_ASE()
    {
        SystemPython.SkipUnlessThere("ase", "numpy");
        Structure[] crystals = [Aluminium, RockSalt, Rutile, Corundum, Triclinic];
        int[][] planes =
        [
            [1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1], [1, -1, 0], [-1, 1, 1], [0, -1, 1], [2, 1, 0],
            [2, 1, 1], [3, 1, 1], [1, 0, 2], [0, 3, -2], [-2, -1, 3], [5, 3, 1], [1, 0, -2],
        ];
        var cases = (from c in crystals from p in planes select (Crystal: c, Plane: p, Layers: 1 + (Math.Abs(p[0]) + c.AtomCount) % 3)).ToArray();

        JsonElement result = SystemPython.Run("""
            import numpy as np
            from ase import Atoms
            from ase.build import surface
            result = []
            for s, p, layers in data:
                a = Atoms(s['numbers'], cell=np.array(s['cell']).reshape(3, 3), scaled_positions=np.array(s['positions']).reshape(-1, 3), pbc=True)
                with_vacuum, without = surface(a, p, layers, vacuum=7.5), surface(a, p, layers, periodic=True)
                result.append([{'cell': x.cell.array.ravel().tolist(), 'z': x.numbers.tolist(), 'r': x.positions.tolist(), 'pbc': x.pbc.tolist()} for x in (with_vacuum, without)])
            """, cases.Select(c => new object[] { ForPython(c.Crystal), c.Plane, c.Layers }));

        for (int i = 0; i < cases.Length; i++)
        {
            (Structure crystal, int[] p, int layers) = cases[i];
            foreach (int k in new[] { 0, 1 })
            {
                Structure ours = SurfaceSlab.Build(crystal, p[0], p[1], p[2], layers, k == 0 ? 7.5 : 0);
                JsonElement theirs = result[i][k];
                double[] cell = theirs.GetProperty("cell").EnumerateArray().Select(v => v.GetDouble()).ToArray();
                // Without vacuum ASE's third vector is upright all the same, and the crystal's is not.
                Assert.All(cell.Zip(ours.Lattice!.Rows.ToRowMajor()).Where((_, at) => k == 0 || at is not (6 or 7)), x => Assert.Equal(x.First, x.Second, 1e-8));
                Assert.Equal(k == 0 ? "T T F" : "T T T", ours.Periodicity.ToString());
                Assert.Equal(theirs.GetProperty("pbc").EnumerateArray().Select(v => v.GetBoolean()), new[] { ours.Periodicity.A, ours.Periodicity.B, ours.Periodicity.C });
                Lattice lattice = new(Matrix3x3.FromRowMajor(cell));
                // Where the three vectors are left-handed (1 -1 0), ASE turns the third one round and so mirrors the crystal; this project does not.
                bool mirrored = SurfaceSlab.Basis(crystal.Lattice!, p[0], p[1], p[2]).Determinant < 0;
                SupercellTests.AssertSameSites(
                    ours.With(lattice: lattice, positions: ours.CartesianPositions, kind: CoordinateKind.Cartesian, name: $"{crystal.ReducedFormula} {string.Join(',', p)} {layers} {k}"),
                    theirs.GetProperty("z").EnumerateArray().Select(v => v.GetInt32()).ToArray(),
                    theirs.GetProperty("r").EnumerateArray().Select(r => lattice.ToFractional(new(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble()))).Select(f => mirrored ? new Vector3D(f.X, f.Y, 1 - f.Z) : f).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(1, -1, 0)]
    [InlineData(-2, -1, 3)]
    [InlineData(1, 1, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(-1, 0, 0)]
    public void A_slab_is_the_crystal_itself_not_its_mirror_image(int h, int k, int l)
    {
        // The signed volumes that each atom's three nearest neighbours of the bulk span with it change sign in a mirror: in a thick slab the
        // innermost oxygens must have those of the bulk.
        Structure slab = SurfaceSlab.Build(Triclinic, h, k, l, 8, 10);
        double middle = slab.Lattice!.C.Z / 2;
        int inner = Enumerable.Range(0, slab.AtomCount).Where(i => slab.Species[i].Symbol == "Al").MinBy(i => Math.Abs(slab.CartesianPositions[i].Z - middle));
        Assert.Equal(Handedness(Triclinic, 0), Handedness(slab, inner), 1e-6);
    }

    /// <summary>Each atom has the neighbours that it has in the bulk, also across the boundary of the last layer and the first.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 0)]
    [InlineData(1, -1, 0)]
    [InlineData(-2, -1, 3)]
    public void Without_vacuum_it_is_the_crystal_in_another_cell(int h, int k, int l)
    {
        for (int layers = 1; layers <= 4; layers++)
        {
            Structure fcc = SurfaceSlab.Build(Aluminium, h, k, l, layers, 0), triclinic = SurfaceSlab.Build(Triclinic, h, k, l, layers, 0);
            Assert.All(Enumerable.Range(0, fcc.AtomCount), i => Assert.Equal([.. Enumerable.Repeat(4.05 / Math.Sqrt(2), 12), .. Enumerable.Repeat(4.05, 6)], Distances(fcc, i, 4.5), (a, b) => Math.Abs(a - b) < 1e-9));
            double[] bulk = Distances(Triclinic, 0, 6);
            Assert.All(
                Enumerable.Range(0, triclinic.AtomCount).Where(i => triclinic.Species[i].Symbol == "Al"),
                i => Assert.Equal(bulk, Distances(triclinic, i, 6), (a, b) => Math.Abs(a - b) < 1e-9));
        }

        static double[] Distances(Structure s, int atom, double radius) =>
            [.. from n in s.CartesianPositions
                from x in Enumerable.Range(-9, 19)
                from y in Enumerable.Range(-9, 19)
                from z in Enumerable.Range(-9, 19)
                let d = (n + new Vector3D(x, y, z) * s.Lattice!.Rows - s.CartesianPositions[atom]).Length
                where d > 1e-6 && d < radius
                orderby d
                select d];
    }

    /// <summary>(1 0 0) takes b to x, c to y and a to z.</summary>
    [Fact]
    public void Vectors_turn_with_the_axes_and_forces_stay_behind()
    {
        var column = SiteProperty.Real(3, [.. Enumerable.Range(1, 12).Select(i => (double)i)]);
        Structure parent = Aluminium.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.Add("velocities", column).Add("force", column));

        Structure slab = SurfaceSlab.Build(parent, 1, 0, 0, 1, 10);

        Assert.Equal(["velocities"], slab.SiteProperties.Keys);
        Assert.Equal([2, 3, 1, 5, 6, 4, 8, 9, 7, 11, 12, 10], slab.SiteProperties["velocities"].Reals.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void The_layers_of_fcc_111_are_as_far_apart_as_they_should_be()
    {
        Structure slab = SurfaceSlab.Build(Aluminium, 1, 1, 1, 3, 10);
        double[] heights = slab.CartesianPositions.Select(p => Math.Round(p.Z, 6)).Distinct().Order().ToArray();

        Assert.Equal(10, heights[0], 1e-9);
        Assert.All(heights.Zip(heights.Skip(1)), h => Assert.Equal(4.05 / Math.Sqrt(3), h.Second - h.First, 1e-6));
        Assert.Equal(20 + heights[^1] - heights[0], slab.Lattice!.C.Z, 1e-6);
        Assert.Equal(slab.Lattice.C, new Vector3D(0, 0, slab.Lattice.C.Z));
    }

    [Fact]
    public void A_left_handed_crystal_is_cut_without_being_mirrored()
    {
        // The same crystal told with two vectors exchanged.
        Structure other = new(
            new Lattice(Triclinic.Lattice!.B, Triclinic.Lattice.A, Triclinic.Lattice.C), Triclinic.Species,
            Triclinic.FractionalPositions.Select(f => new Vector3D(f.Y, f.X, f.Z)).ToImmutableArray(), CoordinateKind.Fractional);

        Assert.False(other.Lattice!.IsRightHanded);
        Assert.Equal(Handedness(Triclinic, 0), Handedness(other, 0), 1e-9);
        foreach (int[] p in new[] { new[] { 0, 0, 1 }, new[] { 1, 2, 0 }, new[] { 1, -1, 1 } })
        {
            foreach (double vacuum in new[] { 8.0, 0 })
            {
                Structure slab = SurfaceSlab.Build(other, p[0], p[1], p[2], 8, vacuum);
                double middle = slab.Lattice!.C.Z / 2;
                int inner = Enumerable.Range(0, slab.AtomCount).Where(i => slab.Species[i].Symbol == "Al").MinBy(i => Math.Abs(slab.CartesianPositions[i].Z - middle));
                Assert.Equal(Handedness(Triclinic, 0), Handedness(slab, inner), 1e-6);
                Assert.True(slab.Lattice.IsRightHanded);
            }
        }
    }

    [Fact]
    public void Site_properties_and_descent_go_along()
    {
        Structure parent = Rutile.With(provenance: Provenance.Root("Test", "id"), siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.Add("magmom", SiteProperty.Real(1, [1.0, 2, 3, 4, 5, 6])));

        Structure slab = SurfaceSlab.Build(parent, 1, 1, 0, 2, 10);

        Assert.Equal([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], slab.SiteProperties["magmom"].Reals.ToArray());
        Assert.Equal("Slab", slab.Provenance!.Operation);
        Assert.Equal("id", slab.Provenance.RootId);
        Assert.NotEqual("id", slab.Provenance.GroupId);
        Assert.Equal("1 1 0", slab.Provenance.Parameters["miller"]);
        Assert.Equal("slab_1.1.0_2", slab.Name);
    }

    [Theory]
    [InlineData("New-SurfaceSlab 0,0,0", "MillerIndicesInvalid")]
    [InlineData("New-SurfaceSlab 2,2,0", "MillerIndicesInvalid")]
    [InlineData("New-SurfaceSlab 99,1,0", "MillerIndicesInvalid")]
    [InlineData("New-SurfaceSlab 1,0,0 -Layers 0", "SlabLayersInvalid")]
    [InlineData("New-SurfaceSlab 1,0,0 -Vacuum -1", "SlabVacuumInvalid")]
    public void What_makes_no_slab_is_refused(string pipeline, string id)
    {
        PipelineResult result = PipelineHost.Run(pipeline, Path.GetTempPath(), new PipelineOptions { Input = [RockSalt] });
        Assert.StartsWith(id, Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void The_cmdlet_warns_of_a_primitive_cell()
    {
        Assert.Contains("conventional", Assert.Single(Run(SiliconPrimitive).Warnings), StringComparison.Ordinal);
        Assert.All(new[] { Silicon, Rutile, Corundum, Triclinic }, s => Assert.Empty(Run(s).Warnings));
        Assert.Equal(32, ((Structure)Assert.Single(Run(Silicon).Output)!).AtomCount);

        static PipelineResult Run(Structure s) => PipelineHost.Run("New-SurfaceSlab 1,1,1", Path.GetTempPath(), new PipelineOptions { Input = [s] });
    }

    [Fact]
    public void A_slab_of_a_slab_is_refused()
    {
        Structure slab = SurfaceSlab.Build(Aluminium, 1, 0, 0, 2, 10);
        Assert.Equal("SlabNeedsCrystal", Assert.Throws<AtomProNetException>(() => SurfaceSlab.Build(slab, 1, 0, 0, 2, 10)).ErrorId);
    }

    // The signed volume of the vectors from an atom to the three oxygens next to it (all at different distances).
    private static double Handedness(Structure s, int atom)
    {
        Vector3D[] nearest = (from i in Enumerable.Range(0, s.AtomCount)
                              where s.Species[i].Symbol == "O"
                              from a in new[] { -1, 0, 1 }
                              from b in new[] { -1, 0, 1 }
                              from c in s.Periodicity.C ? new[] { -1, 0, 1 } : new[] { 0 }
                              let d = s.CartesianPositions[i] - s.CartesianPositions[atom] + s.Lattice!.ToCartesian(new(a, b, c))
                              orderby d.Length
                              select d).Take(3).ToArray();
        return Vector3D.Dot(nearest[0], Vector3D.Cross(nearest[1], nearest[2]));
    }
}
