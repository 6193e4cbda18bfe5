using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>How far the labels may lie from those of the finest setting.</summary>
/// <param name="Energy">eV per atom.</param>
/// <param name="Force">eV/Å, the largest component of any force; null where forces do not matter.</param>
/// <param name="Stress">GPa, the largest component; null where stress does not matter.</param>
public sealed record ConvergencePrecision(double Energy = 0.001, double? Force = 0.01, double? Stress = 0.1);

/// <summary>The labels of one setting, beside those of the finest one.</summary>
/// <param name="Value">The setting.</param>
/// <param name="EnergyPerAtom">eV per atom.</param>
/// <param name="EnergyDifference">To the finest setting, eV per atom.</param>
/// <param name="ForceDifference">The largest change of a force component, eV/Å; null without forces.</param>
/// <param name="StressDifference">The largest change of a stress component, GPa; null without stress.</param>
/// <param name="IsPrecise">Whether all that is asked for is met by this setting and by every finer one.</param>
/// <param name="Source">The file.</param>
public sealed record ConvergencePoint(double Value, double EnergyPerAtom, double EnergyDifference, double? ForceDifference, double? StressDifference, bool IsPrecise, string? Source)
{
    /// <summary>The setting and its differences in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}: ΔE {EnergyDifference:G4} eV/atom, ΔF {ForceDifference:G4} eV/Å, Δσ {StressDifference:G4} GPa");
}

/// <summary>The verdict on one setting of one structure. Immutable.</summary>
/// <param name="Quantity">The setting that was varied.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Structure">What was computed.</param>
/// <param name="EnergyKind">Which energy was compared: F, but for smearing the one extrapolated to σ→0.</param>
/// <param name="Reference">The finest setting, which all are compared with.</param>
/// <param name="Recommended">The cheapest setting that, with all finer ones, meets the precision; null where only the finest does, which proves nothing.</param>
/// <param name="Precision">What was asked for.</param>
/// <param name="Points">The settings, cheapest first.</param>
/// <param name="Findings">What was noticed.</param>
public sealed record DftConvergence(ConvergenceQuantity Quantity, string Unit, string Structure, EnergyKind EnergyKind, double Reference, double? Recommended, ConvergencePrecision Precision, ImmutableArray<ConvergencePoint> Points, ImmutableArray<Finding> Findings)
{
    /// <summary>The verdict in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Structure}, {Quantity}: {(Recommended is { } r ? $"{r} {Unit} suffices" : "not converged")}");

    /// <summary>Compares calculations of one structure that differ in numerical settings.</summary>
    /// <param name="frames">One frame for each setting, of any number of structures and quantities.</param>
    /// <param name="precision">What is asked for.</param>
    /// <returns>One verdict for each structure and quantity.</returns>
    /// <exception cref="AtomProNetException">A frame has no energy, cannot be placed, or geometries within a series differ.</exception>
    public static ImmutableArray<DftConvergence> Measure(IEnumerable<Frame> frames, ConvergencePrecision precision)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(precision);
        return [.. ConvergenceGrouping.Of([.. frames]).Select(series => Verdict(series, precision))];
    }

    private static DftConvergence Verdict(ConvergenceGrouping series, ConvergencePrecision precision)
    {
        ConvergenceQuantity quantity = series.Quantity;
        // Cheapest first.
        List<(double Value, Frame Frame)> members = [.. series.Members.OrderBy(m => quantity == ConvergenceQuantity.CutoffEnergy ? m.Value : -m.Value)];
        Frame finest = members[^1].Frame;
        // F drops with the width itself; what smearing should leave alone is the energy at σ→0.
        EnergyKind kind = quantity == ConvergenceQuantity.SmearingWidth && members.All(m => m.Frame.EnergySigmaToZero is not null) ? EnergyKind.SigmaToZero : finest.EnergyKind!.Value;
        var findings = new List<Finding>();
        var points = new ConvergencePoint[members.Count];
        bool precise = true;
        for (int i = members.Count - 1; i >= 0; i--)
        {
            (double value, Frame frame) = members[i];
            double energy = frame.GetEnergy(kind) ?? throw new AtomProNetException(ErrorKind.InvalidData, "ConvergenceEnergyMissing", $"A frame does not have the energy ({kind}) that the finest setting has.", value: frame.ToString());
            double difference = (energy - finest.GetEnergy(kind)!.Value) / frame.Structure.AtomCount;
            double? force = ForceDifference(frame, finest), stress = StressDifference(frame, finest);
            precise &= Math.Abs(difference) <= precision.Energy && Within(force, precision.Force) && Within(stress, precision.Stress);
            points[i] = new(value, energy / frame.Structure.AtomCount, difference, force, stress, precise, frame.Source?.ToString());
        }

        if (precision.Force is not null && points.Any(p => p.ForceDifference is null))
        {
            findings.Add(new(FindingSeverity.Warning, "ConvergenceWithoutForces", "Some calculations have no forces; their precision is not judged.", series.Name));
        }

        if (precision.Stress is not null && points.Any(p => p.StressDifference is null))
        {
            findings.Add(new(FindingSeverity.Warning, "ConvergenceWithoutStress", "Some calculations have no stress; its precision is not judged.", series.Name));
        }

        // The finest setting agrees with itself: alone it proves nothing.
        double? recommended = points.Length > 1 && points[^2].IsPrecise ? points.First(p => p.IsPrecise).Value : null;
        if (recommended is null)
        {
            findings.Add(new(FindingSeverity.Warning, "NotConverged", points.Length == 1 ? "There is only one setting to look at." : FormattableString.Invariant($"The two finest settings still differ by more than is asked for ({points[^2]})."), series.Name, "Add finer settings."));
        }

        return new(quantity, series.Unit, series.Name, kind, members[^1].Value, recommended, precision, [.. points], [.. findings]);
    }

    private static bool Within(double? difference, double? limit) => limit is not { } l || difference is not { } d || d <= l;

    private static double? ForceDifference(Frame frame, Frame finest)
    {
        if (frame.Forces is not { } f || finest.Forces is not { } g)
        {
            return null;
        }

        double largest = 0;
        for (int i = 0; i < f.Length; i++)
        {
            Vector3D d = f[i] - g[i];
            largest = Math.Max(largest, Math.Max(Math.Abs(d.X), Math.Max(Math.Abs(d.Y), Math.Abs(d.Z))));
        }

        return largest;
    }

    private static double? StressDifference(Frame frame, Frame finest)
    {
        if (frame.Stress is not { } s || finest.Stress is not { } t)
        {
            return null;
        }

        double[] a = [s.XX, s.YY, s.ZZ, s.YZ, s.XZ, s.XY], b = [t.XX, t.YY, t.ZZ, t.YZ, t.XZ, t.XY];
        return a.Zip(b, (x, y) => Math.Abs(x - y)).Max() * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal;
    }
}
