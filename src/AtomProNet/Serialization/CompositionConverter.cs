using System.Text.Json;
using System.Text.Json.Serialization;
using AtomProNet.Structures;

namespace AtomProNet.Serialization;

/// <summary>A composition as its formula.</summary>
internal sealed class CompositionConverter : JsonConverter<Composition>
{
    /// <inheritdoc/>
    public override Composition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Composition.Parse(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Composition value, JsonSerializerOptions options) => writer.WriteStringValue(value.Formula);
}
