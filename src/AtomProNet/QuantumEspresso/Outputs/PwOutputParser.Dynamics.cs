using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>What the optimisers and the dynamics print between two geometries, and how a run ends.</summary>
internal sealed partial class PwOutputParser
{
    private bool DispatchDynamics(ReadOnlySpan<byte> t)
    {
        switch (t[0])
        {
            case (byte)'k' when t.StartsWith("kinetic energy (Ekin)"u8):
                if (step is { IsPastScf: true } && TryFixed(t, 8, out double kinetic, out _))
                {
                    step.KineticEnergy = kinetic;
                }

                return true;
            case (byte)'t' when t.StartsWith("temperature           ="u8):
                if (step is { IsPastScf: true } && TryNumber(t.TrimEnd("K "u8), out double temperature))
                {
                    step.Temperature = temperature;
                }

                return true;
            case (byte)'E' when t.StartsWith("Ekin + Etot (const)"u8):
                if (step is { KineticEnergy: { } ekin } && TryFixed(t, 8, out double constant, out _))
                {
                    step.RepeatedEnergy = (constant - ekin, 1.01e-8);
                }

                return true;
            case (byte)'E' when t.StartsWith("Ekin ="u8):
                // vc-md. Its kinetic energy holds the cell's (PW/src/vcsubs.f90: ekint = eka + ekla), so only the temperature is taken.
                if (step is { IsPastScf: true } && TryFixed(t, 8, out double total, out ReadOnlySpan<byte> rest) && rest.IndexOf("T ="u8) is >= 0 and int at)
                {
                    rest = rest[(at + 3)..];
                    step.Temperature = FixedDecimals.TryTake(ref rest, 1, out double kelvin) ? kelvin : null;
                    step.Enthalpy = TryFixed(rest, 8, out double conserved, out _) ? conserved - total : null;
                }

                return true;
            case (byte)'e' when t.StartsWith("energy   new"u8) || t.StartsWith("energy             new"u8):
                CloseStep();
                if (step is not null && TryFixed(t, 10, out double repeated, out _))
                {
                    step.RepeatedEnergy = (repeated, 5.1e-9);
                }

                return true;
            case (byte)'E' when t.StartsWith("Entering Dynamics"u8):
                CloseStep();
                run!.MovesIons = true;
                run.IsDynamics = !run.IsDamped;
                return true;
            case (byte)'D' when t.StartsWith("Damped Dynamics Calculation"u8):
            case (byte)'B' or (byte)'P' or (byte)'W' when t.IndexOf(" Damped "u8) > 0 && t.IndexOf("Dynamics Minimization"u8) > 0:
                CloseStep();
                run!.MovesIons = run.IsDamped = true;
                run.IsDynamics = false;
                return true;
            case (byte)'M' when t.StartsWith("Molecular Dynamics Calculation"u8):
                CloseStep();
                run!.MovesIons = run.IsDynamics = true;
                return true;
            case (byte)'D' when t.StartsWith("Damped Dynamics: convergence achieved"u8):
            case (byte)'F' when t.StartsWith("FIRE: convergence achieved"u8):
            case (byte)'b' when t.StartsWith("bfgs converged in"u8):
            case (byte)'c' when t.StartsWith("convergence achieved, Efinal="u8):
                CloseStep();
                run!.MovesIons = true;
                // Up to 7.2 pw.x calls a relaxation converged that it has just given up (Modules/bfgs_module.f90).
                run.Events = optimizerGaveUp ? run.Events | PwRunEvents.OptimizerFailed : (run.Events & ~PwRunEvents.OptimizerFailed) | PwRunEvents.IonicConverged;
                return true;
            case (byte)'B' when t.StartsWith("BFGS Geometry Optimization"u8):
            case (byte)'n' when t.StartsWith("number of scf cycles"u8) || t.StartsWith("number of bfgs steps"u8):
                CloseStep();
                run!.MovesIons = true;
                return true;
            case (byte)'n' when t.StartsWith("new conv_thr"u8):
                if (TryNumber(t.TrimEnd("Ry "u8), out double threshold))
                {
                    run!.Threshold = threshold;
                }

                return true;
            case (byte)'W' when t.StartsWith("Writing output data file"u8) || t.StartsWith("Writing config"u8) || t.StartsWith("Writing all to output"u8):
            case (byte)'i' when t.StartsWith("init_run     :"u8):
            case (byte)'N' when t.StartsWith("NEW-OLD atomic charge"u8) || t.StartsWith("NEW k-points"u8):
                CloseStep();
                return false;
            default:
                return false;
        }
    }

