using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AtomProNet.Structures;

namespace AtomProNet.Serialization;

/// <summary>A column of site values with its kind and width: <c>{"Kind":"Real","Width":3,"Values":[…]}</c>.</summary>
internal sealed class SitePropertyConverter : JsonConverter<SiteProperty>
{
    /// <inheritdoc/>
    public override SiteProperty Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Column column = JsonSerializer.Deserialize<Column>(ref reader, options) ?? throw new JsonException("The column is null.");
        return column.Kind switch
        {
            SitePropertyKind.Real => SiteProperty.Real(column.Width, Values<double>()),
            SitePropertyKind.Integer => SiteProperty.Integer(column.Width, Values<long>()),
            SitePropertyKind.Logical => SiteProperty.Logical(column.Width, Values<bool>()),
            _ => SiteProperty.Text(column.Width, Values<string>()),
        };

        ImmutableArray<T> Values<T>() => column.Values.Deserialize<ImmutableArray<T>>(options);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SiteProperty value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Column(value.Kind, value.Width, JsonSerializer.SerializeToElement(value.Values, value.Values.GetType(), options)), options);

    private sealed record Column(SitePropertyKind Kind, int Width, JsonElement Values);
}
