using System.Collections.Immutable;

namespace AtomProNet.Datasets;

/// <summary>Where each frame goes, and what there is to say about it.</summary>
public sealed record SplitPlan
{
    /// <summary>The part of each frame, in the order in which the frames were given.</summary>
    public required ImmutableArray<DatasetPart> Parts { get; init; }

    /// <summary>
    /// The order in which the frames are to be written, as indices of the frames that were given: group by group, along strain or
    /// time. It depends on the frames alone, not on the order in which they came.
    /// </summary>
    public required ImmutableArray<int> Order { get; init; }

    /// <summary>By what the set was split; null where it was not split.</summary>
    public required SplitMethod? Method { get; init; }

    /// <summary>The seed of the random numbers.</summary>
    public required long Seed { get; init; }

    /// <summary>The number of frames at cuts through a group that were left out.</summary>
    public required int GapFrameCount { get; init; }

    /// <summary>The number of groups in the set.</summary>
    public required int GroupCount { get; init; }

    /// <summary>What the user should know: a method that was changed, neighbours on both sides, sizes that could not be met.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>The number of frames in a part.</summary>
    public int Count(DatasetPart part) => Parts.Count(p => p == part);

    /// <summary>The indices of the frames of a part, in the order in which they are to be written.</summary>
    public IEnumerable<int> Frames(DatasetPart part) => Order.Where(i => Parts[i] == part);
}
