using System.Text.Json;
using System.Text.Json.Serialization;
using AtomProNet.Structures;

namespace AtomProNet.Serialization;

/// <summary>A vector as [x, y, z].</summary>
internal sealed class VectorConverter : JsonConverter<Vector3D>
{
    /// <inheritdoc/>
    public override Vector3D Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<double[]>(ref reader, options) is [var x, var y, var z] ? new(x, y, z) : throw new JsonException("A vector has three numbers.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Vector3D value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, (double[])[value.X, value.Y, value.Z], options);
}
