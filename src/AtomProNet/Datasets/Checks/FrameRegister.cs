using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Where each frame of a set comes from, in a dozen bytes, so that rules need to keep its number only.</summary>
internal sealed class FrameRegister
{
    private readonly ChunkedList<(int File, int Step)> frames = new();
    // A set of one part needs none.
    private readonly ChunkedList<sbyte> parts = new();
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> files = [];

    /// <summary>The number of frames.</summary>
    public int Count => frames.Count;

    /// <summary>The frame with that number, from 1.</summary>
    public FrameReference this[int index]
    {
        get
        {
            (int file, int step) = frames[index - 1];
            return new(index, PartOf(index), file < 0 ? null : new(files[file], step));
        }
    }

    /// <summary>The part that a frame stands in; null where there is one part only.</summary>
    public DatasetPart? PartOf(int index) => index <= parts.Count && parts[index - 1] >= 0 ? (DatasetPart)parts[index - 1] : null;

    /// <summary>Adds the next frame.</summary>
    public void Add(Frame frame, DatasetPart? part)
    {
        int file = -1;
        if (frame.Source is { } source && !numbers.TryGetValue(source.File, out file))
        {
            numbers.Add(source.File, file = files.Count);
            files.Add(source.File);
        }

        frames.Add((frame.Source is null ? -1 : file, frame.Source?.Step ?? 0));
        if (part is { } given)
        {
            while (parts.Count < frames.Count - 1)
            {
                parts.Add(-1);
            }

            parts.Add((sbyte)given);
        }
    }
}
