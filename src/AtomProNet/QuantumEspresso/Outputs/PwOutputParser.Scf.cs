using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Self-consistency and the energy with its terms.</summary>
internal sealed partial class PwOutputParser
{
    private bool DispatchScf(ReadOnlySpan<byte> t, bool marked)
    {
        if (marked)
        {
            if (t.StartsWith("!!"u8))
            {
                TakeExactExchangeEnergy(t);
            }
            else if (t.IndexOf("total energy"u8) >= 0)
            {
                TakeEnergy(t);
            }

            return true;
        }

        switch (t[0])
        {
            case (byte)'S' when t.StartsWith("Self-consistent Calculation"u8):
                OpenStep();
                return true;
            case (byte)'S' when t.StartsWith("SCF correction compared to forces is large"u8):
                if (step is not null)
                {
                    step.ForcesAreRough = true;
                }

                return true;
            case (byte)'i' when t.StartsWith("iteration #"u8):
                StartIteration(t);
                return true;
            case (byte)'i' when t.StartsWith("internal energy E=F+TS"u8):
                if (step is { Energy: not null } && TryFixed(t["internal energy E=F+TS"u8.Length..], 8, out double internalEnergy, out _))
                {
                    step.InternalEnergy = internalEnergy;
                }

                return true;
            case (byte)'e' when t.StartsWith("estimated scf accuracy"u8):
                if (step is { IsPastScf: false } && TryNumber(t.TrimEnd("Ryd "u8), out double accuracy))
                {
                    step.Accuracies.Add(accuracy);
                    if (step is { FormerEnergy: { Accuracy: double.MaxValue } energy, Energy: null })
                    {
                        step.FormerEnergy = energy with { Accuracy = accuracy };
                    }
                }

                return true;
            case (byte)'s' when t.StartsWith("smearing contrib. (-TS)"u8):
                if (step is { Energy: not null } && TryFixed(t, 8, out double contribution, out _))
                {
                    step.SmearingContribution = contribution;
                }

                return true;
            case (byte)'p' when t.StartsWith("pot.stat. contrib. (-muN)"u8):
                if (step is { Energy: not null } && TryFixed(t, 8, out double potentiostat, out _))
                {
                    step.PotentiostatContribution = potentiostat;
                }

                return true;
            case (byte)'c' when t.StartsWith("convergence has been achieved in"u8):
                EndScf(t, "convergence has been achieved in"u8.Length, converged: true);
                return true;
            case (byte)'c' when t.StartsWith("convergence NOT achieved after"u8):
                EndScf(t, "convergence NOT achieved after"u8.Length, converged: false);
                return true;
            case (byte)'t' when t.StartsWith("total energy              ="u8):
                if (step is { IsPastScf: false } && TryFixed(t, 8, out double former, out ReadOnlySpan<byte> formerUnit) && IsRydberg(formerUnit))
                {
                    step.FormerEnergy = (former, double.MaxValue); // its accuracy comes on the next line but one
                }

                return true;
            case (byte)'t' when t.StartsWith("total magnetization"u8):
                TakeMagnetization(t);
                return true;
            case (byte)'a' when t.StartsWith("absolute magnetization"u8):
                if (step is not null && TryFixed(t, 2, out double absolute, out _))
                {
                    step.AbsoluteMagnetization = absolute;
                }

                return true;
            case (byte)'t' when IsStressHeader(t):
                ReadStress(t);
                return true;
            case (byte)'T' when t.StartsWith("The total energy is"u8):
                ReadTerms(t);
                return true;
            case (byte)'T' when t.StartsWith("Total force ="u8):
                if (step is { Forces: null, TotalForce: null, Problem: null } orphan)
                {
                    orphan.Damage("ForcesDamaged", "The norm of the forces is printed, but no table of forces can be read.", reader.LineNumber);
                }

                return true;
            case (byte)'F' when t.StartsWith("Forces acting on atoms"u8):
                ReadForces();
                return true;
            case (byte)'C' when t.StartsWith("Computing stress (Cartesian axis)"u8):
                if (step is not null)
                {
                    step.StressAnnounced = true;
                }

                return true;
            case (byte)'M' when t.StartsWith("Meta-GGA and stress not implemented"u8):
                if (step is not null)
                {
                    step.StressAnnounced = false;
                }

                return true;
            case (byte)'m' when t.StartsWith("mbdlib: "u8):
            case (byte)'M' when t.StartsWith("Message from routine"u8) && t.IndexOf(" mbdlib"u8) > 0:
                run!.Dispersion = "MBD";
                return true;
            case (byte)'M' when t.StartsWith("Message from routine"u8) && t.IndexOf(" stres"u8) > 0:
                ReadStressMessage();
                return true;
            case (byte)'M' when t.StartsWith("Magnetic moment per site"u8):
                ReadSiteMoments();
                return true;
            case (byte)'a' when t.StartsWith("atom number "u8):
                ReadSiteMomentVectors();
                return true;
            case (byte)'E' when t.StartsWith("EXX: now go back to refine exchange"u8):
                ContinueExactExchange();
                return true;
            case (byte)'E' when t.StartsWith("EXX self-consistency reached"u8):
                if (step is not null)
                {
                    step.ExactExchangeReached = true;
                }

                return true;
            case (byte)'E' when t.StartsWith("EXX convergence NOT achieved"u8) || t.StartsWith("Calculation (EXX) stopped"u8):
                return true;
            default:
                return false;
        }
    }

