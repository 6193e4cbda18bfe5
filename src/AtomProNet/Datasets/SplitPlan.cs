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

    /// <summary>The number of clusters that were made; null where the set was split otherwise.</summary>
    public int? ClusterCount { get; init; }

    /// <summary>What the user should know: a method that was changed, neighbours on both sides, sizes that could not be met.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>How the set was split, without the frames.</summary>
    /// <param name="request">What was asked for.</param>
    /// <returns>Null where it was not split.</returns>
    public SplitDescription? Describe(SplitRequest request) => Method is { } method ? new(method, request, GapFrameCount, GroupCount, ClusterCount) : null;

    /// <summary>The number of frames in a part.</summary>
    public int Count(DatasetPart part) => Parts.Count(p => p == part);

    /// <summary>The indices of the frames of a part, in the order in which they are to be written.</summary>
    public IEnumerable<int> Frames(DatasetPart part) => Order.Where(i => Parts[i] == part);
}

/// <summary>How a set was split, to go with its frames into dataset.json.</summary>
/// <param name="Method">By what.</param>
/// <param name="Request">What was asked for: sizes, method and seed.</param>
/// <param name="GapFrameCount">The number of frames at cuts through a group that were left out.</param>
/// <param name="GroupCount">The number of groups in the set.</param>
/// <param name="ClusterCount">The number of clusters; null where the set was split otherwise.</param>
public sealed record SplitDescription(SplitMethod Method, SplitRequest Request, int GapFrameCount, int GroupCount, int? ClusterCount)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Method}, seed {Request.Seed}");
}
