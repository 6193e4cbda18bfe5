using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation.Energies;

/// <summary>What energies that are subtracted from each other must have in common.</summary>
internal static class EnergyLabels
{
    /// <summary>The energy of a frame that may be used, eV per cell.</summary>
    /// <exception cref="AtomProNetException">It is not there, or not to be trusted.</exception>
    internal static double Of(Frame frame, EnergyKind kind, string what)
    {
        if (!frame.Convergence.IsTrusted)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "FrameNotConverged", $"The energy of {what} ({FrameSeries.Describe(frame)}) is not to be trusted ({frame.Convergence}).", remedy: "Compute it again with more electronic steps.");
        }

        return frame.GetEnergy(kind) ?? throw new AtomProNetException(
            ErrorKind.InvalidData,
            "EnergyKindMissing",
            $"{Capital(what)} ({FrameSeries.Describe(frame)}) does not have the energy that is used ({kind}).",
            remedy: frame.EnergyKind is { } other ? $"It has the energy {other}: use one that all frames have (-EnergyKind)." : "It has no energy at all.");
    }

    /// <summary>Refuses energies that were not computed in one way.</summary>
    internal static ImmutableArray<Finding> CheckMethods(IEnumerable<(Frame Frame, string What)> frames)
    {
        (Frame Frame, string What)[] all = [.. frames];
        if (all.Select(f => f.Frame.Origin == LabelOrigin.Predicted).Distinct().Count() > 1)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "MethodsMixed", "Energies of DFT and of a model are not subtracted from each other.", value: string.Join(", ", all.Select(f => $"{f.What}: {f.Frame.Origin}")), remedy: "Give all of them from one method.");
        }

        var tally = new MethodTally();
        foreach ((Frame frame, _) in all)
        {
            tally.Add(frame);
        }

        return tally.IsMixed
            ? throw new AtomProNetException(ErrorKind.InvalidData, "MethodsMixed", $"The energies were not computed in one way: {string.Join("; ", tally.Differences)}.", remedy: "Compute all of them with one method.")
            : tally.Findings;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
