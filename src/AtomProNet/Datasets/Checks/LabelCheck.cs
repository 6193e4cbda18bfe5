using System.Text.RegularExpressions;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Labels that are missing, zero where they cannot be, or hidden under a name that nobody reads; frames that must not be trained on.</summary>
internal sealed partial class LabelCheck : ICheck
{
    private readonly FrameTally noEnergy = new(), noForces = new(), noStress = new(), zeroEnergy = new(), zeroStress = new(), hiddenForces = new(), hiddenEnergy = new(), hiddenStress = new();
    private readonly FrameTally unconverged = new(), modelled = new(), weightless = new(), unmarked = new(), cluster = new();
    private readonly List<CheckedFrame> pendingClusters = [];
    private readonly HashSet<string> crystals = new(StringComparer.Ordinal);
    private int frames, withForces, withStress, periodic;

    public void Add(CheckedFrame f)
    {
        Frame frame = f.Frame;
        frames++;
        if (!frame.Convergence.IsTrusted)
        {
            unconverged.Add(f, frame.Convergence.ToString());
        }

        if (frame.Origin is LabelOrigin.MachineLearned or LabelOrigin.Predicted)
        {
            modelled.Add(f, frame.Origin.ToString());
        }

        if (frame.Weight is { } weight && !(weight > 0 && double.IsFinite(weight)))
        {
            weightless.Add(f, FormattableString.Invariant($"weight {weight}"));
        }

        CheckEnergy(f);
        CheckForces(f);
        CheckStress(f);
        if (f.IsIsolatedAtom && frame.ConfigType is null)
        {
            unmarked.Add(f);
        }

        if (frame.Structure.Periodicity.Any)
        {
            crystals.Add(frame.Structure.ReducedFormula);
        }
        else if (frame.Structure.Lattice is not null && !f.IsIsolatedAtom && pendingClusters.Count < 1000 && !HasVacuumAround(frame.Structure))
        {
            pendingClusters.Add(f);
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        foreach (CheckedFrame f in pendingClusters.Where(f => crystals.Contains(f.Structure.ReducedFormula)))
        {
            cluster.Add(f);
        }

        return
        [
            .. unconverged.ToFinding(FindingSeverity.Error, "UnconvergedFrames", $"{unconverged.Count} frames are not converged, or their output does not prove it.", "Leave them out, or compute them again with more electronic steps."),
            .. modelled.ToFinding(FindingSeverity.Error, "ModelLabels", $"{modelled.Count} frames were labelled by a model, not by DFT.", "Leave them out."),
            .. noEnergy.ToFinding(FindingSeverity.Error, "EnergyMissing", $"{noEnergy.Count} of {frames} frames have no energy.", "Leave them out: frameworks give them weight 0 or stop."),
            .. hiddenEnergy.ToFinding(FindingSeverity.Error, "EnergyUnderOtherName", $"{hiddenEnergy.Count} frames have no energy, but something under a name like one.", "Rename the key to that of the framework (energy, REF_energy)."),
            .. zeroEnergy.ToFinding(FindingSeverity.Error, "EnergyZero", $"{zeroEnergy.Count} frames have an energy of exactly 0.", "A placeholder was taken for a label: read the energies again."),
            .. hiddenForces.ToFinding(FindingSeverity.Error, "ForcesUnderOtherName", $"{hiddenForces.Count} frames have no forces, but a column under a name like one.", "Rename the column to that of the framework (forces, REF_forces)."),
            .. hiddenStress.ToFinding(FindingSeverity.Warning, "StressUnderOtherName", $"{hiddenStress.Count} frames have no stress, but something under a name like one.", "Rename the key to that of the framework (stress, REF_stress), in eV/Å³ with tension positive."),
            .. withForces > 0 ? noForces.ToFinding(FindingSeverity.Warning, "ForcesMissing", $"{noForces.Count} of {frames} frames have no forces.", "Frameworks give them weight 0 in silence: leave them out if that is not intended.") : [],
            .. withStress > 0 ? noStress.ToFinding(FindingSeverity.Warning, "StressMissing", $"{noStress.Count} of {periodic} periodic frames have no stress.", "Frameworks give them weight 0 in silence: leave them out if that is not intended.") : [],
            .. zeroStress.ToFinding(FindingSeverity.Error, "StressZero", $"{zeroStress.Count} frames have a stress of exactly 0 in all components.", "A placeholder was taken for a label: read the stresses again, or leave them out."),
            .. weightless.ToFinding(FindingSeverity.Warning, "WeightNotPositive", $"{weightless.Count} frames have a weight that is not positive: they are not trained on.", "Correct config_weight, or leave the frames out."),
            .. unmarked.ToFinding(FindingSeverity.Warning, "IsolatedAtomUnmarked", $"{unmarked.Count} single atoms are not marked as such.", "Give them config_type=IsolatedAtom (Export-TrainingSet does), so that MACE takes reference energies from them."),
            .. cluster.ToFinding(FindingSeverity.Error, "PeriodicityLost", $"{cluster.Count} frames have a cell but do not repeat, while others of the same formula do.", "Set pbc=\"T T T\", unless these are clusters."),
        ];
    }

    // A cluster in a box: were the box to repeat, no atom would have a neighbour in the next one. A crystal that lost its boundaries fills its cell.
    private static bool HasVacuumAround(Structure structure)
    {
        Matrix3x3 rows = structure.Lattice!.Rows;
        double needed = Math.Max(CheckedFrame.ContactCutoff, 2 * DistanceCheck.Far * structure.Species.Max(e => e.CovalentRadius)), volume = Math.Abs(rows.Determinant);
        double[] heights = [volume / Vector3D.Cross(rows.Row2, rows.Row3).Length, volume / Vector3D.Cross(rows.Row3, rows.Row1).Length, volume / Vector3D.Cross(rows.Row1, rows.Row2).Length];
        for (int axis = 0; axis < 3; axis++)
        {
            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            foreach (Vector3D r in structure.FractionalPositions)
            {
                double along = axis == 0 ? r.X : axis == 1 ? r.Y : r.Z;
                (least, most) = (Math.Min(least, along), Math.Max(most, along));
            }

            if ((1 - (most - least)) * heights[axis] < needed)
            {
                return false;
            }
        }

        return true;
    }

    private void CheckEnergy(CheckedFrame f)
    {
        if (f.Energy is { } energy)
        {
            if (energy == 0)
            {
                zeroEnergy.Add(f);
            }

            return;
        }

        string? name = f.Frame.Information.Where(i => i.Value is double or long).Select(i => i.Key).FirstOrDefault(k => EnergyName().IsMatch(k));
        if (name is null)
        {
            noEnergy.Add(f);
        }
        else
        {
            hiddenEnergy.Add(f, $"'{name}'");
        }
    }

    private void CheckForces(CheckedFrame f)
    {
        if (f.Frame.Forces is not null)
        {
            withForces++;
            return;
        }

        string? name = f.Structure.SiteProperties.Where(p => p.Value is { Kind: SitePropertyKind.Real, Width: 3 }).Select(p => p.Key).FirstOrDefault(k => ForceName().IsMatch(k));
        if (name is not null)
        {
            hiddenForces.Add(f, $"'{name}'");
        }
        else if (!f.IsIsolatedAtom)
        {
            noForces.Add(f);
        }
    }

    private void CheckStress(CheckedFrame f)
    {
        periodic += f.Structure.Periodicity.All ? 1 : 0;
        if (f.Frame.Stress is { } stress)
        {
            withStress++;
            if (!f.IsIsolatedAtom && stress == default)
            {
                zeroStress.Add(f);
            }

            return;
        }

        string? name = f.Frame.Information.Where(i => i.Value is Array { Length: 6 or 9 }).Select(i => i.Key).FirstOrDefault(k => StressName().IsMatch(k));
        if (name is not null)
        {
            hiddenStress.Add(f, $"'{name}'");
        }
        else if (f.Structure.Periodicity.All && !f.IsIsolatedAtom)
        {
            noStress.Add(f);
        }
    }

    [GeneratedRegex("energ|toten|^e$|^e0$|^etot", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EnergyName();

    [GeneratedRegex("force|^f$|gradient", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ForceName();

    [GeneratedRegex("stress|virial|pressure", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StressName();
}
