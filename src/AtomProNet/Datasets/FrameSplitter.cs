using System.Collections.Immutable;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Datasets.Leaks;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// Splits frames that come one by one and gives them back with their parts: those that memory has no room for wait in a temporary file.
/// Single atoms always stand in training, as they give the reference energies.
/// </summary>
public sealed class FrameSplitter : IDisposable
{
    private readonly SplitRequest request;
    private readonly EnergyKind? energyKind;
    private readonly FrameSpool spool = new();
    private readonly FrameDescents descents;
    private readonly DescriptorTable? table;
    private readonly bool measureLeaks;
    private readonly ChunkedList<bool> isIsolated = new(int.MaxValue);

    /// <summary>Prepares a split.</summary>
    /// <param name="request">Sizes, method and seed.</param>
    /// <param name="energyKind">Which energy is the label; null: the free energy, or what a frame has.</param>
    /// <param name="measureLeaks">Whether the distance of each test frame to its nearest training frame is measured.</param>
    /// <exception cref="AtomProNetException">There are no sizes, or they contradict each other.</exception>
    public FrameSplitter(SplitRequest request, EnergyKind? energyKind = null, bool measureLeaks = true)
    {
        if (!request.IsSplit)
        {
            throw SplitRequest.SizesMissing();
        }

        // Sizes that can never work are told before hours are spent on reading.
        _ = request.Requested(int.MaxValue);
        this.request = request;
        descents = new(request.Method);
        this.energyKind = energyKind;
        this.measureLeaks = measureLeaks;
        table = measureLeaks || request.Method == SplitMethod.Cluster ? new(keepWhole: measureLeaks) : null;
    }

    /// <summary>The number of frames.</summary>
    public int FrameCount => spool.Count;

    /// <summary>Adds a frame.</summary>
    public void Add(Frame frame)
    {
        spool.Add(frame);
        descents.Add(frame, energyKind);
        isIsolated.Add(FrameAdmission.IsIsolatedAtom(frame.Structure));
        table?.Add(frame.Structure);
    }

    /// <summary>Splits.</summary>
    /// <param name="cancellation">Ends the work.</param>
    /// <param name="progress">Told how many frames the leak report has done, and of how many.</param>
    /// <exception cref="AtomProNetException">There is no frame, or the sizes cannot be met.</exception>
    public FrameSplit Complete(CancellationToken cancellation = default, Action<int, int>? progress = null)
    {
        if (spool.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "TrainingSetEmpty", "There is no frame to split.", remedy: "Pass frames through the pipeline.");
        }

        IReadOnlyList<SplitItem> items = descents.ToItems();
        int[] others = [.. Enumerable.Range(0, items.Count).Where(i => !isIsolated[i])];
        SplitPlan plan = TrainingSetSplit.Split(ComputedList<SplitItem>.Of(items, others), request, table, others, cancellation);
        var parts = new DatasetPart[items.Count];
        for (int k = 0; k < others.Length; k++)
        {
            parts[others[k]] = plan.Parts[k];
        }

        LeakReport? leaks = measureLeaks
            ? LeakReport.Measure(table!, [.. parts.Select((p, i) => isIsolated[i] ? (DatasetPart?)null : p)], items, descents.SourceOf, cancellation, progress)
            : null;
        return new(plan, plan.Describe(request)!, leaks, [.. plan.Findings, .. leaks?.Findings() ?? []], Frames(items, parts, plan, leaks, cancellation));
    }

    /// <summary>Deletes the temporary files.</summary>
    public void Dispose()
    {
        spool.Dispose();
        table?.Dispose();
    }

    private IEnumerable<SplitFrame> Frames(IReadOnlyList<SplitItem> items, DatasetPart[] parts, SplitPlan plan, LeakReport? leaks, CancellationToken cancellation)
    {
        SplitDescription description = plan.Describe(request)!;
        var leakOf = new Dictionary<int, FrameLeak>();
        foreach (FrameLeak leak in leaks?.Frames ?? [])
        {
            leakOf.Add(leak.Frame.Index - 1, leak);
        }

        int[] order = [.. TrainingSetSplit.CanonicalOrder(items).OrderBy(i => parts[i]).ThenBy(i => !isIsolated[i])];
        foreach (int i in order)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new(parts[i], spool[i], items[i].Group, description, leakOf.GetValueOrDefault(i));
        }
    }
}

/// <summary>What a split made.</summary>
/// <param name="Plan">The parts of all frames but single atoms.</param>
/// <param name="Description">How the set was split.</param>
/// <param name="Leaks">How near what is tested on lies to what is trained on; null where that was not measured.</param>
/// <param name="Findings">What the user should know.</param>
/// <param name="Frames">The frames with their parts: training, validation, test, left out; inside each group by group, along strain or time. To be read before the splitter is disposed of.</param>
public sealed record FrameSplit(SplitPlan Plan, SplitDescription Description, LeakReport? Leaks, ImmutableArray<Finding> Findings, IEnumerable<SplitFrame> Frames);