    private void StartIteration(ReadOnlySpan<byte> t)
    {
        PwStep s = OpenStep();
        if (s.Energy is not null && s.ConvergedIn is null)
        {
            // Old releases print ! at every so-manieth electronic step.
            s.OtherEnergies.Add((s.EnergyLine, "EnergyOfElectronicStep", "The energy is one of a self-consistency that went on."));
            ForgetEnergy(s);
        }

        if (new Utf8Fields(t["iteration #"u8.Length..]).TryReadDouble(out double number) && number is >= 0 and < 1e6)
        {
            s.Iteration = (int)number;
        }
    }

    private static void ForgetEnergy(PwStep s)
    {
        s.Energy = s.SmearingContribution = s.InternalEnergy = s.PotentiostatContribution = null;
        s.Terms = null;
    }

    private void TakeEnergy(ReadOnlySpan<byte> t)
    {
        PwStep s = OpenStep();
        if (s.Energy is not null)
        {
            s.OtherEnergies.Add((s.EnergyLine, "EnergyTwice", "Another energy was printed for the same geometry."));
            s.Damage("EnergyTwice", "Two energies are printed for this geometry.", reader.LineNumber);
        }

        s.EnergyLine = reader.LineNumber;
        if (t.StartsWith("!    total energy              ="u8) && TryFixed(t, 8, out double energy, out ReadOnlySpan<byte> rest) && IsRydberg(rest))
        {
            s.Energy = energy;
        }
        else
        {
            s.Damage("EnergyDamaged", "The total energy cannot be read.", reader.LineNumber);
        }
    }

    private void TakeExactExchangeEnergy(ReadOnlySpan<byte> t)
    {
        if (step is null)
        {
            return;
        }

        if (t.StartsWith("!!   total energy              ="u8) && TryFixed(t, 8, out double energy, out ReadOnlySpan<byte> rest) && IsRydberg(rest))
        {
            step.ExactExchangeEnergy = energy;
        }
        else
        {
            step.Damage("EnergyDamaged", "The total energy cannot be read.", reader.LineNumber);
        }
    }

    private static bool IsRydberg(ReadOnlySpan<byte> unit) => unit.Trim((byte)' ') is var u && (u.SequenceEqual("Ry"u8) || u.SequenceEqual("ryd"u8) || u.SequenceEqual("Ryd"u8));

    /// <summary>RISM solves for its solvent within each electronic step, and says in the words of pw.x that it converged (Modules/do_3drism.f90).</summary>
    private void StartSolvent()
    {
        if (run is not null)
        {
            run.Features |= PwFeatures.Environment;
            solventIsSolved = true;
        }
    }

    private void EndScf(ReadOnlySpan<byte> t, int offset, bool converged)
    {
        if (solventIsSolved)
        {
            solventIsSolved = false;
            return;
        }

        if (step is null)
        {
            return;
        }

        int count = new Utf8Fields(t[offset..]).TryReadDouble(out double number) && number is >= 0 and < 1e6 ? (int)number : step.Iteration;
        if (step.ConvergedIn is not null || step.NotConvergedAfter is not null)
        {
            step.Damage("ConvergenceTwice", "The end of the self-consistency is printed twice.", reader.LineNumber);
        }

        if (converged)
        {
            step.ConvergedIn = count;
        }
        else
        {
            step.NotConvergedAfter = count;
        }
    }

