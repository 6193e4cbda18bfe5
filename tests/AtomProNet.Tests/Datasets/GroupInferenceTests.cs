using AtomProNet.Datasets;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

public class GroupInferenceTests
{
    /// <summary>What the grid, the limits of the comparisons and the skipped ones must not change.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_series_are_those_of_a_comparison_of_all_with_all(int seed)
    {
        FrameRun[] runs = Runs(new(seed), 600);
        int[] found = GroupInference.FindSeries(runs), expected = Plain(runs);
        Assert.Equal(Enumerable.Range(0, runs.Length).Select(i => Array.IndexOf(expected, expected[i])), Enumerable.Range(0, runs.Length).Select(i => Array.IndexOf(found, found[i])));
        // The numbers are such that all of it happens: series of many, runs between two of them, and runs alone.
        int[] sizes = [.. expected.GroupBy(s => s).Select(g => g.Count())];
        Assert.InRange(sizes.Length, 20, 400);
        Assert.Contains(sizes, s => s > 10);
        Assert.Contains(1, sizes);
    }

    // Chains of structures about a tolerance apart, copies of them about a hundredth of it apart, some across the border of the cell, in cells of which some are no strains of each other.
    private static FrameRun[] Runs(Random random, int count)
    {
        var parents = new List<Vector3D[]>();
        var runs = new FrameRun[count];
        for (int i = 0; i < count; i++)
        {
            int atoms = random.Next(2) == 0 ? 2 : 5;
            Vector3D[]? parent = parents.Where(p => p.Length == atoms).OrderBy(_ => random.Next()).FirstOrDefault();
            double[] scales = [0, 1e-7, 8e-6, 2e-5, 4e-4, 9e-4, 2e-3];
            double scale = scales[random.Next(scales.Length)];
            Vector3D[] fractional = parent is null || random.Next(20) == 0
                ? [.. Enumerable.Range(0, atoms).Select(k => new Vector3D(random.NextDouble(), random.NextDouble() * 1e-3, (double)k / atoms))]
                : [.. parent.Select(f => f + new Vector3D(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5) * (2 * scale))];
            parents.Add(fractional);
            double[] edges = [4, 4.1, 5, 11, 30];
            Structure structure = new(Lattice.Cubic(edges[random.Next(edges.Length)]), [.. Enumerable.Repeat(Element.FromNumber(13), atoms)], [.. fractional], CoordinateKind.Fractional);
            var run = new FrameRun { File = $"/{i}", KnownGroup = null, SpeciesHash = (ulong)atoms, Formula = $"Al{atoms}", ReducedFormula = "Al" };
            run.Add(new Frame(structure), new((ulong)i, 0), 1);
            runs[i] = run;
        }

        return runs;
    }

    private static int[] Plain(FrameRun[] runs)
    {
        int[] series = [.. Enumerable.Range(0, runs.Length)];
        var kept = new List<int>();
        for (int i = 0; i < runs.Length; i++)
        {
            bool covered = false;
            foreach (int other in kept.Where(k => runs[k].SpeciesHash == runs[i].SpeciesHash))
            {
                double distance = runs[i].Fractional.Zip(runs[other].Fractional, (a, b) => Math.Abs((double)a - b)).Max(d => Math.Min(d, 1 - d));
                if (distance <= GroupInference.Tolerance && Stretch(runs[i], runs[other]) <= 4 && Stretch(runs[other], runs[i]) <= 4)
                {
                    (int from, int to) = (series[i], series[other]);
                    series = [.. series.Select(s => s == from ? to : s)];
                    covered |= distance <= GroupInference.Tolerance / 100;
                }
            }

            if (!covered)
            {
                kept.Add(i);
            }
        }

        return series;
    }

    private static double Stretch(FrameRun a, FrameRun b) => (a.Lattice!.Rows.Inverse() * b.Lattice!.Rows).ToRowMajor().Sum(m => m * m) / 3;
}
