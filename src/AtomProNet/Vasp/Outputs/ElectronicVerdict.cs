using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>Whether the electronic loop of a step converged.</summary>
internal static class ElectronicVerdict
{
    /// <summary>
    /// VASP 6 says it when EDIFF was not reached; VASP 5.4.4 prints <c>aborting loop because EDIFF is reached</c> after NELM steps,
    /// too, so that as many steps as NELM prove nothing. Where EDIFF was reached, the last change of the energy is below it.
    /// </summary>
    internal static FrameConvergence Of(IonicStep step)
    {
        VaspSettings settings = step.Header.Settings;
        // A damaged heading is made good by its energy.
        int steps = Math.Max(step.ElectronicSteps, step.ElectronicEnergies);
        double? change = step is { LastElectronicEnergy: { } last, PreviousElectronicEnergy: { } previous } && step.ElectronicEnergies == steps
            ? Math.Max(0, Math.Abs(last.Value - previous.Value) - last.HalfUnit - previous.HalfUnit)
            : null;
        return Of(step.LoopEnd, steps, settings.MaximumElectronicSteps, change, settings.ElectronicTolerance, settings.FixedDensity);
    }

    /// <summary>The verdict.</summary>
    /// <param name="end">What the file says.</param>
    /// <param name="steps">How many electronic steps were made.</param>
    /// <param name="limit">NELM; null where the file does not tell.</param>
    /// <param name="change">How much F changed at the last step at least, eV; null where the file does not tell.</param>
    /// <param name="tolerance">EDIFF, eV, with one digit; null where the file does not tell.</param>
    /// <param name="fixedDensity">ICHARG where it keeps the density of another run: the loop then converges the orbitals alone; else null.</param>
    internal static FrameConvergence Of(LoopEnd end, int steps, int? limit, double? change = null, double? tolerance = null, int? fixedDensity = null) => end switch
    {
        LoopEnd.NotReached => new(ElectronicConvergence.NotConverged, FormattableString.Invariant($"EDIFF was not reached in {steps} electronic steps."), steps, limit),
        LoopEnd.Other => new(ElectronicConvergence.NotConverged, "The electronic loop was stopped.", steps, limit),
        LoopEnd.NotPrinted => new(ElectronicConvergence.Ambiguous, "The file does not tell how the electronic loop ended.", steps, limit),
        _ when limit is null => new(ElectronicConvergence.Ambiguous, "The file does not tell NELM, so that the end of the electronic loop proves nothing.", steps, limit),
        _ when steps >= limit => new(ElectronicConvergence.Ambiguous, FormattableString.Invariant($"{steps} electronic steps were made, as many as NELM allows, which VASP may call converged without being it."), steps, limit),
        // One printed digit of EDIFF stands for up to half as much again (0.1E-02 for 0.0015).
        _ when change > 1.5 * tolerance => new(ElectronicConvergence.Ambiguous, FormattableString.Invariant($"The file says that EDIFF ({tolerance:G2} eV) was reached, but the energy still changed by {change:G2} eV."), steps, limit),
        _ when fixedDensity is { } charge => new(ElectronicConvergence.NotConverged, FormattableString.Invariant($"The density was kept fixed (ICHARG = {charge}): its energy and forces are not self-consistent."), steps, limit),
        _ => new(ElectronicConvergence.Converged, null, steps, limit),
    };
}
