using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Self-consistency, energy, forces, stress and moments.</summary>
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

    private void EndScf(ReadOnlySpan<byte> t, int offset, bool converged)
    {
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
            sum += value;
            count++;
        }

        if (readable && count > 0)
        {
            step.Terms = (sum, count, withoutEntropy);
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

    private void ReadForces()
    {
        if (step is null || run!.AtomCount is not { } count)
        {
            return;
        }

        long line = reader.LineNumber;
        if (step.Forces is not null)
        {
            step.Damage("ForcesTwice", "Two tables of forces are printed for this geometry.", line);
        }

        var forces = new Vector3D[count];
        int read = 0;
        Span<double> xyz = stackalloc double[3];
        while (reader.Read())
        {
            ReadOnlySpan<byte> row = reader.Line;
            if (Utf8Fields.IsBlankLine(row))
            {
                if (read > 0)
                {
                    break;
                }

                continue;
            }

            int at = row.IndexOf("force ="u8);
            ReadOnlySpan<byte> numbers = at < 0 ? default : row[(at + "force ="u8.Length)..];
            if (at < 0 || read == count || !IsForceRow(row[..at], read + 1) || !FixedDecimals.TryTake(ref numbers, 8, xyz) || !FixedDecimals.IsBlank(numbers))
            {
                if (!row.TrimStart((byte)' ').StartsWith("atom"u8) && read == count)
                {
                    reader.PushBack(); // high verbosity: the contributions follow at once
                    break;
                }

                step.Damage("ForcesDamaged", FormattableString.Invariant($"The force on atom {read + 1} cannot be read."), reader.LineNumber);
                return;
            }

            forces[read++] = new(xyz[0], xyz[1], xyz[2]);
        }

        if (read < count)
        {
            // At the end of the file this is a cut, which is judged by whoever sees that the step is not closed.
            step.Damage("ForcesIncomplete", FormattableString.Invariant($"There are forces on {read} of {count} atoms."), reader.LineNumber);
            return;
        }

        step.Forces = forces;
        ReadTotalForce();
    }

    /// <summary>Skips the contributions that high verbosity prints, up to the norm. What stands there is no force on an atom.</summary>
    private void ReadTotalForce()
    {
        while (reader.Read())
        {
            ReadOnlySpan<byte> t = reader.Line.TrimStart((byte)' ');
            if (t.StartsWith("Total force ="u8))
            {
                if (TryFixed(t, 6, out double total, out ReadOnlySpan<byte> rest) && rest.IndexOf("Total SCF correction ="u8) >= 0)
                {
                    step!.TotalForce = total;
                }

                return;
            }

            if (!t.IsEmpty && !t.StartsWith("atom"u8) && t.IndexOf("ontrib"u8) < 0 && t.IndexOf("to forces"u8) < 0 && !t.StartsWith("Total "u8) && !t.StartsWith("DFT-D3"u8))
            {
                reader.PushBack();
                return;
            }
        }
    }

    private static bool IsForceRow(ReadOnlySpan<byte> text, int number)
    {
        var fields = new Utf8Fields(text);
        return fields.TryRead(out ReadOnlySpan<byte> atom) && atom.SequenceEqual("atom"u8)
            && fields.TryRead(out ReadOnlySpan<byte> index) && IsIndex(index, number)
            && fields.TryRead(out ReadOnlySpan<byte> type) && type.SequenceEqual("type"u8)
            && fields.TryRead(out _) && !fields.TryRead(out _);
    }

    /// <summary>Whether a field is that number, or the stars that Fortran prints where it does not fit.</summary>
    private static bool IsIndex(ReadOnlySpan<byte> field, int number) =>
        Utf8Number.TryParseInteger(field, out long value) ? value == number : number > 999 && field.IndexOfAnyExcept((byte)'*') < 0;

    private static bool IsStressHeader(ReadOnlySpan<byte> t) =>
        t.StartsWith("total"u8) && t["total"u8.Length..].TrimStart((byte)' ').StartsWith("stress"u8) && t.IndexOf("(kbar)"u8) > 0;

    private void ReadStress(ReadOnlySpan<byte> header)
    {
        if (step is null)
        {
            return;
        }

        long line = reader.LineNumber;
        if (step.Stress is not null)
        {
            step.Damage("StressTwice", "Two stresses are printed for this geometry.", line);
        }

        bool units = header.IndexOf("(Ry/bohr**3)"u8) > 0 || header.IndexOf("(Ryd/bohr**3)"u8) > 0 || header.IndexOf("(ryd/bohr**3)"u8) > 0;
        int at = header.IndexOf("P="u8);
        ReadOnlySpan<byte> printed = at < 0 ? default : header[(at + 2)..];
        double? pressure = FixedDecimals.TryTake(ref printed, 2, out double p) ? p : null;
        Span<double> rydberg = stackalloc double[9], kilobar = stackalloc double[9];
        for (int row = 0; row < 3; row++)
        {
            if (!reader.Read())
            {
                return; // cut: the step is not closed
            }

            ReadOnlySpan<byte> numbers = reader.Line;
            if (!units || !FixedDecimals.TryTake(ref numbers, 8, rydberg.Slice(3 * row, 3)) || !FixedDecimals.TryTake(ref numbers, 2, kilobar.Slice(3 * row, 3)) || !FixedDecimals.IsBlank(numbers))
            {
                step.Damage("StressDamaged", FormattableString.Invariant($"Row {row + 1} of the stress cannot be read."), reader.LineNumber);
                return;
            }
        }

        step.Stress = (Matrix3x3.FromRowMajor(rydberg), Matrix3x3.FromRowMajor(kilobar), pressure);
    }

    private void ReadSiteMoments()
    {
        if (step is null || run!.AtomCount is not { } count)
        {
            return;
        }

        var moments = new double[count];
        double[]? electrons = new double[count];
        for (int i = 0; i < count; i++)
        {
            // atom:    1    charge:    7.7600    magn:    1.1765 … (to 7.0), atom   1 (R=0.357)  charge=  7.7600  magn=  1.1765 (later)
            if (!reader.Read())
            {
                return;
            }

            ReadOnlySpan<byte> row = reader.Line;
            int at = row.IndexOf("magn"u8);
            ReadOnlySpan<byte> number = at < 0 || at + 5 > row.Length ? default : row[(at + 5)..];
            if (!row.TrimStart((byte)' ').StartsWith("atom"u8) || !FixedDecimals.TryTake(ref number, 4, out moments[i]))
            {
                reader.PushBack();
                return;
            }

            int charge = row.IndexOf("charge"u8);
            ReadOnlySpan<byte> count4 = charge < 0 ? default : row[(charge + 7)..];
            if (electrons is not null && !FixedDecimals.TryTake(ref count4, 4, out electrons[i]))
            {
                electrons = null;
            }
        }

        step.SiteMoments = (moments, electrons, step.Iteration);
    }

    private void ReadSiteMomentVectors()
    {
        reader.PushBack();
        if (step is null || run!.AtomCount is not { } count)
        {
            reader.Read();
            return;
        }

        var moments = new Vector3D[count];
        Span<double> xyz = stackalloc double[3];
        for (int i = 0; i < count; i++)
        {
            bool found = false;
            for (int lines = 0; lines < 14 && !found && reader.Read(); lines++)
            {
                ReadOnlySpan<byte> t = reader.Line.TrimStart((byte)' ');
                if (t.StartsWith("total cpu"u8) || t.StartsWith("End of self"u8) || t.StartsWith("iteration #"u8))
                {
                    reader.PushBack();
                    return;
                }

                if (t.StartsWith("magnetization :"u8))
                {
                    t = t["magnetization :"u8.Length..];
                    found = FixedDecimals.TryTake(ref t, 6, xyz);
                    moments[i] = new(xyz[0], xyz[1], xyz[2]);
                }
            }

            if (!found)
            {
                return;
            }
        }

        step.SiteMomentVectors = (moments, step.Iteration);
    }
}
