using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Files;

namespace AtomProNet.Datasets.Training;

/// <summary>
/// The keys that a framework knows, section by section, from lists that name version and source. Whatever is to be written is held against them, be it of
/// our own or of the user's making: frameworks take an unknown key for an error after a day in the queue, or pass over it.
/// </summary>
internal sealed class KnownKeys
{
    private const string Target = "_target_";

    private readonly Dictionary<string, Dictionary<string, string>> sections = new(StringComparer.Ordinal);
    private readonly MlipFramework framework;

    private KnownKeys(MlipFramework framework, IEnumerable<string> files)
    {
        this.framework = framework;
        foreach (string file in files)
        {
            Read(file);
        }
    }

    /// <summary>The lists of a framework.</summary>
    public static KnownKeys Of(MlipFramework framework) => new(framework, framework switch
    {
        MlipFramework.Mace => ["mace-keys.txt"],
        MlipFramework.NequIP => ["nequip-keys.txt"],
        MlipFramework.Allegro => ["nequip-keys.txt", "allegro-keys.txt"],
        MlipFramework.DeepMD => ["deepmd-keys.txt"],
        _ => throw new ArgumentOutOfRangeException(nameof(framework)),
    });

    /// <summary>Holds a configuration against the lists.</summary>
    /// <exception cref="AtomProNetException">A key is not known where it stands, or its value is of another kind.</exception>
    public void Check(ConfigurationMap map) => Check(map, "", "");

    private void Check(ConfigurationMap map, string section, string path)
    {
        if (!sections.TryGetValue(section, out Dictionary<string, string>? known))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ConfigurationSectionUnknown", $"{framework} knows no '{section.TrimStart('@')}' (at {(path.Length == 0 ? "the top" : path)}).", value: section.TrimStart('@'), remedy: "Write what the framework's documentation names, or change the file by hand.");
        }

        foreach ((string key, object? value) in map)
        {
            string place = path.Length == 0 ? key : $"{path}.{key}";
            if (key == Target)
            {
                continue;
            }

            if (!known.TryGetValue(key, out string? kind))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ConfigurationKeyUnknown", $"{framework} knows no key '{key}'{(path.Length == 0 ? "" : $" in {path}")}.", value: place, remedy: Suggest(known.Keys, key));
            }

            CheckValue(place, kind, value);
            if (kind == "*")
            {
                continue;
            }

            foreach ((ConfigurationMap inner, string at) in Inner(value, place))
            {
                Check(inner, inner[Target] is string target ? "@" + target : section.StartsWith('@') ? $"{section}.{key}" is var own && sections.ContainsKey(own) ? own : place : place, at);
            }
        }
    }

    private static IEnumerable<(ConfigurationMap Map, string Path)> Inner(object? value, string path) => value switch
    {
        ConfigurationMap map => [(map, path)],
        IEnumerable<object?> list => list.SelectMany((item, i) => Inner(item, FormattableString.Invariant($"{path}.{i}"))),
        _ => [],
    };

    // Interpolations (${…}) are whatever they will be.
    private void CheckValue(string place, string kind, object? value)
    {
        bool fits = value is null or ConfigurationMap || (value is string text && text.StartsWith("${", StringComparison.Ordinal)) || kind switch
        {
            "" or "*" => true,
            "integer" => value is long or int,
            "number" => value is double or long or int,
            "truth" => value is bool,
            "text" => value is string,
            "list" => value is IEnumerable<object?>,
            _ => value is string choice && kind.Split('|').Contains(choice, StringComparer.Ordinal),
        };
        if (!fits)
        {
            string wanted = kind.Contains('|', StringComparison.Ordinal) ? $"one of {kind.Replace("|", ", ", StringComparison.Ordinal)}" : kind switch { "truth" => "true or false", "text" => "a text", "list" => "a list", "integer" => "a whole number", "number" => "a number", _ => $"'{kind}'" };
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ConfigurationValueWrong", $"{framework} wants {wanted} for '{place}'.", value: Convert.ToString(value, CultureInfo.InvariantCulture), remedy: "Correct the value.");
        }
    }

    private static string Suggest(IEnumerable<string> known, string key)
    {
        string[] near = [.. known.Where(k => k.Contains(key, StringComparison.OrdinalIgnoreCase) || key.Contains(k, StringComparison.OrdinalIgnoreCase) || Common(k, key) >= Math.Max(4, key.Length - 3)).Order(StringComparer.Ordinal).Take(6)];
        string[] all = [.. known];
        return near.Length > 0 ? $"Did you mean {string.Join(", ", near)}?" : all.Length <= 40 ? $"It knows {string.Join(", ", all)}." : "Look into the framework's documentation for its name.";
    }

    // How many letters two names begin or end with in common.
    private static int Common(string a, string b)
    {
        int front = a.Zip(b).TakeWhile(p => p.First == p.Second).Count();
        return front + a.Reverse().Zip(b.Reverse()).Take(Math.Min(a.Length, b.Length) - front).TakeWhile(p => p.First == p.Second).Count();
    }

    private void Read(string file)
    {
        Dictionary<string, string>? section = null;
        foreach (string line in EmbeddedText.Read("AtomProNet.Datasets.Training.Data." + file).Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[')
            {
                sections.Add(line[1..^1], section = new(StringComparer.Ordinal));
                continue;
            }

            string[] words = line.Split(' ', 2);
            section!.Add(words[0], words.Length > 1 ? words[1] : "");
        }
    }
}
