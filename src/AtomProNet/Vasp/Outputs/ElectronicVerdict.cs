using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>Whether the electronic loop of a step converged.</summary>
internal static class ElectronicVerdict
{
    /// <summary>
    /// VASP 6 says it when EDIFF was not reached; VASP 5.4.4 prints <c>aborting loop because EDIFF is reached</c> after NELM steps,
    /// too, so that as many steps as NELM prove nothing.
    /// </summary>
    /// <param name="end">What the file says.</param>
    /// <param name="steps">How many electronic steps were made.</param>
    /// <param name="limit">NELM; null where the file does not tell.</param>
    internal static FrameConvergence Of(LoopEnd end, int steps, int? limit) => end switch
    {
        LoopEnd.NotReached => new(ElectronicConvergence.NotConverged, FormattableString.Invariant($"EDIFF was not reached in {steps} electronic steps."), steps, limit),
        LoopEnd.Other => new(ElectronicConvergence.NotConverged, "The electronic loop was stopped.", steps, limit),
        LoopEnd.Reached when limit is { } nelm && steps < nelm => new(ElectronicConvergence.Converged, null, steps, limit),
        LoopEnd.Reached when limit is null => new(ElectronicConvergence.Ambiguous, "The file does not tell NELM, so that the end of the electronic loop proves nothing.", steps, limit),
        LoopEnd.Reached => new(ElectronicConvergence.Ambiguous, FormattableString.Invariant($"{steps} electronic steps were made, as many as NELM allows, which VASP may call converged without being it."), steps, limit),
        _ => new(ElectronicConvergence.Ambiguous, "The file does not tell how the electronic loop ended.", steps, limit),
    };
}
