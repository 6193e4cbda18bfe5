using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace AtomProNet.Jobs.Store;

/// <summary>A row of the table of jobs.</summary>
internal sealed record StoredJob
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required string Code { get; init; }

    public required string Folder { get; init; }

    public required string Cluster { get; init; }

    public required long RequestId { get; init; }

    public required JobState State { get; init; }

    public string? Cause { get; init; }

    public string? Message { get; init; }

    public int Attempt { get; init; } = 1;

    public long? BatchId { get; init; }

    /// <summary>Its place in the batch, from 0.</summary>
    public int? Place { get; init; }

    /// <summary>The batch's token; null before there is one.</summary>
    public string? BatchToken { get; init; }

    /// <summary>The batch's folder on the cluster, as an absolute path.</summary>
    public string? BatchFolder { get; init; }

    public string? SchedulerId { get; init; }

    public int? ExitCode { get; init; }

    public bool StopAsked { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Changed { get; init; }

    /// <summary>Since when neither the scheduler nor a marker file tells of it.</summary>
    public DateTimeOffset? Missing { get; init; }

    public DateTimeOffset? Submitted { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public DateTimeOffset? Received { get; init; }

    /// <summary>Its restarts, the oldest first.</summary>
    public ImmutableArray<StoredRestart> Restarts { get; init; } = [];

    /// <summary>The token of this try of this job.</summary>
    public string? Token => BatchToken is null ? null : string.Create(CultureInfo.InvariantCulture, $"{BatchToken}.{Place}");

    /// <summary>Its folder on the cluster, as an absolute path.</summary>
    public string? RemoteFolder => BatchFolder is null ? null : $"{BatchFolder}/{FolderName(Place!.Value, Name)}";

    /// <summary>
    /// The name of a job's folder in its batch: the place, by which it is found, and for people what is left of the name when
    /// everything is gone that a shell, a tar or an old file system might stumble over.
    /// </summary>
    public static string FolderName(int place, string name)
    {
        string plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '+' or '-' or '=' ? c : '_'));
        return string.Create(CultureInfo.InvariantCulture, $"{place:D5}-{(plain.Length <= 60 ? plain : plain[..60])}");
    }

    /// <summary>As users see it.</summary>
    public DftJob ToPublic() => new()
    {
        Id = Id,
        Name = Name,
        Code = Code,
        Cluster = Cluster,
        State = State,
        Cause = Cause,
        Message = Message,
        FolderPath = Folder,
        RemoteFolder = RemoteFolder,
        Token = Token,
        SchedulerId = SchedulerId,
        Attempt = Attempt,
        ExitCode = ExitCode,
        Created = Created,
        Changed = Changed,
        Submitted = Submitted,
        Started = Started,
        Ended = Ended,
        ReceivedAt = Received,
        Changes = [.. Restarts.Select(r => r.ToString())],
    };

    internal static string WriteList(IEnumerable<string> items) => JsonSerializer.Serialize(items);
}
