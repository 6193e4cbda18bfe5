using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>
/// All that will stand in the folder of one calculation, worked out and checked before anything is written: whatever is wrong
/// (a missing potential, a list of the wrong length, atoms in one place) is thrown here. Immutable.
/// </summary>
public sealed class VaspInputPlan
{
    private VaspInputPlan(string name, Structure written, SiteOrder order, Incar incar, KPointMesh? mesh, KPointSummary kPoints, ImmutableArray<PotcarDataset> datasets, ImmutableArray<PotentialSummary> potentials, string? jobScript, CalculationRecord record, ImmutableArray<Finding> findings, KPointMesh effectiveMesh)
    {
        Name = name;
        Structure = written;
        SiteOrder = order;
        Incar = incar;
        KPointMesh = mesh;
        KPoints = kPoints;
        Datasets = datasets;
        Potentials = potentials;
        JobScript = jobScript;
        Record = record;
        Findings = findings;
        EffectiveMesh = effectiveMesh;
    }

    /// <summary>The name of the calculation: the name of its folder.</summary>
    public string Name { get; }

    /// <summary>The structure in the order of the POSCAR.</summary>
    public Structure Structure { get; }

    /// <summary>How it was rearranged.</summary>
    public SiteOrder SiteOrder { get; }

    /// <summary>The INCAR.</summary>
    public Incar Incar { get; }

    /// <summary>The mesh of the KPOINTS file; null where VASP makes it from KSPACING and there is no such file.</summary>
    public KPointMesh? KPointMesh { get; }

    /// <summary>The mesh that VASP will use, whoever makes it.</summary>
    public KPointMesh EffectiveMesh { get; }

    /// <summary>The k-points, for records.</summary>
    public KPointSummary KPoints { get; }

    /// <summary>The potentials, in the order of the POSCAR's species.</summary>
    public ImmutableArray<PotentialSummary> Potentials { get; }

    /// <summary>What was noticed.</summary>
    public ImmutableArray<Finding> Findings { get; }

    /// <summary>What goes into provenance.json.</summary>
    public CalculationRecord Record { get; }

    /// <summary>The text of the job script; null for none.</summary>
    internal string? JobScript { get; }

    /// <summary>The potentials' files; empty without a library.</summary>
    internal ImmutableArray<PotcarDataset> Datasets { get; }

    /// <summary>Works out the input of one structure.</summary>
    /// <param name="name">The name of the folder.</param>
    /// <param name="structure">The structure.</param>
    /// <param name="options">What is asked for.</param>
    /// <exception cref="AtomProNetException">VASP could not run it, or would not run what was meant.</exception>
    public static VaspInputPlan Create(string name, Structure structure, VaspInputOptions options)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(options);
        if (options.SiteMagneticMoments is { } perSite && perSite.Length != structure.AtomCount)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SiteMomentCount", $"{perSite.Length} magnetic moments are given for {structure.AtomCount} atoms.", value: structure.ToString(), remedy: "Give one for each atom, in the order of the structure.");
        }

        var findings = new List<Finding>();
        (Structure written, SiteOrder order) = WrittenStructure.Of(structure);
        if (order.LatticeVectors is not [0, 1, 2])
        {
            findings.Add(new(FindingSeverity.Information, "LatticeVectorsExchanged", "The lattice vectors a and b are exchanged, because VASP refuses left-handed cells; it is the same crystal.", name));
        }

        if (AtomDistances.Check(written) is { } close)
        {
            findings.Add(close);
        }

        SpeciesGrouping groups = SpeciesGrouping.Of(written);
        (ImmutableArray<PotcarDataset> datasets, ImmutableArray<PotentialSummary> potentials) = PotentialChoice.Of(groups.Elements, options, findings);
        double? enmax = datasets.Length > 0 && datasets.All(d => d.Enmax is not null) ? datasets.Max(d => d.Enmax) : null;
        ImmutableArray<double>? moments = options.SiteMagneticMoments is { } given ? [.. order.Sites.Select(i => given[i])] : null;

        IncarResult made = IncarBuilder.Build(options, written, groups.Elements, moments, enmax);
        findings.AddRange(made.Findings);
        // A list of one's own is copied as it stands; -SiteMagneticMoment moves along with the sites.
        if (!order.Sites.Select((from, to) => from == to).All(same => same) && options.Overrides.Any(o => o.Key.Equals("MAGMOM", StringComparison.OrdinalIgnoreCase) && o.Value is { } own && own.Numbers.Distinct().Count() > 1))
        {
            findings.Add(new(FindingSeverity.Warning, "MomentsInFileOrder", $"MAGMOM goes by the order of the POSCAR ({string.Join(", ", groups.Elements.Select((e, i) => $"{groups.Counts[i]} {e.Symbol}"))}), which is not the structure's.", Advice: "-SiteMagneticMoment takes moments in the order of the structure."));
        }

        KPointChoice k = KPointChoice.Of(structure, written, order, made, options, findings);
        Incar incar = k.Incar.Contains("SYSTEM") ? k.Incar : WithSystem(k.Incar, structure, name);
        PotentialChoice.CheckCutoff(incar, enmax, structure, findings);

        var method = new MethodSummary
        {
            Code = "VASP",
            Preset = options.BaseIncar is null ? options.Set.Name : null,
            Settings = incar.ToSettings(),
            Deviations = made.Deviations.ToImmutableSortedDictionary(StringComparer.Ordinal),
            KPoints = k.Summary,
            Potentials = potentials,
        };
        var record = new CalculationRecord
        {
            StructureName = structure.Name,
            Formula = structure.Composition.Formula,
            ContentHash = structure.ContentHash,
            SiteOrder = order.IsIdentity ? null : order,
            Provenance = structure.Provenance,
            ConfigType = IsolatedAtom.Is(structure) ? IsolatedAtom.Operation : null,
            Method = method,
        };
        return new(name, written, order, incar, k.Mesh, k.Summary, datasets, potentials, options.JobScript?.ToText(name, incar, k.Mesh), record, [.. findings.Select(f => f with { Source = f.Source ?? name })], k.Effective);
    }

    private static Incar WithSystem(Incar incar, Structure structure, string name)
    {
        // SYSTEM stands first, where people look for it; a ; or a # would end it.
        string text = string.Concat(PlainText.Of($"{structure.Composition.Formula} {name}").Select(c => c is ';' or '#' or '!' or '\\' or '{' or '}' or '"' ? '_' : c));
        return incar.WithFirst("SYSTEM", IncarValue.Parse(text));
    }
}
