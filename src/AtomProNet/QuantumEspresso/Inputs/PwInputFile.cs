using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>
/// What an input of pw.x says, whoever wrote it: the entries of its namelists and the pseudopotentials that it names. Read leniently:
/// it serves to judge runs, not to make structures.
/// </summary>
internal sealed partial class PwInputFile
{
    private const int LongestHead = 1 << 20;

    private static readonly string[] Endings = [".in", ".pwi", ".inp", ".pwin"];

    private readonly Dictionary<string, string> entries = new(StringComparer.OrdinalIgnoreCase);

    private PwInputFile(string path)
    {
        FilePath = path;
    }

    /// <summary>The file, as a full path.</summary>
    internal string FilePath { get; }

    /// <summary>The names of the pseudopotentials' files.</summary>
    internal ImmutableArray<string> Pseudopotentials { get; private set; } = [];

    /// <summary>The value of a variable as written, quotation marks taken off; null where it is not set.</summary>
    internal string? this[string name] => entries.GetValueOrDefault(name);

    /// <summary>The number that a variable is set to; null where it is not set or is none.</summary>
    internal double? Number(string name) => this[name] is { } text && double.TryParse(text.Replace('d', 'e').Replace('D', 'e'), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>The folder that the pseudopotentials are looked for in; null where the environment decides it.</summary>
    internal string? PseudoFolder => this["pseudo_dir"] is { } folder ? Resolved(folder) : null;

    /// <summary>The folder <c>prefix.save</c> in which a run keeps its data.</summary>
    internal string SaveFolder => Path.Combine(Resolved(this["outdir"] ?? "./"), (this["prefix"] ?? "pwscf") + ".save");

    /// <summary>Whether a file is an input of pw.x, by its name and content.</summary>
    internal static bool IsInput(string path) => Endings.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase)) && Read(path) is { Pseudopotentials.Length: > 0 } input && input["ntyp"] is not null && input["calculation"] is not ("cp" or "vc-cp" or "cp-wf");

    /// <summary>The input of a run; null where it is not there.</summary>
    /// <param name="folder">The calculation's folder.</param>
    /// <param name="output">The standard output; null where there is none.</param>
    /// <param name="name">The input's name as the output tells it; null where it does not.</param>
    internal static PwInputFile? Find(string folder, string? output, string? name)
    {
        var names = new List<string>();
        if (name is not null)
        {
            names.Add(Path.GetFileName(name));
        }

        if (output is not null)
        {
            string stem = Path.GetFileNameWithoutExtension(output.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? output[..^3] : output);
            names.AddRange(Endings.Select(e => stem + e));
        }

        names.Add(PwInputPlan.InputFile);
        foreach (string candidate in names.Select(n => Path.Combine(folder, n)))
        {
            if (File.Exists(candidate) && Read(candidate) is { } input)
            {
                return input;
            }
        }

        try
        {
            List<string> all = [.. Directory.EnumerateFiles(folder).Where(IsInput).Take(2)];
            return all is [var only] ? Read(only) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a file; null where it cannot be read.</summary>
    internal static PwInputFile? Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[(int)Math.Min(stream.Length, LongestHead)];
            int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return Parse(Encoding.Latin1.GetString(head, 0, length), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static PwInputFile Parse(string text, string path)
    {
        var input = new PwInputFile(path);
        var potentials = ImmutableArray.CreateBuilder<string>();
        bool inNamelist = false, inSpecies = false;
        foreach (string raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            string line = Comment().Replace(raw, "$1").Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '&')
            {
                inNamelist = true;
                inSpecies = false;
            }

            if (inNamelist)
            {
                foreach (Match match in Entry().Matches(line))
                {
                    input.entries[match.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal)] = Unquoted(match.Groups[2].Value);
                }

                inNamelist = !Quoted().Replace(line, "").Contains('/', StringComparison.Ordinal);
                continue;
            }

            string[] words = line.Split(' ', '\t').Where(w => w.Length > 0).ToArray();
            if (words[0].Equals("ATOMIC_SPECIES", StringComparison.OrdinalIgnoreCase))
            {
                inSpecies = true;
            }
            else if (inSpecies && words.Length >= 3 && words[1].Length > 0 && (char.IsAsciiDigit(words[1][0]) || words[1][0] is '.' or '-'))
            {
                potentials.Add(words[2]);
            }
            else
            {
                inSpecies = false;
            }
        }

        input.Pseudopotentials = potentials.ToImmutable();
        return input;
    }

    private static string Unquoted(string value) => value[0] is '\'' or '"' ? value[1..^1].Replace("''", "'", StringComparison.Ordinal).Trim() : value;

    // pw.x takes its folders relative to where it runs, which is where its input lies.
    private string Resolved(string folder) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(FilePath) ?? ".", folder));

    [GeneratedRegex(@"^((?:[^'""!]|'[^']*'|""[^""]*"")*)!.*$", RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex(@"([A-Za-z_]\w*(?:\s*\([^)]*\))?)\s*=\s*('(?:[^']|'')*'|""[^""]*""|[^,\s/'""!]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();

    [GeneratedRegex(@"'[^']*'|""[^""]*""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
