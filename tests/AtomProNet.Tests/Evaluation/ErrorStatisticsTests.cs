using AtomProNet.Evaluation;

namespace AtomProNet.Tests.Evaluation;

public class ErrorStatisticsTests
{
    [Fact]
    public void Hand_calculation()
    {
        // Errors 1, −1, 2, 0; mean of the reference 2.5, Σ(r − 2.5)² = 5, Σe² = 6.
        ErrorStatistics s = ErrorStatistics.OfPairs([1, 2, 3, 4], [2, 1, 5, 4], [50, 80, 90]);
        Assert.Equal(4, s.Count);
        Assert.Equal(1 - 6.0 / 5, s.R2!.Value, 15);
        Assert.Equal(1, s.MAE);
        Assert.Equal(Math.Sqrt(1.5), s.RMSE!.Value, 15);
        Assert.Equal(2, s.Maximum);
        Assert.Equal(0.5, s.MeanError);
        // |e| sorted 0 1 1 2 at h = 1.5, 2.4, 2.7.
        Assert.Equal([1, 1.4, 1.7], s.Percentiles.Select(p => Math.Round(p.Value, 14)));
    }

    [Fact]
    public void A_reference_that_does_not_vary_has_no_R2()
    {
        Assert.Null(ErrorStatistics.OfPairs([0.1, 0.1, 0.1], [0.1, 0.2, 0.3], [50]).R2);
        Assert.Null(ErrorStatistics.OfPairs([-7.4], [-7.3], [50]).R2);
    }

    [Fact]
    public void Without_values_nothing_is_claimed()
    {
        ErrorStatistics s = ErrorStatistics.OfPairs([], [], [50]);
        Assert.Equal((0, null, null, null, null), (s.Count, s.R2, s.MAE, s.RMSE, s.Maximum));
        Assert.Empty(s.Percentiles);
    }

    [Fact]
    public void Large_offsets_cost_no_digits()
    {
        // The same numbers moved by −700 eV: R² must not move with them.
        double[] r = [0.001, 0.002, 0.004, 0.008], p = [0.0011, 0.0021, 0.0039, 0.0081];
        double plain = ErrorStatistics.OfPairs(r, p, []).R2!.Value;
        double moved = ErrorStatistics.OfPairs([.. r.Select(x => x - 700)], [.. p.Select(x => x - 700)], []).R2!.Value;
        Assert.Equal(plain, moved, 8);
    }

    [Fact]
    public void Percentiles_agree_with_sorting()
    {
        var random = new Random(3);
        for (int round = 0; round < 500; round++)
        {
            // Many equal values in some rounds: selection has to come to an end there, too.
            double[] values = Enumerable.Range(0, random.Next(1, 200)).Select(_ => round % 3 == 0 ? random.Next(4) : random.NextDouble()).ToArray();
            double[] percents = [90, 0, 50, 100, 33.3, 50, random.NextDouble() * 100];
            double[] sorted = [.. values.Order()];
            double[] expected = percents.Select(q =>
            {
                double h = (sorted.Length - 1) * q / 100;
                int low = (int)Math.Floor(h), high = Math.Min(low + 1, sorted.Length - 1);
                return sorted[low] + (sorted[high] - sorted[low]) * (h - low);
            }).ToArray();
            double[] found = OrderStatistics.Percentiles(values, percents);
            Assert.All(found.Zip(expected), p => Assert.Equal(p.Second, p.First, 12));
        }
    }

    [Fact]
    public void A_percentile_out_of_range_is_an_error() =>
        Assert.Equal("PercentileOutOfRange", Assert.Throws<AtomProNetException>(() => OrderStatistics.Percentiles([1.0], [101])).ErrorId);

    [Fact]
    public void Percentiles_of_many_values_agree_with_sorting()
    {
        var random = new Random(5);
        double[] special = [0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 1, -1];
        foreach (Func<double> draw in (Func<double>[])[() => random.NextDouble() - 0.5, () => random.Next(3), () => special[random.Next(special.Length)], () => Math.Exp(random.NextDouble() * 400 - 200)])
        {
            double[] values = [.. Enumerable.Range(0, 270_001).Select(_ => draw())];
            double[] sorted = [.. values.Order()], percents = [95, 0, 100, 50, 33.3, 1e-4];
            double[] found = OrderStatistics.Percentiles(values, percents);
            for (int i = 0; i < percents.Length; i++)
            {
                double h = (sorted.Length - 1) * (percents[i] / 100);
                int low = (int)h, high = Math.Min(low + 1, sorted.Length - 1);
                Assert.Equal(sorted[low] + (sorted[high] - sorted[low]) * (h - low), found[i]);
            }
        }
    }

    [Fact]
    public void Many_pairs_give_what_exact_arithmetic_gives()
    {
        // Whole numbers, so that plain integers know the sums; an odd number of pairs about −700.
        var random = new Random(6);
        const int n = 300_003;
        long[] r = [.. Enumerable.Range(0, n).Select(_ => random.NextInt64(-710, -690))], p = [.. r.Select(x => x + random.NextInt64(-9, 12))];
        ErrorStatistics s = ErrorStatistics.OfPairs([.. r.Select(x => (double)x)], [.. p.Select(x => (double)x)], [50, 99.9]);
        long[] e = [.. r.Zip(p, (a, b) => b - a)];
        long[] sorted = [.. e.Select(Math.Abs).Order()];
        double squares = e.Sum(x => x * x);
        // Σ(r − r̄)² = (n Σr² − (Σr)²)/n.
        decimal spread = ((decimal)n * r.Sum(x => x * x) - (decimal)r.Sum() * r.Sum()) / n;
        Assert.Equal(n, s.Count);
        Assert.Equal((double)sorted.Sum() / n, s.MAE);
        Assert.Equal(Math.Sqrt(squares / n), s.RMSE);
        Assert.Equal((double)e.Sum() / n, s.MeanError);
        Assert.Equal(sorted[^1], s.Maximum);
        Assert.Equal(1 - squares / (double)spread, s.R2!.Value, 13);
        Assert.Equal([sorted[(n - 1) / 2], sorted[(int)((n - 1) * 0.999)]], s.Percentiles.Select(q => q.Value));
    }

    [Fact]
    public void Many_pairs_lose_no_small_error_beside_great_ones()
    {
        // In plain sums a lane's 1e16 swallows each 1 that comes before its −1e16.
        const int n = 1 << 19;
        double[] p = [.. Enumerable.Range(0, n).Select(i => i < 4 ? 1e16 : i >= n - 4 ? -1e16 : 1.0)];
        ErrorStatistics s = ErrorStatistics.OfPairs(new double[n], p, [50]);
        Assert.Equal((n - 8) / (double)n, s.MeanError);
        Assert.Equal(1, Assert.Single(s.Percentiles).Value);
    }

    [Fact]
    public void A_million_values_take_no_time()
    {
        var random = new Random(1);
        double[] values = Enumerable.Range(0, 1_000_000).Select(_ => random.NextDouble()).ToArray();
        double[] found = OrderStatistics.Percentiles(values, [50, 80, 90, 95]);
        // Uniform numbers: the percentile q is q/100 within six standard errors.
        Assert.All(found.Zip(new[] { 0.5, 0.8, 0.9, 0.95 }), p => Assert.InRange(p.First, p.Second - 0.003, p.Second + 0.003));
    }
}
