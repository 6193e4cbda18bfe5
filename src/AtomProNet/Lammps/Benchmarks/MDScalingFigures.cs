using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Lammps.Benchmarks;

/// <summary>The paper's figures of speed: against size (4a), against CPUs (4b), against the interval of charge equilibration (S1).</summary>
public static class MDScalingFigures
{
    /// <summary>One figure for each variable that was compared, both axes logarithmic, points with their fitted lines.</summary>
    public static ImmutableArray<Figure> Of(IEnumerable<MDScaling> scalings) =>
        [.. scalings.GroupBy(s => s.Variable).OrderBy(g => g.Key).Select(g => Of(g.Key, [.. g]))];

    private static Figure Of(ScalingVariable variable, MDScaling[] scalings)
    {
        (string name, string label) = variable switch
        {
            ScalingVariable.Size => ("speed-size", "Size γ"),
            ScalingVariable.AtomCount => ("speed-atoms", "Atoms"),
            ScalingVariable.CpuCount => ("speed-cpus", "CPUs"),
            _ => ("speed-charge-interval", "Steps between charge equilibrations"),
        };
        bool oneSetting = scalings.Select(s => s.At).Distinct().Count() == 1;
        var marks = ImmutableArray.CreateBuilder<Mark>();
        for (int i = 0; i < scalings.Length; i++)
        {
            MDScaling s = scalings[i];
            ImmutableArray<double> x = [.. s.Points.Select(p => p.Value)], y = [.. s.Points.Select(p => p.PicosecondsPerHour)];
            marks.Add(new PointMark(x, y)
            {
                Name = (oneSetting ? s.Potential : $"{s.Potential}, {s.At}") + (s.Slope is { } slope ? string.Create(CultureInfo.InvariantCulture, $" (slope {slope:F2})") : ""),
                Style = i,
                Tooltips = [.. s.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{s.Potential}: {p.PicosecondsPerHour:G4} ps/h at {p.Value}"))],
            });
            if (s is { Slope: { } m, Intercept: { } b })
            {
                ImmutableArray<double> ends = [x[0], x[^1]];
                marks.Add(new LineMark(ends, [.. ends.Select(v => Math.Pow(10, b + m * Math.Log10(v)))]) { Style = i });
            }
        }

        var panel = new Panel(Axis.Logarithmic(label), Axis.Logarithmic("Simulated time per hour / ps"), marks.ToImmutable());
        return new(name, $"Speed against {label.ToLowerInvariant()}", [panel])
        {
            Caption = oneSetting ? $"Simulated time within one hour of wall time, {scalings[0].At}; lines are least squares of the logarithms." : "Simulated time within one hour of wall time; lines are least squares of the logarithms.",
        };
    }
}
