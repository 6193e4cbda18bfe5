using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots.Scales;

namespace AtomProNet.Tests.Plots;

public class ScaleTests
{
    private static readonly int Rounds = TestEffort.Of(3000, 100_000, 1_000_000);

    [Fact]
    public void Linear_ticks_are_few_round_ascending_and_within_the_range()
    {
        var random = new Random(1);
        for (int round = 0; round < Rounds; round++)
        {
            double width = Math.Pow(10, random.NextDouble() * 24 - 12), low = (random.NextDouble() - 0.5) * width * Math.Pow(10, random.Next(0, 6));
            int about = random.Next(1, 12);
            Scale scale = Scale.Linear(low, low + width);
            ImmutableArray<Tick> ticks = scale.Ticks(about);
            Assert.True(ticks.Length <= about + 1, $"{ticks.Length} ticks where there is room for {about}");
            // The next finer step would have had no room: at least a fifth of what there is room for stands there.
            Assert.True(ticks.Length >= about / 2.5 - 1, $"{ticks.Length} ticks where there is room for {about}");
            AssertAscending(scale, ticks);
            AssertEquallySpacedRoundNumbers(ticks);
        }
    }

    [Fact]
    public void A_label_says_where_its_tick_stands()
    {
        var random = new Random(2);
        for (int round = 0; round < Rounds; round++)
        {
            double width = Math.Pow(10, random.NextDouble() * 20 - 10), low = (random.NextDouble() - 0.5) * width * Math.Pow(10, random.Next(0, 5));
            Scale scale = round % 2 == 0 ? Scale.Linear(low, low + width) : Scale.Logarithmic(width, width * (1.1 + Math.Pow(10, random.Next(-1, 12))));
            foreach (Tick tick in scale.Ticks(random.Next(1, 10)).Where(t => t.IsMajor))
            {
                double read = Read(tick);
                Assert.True(Math.Abs(read - tick.Value) <= 1e-9 * (scale.High - scale.Low) + 1e-12 * Math.Abs(tick.Value), $"{tick} in {scale.Low} … {scale.High}");
            }
        }
    }

