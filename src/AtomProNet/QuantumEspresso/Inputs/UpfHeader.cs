using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Files;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>
/// What the header of a pseudopotential in UPF format says: version 1 (lines between PP_HEADER tags) and version 2 (attributes of a
/// PP_HEADER element). Source: upflib/read_upf_v1.f90 and read_upf_new.f90 of Quantum ESPRESSO; the UPF specification on its site.
/// </summary>
public sealed partial record UpfHeader
{
    // Headers stand at the beginning, behind a human-readable section that may hold the generator's whole input.
    private const int LongestHead = 1 << 18;

    /// <summary>The file, as a full path.</summary>
    public required string FilePath { get; init; }

    /// <summary>The name of the file.</summary>
    public string FileName => Path.GetFileName(FilePath);

    /// <summary>The element.</summary>
    public required Element Element { get; init; }

    /// <summary>The type as written: <c>NC</c>, <c>SL</c>, <c>US</c>, <c>USPP</c>, <c>PAW</c>, <c>1/r</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether the charge density needs a cut-off of its own: everything but norm-conserving potentials.</summary>
    public bool IsAugmented => Type.Contains("US", StringComparison.OrdinalIgnoreCase) || Type.Contains("PAW", StringComparison.OrdinalIgnoreCase);

    /// <summary>The number of valence electrons.</summary>
    public required double ValenceElectrons { get; init; }

    /// <summary>The functional, under its common name where it has one.</summary>
    public required string? Functional { get; init; }

    /// <summary>The suggested cut-off for wavefunctions, Ry; null where the header suggests none.</summary>
    public double? WavefunctionCutoff { get; init; }

    /// <summary>The suggested cut-off for the charge density, Ry; null where the header suggests none.</summary>
    public double? DensityCutoff { get; init; }

    /// <summary>Whether it was generated with the Dirac equation, which spin-orbit calculations need.</summary>
    public bool IsFullyRelativistic { get; init; }

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="AtomProNetException">The file has none, or it lacks something.</exception>
    public static UpfHeader Read(string path)
    {
        string text;
        using (FileStream stream = SharedFile.OpenRead(path))
        {
            var head = new byte[LongestHead];
            text = Encoding.Latin1.GetString(head, 0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        }

        return Parse(text, path);
    }

    /// <summary>SHA-256 over the whole file, lower-case hex.</summary>
    public string Hash() => FileHash.Of(FilePath);

    internal static UpfHeader Parse(string text, string path)
    {
        int at = text.IndexOf("<PP_HEADER", StringComparison.Ordinal);
        if (at < 0)
        {
            throw Bad(path, "UpfHeaderMissing", "The file has no PP_HEADER: it is no pseudopotential in UPF format.");
        }

        int close = text.IndexOf('>', at);
        bool isFirstVersion = close == at + "<PP_HEADER".Length;
        return isFirstVersion ? ParseLines(text[(close + 1)..], text[..at], path) : ParseAttributes(text, at, path);
    }

    private static UpfHeader ParseLines(string text, string information, string path)
    {
        int end = text.IndexOf("</PP_HEADER>", StringComparison.Ordinal);
        string[] lines = text[..(end < 0 ? text.Length : end)].ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (end < 0 || lines.Length < 8)
        {
            throw Bad(path, "UpfHeaderDamaged", "The PP_HEADER is cut off.");
        }

        string[] cutoffs = lines[7].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string functional = lines[4].Length > 22 ? lines[4][..22] : lines[4];
        return new()
        {
            FilePath = path,
            Element = ElementOf(lines[1].Split(' ')[0], path),
            Type = lines[2].Split(' ')[0],
            Functional = PwFunctional.NameOf(Single(functional)),
            ValenceElectrons = Number(lines[5].Split(' ')[0]) ?? throw Bad(path, "UpfHeaderDamaged", "The number of valence electrons cannot be read."),
            WavefunctionCutoff = Suggested(Number(cutoffs[0])),
            DensityCutoff = cutoffs.Length > 1 ? Suggested(Number(cutoffs[1])) : null,
            IsFullyRelativistic = information.Contains("Fully-Relativistic", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static UpfHeader ParseAttributes(string text, int at, string path)
    {
        // An attribute may hold a > in quotes, and the element goes on over many lines.
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        int position = at + "<PP_HEADER".Length;
        while (Attribute().Match(text, position) is { Success: true } match && match.Index == position)
        {
            attributes[match.Groups[1].Value] = match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value;
            position = match.Index + match.Length;
        }

        if (!Closing().Match(text, position).Success)
        {
            throw Bad(path, "UpfHeaderDamaged", "The PP_HEADER is cut off or no XML.");
        }

        string information = text[..at];
        return new()
        {
            FilePath = path,
            Element = ElementOf(Get("element"), path),
            Type = Get("pseudo_type").Trim(),
            Functional = PwFunctional.NameOf(Single(Get("functional"))),
            ValenceElectrons = Number(Get("z_valence")) ?? throw Bad(path, "UpfHeaderDamaged", "The number of valence electrons cannot be read."),
            WavefunctionCutoff = Suggested(Number(attributes.GetValueOrDefault("wfc_cutoff"))) ?? FromText(information, "wavefunctions"),
            DensityCutoff = Suggested(Number(attributes.GetValueOrDefault("rho_cutoff"))) ?? FromText(information, "charge density"),
            IsFullyRelativistic = attributes.GetValueOrDefault("relativistic", "").Trim() == "full",
        };

        string Get(string name) => attributes.TryGetValue(name, out string? value) ? value : throw Bad(path, "UpfHeaderDamaged", $"The PP_HEADER does not tell '{name}'.");
    }

    private static double? FromText(string information, string what) =>
        Regex.Match(information, @"Suggested minimum cutoff for " + what + @":\s*([0-9.]+)\s*Ry", RegexOptions.CultureInvariant) is { Success: true } match ? Suggested(Number(match.Groups[1].Value)) : null;

    private static double? Suggested(double? value) => value is > 0 and < 10_000 ? value : null;

    private static double? Number(string? text) => double.TryParse(text?.Trim().Replace('D', 'E').Replace('d', 'e'), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static string Single(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static Element ElementOf(string symbol, string path)
    {
        string trimmed = symbol.Trim();
        string normal = trimmed.Length == 0 ? "" : char.ToUpperInvariant(trimmed[0]) + trimmed[1..].ToLowerInvariant();
        return Element.TryFromSymbol(normal, out Element? element) ? element : throw Bad(path, "UpfElementUnknown", $"The header's element '{trimmed}' is none.");
    }

    private static AtomProNetException Bad(string path, string errorId, string problem) =>
        new(ErrorKind.InvalidData, errorId, problem, path, remedy: "Fetch the file again, or name another one with -Pseudopotential.");

    [GeneratedRegex("""\G\s+([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')""", RegexOptions.CultureInvariant)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\G\s*/?>", RegexOptions.CultureInvariant)]
    private static partial Regex Closing();
}
