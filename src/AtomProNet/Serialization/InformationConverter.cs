using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AtomProNet.Serialization;

/// <summary>
/// The free key=value pairs of a frame: double, long, bool, string, or arrays of them in one or two dimensions. Each value stands
/// with its type, since JSON would make 1 out of 1.0: <c>["double[]",[1,2.5]]</c>.
/// </summary>
internal sealed class InformationConverter : JsonConverter<ImmutableSortedDictionary<string, object>>
{
    private static readonly Dictionary<string, Type> Scalars = new(StringComparer.Ordinal)
    {
        ["double"] = typeof(double),
        ["long"] = typeof(long),
        ["bool"] = typeof(bool),
        ["string"] = typeof(string),
    };

    /// <inheritdoc/>
    public override ImmutableSortedDictionary<string, object> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Dictionary<string, JsonElement> values = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(ref reader, options) ?? throw new JsonException("The information is null.");
        return values.ToImmutableSortedDictionary(pair => pair.Key, pair => ReadValue(pair.Value, options), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, object> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string key, object content) in value)
        {
            writer.WritePropertyName(key);
            WriteValue(writer, content, options);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        Type type = value.GetType();
        Type scalar = type.IsArray ? type.GetElementType()! : type;
        string name = Scalars.FirstOrDefault(known => known.Value == scalar).Key
            ?? throw new JsonException($"A value of the type {type} has no JSON form.");
        writer.WriteStartArray();
        writer.WriteStringValue(name + (type.IsArray ? type.GetArrayRank() == 2 ? "[,]" : "[]" : ""));
        if (value is Array { Rank: 2 } matrix)
        {
            int columns = matrix.GetLength(1);
            writer.WriteStartArray();
            writer.WriteNumberValue(columns);
            foreach (object entry in (IEnumerable)matrix)
            {
                JsonSerializer.Serialize(writer, entry, scalar, options);
            }

            writer.WriteEndArray();
        }
        else
        {
            JsonSerializer.Serialize(writer, value, type, options);
        }

        writer.WriteEndArray();
    }

    private static object ReadValue(JsonElement pair, JsonSerializerOptions options)
    {
        string name = pair[0].GetString() ?? "";
        Type scalar = Scalars.GetValueOrDefault(name.TrimEnd('[', ']', ',')) ?? throw new JsonException($"'{name}' is no type of a value.");
        JsonElement value = pair[1];
        if (!name.EndsWith("[,]", StringComparison.Ordinal))
        {
            return value.Deserialize(name.EndsWith(']') ? scalar.MakeArrayType() : scalar, options) ?? throw new JsonException("A value is null.");
        }

        int columns = value[0].GetInt32(), count = value.GetArrayLength() - 1;
        Array matrix = Array.CreateInstance(scalar, columns == 0 ? 0 : count / columns, columns);
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix.SetValue(value[i + 1].Deserialize(scalar, options), i / columns, i % columns);
        }

        return matrix;
    }
}
