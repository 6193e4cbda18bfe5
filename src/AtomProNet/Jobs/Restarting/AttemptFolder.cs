using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;
using AtomProNet.Structures;

namespace AtomProNet.Jobs.Restarting;

/// <summary>
/// Makes a job's folder ready for the next try. What the last one had and left goes into a folder of its own, <c>attempt-N</c>, a whole calculation with its
/// provenance; then the new input takes the old one's place. Whoever is killed in between leaves what the next call needs to go on.
/// </summary>
internal static class AttemptFolder
{
    /// <summary>What is written down about the restart, beside the old input.</summary>
    public const string RecordName = "restart.json";

    private const string NextFolder = ".next";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a restart that was broken off had decided; null where there is none.</summary>
    public static RestartRecord? Begun(StoredJob job)
    {
        string file = Path.Combine(Of(job), RecordName);
        return File.Exists(file) ? JsonSerializer.Deserialize<RestartRecord>(SharedFile.ReadAllBytes(file), Json) : null;
    }

    /// <summary>Writes a restart down: the old input and the new one, in the folder of the old try, whole or not at all.</summary>
    public static RestartRecord Begin(StoredJob job, ImmutableArray<string> files, RestartDecision decision, RestartInput? input)
    {
        ImmutableArray<RestartChange> changes = [.. input?.Applied ?? [], .. decision.Job];
        var record = new RestartRecord(new(job.Attempt, job.Cause ?? job.State.ToString(), changes, job.RemoteFolder, job.BatchFolder), decision.Resources);
        string temporary = Path.Combine(job.Folder, string.Create(CultureInfo.InvariantCulture, $".{InputFolder.AttemptPrefix}{job.Attempt}.{Guid.NewGuid():N}.tmp"));
        try
        {
            Directory.CreateDirectory(Path.Combine(temporary, NextFolder));
            foreach (string file in files)
            {
                string target = Path.Combine(temporary, file);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(job.Folder, file), target);
            }

            foreach ((string name, ReadOnlyMemory<byte> content) in input?.Files ?? ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty)
            {
                File.WriteAllBytes(Path.Combine(temporary, NextFolder, name), content.ToArray());
            }

            if (NextRecord(job, input, record.Restart) is { } provenance)
            {
                File.WriteAllText(Path.Combine(temporary, NextFolder, CalculationRecord.FileName), provenance, new UTF8Encoding(false));
            }

            File.WriteAllBytes(Path.Combine(temporary, RecordName), JsonSerializer.SerializeToUtf8Bytes(record, Json));
            PatientMove.Folder(temporary, Of(job));
        }
        catch
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }

            throw;
        }

        return record;
    }

    /// <summary>Carries a restart out that was written down; as often as it is called, the end is the same.</summary>
    public static void Finish(StoredJob job, ImmutableArray<string> files)
    {
        string archive = Of(job), next = Path.Combine(archive, NextFolder);
        HashSet<string> inputs = [.. files.Select(f => f.Split('/')[0])];
        foreach (FileSystemInfo item in new DirectoryInfo(job.Folder).GetFileSystemInfos())
        {
            bool stays = inputs.Contains(item.Name) || item.Name.StartsWith(InputFolder.AttemptPrefix, StringComparison.Ordinal) || item.Name.EndsWith(".tmp", StringComparison.Ordinal);
            if (stays)
            {
                continue;
            }

            string target = Path.Combine(archive, item.Name);
            if (item is DirectoryInfo)
            {
                PatientMove.Folder(item.FullName, target);
            }
            else
            {
                PatientMove.File(item.FullName, target, overwrite: true);
            }
        }

        if (!Directory.Exists(next))
        {
            return;
        }

        foreach (string file in Directory.GetFiles(next))
        {
            AtomicFile.WriteAllBytes(Path.Combine(job.Folder, Path.GetFileName(file)), SharedFile.ReadAllBytes(file), overwrite: true);
        }

        Directory.Delete(next, recursive: true);
    }

    private static string Of(StoredJob job) => Path.Combine(job.Folder, string.Create(CultureInfo.InvariantCulture, $"{InputFolder.AttemptPrefix}{job.Attempt}"));

    /// <summary>The folder's record with the restart as the next link of its descent; null where the folder has none.</summary>
    private static string? NextRecord(StoredJob job, RestartInput? input, StoredRestart restart)
    {
        if (CalculationRecord.FromFolder(job.Folder) is not { } record)
        {
            return null;
        }

        string place = job.Folder.Replace('\\', '/');
        Provenance descent = record.Provenance ?? Provenance.Root("File", place, [new("file", place)]).WithGroup(place, inferred: true);
        var parameters = new List<KeyValuePair<string, string>>
        {
            new("attempt", (job.Attempt + 1).ToString(CultureInfo.InvariantCulture)),
            new("cause", restart.Cause),
            new("changes", string.Join("; ", restart.Changes)),
        };
        if (restart.Changes.Any(c => c.ChangesPhysics))
        {
            parameters.Add(new("changesMethod", string.Join("; ", restart.Changes.Where(c => c.ChangesPhysics))));
        }

        MethodSummary method = record.Method;
        if (input?.Settings is { } settings)
        {
            ImmutableSortedDictionary<string, string> deviations = method.Deviations;
            foreach (RestartChange change in restart.Changes.Where(c => c.Target != "Job" && c.Key != "Geometry"))
            {
                deviations = deviations.SetItem(change.Key, $"changed by a restart: {change.Reason}");
            }

            method = method with { Settings = settings, Deviations = deviations };
        }

        return (record with
        {
            Provenance = descent.Derive("Restart", record.ContentHash, parameters),
            ContentHash = input?.Structure?.ContentHash ?? record.ContentHash,
            SiteOrder = input?.Structure is null ? record.SiteOrder : null,
            Method = method,
        }).ToJson();
    }
}

/// <summary>A restart as it is written down in the folder of the try that ended.</summary>
/// <param name="Restart">What changes and why.</param>
/// <param name="Resources">What the next try is given.</param>
internal sealed record RestartRecord(StoredRestart Restart, JobResources Resources);
