using AtomProNet.Datasets.Statistics;

namespace AtomProNet.Tests.Datasets.Statistics;

public class QuantileSketchTests
{
    private static readonly double[] Percents = [0, 1, 5, 25, 50, 75, 95, 99, 100];

    [Fact]
    public void Few_values_are_exact_as_numpy_has_them()
    {
        SystemPython.SkipUnlessThere("numpy");
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 999).Select(_ => -700 + 1e-3 * random.NextDouble())];
        double[] expected = [.. SystemPython.Run("import numpy\nresult = [*numpy.percentile(data[0], data[1]), numpy.mean(data[0]), numpy.std(data[0])]", new object[] { values, Percents }).EnumerateArray().Select(e => e.GetDouble())];
        var sketch = new QuantileSketch();
        foreach (double value in values)
        {
            sketch.Add(value);
        }

        Assert.Equal(0, sketch.RankError);
        double[] found = [.. sketch.Percentiles(Percents), sketch.Mean];
        foreach ((double e, double f) in expected.Zip(found))
        {
            Assert.Equal(e, f, 1e-12);
        }

        Assert.Equal(expected[^1], sketch.StandardDeviation, 1e-9);
    }

    [Theory]
    [InlineData("ascending")]
    [InlineData("descending")]
    [InlineData("random")]
    [InlineData("alternating")]
    [InlineData("ties")]
    public void Many_values_keep_the_stated_rank_error(string order)
    {
        const int n = 60_000;
        var random = new Random(7);
        double[] values = order switch
        {
            "ascending" => [.. Enumerable.Range(0, n).Select(i => (double)i)],
            "descending" => [.. Enumerable.Range(0, n).Select(i => (double)(n - i))],
            "alternating" => [.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? i : (double)(n - i))],
            "ties" => [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(7))],
            _ => [.. Enumerable.Range(0, n).Select(_ => Math.Exp(5 * random.NextDouble()))],
        };
        var sketch = new QuantileSketch(capacity: 256);
        foreach (double value in values)
        {
            sketch.Add(value);
        }

        double[] sorted = [.. values.Order()];
        Assert.InRange(sketch.RankError, 1e-6, 0.02);
        double[] found = sketch.Percentiles(Percents);
        for (int p = 0; p < Percents.Length; p++)
        {
            // Where the value stands among all: anywhere between those that are smaller and those that are no larger.
            double low = (double)sorted.Count(v => v < found[p]) / n, high = (double)sorted.Count(v => v <= found[p]) / n;
            Assert.True(Percents[p] / 100 >= low - sketch.RankError - 1e-5 && Percents[p] / 100 <= high + sketch.RankError + 1e-5, FormattableString.Invariant($"{order}: {Percents[p]} % at {low} to {high}"));
        }

        Assert.Equal(sorted[0], sketch.Minimum);
        Assert.Equal(sorted[^1], sketch.Maximum);
        long[] histogram = sketch.Histogram(sketch.Minimum, sketch.Maximum, 20);
        Assert.Equal(n, histogram.Sum());
        double width = (sketch.Maximum - sketch.Minimum) / 20;
        for (int bin = 0; bin < 20; bin++)
        {
            long exact = sorted.Count(v => Math.Min((int)((v - sketch.Minimum) / (sketch.Maximum - sketch.Minimum) * 20), 19) == bin);
            Assert.InRange(histogram[bin], exact - 2 * sketch.RankError * n, exact + 2 * sketch.RankError * n);
        }
    }

    [Fact]
    public void Nothing_has_no_percentiles() => Assert.All(new QuantileSketch().Percentiles(Percents), p => Assert.True(double.IsNaN(p)));
}
