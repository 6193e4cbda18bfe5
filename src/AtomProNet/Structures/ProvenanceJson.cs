using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtomProNet.Structures;

/// <summary>
/// A <see cref="Provenance"/> chain as JSON, so that it can lie beside a calculation and come back with its outputs. Layout, version 1:
/// <code>
/// {"version":1,"chain":[
///   {"operation":"Bundled","parameters":{…},"rootId":"…","groupId":"…"},
///   {"operation":"Strain","parameters":{…},"parentHash":"…","seed":7,"rootId":"…","groupId":"…","groupInferred":true}]}
/// </code>
/// The chain begins at the root. <c>parentHash</c>, <c>seed</c> and <c>groupInferred</c> are left out where there is nothing to say.
/// </summary>
public static class ProvenanceJson
{
    /// <summary>The version of the layout that <see cref="Write"/> makes.</summary>
    public const int Version = 1;

    // A chain is as long as there were operations; a file with more links than this is no chain but an attack or a mistake.
    private const int MaximumDepth = 10_000;

    // ≥ 128 as themselves: file names and citations stay readable. The text goes into files, never into HTML.
    internal static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    internal static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The chain as a JSON object that can stand inside another.</summary>
    public static JsonObject Write(Provenance provenance)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        var links = new List<Provenance>();
        for (Provenance? link = provenance; link is not null; link = link.Parent)
        {
            links.Add(link);
        }

        links.Reverse();
        return new JsonObject { ["version"] = Version, ["chain"] = new JsonArray([.. links.Select(WriteLink)]) };
    }

    /// <summary>The chain as one line of JSON text.</summary>
    public static string WriteText(Provenance provenance) => Write(provenance).ToJsonString(OneLine);

    /// <summary>Reads what <see cref="Write"/> made.</summary>
    /// <exception cref="AtomProNetException">The JSON is no provenance, or of a later version than this code knows.</exception>
    public static Provenance Read(JsonNode? node) => Guarded(() => ReadChain(node));

    /// <summary>Reads JSON text.</summary>
    /// <exception cref="AtomProNetException">The text is no JSON, or no provenance.</exception>
    public static Provenance ReadText(string json) => Read(Parse(Encoding.UTF8.GetBytes(json)));

    private static Provenance ReadChain(JsonNode? node)
    {
        if (node is not JsonObject document || document["chain"] is not JsonArray chain || chain.Count == 0)
        {
            throw Damaged("The provenance has no chain.");
        }

        int version = Get<int>(document, "version") ?? throw Damaged("The provenance does not tell the version of its layout.");
        if (version is < 1 or > Version)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "ProvenanceVersionUnknown", $"The provenance has layout version {version}; this program knows version {Version}.", remedy: "Read it with the version of AtomProNet.PS that wrote it, or a later one.");
        }

        if (chain.Count > MaximumDepth)
        {
            throw Damaged($"The provenance has {chain.Count} links.");
        }

        Provenance? current = null;
        foreach (JsonNode? link in chain)
        {
            current = ReadLink(link as JsonObject ?? throw Damaged("A link of the provenance is no object."), current);
        }

        return current!;
    }

    internal static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException e)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "JsonDamaged", "The text is not valid JSON.", line: e.LineNumber + 1, inner: e);
        }
    }

    /// <summary>
    /// System.Text.Json looks into an object only when it is asked: a name that stands twice (ArgumentException) and text that is
    /// no Unicode (InvalidOperationException) are found late, and are damage like any other.
    /// </summary>
    internal static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "JsonDamaged", "The JSON holds a name twice, or text that is no Unicode.", inner: e);
        }
    }

    internal static T? Get<T>(JsonObject node, string name)
        where T : struct => node[name] is not { } value ? null
            : value is JsonValue scalar && scalar.TryGetValue(out T result) ? result
            : throw Damaged($"'{name}' is of the wrong kind.", value.ToJsonString());

    internal static string? GetText(JsonObject node, string name) => node[name] is not { } value ? null
        : value is JsonValue scalar && scalar.TryGetValue(out string? result) ? result
        : throw Damaged($"'{name}' is no text.", value.ToJsonString());

    private static JsonObject WriteLink(Provenance link)
    {
        var parameters = new JsonObject();
        foreach ((string key, string value) in link.Parameters)
        {
            parameters[key] = value;
        }

        var node = new JsonObject { ["operation"] = link.Operation, ["parameters"] = parameters };
        if (link.ParentHash is not null)
        {
            node["parentHash"] = link.ParentHash;
        }

        if (link.Seed is { } seed)
        {
            node["seed"] = seed;
        }

        node["rootId"] = link.RootId;
        node["groupId"] = link.GroupId;
        if (link.GroupInferred)
        {
            node["groupInferred"] = true;
        }

        return node;
    }

    private static Provenance ReadLink(JsonObject node, Provenance? parent)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach ((string key, JsonNode? value) in node["parameters"] as JsonObject ?? [])
        {
            parameters.Add(new(key, value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : throw Damaged($"The parameter '{key}' is no text.")));
        }

        return Provenance.Restore(
            GetText(node, "operation") ?? throw Damaged("A link of the provenance does not tell its operation."),
            parameters,
            parent,
            GetText(node, "parentHash"),
            Get<long>(node, "seed"),
            GetText(node, "rootId") ?? throw Damaged("A link of the provenance does not tell its root."),
            GetText(node, "groupId") ?? throw Damaged("A link of the provenance does not tell its group."),
            Get<bool>(node, "groupInferred") ?? false);
    }

    private static AtomProNetException Damaged(string problem, string? value = null) =>
        new(ErrorKind.InvalidData, "ProvenanceDamaged", problem, value: value);
}
