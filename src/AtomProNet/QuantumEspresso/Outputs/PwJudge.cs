using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Inputs;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Judges a calculation of pw.x by its standard output (or data-file-schema.xml) and by what the job wrote beside it.</summary>
internal static class PwJudge
{
    /// <summary>A change of the pressure that the plane waves of the old cell made, GPa: what labels are usually wanted to.</summary>
    private const double PulayPressure = 0.1;

    internal static CalculationVerdict Judge(string path, CancellationToken cancellation)
    {
        string full = Path.GetFullPath(path);
        bool isFolder = Directory.Exists(full);
        string folder = isFolder ? full : Path.GetDirectoryName(full)!;
        IReadOnlyList<string> outputs = PwRunFiles.Latest(folder);
        string? file = isFolder ? outputs.Count > 0 ? outputs[^1] : PwRunFiles.Xml(folder) : full;
        PwOutcome outcome = file is null ? new PwOutcome() : PwOutcome.Read(file, cancellation);
        PwInputFile? input = PwInputFile.Find(folder, file, outcome.InputName);
        List<(KnownMessage Known, ExitCause Cause)> messages = Messages(folder, file, outputs.Count > 1, outcome, cancellation);
        (ExitKind exit, ExitCause? cause) = Exit(folder, file, outcome, messages, input);
        ImmutableArray<Finding> findings = [.. outcome.Findings, .. Pulay(outcome, folder, file, input)];
        return new()
        {
            Folder = folder,
            File = file,
            Code = "pw.x",
            Version = outcome.Version,
            Task = outcome.Task is CalculationTask.Unknown or CalculationTask.Relaxation ? TaskOf(input) ?? outcome.Task : outcome.Task,
            Exit = exit,
            Cause = cause,
            Causes = MessageSearch.Ordered(messages.Select(m => m.Cause), cause),
            IsFinished = outcome.IsFinished,
            ElectronicConverged = outcome.Steps.IsEmpty ? null : outcome.Steps.All(s => s.Electronic == ElectronicConvergence.Converged),
            IonicConverged = outcome.IonicConverged,
            HasOverflow = outcome.HasOverflow,
            IsPulayStressSuspected = findings.Any(f => f.Code == "PulayStressSuspected"),
            Steps = outcome.Steps,
            RestartChanges = PwRestart.Changes(exit, cause, messages.Find(m => m.Cause.Code == cause?.Code).Known, [.. messages.Select(m => m.Cause.Code)], outcome, file, input),
            Findings = findings,
        };
    }

    /// <summary>What was printed: the errors of pw.x in its output or in CRASH, and known lines there and in the job's logs.</summary>
    private static List<(KnownMessage Known, ExitCause Cause)> Messages(string folder, string? file, bool hasNeighbours, PwOutcome outcome, CancellationToken cancellation)
    {
        var messages = new List<(KnownMessage Known, ExitCause Cause)>();
        bool hasSteps = !outcome.Steps.IsEmpty;
        foreach ((string routine, string message, long line) in outcome.Errors)
        {
            messages.Add(PwMessages.Identify(routine, message, file!, line, hasSteps));
        }

        // Where several runs share a folder, their logs are told apart by the stem of the name, and CRASH by nothing.
        string? stem = hasNeighbours && file is not null ? PwRunFiles.Stem(Path.GetFileName(file)) : null;
        if (messages.Count == 0 && !outcome.IsFinished && stem is null)
        {
            messages.AddRange(PwRunFiles.CrashErrors(folder, file).Select(e => PwMessages.Identify(e.Routine, e.Message, Path.Combine(folder, PwRunFiles.CrashName), null, hasSteps)));
        }

        bool IsLog(string path) => (stem is null || PwRunFiles.Stem(Path.GetFileName(path)) == stem) && !PwFileNames.IsOutput(path);
        messages.AddRange(MessageSearch.Find(folder, file is not null && !PwFileNames.IsXmlName(Path.GetFileName(file)) ? file : null, PwMessages.Lines, cancellation, IsLog, "Program PWSCF"u8.ToArray()));
        return [.. messages.DistinctBy(m => m.Cause.Code)];
    }

