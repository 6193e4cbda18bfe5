namespace AtomProNet.Datasets.Spooling;

/// <summary>
/// Hashes of 64 bits, each with a number where that is wanted, in a third of the memory of a dictionary: open addressing, up to 7/8 full, growing by half. It lies in pieces of
/// different sizes, which grow one at a time: what a single one leaves behind when it grows is a third of a large index. What is more than memory shall hold goes into
/// sorted runs on disk (<see cref="HashRuns"/>), so that a set of any length takes the same memory.
/// </summary>
internal sealed class HashIndex : IDisposable
{
    private const int PieceBits = 4;
    private readonly HashIndexPiece[] pieces = new HashIndexPiece[1 << PieceBits];
    private readonly int memoryLimit;
    private HashRuns? runs;
    private int inMemory;
    private bool hasZero;
    private int zeroValue;

    /// <summary>Makes an empty one.</summary>
    /// <param name="hasValues">Whether numbers go with the hashes.</param>
    /// <param name="memoryLimit">How many hashes stay in memory.</param>
    public HashIndex(bool hasValues, int memoryLimit = ChunkedList.MemoryLimit)
    {
        this.memoryLimit = memoryLimit;
        for (int i = 0; i < pieces.Length; i++)
        {
            // From one size to the next but one that growing leads to, so that their turns are spread.
            pieces[i] = new(pieces.Length + i, PieceBits, hasValues);
        }
    }

    /// <summary>The number of hashes.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a hash unless it is there already.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="value">Its number.</param>
    /// <param name="known">The number that it was added with before; 0 where it is new.</param>
    /// <returns>Whether it is new.</returns>
    /// <exception cref="Files.ScratchFileException">The disk that holds temporary files is full.</exception>
    public bool TryAdd(ulong hash, int value, out int known)
    {
        if (hash == 0)
        {
            // Zero marks an empty slot.
            bool isFirst = !hasZero;
            (hasZero, known, zeroValue) = (true, isFirst ? 0 : zeroValue, isFirst ? value : zeroValue);
            Count += isFirst ? 1 : 0;
            return isFirst;
        }

        HashIndexPiece piece = PieceOf(hash);
        if (runs is not null && !piece.Contains(hash) && runs.TryFind(hash, out known))
        {
            return false;
        }

        if (!piece.TryAdd(hash, value, out known))
        {
            return false;
        }

        Count++;
        if (++inMemory >= memoryLimit)
        {
            Spill();
        }

        return true;
    }

    /// <summary>Whether a hash is there.</summary>
    public bool Contains(ulong hash) => hash == 0 ? hasZero : PieceOf(hash).Contains(hash) || (runs?.TryFind(hash, out _) ?? false);

    /// <summary>Deletes the files.</summary>
    public void Dispose() => runs?.Dispose();

    private HashIndexPiece PieceOf(ulong hash) => pieces[HashIndexPiece.Mixed(hash) >> (64 - PieceBits)];

    private void Spill()
    {
        var entries = new HashRunEntry[inMemory];
        int count = 0;
        foreach (HashIndexPiece piece in pieces)
        {
            count = piece.MoveTo(entries, count);
        }

        (runs ??= new()).Add(entries);
        inMemory = 0;
    }
}
