using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>What a restart of a VASP calculation should change.</summary>
internal static class VaspRestart
{
    internal static ImmutableArray<RestartChange> Changes(string folder, ExitKind exit, ExitCause? cause, KnownMessage? error, VaspOutcome outcome)
    {
        if (exit is ExitKind.Success || cause is null)
        {
            return [];
        }

        List<RestartChange> changes = exit switch
        {
            ExitKind.ElectronicNotConverged => Electronic(outcome),
            ExitKind.IonicNotConverged => [Continue()],
            ExitKind.Unfinished => [Continue()],
            _ => error is null ? [] : [.. error.Changes],
        };
        bool moves = outcome.Task is CalculationTask.Relaxation or CalculationTask.MolecularDynamics;
        if (!moves || outcome.Steps.IsEmpty || !HasWholeContcar(folder))
        {
            changes.RemoveAll(c => c.Key == "Geometry");
        }

        return [.. changes.Select(c => Resolve(c, outcome))];
    }

    /// <summary>A ladder: first more steps, then another algorithm, then careful mixing.</summary>
    private static List<RestartChange> Electronic(VaspOutcome outcome)
    {
        var changes = new List<RestartChange>
        {
            new("INCAR", "NELM", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(2 * (outcome.ElectronicStepLimit ?? 60), 120)}"), false, "More electronic steps."),
        };
        // IALGO 38 is Davidson, 48 RMM-DIIS, 58 conjugate gradients, 68 Davidson and then RMM-DIIS.
        changes.Add(outcome.Settings?.Integer("IALGO") is 48 or 68
            ? new("INCAR", "ALGO", "Normal", false, "Davidson is more stable than RMM-DIIS.")
            : new("INCAR", "ALGO", "All", false, "Conjugate gradients converge where mixing does not."));
        return changes;
    }

    private static RestartChange Continue() => new("POSCAR", "Geometry", "CONTCAR", false, "The steps that were made are kept.");

    // "×1.2" of a tag that the output tells is a number.
    private static RestartChange Resolve(RestartChange change, VaspOutcome outcome)
    {
        if (change.Target != "INCAR" || change.Value is not ['×', .. var factor] || outcome.Settings?.Number(change.Key) is not { } present
            || !double.TryParse(factor, NumberStyles.Float, CultureInfo.InvariantCulture, out double times))
        {
            return change;
        }

        double value = present * times;
        return change with { Value = change.Key == "NBANDS" ? Math.Ceiling(value).ToString(CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture) };
    }

    private static bool HasWholeContcar(string folder)
    {
        string path = Path.Combine(folder, "CONTCAR");
        try
        {
            if (!File.Exists(path))
            {
                return false;
            }

            using FileStream stream = SharedFile.OpenRead(path);
            return PoscarReader.Read(stream, path) is Structure { AtomCount: > 0 };
        }
        catch (Exception e) when (e is AtomProNetException or IOException or UnauthorizedAccessException)
        {
            // Cut off while it was written.
            return false;
        }
    }
}
