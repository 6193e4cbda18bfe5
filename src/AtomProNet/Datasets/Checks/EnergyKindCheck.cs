using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Labels that are different kinds of energy, or another kind than forces and stress derive from.</summary>
internal sealed class EnergyKindCheck : ICheck
{
    private readonly SortedDictionary<EnergyKind, FrameTally> kinds = [];
    private readonly FrameTally notFree = new();

    public void Add(CheckedFrame f)
    {
        if (f.Label is not { } kind)
        {
            return;
        }

        if (!kinds.TryGetValue(kind, out FrameTally? tally))
        {
            kinds.Add(kind, tally = new());
        }

        tally.Add(f);
        if (kind is EnergyKind.WithoutEntropy or EnergyKind.SigmaToZero && (f.Frame.Forces is not null || f.Frame.Stress is not null))
        {
            notFree.Add(f, kind.ToString());
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        IEnumerable<TrainingSetFinding> mixed = kinds.Count < 2 ? [] : kinds.Values.MinBy(k => k.Count)!.ToFinding(
            FindingSeverity.Warning,
            "EnergyKindsMixed",
            $"The labels are different kinds of energy: {string.Join(", ", kinds.Select(k => $"{k.Value.Count} {k.Key}"))}.",
            "Choose one kind (-EnergyKind), and leave out the frames that do not have it.");
        return mixed.Concat(notFree.ToFinding(
            FindingSeverity.Warning,
            "EnergyNotFree",
            $"In {notFree.Count} frames with forces or stress the label is not the free energy that these derive from.",
            "Export with -EnergyKind Free, the default."));
    }
}
