using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>
/// pw.x prints most numbers twice, one way or the other. A step whose own numbers contradict each other is damaged; one that is
/// merely unusual is doubtful.
/// </summary>
internal static class PwStepChecks
{
    private const double RydbergPerCubicBohrInKilobar = PhysicalConstants.RydbergPerCubicBohrInElectronvoltPerCubicAngstrom * PhysicalConstants.ElectronvoltPerCubicAngstromInKilobar;

    /// <summary>Why an energy of a run with a potentiostat is not to be trusted.</summary>
    internal const string GrandPotential = "The printed total energy is the grand potential E − μN of a cell whose charge changes.";

    private const double EnthalpyRounding = 3.1e-8;

    /// <summary>The first contradiction between the numbers of a step; null where there is none.</summary>
    /// <param name="step">The step.</param>
    /// <param name="freeInXml">Which force components are free, where the XML tells.</param>
    /// <param name="targetPressure">The target pressure that earlier steps of variable-cell dynamics showed, Ry/bohr³; null before the first.</param>
    internal static (string Code, string Message)? FindContradiction(PwStep step, bool[]? freeInXml, double? targetPressure) =>
        Energy(step) ?? Enthalpy(step, targetPressure) ?? Forces(step, freeInXml) ?? Stress(step);

    /// <summary>The target pressure that a step of variable-cell dynamics shows, Ry/bohr³; null where it prints no enthalpy.</summary>
    internal static double? TargetPressure(PwStep step) => step is { Enthalpy: { } enthalpy, Energy: { } energy, Geometry: { } geometry }
        ? Math.Abs(enthalpy - energy) <= EnthalpyRounding ? 0 : (enthalpy - energy) / CubicBohr(geometry)
        : null;

    /// <summary>Why a step whose numbers agree with each other is not to be trusted without asking; null where it is.</summary>
    internal static string? FindDoubt(PwStep step)
    {
        if (step.PotentiostatContribution is not null)
        {
            return GrandPotential;
        }

        if (!step.HasExactExchangeLoop && step.Run.ExactExchangeFraction is not > 0 && step is { Threshold: { } threshold, Accuracies: [.., var accuracy] } && accuracy > 10 * threshold)
        {
            return FormattableString.Invariant($"The output says that convergence has been achieved, but its accuracy {accuracy:G2} Ry is far above the threshold {threshold:G2} Ry (scf_must_converge = .false.?).");
        }

        return null;
    }

    private static double CubicBohr(PwGeometry geometry) => geometry.Lattice.Volume / (PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom);

    /// <summary>Every step shows the same target pressure; the first one a pressure that somebody would write down.</summary>
    private static (string, string)? Enthalpy(PwStep step, double? targetPressure)
    {
        if (TargetPressure(step) is not { } pressure || pressure == 0)
        {
            return TargetPressure(step) is 0 && targetPressure is not (null or 0) ? Contradiction() : null;
        }

        double volume = CubicBohr(step.Geometry!);
        if (targetPressure is { } known)
        {
            return Math.Abs((pressure - known) * volume) > EnthalpyRounding + (1e-6 * Math.Abs(known) * volume) ? Contradiction() : null;
        }

        double kilobar = pressure * RydbergPerCubicBohrInKilobar, hundredths = Math.Round(kilobar, 2);
        return Math.Abs(kilobar - hundredths) > (EnthalpyRounding / volume * RydbergPerCubicBohrInKilobar) + (1e-6 * Math.Abs(kilobar)) ? Contradiction() : null;

        static (string, string) Contradiction() => ("EnergyContradictory", "The total energy is not the one that the dynamics goes on from.");
    }

