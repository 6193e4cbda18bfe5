using System.Collections.Immutable;
using AtomProNet.Plots;

namespace AtomProNet.Calculations;

/// <summary>The two figures of a calculation's course: forces, and pressure with the change of the energy, against the ionic step.</summary>
public static class VerdictFigures
{
    /// <summary>Mean and maximum force, eV/Å, on a logarithmic axis.</summary>
    public static LineFigure Forces(CalculationVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return new(Title(verdict), "ionic step",
        [
            new("force (eV/Å)",
            [
                new("maximum", Points(verdict, s => s.MaximumForce)),
                new("mean", Points(verdict, s => s.MeanForce)),
            ], IsLogarithmic: true),
        ]);
    }

    /// <summary>Pressure, GPa, and log₁₀ of the change of the free energy per atom, eV.</summary>
    public static LineFigure PressureAndEnergy(CalculationVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return new(Title(verdict), "ionic step",
        [
            new("pressure (GPa)", [new("pressure", Points(verdict, s => s.Pressure))]),
            new("log₁₀ |ΔF| (eV/atom)", [new("energy change", Points(verdict, s => s.EnergyChangePerAtom is { } d && d != 0 ? Math.Log10(Math.Abs(d)) : null))]),
        ]);
    }

    private static string Title(CalculationVerdict verdict) => $"{Path.GetFileName(verdict.Folder.TrimEnd(Path.DirectorySeparatorChar))}: {verdict.Task}, {verdict.Exit}";

    private static ImmutableArray<(double, double?)> Points(CalculationVerdict verdict, Func<StepVerdict, double?> value) =>
        [.. verdict.Steps.Select(s => ((double)s.Step, value(s)))];
}
