using System.Numerics;

namespace AtomProNet.Datasets.Spooling;

/// <summary>
/// Hashes of 64 bits (or of 32, where a chance hit among a million does no harm), each with a number where that is wanted, in a third of
/// the memory of a dictionary: open addressing, up to 7/8 full, growing by half.
/// </summary>
/// <param name="hasValues">Whether numbers go with the hashes.</param>
internal sealed class HashIndex<THash>(bool hasValues)
    where THash : unmanaged, IBinaryInteger<THash>
{
    private THash[] slots = new THash[16];
    private int[] values = hasValues ? new int[16] : [];
    private bool hasZero;
    private int zeroValue;

    /// <summary>The number of hashes.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a hash unless it is there already.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="value">Its number.</param>
    /// <param name="known">The number that it was added with before; 0 where it is new.</param>
    /// <returns>Whether it is new.</returns>
    public bool TryAdd(THash hash, int value, out int known)
    {
        known = 0;
        if (THash.IsZero(hash))
        {
            // Zero marks an empty slot.
            known = hasZero ? zeroValue : 0;
            if (hasZero)
            {
                return false;
            }

            (hasZero, zeroValue) = (true, value);
            Count++;
            return true;
        }

        int at = Find(slots, hash);
        if (slots[at] == hash)
        {
            known = hasValues ? values[at] : 0;
            return false;
        }

        if ((Count + 1L) * 8 > slots.Length * 7L)
        {
            Grow();
            at = Find(slots, hash);
        }

        slots[at] = hash;
        if (hasValues)
        {
            values[at] = value;
        }

        Count++;
        return true;
    }

    /// <summary>Whether a hash is there.</summary>
    public bool Contains(THash hash) => THash.IsZero(hash) ? hasZero : slots[Find(slots, hash)] == hash;

    // The slot that holds the hash, or the empty one where it belongs.
    private static int Find(THash[] slots, THash hash)
    {
        // Mixed by a multiplication (Fibonacci hashing), then scaled to the number of slots.
        int at = (int)Math.BigMul(ulong.CreateTruncating(hash) * 0x9E3779B97F4A7C15, (ulong)slots.Length, out _);
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
                int at = Find(larger, slots[i]);
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
