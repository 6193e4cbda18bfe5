using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics;

namespace AtomProNet.Lammps.Benchmarks;

/// <summary>Along what runs of one potential are compared.</summary>
public enum ScalingVariable
{
    /// <summary>The paper's γ (Fig. 4a).</summary>
    Size,
    /// <summary>The number of atoms, where γ is not known.</summary>
    AtomCount,
    /// <summary>The number of CPUs at one size (Fig. 4b).</summary>
    CpuCount,
    /// <summary>The interval of charge equilibration (Fig. S1).</summary>
    ChargeInterval,
}

/// <summary>One run of a comparison.</summary>
/// <param name="Value">γ, atoms, CPUs or interval.</param>
/// <param name="PicosecondsPerHour">Its speed.</param>
/// <param name="AtomStepsPerSecond">Atoms times steps per second; null where the number of atoms is not known.</param>
/// <param name="Speedup">Its speed over that of the smallest value.</param>
/// <param name="ParallelEfficiency">Speed-up over the ratio of CPUs; only along CPUs.</param>
/// <param name="Source">The file.</param>
public sealed record ScalingPoint(double Value, double PicosecondsPerHour, double? AtomStepsPerSecond, double Speedup, double? ParallelEfficiency, string Source);

/// <summary>
/// How the speed of a potential goes with the size, the CPUs or the interval of charge equilibration: a straight line through log₁₀(ps/h)
/// against log₁₀ of the variable by least squares. Immutable.
/// </summary>
public sealed record MDScaling
{
    /// <summary>The potential.</summary>
    public required string Potential { get; init; }

    /// <summary>Along what.</summary>
    public required ScalingVariable Variable { get; init; }

    /// <summary>What all of them have in common, such as <c>1 CPU</c> or <c>γ = 50</c>.</summary>
    public required string At { get; init; }

    /// <summary>The slope; null with fewer than two values.</summary>
    public required double? Slope { get; init; }

    /// <summary>The intercept: log₁₀(ps/h) where the variable is 1; null with fewer than two values.</summary>
    public required double? Intercept { get; init; }

    /// <summary>The coefficient of determination of the logarithms; null with fewer than three values.</summary>
    public required double? R2 { get; init; }

    /// <summary>The runs, by the variable.</summary>
    public required ImmutableArray<ScalingPoint> Points { get; init; }

    /// <summary>Compares runs: along the size at each number of CPUs, along CPUs at each size, along the interval of charge equilibration.</summary>
    public static ImmutableArray<MDScaling> Measure(IEnumerable<MDBenchmark> benchmarks)
    {
        MDBenchmark[] all = [.. benchmarks];
        var result = ImmutableArray.CreateBuilder<MDScaling>();
        foreach (IGrouping<string, MDBenchmark> potential in all.GroupBy(b => b.Potential))
        {
            bool sized = potential.All(b => b.Size is not null);
            foreach (var group in potential.GroupBy(b => (b.CpuCount, b.ChargeInterval)).OrderBy(g => g.Key.CpuCount).ThenBy(g => g.Key.ChargeInterval))
            {
                Add(sized ? ScalingVariable.Size : ScalingVariable.AtomCount, $"{Cpus(group.Key.CpuCount)}{Charges(group.Key.ChargeInterval)}", group, b => sized ? b.Size : b.AtomCount);
            }

            foreach (var group in potential.GroupBy(b => (b.Size, b.AtomCount, b.ChargeInterval)).OrderBy(g => g.Key.AtomCount).ThenBy(g => g.Key.Size))
            {
                Add(ScalingVariable.CpuCount, SizeText(group.Key.Size, group.Key.AtomCount) + Charges(group.Key.ChargeInterval), group, b => b.CpuCount);
            }

            foreach (var group in potential.GroupBy(b => (b.Size, b.AtomCount, b.CpuCount)))
            {
                Add(ScalingVariable.ChargeInterval, $"{SizeText(group.Key.Size, group.Key.AtomCount)}, {Cpus(group.Key.CpuCount)}", group, b => b.ChargeInterval);
            }
        }

        return result.ToImmutable();

        void Add(ScalingVariable variable, string at, IEnumerable<MDBenchmark> runs, Func<MDBenchmark, double?> value)
        {
            (double Value, MDBenchmark Run)[] known = [.. runs.Select(r => (Value: value(r), Run: r)).Where(r => r.Value is > 0).Select(r => (r.Value!.Value, r.Run)).OrderBy(r => r.Item1).ThenBy(r => r.Run.Source, StringComparer.Ordinal)];
            if (known.Select(k => k.Value).Distinct().Count() > 1)
            {
                result.Add(Of(known, variable, at));
            }
        }
    }

    /// <summary>The line in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Potential}, {Variable} at {At}: slope {Slope:G6}, intercept {Intercept:G6}");

    private static string Cpus(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} CPU{(count == 1 ? "" : "s")}");

    private static string Charges(int? interval) => interval is > 1 ? string.Create(CultureInfo.InvariantCulture, $", charges every {interval}") : "";

    private static string SizeText(int? size, long? atoms) => size is not null ? string.Create(CultureInfo.InvariantCulture, $"γ = {size}") : string.Create(CultureInfo.InvariantCulture, $"{atoms} atoms");

    private static MDScaling Of((double Value, MDBenchmark Run)[] runs, ScalingVariable variable, string at)
    {
        double[] x = [.. runs.Select(r => Math.Log10(r.Value))], y = [.. runs.Select(r => Math.Log10(r.Run.PicosecondsPerHour))];
        (double intercept, double slope) = Fit.Line(x, y);
        double mean = y.Average(), total = y.Sum(v => (v - mean) * (v - mean)), left = x.Zip(y).Sum(p => Math.Pow(p.Second - intercept - slope * p.First, 2));
        (double first, MDBenchmark smallest) = runs[0];
        return new()
        {
            Potential = smallest.Potential,
            Variable = variable,
            At = at,
            Slope = slope,
            Intercept = intercept,
            R2 = runs.Length > 2 && total > 0 ? 1 - left / total : null,
            Points = [.. runs.Select(r =>
            {
                double speedup = r.Run.PicosecondsPerHour / smallest.PicosecondsPerHour;
                return new ScalingPoint(r.Value, r.Run.PicosecondsPerHour, r.Run.AtomStepsPerSecond, speedup, variable == ScalingVariable.CpuCount ? speedup / (r.Value / first) : null, r.Run.Source);
            })],
        };
    }
}
