namespace AtomProNet.Jobs.Store;

/// <summary>How far a batch has come. The order is that of its life.</summary>
internal enum BatchPhase
{
    /// <summary>Its files are to be sent, or are on their way. The scheduler has not been asked.</summary>
    Uploading,
    /// <summary>The scheduler is being asked, or was and no answer came.</summary>
    Submitting,
    /// <summary>The scheduler has it.</summary>
    Sent,
    /// <summary>All its jobs have ended.</summary>
    Over,
    /// <summary>It never reached the scheduler and never will: refused, or taken back.</summary>
    Abandoned,
}

/// <summary>What the scheduler is asked to take at one time: one job, or an array; each of its allocations holds one job or a bundle.</summary>
internal sealed record StoredBatch
{
    public required long Id { get; init; }

    /// <summary>Unique in the world: the scheduler's name of the job, and the name of the folder on the cluster.</summary>
    public required string Token { get; init; }

    public required string Cluster { get; init; }

    /// <summary>Its folder on the cluster, as an absolute path.</summary>
    public required string Folder { get; init; }

    public required long RequestId { get; init; }

    public required BatchPhase Phase { get; init; }

    /// <summary>The process that is sending it, as <see cref="ProcessIdentity"/> writes itself.</summary>
    public string? Owner { get; init; }

    /// <summary>How many times the scheduler was asked. Each time has a guard of its own on the cluster, so that it happens once or never.</summary>
    public int Sendings { get; init; }

    public string? SchedulerId { get; init; }

    /// <summary>Jobs.</summary>
    public required int Size { get; init; }

    /// <summary>Jobs an allocation.</summary>
    public required int Bundle { get; init; }

    public int? Throttle { get; init; }

    /// <summary>Ids that the scheduler lets it wait for.</summary>
    public string? Dependency { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Sent { get; init; }

    public DateTimeOffset? Asked { get; init; }

    /// <summary>Allocations.</summary>
    public int Tasks => (Size + Bundle - 1) / Bundle;

    /// <summary>The task of the array that holds a job; counted from 1, as SGE and LSF want it.</summary>
    /// <param name="place">The job's place in the batch, from 0.</param>
    public int TaskOf(int place) => (place / Bundle) + 1;
}
