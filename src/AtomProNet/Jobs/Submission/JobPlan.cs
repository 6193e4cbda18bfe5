using System.Collections.Immutable;
using AtomProNet.Jobs.Schedulers;

namespace AtomProNet.Jobs.Submission;

/// <summary>A folder that can be run, looked at once and found whole: what goes out, and what it asks for. Immutable.</summary>
internal sealed record JobPlan
{
    /// <summary>The name: the folder's.</summary>
    public required string Name { get; init; }

    /// <summary>The code; empty for none that is known.</summary>
    public required string Code { get; init; }

    /// <summary>The folder, as a full path.</summary>
    public required string Folder { get; init; }

    /// <summary>The script that is run in it.</summary>
    public required string Script { get; init; }

    /// <summary>The files that go out, relative to the folder, <c>/</c> between the parts, in ordinal order.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>SHA-256 over names and contents of what goes out.</summary>
    public required string Digest { get; init; }

    /// <summary>What the script's own header asks for.</summary>
    public required ScriptHeader Header { get; init; }
}

/// <summary>What jobs are given, where it is said with the submission; null leaves it to the cluster's profile, then to the job's script.</summary>
public sealed record ResourceWishes
{
    /// <summary>MPI tasks.</summary>
    public int? Tasks { get; init; }

    /// <summary>Threads of each task.</summary>
    public int? Threads { get; init; }

    /// <summary>Nodes.</summary>
    public int? Nodes { get; init; }

    /// <summary>The walltime of an allocation.</summary>
    public TimeSpan? WallTime { get; init; }

    /// <summary>Memory of a node, MiB.</summary>
    public int? Memory { get; init; }

    /// <summary>The partition or queue.</summary>
    public string? Partition { get; init; }

    /// <summary>The account or project.</summary>
    public string? Account { get; init; }

    /// <summary>The quality of service.</summary>
    public string? QualityOfService { get; init; }

    /// <summary>Further options of the batch system.</summary>
    public ImmutableArray<string> Options { get; init; } = [];
}
