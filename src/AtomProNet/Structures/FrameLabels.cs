namespace AtomProNet.Structures;

/// <summary>Which of the energies that a DFT code prints a number is.</summary>
public enum EnergyKind
{
    /// <summary>The free energy F = E − TS (VASP's TOTEN, pw.x's total energy): what forces and stress derive from, and the default label.</summary>
    Free,
    /// <summary>The energy without entropy, E.</summary>
    WithoutEntropy,
    /// <summary>The energy extrapolated to zero smearing, σ→0.</summary>
    SigmaToZero,
    /// <summary>A file gave an energy and did not say which.</summary>
    Unspecified,
}

/// <summary>Who computed the labels of a frame.</summary>
public enum LabelOrigin
{
    /// <summary>Nobody said.</summary>
    Unknown,
    /// <summary>A DFT calculation.</summary>
    AbInitio,
    /// <summary>A machine-learned force field inside a DFT run (VASP's ML_FF): left out of training sets by default.</summary>
    MachineLearned,
    /// <summary>A model under evaluation.</summary>
    Predicted,
}

/// <summary>Whether the electronic self-consistency of a frame was reached.</summary>
public enum ElectronicConvergence
{
    /// <summary>Nobody said: the frame does not come from an output that could tell.</summary>
    Unknown,
    /// <summary>Reached.</summary>
    Converged,
    /// <summary>Not reached.</summary>
    NotConverged,
    /// <summary>The output does not prove it either way (VASP 5.4.4 with as many steps as NELM): not trusted by default.</summary>
    Ambiguous,
}

/// <summary>The verdict on one frame's convergence.</summary>
/// <param name="Electronic">Whether the electronic self-consistency was reached.</param>
/// <param name="Reason">Why the frame is not to be trusted; null where it is.</param>
/// <param name="ElectronicSteps">How many electronic steps were made, where it is known.</param>
/// <param name="MaximumElectronicSteps">How many were allowed (NELM, electron_maxstep), where it is known.</param>
public sealed record FrameConvergence(ElectronicConvergence Electronic, string? Reason = null, int? ElectronicSteps = null, int? MaximumElectronicSteps = null)
{
    /// <summary>The verdict on frames whose source cannot tell.</summary>
    public static FrameConvergence Unknown { get; } = new(ElectronicConvergence.Unknown);

    /// <summary>Whether the labels may be used without asking: converged, or from a source that has no say in it.</summary>
    public bool IsTrusted => Electronic is ElectronicConvergence.Converged or ElectronicConvergence.Unknown;

    /// <inheritdoc/>
    public override string ToString() => Reason is null ? Electronic.ToString() : $"{Electronic}: {Reason}";
}

/// <summary>Where a frame was read from.</summary>
/// <param name="File">The file, as a full path.</param>
/// <param name="Step">The ionic step (or the frame's number in the file), counted from 1.</param>
public sealed record FrameSource(string File, int Step)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{File}#{Step}");
}
