namespace AtomProNet.Datasets.Spooling;

/// <summary>A part of a <see cref="HashIndex"/>: the hashes that begin alike once they are mixed, none of them zero.</summary>
/// <param name="size">The number of its first slots.</param>
/// <param name="sharedBits">How many bits of a mixed hash chose the piece.</param>
/// <param name="hasValues">Whether numbers go with the hashes.</param>
internal sealed class HashIndexPiece(int size, int sharedBits, bool hasValues)
{
    private ulong[] slots = new ulong[size];
    private int[] values = hasValues ? new int[size] : [];
    private int count;

    /// <summary>By a multiplication (Fibonacci hashing): the first bits choose the piece, the rest the slot.</summary>
    public static ulong Mixed(ulong hash) => hash * 0x9E3779B97F4A7C15;

    public bool Contains(ulong hash) => slots[Find(slots, hash)] == hash;

    public bool TryAdd(ulong hash, int value, out int known)
    {
        known = 0;
        int at = Find(slots, hash);
        if (slots[at] == hash)
        {
            known = hasValues ? values[at] : 0;
            return false;
        }

        if ((count + 1L) * 8 > slots.Length * 7L)
        {
            Grow();
            at = Find(slots, hash);
        }

        slots[at] = hash;
        if (hasValues)
        {
            values[at] = value;
        }

        count++;
        return true;
    }

    /// <summary>Puts all hashes into <paramref name="entries"/> from <paramref name="start"/> on, and is empty then. Returns where the next ones go.</summary>
    public int MoveTo(HashRunEntry[] entries, int start)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] != 0)
            {
                entries[start++] = new(slots[i], hasValues ? values[i] : 0);
            }
        }

        Array.Clear(slots);
        count = 0;
        return start;
    }

    // The slot that holds the hash, or the empty one where it belongs.
    private int Find(ulong[] slots, ulong hash)
    {
        int at = (int)Math.BigMul(Mixed(hash) << sharedBits, (ulong)slots.Length, out _);
        while (slots[at] != 0 && slots[at] != hash)
        {
            at = at + 1 == slots.Length ? 0 : at + 1;
        }

        return at;
    }

    private void Grow()
    {
        var larger = new ulong[slots.Length + slots.Length / 2];
        int[] largerValues = hasValues ? new int[larger.Length] : [];
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] != 0)
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
