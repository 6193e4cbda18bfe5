using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>Decides which frames may go into a training set. Pure.</summary>
public static class FrameAdmission
{
    /// <summary>Why a frame must stay out; null where it may go in.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="energyKind">The energy that will be the label; null: F, or one whose kind nobody told.</param>
    /// <param name="includeUnconverged">Whether frames that are not converged are let in.</param>
    public static AtomProNetException? WhyRefused(Frame frame, EnergyKind? energyKind, bool includeUnconverged)
    {
        if (frame.Structure.AtomCount == 0)
        {
            return new(ErrorKind.InvalidData, "FrameWithoutAtoms", $"{Name(frame)} has no atoms.");
        }

        if (frame.Origin is LabelOrigin.MachineLearned or LabelOrigin.Predicted)
        {
            return new(ErrorKind.InvalidData, "FrameNotAbInitio", $"{Name(frame)} was labelled by a model, not by DFT.", remedy: "Leave it out: a model must not be trained on a model's labels.");
        }

        if (!includeUnconverged && !frame.Convergence.IsTrusted)
        {
            return new(ErrorKind.InvalidData, "FrameNotConverged", $"{Name(frame)} is not to be trusted ({frame.Convergence}).", remedy: "Leave it out, or pass -IncludeUnconverged.");
        }

        if (LabelKind(frame, energyKind) is null)
        {
            string found = frame.EnergyKind is { } kind ? $"It has the energy {kind}: ask for that (-EnergyKind {kind}), or leave the frame out." : "It has no energy at all: leave it out.";
            return new(ErrorKind.InvalidData, "EnergyKindMissing", $"{Name(frame)} does not have the energy that is to be the label ({energyKind ?? EnergyKind.Free}).", remedy: found);
        }

        return null;
    }

    /// <summary>Which energy of a frame becomes the label; null where it does not have the one that is asked for.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="asked">What is asked for; null: F, or one whose kind nobody told.</param>
    public static EnergyKind? LabelKind(Frame frame, EnergyKind? asked) => asked switch
    {
        { } kind => frame.GetEnergy(kind) is null ? null : kind,
        null => frame.FreeEnergy is not null ? EnergyKind.Free : frame.UnspecifiedEnergy is not null ? EnergyKind.Unspecified : null,
    };

    /// <summary>Whether a frame is a single atom that feels nothing: without periodic boundaries, or 8 Å and more away from its images.</summary>
    public static bool IsIsolatedAtom(Structure structure) => IsolatedAtoms.IsIsolated(structure);

    private static string Name(Frame frame) => frame.Source is { } source ? $"The frame {source}" : $"The frame {frame.Structure.Name ?? frame.Structure.Composition.Formula}";
}