    private static (ExitKind, ExitCause?) Exit(string folder, string? file, PwOutcome outcome, List<(KnownMessage Known, ExitCause Cause)> messages, PwInputFile? input)
    {
        if (outcome.IsFinished)
        {
            return Finished(file!, outcome, messages);
        }

        // What the scheduler or MPI say of a run that pw.x stopped itself only sweeps up.
        ExitCause? fatal = messages.Find(m => m.Cause.IsFatal && outcome.Errors.Any(e => e.Line == m.Cause.Line && m.Cause.File == file)).Cause ?? MessageSearch.Gravest(messages);
        if (fatal is not null)
        {
            return (fatal.Kind, fatal);
        }

        if (file is null)
        {
            return MissingInput(folder, input) is { } missing ? (missing.Kind, missing)
                : (ExitKind.NotStarted, new(ExitKind.NotStarted, "NotStarted", false, "There is no output: the calculation has not begun.", "Submit it."));
        }

        string text = outcome.Steps.IsEmpty ? "The output ends before the first ionic step." : FormattableString.Invariant($"The output ends within ionic step {outcome.Steps[^1].Step + (outcome.Steps[^1].Problem is null ? 1 : 0)}, and nothing tells why.");
        return (ExitKind.Unfinished, new(ExitKind.Unfinished, "Unfinished", false, text, "If it no longer runs, look at the scheduler's accounting: time, memory, a user.", file));
    }

    private static (ExitKind, ExitCause?) Finished(string file, PwOutcome outcome, List<(KnownMessage Known, ExitCause Cause)> messages)
    {
        bool isTime = outcome.Events.HasFlag(PwRunEvents.TimeLimit), isUser = outcome.Events.HasFlag(PwRunEvents.StoppedByUser);
        if (isTime || isUser)
        {
            // The job script asks pw.x to stop when the walltime is nearly over, which pw.x takes for the wish of a user.
            ExitCause? told = messages.Find(m => m.Cause.Kind == ExitKind.TimeLimit).Cause ?? (isUser ? messages.Find(m => m.Cause.Kind == ExitKind.Stopped).Cause : null);
            return told is not null ? (told.Kind, told)
                : isTime ? (ExitKind.TimeLimit, new(ExitKind.TimeLimit, "MaxSeconds", true, "pw.x stopped by itself: the time that its input gives it (max_seconds) was over.", "Give it more time, and go on from where it stopped.", file))
                : (ExitKind.Stopped, new(ExitKind.Stopped, "StoppedByUser", true, "Somebody asked the run to stop (a file prefix.EXIT).", "Go on from where it stopped.", file));
        }

        if (outcome.Steps.IsEmpty)
        {
            return outcome.Task == CalculationTask.Other ? (ExitKind.Success, null)
                : MessageSearch.Gravest(messages) is { } why ? (why.Kind, why)
                : (ExitKind.Unfinished, new(ExitKind.Unfinished, "NoStep", false, "The output has ended without a self-consistency (nstep = 0, or a file prefix.EXIT was there from the beginning).", "Look at the input.", file));
        }

        if (outcome.Steps.LastOrDefault(s => s.Electronic == ElectronicConvergence.NotConverged) is { } unconverged)
        {
            string steps = unconverged.ElectronicSteps is { } n ? FormattableString.Invariant($" in {n} steps (electron_maxstep)") : "";
            return (ExitKind.ElectronicNotConverged, new(ExitKind.ElectronicNotConverged, "ElectronicNotConverged", false, FormattableString.Invariant($"The self-consistency of ionic step {unconverged.Step} did not converge{steps}."), "Allow more steps, mix more carefully, use a smearing for metals.", file));
        }

        if (outcome.IonicConverged != false)
        {
            return (ExitKind.Success, null);
        }

        return messages.Find(m => m.Cause.Code == "BfgsHistory").Cause is { } history && outcome.Events.HasFlag(PwRunEvents.OptimizerFailed)
            ? (ExitKind.IonicNotConverged, history)
            : (ExitKind.IonicNotConverged, new(ExitKind.IonicNotConverged, "StepLimit", false, FormattableString.Invariant($"The relaxation did not reach its goal in {outcome.Steps.Length} steps (nstep)."), "Go on from the last geometry.", file));
    }

