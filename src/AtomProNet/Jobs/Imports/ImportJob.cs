using AtomProNet.Files;

namespace AtomProNet.Jobs.Imports;

/// <summary>What an <see cref="ImportJob"/> does.</summary>
public enum ImportJobKind
{
    /// <summary>Reads its part of the tree.</summary>
    Shard,
    /// <summary>Puts the parts together; to be submitted with all shards as what it depends on.</summary>
    Merge,
}

/// <summary>A folder that Submit-DftJob sends to a cluster, to read outputs where they lie. Immutable.</summary>
public sealed record ImportJob
{
    /// <summary>The name: that of the folder.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required ImportJobKind Kind { get; init; }

    /// <summary>The folder here, as a full path.</summary>
    public required string FolderPath { get; init; }

    /// <summary>The tree of outputs on the cluster.</summary>
    public required string SourcePath { get; init; }

    /// <summary>The part of the tree; null for the one that merges.</summary>
    public TreeShard? Shard { get; init; }

    /// <summary>The training set on the cluster, once the merging job has run.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Name and kind in one line.</summary>
    public override string ToString() => $"{Kind} {Name}: {FolderPath}";
}