    private bool DispatchEnd(ReadOnlySpan<byte> t)
    {
        PwRun r = run!;
        switch (t[0])
        {
            case (byte)'J' when t.StartsWith("JOB DONE."u8):
                CloseStep();
                r.Events |= PwRunEvents.Finished;
                return true;
            case (byte)'T' when t.StartsWith("This run was terminated on"u8):
                CloseStep();
                r.EndedAt = PwTime.Parse(t["This run was terminated on"u8.Length..]);
                return true;
            case (byte)'T' when t.StartsWith("The maximum number of steps has been reached"u8):
            case (byte)'M' when t.StartsWith("Maximum number of iterations reached, stopping"u8):
                CloseStep();
                r.Events |= PwRunEvents.MaximumSteps;
                return true;
            case (byte)'M' when t.StartsWith("Maximum CPU time exceeded"u8):
                r.Events |= PwRunEvents.TimeLimit;
                return true;
            case (byte)'P' when t.StartsWith("Program stopped by user request"u8):
                r.Events |= PwRunEvents.StoppedByUser;
                return true;
            case (byte)'R' when t.StartsWith("Reading input from "u8):
                r.InputName ??= Utf8Fields.ToText(t["Reading input from "u8.Length..].Trim((byte)' '));
                return true;
            case (byte)'B' when t.StartsWith("Band Structure Calculation"u8):
                r.Events |= PwRunEvents.BandStructure;
                return true;
            case (byte)'b' when t.StartsWith("bfgs failed"u8):
            case (byte)'h' when t.StartsWith("history already reset at previous step"u8):
                CloseStep();
                optimizerGaveUp = true;
                r.Events |= PwRunEvents.OptimizerFailed;
                return true;
            default:
                return false;
        }
    }

    /// <summary>A message between two rows of percent signs: who stopped, and why (UtilXlib/error_handler.f90).</summary>
    private void ReadError()
    {
        string? routine = null;
        long line = reader.LineNumber;
        var message = new List<string>();
        for (int i = 0; i < 40 && reader.Read(); i++)
        {
            ReadOnlySpan<byte> t = reader.Line.Trim((byte)' ');
            if (t.StartsWith("%%%%"u8))
            {
                break;
            }

            int length = t.IndexOf((byte)'(');
            if (t.StartsWith("Error in routine"u8))
            {
                ReadOnlySpan<byte> name = t["Error in routine"u8.Length..];
                length = name.LastIndexOf((byte)'(');
                routine = Utf8Fields.ToText((length < 0 ? name : name[..length]).Trim((byte)' '));
            }
            else if (t.StartsWith("from "u8) && t.IndexOf(" : error #"u8) is > 0 and int end)
            {
                routine = Utf8Fields.ToText(t["from "u8.Length..end].Trim((byte)' '));
            }
            else if (!t.IsEmpty && !t.StartsWith("task #"u8))
            {
                message.Add(Utf8Fields.ToText(t));
            }
        }

        if (routine is null)
        {
            return;
        }

        CloseStep();
        if (run is null)
        {
            run = new PwRun();
            Runs.Add(run);
        }

        run.Errors.Add((routine, string.Join(" ", message), line));
    }
}
