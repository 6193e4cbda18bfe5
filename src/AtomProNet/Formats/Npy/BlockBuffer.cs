using Microsoft.Win32.SafeHandles;

namespace AtomProNet.Formats.Npy;

/// <summary>
/// Bytes that are appended, in blocks that stay where they are: a growing <see cref="MemoryStream"/> holds up to twice what it needs, three times while it
/// grows, and large ones lie where the collector looks last. The blocks grow with the buffer, since many small arrays are kept at a time.
/// </summary>
/// <param name="spare">Where blocks go that are needed no more, for whoever shares it.</param>
internal sealed class BlockBuffer(Stack<byte[]> spare)
{
    private const int SmallestBlock = 256;
    private const int LargestBlock = 1 << 16;
    private readonly List<byte[]> blocks = [];
    private int used;

    /// <summary>How many bytes were appended.</summary>
    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (blocks.Count == 0 || used == blocks[^1].Length)
            {
                int size = (int)Math.Clamp(Length, SmallestBlock, LargestBlock);
                blocks.Add(size == LargestBlock && spare.TryPop(out byte[]? block) ? block : new byte[size]);
                used = 0;
            }

            int piece = Math.Min(bytes.Length, blocks[^1].Length - used);
            bytes[..piece].CopyTo(blocks[^1].AsSpan(used));
            used += piece;
            Length += piece;
            bytes = bytes[piece..];
        }
    }

    public void WriteTo(Stream target)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            target.Write(blocks[i], 0, i == blocks.Count - 1 ? used : blocks[i].Length);
        }
    }

    /// <summary>Writes all blocks at once: the system takes a megabyte in less time than its sixteen pieces.</summary>
    public void WriteTo(SafeFileHandle file, long offset) =>
        RandomAccess.Write(file, blocks.ConvertAll(b => new ReadOnlyMemory<byte>(b, 0, b == blocks[^1] ? used : b.Length)), offset);

    public void Clear()
    {
        foreach (byte[] block in blocks.Where(b => b.Length == LargestBlock))
        {
            spare.Push(block);
        }

        blocks.Clear();
        used = 0;
        Length = 0;
    }
}
