using System.Collections.Immutable;

namespace AtomProNet.Jobs;

/// <summary>Which jobs of the store are meant; what is empty leaves all. Immutable.</summary>
public sealed record JobFilter
{
    /// <summary>By number.</summary>
    public ImmutableArray<long> Ids { get; init; } = [];

    /// <summary>By cluster.</summary>
    public ImmutableArray<string> Clusters { get; init; } = [];

    /// <summary>By state.</summary>
    public ImmutableArray<JobState> States { get; init; } = [];

    /// <summary>By name, with the wildcards <c>*</c> and <c>?</c>.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>By folder, as full paths.</summary>
    public ImmutableArray<string> Folders { get; init; } = [];

    /// <summary>Only those that have left files on a cluster which are not here.</summary>
    public bool IsUnreceived { get; init; }
}
