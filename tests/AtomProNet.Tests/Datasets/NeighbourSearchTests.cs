using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

public class NeighbourSearchTests
{
    [Fact]
    public void Brute_force_finds_the_same_in_any_cell()
    {
        var random = new Random(1);
        for (int round = 0; round < 25; round++)
        {
            int atoms = random.Next(1, 12);
            double size = 1.5 + random.NextDouble() * 12;
            // Skewed cells, flat ones, and every combination of directions that repeat.
            Vector3D a = new(size, 0, 0), b = new(random.NextDouble() * 3 * size, 1 + size * random.NextDouble(), 0), c = SyntheticFrames.Vector(random, size) + new Vector3D(0, 0, size + 1);
            Periodicity periodicity = new(random.Next(4) > 0, random.Next(4) > 0, random.Next(4) > 0);
            var structure = new Structure(new(a, b, c), [.. Enumerable.Repeat(Element.FromSymbol("Al"), atoms)], [.. Enumerable.Range(0, atoms).Select(_ => SyntheticFrames.Vector(random, 2 * size))], CoordinateKind.Cartesian, periodicity);
            double cutoff = 0.5 + random.NextDouble() * 6;
            var search = new NeighbourSearch();
            search.Find(structure, cutoff);
            for (int i = 0; i < atoms; i++)
            {
                (int, double)[] expected = [.. BruteForce(structure, i, cutoff).Order()];
                (int, double)[] found = [.. search.Of(i).ToArray().Select(n => (n.Atom, Math.Round(n.Distance, 9))).Order()];
                Assert.Equal(expected, found);
                Assert.All(search.Of(i).ToArray(), n => Assert.Equal(n.Distance, n.Vector.Length, 12));
            }
        }
    }

    [Fact]
    public void A_molecule_without_a_cell()
    {
        Element o = Element.FromSymbol("O");
        var structure = new Structure(null, [o, o, o], [Vector3D.Zero, new(1.2, 0, 0), new(50, 0, 0)], CoordinateKind.Cartesian);
        var search = new NeighbourSearch();
        search.Find(structure, 2);
        Assert.Equal([1, 1, 0], Enumerable.Range(0, 3).Select(i => search.Of(i).Length));
    }

    [Fact]
    public void ASE_counts_as_many()
    {
        SystemPython.SkipUnlessThere("ase");
        var random = new Random(2);
        Structure[] structures = [.. Enumerable.Range(0, 5).Select(i => SyntheticFrames.Random(random, atoms: 4 + 20 * i).Structure)];
        JsonElement counts = SystemPython.Run(
            """
            from ase import Atoms
            from ase.neighborlist import neighbor_list
            result = [len(neighbor_list('i', Atoms(numbers=[13] * len(s['positions']), positions=s['positions'], cell=s['cell'], pbc=True), 5.0)) for s in data]
            """,
            structures.Select(s => new { positions = s.CartesianPositions.Select(p => new[] { p.X, p.Y, p.Z }), cell = s.Lattice!.Rows.ToRowMajor().Chunk(3) }));
        var search = new NeighbourSearch();
        foreach ((Structure structure, JsonElement count) in structures.Zip(counts.EnumerateArray()))
        {
            search.Find(structure, 5);
            Assert.Equal(count.GetInt32(), Enumerable.Range(0, structure.AtomCount).Sum(i => search.Of(i).Length));
        }
    }

    private static IEnumerable<(int, double)> BruteForce(Structure s, int i, double cutoff)
    {
        Matrix3x3 reciprocal = s.Lattice!.Reciprocal;
        ImmutableArray<Vector3D> p = s.CartesianPositions;
        for (int j = 0; j < s.AtomCount; j++)
        {
            int[] reach = [Reach(0, s.Periodicity.A), Reach(1, s.Periodicity.B), Reach(2, s.Periodicity.C)];
            for (int a = -reach[0]; a <= reach[0]; a++)
            {
                for (int b = -reach[1]; b <= reach[1]; b++)
                {
                    for (int c = -reach[2]; c <= reach[2]; c++)
                    {
                        double d = (p[j] + s.Lattice.ToCartesian(new(a, b, c)) - p[i]).Length;
                        if (d <= cutoff && (i != j || a != 0 || b != 0 || c != 0))
                        {
                            yield return (j, Math.Round(d, 9));
                        }
                    }
                }
            }

            int Reach(int k, bool repeats) => repeats ? (int)Math.Ceiling((cutoff + (p[j] - p[i]).Length) * reciprocal[k].Length) + 1 : 0;
        }
    }
}
