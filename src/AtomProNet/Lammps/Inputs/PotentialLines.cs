using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Structures;

namespace AtomProNet.Lammps.Inputs;

/// <summary>The lines of a LAMMPS input that a potential asks for.</summary>
internal sealed partial class PotentialLines
{
    private PotentialLines(ImmutableArray<string> before, ImmutableArray<string> after, string? charges)
    {
        Before = before;
        After = after;
        Charges = charges;
    }

    /// <summary>From the units to the atom style: what stands before the box.</summary>
    internal ImmutableArray<string> Before { get; }

    /// <summary>Pair style and coefficients.</summary>
    internal ImmutableArray<string> After { get; }

    /// <summary>The fix that equilibrates charges; null for none.</summary>
    internal string? Charges { get; }

    /// <summary>Fills a kind's lines in.</summary>
    /// <param name="potential">The potential.</param>
    /// <param name="types">The types.</param>
    /// <param name="file">How a file is called in the input: its path, or its name in the input's folder.</param>
    /// <param name="canHaveCharges">Whether any atom can have a charge: with one element only, none has.</param>
    internal static PotentialLines Of(LammpsPotential potential, TypeOrder types, Func<string, string> file, bool canHaveCharges)
    {
        PotentialKind kind = potential.Kind;
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["elements"] = types.ToString(),
            ["interval"] = potential.ChargeInterval.ToString(CultureInfo.InvariantCulture),
        };
        foreach ((string key, string value) in kind.Defaults)
        {
            values[key] = potential.Parameters.GetValueOrDefault(key, value);
        }

        if (potential.Model is { } model)
        {
            values["model"] = model;
        }

        for (int i = 0; i < potential.Files.Length; i++)
        {
            values[string.Create(CultureInfo.InvariantCulture, $"file{i + 1}")] = Quoted(file(potential.Files[i]));
        }

        List<string> before = [];
        // KIM's own first command says the units.
        if (!kind.HasModel)
        {
            before.Add("units " + kind.Units.Name);
        }

        before.AddRange(kind.Before.Select(Fill));
        before.Add("atom_style " + (kind.HasCharges ? "charge" : "atomic"));
        List<string> after = [.. kind.Pair.Select(Fill)];
        for (int t = 0; kind.Each is { } each && t < types.Count; t++)
        {
            values["type"] = (t + 1).ToString(CultureInfo.InvariantCulture);
            values["element"] = types.Elements[t].Symbol;
            values["file"] = Quoted(file(potential.Files[FileOf(potential, types.Elements[t])]));
            after.Add(Fill(each));
        }

        if (!canHaveCharges && kind.Neutral is { } neutral)
        {
            after.Add(neutral);
        }

        return new([.. before], [.. after], kind.Charges is { } charges ? Fill(charges) : null);

        string Fill(string line) => Placeholder().Replace(line, match => values.TryGetValue(match.Groups[1].Value, out string? value)
            ? value
            : throw new AtomProNetException(ErrorKind.Internal, "PotentialPlaceholderUnknown", $"The kind {kind.Name} uses a placeholder that nothing fills.", value: match.Value));
    }

    private static int FileOf(LammpsPotential potential, Element element) => potential.Files.Length == 1 ? 0 : potential.Elements.IndexOf(element);

    // LAMMPS splits words at blanks, keeps what stands in double quotes together, and expands $ and # nowhere inside them but variables.
    private static string Quoted(string path)
    {
        if (path.AsSpan().IndexOfAny("\"$\n\r&") >= 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "LammpsPathNotUsable", "The path holds a character that a LAMMPS input cannot.", path, remedy: "Copy the file to a path without quotes, dollar signs and ampersands.");
        }

        return path.AsSpan().IndexOfAny(" \t'#") >= 0 ? $"\"{path}\"" : path;
    }

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
