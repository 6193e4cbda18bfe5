using System.Text.Json;
using AtomProNet.Databases.Http;

namespace AtomProNet.Databases.Optimade;

/// <summary>One page of a structures endpoint: <c>{"data": […], "meta": {…}, "links": {"next": …}}</c>.</summary>
internal sealed class OptimadePage
{
    private OptimadePage(IReadOnlyList<DatabaseEntry> entries, byte[] bytes)
    {
        Entries = entries;
        Bytes = bytes;
    }

    public IReadOnlyList<DatabaseEntry> Entries { get; }

    /// <summary>The page as it came.</summary>
    public byte[] Bytes { get; }

    /// <summary>The link to the next page as the server writes it, absolute or relative; null on the last page.</summary>
    public string? Next { get; private init; }

    /// <summary>How many entries match on all pages; null where the server does not say.</summary>
    public long? Total { get; private init; }

    /// <summary>Whether the server says that this is not all.</summary>
    public bool MoreAvailable { get; private init; }

    /// <summary>How long the server asks to wait before the next request.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>What the server warns of.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Reads a page entry by entry: only one of them is held as JSON at a time.</summary>
    /// <exception cref="JsonException">The page is cut off, damaged, or no page.</exception>
    public static OptimadePage Read(byte[] bytes, OptimadeSource source)
    {
        var reader = new Utf8JsonReader(bytes);
        List<DatabaseEntry>? entries = null;
        JsonElement meta = default, links = default;
        bool hasErrors = false;
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "it is no JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            Expect(reader.Read(), "it is cut off");
            switch (name)
            {
                case "data" when reader.TokenType == JsonTokenType.StartArray:
                    entries = [];
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    {
                        using JsonDocument entry = JsonDocument.ParseValue(ref reader);
                        entries.Add(OptimadeReader.Read(entry.RootElement, source));
                    }

                    break;
                case "data" when reader.TokenType == JsonTokenType.Null:
                    entries = [];
                    break;
                case "meta":
                    meta = Value(ref reader);
                    break;
                case "links":
                    links = Value(ref reader);
                    break;
                case "errors":
                    hasErrors = Value(ref reader) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Expect(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0, "it is cut off");
        if (hasErrors)
        {
            throw new JsonException(ServerError.Read(bytes));
        }

        Expect(entries is not null, "it has no data");
        return new(entries!, bytes)
        {
            Next = Link(links),
            Total = Property(meta, "data_returned") is { ValueKind: JsonValueKind.Number } count && count.TryGetInt64(out long n) ? n : null,
            MoreAvailable = Property(meta, "more_data_available") is { ValueKind: JsonValueKind.True },
            Delay = Property(meta, "request_delay") is { ValueKind: JsonValueKind.Number } delay && delay.GetDouble() is > 0 and < 3600 and var seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero,
            Warnings = Property(meta, "warnings") is { ValueKind: JsonValueKind.Array } warnings ? [.. warnings.EnumerateArray().Select(w => Property(w, "detail")).Where(d => d is not null).Select(d => d!.Value.ToString())] : [],
        };
    }

    /// <summary>A link is null, a text, or an object with its address in <c>href</c> (JSON API).</summary>
    private static string? Link(JsonElement links)
    {
        JsonElement? next = Property(links, "next");
        if (next is { ValueKind: JsonValueKind.Object })
        {
            next = Property(next.Value, "href");
        }

        return next is { ValueKind: JsonValueKind.String } && next.Value.GetString() is { Length: > 0 } address ? address : null;
    }

    private static JsonElement? Property(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) ? value : null;

    private static JsonElement Value(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.Clone();
    }

    private static void Expect(bool condition, string problem)
    {
        if (!condition)
        {
            throw new JsonException($"The answer is no page of structures: {problem}.");
        }
    }
}
