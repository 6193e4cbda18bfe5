using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AtomProNet.Structures;

namespace AtomProNet.Serialization;

/// <summary>A provenance as its whole chain, in the layout of <see cref="ProvenanceJson"/>.</summary>
internal sealed class ProvenanceConverter : JsonConverter<Provenance>
{
    /// <inheritdoc/>
    public override Provenance Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ProvenanceJson.Read(JsonNode.Parse(ref reader));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Provenance value, JsonSerializerOptions options) => ProvenanceJson.Write(value).WriteTo(writer, options);
}
