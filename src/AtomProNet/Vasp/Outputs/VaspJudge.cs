using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>Judges a calculation of VASP by its OUTCAR (or vasprun.xml) and by what the job wrote beside it.</summary>
internal static class VaspJudge
{
    internal static CalculationVerdict Judge(string path, CancellationToken cancellation)
    {
        string full = Path.GetFullPath(path);
        string folder = Directory.Exists(full) ? full : Path.GetDirectoryName(full)!;
        string? file = Directory.Exists(full) ? MainFile(full) : full;
        VaspOutcome outcome = file is null ? new VaspOutcome() : VaspOutcome.Read(file, cancellation);
        List<(KnownMessage Known, ExitCause Cause)> messages = MessageSearch.Find(folder, file is not null && VaspFileNames.IsOutcar(Path.GetFileName(file)) ? file : null, VaspMessages.All, cancellation);
        (ExitKind exit, ExitCause? cause) = Exit(folder, file, outcome, messages);
        ImmutableArray<Finding> findings = [.. outcome.Findings, .. Pulay(outcome, file), .. FixedDensity(outcome, file)];
        return new()
        {
            Folder = folder,
            File = file,
            Code = "VASP",
            Version = outcome.Version,
            Task = outcome.Task,
            Exit = exit,
            Cause = cause,
            Causes = MessageSearch.Ordered(messages.Select(m => m.Cause), cause),
            IsFinished = outcome.IsFinished,
            ElectronicConverged = outcome.Steps.IsEmpty ? null : outcome.Steps.All(s => s.Electronic == ElectronicConvergence.Converged),
            IonicConverged = outcome.IonicConverged,
            HasOverflow = outcome.HasOverflow,
            IsPulayStressSuspected = findings.Any(f => f.Code == "PulayStressSuspected"),
            Steps = outcome.Steps,
            RestartChanges = VaspRestart.Changes(folder, exit, cause, messages.Find(m => m.Cause.Code == cause?.Code).Known, outcome),
            Findings = findings,
        };
    }

