using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AtomProNet.Calculations;

namespace AtomProNet.Jobs.Store;

/// <summary>One restart of a job, as the store and the folder of the earlier try keep it.</summary>
/// <param name="Attempt">The try that ended, from 1.</param>
/// <param name="Cause">Why it ended.</param>
/// <param name="Changes">What the next try does otherwise.</param>
/// <param name="RemoteFolder">Where that try lay on the cluster; null where it had not been sent.</param>
/// <param name="BatchFolder">The folder of its batch there.</param>
internal sealed record StoredRestart(int Attempt, string Cause, ImmutableArray<RestartChange> Changes, string? RemoteFolder = null, string? BatchFolder = null)
{
    /// <summary>In one line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"try {Attempt} ended ({Cause}); {(Changes.IsDefaultOrEmpty ? "run again as it was" : string.Join(", ", Changes))}");

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ImmutableArray<StoredRestart> Read(string? json) => json is null ? [] : [.. JsonSerializer.Deserialize<StoredRestart[]>(json) ?? []];

    /// <summary>As the store keeps them.</summary>
    public static string? Write(ImmutableArray<StoredRestart> restarts) => restarts.IsEmpty ? null : JsonSerializer.Serialize(restarts.ToArray());
}
