using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// What a calculation's folder tells about itself in its <c>provenance.json</c>: the structure's name, hash and descent, and the
/// method. Whoever reads the outputs takes the descent from here, so that a frame is never torn from its parent.
/// </summary>
public sealed record CalculationRecord
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "provenance.json";

    /// <summary>The version of the layout that <see cref="ToJson"/> makes.</summary>
    public const int LayoutVersion = 1;

    /// <summary>The name of the structure.</summary>
    public string? StructureName { get; init; }

    /// <summary>The formula of the cell, for people.</summary>
    public string? Formula { get; init; }

    /// <summary>The <see cref="Structure.ContentHash"/> of the structure that was asked for, before its sites were regrouped.</summary>
    public required string ContentHash { get; init; }

    /// <summary>How the sites were rearranged on writing; null where they were not.</summary>
    public SiteOrder? SiteOrder { get; init; }

    /// <summary>Where the structure comes from; null where nobody said.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>A label for training sets, such as <c>IsolatedAtom</c> (MACE's <c>config_type</c>); null for none.</summary>
    public string? ConfigType { get; init; }

    /// <summary>The method.</summary>
    public required MethodSummary Method { get; init; }

    /// <summary>The program and version that wrote the folder.</summary>
    public string Writer { get; init; } = ThisWriter;

    private static string ThisWriter { get; } =
        "AtomProNet.PS " + (typeof(CalculationRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    /// <summary>The record as indented JSON text, ending in a newline.</summary>
    public string ToJson()
    {
        var structure = new JsonObject { ["name"] = StructureName, ["formula"] = Formula, ["contentHash"] = ContentHash };
        if (SiteOrder is { IsIdentity: false } order)
        {
            structure["siteOrder"] = Array(order.Sites);
            structure["latticeVectorOrder"] = Array(order.LatticeVectors);
        }

        var document = new JsonObject
        {
            ["version"] = LayoutVersion,
            ["writer"] = Writer,
            ["structure"] = structure,
            ["provenance"] = Provenance is null ? null : ProvenanceJson.Write(Provenance),
        };
        if (ConfigType is not null)
        {
            document["configType"] = ConfigType;
        }

        document["method"] = WriteMethod(Method);
        return document.ToJsonString(ProvenanceJson.Readable).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>Reads the record of a folder.</summary>
    /// <param name="folder">The calculation's folder.</param>
    /// <returns>Null where the folder has none.</returns>
    /// <exception cref="AtomProNetException">There is one, and it is damaged or of a later version.</exception>
    public static CalculationRecord? FromFolder(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return FromJson(SharedFile.ReadAllBytes(path));
        }
        catch (AtomProNetException e)
        {
            throw e.InFile(path);
        }
    }

    /// <summary>Reads JSON text.</summary>
    /// <exception cref="AtomProNetException">The text is damaged or of a later version.</exception>
    public static CalculationRecord FromJson(ReadOnlySpan<byte> json)
    {
        json = json.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? json[3..] : json;
        JsonNode? node = ProvenanceJson.Parse(json);
        return ProvenanceJson.Guarded(() => Read(node as JsonObject ?? throw Damaged("The record is no JSON object.")));
    }

    /// <summary>Reads JSON text.</summary>
    /// <exception cref="AtomProNetException">The text is damaged or of a later version.</exception>
    public static CalculationRecord FromJson(string json) => FromJson(Encoding.UTF8.GetBytes(json));

    private static CalculationRecord Read(JsonObject document)
    {
        int version = ProvenanceJson.Get<int>(document, "version") ?? throw Damaged("The record does not tell the version of its layout.");
        if (version is < 1 or > LayoutVersion)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "CalculationRecordVersionUnknown", $"The record has layout version {version}; this program knows version {LayoutVersion}.", remedy: "Read it with the version of AtomProNet.PS that wrote it, or a later one.");
        }

        var structure = document["structure"] as JsonObject ?? throw Damaged("The record does not tell its structure.");
        return new()
        {
            StructureName = ProvenanceJson.GetText(structure, "name"),
            Formula = ProvenanceJson.GetText(structure, "formula"),
            ContentHash = ProvenanceJson.GetText(structure, "contentHash") ?? throw Damaged("The record does not tell the hash of its structure."),
            SiteOrder = structure["siteOrder"] is null ? null : new(Integers(structure["siteOrder"]) ?? [], Integers(structure["latticeVectorOrder"]) ?? [0, 1, 2]),
            Provenance = document["provenance"] is null ? null : ProvenanceJson.Read(document["provenance"]),
            ConfigType = ProvenanceJson.GetText(document, "configType"),
            Method = ReadMethod(document["method"] as JsonObject ?? throw Damaged("The record does not tell its method.")),
            Writer = ProvenanceJson.GetText(document, "writer") ?? "",
        };
    }

    private static JsonObject WriteMethod(MethodSummary method)
    {
        var kPoints = new JsonObject { ["divisions"] = method.KPoints.Divisions is { } n ? Array(n) : null, ["gammaCentred"] = method.KPoints.GammaCentred, ["rule"] = method.KPoints.Rule };
        if (method.KPoints.Spacing is { } spacing)
        {
            kPoints["spacing"] = spacing;
        }

        var potentials = new JsonArray();
        foreach (PotentialSummary p in method.Potentials)
        {
            var node = new JsonObject { ["element"] = p.Element, ["name"] = p.Name, ["title"] = p.Title, ["sha256"] = p.Sha256 };
            if (p.SuggestedCutoff is { } cutoff)
            {
                node["suggestedCutoff"] = cutoff;
            }

            potentials.Add((JsonNode)node);
        }

        return new JsonObject
        {
            ["code"] = method.Code,
            ["preset"] = method.Preset,
            ["settings"] = Dictionary(method.Settings),
            ["deviations"] = Dictionary(method.Deviations),
            ["kPoints"] = kPoints,
            ["potentials"] = potentials,
        };
    }

    private static MethodSummary ReadMethod(JsonObject node)
    {
        var kPoints = node["kPoints"] as JsonObject ?? throw Damaged("The method does not tell its k-points.");
        var potentials = ImmutableArray.CreateBuilder<PotentialSummary>();
        foreach (JsonNode? item in node["potentials"] as JsonArray ?? [])
        {
            var p = item as JsonObject ?? throw Damaged("A potential is no object.");
            potentials.Add(new(
                ProvenanceJson.GetText(p, "element") ?? throw Damaged("A potential does not tell its element."),
                ProvenanceJson.GetText(p, "name") ?? "",
                ProvenanceJson.GetText(p, "title"),
                ProvenanceJson.GetText(p, "sha256"),
                ProvenanceJson.Get<double>(p, "suggestedCutoff")));
        }

        return new()
        {
            Code = ProvenanceJson.GetText(node, "code") ?? throw Damaged("The method does not tell its code."),
            Preset = ProvenanceJson.GetText(node, "preset"),
            Settings = Dictionary(node["settings"]),
            Deviations = Dictionary(node["deviations"]),
            KPoints = new(Integers(kPoints["divisions"]), ProvenanceJson.Get<bool>(kPoints, "gammaCentred") ?? true, ProvenanceJson.GetText(kPoints, "rule") ?? "", ProvenanceJson.Get<double>(kPoints, "spacing")),
            Potentials = potentials.ToImmutable(),
        };
    }

    private static JsonArray Array(ImmutableArray<int> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    private static ImmutableArray<int>? Integers(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => [.. list.Select(n => n is JsonValue v && v.TryGetValue(out int i) ? i : throw Damaged("A list of whole numbers holds something else.", n?.ToJsonString()))],
        _ => throw Damaged("There should be a list of whole numbers.", node.ToJsonString()),
    };

    private static JsonObject Dictionary(ImmutableSortedDictionary<string, string> entries)
    {
        var node = new JsonObject();
        foreach ((string key, string value) in entries)
        {
            node[key] = value;
        }

        return node;
    }

    private static ImmutableSortedDictionary<string, string> Dictionary(JsonNode? node) =>
        (node as JsonObject ?? []).ToImmutableSortedDictionary(
            p => p.Key,
            p => p.Value is JsonValue v && v.TryGetValue(out string? text) ? text : throw Damaged($"'{p.Key}' is no text."),
            StringComparer.Ordinal);

    private static AtomProNetException Damaged(string problem, string? value = null) =>
        new(ErrorKind.InvalidData, "CalculationRecordDamaged", problem, value: value);
}
