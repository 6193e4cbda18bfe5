using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AtomProNet.Jobs.Schedulers;

namespace AtomProNet.Jobs.Store;

/// <summary>What the jobs of one call have in common; jobs of one request can go out as one array.</summary>
internal sealed record StoredRequest
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    /// <summary>The number in the store; 0 before it is there.</summary>
    [JsonIgnore]
    public long Id { get; init; }

    /// <summary>What each allocation gets.</summary>
    public JobResources Resources { get; init; } = new();

    /// <summary>The script that runs each job in its folder.</summary>
    public string Script { get; init; } = "";

    /// <summary>How long before the end of the walltime a script that wants it is warned, s.</summary>
    public int? WarnSeconds { get; init; }

    /// <summary>Tells the requests of one call from others: they share the limits.</summary>
    public string Call { get; init; } = "";

    /// <summary>How many allocations of the call may run at a time.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>How many allocations may be out on the cluster while jobs of the call go out.</summary>
    public int? MaxQueued { get; init; }

    /// <summary>Jobs an allocation.</summary>
    public int Bundle { get; init; } = 1;

    /// <summary>Whether those of an allocation run at the same time.</summary>
    public bool SideBySide { get; init; }

    /// <summary>The jobs that all of these wait for.</summary>
    public ImmutableArray<long> DependsOn { get; init; } = [];

    /// <summary>As the store keeps it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this with { DependsOn = DependsOn.IsDefault ? [] : DependsOn }, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static StoredRequest FromJson(long id, string json)
    {
        StoredRequest request = JsonSerializer.Deserialize<StoredRequest>(json, Json) ?? new();
        return request with { Id = id, DependsOn = request.DependsOn.IsDefault ? [] : request.DependsOn };
    }
}
