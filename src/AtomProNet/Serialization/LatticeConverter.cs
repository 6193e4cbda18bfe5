using System.Text.Json;
using System.Text.Json.Serialization;
using AtomProNet.Structures;

namespace AtomProNet.Serialization;

/// <summary>A lattice as its three rows.</summary>
internal sealed class LatticeConverter : JsonConverter<Lattice>
{
    /// <inheritdoc/>
    public override Lattice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<Vector3D[]>(ref reader, options) is [var a, var b, var c] ? new Lattice(a, b, c) : throw new JsonException("A lattice has three rows.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Lattice value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, (Vector3D[])[value.A, value.B, value.C], options);
}
