using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Lammps.Benchmarks;

/// <summary>The paper's figures of speed: against size (4a), against CPUs (4b), against the interval of charge equilibration (S1).</summary>
public static class MDScalingFigures
{
    /// <summary>One figure for each variable that was compared, both axes logarithmic: points with their fitted lines; against CPUs with ideal scaling, and the parallel efficiency below.</summary>
    public static ImmutableArray<Figure> Of(IEnumerable<MDScaling> scalings) =>
        [.. scalings.GroupBy(s => s.Variable).OrderBy(g => g.Key).Select(g => Of(g.Key, [.. g]))];

    private static Figure Of(ScalingVariable variable, MDScaling[] scalings)
    {
        (string name, string label) = variable switch
        {
            ScalingVariable.Size => ("speed-size", "size γ"),
            ScalingVariable.AtomCount => ("speed-atoms", "atoms"),
            ScalingVariable.CpuCount => ("speed-cpus", "CPUs"),
            _ => ("speed-charge-interval", "steps between charge equilibrations"),
        };
        bool oneSetting = scalings.Select(s => s.At).Distinct().Count() == 1;
        var speeds = ImmutableArray.CreateBuilder<Mark>();
        var efficiencies = ImmutableArray.CreateBuilder<Mark>();
        efficiencies.Add(RuleMark.Horizontal(100));
        for (int i = 0; i < scalings.Length; i++)
        {
            MDScaling s = scalings[i];
            ImmutableArray<double> x = [.. s.Points.Select(p => p.Value)], y = [.. s.Points.Select(p => p.PicosecondsPerHour)];
            if (variable == ScalingVariable.CpuCount)
            {
                // Thin: as many times the speed as there are CPUs.
                ImmutableArray<double> ends = [x[0], x[^1]];
                speeds.Add(new LineMark(ends, [.. ends.Select(p => y[0] * p / x[0])]) { Style = i, Width = 0.6 });
                speeds.Add(new LineMark(x, y) { Style = i, IsDashed = false });
                ImmutableArray<double> efficiency = [.. s.Points.Select(p => 100 * p.ParallelEfficiency!.Value)];
                efficiencies.Add(new LineMark(x, efficiency) { Style = i, IsDashed = false });
                efficiencies.Add(new PointMark(x, efficiency) { Style = i, Size = 4 });
            }
            else if (s is { Slope: { } m, Intercept: { } b })
            {
                ImmutableArray<double> ends = [x[0], x[^1]];
                speeds.Add(new LineMark(ends, [.. ends.Select(v => Math.Pow(10, b + m * Math.Log10(v)))]) { Style = i });
            }

            speeds.Add(new PointMark(x, y)
            {
                Name = (oneSetting ? s.Potential : $"{s.Potential}, {s.At}") + (s.Slope is { } slope ? string.Create(CultureInfo.InvariantCulture, $" (slope {slope:F2})").Replace('-', '\u2212') : ""),
                Style = i,
                Size = 4,
                Tooltips = [.. s.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{s.Potential}: {p.PicosecondsPerHour:G4} ps/h at {p.Value}"))],
            });
        }

        string at = oneSetting ? $", {scalings[0].At}" : "";
        var speed = new Panel(Axis.Logarithmic(label), Axis.Logarithmic("simulated time per hour (ps)"), speeds.ToImmutable());
        return variable == ScalingVariable.CpuCount
            ? new(name, "Speed against the number of CPUs", [speed, new(Axis.Logarithmic(label), Axis.Linear("efficiency (%)", 0), efficiencies.ToImmutable()) { Aspect = 0.3 }])
            {
                SharesX = true,
                Caption = $"Simulated time within one hour of wall time{at}. Thin lines: ideal scaling from the smallest number of CPUs; below, the parallel efficiency against it.",
            }
            : new(name, $"Speed against {label}", [speed]) { Caption = $"Simulated time within one hour of wall time{at}; lines are least squares of the logarithms." };
    }
}
