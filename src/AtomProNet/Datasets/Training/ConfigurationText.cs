using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AtomProNet.Datasets.Training;

/// <summary>Writes a configuration as YAML or as JSON.</summary>
internal static partial class ConfigurationText
{
    // Relaxed: names of files and units stay readable. The text goes into files, never into HTML.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The map as YAML, with comment lines before it. Numbers with a fraction have a dot, since YAML 1.1 (PyYAML) takes 1e-5 for a text.</summary>
    public static string ToYaml(ConfigurationMap map, IEnumerable<string> comments)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        foreach (string comment in comments)
        {
            text.WriteLine("# " + comment);
        }

        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, map);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The map as JSON.</summary>
    public static string ToJson(ConfigurationMap map)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            Write(writer, map);
        }

        return Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>A number with a dot in it, whatever its size, and with the digits that read back the same.</summary>
    public static string Number(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        string mantissa = exponent < 0 ? text : text[..exponent];
        return (mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".0") + (exponent < 0 ? "" : "e" + text[(exponent + 1)..]);
    }

    private static void Emit(Emitter emitter, object? value)
    {
        switch (value)
        {
            case ConfigurationMap map when map.Any():
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach ((string key, object? item) in map)
                {
                    Plain(emitter, key, NeedsQuotes(key));
                    Emit(emitter, item);
                }

                emitter.Emit(new MappingEnd());
                break;
            case ConfigurationMap:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Flow));
                emitter.Emit(new MappingEnd());
                break;
            case System.Collections.IEnumerable list and not string:
                object?[] items = [.. list.Cast<object?>()];
                bool simple = Array.TrueForAll(items, i => i is not (ConfigurationMap or System.Collections.IList));
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, simple ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (object? item in items)
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case string text:
                Plain(emitter, text, NeedsQuotes(text) || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
                break;
            default:
                Plain(emitter, Scalar(value), quoted: false);
                break;
        }
    }

    private static void Plain(Emitter emitter, string text, bool quoted) =>
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, quoted ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: true));

    // A text is bare only where no reader takes it for anything else: No is nobelium here, and a truth value in YAML 1.1.
    private static bool NeedsQuotes(string text) => !(BareWord().IsMatch(text) && !Reserved().IsMatch(text)) && !WholeNumber().IsMatch(text);

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        double number => Number(number),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A configuration cannot hold {value.GetType()}.", nameof(value)),
    };

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case ConfigurationMap map:
                writer.WriteStartObject();
                foreach ((string key, object? item) in map)
                {
                    writer.WritePropertyName(key);
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case System.Collections.IEnumerable list:
                object?[] items = [.. list.Cast<object?>()];
                if (Array.TrueForAll(items, i => i is string or not (ConfigurationMap or System.Collections.IEnumerable)))
                {
                    // Numbers side by side, as people write them.
                    writer.WriteRawValue($"[{string.Join(", ", items.Select(i => i is string word ? $"\"{JsonEncodedText.Encode(word, Readable.Encoder)}\"" : Scalar(i)))}]");
                    break;
                }

                writer.WriteStartArray();
                foreach (object? item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(Scalar(value));
                break;
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_./-]*\z")]
    private static partial Regex BareWord();

    [GeneratedRegex(@"^(yes|no|on|off|true|false|null|y|n|nan|inf)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();

    [GeneratedRegex(@"^\d+\z")]
    private static partial Regex WholeNumber();
}
