using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>
/// All that will stand in the folder of one pw.x calculation, worked out and checked before anything is written: whatever is wrong
/// (a missing pseudopotential, an impossible cut-off, atoms in one place) is thrown here. Immutable.
/// </summary>
public sealed class PwInputPlan
{
    /// <summary>The name of the input file.</summary>
    public const string InputFile = "pw.in";

    // pw.x's unit of time, ħ/Ry, in fs (CODATA 2018: ħ/E_h = 0.024188843265857 fs).
    private const double RydbergTimeInFemtosecond = 2 * 0.024188843265857;

    private PwInputPlan(string name, Structure structure, SiteOrder order, string text, KPointMesh mesh, ImmutableArray<UpfHeader> pseudopotentials, bool copies, string? jobScript, CalculationRecord record, ImmutableArray<Finding> findings)
    {
        Name = name;
        Structure = structure;
        SiteOrder = order;
        Text = text;
        Mesh = mesh;
        Pseudopotentials = pseudopotentials;
        CopiesPseudopotentials = copies;
        JobScript = jobScript;
        Record = record;
        Findings = findings;
    }

    /// <summary>The name of the calculation: the name of its folder.</summary>
    public string Name { get; }

    /// <summary>The structure as it is written.</summary>
    public Structure Structure { get; }

    /// <summary>How it was rearranged: left-handed cells have a and b exchanged; sites keep their order.</summary>
    public SiteOrder SiteOrder { get; }

    /// <summary>The text of the input file.</summary>
    public string Text { get; }

    /// <summary>The k mesh.</summary>
    public KPointMesh Mesh { get; }

    /// <summary>One for each element.</summary>
    public ImmutableArray<UpfHeader> Pseudopotentials { get; }

    /// <summary>What was noticed.</summary>
    public ImmutableArray<Finding> Findings { get; }

    /// <summary>What goes into provenance.json.</summary>
    public CalculationRecord Record { get; }

    /// <summary>Whether the pseudopotentials go into the folder.</summary>
    internal bool CopiesPseudopotentials { get; }

    /// <summary>The text of the job script; null for none.</summary>
    internal string? JobScript { get; }

    /// <summary>Works out the input of one structure.</summary>
    /// <param name="name">The name of the folder.</param>
    /// <param name="structure">The structure.</param>
    /// <param name="options">What is asked for.</param>
    /// <exception cref="AtomProNetException">pw.x could not run it, or would not run what was meant.</exception>
    public static PwInputPlan Create(string name, Structure structure, PwInputOptions options)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(options);
        var findings = new List<Finding>();
        (Structure written, SiteOrder order) = RightHanded(structure);
        if (!order.IsIdentity)
        {
            findings.Add(new(FindingSeverity.Information, "LatticeVectorsExchanged", "The lattice vectors a and b are exchanged, so that the cell is right-handed; it is the same crystal.", name));
        }

        if (AtomDistances.Check(written) is { } close)
        {
            findings.Add(close);
        }

        bool isAtom = structure.Provenance?.Operation == IsolatedAtoms.Operation;
        PwTypes types = PwTypes.Of(written, options.MagneticMoments, options.SpinPolarised ?? (isAtom ? true : null));
        ImmutableDictionary<Element, UpfHeader> upf = types.Types.Select(t => t.Element).Distinct().ToImmutableDictionary(e => e, e => options.Library.Find(e, options.Pseudopotentials.GetValueOrDefault(e.Symbol)));
        (KPointMesh mesh, KPointSummary kPoints) = KPoints(structure, written, order, options, isAtom);
        PwNamelists namelists = PwSettings.Make(written, types, upf, options, isAtom, findings);
        ImmutableArray<UpfHeader> potentials = [.. types.Types.Select(t => t.Element).Distinct().Select(e => upf[e])];

