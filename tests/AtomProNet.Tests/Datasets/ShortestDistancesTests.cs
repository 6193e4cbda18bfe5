using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

public class ShortestDistancesTests
{
    private static readonly Element[] Kinds = [Element.FromSymbol("Al"), Element.FromSymbol("O"), Element.FromSymbol("Ti")];

    /// <summary>Against all neighbours of all atoms, which a test of their own holds against brute force and ASE.</summary>
    [Fact]
    public void They_are_the_least_of_all_neighbours_in_any_cell()
    {
        var random = new Random(3);
        var shortest = new ShortestDistances();
        var search = new NeighbourSearch();
        int found = 0, missing = 0;
        for (int round = 0; round < 200; round++)
        {
            int atoms = random.Next(1, 60);
            double size = 1.5 + random.NextDouble() * 14, cutoff = 0.5 + random.NextDouble() * 6;
            Vector3D a = new(size, 0, 0), b = new(random.NextDouble() * 3 * size, 1 + size * random.NextDouble(), 0), c = SyntheticFrames.Vector(random, size) + new Vector3D(0, 0, size + 1);
            Periodicity periodicity = new(random.Next(4) > 0, random.Next(4) > 0, random.Next(4) > 0);
            int[] kind = [.. Enumerable.Range(0, atoms).Select(_ => random.Next(3))];
            var structure = new Structure(new(a, b, c), [.. kind.Select(k => Kinds[k])], [.. Enumerable.Range(0, atoms).Select(_ => SyntheticFrames.Vector(random, 2 * size))], CoordinateKind.Cartesian, periodicity);
            var expected = new double[9];
            Array.Fill(expected, double.PositiveInfinity);
            search.Find(structure, cutoff);
            for (int i = 0; i < atoms; i++)
            {
                foreach (Neighbour n in search.Of(i).ToArray())
                {
                    int pair = Math.Min(kind[i], kind[n.Atom]) * 3 + Math.Max(kind[i], kind[n.Atom]);
                    expected[pair] = Math.Min(expected[pair], n.Distance);
                }
            }

            double[] result = shortest.Find(structure, kind, 3, cutoff).ToArray();
            for (int pair = 0; pair < 9; pair++)
            {
                Assert.Equal(double.IsPositiveInfinity(expected[pair]), double.IsPositiveInfinity(result[pair]));
                if (double.IsFinite(expected[pair]))
                {
                    Assert.Equal(expected[pair], result[pair], 1e-9);
                    found++;
                }
                else
                {
                    missing++;
                }
            }
        }

        Assert.True(found > 300 && missing > 300, $"{found} and {missing}");
    }

    /// <summary>One search after the other with more and fewer atoms and kinds, so that nothing may be left of the one before; some kinds have one atom or none.</summary>
    [Fact]
    public void A_plain_search_over_all_images_finds_the_same_for_any_number_of_kinds()
    {
        var random = new Random(5);
        var shortest = new ShortestDistances();
        for (int round = 0; round < 60; round++)
        {
            int atoms = random.Next(1, round % 4 == 0 ? 90 : 25), kindCount = random.Next(1, 8);
            double size = 2 + random.NextDouble() * 9, cutoff = random.Next(2) == 0 ? 4.5 : 1 + random.NextDouble() * 3;
            // Tall, flat and skewed ones.
            Vector3D a = new(size, 0, 0), b = new((random.NextDouble() - 0.5) * size, size * (0.5 + random.NextDouble()), 0), c = new((random.NextDouble() - 0.5) * size, (random.NextDouble() - 0.5) * size, size * (0.5 + 2 * random.NextDouble()));
            Periodicity periodicity = new(random.Next(5) > 0, random.Next(5) > 0, random.Next(5) > 0);
            int[] kind = [.. Enumerable.Range(0, atoms).Select(_ => random.Next(kindCount))];
            Vector3D[] positions = [.. Enumerable.Range(0, atoms).Select(_ => SyntheticFrames.Vector(random, size))];
            var structure = new Structure(new(a, b, c), [.. kind.Select(_ => Kinds[0])], [.. positions], CoordinateKind.Cartesian, periodicity);
            double[] expected = PlainSearch(structure, positions, kind, kindCount, cutoff), result = shortest.Find(structure, kind, kindCount, cutoff).ToArray();
            Assert.Equal(kindCount * kindCount, result.Length);
            for (int pair = 0; pair < result.Length; pair++)
            {
                Assert.True(expected[pair] == result[pair] || Math.Abs(expected[pair] - result[pair]) < 1e-9, $"round {round}, pair {pair}: {expected[pair]} and {result[pair]}");
            }
        }
    }

    private static double[] PlainSearch(Structure structure, Vector3D[] positions, int[] kind, int kindCount, double cutoff)
    {
        var found = new double[kindCount * kindCount];
        Array.Fill(found, double.PositiveInfinity);
        Matrix3x3 reciprocal = structure.Lattice!.Reciprocal;
        // No two atoms are farther apart than that.
        double farthest = positions.Max(p => p.Length) * 2 + cutoff;
        int[] reach = [Reach(0, structure.Periodicity.A), Reach(1, structure.Periodicity.B), Reach(2, structure.Periodicity.C)];
        for (int x = -reach[0]; x <= reach[0]; x++)
        {
            for (int y = -reach[1]; y <= reach[1]; y++)
            {
                for (int z = -reach[2]; z <= reach[2]; z++)
                {
                    Vector3D image = structure.Lattice.ToCartesian(new(x, y, z));
                    for (int i = 0; i < positions.Length; i++)
                    {
                        for (int j = i; j < positions.Length; j++)
                        {
                            double distance = (positions[j] + image - positions[i]).Length;
                            int pair = Math.Min(kind[i], kind[j]) * kindCount + Math.Max(kind[i], kind[j]);
                            if (distance <= cutoff && (i != j || x != 0 || y != 0 || z != 0))
                            {
                                found[pair] = Math.Min(found[pair], distance);
                            }
                        }
                    }
                }
            }
        }

        return found;

        int Reach(int k, bool repeats) => repeats ? (int)Math.Ceiling(farthest * reciprocal[k].Length) : 0;
    }

    [Fact]
    public void Aluminium_by_its_lattice_constant()
    {
        Element al = Kinds[0];
        var cell = new Structure(Lattice.Cubic(4.05), [al, al, al, al], [new(0, 0, 0), new(0, 0.5, 0.5), new(0.5, 0, 0.5), new(0.5, 0.5, 0)], CoordinateKind.Fractional);
        var shortest = new ShortestDistances();
        Assert.Equal(4.05 / Math.Sqrt(2), shortest.Find(cell, [0, 0, 0, 0], 1, 4.5)[0], 1e-12);
        // One atom and its own images.
        Assert.Equal(3, shortest.Find(new(Lattice.Cubic(3), [al], [Vector3D.Zero], CoordinateKind.Fractional), [0], 1, 4.5)[0], 1e-12);
        Assert.Equal(double.PositiveInfinity, shortest.Find(new(Lattice.Cubic(3), [al], [Vector3D.Zero], CoordinateKind.Fractional), [0], 1, 2.9)[0]);
    }
}
