using AtomProNet.Datasets.Spooling;

namespace AtomProNet.Datasets.Checks;

/// <summary>Frames that stand in the set twice, in two parts of it, or twice with different labels. (Find-DuplicateFrame also finds those that were moved or turned.)</summary>
/// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
internal sealed class DuplicateCheck(int memoryLimit) : ICheck, IDisposable
{
    private readonly FrameTally copies = new(), across = new(), conflicts = new();
    private readonly HashIndex geometries = new(hasValues: true, memoryLimit);

    public void Add(CheckedFrame f)
    {
        if (geometries.TryAdd(BitHash.Of(f.Structure), f.Index, out int first))
        {
            return;
        }

        // What other rules need to know: the same labels twice are no wonder here.
        f.IsCopy = f.Register.KeyOf(first) == f.Key;
        DatasetPart? part = f.Register.PartOf(first);
        string detail = FormattableString.Invariant($"as frame {first}");
        if (!f.IsCopy && !SameLabels(f))
        {
            conflicts.Add(f, detail);
        }
        else if (part != f.Part)
        {
            across.Add(f, detail + FormattableString.Invariant($" of {part}"));
        }
        else
        {
            copies.Add(f, detail);
        }
    }

    public void Dispose() => geometries.Dispose();

    public IEnumerable<TrainingSetFinding> Conclude() =>
    [
        .. conflicts.ToFinding(FindingSeverity.Error, "LabelsConflict", $"{conflicts.Count} frames have the geometry of another one and different labels.", "Another magnetic state, SCF minimum or method: keep the one that you mean."),
        .. across.ToFinding(FindingSeverity.Error, "DuplicateAcrossParts", $"{across.Count} frames stand in two parts of the set: what is tested on was trained on.", "Remove the copies, then split again."),
        .. copies.ToFinding(FindingSeverity.Warning, "DuplicateFrames", $"{copies.Count} frames are copies of another one and count twice in training.", "Remove them (Find-DuplicateFrame)."),
    ];

    // A frame without labels does not contradict one that has some.
    private static bool SameLabels(CheckedFrame f) => f.Energy is null && f.Frame.Forces is null && f.Frame.Stress is null;
}
