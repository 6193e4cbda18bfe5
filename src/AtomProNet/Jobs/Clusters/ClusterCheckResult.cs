namespace AtomProNet.Jobs.Clusters;

/// <summary>How one check of a cluster came out.</summary>
public enum CheckOutcome
{
    /// <summary>All is well.</summary>
    Passed,
    /// <summary>It works, and something should be known.</summary>
    Warning,
    /// <summary>Jobs cannot run before it is mended.</summary>
    Failed,
    /// <summary>It could not be looked at, because something before it failed.</summary>
    Skipped,
}

/// <summary>One check of a cluster.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Check">What was looked at: <c>Connection</c>, <c>Programs</c>, <c>Queue</c>, <c>Accounting</c>, <c>WorkDirectory</c>, <c>FreeSpace</c>, <c>Clock</c>, <c>Environment</c>.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Message">What was found.</param>
/// <param name="Remedy">What to do about it; null where there is nothing to do.</param>
public sealed record ClusterCheckResult(string Cluster, string Check, CheckOutcome Outcome, string Message, string? Remedy = null)
{
    /// <summary>What was found, and what to do about it.</summary>
    public string Summary => Remedy is null ? Message : $"{Message} {Remedy}";

    /// <inheritdoc/>
    public override string ToString() => $"{Cluster}, {Check}: {Outcome}: {Summary}";
}
