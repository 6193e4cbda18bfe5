using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Spooling;

/// <summary>
/// Frames that are needed again once all have been seen: the first ones stay in memory, the others lie in a <see cref="ScratchFile"/>
/// that is gone with the spool. What comes out equals what went in, to the last bit.
/// </summary>
/// <param name="memoryLimit">About how many bytes of frames stay in memory.</param>
internal sealed class FrameSpool(long memoryLimit = 16 << 20) : IDisposable
{
    private readonly List<Frame> inMemory = [];
    private readonly ChunkedList<long> ends = new();
    private readonly FrameRecord record = new();
    private readonly MemoryStream buffer = new();
    private byte[] bytes = [];
    private FileStream? file;
    private long kept;

    /// <summary>The number of frames.</summary>
    public int Count => inMemory.Count + ends.Count;

    /// <summary>Frame number <paramref name="index"/>, from 0.</summary>
    public Frame this[int index] => index < inMemory.Count ? inMemory[index] : Read(index - inMemory.Count);

    /// <summary>Adds a frame.</summary>
    /// <exception cref="ScratchFileException">The disk that holds temporary files is full.</exception>
    public void Add(Frame frame)
    {
        if (file is null && kept < memoryLimit)
        {
            kept += SizeOf(frame);
            inMemory.Add(frame);
            return;
        }

        file ??= ScratchFile.Open();
        buffer.SetLength(0);
        record.Write(buffer, frame);
        long end = End(ends.Count - 1);
        ScratchFile.WriteAt(file, end, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        ends.Add(end + buffer.Length);
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose()
    {
        ends.Dispose();
        Abandoned.Close(file);
    }

    private Frame Read(int number)
    {
        long start = End(number - 1);
        int length = (int)(End(number) - start);
        if (bytes.Length < length)
        {
            bytes = new byte[Math.Max(length, 2 * bytes.Length)];
        }

        ScratchFile.ReadAt(file!, start, bytes.AsSpan(0, length));
        using var stream = new MemoryStream(bytes, 0, length, writable: false);
        return record.Read(stream);
    }

    private long End(int number) => number < 0 ? 0 : ends[number];

    // Positions of both kinds, forces, and what objects cost.
    private static long SizeOf(Frame frame) => 2000 + 100L * frame.Structure.AtomCount * (1 + frame.Structure.SiteProperties.Count);
}
