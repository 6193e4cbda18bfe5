namespace AtomProNet.Datasets.Spooling;

/// <summary>
/// A list that grows piece by piece and copies nothing. Its first pieces stay in memory, all others lie in a <see cref="Files.ScratchFile"/>, so that a set of any length takes the
/// same memory. Whoever goes through it in order reads a piece at a time; a single entry that lies in the file takes some microseconds.
/// </summary>
/// <param name="memoryLimit">How many entries stay in memory; <see cref="int.MaxValue"/>: all, for who asks for them in any order and often.</param>
internal sealed class ChunkedList<T>(int memoryLimit = ChunkedList.MemoryLimit) : IDisposable
    where T : unmanaged
{
    private const int Bits = 13, Size = 1 << Bits;

    private readonly List<T[]> chunks = [];
    private SpilledList<T>? spilled;

    public int Count { get; private set; }

    public T this[int index] => index < memoryLimit ? chunks[index >> Bits][index & (Size - 1)] : spilled![index - memoryLimit];

    public void Add(T item)
    {
        if (Count >= memoryLimit)
        {
            (spilled ??= new(Math.Min(Size, memoryLimit))).Add(item);
            Count++;
            return;
        }

        if (Count >> Bits == chunks.Count)
        {
            // The first piece of a small list is small.
            chunks.Add(new T[Count == 0 ? 16 : Size]);
        }
        else if (Count == chunks[0].Length && Count < Size)
        {
            T[] first = chunks[0];
            Array.Resize(ref first, Count * 2);
            chunks[0] = first;
        }

        chunks[Count >> Bits][Count & (Size - 1)] = item;
        Count++;
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose() => spilled?.Dispose();
}

/// <summary>What all lists have in common.</summary>
internal static class ChunkedList
{
    /// <summary>So many entries stay in memory: those of a set that takes some seconds to read.</summary>
    public const int MemoryLimit = 1 << 16;
}