    [Fact]
    public void Labels_tell_ticks_apart()
    {
        var random = new Random(3);
        for (int round = 0; round < Rounds; round++)
        {
            double at = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 8)), width = Math.Max(Math.Abs(at) * 1e-9, 1e-12) * Math.Pow(10, random.NextDouble() * 9);
            string[] labels = [.. Scale.Linear(at, at + width).Ticks(6).Select(t => t.Label + "^" + t.Exponent)];
            Assert.Equal(labels.Length, labels.Distinct().Count());
        }
    }

    [Fact]
    public void Logarithmic_ticks_ascend_within_the_range_and_have_labels()
    {
        var random = new Random(4);
        for (int round = 0; round < Rounds; round++)
        {
            double low = Math.Pow(10, random.NextDouble() * 30 - 15), high = low * Math.Pow(10, 0.05 + random.NextDouble() * random.Next(1, 20));
            int about = random.Next(2, 10);
            Scale scale = Scale.Logarithmic(low, high);
            ImmutableArray<Tick> ticks = scale.Ticks(about);
            AssertAscending(scale, ticks);
            Assert.InRange(ticks.Count(t => t.IsMajor), 1, about + 1);
            if (high / low > 1000)
            {
                Assert.All(ticks.Where(t => t.IsMajor), t => Assert.Equal(Math.Round(Math.Log10(t.Value)), Math.Log10(t.Value), 9));
            }
        }
    }

    [Fact]
    public void Positions_follow_from_the_definition_and_come_back()
    {
        var random = new Random(5);
        for (int round = 0; round < Rounds; round++)
        {
            double low = (random.NextDouble() - 0.5) * 1e3, high = low + random.NextDouble() * 1e3 + 1e-3, value = low + (high - low) * (random.NextDouble() * 1.4 - 0.2);
            Scale linear = Scale.Linear(low, high);
            Assert.Equal((value - low) / (high - low), linear.Position(value), 10);
            Assert.Equal(value, linear.Value(linear.Position(value)), 8);
            Scale logarithmic = Scale.Logarithmic(Math.Exp(low / 50), Math.Exp(high / 50));
            // Whatever the base of the logarithm.
            Assert.Equal((value - low) / (high - low), logarithmic.Position(Math.Exp(value / 50)), 7);
        }
    }

    [Fact]
    public void Order_is_kept_and_reversed_categories_reverse_it()
    {
        var random = new Random(6);
        for (int round = 0; round < Rounds; round++)
        {
            double a = Math.Exp(random.NextDouble() * 20 - 10), b = a * (1 + random.NextDouble() + 1e-6);
            Assert.True(Scale.Linear(-3, 1000).Position(a) < Scale.Linear(-3, 1000).Position(b));
            Assert.True(Scale.Logarithmic(1e-5, 1e5).Position(a) < Scale.Logarithmic(1e-5, 1e5).Position(b));
        }

        Scale names = Scale.Category(["a", "b", "c"], isReversed: true);
        Assert.Equal([5 / 6.0, 0.5, 1 / 6.0], Enumerable.Range(0, 3).Select(i => Math.Round(names.Position(i), 12)).Select(p => Math.Round(p * 6) / 6));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    [InlineData(-7.3971234567, -7.3971234567)]
    [InlineData(1e300, 1e300)]
    [InlineData(1e-300, 1e-300)]
    [InlineData(-1.7e308, 1.7e308)]
    [InlineData(3, 2)]
    public void Every_range_has_width_and_ticks(double low, double high)
    {
        Scale scale = Scale.Linear(low, high);
        Assert.True(scale.Low < scale.High);
        Assert.True(double.IsFinite(scale.High - scale.Low));
        Assert.InRange(scale.Ticks(5).Length, 1, 6);
    }

    [Fact]
    public void What_has_no_place_has_none()
    {
        Assert.Equal(double.NaN, Scale.Linear(0, 1).Position(double.NaN));
        Assert.Equal(double.NaN, Scale.Linear(0, 1).Position(double.PositiveInfinity));
        Assert.Equal(double.NaN, Scale.Logarithmic(1, 10).Position(0));
        Assert.Equal(double.NaN, Scale.Logarithmic(1, 10).Position(-1));
    }

    private static void AssertAscending(Scale scale, ImmutableArray<Tick> ticks)
    {
        for (int i = 0; i < ticks.Length; i++)
        {
            Assert.InRange(scale.Position(ticks[i].Value), -1e-9, 1 + 1e-9);
            Assert.True(i == 0 || ticks[i].Value > ticks[i - 1].Value);
        }
    }

    /// <summary>Every tick is a whole multiple of 1, 2 or 5 times a power of ten, found by a way of its own: from the difference of two.</summary>
    private static void AssertEquallySpacedRoundNumbers(ImmutableArray<Tick> ticks)
    {
        if (ticks.Length < 3)
        {
            return;
        }

        double step = (ticks[^1].Value - ticks[0].Value) / (ticks.Length - 1);
        double leading = step / Math.Pow(10, Math.Floor(Math.Log10(step * (1 + 1e-9))));
        Assert.Contains(new[] { 1.0, 2, 5 }, d => Math.Abs(d - leading) < 1e-4);
        for (int i = 1; i < ticks.Length; i++)
        {
            Assert.True(Math.Abs(ticks[i].Value - ticks[i - 1].Value - step) < 1e-6 * step + 1e-13 * Math.Abs(ticks[i].Value));
        }
    }

    private static double Read(Tick tick)
    {
        string text = tick.Label.Replace('\u2212', '-'), exponent = tick.Exponent.Replace('\u2212', '-');
        int power = exponent.Length == 0 ? 0 : int.Parse(exponent, CultureInfo.InvariantCulture);
        if (exponent.Length > 0)
        {
            text = text == "10" ? "1" : text[..text.IndexOf('×', StringComparison.Ordinal)];
        }

        return double.Parse(text + "e" + power.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
