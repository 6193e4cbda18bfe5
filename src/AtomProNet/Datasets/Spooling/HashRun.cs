using System.Runtime.InteropServices;
using AtomProNet.Files;

namespace AtomProNet.Datasets.Spooling;

/// <summary>A hash and its number, as they lie on disk.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct HashRunEntry(ulong Hash, int Value) : IComparable<HashRunEntry>
{
    /// <inheritdoc/>
    public int CompareTo(HashRunEntry other) => Hash.CompareTo(other.Hash);
}

/// <summary>Sorted hashes in a <see cref="ScratchFile"/>, in pages; the first hash of each page is known, so that one reading finds a hash.</summary>
internal sealed class HashRun : IDisposable
{
    // 12 bytes each: just below 4 kB.
    private const int PageEntries = 340, PageBytes = PageEntries * 12;

    private readonly FileStream file = ScratchFile.Open();
    private readonly List<ulong> firsts = [];
    private readonly HashRunEntry[] page = new HashRunEntry[PageEntries];
    private long count;

    private HashRun()
    {
    }

    /// <summary>Writes sorted hashes.</summary>
    public static HashRun Write(ReadOnlySpan<HashRunEntry> sorted)
    {
        var run = new HashRun();
        while (sorted.Length > 0)
        {
            int taken = Math.Min(PageEntries, sorted.Length);
            run.AddPage(sorted[..taken]);
            sorted = sorted[taken..];
        }

        return run;
    }

    /// <summary>Makes one run of several that share no hash.</summary>
    public static HashRun Merge(IReadOnlyList<HashRun> runs)
    {
        var merged = new HashRun();
        var heads = new PriorityQueue<IEnumerator<HashRunEntry>, ulong>();
        foreach (HashRun run in runs)
        {
            IEnumerator<HashRunEntry> entries = run.Entries().GetEnumerator();
            if (entries.MoveNext())
            {
                heads.Enqueue(entries, entries.Current.Hash);
            }
        }

        var full = new HashRunEntry[PageEntries];
        int taken = 0;
        while (heads.TryDequeue(out IEnumerator<HashRunEntry>? entries, out _))
        {
            full[taken++] = entries.Current;
            if (taken == full.Length)
            {
                merged.AddPage(full);
                taken = 0;
            }

            if (entries.MoveNext())
            {
                heads.Enqueue(entries, entries.Current.Hash);
            }
        }

        if (taken > 0)
        {
            merged.AddPage(full.AsSpan(0, taken));
        }

        return merged;
    }

    /// <summary>Looks for a hash.</summary>
    public bool TryFind(ulong hash, out int value)
    {
        int number = firsts.BinarySearch(hash);
        number = number < 0 ? ~number - 1 : number;
        value = 0;
        if (number < 0)
        {
            return false;
        }

        ReadOnlySpan<HashRunEntry> entries = Read(number, page);
        int at = entries.BinarySearch(new HashRunEntry(hash, 0));
        value = at < 0 ? 0 : entries[at].Value;
        return at >= 0;
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose() => file.Dispose();

    private IEnumerable<HashRunEntry> Entries()
    {
        var own = new HashRunEntry[PageEntries];
        for (int number = 0; number < firsts.Count; number++)
        {
            int length = Read(number, own).Length;
            for (int i = 0; i < length; i++)
            {
                yield return own[i];
            }
        }
    }

    private ReadOnlySpan<HashRunEntry> Read(int number, HashRunEntry[] target)
    {
        Span<HashRunEntry> entries = target.AsSpan(0, (int)Math.Min(PageEntries, count - (long)number * PageEntries));
        ScratchFile.ReadAt(file, (long)number * PageBytes, MemoryMarshal.AsBytes(entries));
        return entries;
    }

    private void AddPage(ReadOnlySpan<HashRunEntry> entries)
    {
        ScratchFile.WriteAt(file, (long)firsts.Count * PageBytes, MemoryMarshal.AsBytes(entries));
        firsts.Add(entries[0].Hash);
        count += entries.Length;
    }
}
