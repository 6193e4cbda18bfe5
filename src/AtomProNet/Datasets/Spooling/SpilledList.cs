using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AtomProNet.Files;

namespace AtomProNet.Datasets.Spooling;

/// <summary>
/// The entries of a list that memory has no room for, in a <see cref="ScratchFile"/>: two pieces are in memory, the one that is being filled and the one that was read last. The
/// file goes with the list.
/// </summary>
/// <param name="size">How many entries a piece has.</param>
internal sealed class SpilledList<T>(int size) : IDisposable
    where T : unmanaged
{
    private readonly FileStream file = ScratchFile.Open();
    private readonly T[] filling = new T[size];
    // Rules and groups may be worked out side by side.
    private readonly object gate = new();
    private T[] piece = [];
    private int pieceNumber = -1;
    private int count;

    public T this[int index]
    {
        get
        {
            lock (gate)
            {
                int number = index / size, at = index % size;
                if (number == count / size)
                {
                    return filling[at];
                }

                // Who asks for the first entry of the next piece goes through all of them; who jumps wants one.
                if (number != pieceNumber && at == 0 && (number == 0 || number == pieceNumber + 1))
                {
                    piece = piece.Length == 0 ? new T[size] : piece;
                    Read(index, piece);
                    pieceNumber = number;
                }

                if (number == pieceNumber)
                {
                    return piece[at];
                }

                T single = default;
                Read(index, MemoryMarshal.CreateSpan(ref single, 1));
                return single;
            }
        }
    }

    /// <summary>Adds an entry.</summary>
    /// <exception cref="ScratchFileException">The disk that holds temporary files is full.</exception>
    public void Add(T item)
    {
        lock (gate)
        {
            filling[count % size] = item;
            count++;
            if (count % size == 0)
            {
                ScratchFile.WriteAt(file, (long)(count - size) * Unsafe.SizeOf<T>(), MemoryMarshal.AsBytes(filling.AsSpan()));
            }
        }
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose() => file.Dispose();

    private void Read(int index, Span<T> entries) => ScratchFile.ReadAt(file, (long)index * Unsafe.SizeOf<T>(), MemoryMarshal.AsBytes(entries));
}
