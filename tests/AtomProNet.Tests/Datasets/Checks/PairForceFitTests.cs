using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

public class PairForceFitTests
{
    private static readonly Element Mg = Element.FromSymbol("Mg"), O = Element.FromSymbol("O");

    [Fact]
    public void Forces_that_are_a_sum_over_pairs_are_explained_and_others_are_not()
    {
        var random = new Random(4);
        var search = new NeighbourSearch();
        PairForceFit explained = new([Mg, O]), noise = new([Mg, O]);
        foreach (Structure structure in Structures(random, 12))
        {
            search.Find(structure, 5);
            Vector3D[] forces = [.. Enumerable.Range(0, structure.AtomCount).Select(i => PairForce(structure, search, i))];
            explained.Add(structure, forces, search);
            noise.Add(structure, [.. forces.Select(_ => SyntheticFrames.Vector(random, 1))], search);
        }

        Assert.Equal((12 * 16 * 3, 18), (explained.Equations, explained.Unknowns));
        Assert.InRange(explained.Residual, 0, 1e-3);
        Assert.InRange(noise.Residual, 0.8, 1);
    }

    [Fact]
    public void Two_fits_put_together_are_one_over_all_frames()
    {
        var random = new Random(5);
        var search = new NeighbourSearch();
        PairForceFit all = new([Mg, O]), one = new([Mg, O]), two = new([Mg, O]);
        foreach ((Structure structure, int i) in Structures(random, 6).Select((s, i) => (s, i)))
        {
            Vector3D[] forces = [.. Enumerable.Range(0, structure.AtomCount).Select(_ => SyntheticFrames.Vector(random, 1))];
            all.Add(structure, forces, search);
            (i % 2 == 0 ? one : two).Add(structure, forces, search);
        }

        one.Add(two);
        Assert.Equal(all.Equations, one.Equations);
        Assert.Equal(all.Residual, one.Residual, 1e-9);
        Assert.Equal(1, new PairForceFit([Mg, O]).Residual);
    }

    // The first and fourth of the radial functions, one for each pair of elements.
    private static Vector3D PairForce(Structure structure, NeighbourSearch search, int i)
    {
        const double Width = 4.1 / 6;
        Vector3D force = Vector3D.Zero;
        foreach (Neighbour n in search.Of(i))
        {
            bool isSame = structure.Species[i] == structure.Species[n.Atom];
            double x = (n.Distance - 0.9 - (isSame ? 3.7 : 0.7) * Width) / (Width / 1.2);
            force += (isSame ? 1 : -2) * 0.5 * (1 + Math.Cos(Math.PI * n.Distance / 5)) / n.Distance * Math.Exp(-0.5 * x * x) * n.Vector;
        }

        return force;
    }

    private static IEnumerable<Structure> Structures(Random random, int count) => Enumerable.Range(0, count).Select(_ => new Structure(
        new(new(7, 0, 0), new(1.5, 6.5, 0), new(-1, 0.5, 7.5)),
        [.. Enumerable.Range(0, 16).Select(i => i % 2 == 0 ? Mg : O)],
        [.. Enumerable.Range(0, 16).Select(_ => new Vector3D(random.NextDouble(), random.NextDouble(), random.NextDouble()))],
        CoordinateKind.Fractional));
}
