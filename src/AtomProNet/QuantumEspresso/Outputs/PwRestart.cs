using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Inputs;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>What a restart of a pw.x calculation should change: entries of its namelists, its geometry, its job.</summary>
internal static class PwRestart
{
    /// <summary>What pw.x takes where the input does not say (INPUT_PW, 6.2 to 7.5).</summary>
    private static readonly Dictionary<string, double> Defaults = new(StringComparer.Ordinal)
    {
        ["electron_maxstep"] = 100,
        ["mixing_beta"] = 0.7,
        ["conv_thr"] = 1e-6,
        ["cell_factor"] = 2,
    };

    /// <summary>The changes.</summary>
    /// <param name="exit">How the run ended.</param>
    /// <param name="cause">Why.</param>
    /// <param name="message">The known message that the cause was found by; null where it was not.</param>
    /// <param name="warnings">The codes of all that was found.</param>
    /// <param name="outcome">The course of the run.</param>
    /// <param name="file">The standard output.</param>
    /// <param name="input">The input; null where it is not there.</param>
    internal static ImmutableArray<RestartChange> Changes(ExitKind exit, ExitCause? cause, KnownMessage? message, IReadOnlyCollection<string> warnings, PwOutcome outcome, string? file, PwInputFile? input)
    {
        if (exit is ExitKind.Success || cause is null)
        {
            return [];
        }

        List<RestartChange> changes = exit switch
        {
            ExitKind.ElectronicNotConverged => Electronic(warnings.Contains("BandsNotConverged"), outcome, input),
            ExitKind.IonicNotConverged when message is null => [Continue()],
            ExitKind.Unfinished => [Continue()],
            _ => message is null ? [] : [.. message.Changes],
        };
        // A clean stop leaves all that is needed in outdir; the geometry is part of it.
        if (changes.Exists(IsRestart) && !HasData(input))
        {
            changes.RemoveAll(IsRestart);
        }

        bool moves = outcome.Task is CalculationTask.Relaxation or CalculationTask.MolecularDynamics;
        if (!moves || outcome.Steps.IsEmpty || changes.Exists(IsRestart))
        {
            changes.RemoveAll(c => c.Key == "Geometry");
        }

        string inputName = Path.GetFileName(input?.FilePath) ?? PwInputPlan.InputFile;
        return [.. changes.Select(c => c.Key == "Geometry" ? c with { Target = inputName, Value = Path.GetFileName(file) ?? c.Value } : Resolve(c, outcome, input))];
    }

    /// <summary>
    /// More steps and more careful mixing; where bands did not converge either, more of them first: a group of equal energies that is cut
    /// at the top changes its occupation with each step.
    /// </summary>
    private static List<RestartChange> Electronic(bool bandsFailed, PwOutcome outcome, PwInputFile? input)
    {
        double limit = input?.Number("electron_maxstep") ?? outcome.ElectronicStepLimit ?? Defaults["electron_maxstep"], mixing = input?.Number("mixing_beta") ?? Defaults["mixing_beta"];
        return
        [
            .. bandsFailed ? [new RestartChange("SYSTEM", "nbnd", "×1.2", false, "Bands that are empty; a group of equal energies may have been cut.")] : (RestartChange[])[],
            new("ELECTRONS", "electron_maxstep", Text(Math.Max(2 * limit, 200)), false, "More electronic steps."),
            new("ELECTRONS", "mixing_beta", Text(Math.Max(mixing / 2, 0.05)), false, "Smaller changes of the density."),
        ];
    }

    private static RestartChange Continue() => new(PwInputPlan.InputFile, "Geometry", "pw.out", false, "The steps that were made are kept.");

    private static bool IsRestart(RestartChange change) => change is { Target: "CONTROL", Key: "restart_mode", Value: "'restart'" };

    private static bool HasData(PwInputFile? input)
    {
        try
        {
            return input is not null && Directory.Exists(input.SaveFolder) && Directory.EnumerateFiles(input.SaveFolder, "charge-density*").Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // "×0.5" of a variable that the input sets, or whose default is known, is a number.
    private static RestartChange Resolve(RestartChange change, PwOutcome outcome, PwInputFile? input)
    {
        if (change.Value is not ['×', .. var factor] || !double.TryParse(factor, NumberStyles.Float, CultureInfo.InvariantCulture, out double times)
            || ((change.Key == "nbnd" ? outcome.BandCount : null) ?? input?.Number(change.Key) ?? (input is not null && Defaults.TryGetValue(change.Key, out double usual) ? usual : null)) is not { } present)
        {
            return change;
        }

        return change with { Value = change.Key == "nbnd" ? Math.Ceiling(present * times).ToString(CultureInfo.InvariantCulture) : Text(present * times) };
    }

    private static string Text(double value) => PwNamelists.Real(double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
