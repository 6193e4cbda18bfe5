using System.Text.Json;

namespace AtomProNet.Databases.MaterialsProject;

/// <summary>One page of the summary endpoint: <c>{"data": […], "meta": {"total_doc": N}}</c>.</summary>
internal sealed class SummaryPage
{
    private SummaryPage(IReadOnlyList<MaterialDocument> documents, long total, byte[] bytes)
    {
        Documents = documents;
        Total = total;
        Bytes = bytes;
    }

    public IReadOnlyList<MaterialDocument> Documents { get; }

    /// <summary>How many documents match the query, on all pages.</summary>
    public long Total { get; }

    /// <summary>The page as it came.</summary>
    public byte[] Bytes { get; }

    /// <summary>
    /// Reads a page document by document: only one of them is held as JSON at a time. A document that is well-formed but cannot
    /// be used carries its reason; the others are not touched by it.
    /// </summary>
    /// <exception cref="JsonException">The page is cut off, damaged, or no page.</exception>
    public static SummaryPage Read(byte[] bytes, MaterialSource source)
    {
        var reader = new Utf8JsonReader(bytes);
        List<MaterialDocument>? documents = null;
        long? total = null;
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "it is no JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isData = reader.ValueTextEquals("data"u8), isMeta = reader.ValueTextEquals("meta"u8);
            Expect(reader.Read(), "it is cut off");
            if (isData)
            {
                Expect(reader.TokenType == JsonTokenType.StartArray, "its data are no list");
                documents = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    using JsonDocument document = JsonDocument.ParseValue(ref reader);
                    documents.Add(MaterialReader.Read(document.RootElement, source));
                }
            }
            else if (isMeta)
            {
                using JsonDocument meta = JsonDocument.ParseValue(ref reader);
                total = meta.RootElement.ValueKind == JsonValueKind.Object && meta.RootElement.TryGetProperty("total_doc", out JsonElement count) && count.TryGetInt64(out long n) && n >= 0 ? n : null;
            }
            else
            {
                reader.Skip();
            }
        }

        Expect(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0, "it is cut off");
        return new(documents ?? throw new JsonException("The answer has no data."), total ?? throw new JsonException("The answer does not say how many materials match (meta.total_doc)."), bytes);
    }

    private static void Expect(bool condition, string problem)
    {
        if (!condition)
        {
            throw new JsonException($"The answer is no page of materials: {problem}.");
        }
    }
}