    private static ExitCause? MissingInput(string folder, PwInputFile? input)
    {
        if (input is null && Directory.EnumerateFiles(folder).Any(PwInputFile.IsInput))
        {
            // Several inputs: which of them would run, nobody can tell.
            return null;
        }

        if (input is null)
        {
            return new(ExitKind.BadInput, "InputMissing", true, "There is no input of pw.x, and no output.", "Write the inputs anew (New-QEInput).");
        }

        if (input.PseudoFolder is { } pseudo)
        {
            foreach (string name in input.Pseudopotentials)
            {
                if (!File.Exists(Path.Combine(pseudo, name)))
                {
                    // A folder of the cluster cannot be seen from here.
                    return Directory.Exists(pseudo) || Path.GetFullPath(pseudo).StartsWith(folder, StringComparison.Ordinal)
                        ? new(ExitKind.PotentialMissing, "PseudopotentialMissing", true, $"There is no output, and the pseudopotential {name} is not in {pseudo}.", "Write the inputs anew (New-QEInput copies pseudopotentials into the folder).", input.FilePath)
                        : null;
                }
            }
        }

        return null;
    }

    private static CalculationTask? TaskOf(PwInputFile? input) => input?["calculation"] switch
    {
        "scf" => CalculationTask.Static,
        "relax" or "vc-relax" => CalculationTask.Relaxation,
        "md" or "vc-md" => CalculationTask.MolecularDynamics,
        "nscf" or "bands" => CalculationTask.Other,
        _ => null,
    };

    // Source: G. P. Francis and M. C. Payne, J. Phys.: Condens. Matter 2, 4395 (1990).
    private static IEnumerable<Finding> Pulay(PwOutcome outcome, string folder, string? file, PwInputFile? input)
    {
        const string Advice = "Raise ecutwfc where stress or cells matter (New-ConvergenceSeries finds what is needed).";
        if (outcome.WavefunctionCutoff is { } cutoff && SuggestedCutoff(folder, input) is { } wanted && cutoff < 0.995 * wanted)
        {
            yield return new(FindingSeverity.Warning, "PulayStressSuspected", string.Create(CultureInfo.InvariantCulture, $"ecutwfc ({cutoff:G5} Ry) is below what the pseudopotentials suggest ({wanted:G5} Ry): the stress is off, and energies along a change of volume contradict it."), file, Advice);
        }

        if (outcome.FinalPressures is { } p && Math.Abs(p.After - p.Before) > PulayPressure)
        {
            yield return new(FindingSeverity.Warning, "PulayStressSuspected", string.Create(CultureInfo.InvariantCulture, $"The relaxation ended at {p.Before:F2} GPa, but with plane waves made for the relaxed cell the pressure is {p.After:F2} GPa."), file, Advice);
        }

        double drift = outcome.Steps.Select(s => s.VolumeRatio is { } r ? Math.Abs(r - 1) : 0).DefaultIfEmpty(0).Max();
        if (drift > 0.01)
        {
            yield return new(FindingSeverity.Warning, "PulayStressSuspected", string.Create(CultureInfo.InvariantCulture, $"The volume has left the one that the plane waves were made for by {100 * drift:F1} %: energies of such steps are off."), file, "Take the final SCF, or compute the last geometry anew.");
        }
    }

    /// <summary>The highest cut-off that the headers of the pseudopotentials suggest, Ry; null where they are not at hand or suggest none.</summary>
    private static double? SuggestedCutoff(string folder, PwInputFile? input)
    {
        double? highest = null;
        try
        {
            foreach (string name in input?.Pseudopotentials ?? [])
            {
                string path = new[] { folder, input!.PseudoFolder }.OfType<string>().Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists) ?? "";
                highest = path.Length > 0 && UpfHeader.Read(path).WavefunctionCutoff is { } suggested ? Math.Max(highest ?? 0, suggested) : highest;
            }

            // Where the files are on the cluster, the record of New-QEInput knows.
            return highest ?? (CalculationRecord.FromFolder(folder) is { Method: { Code: "pw.x" } method } ? method.Potentials.Max(p => p.SuggestedCutoff) / PhysicalConstants.RydbergInElectronvolt : null);
        }
        catch (Exception e) when (e is AtomProNetException or IOException or UnauthorizedAccessException)
        {
            return highest;
        }
    }
}
