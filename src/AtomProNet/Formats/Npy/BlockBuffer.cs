namespace AtomProNet.Formats.Npy;

/// <summary>
/// Bytes that are appended, in blocks that stay where they are: a growing <see cref="MemoryStream"/> holds up to twice what it needs, three times while it
/// grows, and large ones lie where the collector looks last. The blocks grow with the buffer, since many small arrays are kept at a time.
/// </summary>
internal sealed class BlockBuffer
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
                blocks.Add(new byte[(int)Math.Clamp(Length, SmallestBlock, LargestBlock)]);
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

    public void Clear()
    {
        blocks.Clear();
        used = 0;
        Length = 0;
    }
}
