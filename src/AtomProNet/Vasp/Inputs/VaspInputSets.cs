using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using AtomProNet.Calculations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AtomProNet.Vasp.Inputs;

/// <summary>The input sets of <c>Data/presets.yaml</c>.</summary>
public static class VaspInputSets
{
    private static readonly Lazy<Content> Data = new(Load);

    /// <summary>The starting moments that every set uses.</summary>
    public static MagneticMomentTable MagneticMoments => Data.Value.Moments;

    /// <summary>Logical keys that make files which a label run does not need, each with the files' names.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Unwritten => Data.Value.Unwritten;

    /// <summary>The set of that name.</summary>
    public static VaspInputSet Get(VaspPreset preset) => Data.Value.Sets[preset.ToString()];

    /// <summary>The rule of that ensemble.</summary>
    public static EnsembleRule Get(VaspEnsemble ensemble) => Data.Value.Ensembles[ensemble.ToString()];

    private static Content Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("AtomProNet.Vasp.Inputs.Data.presets.yaml")!;
        using var reader = new StreamReader(stream);
        var yaml = new YamlStream();
        yaml.Load(reader);
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;

        ImmutableDictionary<string, HubbardURule> hubbard = Map(root, "hubbardU").ToImmutableDictionary(
            p => p.Key, p => new HubbardURule([.. ((YamlSequenceNode)p.Value["anions"]).Select(a => Scalar(a))], Numbers((YamlMappingNode)p.Value["u"])));
        ImmutableDictionary<string, ImmutableDictionary<string, string>> potentials = Map(root, "potentials").ToImmutableDictionary(
            p => p.Key, p => ((YamlMappingNode)p.Value).ToImmutableDictionary(e => Scalar(e.Key), e => Scalar(e.Value)));

        var sets = new Dictionary<string, VaspInputSet>();
        foreach ((string name, YamlNode node) in Map(root, "presets"))
        {
            sets[name] = ReadSet(name, (YamlMappingNode)node, sets, hubbard, potentials);
        }

        var moments = (YamlMappingNode)root["magneticMoments"];
        return new(
            sets.ToImmutableDictionary(),
            Map(root, "ensembles").ToImmutableDictionary(p => p.Key, p => ReadEnsemble(p.Key, (YamlMappingNode)p.Value)),
            new(Number(moments["default"]), Numbers((YamlMappingNode)moments["species"]), Numbers((YamlMappingNode)moments["ions"])),
            [.. Map(root, "unwritten").Select(p => new KeyValuePair<string, string>(p.Key, Scalar(p.Value)))]);
    }

    private static VaspInputSet ReadSet(string name, YamlMappingNode node, Dictionary<string, VaspInputSet> earlier, ImmutableDictionary<string, HubbardURule> hubbard, ImmutableDictionary<string, ImmutableDictionary<string, string>> potentials)
    {
        VaspInputSet? parent = Find(node, "parent") is { } p ? earlier[Scalar(p)] : null;
        string? map = Find(node, "potentials") is { } q ? Scalar(q) : null;
        return new()
        {
            Name = name,
            Description = Scalar(node["description"]),
            Incar = ReadIncar((YamlMappingNode)node["incar"], parent?.Incar ?? Incar.Empty),
            EdiffPerAtom = Find(node, "ediffPerAtom") is { } e ? Number(e) : parent?.EdiffPerAtom,
            HubbardU = Find(node, "hubbardU") is { } u ? hubbard[Scalar(u)] : parent?.HubbardU,
            LMaxMixByElement = Find(node, "lMaxMix") is { } l ? Scalar(l) == "true" : parent?.LMaxMixByElement ?? false,
            KPoints = Find(node, "kPoints") is { } k ? ReadRule((YamlMappingNode)k) : parent!.KPoints,
            Functional = Find(node, "functional") is { } f ? Scalar(f) : parent!.Functional,
            Potentials = map is null ? parent?.Potentials : map == "plain" ? null : potentials[map],
        };
    }

    private static EnsembleRule ReadEnsemble(string name, YamlMappingNode node) => new(
        name,
        ReadIncar((YamlMappingNode)node["incar"], Incar.Empty),
        Find(node, "langevinGamma") is { } g ? Number(g) : null,
        Find(node, "cutoffOverEnmax") is { } c ? Number(c) : null);

    private static Incar ReadIncar(YamlMappingNode node, Incar incar)
    {
        foreach ((YamlNode key, YamlNode value) in node)
        {
            // YAML's true is INCAR's .TRUE.; a real number such as 1.0e-6 is written in its shortest form.
            IncarValue parsed = value is YamlSequenceNode list ? IncarValue.Parse(string.Join(' ', list.Select(item => Scalar(item)))) : IncarValue.Parse(Scalar(value));
            incar = incar.With(Scalar(key), parsed is { Kind: IncarValueKind.Reals, AsNumber: { } number } ? IncarValue.Of(number) : parsed);
        }

        return incar;
    }

    private static KPointRule ReadRule(YamlMappingNode node) =>
        Find(node, "mesh") is YamlSequenceNode mesh ? new KPointRule.Mesh([.. mesh.Select(n => (int)Number(n))], GammaCentred: null)
        : Find(node, "reciprocalDensity") is { } density ? new KPointRule.ReciprocalDensity(Number(density))
        : new KPointRule.Spacing(Number(node["spacing"]), InIncar: true);

    private static IEnumerable<KeyValuePair<string, YamlNode>> Map(YamlMappingNode root, string key) =>
        ((YamlMappingNode)root[key]).Select(p => new KeyValuePair<string, YamlNode>(Scalar(p.Key), p.Value));

    private static YamlNode? Find(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out YamlNode? value) ? value : null;

    private static string Scalar(YamlNode node) => ((YamlScalarNode)node).Value ?? throw new YamlException(node.Start, node.End, "A value is missing.");

    private static double Number(YamlNode node) => double.Parse(Scalar(node), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static ImmutableDictionary<string, double> Numbers(YamlMappingNode node) => node.ToImmutableDictionary(p => Scalar(p.Key), p => Number(p.Value));

    private sealed record Content(ImmutableDictionary<string, VaspInputSet> Sets, ImmutableDictionary<string, EnsembleRule> Ensembles, MagneticMomentTable Moments, ImmutableArray<KeyValuePair<string, string>> Unwritten);
}
