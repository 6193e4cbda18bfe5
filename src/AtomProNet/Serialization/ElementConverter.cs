using System.Text.Json;
using System.Text.Json.Serialization;
using AtomProNet.Structures;

namespace AtomProNet.Serialization;

/// <summary>An element as its symbol.</summary>
internal sealed class ElementConverter : JsonConverter<Element>
{
    /// <inheritdoc/>
    public override Element Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Find(reader.GetString());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Element value, JsonSerializerOptions options) => writer.WriteStringValue(value.Symbol);

    /// <inheritdoc/>
    public override Element ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Find(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Element value, JsonSerializerOptions options) => writer.WritePropertyName(value.Symbol);

    private static Element Find(string? symbol) => Element.TryFromSymbol(symbol, out Element? element) ? element : throw new JsonException($"'{symbol}' is not the symbol of an element.");
}