        var method = new MethodSummary
        {
            Code = "pw.x",
            Settings = namelists.All.ToImmutableSortedDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal),
            KPoints = kPoints,
            Potentials = [.. potentials.Select(p => new PotentialSummary(p.Element.Symbol, p.FileName, $"{p.Type} {p.Functional}", p.Hash(), p.WavefunctionCutoff * PhysicalConstants.RydbergInElectronvolt))],
        };
        var record = new CalculationRecord
        {
            StructureName = structure.Name,
            Formula = structure.Composition.Formula,
            ContentHash = structure.ContentHash,
            SiteOrder = order.IsIdentity ? null : order,
            Provenance = structure.Provenance,
            ConfigType = isAtom ? IsolatedAtoms.Operation : null,
            Method = method,
        };
        string text = ToText(written, types, upf, namelists, mesh, options);
        string? script = options.JobScript is null ? null : PwJobScript.ToText(options.JobScript, name);
        return new(name, written, order, text, mesh, potentials, options.PseudoDirectory is null, script, record, [.. findings.Select(f => f with { Source = f.Source ?? name })]);
    }

    /// <summary>Femtoseconds in pw.x's unit of time.</summary>
    internal static double TimeStep(double femtoseconds) => Math.Round(femtoseconds / RydbergTimeInFemtosecond, 5);

    private static (Structure Structure, SiteOrder Order) RightHanded(Structure structure)
    {
        Lattice lattice = structure.Lattice ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "pw.x computes periodic cells, and the structure has none.", value: structure.ToString(), remedy: "Put the molecule into a box with vacuum around it.");
        if (structure.AtomCount == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StructureEmpty", "The structure has no atoms.", value: structure.ToString());
        }

        ImmutableArray<int> sites = [.. Enumerable.Range(0, structure.AtomCount)];
        if (lattice.IsRightHanded)
        {
            return (structure, new(sites, [0, 1, 2]));
        }

        return (RightHandedCell.Exchange(structure), new(sites, [1, 0, 2]));
    }

    private static (KPointMesh Mesh, KPointSummary Summary) KPoints(Structure given, Structure written, SiteOrder order, PwInputOptions options, bool isAtom)
    {
        KPointRule rule = isAtom ? new KPointRule.Mesh([1, 1, 1]) : options.KPoints;
        Lattice? parent = options.KPointsFrom == KPointSource.Parent && rule is not KPointRule.Mesh ? Turned(ParentLattice.Of(given), order) : null;
        // The divisions of an explicit mesh belong to the vectors of the structure as it was given.
        KPointRule turned = rule is KPointRule.Mesh { Divisions: { Length: 3 } n } explicitly ? explicitly with { Divisions = [.. order.LatticeVectors.Select(i => n[i])] } : rule;
        Structure measured = parent is null ? written : written.With(lattice: parent, positions: written.FractionalPositions, kind: CoordinateKind.Fractional);
        KPointMesh mesh = KPointMeshes.Make(turned, measured);
        string text = isAtom ? "Γ only" : rule + (parent is null ? "" : " of the parent's cell");
        return (mesh, new(mesh.Divisions, mesh.GammaCentred, text, rule is KPointRule.Spacing s ? s.Value : null));
    }

    private static Lattice Turned(Lattice lattice, SiteOrder order) =>
        order.LatticeVectors is [0, 1, 2] ? lattice : new(lattice.Rows[order.LatticeVectors[0]], lattice.Rows[order.LatticeVectors[1]], lattice.Rows[order.LatticeVectors[2]]);

    private static string ToText(Structure structure, PwTypes types, ImmutableDictionary<Element, UpfHeader> upf, PwNamelists namelists, KPointMesh mesh, PwInputOptions options)
    {
        var text = new StringBuilder();
        bool movesIons = options.Calculation != PwCalculation.Scf, movesCell = options.Calculation is PwCalculation.VcRelax or PwCalculation.VcMd;
        namelists.WriteTo(text, PwNamelists.Order.Where(n => (n != "IONS" || movesIons) && (n != "CELL" || movesCell)));
        text.Append("ATOMIC_SPECIES\n");
        foreach (PwType type in types.Types)
        {
            text.Append(CultureInfo.InvariantCulture, $"{type.Label} {Decimal(type.Element.Mass)} {upf[type.Element].FileName}\n");
        }

        text.Append("CELL_PARAMETERS angstrom\n");
        for (int i = 0; i < 3; i++)
        {
            Row(structure.Lattice!.Rows[i]);
            text.Append('\n');
        }

        text.Append("ATOMIC_POSITIONS crystal\n");
        ImmutableArray<Vector3D> positions = structure.FractionalPositions;
        ReadOnlySpan<bool> free = movesIons ? FreeComponents(structure) : default;
        for (int i = 0; i < positions.Length; i++)
        {
            text.Append(types.Types[types.SiteTypes[i]].Label).Append(' ');
            Row(positions[i]);
            if (!free.IsEmpty && !(free[3 * i] && free[(3 * i) + 1] && free[(3 * i) + 2]))
            {
                text.Append(CultureInfo.InvariantCulture, $" {(free[3 * i] ? 1 : 0)} {(free[(3 * i) + 1] ? 1 : 0)} {(free[(3 * i) + 2] ? 1 : 0)}");
            }

            text.Append('\n');
        }

        bool gammaTricks = mesh.IsGammaOnly && mesh.GammaCentred && namelists["noncolin"] != ".true.";
        text.Append(gammaTricks
            ? "K_POINTS gamma\n"
            : string.Create(CultureInfo.InvariantCulture, $"K_POINTS automatic\n{mesh.N1} {mesh.N2} {mesh.N3} {Shift(mesh.N1)} {Shift(mesh.N2)} {Shift(mesh.N3)}\n"));
        return text.ToString();

        int Shift(int n) => mesh.Shift(n) > 0 ? 1 : 0;

        void Row(Vector3D v) => text.Append(Decimal(v.X)).Append(' ').Append(Decimal(v.Y)).Append(' ').Append(Decimal(v.Z));
    }

    /// <summary>The shortest digits that read back the same, without an exponent, which pw.x takes for a formula in some releases.</summary>
    private static string Decimal(double value)
    {
        string shortest = (value + 0.0).ToString("R", CultureInfo.InvariantCulture);
        int exponent = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponent < 0)
        {
            return shortest;
        }

        string sign = shortest[0] == '-' ? "-" : "", digits = shortest[sign.Length..exponent].Replace(".", "", StringComparison.Ordinal);
        int power = int.Parse(shortest.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return power < 0 ? $"{sign}0.{new string('0', -power - 1)}{digits}" : $"{sign}{digits.PadRight(power + 1, '0')}";
    }

    private static bool[]? FreeComponents(Structure structure)
    {
        // Read from pw.x, where they belonged to x, y, z in a cell that does not lie along the axes.
        if (structure.SiteProperties.GetValueOrDefault("free_along_xyz") is { Kind: SitePropertyKind.Logical, Width: 3 } own)
        {
            return own.Logicals.ToArray();
        }

        if (structure.SiteProperties.GetValueOrDefault("selective_dynamics") is not { Kind: SitePropertyKind.Logical, Width: 3 } column)
        {
            return null;
        }

        bool[] free = column.Logicals.ToArray();
        Matrix3x3 rows = structure.Lattice!.Rows;
        bool alongAxes = Enumerable.Range(0, 9).All(i => i / 3 == i % 3 || rows[i / 3, i % 3] == 0);
        bool partly = Enumerable.Range(0, structure.AtomCount).Any(i => free[3 * i] != free[(3 * i) + 1] || free[3 * i] != free[(3 * i) + 2]);
        // POSCAR's flags belong to lattice vectors, pw.x's to x, y, z.
        return !partly || alongAxes
            ? free
            : throw new AtomProNetException(ErrorKind.NotSupported, "ConstraintNotCartesian", "An atom is held along some lattice vectors only, and pw.x holds atoms along x, y, z.", value: structure.ToString(), remedy: "Hold atoms entirely, or use a cell whose vectors lie along the axes.");
    }
}
