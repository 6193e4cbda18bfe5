using AtomProNet.Datasets.Spooling;

namespace AtomProNet.Datasets;

/// <summary>Where each frame of an export lies in its hidden file, and what must be known of it once more: a dozen bytes a frame.</summary>
/// <param name="memoryLimit">How many frames of it stay in memory.</param>
internal sealed class SpooledFrames(int memoryLimit) : IDisposable
{
    private readonly ChunkedList<long> ends = new(memoryLimit);
    // Negative for single atoms.
    private readonly ChunkedList<int> atoms = new(memoryLimit);
    private readonly ChunkedList<sbyte> parts = new(memoryLimit);

    /// <summary>The number of frames.</summary>
    public int Count => atoms.Count;

    /// <summary>Adds the next frame, which lies behind the one before; without its end where nobody will read it again.</summary>
    public void Add(long? end, int atomCount, bool isIsolatedAtom, DatasetPart? part)
    {
        if (end is { } there)
        {
            ends.Add(there);
        }

        atoms.Add(isIsolatedAtom ? -atomCount : atomCount);
        if (part is { } given)
        {
            parts.Add((sbyte)given);
        }
    }

    /// <summary>Deletes temporary files.</summary>
    public void Dispose()
    {
        ends.Dispose();
        atoms.Dispose();
        parts.Dispose();
    }

    /// <summary>The first byte of a frame.</summary>
    public long Offset(int frame) => frame == 0 ? 0 : ends[frame - 1];

    /// <summary>The number of bytes.</summary>
    public int Length(int frame) => (int)(ends[frame] - Offset(frame));

    /// <summary>The number of atoms.</summary>
    public int AtomCount(int frame) => Math.Abs(atoms[frame]);

    /// <summary>Whether it is a single atom that feels nothing.</summary>
    public bool IsIsolatedAtom(int frame) => atoms[frame] < 0;

    /// <summary>The part that it came with; null where none did.</summary>
    public DatasetPart? Part(int frame) => parts.Count == 0 ? null : (DatasetPart)parts[frame];
}
