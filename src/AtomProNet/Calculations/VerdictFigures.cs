using System.Collections.Immutable;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Calculations;

/// <summary>The two figures of a calculation's course: forces, and pressure with the change of the energy, against the ionic step.</summary>
public static class VerdictFigures
{
    private static readonly Axis Step = new("ionic step") { IsWhole = true };

    /// <summary>Mean and maximum force, eV/Å, on a logarithmic axis.</summary>
    public static Figure Forces(CalculationVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return new("forces", Title(verdict),
        [
            new(Step, Axis.Logarithmic("force (eV/Å)"), [.. Course(verdict, s => s.MaximumForce, 1, "maximum"), .. Course(verdict, s => s.MeanForce, 0, "mean")]) { Title = Title(verdict) },
        ]);
    }

    /// <summary>Pressure, GPa, and the change of the free energy per atom, eV, on a logarithmic axis.</summary>
    public static Figure PressureAndEnergy(CalculationVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return new("energy", Title(verdict),
        [
            new(Step, Axis.Linear("pressure (GPa)"), [.. Course(verdict, s => s.Pressure, 0, null)]) { Title = Title(verdict) },
            new(Step, Axis.Logarithmic("|ΔF| (eV/atom)"), [.. Course(verdict, s => s.EnergyChangePerAtom is { } d ? Math.Abs(d) : null, 0, null)]),
        ])
        { SharesX = true };
    }

    private static string Title(CalculationVerdict verdict) => $"{Path.GetFileName(verdict.Folder.TrimEnd(Path.DirectorySeparatorChar))}: {verdict.Task}, {verdict.Exit}";

    // Steps without the value are gaps; each step has its point where there are few enough to be told apart.
    private static IEnumerable<Mark> Course(CalculationVerdict verdict, Func<StepVerdict, double?> value, int style, string? name)
    {
        ImmutableArray<double> x = [.. verdict.Steps.Select(s => (double)s.Step)], y = [.. verdict.Steps.Select(s => value(s) ?? double.NaN)];
        yield return new LineMark(x, y) { Style = style, Name = name, IsDashed = false };
        if (x.Length <= 100)
        {
            yield return new PointMark(x, y) { Style = style, Size = 2.8 };
        }
    }
}