    private static string? MainFile(string folder)
    {
        string[] names = ["OUTCAR", "OUTCAR.gz", "vasprun.xml", "vasprun.xml.gz"];
        string? exact = names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);
        // Only numbered ones are left after a restart that has not begun: the last of them counts.
        return exact ?? Directory.EnumerateFiles(folder, "OUTCAR*").Where(f => VaspFileNames.IsOutcar(Path.GetFileName(f))).OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal).LastOrDefault();
    }

    private static (ExitKind, ExitCause?) Exit(string folder, string? file, VaspOutcome outcome, List<(KnownMessage Known, ExitCause Cause)> messages)
    {
        if (outcome.IsFinished)
        {
            return Finished(file!, outcome, messages);
        }

        ExitCause? fatal = MessageSearch.Gravest(messages);
        if (fatal is not null)
        {
            return (fatal.Kind, fatal);
        }

        if (file is null)
        {
            return MissingInput(folder) is { } missing ? (missing.Kind, missing)
                : (ExitKind.NotStarted, new(ExitKind.NotStarted, "NotStarted", false, "There is no output: the calculation has not begun.", "Submit it."));
        }

        string message = outcome.Steps.IsEmpty ? "The output ends before the first ionic step." : FormattableString.Invariant($"The output ends within ionic step {outcome.Steps[^1].Step + (outcome.Steps[^1].Problem is null ? 1 : 0)}, and nothing tells why.");
        return (ExitKind.Unfinished, new(ExitKind.Unfinished, "Unfinished", false, message, "If it no longer runs, look at the scheduler's accounting: time, memory, a user.", file));
    }

    private static (ExitKind, ExitCause?) Finished(string file, VaspOutcome outcome, List<(KnownMessage Known, ExitCause Cause)> messages)
    {
        if (outcome.Steps.IsEmpty)
        {
            ExitCause? why = MessageSearch.Gravest(messages);
            return why is not null ? (why.Kind, why) : (ExitKind.Unfinished, new(ExitKind.Unfinished, "NoStep", false, "The output has ended without an ionic step.", "Look at the job's output.", file));
        }

        // A band structure has no labels, but it is what was asked for, unless its loop ran out of steps.
        StepVerdict? unconverged = outcome.Steps.LastOrDefault(s => s.Electronic is ElectronicConvergence.NotConverged or ElectronicConvergence.Ambiguous
            && !(outcome.Settings?.FixedDensity is not null && s.ElectronicSteps < outcome.ElectronicStepLimit));
        bool lastIsBad = unconverged is not null && unconverged.Step == outcome.Steps[^1].Step;
        if (messages.Find(m => m.Cause.Kind == ExitKind.Stopped).Cause is { } stopped && outcome.IonicConverged != true && !lastIsBad)
        {
            // The job script writes the STOPCAR itself when the walltime is nearly over.
            ExitCause told = messages.Find(m => m.Cause.Kind == ExitKind.TimeLimit).Cause ?? stopped;
            return (told.Kind, told);
        }

        if (outcome.IonicConverged == false && !lastIsBad)
        {
            return (ExitKind.IonicNotConverged, new(ExitKind.IonicNotConverged, "StepLimit", false, FormattableString.Invariant($"The relaxation did not reach its goal in {outcome.Steps.Length} steps (NSW = {outcome.StepLimit})."), "Go on from the CONTCAR.", file));
        }

        return unconverged is not null
            ? (ExitKind.ElectronicNotConverged, new(ExitKind.ElectronicNotConverged, "ElectronicNotConverged", false, FormattableString.Invariant($"The electronic loop of ionic step {unconverged.Step} did not converge in {unconverged.ElectronicSteps} steps (NELM = {outcome.ElectronicStepLimit})."), "Allow more steps, or change the algorithm or the mixing.", file))
            : (ExitKind.Success, null);
    }

    private static ExitCause? MissingInput(string folder)
    {
        foreach ((string name, ExitKind kind, string code, string remedy) in ((string, ExitKind, string, string)[])[
            ("POSCAR", ExitKind.BadInput, "PoscarMissing", "Write the inputs anew (New-VaspInput)."),
            ("INCAR", ExitKind.BadInput, "IncarMissing", "Write the inputs anew (New-VaspInput)."),
            ("POTCAR", ExitKind.PotentialMissing, "PotcarMissing", "Give New-VaspInput a library of potentials (-PotcarPath).")])
        {
            if (!File.Exists(Path.Combine(folder, name)))
            {
                return new(kind, code, true, $"There is no {name}, and no output.", remedy);
            }
        }

        return null;
    }

    private static IEnumerable<Finding> FixedDensity(VaspOutcome outcome, string? file)
    {
        if (outcome.Settings?.FixedDensity is { } charge)
        {
            yield return new(FindingSeverity.Warning, "DensityKeptFixed", string.Create(CultureInfo.InvariantCulture, $"The density was kept fixed (ICHARG = {charge}): its energies and forces are no labels."), file, "Take them from the run that the density comes from.");
        }
    }

    // Source: G. P. Francis and M. C. Payne, J. Phys.: Condens. Matter 2, 4395 (1990); the VASP wiki advises 1.3 ENMAX where the cell moves.
    private static IEnumerable<Finding> Pulay(VaspOutcome outcome, string? file)
    {
        if (outcome is { CutoffEnergy: { } cutoff, PotentialCutoff: { } wanted } && cutoff < 1.295 * wanted)
        {
            yield return new(FindingSeverity.Warning, "PulayStressSuspected", string.Create(CultureInfo.InvariantCulture, $"ENCUT ({cutoff:G5} eV) is below 1.3 times what the potentials ask for ({wanted:G5} eV): the stress is off, and energies along a change of volume contradict it."), file, "Raise ENCUT to 1.3 times the largest ENMAX where stress or cells matter (New-ConvergenceSeries finds what is needed).");
        }

        double drift = outcome.Steps.Select(s => s.VolumeRatio is { } r ? Math.Abs(r - 1) : 0).DefaultIfEmpty(0).Max();
        if (drift > 0.01)
        {
            yield return new(FindingSeverity.Warning, "PulayStressSuspected", string.Create(CultureInfo.InvariantCulture, $"The volume has left the one that the plane waves were made for by {100 * drift:F1} %: energies of the last steps are off."), file, "Compute the last geometry anew, starting from it.");
        }
    }
}
