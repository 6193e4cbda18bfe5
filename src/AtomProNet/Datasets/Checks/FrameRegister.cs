using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Where each frame of a set comes from, its key and its part, in a few dozen bytes (beyond a fixed number of frames, on disk), so that rules need to keep its number only.</summary>
/// <param name="descents">What is kept of the frames.</param>
/// <param name="keeps">Whether it is kept here; else somebody adds each frame to <paramref name="descents"/> before it comes here.</param>
/// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
internal sealed class FrameRegister(FrameDescents descents, bool keeps, int memoryLimit) : IDisposable
{
    // A set of one part needs none.
    private readonly ChunkedList<sbyte> parts = new(memoryLimit);

    /// <summary>Keeps what it needs itself.</summary>
    public FrameRegister()
        : this(new(null, ChunkedList.MemoryLimit), keeps: true, ChunkedList.MemoryLimit)
    {
    }

    /// <summary>The number of frames.</summary>
    public int Count { get; private set; }

    /// <summary>The frame with that number, from 1.</summary>
    public FrameReference this[int index] => new(index, PartOf(index), descents.SourceOf(index - 1));

    /// <summary>The part that a frame stands in; null where there is one part only.</summary>
    public DatasetPart? PartOf(int index) => index <= parts.Count && parts[index - 1] >= 0 ? (DatasetPart)parts[index - 1] : null;

    /// <summary>The <see cref="FrameKey"/> of the frame with that number, from 1.</summary>
    public FrameKey KeyOf(int index) => descents.KeyOf(index - 1);

    /// <summary>Group and place in its series of each frame, in their order.</summary>
    public IReadOnlyList<SplitItem> ToItems() => descents.ToItems();

    /// <summary>Deletes temporary files; those of what somebody else keeps stay.</summary>
    public void Dispose()
    {
        parts.Dispose();
        if (keeps)
        {
            descents.Dispose();
        }
    }

    /// <summary>Adds the next frame.</summary>
    public void Add(Frame frame, DatasetPart? part)
    {
        Count++;
        if (keeps)
        {
            descents.Add(frame);
        }

        if (part is { } given)
        {
            while (parts.Count < Count - 1)
            {
                parts.Add(-1);
            }

            parts.Add((sbyte)given);
        }
    }
}