    private void ContinueExactExchange()
    {
        if (step is null)
        {
            return;
        }

        if (step.Energy is not null)
        {
            step.OtherEnergies.Add((step.EnergyLine, "EnergyWithinExactExchange", "The energy is one within the loop over exact exchange."));
        }

        ForgetEnergy(step);
        step.ConvergedIn = null;
        step.ExactExchangeEnergy = null;
        step.FormerEnergy = null;
        step.HasExactExchangeLoop = exchangeGoesOn = true;
        step.Accuracies.Clear();
    }

    private void TakeMagnetization(ReadOnlySpan<byte> t)
    {
        if (step is null || !TryFixed(t, 2, out double x, out ReadOnlySpan<byte> rest))
        {
            return;
        }

        if (FixedDecimals.TryTake(ref rest, 2, out double y) && FixedDecimals.TryTake(ref rest, 2, out double z))
        {
            step.TotalMagnetizationVector = new(x, y, z);
        }
        else
        {
            step.TotalMagnetization = x;
        }
    }

    /// <summary>The terms that the energy is said to be the sum of, whatever they are: a block of <c>name = value Ry</c> up to a blank line.</summary>
    private void ReadTerms(ReadOnlySpan<byte> t)
    {
        if (step is not { Energy: not null } || t.IndexOf("sum of the following terms"u8) < 0)
        {
            return;
        }

        bool withoutEntropy = t.IndexOf("F=E-TS"u8) >= 0;
        double sum = 0;
        int count = 0;
        bool readable = true;
        while (reader.Read())
        {
            ReadOnlySpan<byte> line = reader.Line;
            if (Utf8Fields.IsBlankLine(line))
            {
                if (count > 0)
                {
                    break;
                }

                continue;
            }

            if (line.IndexOf("->"u8) >= 0)
            {
                continue;
            }

            ReadOnlySpan<byte> trimmed = line.TrimStart((byte)' ');
            if (trimmed.StartsWith("smearing contrib. (-TS)"u8) || trimmed.StartsWith("pot.stat. contrib. (-muN)"u8))
            {
                DispatchScf(trimmed, marked: false);
            }

            if (line.IndexOf((byte)'=') < 0)
            {
                reader.PushBack();
                readable = false;
                break;
            }

            NoteTerm(trimmed);
            readable &= TryFixed(line, 8, out double value, out ReadOnlySpan<byte> unit) && IsRydberg(unit);
            if (trimmed.StartsWith("Dispersion XDM Correction"u8) || (run!.Dispersion is "TS" or "MBD" && trimmed.StartsWith("Dispersion Correction"u8)))
            {
                step.LateDispersion = value;
            }

            sum += value;
            count++;
        }

        if (readable && count > 0)
        {
            step.Terms = (sum, count, withoutEntropy);
        }

        // MBD begins as TS and prints the same term, but only TS is part of each electronic step (PW/src/electrons.f90).
        if (run!.Dispersion == "TS" && step is { FormerEnergy.Energy: var former, Energy: { } energy } && Math.Abs(former - (energy - step.LateDispersion)) < Math.Abs(former - energy))
        {
            run.Dispersion = "MBD";
        }
    }

    /// <summary>Some terms tell of features that the summary does not mention in every release.</summary>
    private void NoteTerm(ReadOnlySpan<byte> t)
    {
        if (t.StartsWith("DFT-D3 Dispersion"u8))
        {
            run!.Dispersion ??= "D3";
        }
        else if (t.StartsWith("Dispersion XDM Correction"u8))
        {
            run!.Dispersion ??= "XDM";
        }
        else if (t.StartsWith("Dispersion Correction"u8))
        {
            run!.Dispersion ??= "TS";
        }
        else if (t.StartsWith("electric field correction"u8))
        {
            run!.Features |= PwFeatures.SawtoothField;
        }
        else if (t.StartsWith("External forces energy"u8))
        {
            run!.Features |= PwFeatures.ExternalForces;
        }
        else if (t.StartsWith("constraint energy"u8))
        {
            run!.Features |= PwFeatures.ConstrainedMagnetization;
        }
    }
}
