using System.Collections.Immutable;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AtomProNet.Structures;

namespace AtomProNet.Serialization;

/// <summary>
/// The objects that flow through the pipeline as JSON text and back, whole: every number to the last bit, the provenance with its
/// whole chain. For crossing a border that objects do not cross themselves: a file of Export-Clixml, a background job, another machine.
/// </summary>
/// <remarks>
/// What is computed from the rest is not written. The text is for a program of the same version, and says which that is; it is no
/// exchange format (see the room Formats for those).
/// </remarks>
public static class ObjectJson
{
    /// <summary>The version of the layout; it changes when an older text would be misread.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutComputed } },
        Converters =
        {
            new StructureConverter(), new LatticeConverter(), new ElementConverter(), new VectorConverter(), new ProvenanceConverter(),
            new SitePropertyConverter(), new InformationConverter(), new CompositionConverter(), new JsonStringEnumConverter(allowIntegerValues: false),
        },
    };

    /// <summary>The object as one line of JSON: <c>{"version":1,"type":"AtomProNet.Structures.Frame","value":{…}}</c>.</summary>
    /// <param name="value">An object of a public type of this library.</param>
    public static string Write(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return JsonSerializer.Serialize(new Envelope(Version, value.GetType().FullName!, JsonSerializer.SerializeToElement(value, value.GetType(), Options)), Options);
    }

    /// <summary>Reads what <see cref="Write"/> made.</summary>
    /// <param name="json">The text.</param>
    /// <param name="type">What it must be.</param>
    /// <exception cref="AtomProNetException">It is damaged, of another version, or another type.</exception>
    public static object Read(string json, Type type)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            Envelope envelope = JsonSerializer.Deserialize<Envelope>(json, Options) ?? throw new JsonException("The text is null.");
            if (envelope.Version != Version)
            {
                throw new AtomProNetException(ErrorKind.NotSupported, "ObjectVersionUnknown", $"The object has layout version {envelope.Version}; this program knows version {Version}.", remedy: "Read it with the version of AtomProNet.PS that wrote it.");
            }

            if (envelope.Type != type.FullName)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "ObjectTypeMismatch", $"The text holds a {envelope.Type}, where a {type.FullName} is wanted.");
            }

            return envelope.Value.Deserialize(type, Options) ?? throw new JsonException("The value is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "ObjectDamaged", $"The text holds no whole {type.Name}: {e.Message}", remedy: "Make the object again from its source.", inner: e);
        }
    }

    /// <summary>A property that neither the constructor nor an initialiser takes is computed from those that do.</summary>
    private static void LeaveOutComputed(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        HashSet<string> given = info.Type.GetConstructors()
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.Name!)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (int i = info.Properties.Count - 1; i >= 0; i--)
        {
            JsonPropertyInfo property = info.Properties[i];
            if (property.IsRequired)
            {
                // What must be there on reading is written even where it is null.
                property.ShouldSerialize = (_, _) => true;
            }

            bool initialised = property.AttributeProvider is PropertyInfo { SetMethod.IsPublic: true };
            if (!initialised && !given.Contains(property.Name))
            {
                info.Properties.RemoveAt(i);
            }
        }
    }

    private sealed record Envelope(int Version, string Type, JsonElement Value);
}
