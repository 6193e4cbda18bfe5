namespace AtomProNet.Datasets.Spooling;

/// <summary>A list that grows piece by piece and copies nothing: a million entries never stand in memory twice.</summary>
internal sealed class ChunkedList<T>
{
    private const int Bits = 13, Size = 1 << Bits;

    private readonly List<T[]> chunks = [];

    public int Count { get; private set; }

    public ref T this[int index] => ref chunks[index >> Bits][index & (Size - 1)];

    public void Add(T item)
    {
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

        this[Count++] = item;
    }
}
