using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Evaluation;

namespace AtomProNet.Tests.Evaluation;

public class GroupBootstrapTests
{
    /// <summary>The draws, written down again in Python from the papers of SplitMix64 and Lemire, and the statistics with NumPy over the values themselves.</summary>
    private const string Script = """
        import numpy as np
        M = (1 << 64) - 1
        class Draws:
            def __init__(self, seed): self.s = seed & M
            def next(self):
                self.s = (self.s + 0x9E3779B97F4A7C15) & M
                z = self.s
                z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
                z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
                return z ^ (z >> 31)
            def below(self, n):
                while True:
                    product = self.next() * n
                    if (product & M) >= (1 << 64) % n: return product >> 64
        groups = [(np.array(r), np.array(p)) for r, p in zip(data['reference'], data['prediction'])]
        draws, mae, rmse, r2, shares = Draws(data['seed']), [], [], [], []
        for _ in range(data['resamples']):
            chosen = [groups[draws.below(len(groups))] for _ in groups]
            r, p = np.concatenate([g[0] for g in chosen]), np.concatenate([g[1] for g in chosen])
            e = np.abs(p - r)
            mae.append(e.mean()); rmse.append(np.sqrt((e ** 2).mean())); r2.append(1 - (e ** 2).sum() / ((r - r.mean()) ** 2).sum())
            shares.append([100 * (e <= at).mean() for at in data['at']])
        tails = [(100 - data['confidence']) / 2, (100 + data['confidence']) / 2]
        result = {n: list(np.percentile(v, tails)) for n, v in (('mae', mae), ('rmse', rmse), ('r2', r2))}
        result['low'], result['high'] = np.percentile(np.array(shares), tails, axis=0).tolist()
        """;

    [Theory]
    [InlineData(0, 95)]
    [InlineData(-17, 68)]
    public void Intervals_are_those_of_numpy_with_the_same_draws(long seed, double confidence)
    {
        SystemPython.SkipUnlessThere("numpy");
        MlipError error = MlipErrors.Measure(SyntheticErrors.Pairs(frames: 40, groups: 7, noise: 0.2)).Single(e => e.Quantity == ErrorQuantity.ForceComponent);
        string[] groups = [.. error.Frames.Select(f => f.Group).Distinct()];
        double[] at = [0.01, 0.05, 0.1, 0.3];
        double[][] Values(ImmutableArray<double> all) => [.. groups.Select(g => error.Frames.Where(f => f.Group == g).SelectMany(f => all.AsSpan().Slice(f.FirstValue, f.ValueCount).ToArray()).ToArray())];
        JsonElement expected = SystemPython.Run(Script, new { reference = Values(error.Points!.Reference), prediction = Values(error.Points.Prediction), seed, confidence, resamples = 300, at });
        var bootstrap = new GroupBootstrap(300, confidence, seed);
        ErrorIntervals found = bootstrap.Intervals(error);
        Assert.Equal(7, found.GroupCount);
        Same("mae", found.MAE!);
        Same("rmse", found.RMSE!);
        Same("r2", found.R2!);
        ErrorCurveBand band = bootstrap.CurveBand(error, at)!;
        Assert.Equal(expected.GetProperty("low").EnumerateArray().Select(v => Math.Round(v.GetDouble(), 9)), band.Low.Select(v => Math.Round(v, 9)));
        Assert.Equal(expected.GetProperty("high").EnumerateArray().Select(v => Math.Round(v.GetDouble(), 9)), band.High.Select(v => Math.Round(v, 9)));

        void Same(string name, ConfidenceInterval interval)
        {
            Assert.Equal(expected.GetProperty(name)[0].GetDouble(), interval.Low, 10);
            Assert.Equal(expected.GetProperty(name)[1].GetDouble(), interval.High, 10);
        }
    }

    /// <summary>Of intervals of 90 % about nine in ten hold the truth, though the values of a group resemble each other; drawing single values would hold it far less often.</summary>
    [Fact]
    public void Intervals_hold_the_truth_as_often_as_they_say()
    {
        var random = new Random(3);
        int held = 0, rounds = TestEffort.Of(150, 600, 600);
        for (int round = 0; round < rounds; round++)
        {
            var samples = new ErrorSamples(ErrorQuantity.EnergyPerAtom, "eV/atom");
            int index = 0;
            foreach (FramePair pair in SyntheticErrors.Pairs(frames: 300, groups: 30, noise: 0).OrderBy(p => p.Reference.GroupId))
            {
                samples.Begin(pair, pair.Reference.GroupId!, true, true);
                samples.Add(index, index);
                index++;
            }

            // Each group has an error of its own, exponentially distributed with mean 1, and ten values that share it.
            MlipError plain = samples.ToError(new(), null);
            double[] own = [.. Enumerable.Range(0, 30).Select(_ => -Math.Log(1 - random.NextDouble()))];
            MlipError error = plain with { AbsoluteErrors = [.. Enumerable.Range(0, 300).Select(i => own[i / 10])] };
            ConfidenceInterval interval = new GroupBootstrap(200, 90, round).Intervals(error).MAE!;
            held += interval.Low <= 1 && 1 <= interval.High ? 1 : 0;
        }

        // The percentile interval of thirty skewed values holds somewhat less than it says: 0.80 to 0.95 leaves five standard errors.
        Assert.InRange(held / (double)rounds, 0.75, 0.97);
    }

    [Fact]
    public void One_group_has_no_interval_and_a_constant_reference_no_interval_of_R2()
    {
        MlipError alone = MlipErrors.Measure(SyntheticErrors.Pairs(5, 1, 0.1)).First();
        Assert.Equal(new ErrorIntervals(1, null, null, null), new GroupBootstrap().Intervals(alone));
        Assert.Null(new GroupBootstrap().CurveBand(alone, [0.1]));
        MlipError two = MlipErrors.Measure(SyntheticErrors.Pairs(5, 2, 0.1)).First();
        ErrorIntervals flat = new GroupBootstrap().Intervals(two with { Points = two.Points! with { Reference = [.. two.Points.Reference.Select(_ => -7.4)] } });
        Assert.NotNull(flat.MAE);
        Assert.Null(flat.R2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_and_another_gives_another()
    {
        MlipError error = MlipErrors.Measure(SyntheticErrors.Pairs(20, 5, 0.1)).First();
        Assert.Equal(new GroupBootstrap(seed: 5).Intervals(error), new GroupBootstrap(seed: 5).Intervals(error));
        Assert.NotEqual(new GroupBootstrap(seed: 5).Intervals(error), new GroupBootstrap(seed: 6).Intervals(error));
        Assert.Equal("ConfidenceOutOfRange", Assert.Throws<AtomProNetException>(() => new GroupBootstrap(confidence: 100)).ErrorId);
        Assert.Equal("TooFewResamples", Assert.Throws<AtomProNetException>(() => new GroupBootstrap(99)).ErrorId);
    }
}