    private static (string, string)? Energy(PwStep step)
    {
        double energy = step.Energy!.Value;
        double relative = 1e-13 * Math.Abs(energy);
        if (step is { InternalEnergy: { } inner, SmearingContribution: { } contribution } && Math.Abs(inner - (energy - contribution)) > 1.6e-8 + relative)
        {
            return ("EnergyContradictory", "The energies with and without entropy do not differ by the smearing contribution.");
        }

        if (step.Terms is { } terms && (!terms.WithoutEntropy || step.SmearingContribution is not null) && !step.Run.Features.HasFlag(PwFeatures.BerryPhaseField))
        {
            double expected = terms.WithoutEntropy ? energy - step.SmearingContribution!.Value : energy;
            if (Math.Abs(terms.Sum - expected) > (5e-9 * (terms.Count + 3)) + relative)
            {
                return ("EnergyContradictory", "The total energy is not the sum of the terms that are printed with it.");
            }
        }

        // The steps of a self-consistency differ by far less than this; the check finds damage to leading digits only.
        if (step.FormerEnergy is { } former && Math.Abs(former.Energy - energy) > 1e-3 + (1000 * former.Accuracy) + Math.Abs(step.LateDispersion))
        {
            return ("EnergyContradictory", "The total energy is not the one that its self-consistency led to.");
        }

        if (step.RepeatedEnergy is { } repeated && step.PotentiostatContribution is null && Math.Abs(repeated.Energy - (step.ExactExchangeEnergy ?? energy)) > repeated.Rounding + 5.1e-9 + relative)
        {
            return ("EnergyContradictory", "The total energy is not the one that the next ionic step starts from.");
        }

        return null;
    }

    private static (string, string)? Forces(PwStep step, bool[]? freeInXml)
    {
        if (step.Forces is not { } forces)
        {
            return null;
        }

        if (step.Run.Features.HasFlag(PwFeatures.ExternalForceFields))
        {
            return ("ForcesOfFields", "The printed forces hold those of external force fields (nextffield), which are not those of the energy.");
        }

        bool[]? free = step.Run.FreeComponents ?? freeInXml;
        double all = 0, moving = 0;
        Vector3D sum = default;
        for (int i = 0; i < forces.Length; i++)
        {
            sum += forces[i];
            for (int axis = 0; axis < 3; axis++)
            {
                double square = forces[i][axis] * forces[i][axis];
                all += square;
                moving += free is null || free[(3 * i) + axis] ? square : 0;
            }
        }

        PwFeatures features = step.Run.Features;
        bool hasGate = features.HasFlag(PwFeatures.Gate);
        if (step.TotalForce is { } printed)
        {
            double tolerance = 5.5e-7 + (1e-8 * Math.Sqrt(3 * forces.Length));
            // Which atoms are held is not always printed: their forces are then missing from the norm.
            bool explained = Math.Abs(Math.Sqrt(moving) - printed) <= tolerance || ((free is null || hasGate) && printed < Math.Sqrt(all));
            if (!explained)
            {
                return ("ForcesContradictory", "The norm of the forces is not the one that is printed with them.");
            }
        }

        // forces.f90 takes the mean force away, but not along z where the cell is open there, nor what comes from outside.
        if ((features & (PwFeatures.ExternalForces | PwFeatures.Environment)) == 0)
        {
            double tolerance = (5e-9 * forces.Length) + 1e-10; // the rounding of each
            bool open = hasGate || features.HasFlag(PwFeatures.EffectiveScreeningMedium);
            if (Math.Abs(sum.X) > tolerance || Math.Abs(sum.Y) > tolerance || (!open && Math.Abs(sum.Z) > tolerance))
            {
                return ("ForcesContradictory", "The forces do not sum to zero, as pw.x makes them.");
            }
        }

        return null;
    }

    private static (string, string)? Stress(PwStep step)
    {
        if (step.Stress is not { } stress)
        {
            return null;
        }

        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                // Releases differ in their constants by 1e-7 and less.
                double rydberg = stress.Rydberg[i, j], kilobar = stress.Kilobar[i, j];
                if (Math.Abs((rydberg * RydbergPerCubicBohrInKilobar) - kilobar) > 5.75e-3 + (1e-6 * Math.Abs(kilobar)) || Math.Abs(rydberg - stress.Rydberg[j, i]) > 1.1e-8)
                {
                    return ("StressContradictory", "The stress in Ry/bohr³ and in kbar, or its two halves, disagree.");
                }
            }
        }

        double pressure = (stress.Kilobar[0, 0] + stress.Kilobar[1, 1] + stress.Kilobar[2, 2]) / 3;
        return stress.Pressure is { } printed && Math.Abs(pressure - printed) > 0.0105 + (1e-9 * Math.Abs(pressure))
            ? ("StressContradictory", "The printed pressure is not a third of the trace of the stress.")
            : null;
    }
}
