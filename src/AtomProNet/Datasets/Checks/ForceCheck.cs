using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Forces that do not add up to zero, or are larger than any that DFT gives for a structure worth learning from.</summary>
internal sealed class ForceCheck : ICheck
{
    // DFT leaves a drift of some 0.01 eV/Å for the whole cell; a sum that is also a tenth of the forces themselves is none.
    private const double DriftSum = 0.1, DriftShare = 0.1;
    private const double LargeForce = 100, AbsurdForce = 1000;

    private readonly FrameTally sums = new(), large = new(), absurd = new();

    public void Add(CheckedFrame f)
    {
        if (f.Frame.Forces is not { } forces)
        {
            return;
        }

        Vector3D sum = default;
        double squares = 0, largest = 0;
        foreach (Vector3D force in forces)
        {
            sum += force;
            squares += force.LengthSquared;
            largest = Math.Max(largest, force.LengthSquared);
        }

        largest = Math.Sqrt(largest);
        if (f.Atoms > 1 && !f.HasFixedAtoms && sum.Length > DriftSum && sum.Length > DriftShare * Math.Sqrt(squares))
        {
            sums.Add(f, FormattableString.Invariant($"|ΣF| = {sum.Length:G4} eV/Å"));
        }

        if (largest > AbsurdForce)
        {
            absurd.Add(f, FormattableString.Invariant($"{largest:G4} eV/Å"));
        }
        else if (largest > LargeForce)
        {
            large.Add(f, FormattableString.Invariant($"{largest:G4} eV/Å"));
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude() =>
    [
        .. sums.ToFinding(FindingSeverity.Error, "ForcesDoNotSumToZero", $"In {sums.Count} frames the forces on all atoms do not add up to zero, though no atom is held.", "Rows are missing, doubled, or belong to another frame: read the forces again."),
        .. absurd.ToFinding(FindingSeverity.Error, "ForcesAbsurd", $"In {absurd.Count} frames a force exceeds {AbsurdForce:F0} eV/Å.", "Check the unit; atoms that lie in each other must not be learned from."),
        .. large.ToFinding(FindingSeverity.Warning, "ForcesLarge", $"In {large.Count} frames a force exceeds {LargeForce:F0} eV/Å.", "Leave out structures that far from anything that a simulation will meet (Select-TrainingFrame -MaximumForce)."),
    ];
}
