namespace AtomProNet.Datasets.Checks;

/// <summary>Frames that stand in the set twice, in two parts of it, or twice with different labels. (Find-DuplicateFrame also finds those that were moved or turned.)</summary>
internal sealed class DuplicateCheck : ICheck
{
    private readonly FrameTally copies = new(), across = new(), conflicts = new();
    private readonly Dictionary<ulong, (DatasetPart? Part, ulong Labels, int Frame)> seen = [];

    public void Add(CheckedFrame f)
    {
        ulong geometry = BitHash.Of(f.Structure), labels = (ulong)f.Key;
        if (!seen.TryGetValue(geometry, out var first))
        {
            seen.Add(geometry, (f.Part, labels, f.Index));
            return;
        }

        string detail = FormattableString.Invariant($"as frame {first.Frame}");
        if (first.Labels != labels && !SameLabels(f))
        {
            conflicts.Add(f, detail);
        }
        else if (first.Part != f.Part)
        {
            across.Add(f, detail + FormattableString.Invariant($" of {first.Part}"));
        }
        else
        {
            copies.Add(f, detail);
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude() =>
    [
        .. conflicts.ToFinding(FindingSeverity.Error, "LabelsConflict", $"{conflicts.Count} frames have the geometry of another one and different labels.", "Another magnetic state, SCF minimum or method: keep the one that you mean."),
        .. across.ToFinding(FindingSeverity.Error, "DuplicateAcrossParts", $"{across.Count} frames stand in two parts of the set: what is tested on was trained on.", "Remove the copies, then split again."),
        .. copies.ToFinding(FindingSeverity.Warning, "DuplicateFrames", $"{copies.Count} frames are copies of another one and count twice in training.", "Remove them (Find-DuplicateFrame)."),
    ];

    // A frame without labels does not contradict one that has some.
    private static bool SameLabels(CheckedFrame f) => f.Energy is null && f.Frame.Forces is null && f.Frame.Stress is null;
}
