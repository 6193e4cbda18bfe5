using System.Text;
using System.Text.Json;

namespace AtomProNet.Databases.Http;

/// <summary>Reads what a server says about a request that it refuses.</summary>
internal static class ServerError
{
    private const int LongestDetail = 300;

    /// <summary>
    /// The text of an error body: <c>{"detail": "text"}</c>, <c>{"detail": [{"loc": […], "msg": …}]}</c> (FastAPI),
    /// <c>{"message": "text"}</c> (gateways), OPTIMADE's <c>{"errors": [{"title", "detail"}]}</c>, or the beginning of whatever it is.
    /// </summary>
    public static string Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind == JsonValueKind.Object && FromJson(document.RootElement) is { Length: > 0 } detail)
            {
                return OneLine(detail);
            }
        }
        catch (JsonException)
        {
            // A gateway's page in HTML, or nothing at all.
        }

        string text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4 * LongestDetail)]);
        return text.Contains("<html", StringComparison.OrdinalIgnoreCase) ? "" : OneLine(text);
    }

    private static string? FromJson(JsonElement root)
    {
        if (root.TryGetProperty("detail", out JsonElement detail))
        {
            return detail.ValueKind switch
            {
                JsonValueKind.String => detail.GetString(),
                JsonValueKind.Array => string.Join("; ", detail.EnumerateArray().Select(Entry)),
                _ => detail.GetRawText(),
            };
        }

        if (root.TryGetProperty("errors", out JsonElement errors) && errors.ValueKind == JsonValueKind.Array)
        {
            return string.Join("; ", errors.EnumerateArray().Select(Entry));
        }

        return root.TryGetProperty("message", out JsonElement message) && message.ValueKind == JsonValueKind.String ? message.GetString() : null;
    }

    private static string Entry(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return entry.ToString();
        }

        string where = entry.TryGetProperty("loc", out JsonElement loc) && loc.ValueKind == JsonValueKind.Array
            ? string.Join('.', loc.EnumerateArray().Select(part => part.ToString()).Where(part => part != "query")) + ": "
            : "";
        string[] texts = [.. new[] { "msg", "title", "detail" }.Select(key => entry.TryGetProperty(key, out JsonElement text) ? text.ToString() : "").Where(text => text.Length > 0).Distinct()];
        return where + string.Join(": ", texts);
    }

    private static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestDetail ? line : line[..LongestDetail] + "…";
    }
}
