using System.Collections.Immutable;

namespace AtomProNet.Jobs.Submission;

/// <summary>How jobs are to be sent. Immutable.</summary>
public sealed record SubmitOptions
{
    /// <summary>The cluster's name.</summary>
    public string Cluster { get; init; } = Clusters.ClusterProfile.LocalName;

    /// <summary>The name of the script in each folder; null for the input's own, else <c>job.sh</c>.</summary>
    public string? Script { get; init; }

    /// <summary>What each allocation gets.</summary>
    public ResourceWishes Resources { get; init; } = new();

    /// <summary>How many allocations of this call may run at a time; null for no limit but the cluster's.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>How many allocations may be out on the cluster; null for no limit but the cluster's. What does not fit waits in the store.</summary>
    public int? MaxQueued { get; init; }

    /// <summary>Jobs an allocation.</summary>
    public int Bundle { get; init; } = 1;

    /// <summary>Whether the jobs of an allocation run at the same time; otherwise one after the other.</summary>
    public bool SideBySide { get; init; }

    /// <summary>The jobs that have to succeed first.</summary>
    public ImmutableArray<long> DependsOn { get; init; } = [];

    /// <summary>Plans a new job for a folder that has had one with the very same input.</summary>
    public bool Force { get; init; }
}

/// <summary>How many jobs of a cluster are where.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Out">Allocations (jobs, tasks of arrays, bundles) that are on their way, queued or running.</param>
/// <param name="Waiting">Jobs that wait in the store.</param>
/// <param name="Held">Of these, jobs that wait for others to succeed.</param>
public sealed record QueueReport(string Cluster, int Out, int Waiting, int Held)
{
    /// <summary>In one sentence for people; null where nothing waits.</summary>
    public string? Text => Waiting == 0 ? null
        : FormattableString.Invariant($"{Out} {(Out == 1 ? "is" : "are")} out on {Cluster}, {Waiting} {(Waiting == 1 ? "waits" : "wait")} in the store{(Held > 0 ? FormattableString.Invariant($" ({Held} of them for other jobs)") : "")}: the next Submit-, Get- or Wait-DftJob sends what fits.");
}
