using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Structures;

public sealed class MinimumImageTests
{
    [Fact]
    public void A_reduced_cell_meets_the_conditions_of_Minkowski_however_skewed_it_came()
    {
        var random = new Random(1);
        for (int n = 0; n < 2000; n++)
        {
            Matrix3x3 compact = CompactCell(random);
            IntegerMatrix3x3 skew = Unimodular(random, steps: random.Next(1, 12), size: random.Next(1, 30));
            Lattice lattice;
            try
            {
                lattice = new Lattice(skew.ToMatrix() * compact);
            }
            catch (AtomProNetException)
            {
                continue; // so skewed that nothing of the volume is left in the digits
            }

            (Matrix3x3 r, IntegerMatrix3x3 t) = LatticeReduction.Minkowski(lattice);

            Assert.True(t.Determinant is 1 or -1);
            double rounding = 1e-14 * (lattice.Lengths.X + lattice.Lengths.Y + lattice.Lengths.Z) * Math.Max(1, t.ToRowMajor().Max(Math.Abs));
            Assert.All((t.ToMatrix() * lattice.Rows).ToRowMajor().Zip(r.ToRowMajor()), p => Assert.Equal(p.First, p.Second, rounding));
            AssertMinkowski(r);
        }
    }

    [Fact]
    public void Reduction_finds_the_shortest_vectors_there_are()
    {
        var random = new Random(2);
        for (int n = 0; n < 200; n++)
        {
            Matrix3x3 compact = CompactCell(random);
            IntegerMatrix3x3 skew = Unimodular(random, steps: 6, size: 4);
            (Matrix3x3 r, _) = LatticeReduction.Minkowski(new Lattice(skew.ToMatrix() * compact));

            // The successive minima of the lattice, by listing vectors of the cell that it was made from.
            var all = new List<Vector3D>();
            for (int i = -4; i <= 4; i++)
            {
                for (int j = -4; j <= 4; j++)
                {
                    for (int k = -4; k <= 4; k++)
                    {
                        if ((i, j, k) != (0, 0, 0))
                        {
                            all.Add(new Vector3D(i, j, k) * compact);
                        }
                    }
                }
            }

            all.Sort((a, b) => a.LengthSquared.CompareTo(b.LengthSquared));
            Vector3D first = all[0], second = all.First(v => Vector3D.Cross(v, first).Length > 1e-6), third = all.First(v => Math.Abs(Vector3D.Dot(v, Vector3D.Cross(first, second))) > 1e-6);
            double[] lengths = new[] { r.Row1.Length, r.Row2.Length, r.Row3.Length }.Order().ToArray();
            Assert.Equal(first.Length, lengths[0], 1e-9);
            Assert.Equal(second.Length, lengths[1], 1e-9);
            Assert.Equal(third.Length, lengths[2], 1e-9);
        }
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    public void The_distance_is_the_shortest_over_all_images(bool a, bool b, bool c)
    {
        var random = new Random(3);
        for (int n = 0; n < 300; n++)
        {
            Matrix3x3 cell = CompactCell(random);
            // Brute force runs over the compact cell; the code gets a skewed one of the same lattice.
            IntegerMatrix3x3 skew = a && b && c ? Unimodular(random, steps: 8, size: 6) : a && b ? new(1, random.Next(-9, 10), 0, 0, 1, 0, 0, 0, 1) : IntegerMatrix3x3.Identity;
            var search = new MinimumImage(new Lattice(skew.ToMatrix() * cell), new Periodicity(a, b, c));
            for (int m = 0; m < 10; m++)
            {
                Vector3D from = Any(random) * 12, to = Any(random) * 12;
                Vector3D difference = to - from;
                double expected = double.PositiveInfinity;
                // First near the origin by the cell's own fractions, so that ±4 images are enough.
                Vector3D f = new Lattice(cell).ToFractional(difference);
                difference -= new Vector3D(a ? Math.Round(f.X) : 0, b ? Math.Round(f.Y) : 0, c ? Math.Round(f.Z) : 0) * cell;
                for (int i = a ? -4 : 0; i <= (a ? 4 : 0); i++)
                {
                    for (int j = b ? -4 : 0; j <= (b ? 4 : 0); j++)
                    {
                        for (int k = c ? -4 : 0; k <= (c ? 4 : 0); k++)
                        {
                            expected = Math.Min(expected, (difference + new Vector3D(i, j, k) * cell).Length);
                        }
                    }
                }

                Assert.Equal(expected, search.Distance(from, to), 1e-7);
                Vector3D back = search.Difference(from, to);
                Assert.Equal(expected, back.Length, 1e-7);
                Vector3D shift = new Lattice(cell).ToFractional(back - (to - from));
                Assert.True((shift - new Vector3D(Math.Round(shift.X), Math.Round(shift.Y), Math.Round(shift.Z))).Length < 1e-6, "It leads to an image of the other atom.");
            }
        }
    }

    [Fact]
    public void Distances_are_those_of_ASE()
    {
        SystemPython.SkipUnlessThere("ase");
        var random = new Random(4);
        var cases = new List<(Structure Structure, bool[] Periodic)>();
        while (cases.Count < 80)
        {
            // Along open directions ASE needs the cell at right angles: it wraps by the fractions of whatever vector stands there.
            bool open = cases.Count % 4 == 0;
            bool[] periodic = open ? [random.Next(2) == 0, random.Next(2) == 0, true] : [true, true, true];
            Matrix3x3 cell = open ? Matrix3x3.Diagonal(3, 4, 5 + random.NextDouble()) : Unimodular(random, 3, 3).ToMatrix() * CompactCell(random);
            cases.Add((new Structure(new Lattice(cell), [.. Enumerable.Repeat(Element.FromNumber(13), 5)], [.. Enumerable.Range(0, 5).Select(_ => Any(random) * 10)], CoordinateKind.Cartesian, new Periodicity(periodic[0], periodic[1], periodic[2])), periodic));
        }

        JsonElement result = SystemPython.Run("""
            import numpy as np
            from ase import Atoms
            from ase.geometry import minkowski_reduce
            result = []
            for cell, pos, pbc in data:
                # ASE 3.22 takes a shortcut by the lengths of the vectors as given, which misses images in skewed cells: it gets the compact cell.
                cell = np.array(cell).reshape(3, 3)
                a = Atoms('Al5', positions=np.array(pos).reshape(5, 3), cell=minkowski_reduce(cell)[0] if all(pbc) else cell, pbc=pbc)
                result.append([float(a.get_distance(0, j, mic=True)) for j in range(5)])
            """, cases.Select(x => new object[] { x.Structure.Lattice!.Rows.ToRowMajor(), x.Structure.CartesianPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }), x.Periodic }));
        for (int i = 0; i < cases.Count; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                Assert.Equal(result[i][j].GetDouble(), cases[i].Structure.Distance(0, j), 1e-8);
            }
        }
    }

    [Fact]
    public void A_needle_of_a_cell_is_no_trouble()
    {
        // The same square lattice of 3 Å, told by vectors a hundred thousand times as long as they need be.
        Lattice needle = new(new Vector3D(3, 0, 0), new Vector3D(3e5, 3, 0), new Vector3D(-3e5, 3e3, 3));

        Assert.Equal(0.3, new MinimumImage(needle, Periodicity.Full).Distance(Vector3D.Zero, new(2.7, 3, -3)), 1e-8);
        Assert.Equal(3, LatticeReduction.Minkowski(needle).Reduced.Row3.Length, 1e-9);
    }

    internal static void AssertMinkowski(Matrix3x3 r)
    {
        Vector3D[] v = new[] { r.Row1, r.Row2, r.Row3 }.OrderBy(x => x.LengthSquared).ToArray();
        const double slack = 1 - 1e-9;
        foreach ((int p, int q) in from p in new[] { -1, 0, 1 } from q in new[] { -1, 0, 1 } select (p, q))
        {
            Assert.True((v[1] + v[0] * p).Length >= v[1].Length * slack);
            Assert.True((v[2] + v[0] * p + v[1] * q).Length >= v[2].Length * slack);
        }
    }

    /// <summary>A cell that is nearly orthogonal, or one of those where images tie: cubic, hexagonal, face- and body-centred, rhombohedral, flat, long.</summary>
    internal static Matrix3x3 CompactCell(Random random)
    {
        Matrix3x3 shape = random.Next(8) switch
        {
            0 => Matrix3x3.Identity,
            1 => new(new(1, 0, 0), new(-0.5, Math.Sqrt(0.75), 0), new(0, 0, 1.6)),
            2 => new(new(0, 1, 1), new(1, 0, 1), new(1, 1, 0)),
            3 => new(new(-1, 1, 1), new(1, -1, 1), new(1, 1, -1)),
            4 => Matrix3x3.Diagonal(1, 1, 5),
            5 => Matrix3x3.Diagonal(1, 4, 4),
            6 => Lattice.FromParameters(1, 1, 1, 70, 70, 70).Rows,
            _ => new(new(1 + random.NextDouble(), random.NextDouble() * 0.4, random.NextDouble() * 0.4), new(random.NextDouble() * -0.4, 1 + random.NextDouble(), random.NextDouble() * 0.4), new(random.NextDouble() * 0.4, random.NextDouble() * -0.4, 1 + random.NextDouble())),
        };
        return shape * (2 + random.NextDouble() * 3);
    }

    internal static IntegerMatrix3x3 Unimodular(Random random, int steps, int size)
    {
        int[][] rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
        for (int s = 0; s < steps; s++)
        {
            int i = random.Next(3), j = (i + random.Next(1, 3)) % 3, n = random.Next(-size, size + 1);
            int[] next = rows[i].Zip(rows[j], (x, y) => x + n * y).ToArray();
            if (next.All(x => Math.Abs(x) < 20_000))
            {
                rows[i] = next;
            }
        }

        return IntegerMatrix3x3.FromRowMajor(rows.SelectMany(r => r).ToArray());
    }

    private static Vector3D Any(Random random) => new(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5);
}
