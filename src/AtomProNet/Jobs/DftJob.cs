using System.Collections.Immutable;
using System.Globalization;

namespace AtomProNet.Jobs;

/// <summary>A job as the store knows it at one moment. Immutable: ask again for what has happened since.</summary>
public sealed record DftJob
{
    /// <summary>Its number in the user's store; it stays the same through all restarts.</summary>
    public required long Id { get; init; }

    /// <summary>The name: that of the input's folder.</summary>
    public required string Name { get; init; }

    /// <summary>The code, as in <see cref="Structures.DftMethod.Code"/>; empty for a folder that is no known code's.</summary>
    public required string Code { get; init; }

    /// <summary>The name of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>Why it stands there, as a stable identifier: <c>TimeLimit</c>, <c>OutOfMemory</c>, <c>ExitCode</c>, a code's own …; null where there is nothing to say.</summary>
    public string? Cause { get; init; }

    /// <summary>The cause in a sentence, and what to do about it.</summary>
    public string? Message { get; init; }

    /// <summary>The local folder, as a full path: the input lies there, and the results come there.</summary>
    public required string FolderPath { get; init; }

    /// <summary>The folder on the cluster, as an absolute path; null before anything was sent.</summary>
    public string? RemoteFolder { get; init; }

    /// <summary>The unique token of the present try, which stands in the scheduler's name of the job; null before anything was sent.</summary>
    public string? Token { get; init; }

    /// <summary>The scheduler's own id, such as <c>4711_12</c>; null before there is one.</summary>
    public string? SchedulerId { get; init; }

    /// <summary>How many times it was begun: 1 for the first.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The exit code of its script; null where it left none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When it was planned.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its state changed last.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>When the scheduler took it.</summary>
    public DateTimeOffset? Submitted { get; init; }

    /// <summary>When it began to run, by the clock of the node.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, by the clock of the node.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>When its files came back; null where they have not.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>What restarts have changed, one line each, the oldest first.</summary>
    public ImmutableArray<string> Changes { get; init; } = [];

    /// <summary>Whether it has come to an end.</summary>
    public bool IsFinal => State.IsFinal();

    /// <summary>How long it ran, or has been running; null where it has not begun.</summary>
    public TimeSpan? Elapsed => Started is { } start ? (Ended ?? DateTimeOffset.UtcNow) - start : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Name}: {State}{(Cause is null ? "" : ", " + Cause)}");

    /// <inheritdoc/>
    public bool Equals(DftJob? other) => other is not null && Id == other.Id && State == other.State && Attempt == other.Attempt && Changed == other.Changed && Cause == other.Cause;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, State, Attempt, Changed);
}
