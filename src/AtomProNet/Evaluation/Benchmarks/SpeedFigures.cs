using System.Collections.Immutable;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Evaluation.Benchmarks;

/// <summary>The speed of one potential at several sizes or numbers of processors.</summary>
/// <param name="Name">The potential.</param>
/// <param name="Sizes">The size of the cell (such as γ of 20 γ³ atoms, or the number of atoms) or the number of processors.</param>
/// <param name="Speeds">The speed at each.</param>
/// <param name="Slope">The slope of a straight line through the logarithms; null: no line is drawn.</param>
/// <param name="Intercept">Its decadic logarithm of the speed at size 1.</param>
public sealed record SpeedSeries(string Name, ImmutableArray<double> Sizes, ImmutableArray<double> Speeds, double? Slope = null, double? Intercept = null);

/// <summary>The figures of a benchmark of molecular dynamics: speed against size and against the number of processors.</summary>
public static class SpeedFigures
{
    /// <summary>Speed against size on logarithmic axes, with the fits.</summary>
    /// <param name="series">One a potential.</param>
    /// <param name="sizeLabel">What the x axis shows, such as <c>size γ</c> or <c>atoms</c>.</param>
    /// <param name="speedLabel">What the y axis shows, with the unit, such as <c>simulated time in one hour (ps)</c>.</param>
    public static Figure AgainstSize(ImmutableArray<SpeedSeries> series, string sizeLabel, string speedLabel)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>();
        for (int i = 0; i < series.Length; i++)
        {
            SpeedSeries s = series[i];
            if (s is { Slope: { } slope, Intercept: { } intercept } && s.Sizes.Length > 1)
            {
                ImmutableArray<double> ends = [s.Sizes.Min(), s.Sizes.Max()];
                marks.Add(new LineMark(ends, [.. ends.Select(x => Math.Pow(10, intercept + slope * Math.Log10(x)))]) { Style = i });
            }

            string fit = s.Slope is { } exponent ? FormattableString.Invariant($", slope {exponent:F2}").Replace('-', '\u2212') : "";
            marks.Add(new PointMark(s.Sizes, s.Speeds) { Style = i, Name = s.Name + fit, Size = 4 });
        }

        return new("speed-against-size", "Speed against size", [new(Axis.Logarithmic(sizeLabel), Axis.Logarithmic(speedLabel), marks.ToImmutable())]) { Caption = "Lines: straight lines through the logarithms." };
    }

    /// <summary>Speed against the number of processors on logarithmic axes, beside ideal scaling from the smallest number, and below the parallel efficiency.</summary>
    /// <param name="series">One a potential; sizes are numbers of processors.</param>
    /// <param name="speedLabel">What the y axis shows, with the unit.</param>
    public static Figure AgainstProcessors(ImmutableArray<SpeedSeries> series, string speedLabel)
    {
        var speeds = ImmutableArray.CreateBuilder<Mark>();
        var efficiencies = ImmutableArray.CreateBuilder<Mark>();
        efficiencies.Add(RuleMark.Horizontal(100));
        for (int i = 0; i < series.Length; i++)
        {
            (double Processors, double Speed)[] points = [.. series[i].Sizes.Zip(series[i].Speeds).Order()];
            if (points.Length == 0)
            {
                continue;
            }

            (double first, double speed) = points[0];
            ImmutableArray<double> x = [.. points.Select(p => p.Processors)], ends = [first, points[^1].Processors];
            speeds.Add(new LineMark(ends, [.. ends.Select(p => speed * p / first)]) { Style = i, Width = 0.6 });
            speeds.Add(new LineMark(x, [.. points.Select(p => p.Speed)]) { Style = i, IsDashed = false });
            speeds.Add(new PointMark(x, [.. points.Select(p => p.Speed)]) { Style = i, Name = series[i].Name, Size = 4 });
            ImmutableArray<double> efficiency = [.. points.Select(p => 100 * p.Speed / speed * first / p.Processors)];
            efficiencies.Add(new LineMark(x, efficiency) { Style = i, IsDashed = false });
            efficiencies.Add(new PointMark(x, efficiency) { Style = i, Size = 4 });
        }

        return new("speed-against-processors", "Speed against the number of processors",
        [
            new(Axis.Logarithmic("processors"), Axis.Logarithmic(speedLabel), speeds.ToImmutable()),
            new(Axis.Logarithmic("processors"), Axis.Linear("efficiency (%)", 0), efficiencies.ToImmutable()) { Aspect = 0.3 },
        ])
        { SharesX = true, Caption = "Thin lines: ideal scaling from the smallest number of processors. Below: the parallel efficiency against it." };
    }
}
