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
