using System.Collections.Frozen;
using AtomProNet.Files;

namespace AtomProNet.Vasp.Inputs;

/// <summary>The INCAR keys that VASP knows (VASP manual, category INCAR tag, versions 5.2 to 6.5), for telling slips of the pen.</summary>
public static class IncarTags
{
    private static readonly FrozenSet<string> Known = Load();

    private static readonly Lazy<FrozenDictionary<string, string>> Meanings = new(LoadMeanings);

    /// <summary>The keys that VASP knows, sorted.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Known.Order(StringComparer.Ordinal)];

    /// <summary>What a key means, in a few words with its unit; null for keys that few runs have.</summary>
    public static string? Meaning(string key) => Meanings.Value.GetValueOrDefault(key);

    /// <summary>Whether VASP knows the key. Keys of groups (<c>KERNEL_TRUNCATION/LTRUNCATE</c>) are taken as known.</summary>
    public static bool IsKnown(string key) => key.Contains('/', StringComparison.Ordinal) || Known.Contains(key);

    /// <summary>The known key that was probably meant: the nearest one, at most two slips away (one for short names); null where none is near.</summary>
    public static string? Suggest(string key)
    {
        string upper = key.ToUpperInvariant();
        int allowed = upper.Length <= 4 ? 1 : 2;
        return Known
            .Select(tag => (tag, distance: Distance(upper, tag)))
            .Where(c => c.distance <= allowed)
            .OrderBy(c => c.distance).ThenBy(c => Math.Abs(c.tag.Length - upper.Length)).ThenBy(c => c.tag, StringComparer.Ordinal)
            .Select(c => c.tag)
            .FirstOrDefault();
    }

    /// <summary>The findings for keys that VASP does not know: it passes them over without a word, so the run is not what was meant.</summary>
    public static IEnumerable<Finding> Check(IEnumerable<string> keys)
    {
        foreach (string key in keys)
        {
            if (!IsKnown(key))
            {
                string? meant = Suggest(key);
                yield return new(FindingSeverity.Warning, "IncarTagUnknown", $"'{key}' is no INCAR key that this program knows; VASP passes unknown keys over in silence.", Advice: meant is null ? "Check its spelling." : $"Did you mean {meant}?");
            }
        }
    }

    /// <summary>The number of letters to insert, delete, change or swap with their neighbour (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }

    private static FrozenSet<string> Load() => ReadLines("incar-tags.txt")
        .SelectMany(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static FrozenDictionary<string, string> LoadMeanings() => ReadLines("incar-meanings.txt")
        .Select(line => line.Split(' ', 2))
        .ToFrozenDictionary(words => words[0], words => words[1], StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> ReadLines(string file) =>
        EmbeddedText.Read("AtomProNet.Vasp.Inputs.Data." + file).Split('\n').Where(line => line.Length > 0 && line[0] != '#');
}
