using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Lammps.Inputs;

namespace AtomProNet.Lammps.Outputs;

/// <summary>
/// Judges a run of LAMMPS by log.lammps and by what the job wrote beside it. LAMMPS prints "Total wall time" as the last thing of a run
/// that came to the end of its input, and "ERROR" where it stopped.
/// </summary>
internal static class LammpsJudge
{
    private static readonly Lazy<ImmutableArray<KnownMessage>> Lines = new(() => KnownMessage.Load("AtomProNet.Lammps.Outputs.Data.messages.json"));

    // Where LAMMPS, or the shell that started it, speaks besides the log.
    private static readonly string[] Screens = ["lammps.err", "lammps.out", "job.out"];

    internal static CalculationVerdict Judge(string path, CancellationToken cancellation)
    {
        string full = Path.GetFullPath(path);
        bool isFolder = Directory.Exists(full);
        string folder = isFolder ? full : Path.GetDirectoryName(full)!;
        string? file = isFolder ? Existing(Path.Combine(folder, LammpsInputPlan.LogFile)) : full;
        LammpsLog? log = file is null ? null : LammpsLog.Read(file);
        List<(KnownMessage Known, ExitCause Cause)> messages = MessageSearch.Find(folder, file, Lines.Value, cancellation);
        ExitCause? error = ErrorOf(folder, log);
        (ExitKind exit, ExitCause? cause) = Exit(folder, log, file, error, messages);
        LammpsLoop[] minimisations = [.. log?.Loops.Where(l => l.IsMinimisation) ?? []];
        bool chargesFailed = messages.Any(m => m.Cause.Code == "ChargesNotConverged");
        return new()
        {
            Folder = folder,
            File = file,
            Code = LammpsCode.Name,
            Version = log?.Version,
            Task = TaskOf(folder, log),
            Exit = exit,
            Cause = cause,
            Causes = MessageSearch.Ordered(messages.Select(m => m.Cause).Concat(error is null ? [] : [error]), cause),
            IsFinished = log is { IsFinished: true, Error: null },
            ElectronicConverged = chargesFailed ? false : null,
            IonicConverged = minimisations.Length == 0 ? null : minimisations.All(l => l.IsRelaxed != false),
            RestartChanges = [.. messages.Where(m => m.Cause == cause).SelectMany(m => m.Known.Changes)],
        };
    }

    private static (ExitKind, ExitCause?) Exit(string folder, LammpsLog? log, string? file, ExitCause? error, List<(KnownMessage Known, ExitCause Cause)> messages)
    {
        if (error is not null)
        {
            return (error.Kind, error);
        }

        if (log is { IsFinished: true })
        {
            return Finished(log, file!, messages);
        }

        if (MessageSearch.Gravest(messages) is { } fatal)
        {
            return (fatal.Kind, fatal);
        }

        if (log is null)
        {
            return File.Exists(Path.Combine(folder, LammpsInputPlan.InputFile))
                ? (ExitKind.NotStarted, new(ExitKind.NotStarted, "NotStarted", false, "There is no log: LAMMPS has not begun.", "Submit it."))
                : (ExitKind.BadInput, new(ExitKind.BadInput, "InputMissing", true, "There is neither an input nor a log of LAMMPS.", "Write the input anew (New-LammpsInput, New-MDBenchmark)."));
        }

        return (ExitKind.Unfinished, new(ExitKind.Unfinished, "Unfinished", false, FormattableString.Invariant($"The log ends after {log.Loops.Length} finished runs, and nothing tells why."), "If it no longer runs, look at the scheduler's accounting: time, memory, a user.", file));
    }

    private static (ExitKind, ExitCause?) Finished(LammpsLog log, string file, List<(KnownMessage Known, ExitCause Cause)> messages)
    {
        if (log.Loops.FirstOrDefault(l => !l.IsFinite) is { } lost)
        {
            return (ExitKind.NumericalError, new(ExitKind.NumericalError, "LammpsNotFinite", true, "Energies or pressures have grown beyond all bounds (nan, inf).", "Look for atoms that nearly touch, or a time step that is too long.", file, lost.Line));
        }

        if (messages.Find(m => m.Cause.Code == "ChargesNotConverged").Cause is { } charges)
        {
            return (ExitKind.ElectronicNotConverged, charges);
        }

        return log.Loops.FirstOrDefault(l => l.IsRelaxed == false) is { } open
            ? (ExitKind.IonicNotConverged, new(ExitKind.IonicNotConverged, "StepLimit", false, FormattableString.Invariant($"A minimisation ended before it reached its goal: {open.StoppingCriterion}."), "Begin from a structure nearer to the minimum, or allow more iterations.", file, open.Line))
            : (ExitKind.Success, null);
    }

    /// <summary>The error as LAMMPS tells it: in its log, or on its screen where it stopped before its log came to an end. A screen beside a finished log is that of a former try.</summary>
    private static ExitCause? ErrorOf(string folder, LammpsLog? log)
    {
        if (log?.Stop is { } stop)
        {
            return Cause(stop, log.File);
        }

        IEnumerable<string> screens = log is { IsFinished: true } ? [] : Screens.Select(s => Path.Combine(folder, s)).Where(File.Exists);
        return screens.Select(s => LammpsError.Find(SharedFile.ReadAllText(s), file: s) is { } found ? Cause(found, s) : null).FirstOrDefault(c => c is not null);
    }

    private static ExitCause Cause(LammpsError found, string file) => new(found.Exit, found.Exception.ErrorId, true, found.Exception.Problem, found.Exception.Remedy ?? "", file, found.Line, found.Message);

    private static CalculationTask TaskOf(string folder, LammpsLog? log)
    {
        // What was to be done; else what the log has of it.
        string[] told = Recorded(folder)?.Split(' ') ?? [];
        return told.Any(t => t is nameof(LammpsTask.Nve) or nameof(LammpsTask.Nvt) or nameof(LammpsTask.Npt)) || log?.Loops.Any(l => !l.IsMinimisation && l.Steps > 0) == true ? CalculationTask.MolecularDynamics
            : told.Contains(nameof(LammpsTask.Minimize)) || log?.Loops.Any(l => l.IsMinimisation) == true ? CalculationTask.Relaxation
            : told.Length > 0 || log?.Loops.Length > 0 ? CalculationTask.Static
            : CalculationTask.Unknown;
    }

    private static string? Recorded(string folder)
    {
        try
        {
            return CalculationRecord.FromFolder(folder)?.Method.Settings.GetValueOrDefault("tasks");
        }
        catch (AtomProNetException)
        {
            // A damaged record is told where frames are read; the log alone judges.
            return null;
        }
    }

    private static string? Existing(string file) => File.Exists(file) ? file : null;
}
