using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation.EquationsOfState;

/// <summary>One volume of an equation of state.</summary>
/// <param name="Volume">The volume of the cell, Å³.</param>
/// <param name="Energy">The energy of the cell, eV.</param>
/// <param name="FittedEnergy">What the curve says there, eV.</param>
/// <param name="Pressure">The pressure −tr(σ)/3 that the frame was labelled with, GPa; null without stress.</param>
/// <param name="FittedPressure">The pressure −dE/dV of the curve, GPa.</param>
/// <param name="Source">The file and step; null where it was not read from a file.</param>
public sealed record EquationOfStatePoint(double Volume, double Energy, double FittedEnergy, double? Pressure, double FittedPressure, FrameSource? Source)
{
    /// <summary>Energy − fitted energy, eV.</summary>
    public double Residual => Energy - FittedEnergy;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Volume:G9} Å³: {Energy:G12} eV, residual {Residual:G4} eV");
}

/// <summary>
/// An equation of state E(V) fitted to energies: the volume, energy and bulk modulus at the minimum, each with its standard error
/// (from the covariance s²(JᵀJ)⁻¹ of the fit, s² = RSS/(n − 4); null with four points, which leave none). Immutable.
/// </summary>
public sealed record EquationOfState
{
    private readonly EquationOfStateCurve curve;

    private EquationOfState(EquationOfStateCurve curve) => this.curve = curve;

    /// <summary>The group that the frames descend from, or their formula; null for bare numbers.</summary>
    public string? Name { get; private init; }

    /// <summary>The curve.</summary>
    public EquationOfStateForm Form => curve.Form;

    /// <summary>The formula of the cell; null for bare numbers.</summary>
    public string? Formula { get; private init; }

    /// <summary>The number of atoms of the cell; null for bare numbers.</summary>
    public int? AtomCount { get; private init; }

    /// <summary>The volume of the cell at the minimum, Å³.</summary>
    public double V0 => curve.V0;

    /// <summary>The energy of the cell at the minimum, eV.</summary>
    public double E0 => curve.E0;

    /// <summary>The bulk modulus at the minimum, GPa.</summary>
    public double B0 => curve.B0 * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal;

    /// <summary>dB/dP at the minimum.</summary>
    public double B0Prime => curve.B0Prime;

    /// <summary>The standard error of <see cref="V0"/>, Å³.</summary>
    public double? V0Error { get; private init; }

    /// <summary>The standard error of <see cref="E0"/>, eV.</summary>
    public double? E0Error { get; private init; }

    /// <summary>The standard error of <see cref="B0"/>, GPa.</summary>
    public double? B0Error { get; private init; }

    /// <summary>The standard error of <see cref="B0Prime"/>.</summary>
    public double? B0PrimeError { get; private init; }

    /// <summary><see cref="V0"/> per atom, Å³; null for bare numbers.</summary>
    public double? V0PerAtom => V0 / AtomCount;

    /// <summary><see cref="E0"/> per atom, eV; null for bare numbers.</summary>
    public double? E0PerAtom => E0 / AtomCount;

    /// <summary>
    /// The lattice at <see cref="V0"/>, where all cells have one shape (a hydrostatic series); null where they do not: then the curve
    /// does not say which shape belongs to the minimum.
    /// </summary>
    public Lattice? Lattice { get; private init; }

    /// <summary>Which energy was fitted; null for bare numbers.</summary>
    public EnergyKind? EnergyKind { get; private init; }

    /// <summary>The root of the mean squared residual, eV.</summary>
    public double RMSE => Math.Sqrt(Points.Average(p => p.Residual * p.Residual));

    /// <summary>The largest residual, eV.</summary>
    public double MaximumResidual => Points.Max(p => Math.Abs(p.Residual));

    /// <summary>The coefficient of determination of the energies.</summary>
    public double R2
    {
        get
        {
            double mean = Points.Average(p => p.Energy);
            return 1 - Points.Sum(p => p.Residual * p.Residual) / Points.Sum(p => (p.Energy - mean) * (p.Energy - mean));
        }
    }

    /// <summary>Whether the minimum lies between the smallest and the largest volume; outside, the result is an extrapolation.</summary>
    public bool IsBracketed => V0 > Points[0].Volume && V0 < Points[^1].Volume;

    /// <summary>
    /// The mean of the labelled pressures minus the pressures −dE/dV of the curve, GPa; null without stress. Far from zero the stresses
    /// and the energies contradict each other: an unfinished basis (Pulay stress), another energy than the one that forces derive
    /// from, a wrong unit or sign.
    /// </summary>
    public double? MeanPressureDifference
    {
        get
        {
            double[] differences = [.. Points.Where(p => p.Pressure is not null).Select(p => p.Pressure!.Value - p.FittedPressure)];
            return differences.Length == 0 ? null : differences.Average();
        }
    }

    /// <summary>The points, by volume.</summary>
    public ImmutableArray<EquationOfStatePoint> Points { get; private init; }

