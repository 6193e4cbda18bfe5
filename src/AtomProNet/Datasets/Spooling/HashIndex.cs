using System.Numerics;

namespace AtomProNet.Datasets.Spooling;

/// <summary>
/// Hashes of 64 bits (or of 32, where a chance hit among a million does no harm), each with a number where that is wanted, in a third of
/// the memory of a dictionary: open addressing, up to 7/8 full, growing by half. It lies in pieces of different sizes, which grow one at a time: what a
/// single one leaves behind when it grows is a third of a large index.
/// </summary>
internal sealed class HashIndex<THash>
    where THash : unmanaged, IBinaryInteger<THash>
{
    private const int PieceBits = 4;
    private readonly Piece[] pieces = new Piece[1 << PieceBits];
    private bool hasZero;
    private int zeroValue;

    /// <summary>Makes an empty one.</summary>
    /// <param name="hasValues">Whether numbers go with the hashes.</param>
    public HashIndex(bool hasValues)
    {
        for (int i = 0; i < pieces.Length; i++)
        {
            // From one size to the next but one that growing leads to, so that their turns are spread.
            pieces[i] = new(pieces.Length + i, hasValues);
        }
    }

    /// <summary>The number of hashes.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a hash unless it is there already.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="value">Its number.</param>
    /// <param name="known">The number that it was added with before; 0 where it is new.</param>
    /// <returns>Whether it is new.</returns>
    public bool TryAdd(THash hash, int value, out int known)
    {
        bool isNew;
        if (THash.IsZero(hash))
        {
            // Zero marks an empty slot.
            (isNew, known) = (!hasZero, hasZero ? zeroValue : 0);
            (hasZero, zeroValue) = (true, isNew ? value : zeroValue);
        }
        else
        {
            ulong mixed = Mixed(hash);
            isNew = pieces[mixed >> (64 - PieceBits)].TryAdd(hash, mixed << PieceBits, value, out known);
        }

        Count += isNew ? 1 : 0;
        return isNew;
    }

    /// <summary>Whether a hash is there.</summary>
    public bool Contains(THash hash)
    {
        ulong mixed = Mixed(hash);
        return THash.IsZero(hash) ? hasZero : pieces[mixed >> (64 - PieceBits)].Contains(hash, mixed << PieceBits);
    }

    // By a multiplication (Fibonacci hashing): the first bits choose the piece, the rest the slot.
    private static ulong Mixed(THash hash) => ulong.CreateTruncating(hash) * 0x9E3779B97F4A7C15;

    private sealed class Piece(int size, bool hasValues)
    {
        private THash[] slots = new THash[size];
        private int[] values = hasValues ? new int[size] : [];
        private int count;

        public bool TryAdd(THash hash, ulong mixed, int value, out int known)
        {
            known = 0;
            int at = Find(slots, hash, mixed);
            if (slots[at] == hash)
            {
                known = hasValues ? values[at] : 0;
                return false;
            }

            if ((count + 1L) * 8 > slots.Length * 7L)
            {
                Grow();
                at = Find(slots, hash, mixed);
            }

            slots[at] = hash;
            if (hasValues)
            {
                values[at] = value;
            }

            count++;
            return true;
        }

        public bool Contains(THash hash, ulong mixed) => slots[Find(slots, hash, mixed)] == hash;

        // The slot that holds the hash, or the empty one where it belongs.
        private static int Find(THash[] slots, THash hash, ulong mixed)
        {
            int at = (int)Math.BigMul(mixed, (ulong)slots.Length, out _);
            while (!THash.IsZero(slots[at]) && slots[at] != hash)
            {
                at = at + 1 == slots.Length ? 0 : at + 1;
            }

            return at;
        }

        private void Grow()
        {
            var larger = new THash[slots.Length + slots.Length / 2];
            int[] largerValues = hasValues ? new int[larger.Length] : [];
            for (int i = 0; i < slots.Length; i++)
            {
                if (!THash.IsZero(slots[i]))
                {
                    int at = Find(larger, slots[i], Mixed(slots[i]) << PieceBits);
                    larger[at] = slots[i];
                    if (hasValues)
                    {
                        largerValues[at] = values[i];
                    }
                }
            }

            (slots, values) = (larger, largerValues);
        }
    }
}
