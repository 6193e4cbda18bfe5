using System.Globalization;

namespace AtomProNet.Lammps.Benchmarks;

/// <summary>The speed of one run of molecular dynamics. Immutable.</summary>
public sealed record MDBenchmark
{
    /// <summary>The potential.</summary>
    public required string Potential { get; init; }

    /// <summary>The paper's γ: the cell was repeated γ times along each vector; null where it is not known.</summary>
    public int? Size { get; init; }

    /// <summary>The number of atoms; null where it is not known.</summary>
    public long? AtomCount { get; init; }

    /// <summary>The number of MPI processes (times threads): the CPUs.</summary>
    public required int CpuCount { get; init; }

    /// <summary>The number of CPUs that the input was made for; null where it is not known. It ran on <see cref="CpuCount"/>.</summary>
    public int? RequestedCpuCount { get; init; }

    /// <summary>Charges were equilibrated every so many steps; null where there are none, or it is not known.</summary>
    public int? ChargeInterval { get; init; }

    /// <summary>The number of steps.</summary>
    public required long Steps { get; init; }

    /// <summary>The time step, fs.</summary>
    public required double TimeStep { get; init; }

    /// <summary>The wall time of these steps, s.</summary>
    public required double WallTime { get; init; }

    /// <summary>The file.</summary>
    public required string Source { get; init; }

    /// <summary>The simulated time, ps.</summary>
    public double SimulatedTime => Steps * TimeStep * 1e-3;

    /// <summary>Steps per second.</summary>
    public double StepsPerSecond => Steps / WallTime;

    /// <summary>Atoms times steps per second; null where the number of atoms is not known.</summary>
    public double? AtomStepsPerSecond => AtomCount * StepsPerSecond;

    /// <summary>Simulated ns per day of wall time.</summary>
    public double NanosecondsPerDay => SimulatedTime * 1e-3 * 86400 / WallTime;

    /// <summary>The paper's measure: simulated ps per hour of wall time.</summary>
    public double PicosecondsPerHour => SimulatedTime * 3600 / WallTime;

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Potential}, γ = {Size}, {AtomCount} atoms, {CpuCount} CPUs: {PicosecondsPerHour:G5} ps/h");
}