    /// <summary>What was noticed.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Fits volumes and energies of one cell.</summary>
    /// <param name="form">The curve.</param>
    /// <param name="volumes">Å³.</param>
    /// <param name="energies">eV, one for each volume.</param>
    /// <exception cref="AtomProNetException">The numbers of them differ, there are fewer than four volumes, or the energies have no minimum.</exception>
    public static EquationOfState Fit(EquationOfStateForm form, IReadOnlyList<double> volumes, IReadOnlyList<double> energies)
    {
        if (volumes.Count != energies.Count)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "EquationOfStateCountsDiffer", $"There are {volumes.Count} volumes and {energies.Count} energies.", remedy: "Give one energy for each volume.");
        }

        return Fit(form, [.. volumes.Select((v, i) => (v, energies[i], (double?)null, (FrameSource?)null))]);
    }

    /// <summary>Fits the frames of a series: volumes of one crystal, scaled (or relaxed at their volumes), at one energy each.</summary>
    /// <param name="series">The frames; those that are no points of E(V) are left out, and a finding says so.</param>
    /// <param name="form">The curve.</param>
    /// <param name="kind">Which energy; null: the free energy where there is one, else what there is.</param>
    /// <exception cref="AtomProNetException">Frames lack the energy or a cell, or were computed in different ways; or the fit fails.</exception>
    public static EquationOfState Fit(FrameSeries series, EquationOfStateForm form = EquationOfStateForm.BirchMurnaghan, EnergyKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        (ImmutableArray<Frame> frames, EnergyKind used, ImmutableArray<Finding> findings) = EquationOfStateFrames.Of(series, kind);
        EquationOfState fit = Fit(form, [.. frames.Select(f => (
            f.Structure.Volume!.Value,
            f.GetEnergy(used)!.Value,
            f.Stress?.Pressure * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal,
            f.Source))]);
        fit = fit with
        {
            Name = series.Name,
            Formula = frames[0].Structure.Composition.Formula,
            AtomCount = frames[0].Structure.AtomCount,
            EnergyKind = used,
            Lattice = EquationOfStateFrames.Scaled(frames, fit.V0),
        };
        return fit with { Findings = [.. findings, .. fit.Findings, .. fit.Contradiction()] };
    }

    /// <summary>The energy of the curve at a volume, eV.</summary>
    public double EnergyAt(double volume) => curve.Energy(volume);

    /// <summary>The pressure −dE/dV of the curve at a volume, GPa.</summary>
    public double PressureAt(double volume) => curve.Pressure(volume) * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal;

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name ?? "E(V)"}, {Form}: V0 = {V0:G7} Å³, E0 = {E0:G9} eV, B0 = {B0:G5} GPa, B0′ = {B0Prime:G4}");

    /// <inheritdoc/>
    public bool Equals(EquationOfState? other) => other is not null && curve == other.curve && Name == other.Name && Points.SequenceEqual(other.Points);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(curve, Name, Points.Length);

    private static EquationOfState Fit(EquationOfStateForm form, List<(double Volume, double Energy, double? Pressure, FrameSource? Source)> given)
    {
        given = [.. given.OrderBy(g => g.Volume)];
        (EquationOfStateCurve curve, double[]? errors) = EquationOfStateFit.Fit(form, [.. given.Select(g => g.Volume)], [.. given.Select(g => g.Energy)]);
        const double GPa = PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal;
        var fit = new EquationOfState(curve)
        {
            E0Error = errors?[0],
            V0Error = errors?[1],
            B0Error = errors?[2] * GPa,
            B0PrimeError = errors?[3],
            Points = [.. given.Select(g => new EquationOfStatePoint(g.Volume, g.Energy, curve.Energy(g.Volume), g.Pressure, curve.Pressure(g.Volume) * GPa, g.Source))],
        };
        return fit.IsBracketed ? fit : fit with
        {
            Findings =
            [
                new(FindingSeverity.Warning, "MinimumOutsideVolumes", string.Create(CultureInfo.InvariantCulture, $"The minimum ({fit.V0:G7} Å³) lies outside the volumes of the fit ({fit.Points[0].Volume:G7} to {fit.Points[^1].Volume:G7} Å³): V0, B0 and B0′ are extrapolated."), Advice: "Add volumes on the other side of the minimum."),
            ],
        };
    }

    private IEnumerable<Finding> Contradiction()
    {
        // Within a percent of the bulk modulus no cut-off matters for what people do with such a set.
        if (MeanPressureDifference is { } difference && Math.Abs(difference) > Math.Max(0.01 * B0, 0.2))
        {
            yield return new(FindingSeverity.Warning, "StressContradictsEnergy", string.Create(CultureInfo.InvariantCulture, $"The labelled pressures lie {difference:+0.###;-0.###} GPa from the pressures −dE/dV of the curve on average: energies and stresses contradict each other."), Name, "Look for a plane-wave cut-off that is too low (Pulay stress), or for another energy than the one that stresses derive from; Test-TrainingSet tells more.");
        }
    }
}
