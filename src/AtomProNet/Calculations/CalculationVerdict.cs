using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>What a calculation was to do.</summary>
public enum CalculationTask
{
    /// <summary>Nobody can tell.</summary>
    Unknown,
    /// <summary>One geometry.</summary>
    Static,
    /// <summary>A relaxation of atoms, with or without the cell.</summary>
    Relaxation,
    /// <summary>Molecular dynamics.</summary>
    MolecularDynamics,
    /// <summary>Anything else: phonons, transition states …</summary>
    Other,
}

/// <summary>How a calculation ended.</summary>
public enum ExitKind
{
    /// <summary>It ended regularly and reached all that it was to reach.</summary>
    Success,
    /// <summary>It ended regularly, but an electronic loop did not converge.</summary>
    ElectronicNotConverged,
    /// <summary>It ended regularly, but the relaxation had not reached its goal when its steps were used up.</summary>
    IonicNotConverged,
    /// <summary>The scheduler ended it: its time was up.</summary>
    TimeLimit,
    /// <summary>It needed more memory than there was.</summary>
    OutOfMemory,
    /// <summary>It was killed, or its node failed.</summary>
    Killed,
    /// <summary>A user stopped it.</summary>
    Stopped,
    /// <summary>An input file is missing or wrong.</summary>
    BadInput,
    /// <summary>A potential is missing or does not fit.</summary>
    PotentialMissing,
    /// <summary>The program, a library or the disk failed it.</summary>
    Environment,
    /// <summary>The code gave up with a numerical error.</summary>
    NumericalError,
    /// <summary>It has begun and not ended, and nothing tells why: killed without a word, or still running.</summary>
    Unfinished,
    /// <summary>Nothing was computed.</summary>
    NotStarted,
}

/// <summary>One cause, found in a calculation's files.</summary>
/// <param name="Kind">What kind of end it leads to.</param>
/// <param name="Code">A stable identifier in PascalCase, such as <c>Zbrent</c>.</param>
/// <param name="IsFatal">Whether it ends the run; otherwise it is a warning that may have harmed it.</param>
/// <param name="Message">One sentence: what went wrong.</param>
/// <param name="Remedy">One sentence: what to do about it.</param>
/// <param name="File">The file that tells; null where its absence does.</param>
/// <param name="Line">The line, counted from 1; null where it was not counted.</param>
/// <param name="Evidence">The text that was found.</param>
public sealed record ExitCause(ExitKind Kind, string Code, bool IsFatal, string Message, string Remedy, string? File = null, long? Line = null, string? Evidence = null)
{
    /// <inheritdoc/>
    public override string ToString() => Message + " " + Remedy;
}

/// <summary>What a restart should change, as data: a key of an input file and its new value.</summary>
/// <param name="Target">Where: <c>INCAR</c>, <c>KPOINTS</c>, <c>POSCAR</c>, <c>Job</c>, a namelist of pw.x …</param>
/// <param name="Key">The tag, or for a job <c>Walltime</c>, <c>Memory</c>.</param>
/// <param name="Value">The new value; null removes the key. <c>×2</c> doubles a value that is not known here.</param>
/// <param name="ChangesPhysics">Whether frames before and after are no longer of the same method.</param>
/// <param name="Reason">One sentence.</param>
public sealed record RestartChange(string Target, string Key, string? Value, bool ChangesPhysics, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Target}: {Key} = {Value ?? "(remove)"}";
}

/// <summary>The verdict on one ionic step. What is null was not printed, or not readable.</summary>
/// <param name="Step">The ionic step, counted from 1.</param>
/// <param name="Electronic">Whether the electronic loop converged.</param>
/// <param name="ElectronicSteps">How many electronic steps were made.</param>
/// <param name="EnergyPerAtom">F, eV per atom.</param>
/// <param name="EnergyChangePerAtom">The change of F since the step before, eV per atom.</param>
/// <param name="MeanForce">The mean length of the forces, eV/Å.</param>
/// <param name="MaximumForce">The longest force, eV/Å.</param>
/// <param name="Pressure">−tr(σ)/3, GPa.</param>
/// <param name="VolumeRatio">V/V_basis: 1 where the plane waves fit the cell.</param>
/// <param name="Problem">Why the step is no good frame; null where it is one.</param>
public sealed record StepVerdict(int Step, ElectronicConvergence Electronic, int? ElectronicSteps, double? EnergyPerAtom, double? EnergyChangePerAtom, double? MeanForce, double? MaximumForce, double? Pressure, double? VolumeRatio, string? Problem);

/// <summary>
/// The verdict on one calculation: whether it ended, whether it converged, why it did not, and what a restart should change.
/// Immutable.
/// </summary>
public sealed record CalculationVerdict
{
    /// <summary>The folder, as a full path.</summary>
    public required string Folder { get; init; }

    /// <summary>The output file that it rests on; null where there is none.</summary>
    public string? File { get; init; }

    /// <summary>The code.</summary>
    public required string Code { get; init; }

    /// <summary>The code's version, as printed.</summary>
    public string? Version { get; init; }

    /// <summary>What it was to do.</summary>
    public CalculationTask Task { get; init; }

    /// <summary>How it ended.</summary>
    public required ExitKind Exit { get; init; }

    /// <summary>Why; null for a success.</summary>
    public ExitCause? Cause { get; init; }

    /// <summary>All that was found, fatal or not, the gravest first.</summary>
    public ImmutableArray<ExitCause> Causes { get; init; } = [];

    /// <summary>Whether the code says that it came to its regular end. That proves neither electronic nor ionic convergence.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Whether every electronic loop converged; null where there was none.</summary>
    public bool? ElectronicConverged { get; init; }

    /// <summary>Whether the relaxation reached its goal; null for a run that does not relax.</summary>
    public bool? IonicConverged { get; init; }

    /// <summary>Whether numbers overflowed their columns (<c>****</c>).</summary>
    public bool HasOverflow { get; init; }

    /// <summary>Whether the stress is probably spoilt by too small a basis (Pulay stress), as a finding says why.</summary>
    public bool IsPulayStressSuspected { get; init; }

    /// <summary>The ionic steps.</summary>
    public ImmutableArray<StepVerdict> Steps { get; init; } = [];

    /// <summary>What a restart should change.</summary>
    public ImmutableArray<RestartChange> RestartChanges { get; init; } = [];

    /// <summary>What else was noticed.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Whether it finished and converged in every respect (that there is).</summary>
    public bool IsConverged => IsFinished && ElectronicConverged != false && IonicConverged != false && Exit == ExitKind.Success;

    /// <summary>The number of ionic steps.</summary>
    public int StepCount => Steps.Length;

    /// <summary>The end in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Folder}: {Exit}{(Cause is null ? "" : ", " + Cause.Code)} ({StepCount} steps)");

    /// <inheritdoc/>
    public bool Equals(CalculationVerdict? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Folder, Exit, StepCount);
}
