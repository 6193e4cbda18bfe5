using System.Collections.Immutable;
using AtomProNet.Plots.Drawing;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Scales;

namespace AtomProNet.Tests.Plots;

public class DensityMarkTests
{
    private static readonly Plot Area = new(30, 20, 200, 150, Scale.Linear(-1, 1), Scale.Linear(0, 5));

    [Fact]
    public void Every_point_belongs_to_the_nearest_hexagon_and_none_is_lost()
    {
        var random = new Random(1);
        ImmutableArray<double> x = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDouble() * 2 - 1)], y = [.. x.Select(v => 2.5 + 2 * v * random.NextDouble())];
        var mark = new DensityMark(x, y) { Size = 4 };
        HexagonMark hexagons = HexagonMark.Of(mark, Area);
        Assert.Equal(x.Length, hexagons.Cells.Sum(c => c.Count));
        // By brute force, from the middles that were found: no point is nearer to another middle than to its own.
        var counts = new int[hexagons.Cells.Count];
        for (int i = 0; i < x.Length; i++)
        {
            double px = 30 + 200 * (x[i] + 1) / 2, py = 170 - 150 * y[i] / 5;
            int nearest = Enumerable.Range(0, counts.Length).MinBy(c => Math.Pow(hexagons.Cells[c].X - px, 2) + Math.Pow(hexagons.Cells[c].Y - py, 2));
            counts[nearest]++;
            Assert.True(Math.Sqrt(Math.Pow(hexagons.Cells[nearest].X - px, 2) + Math.Pow(hexagons.Cells[nearest].Y - py, 2)) <= 4 / Math.Sqrt(3) + 1e-9);
        }

        // A point half-way between two middles may fall to either.
        Assert.True(counts.Zip(hexagons.Cells, (a, b) => Math.Abs(a - b.Count)).Sum() <= 2);
        Assert.Equal(counts.Max(), hexagons.Highest, 1.0);
    }

    [Fact]
    public void Middles_form_a_regular_lattice()
    {
        var random = new Random(2);
        ImmutableArray<double> x = [.. Enumerable.Range(0, 50_000).Select(_ => random.NextDouble() * 2 - 1)], y = [.. Enumerable.Range(0, 50_000).Select(_ => random.NextDouble() * 5)];
        HexagonMark hexagons = HexagonMark.Of(new DensityMark(x, y) { Size = 8 }, Area);
        (double X, double Y, int Count) middle = hexagons.Cells.MinBy(c => Math.Abs(c.X - 130) + Math.Abs(c.Y - 95));
        // Six neighbours, all at one distance.
        double[] distances = [.. hexagons.Cells.Select(c => Math.Sqrt(Math.Pow(c.X - middle.X, 2) + Math.Pow(c.Y - middle.Y, 2))).Where(d => d > 1e-9).Order().Take(7)];
        Assert.All(distances[..6], d => Assert.Equal(8, d, 9));
        Assert.True(distances[6] > 13);
    }

    [Fact]
    public void What_lies_outside_or_is_no_number_counts_for_nothing()
    {
        HexagonMark hexagons = HexagonMark.Of(new DensityMark([0, 2, double.NaN, 0, -1.5], [1, 1, 1, double.PositiveInfinity, 1]), Area);
        Assert.Equal(1, hexagons.Cells.Sum(c => c.Count));
    }

    [Fact]
    public void The_colour_goes_by_the_logarithm()
    {
        int last = FigureColour.DensityCount - 1;
        Assert.Equal((0, last, 0), (HexagonMark.Level(1, 1000), HexagonMark.Level(1000, 1000), HexagonMark.Level(1, 1)));
        Assert.Equal((int)Math.Round(last * 2 / 3.0), HexagonMark.Level(100, 1000));
    }

    /// <summary>Colours are told apart under the usual forms of colour blindness (H. Brettel et al., J. Opt. Soc. Am. A 14, 2647 (1997); matrices of G. M. Machado et al. (2009)).</summary>
    [Theory]
    [InlineData(new double[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 })]
    [InlineData(new[] { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 })]
    [InlineData(new[] { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 })]
    public void Series_and_densities_are_told_apart_by_the_colour_blind(double[] m)
    {
        foreach (bool isDark in (bool[])[false, true])
        {
            double[][] series = [.. Enumerable.Range(0, 6).Select(FigureColour.Series).Select(c => Seen(isDark ? c.Dark : c.Light))];
            for (int i = 0; i < series.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    Assert.True(Math.Sqrt(series[i].Zip(series[j], (a, b) => (a - b) * (a - b)).Sum()) > 0.1, $"series {i} and {j}");
                }
            }

            // More points are brighter, step by step.
            double[] levels = [.. Enumerable.Range(0, FigureColour.DensityCount).Select(FigureColour.Density).Select(c => Seen(isDark ? c.Dark : c.Light)).Select(c => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2])];
            Assert.All(levels.Zip(levels.Skip(1)), p => Assert.True(p.Second > p.First));
        }

        double[] Seen(string colour)
        {
            double[] c = [.. Enumerable.Range(0, 3).Select(i => Convert.ToInt32(colour.Substring(1 + 2 * i, 2), 16) / 255.0).Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4))];
            return [.. Enumerable.Range(0, 3).Select(r => m[3 * r] * c[0] + m[3 * r + 1] * c[1] + m[3 * r + 2] * c[2])];
        }
    }
}
