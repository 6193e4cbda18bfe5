using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AtomProNet.Datasets;

namespace AtomProNet.Tests.Datasets;

public class PiecewiseJsonTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>No line ending stands within a text but escaped, and pieces of any number make the same text.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5000)]
    public void The_text_is_that_of_the_serializer_with_line_feeds(int count)
    {
        var all = new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject { ["text"] = $"{i}: \r\n \r \n \t \f \0 \u0085 \u2028 \u2029 \"'<>& \\ é 键 \ud83d\ude00 \ud83d", ["number"] = i / 7.0, ["none"] = null })]);
        using var stream = new MemoryStream();
        using (var json = new PiecewiseJson(stream))
        {
            json.Writer.WriteStartArray();
            foreach (JsonNode? node in all)
            {
                node!.WriteTo(json.Writer);
                json.PassOn();
            }

            json.Writer.WriteEndArray();
            json.Complete();
        }

        Assert.Equal(all.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n", Encoding.UTF8.GetString(stream.ToArray()));
    }
}
