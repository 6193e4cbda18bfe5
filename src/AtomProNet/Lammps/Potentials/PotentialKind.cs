using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AtomProNet.Lammps.Potentials;

/// <summary>
/// A kind of potential as LAMMPS knows it: pair style, units, charges and what else its input needs, read from
/// Data/potentials.yaml, whose head explains the fields. Immutable.
/// </summary>
public sealed record PotentialKind
{
    private static readonly Lazy<ImmutableArray<PotentialKind>> Loaded = new(Load);

    private PotentialKind()
    {
    }

    /// <summary>All kinds, in the order of the data file.</summary>
    public static ImmutableArray<PotentialKind> All => Loaded.Value;

    /// <summary>Its name, such as <c>eam/alloy</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name in words.</summary>
    public required string Title { get; init; }

    /// <summary>The package of LAMMPS that it needs.</summary>
    public required string Package { get; init; }

    /// <summary>The units of its input.</summary>
    public required LammpsUnits Units { get; init; }

    /// <summary>Whether atoms have charges (atom_style charge).</summary>
    public required bool HasCharges { get; init; }

    /// <summary>What each of its files is.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>Whether it takes one file for each element.</summary>
    public bool HasFileForEachElement => Files is ["each element"];

    /// <summary>Whether it names a model (KIM) instead of files.</summary>
    public required bool HasModel { get; init; }

    /// <summary>Lines before the box is read.</summary>
    public required ImmutableArray<string> Before { get; init; }

    /// <summary>Lines after the box was read.</summary>
    public required ImmutableArray<string> Pair { get; init; }

    /// <summary>A line for each atom type; null for none.</summary>
    public required string? Each { get; init; }

    /// <summary>The line that equilibrates charges; null for none.</summary>
    public required string? Charges { get; init; }

    /// <summary>A line that goes in where no atom can have a charge; null for none.</summary>
    public required string? Neutral { get; init; }

    /// <summary>Files with fixed names that LAMMPS reads besides.</summary>
    public required ImmutableArray<string> Beside { get; init; }

    /// <summary>Values of further placeholders.</summary>
    public required ImmutableSortedDictionary<string, string> Defaults { get; init; }

    /// <summary>A usual time step of dynamics, fs.</summary>
    public required double TimeStep { get; init; }

    /// <summary>What a user should know; null for nothing.</summary>
    public required string? Note { get; init; }

    /// <summary>Where the facts are from.</summary>
    public required string Source { get; init; }

    /// <summary>The kind of that name.</summary>
    /// <exception cref="AtomProNetException">There is none.</exception>
    public static PotentialKind Find(string name) => All.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialKindUnknown", "There is no such kind of potential.", value: name, remedy: $"It is one of {string.Join(", ", All.Select(k => k.Name))}; 'commands' takes a file of LAMMPS commands for all others.");

    /// <summary>The name and the title.</summary>
    public override string ToString() => $"{Name}: {Title}";

    private static ImmutableArray<PotentialKind> Load()
    {
        var yaml = new YamlStream();
        yaml.Load(new Parser(new StringReader(EmbeddedText.Read("AtomProNet.Lammps.Potentials.Data.potentials.yaml"))));
        return [.. ((YamlSequenceNode)yaml.Documents[0].RootNode).Cast<YamlMappingNode>().Select(From)];
    }

    private static PotentialKind From(YamlMappingNode node) => new()
    {
        Name = Text(node, "kind")!,
        Title = Text(node, "title")!,
        Package = Text(node, "package")!,
        Units = LammpsUnits.Of(Text(node, "units")!),
        HasCharges = Text(node, "atoms") == "charge",
        Files = List(node, "files"),
        HasModel = Text(node, "model") == "true",
        Before = List(node, "before"),
        Pair = List(node, "pair"),
        Each = Text(node, "each"),
        Charges = Text(node, "charges"),
        Neutral = Text(node, "neutral"),
        Beside = List(node, "beside"),
        Defaults = node.Children.TryGetValue("defaults", out YamlNode? defaults)
            ? ((YamlMappingNode)defaults).Children.ToImmutableSortedDictionary(p => ((YamlScalarNode)p.Key).Value!, p => ((YamlScalarNode)p.Value).Value!, StringComparer.OrdinalIgnoreCase)
            : ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase),
        TimeStep = double.Parse(Text(node, "timestep")!, CultureInfo.InvariantCulture),
        Note = Text(node, "note"),
        Source = Text(node, "source")!,
    };

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out YamlNode? value) ? ((YamlScalarNode)value).Value : null;

    private static ImmutableArray<string> List(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out YamlNode? value) ? [.. ((YamlSequenceNode)value).Select(n => ((YamlScalarNode)n).Value!)] : [];
}
