namespace AtomProNet.Datasets.Spooling;

/// <summary>
/// The hashes of a <see cref="HashIndex"/> that memory has no room for, as sorted runs on disk (a log-structured merge tree: O'Neil, Cheng, Gawlick and O'Neil, Acta Informatica
/// 33 (1996)): eight runs of one size become one of the next. A filter (Bloom, Comm. ACM 13 (1970)) of 4 MB tells most new hashes from known ones without a look at the disk.
/// </summary>
internal sealed class HashRuns : IDisposable
{
    private const int MostAlike = 8, FilterBits = 25, Probes = 4;

    private readonly ulong[] filter = new ulong[1 << (FilterBits - 6)];
    private readonly List<(HashRun Run, int Level)> runs = [];

    /// <summary>Adds hashes, none of which is there.</summary>
    /// <param name="entries">The hashes, in any order; they are sorted in their place.</param>
    public void Add(HashRunEntry[] entries)
    {
        Array.Sort(entries);
        foreach (HashRunEntry entry in entries)
        {
            Mark(entry.Hash);
        }

        runs.Add((HashRun.Write(entries), 0));
        for (int level = 0; runs.Count(r => r.Level == level) == MostAlike; level++)
        {
            HashRun[] alike = [.. runs.Where(r => r.Level == level).Select(r => r.Run)];
            HashRun merged = HashRun.Merge(alike);
            runs.RemoveAll(r => r.Level == level);
            runs.Add((merged, level + 1));
            foreach (HashRun run in alike)
            {
                run.Dispose();
            }
        }
    }

    /// <summary>Looks for a hash.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="value">Its number; 0 where it is not there.</param>
    public bool TryFind(ulong hash, out int value)
    {
        value = 0;
        if (!MayHold(hash))
        {
            return false;
        }

        foreach ((HashRun run, _) in runs)
        {
            if (run.TryFind(hash, out value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Deletes the files.</summary>
    public void Dispose() => runs.ForEach(r => r.Run.Dispose());

    private void Mark(ulong hash)
    {
        for (int i = 0; i < Probes; i++)
        {
            uint bit = Bit(hash, i);
            filter[bit >> 6] |= 1UL << (int)(bit & 63);
        }
    }

    private bool MayHold(ulong hash)
    {
        for (int i = 0; i < Probes; i++)
        {
            uint bit = Bit(hash, i);
            if ((filter[bit >> 6] & (1UL << (int)(bit & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Two hashes make as many as are wanted (Kirsch and Mitzenmacher, Random Struct. Algor. 33 (2008)).
    private static uint Bit(ulong hash, int probe)
    {
        ulong mixed = HashIndexPiece.Mixed(hash ^ (hash >> 32));
        return ((uint)mixed + (uint)probe * ((uint)(mixed >> 32) | 1)) >> (32 - FilterBits);
    }
}
