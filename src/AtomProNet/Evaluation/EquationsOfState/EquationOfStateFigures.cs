using System.Collections.Immutable;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Evaluation.EquationsOfState;

/// <summary>Equations of state as figures: the energies with the curve and what it leaves, and the pressures.</summary>
public static class EquationOfStateFigures
{
    private const int CurvePoints = 200;

    /// <summary>
    /// One figure for E(V) with the residuals below, and where frames have stress one for P(V): the labelled pressures beside −dE/dV. Several
    /// fits of the same points share them; several crystals or potentials are drawn above their own minimum. Per atom where all fits know
    /// their atoms.
    /// </summary>
    /// <param name="fits">One or several fits.</param>
    /// <param name="names">What the legend calls them, one each; empty: what tells them apart.</param>
    public static ImmutableArray<Figure> Of(ImmutableArray<EquationOfState> fits, ImmutableArray<string> names = default)
    {
        if (fits.IsDefaultOrEmpty)
        {
            return [];
        }

        names = names.IsDefaultOrEmpty ? NamesOf(fits) : names;
        bool perAtom = fits.All(f => f.AtomCount > 0), isOneSet = fits.All(f => f.Points.Select(p => (p.Volume, p.Energy)).SequenceEqual(fits[0].Points.Select(p => (p.Volume, p.Energy))));
        string cell = perAtom ? "/atom" : "";
        var volume = Axis.Linear($"volume (Å³{cell})");
        var energies = ImmutableArray.CreateBuilder<Mark>();
        var residuals = ImmutableArray.CreateBuilder<Mark>();
        var pressures = ImmutableArray.CreateBuilder<Mark>();
        residuals.Add(RuleMark.Horizontal(0));
        for (int i = 0; i < fits.Length; i++)
        {
            EquationOfState fit = fits[i];
            double size = perAtom ? fit.AtomCount!.Value : 1, zero = isOneSet ? 0 : fit.E0;
            int style = i, own = isOneSet && fits.Length > 1 ? 6 : i;
            string? name = fits.Length > 1 ? names[i] : null;
            ImmutableArray<double> at = [.. fit.Points.Select(p => p.Volume / size)], grid = Grid(fit);
            ImmutableArray<double> drawn = [.. grid.Select(v => v / size)];
            energies.Add(new LineMark(drawn, [.. grid.Select(v => (fit.EnergyAt(v) - zero) / size)]) { Style = style, Name = name });
            residuals.Add(new PointMark(at, [.. fit.Points.Select(p => 1000 * p.Residual / size)]) { Style = style });
            pressures.Add(new LineMark(drawn, [.. grid.Select(fit.PressureAt)]) { Style = style, Name = name ?? "\u2212dE/dV of the fit" });
            if (!isOneSet || i == fits.Length - 1)
            {
                // One set of points lies on top of all its curves.
                energies.Add(new PointMark(at, [.. fit.Points.Select(p => (p.Energy - zero) / size)]) { Style = own });
                pressures.Add(new PointMark(at, [.. fit.Points.Select(p => p.Pressure ?? double.NaN)]) { Style = own, Name = isOneSet ? "stress of the frames" : null });
            }
        }

        string title = fits.Length == 1 ? $"Equation of state of {names[0]}" : "Equations of state";
        var result = ImmutableArray.CreateBuilder<Figure>();
        result.Add(new("equation-of-state", title,
        [
            new(volume, Axis.Linear($"{(isOneSet ? "energy" : "energy above minimum")} (eV{cell})"), energies.ToImmutable()) { Note = fits.Length == 1 ? NoteOf(fits[0], perAtom) : [], NoteCorner = PanelCorner.TopRight },
            new(volume, Axis.Linear($"residual (meV{cell})"), residuals.ToImmutable()) { Aspect = 0.26 },
        ])
        { SharesX = true, Caption = "Below: energy of the frames minus that of the fit." });
        if (fits.Any(f => f.Points.Any(p => p.Pressure is not null)))
        {
            result.Add(new("pressure-volume", $"Pressure against volume{(fits.Length == 1 ? $" of {names[0]}" : "")}", [new(volume, Axis.Linear("pressure (GPa)"), pressures.ToImmutable())])
            { Caption = "Points that lie off the line: energies and stresses contradict each other, most often by Pulay stress." });
        }

        return result.ToImmutable();
    }

    private static ImmutableArray<double> Grid(EquationOfState fit)
    {
        double low = fit.Points[0].Volume, high = fit.Points[^1].Volume;
        return [.. Enumerable.Range(0, CurvePoints + 1).Select(i => low + (high - low) * i / CurvePoints)];
    }

    private static ImmutableArray<string> NoteOf(EquationOfState fit, bool perAtom)
    {
        string volume = FormattableString.Invariant($"V₀ {(perAtom ? fit.V0PerAtom : fit.V0):G6} Å³{(perAtom ? "/atom" : "")}");
        return [volume, FormattableString.Invariant($"B₀ {fit.B0:G4} GPa"), FormattableString.Invariant($"B₀′ {fit.B0Prime:G3}")];
    }

    private static ImmutableArray<string> NamesOf(ImmutableArray<EquationOfState> fits)
    {
        bool hasNames = fits.Select(f => f.Name).Distinct().Count() > 1 || fits.Length == 1, hasForms = fits.Select(f => f.Form).Distinct().Count() > 1;
        return [.. fits.Select(f => (hasNames, hasForms) switch
        {
            (true, true) => $"{f.Name ?? "E(V)"}, {f.Form}",
            (true, false) => f.Name ?? "E(V)",
            _ => f.Form.ToString(),
        })];
    }
}
