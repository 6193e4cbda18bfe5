using System.Text.Json;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

public class DescriptorTableTests
{
    [Fact]
    public void Rows_are_those_of_each_structure_whatever_the_number_of_threads()
    {
        Structure[] structures = Structures(150, seed: 1);
        using DescriptorTable table = Table(structures, keepWhole: true);
        var descriptor = new FrameDescriptor();
        double[][] whole = [.. structures.Select(descriptor.Compute)];
        var expected = new float[DescriptorProjection.Length];
        for (int i = 0; i < structures.Length; i++)
        {
            DescriptorProjection.Apply(whole[i], expected);
            Assert.Equal(expected, table.Projection(i).ToArray());
        }

        for (int i = 1; i < 40; i++)
        {
            Assert.Equal(FrameDescriptor.Distance(whole[i], whole[i - 1]), table.Distance(i, i - 1), 1e-6);
        }
    }

    [Fact]
    public void Squared_distances_are_sums_of_squares()
    {
        var random = new Random(2);
        for (int round = 0; round < 100; round++)
        {
            float[] a = [.. Enumerable.Range(0, DescriptorProjection.Length).Select(_ => random.NextSingle() - 0.5f)], b = [.. a.Select(x => x + random.NextSingle() * (round % 10))];
            Assert.Equal(a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Sum(), DescriptorProjection.SquaredDistance(a, b), 1e-3);
        }

        Assert.Equal(0, DescriptorProjection.SquaredDistance(new float[64], new float[64]));
    }

    /// <summary>Every step by brute force: the first is nearest to the mean, each further one has the largest distance to all before it.</summary>
    [Fact]
    public void Farthest_points_are_those_of_brute_force()
    {
        using DescriptorTable table = Table(Structures(60, seed: 3));
        double[][] rows = [.. Enumerable.Range(0, table.Count).Select(i => table.Projection(i).ToArray().Select(x => (double)x).ToArray())];
        double[] mean = [.. Enumerable.Range(0, DescriptorProjection.Length).Select(k => rows.Average(r => r[k]))];
        FarthestPoints found = FarthestPoints.Pick(table, [.. Enumerable.Range(0, rows.Length)], 25);
        Assert.Equal(Enumerable.Range(0, rows.Length).MinBy(i => Squared(rows[i], mean)), found.Picked[0]);
        for (int k = 1; k < 25; k++)
        {
            double Nearest(int i) => found.Picked.Take(k).Min(p => Squared(rows[i], rows[p]));
            Assert.Equal(Enumerable.Range(0, rows.Length).Max(Nearest), Nearest(found.Picked[k]), 1e-4);
        }

        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(found.Picked.Min(p => Squared(rows[i], rows[p])), Squared(rows[i], rows[found.Picked[found.Owners[i]]]), 1e-4);
        }

        static double Squared(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
    }

    [Fact]
    public void Copies_are_picked_once()
    {
        Structure[] structures = [.. Structures(5, seed: 4), .. Structures(5, seed: 4)];
        using DescriptorTable table = Table(structures);
        FarthestPoints found = FarthestPoints.Pick(table, [.. Enumerable.Range(0, 10)], 8);
        Assert.Equal(5, found.Picked.Count);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(found.Owners[i], found.Owners[i + 5]));
    }

    [Fact]
    public void Nearest_rows_are_those_of_brute_force()
    {
        using DescriptorTable table = Table(Structures(300, seed: 5));
        int[] among = [.. Enumerable.Range(0, 250).Where(i => i % 3 != 0)];
        var nearest = new NearestRows(table, among);
        for (int row = 250; row < 300; row++)
        {
            int[] expected = [.. among.OrderBy(i => DescriptorProjection.SquaredDistance(table.Projection(row), table.Projection(i))).Take(5)];
            Assert.Equal(expected, nearest.Find(row, 5));
        }

        Assert.Equal([among[3]], new NearestRows(table, [among[3]]).Find(0, 5));
    }

    /// <summary>The same clusters as SciPy's average linkage over the same distances, for every number of clusters.</summary>
    [Fact]
    public void Average_linkage_is_that_of_SciPy()
    {
        SystemPython.SkipUnlessThere("numpy", "scipy");
        using DescriptorTable table = Table(Structures(40, seed: 6));
        float[][] rows = [.. Enumerable.Range(0, table.Count).Select(i => table.Projection(i).ToArray())];
        JsonElement result = SystemPython.Run(
            """
            import numpy as np
            from scipy.cluster.hierarchy import linkage, cut_tree
            x = np.array(data)
            result = cut_tree(linkage(x, 'average'), n_clusters=list(range(1, len(x) + 1))).T.tolist()
            """,
            rows);
        var tree = new AverageLinkage(table, [.. Enumerable.Range(0, rows.Length)], [.. rows.Select(_ => 1)]);
        for (int count = 1; count <= rows.Length; count++)
        {
            int[] expected = [.. result[count - 1].EnumerateArray().Select(e => e.GetInt32())], found = tree.Cut(count);
            Assert.Equal(count, found.Distinct().Count());
            // As many pairs of names as clusters: both name the same clusters.
            Assert.Equal(count, expected.Zip(found).Distinct().Count());
        }
    }

    [Fact]
    public void A_point_that_stands_for_many_weighs_as_many()
    {
        // Twice the same point in the set, or once with weight two: the same averages, the same clusters.
        Structure[] few = Structures(12, seed: 7);
        using DescriptorTable once = Table(few), twice = Table([.. few, .. few.Take(6)]);
        var weighted = new AverageLinkage(once, [.. Enumerable.Range(0, 12)], [.. Enumerable.Range(0, 12).Select(i => i < 6 ? 2 : 1)]);
        var plain = new AverageLinkage(twice, [.. Enumerable.Range(0, 18)], [.. Enumerable.Repeat(1, 18)]);
        for (int count = 1; count <= 12; count++)
        {
            Assert.Equal(weighted.Cut(count), plain.Cut(count).Take(12));
        }
    }

    private static DescriptorTable Table(Structure[] structures, bool keepWhole = false)
    {
        var table = new DescriptorTable(keepWhole);
        foreach (Structure s in structures)
        {
            table.Add(s);
        }

        Assert.Equal(structures.Length, table.Count);
        table.Flush();
        return table;
    }

    private static Structure[] Structures(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => SyntheticFrames.Random(random, atoms: 3 + i % 4, formula: i % 2 == 0 ? "AlO" : "TiO2", cheap: true).Structure)];
    }
}
