using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Cli.Printing;

/// <summary>
/// Writes objects as lines of JSON: the public properties under their own names, numbers in their shortest form that reads back
/// the same, vectors as [x, y, z], a lattice as three rows, an element as its symbol.
/// </summary>
internal static class JsonLines
{
    private const int MaximumDepth = 32;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    /// <summary>Writes one object and a line feed.</summary>
    public static void Write(object? value, Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            Write(value, json, 0);
        }

        stream.WriteByte((byte)'\n');
    }

    private static void Write(object? value, Utf8JsonWriter json, int depth)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case double number:
                WriteReal(number, json);
                break;
            case float number:
                if (float.IsFinite(number))
                {
                    json.WriteNumberValue(number);
                }
                else
                {
                    WriteReal(number, json);
                }

                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case Enum name:
                json.WriteStringValue(name.ToString());
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case Vector3D vector:
                WriteAll((double[])[vector.X, vector.Y, vector.Z], json, depth);
                break;
            case Matrix3x3 matrix:
                WriteAll((Vector3D[])[matrix.Row1, matrix.Row2, matrix.Row3], json, depth);
                break;
            case Periodicity periodicity:
                WriteAll((bool[])[periodicity.A, periodicity.B, periodicity.C], json, depth);
                break;
            case Lattice lattice:
                Write(lattice.Rows, json, depth);
                break;
            case Element or Composition or Uri or Version or Guid or char:
                json.WriteStringValue(value.ToString());
                break;
            case SiteProperty column:
                WriteColumn(column, json, depth);
                break;
            case DateTime or DateTimeOffset:
                json.WriteStringValue(((IFormattable)value).ToString("o", CultureInfo.InvariantCulture));
                break;
            case TimeSpan span:
                json.WriteStringValue(span.ToString("c", CultureInfo.InvariantCulture));
                break;
            case Type type:
                json.WriteStringValue(type.FullName);
                break;
            case Exception exception:
                json.WriteStringValue(exception.Message);
                break;
            case System.Security.SecureString:
                json.WriteStringValue("********");
                break;
            case IDictionary table:
                WriteTable(table, json, depth);
                break;
            case Array { Rank: 2 } matrix:
                // Row by row: enumerating it would run all rows together.
                WriteAll(matrix.Length == 0 ? matrix : matrix.Cast<object?>().Chunk(matrix.GetLength(1)), json, depth);
                break;
            case IEnumerable several:
                WriteAll(several, json, depth);
                break;
            default:
                WriteProperties(value, json, depth);
                break;
        }
    }

    /// <summary>JSON has no name for NaN and the infinities; a text says more than null.</summary>
    private static void WriteReal(double number, Utf8JsonWriter json)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteAll(IEnumerable values, Utf8JsonWriter json, int depth)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            WriteDeeper(value, json, depth);
        }

        json.WriteEndArray();
    }

    /// <summary>A column of one value a site is a flat list; one of several, a list of rows.</summary>
    private static void WriteColumn(SiteProperty column, Utf8JsonWriter json, int depth)
    {
        var values = column.Values;
        WriteAll(column.Width == 1 ? values : values.Cast<object?>().Chunk(column.Width), json, depth);
    }

    private static void WriteTable(IDictionary table, Utf8JsonWriter json, int depth)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in table)
        {
            json.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "");
            WriteDeeper(entry.Value, json, depth);
        }

        json.WriteEndObject();
    }

    private static void WriteProperties(object value, Utf8JsonWriter json, int depth)
    {
        json.WriteStartObject();
        foreach (var property in Properties.GetOrAdd(value.GetType(), FindProperties))
        {
            json.WritePropertyName(property.Name);
            WriteDeeper(ValueOf(property, value), json, depth);
        }

        json.WriteEndObject();
    }

    /// <summary>A property that an object does not have, such as the fractional positions of a molecule, is null, as in PowerShell.</summary>
    private static object? ValueOf(PropertyInfo property, object value)
    {
        try
        {
            return property.GetValue(value);
        }
        catch (TargetInvocationException e) when (e.InnerException is AtomProNetException)
        {
            return null;
        }
    }

    private static void WriteDeeper(object? value, Utf8JsonWriter json, int depth)
    {
        if (depth >= MaximumDepth)
        {
            json.WriteStringValue(value?.ToString());
        }
        else
        {
            Write(value, json, depth + 1);
        }
    }

    private static PropertyInfo[] FindProperties(Type type) =>
        [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike)];
}
