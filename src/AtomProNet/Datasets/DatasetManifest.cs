using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AtomProNet.Files;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// <c>dataset.json</c>: what stands beside exported sets and says how they came about. One file a folder, with one entry for each set
/// by its name; an export replaces the entry of its own name and leaves the others. It holds no time, so that the same frames give
/// the same file.
/// </summary>
internal static class DatasetManifest
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "dataset.json";

    private const int LayoutVersion = 1;

    /// <summary>The manifest that belongs to a set.</summary>
    public static string PathBeside(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, FileName);

    /// <summary>The files and folders that an earlier export of that name made, as full paths.</summary>
    public static ImmutableArray<string> FilesOf(string manifestPath, string name)
    {
        string folder = Path.GetDirectoryName(manifestPath)!;
        JsonNode? entry = ReadEntries(manifestPath).FirstOrDefault(e => PathNames.Comparer.Equals(NameOf(e), name));
        return [.. (entry?["files"] as JsonArray ?? []).Select(f => f?["path"]).OfType<JsonValue>().Select(v => v.TryGetValue(out string? file) ? file : null).OfType<string>()
            // Only names below the same folder: whatever somebody wrote into the file, nothing elsewhere is touched.
            .Where(f => f.Length > 0 && !Path.IsPathRooted(f) && !f.Split('/', '\\').Any(s => s is "" or "." or ".."))
            .Select(f => Path.GetFullPath(Path.Combine(folder, f)))];
    }

    /// <summary>The sets that a dataset.json describes, each with its files; empty where there is none.</summary>
    /// <exception cref="AtomProNetException">It is none of this program's.</exception>
    public static ImmutableArray<ManifestSet> Sets(string manifestPath)
    {
        string folder = Path.GetDirectoryName(manifestPath)!;
        return [.. ReadEntries(manifestPath).Where(e => NameOf(e) is not null).Select(e => new ManifestSet(
            NameOf(e)!,
            e["split"] is JsonObject,
            [.. FilesOf(manifestPath, NameOf(e)!).Select(f => (f, PartOf(e, Path.GetRelativePath(folder, f).Replace('\\', '/'))))]))];
    }

    /// <summary>Which energy the label of an exported file is, by the dataset.json beside or above it; null where frames differ in that, or nobody said.</summary>
    public static EnergyKind? LabelOf(string path)
    {
        string? folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        for (int level = 0; folder is not null && level < 2; level++, folder = Path.GetDirectoryName(folder))
        {
            string manifest = Path.Combine(folder, FileName), name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            try
            {
                if (ReadEntries(manifest).FirstOrDefault(e => (e["files"] as JsonArray ?? []).Any(f => PathNames.Comparer.Equals((string?)f?["path"], name)))?["energyKinds"] is JsonObject { Count: 1 } kinds)
                {
                    return Enum.TryParse(kinds.First().Key, out EnergyKind kind) ? kind : null;
                }
            }
            catch (Exception e) when (e is AtomProNetException or InvalidOperationException)
            {
                // Somebody else's file of that name says nothing about this one.
                return null;
            }
        }

        return null;
    }

    /// <summary>
    /// Holds a file (or a system of DeePMD) against what the dataset.json beside or above it says of it.
    /// </summary>
    /// <returns>A warning where it is not what was exported; null where it is, or where nobody said anything.</returns>
    public static Finding? Check(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        // A file lies beside its dataset.json, a system of DeePMD one folder below.
        string? folder = Path.GetDirectoryName(full);
        for (int level = 0; folder is not null && level < (Directory.Exists(full) ? 2 : 1); level++, folder = Path.GetDirectoryName(folder))
        {
            string manifest = Path.Combine(folder, FileName);
            if (!File.Exists(manifest))
            {
                continue;
            }

            string name = Path.GetRelativePath(folder, full).Replace('\\', '/');
            string? expected;
            try
            {
                expected = ReadEntries(manifest).SelectMany(e => e["files"] as JsonArray ?? []).FirstOrDefault(f => PathNames.Comparer.Equals((string?)f?["path"], name))?["sha256"]?.GetValue<string>();
            }
            catch (Exception e) when (e is AtomProNetException or InvalidOperationException)
            {
                // Somebody else's file of that name says nothing about this one.
                return null;
            }

            if (expected is not null)
            {
                return expected == TrainingSetHash.Of(full) ? null : new(
                    FindingSeverity.Warning,
                    "DatasetChanged",
                    "The file is not the one that dataset.json beside it describes: it was changed after the export, or an export was broken off.",
                    full,
                    "Export the set again if you did not change it yourself: its parts may not belong together.");
            }
        }

        return null;
    }

    /// <summary>Adds the manifest to a set of files, with the entries of other sets kept.</summary>
    public static void Write(AtomicFileSet files, string path, DatasetManifestEntry entry)
    {
        (string? Name, JsonNode? Entry)[] others = [.. ReadEntries(path).Select(e => (NameOf(e), (JsonNode?)e)).Where(e => !PathNames.Comparer.Equals(e.Item1, entry.Name))];
        using var file = new PiecewiseJson(files.Add(path, describesOthers: true));
        Utf8JsonWriter json = file.Writer;
        json.WriteStartObject();
        json.WriteString("format", "AtomProNet dataset");
        json.WriteNumber("version", LayoutVersion);
        json.WriteStartArray("datasets");
        foreach ((_, JsonNode? other) in others.Append((entry.Name, null)).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (other is null)
            {
                WriteEntry(file, entry);
            }
            else
            {
                other.WriteTo(json);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        file.Complete();
    }

    private static JsonNode[] ReadEntries(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            JsonObject? document = JsonNode.Parse(SharedFile.ReadAllBytes(path)) as JsonObject;
            int version = document?["version"] is JsonValue v && v.TryGetValue(out int number) ? number : 0;
            if (version is >= 1 and <= LayoutVersion && document!["datasets"] is JsonArray list)
            {
                return [.. list.OfType<JsonNode>()];
            }
        }
        catch (JsonException)
        {
            // Not JSON at all: the same error as for JSON of somebody else.
        }

        throw new AtomProNetException(ErrorKind.InvalidData, "DatasetManifestUnknown", "There is a dataset.json that this program did not write, or that a later version did.", file: path, remedy: "Move it away, or choose another folder.");
    }

    private static DatasetPart? PartOf(JsonNode entry, string file) =>
        (entry["files"] as JsonArray ?? []).FirstOrDefault(f => PathNames.Comparer.Equals((string?)f?["path"], file))?["part"] is JsonValue v && v.TryGetValue(out string? name) && Enum.TryParse(name, ignoreCase: true, out DatasetPart part) ? part : null;

    private static string? NameOf(JsonNode entry) => entry["name"] is JsonValue v && v.TryGetValue(out string? name) ? name : null;

    // What there is one of for each frame, each group or each file goes straight to the writer: nodes of it would take more memory and time than all else here.
    private static void WriteEntry(PiecewiseJson file, DatasetManifestEntry entry)
    {
        Utf8JsonWriter json = file.Writer;
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteString("format", entry.Format.ToString());
        json.WriteString("keyStyle", entry.KeyStyle?.ToString());
        WriteNode(json, "energyKinds", Counts(entry.EnergyKinds.Select(k => (k.Key.ToString(), k.Value))));
        json.WriteNumber("frames", entry.Frames.Count);
        json.WriteNumber("isolatedAtoms", entry.IsolatedAtomCount);
        WriteNode(json, "methods", Methods(entry));
        WriteNode(json, "files", Files(entry));
        WriteSplit(file, entry);
        WriteGroups(file, entry);
        WriteSources(file, entry);
        WriteNode(json, "refused", Counts(entry.Refused.Select(r => (r.Key, r.Value))));
        WriteNode(json, "findings", new JsonArray([.. entry.Findings.Select(f => (JsonNode)new JsonObject { ["severity"] = Lower(f.Severity.ToString()), ["code"] = f.Code, ["message"] = f.Message, ["advice"] = f.Advice })]));
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, string name, JsonNode node)
    {
        json.WritePropertyName(name);
        node.WriteTo(json);
    }

    private static void WriteSplit(PiecewiseJson file, DatasetManifestEntry entry)
    {
        Utf8JsonWriter json = file.Writer;
        if (!entry.IsParted)
        {
            json.WriteNull("split");
            return;
        }

        json.WriteStartObject("split");
        // Frames that somebody else put into parts: nobody said how.
        if (entry.Split is { } split)
        {
            SplitRequest request = split.Request;
            json.WriteString("method", split.Method.ToString());
            json.WriteString("asked", request.Method?.ToString());
            json.WriteNumber("seed", request.Seed);
            json.WriteString("generator", "SplitMix64");
            foreach ((string name, JsonNode? value) in new (string, JsonNode?)[]
            {
                ("trainFraction", request.TrainFraction), ("validationFraction", request.ValidationFraction), ("testFraction", request.TestFraction),
                ("trainCount", request.TrainCount), ("validationCount", request.ValidationCount), ("testCount", request.TestCount), ("clusters", split.ClusterCount),
            })
            {
                if (value is not null)
                {
                    WriteNode(json, name, value);
                }
            }

            json.WriteNumber("gapFrameCount", split.GapFrameCount);
        }

        (string Id, FrameSource? Source)[] leftOut = [.. entry.Frames.LeftOut().OrderBy(f => f.Id, StringComparer.Ordinal)];
        json.WriteNumber("leftOutCount", leftOut.Length);
        json.WriteStartArray("leftOut");
        foreach ((string id, FrameSource? source) in leftOut)
        {
            json.WriteStartObject();
            json.WriteString("frame_id", id);
            json.WriteString("source", source?.ToString());
            json.WriteEndObject();
            file.PassOn();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteGroups(PiecewiseJson file, DatasetManifestEntry entry)
    {
        Utf8JsonWriter json = file.Writer;
        json.WriteStartArray("groups");
        foreach ((string id, bool inferred, SortedDictionary<DatasetPart, int> parts, int frames) in entry.Frames.Groups())
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteBoolean("inferred", inferred);
            json.WriteNumber("frames", frames);
            if (entry.IsParted)
            {
                WriteNode(json, "parts", Counts(parts.Select(p => (Lower(p.Key.ToString()), p.Value))));
            }

            json.WriteEndObject();
            file.PassOn();
        }

        json.WriteEndArray();
    }

    private static void WriteSources(PiecewiseJson file, DatasetManifestEntry entry)
    {
        Utf8JsonWriter json = file.Writer;
        json.WriteStartArray("sources");
        foreach ((string? source, int frames) in entry.Frames.Sources())
        {
            json.WriteStartObject();
            json.WriteString("file", source);
            json.WriteNumber("frames", frames);
            json.WriteEndObject();
            file.PassOn();
        }

        json.WriteEndArray();
    }

    private static JsonArray Files(DatasetManifestEntry entry) => [.. entry.Files.Select(file => (JsonNode)new JsonObject
    {
        ["path"] = Path.GetRelativePath(Path.GetDirectoryName(file.ManifestPath)!, file.Path).Replace('\\', '/'),
        ["part"] = file.Part is { } part ? Lower(part.ToString()) : null,
        ["formula"] = file.Formula,
        ["frames"] = file.FrameCount,
        ["atoms"] = file.AtomCount,
        ["groups"] = file.GroupCount,
        ["bytes"] = file.Length,
        ["sha256"] = file.Hash,
    })];

    private static JsonArray Methods(DatasetManifestEntry entry) => [.. entry.Methods.Select(m =>
    {
        var settings = new JsonObject();
        foreach ((string name, string value) in DftMethodText.Settings(m.Method))
        {
            settings[name] = value;
        }

        return (JsonNode)new JsonObject { ["fingerprint"] = m.Method.Fingerprint, ["frames"] = m.FrameCount, ["settings"] = settings };
    })];

    private static JsonObject Counts(IEnumerable<(string Name, int Count)> counts)
    {
        var node = new JsonObject();
        foreach ((string name, int count) in counts)
        {
            node[name] = count;
        }

        return node;
    }

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

/// <summary>What is written of one set.</summary>
internal sealed record DatasetManifestEntry
{
    public required string Name { get; init; }

    public required ImmutableArray<TrainingSetFile> Files { get; init; }

    public required TrainingSetFormat Format { get; init; }

    public required KeyStyle? KeyStyle { get; init; }

    public required SortedDictionary<EnergyKind, int> EnergyKinds { get; init; }

    /// <summary>How the set was split; null where it was not, or nobody said.</summary>
    public required SplitDescription? Split { get; init; }

    /// <summary>Whether the frames stand in parts.</summary>
    public required bool IsParted { get; init; }

    public required DatasetManifestFrames Frames { get; init; }

    public required int IsolatedAtomCount { get; init; }

    public required ImmutableArray<(DftMethod Method, int FrameCount)> Methods { get; init; }

    public required SortedDictionary<string, int> Refused { get; init; }

    public required ImmutableArray<Finding> Findings { get; init; }
}

/// <summary>A set as a dataset.json describes it.</summary>
internal sealed record ManifestSet(string Name, bool IsSplit, ImmutableArray<(string Path, DatasetPart? Part)> Files);
