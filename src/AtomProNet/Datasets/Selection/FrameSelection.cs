using System.Collections.Immutable;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Selection;

/// <summary>
/// Selects frames of a set as they come: what each frame decides by itself streams; for the energy above the minimum and for the most
/// diverse frames the set is seen first, and what memory has no room for waits in a temporary file.
/// </summary>
public sealed class FrameSelection : IDisposable
{
    private readonly FrameCriteria criteria;
    private readonly FrameFilter filter;
    private readonly RejectedFrames rejected;
    private readonly FrameSpool spool = new();
    private readonly ChunkedList<(FrameKey Key, int Index)> waiting = new();
    private readonly EnergyFloor? floor;
    private readonly DescriptorTable? table;
    private readonly List<Finding> findings = [];

    /// <summary>Begins a selection.</summary>
    /// <param name="criteria">Which frames are wanted.</param>
    /// <param name="rejectedPath">Where to keep the others; null: nowhere.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="AtomProNetException">A limit makes no sense, or there is a file.</exception>
    public FrameSelection(FrameCriteria criteria, string? rejectedPath = null, bool overwrite = false)
    {
        this.criteria = criteria;
        filter = new(criteria);
        floor = criteria.EnergyAboveMinimum is null ? null : new(criteria.EnergyKind);
        table = criteria.Farthest is null ? null : new();
        rejected = new(rejectedPath, overwrite);
    }

    /// <summary>The number of frames seen.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The number of frames given out.</summary>
    public int KeptCount { get; private set; }

    /// <summary>How many frames were left out for each reason.</summary>
    public ImmutableArray<RejectionCount> Rejected => rejected.Counts;

    /// <summary>What the user should know; complete when all frames have been given out.</summary>
    public ImmutableArray<Finding> Findings => [.. findings];

    /// <summary>Looks at the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="further">One more criterion, asked last; null for none.</param>
    /// <returns>The frame where it is selected already; null where it is left out, or the whole set must be seen first.</returns>
    public Frame? Add(Frame frame, Func<Frame, Rejection?>? further = null)
    {
        FrameCount++;
        if ((filter.Judge(frame) ?? further?.Invoke(frame)) is { } rejection)
        {
            rejected.Add(frame, rejection, FrameCount);
            return null;
        }

        if (!criteria.NeedsWholeSet)
        {
            KeptCount++;
            return frame;
        }

        spool.Add(frame);
        floor?.Add(frame);
        table?.Add(frame.Structure);
        waiting.Add((table is null ? default : FrameKey.Of(frame), FrameCount));
        return null;
    }

    /// <summary>Gives out the frames that waited for the whole set, in the order in which they came, and completes the file of those left out.</summary>
    /// <param name="cancellation">Ends the work.</param>
    /// <param name="progress">Told how many of the diverse frames are picked.</param>
    public IEnumerable<Frame> Complete(CancellationToken cancellation = default, Action<int>? progress = null)
    {
        var low = new bool[waiting.Count];
        for (int i = 0; i < low.Length; i++)
        {
            low[i] = floor is null || floor.Above(i) <= criteria.EnergyAboveMinimum;
        }

        HashSet<int>? picked = Pick(low, cancellation, progress);
        findings.AddRange(floor?.Findings(criteria.EnergyAboveMinimum!.Value) ?? []);
        for (int i = 0; i < low.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Frame frame = spool[i];
            Rejection? rejection = !low[i]
                ? floor!.Above(i) is { } above ? new(RejectionReason.EnergyAboveMinimum, FormattableString.Invariant($"{above:G6} eV/atom")) : new(RejectionReason.EnergyMissing)
                : picked?.Contains(i) == false ? new(RejectionReason.Farthest) : null;
            if (rejection is { } why)
            {
                rejected.Add(frame, why, waiting[i].Index);
            }
            else
            {
                KeptCount++;
                yield return frame;
            }
        }

        rejected.Complete();
    }

    /// <summary>Deletes temporary files, and the file of frames left out where it is not complete.</summary>
    public void Dispose()
    {
        rejected.Dispose();
        spool.Dispose();
        floor?.Dispose();
        waiting.Dispose();
        table?.Dispose();
    }

    // The most diverse ones; null where nobody asks for them.
    private HashSet<int>? Pick(bool[] low, CancellationToken cancellation, Action<int>? progress)
    {
        if (table is null || criteria.Farthest is not { } count)
        {
            return null;
        }

        // An order by content: the same frames are picked whatever the order in which they came.
        int[] order = [.. Enumerable.Range(0, low.Length).Where(i => low[i]).OrderBy(i => waiting[i].Key)];
        FarthestPoints found = FarthestPoints.Pick(table, order, count, cancellation, progress);
        if (found.Picked.Count < Math.Min(count, order.Length))
        {
            findings.Add(new(FindingSeverity.Warning, "FarthestFewer", $"There are only {found.Picked.Count} different structures among {order.Length} frames, fewer than the {count} that were asked for: the others are copies of them."));
        }

        return [.. found.Picked];
    }
}
