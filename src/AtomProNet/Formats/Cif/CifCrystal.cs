using System.Collections.Immutable;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Formats.Cif;

/// <summary>Makes a structure of one data block.</summary>
internal sealed class CifCrystal(CifBlock block, string source, CifReadOptions options)
{
    // Images of one site that lie closer together, in Å, are one atom: coordinates with four decimals in a cell of 13 Å miss by 1e-3 Å.
    private const double MergeDistance = 0.01;

    // Closer than this, in Å, no two atoms can be.
    private const double LeastDistance = 0.1;
    private const double OccupancyTolerance = 1e-3;

    private static readonly string[] Axes = ["x", "y", "z"];

    /// <summary>Whether a block lists sites.</summary>
    public static bool HasSites(CifBlock block) =>
        block.Find("_atom_site_fract_x", "_atom_site_cartn_x", "_atom_site_label", "_atom_site_type_symbol") is not null;

    /// <summary>The structure.</summary>
    public Structure ToStructure()
    {
        List<CifSite> sites = ReadSites();
        Lattice lattice = ReadLattice();
        List<SymmetryOperation> operations = CifSymmetry.Of(block, source, options.Report);
        List<CifAtom> atoms = Expand(sites, operations, lattice);
        CheckFormula(atoms);
        var properties = ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal);
        if (atoms.TrueForAll(a => a.Site.OxidationState is not null))
        {
            properties = properties.Add("oxidation_state", SiteProperty.Real(1, [.. atoms.Select(a => a.Site.OxidationState!.Value)]));
        }

        return new Structure(
            lattice,
            [.. atoms.Select(a => a.Site.Element)],
            [.. atoms.Select(a => a.Position)],
            CoordinateKind.Fractional,
            siteProperties: properties,
            name: block.Name.Length > 0 ? block.Name : null);
    }

    private Lattice ReadLattice()
    {
        double[] p = [.. new[] { "length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma" }.Select(Parameter)];
        return Lattice.FromParameters(p[0], p[1], p[2], p[3], p[4], p[5]);

        double Parameter(string name)
        {
            CifToken token = block.Value("_cell_" + name) ?? throw Error("CifCellMissing", $"The cell is not complete: _cell_{name} is missing.", block.Line, null, "A CIF of a crystal gives three lengths (Å) and three angles (degrees).");
            return CifNumber.TryParse(token.Text, out double value) ? value : throw Error("CifNumber", $"_cell_{name} must be a number.", token.Line, token.Text, "Lengths are in Å, angles in degrees.");
        }
    }

    private List<CifSite> ReadSites()
    {
        CifColumn?[] fractional = [.. Axes.Select(a => block.Find("_atom_site_fract_" + a))];
        if (Array.Exists(fractional, c => c is null))
        {
            throw block.Find("_atom_site_cartn_x") is { } cartesian
                ? Error("CifCartesian", "The sites have Cartesian coordinates only, whose axes the format does not fix.", cartesian.Values[0].Line, null, "Export the file with fractional coordinates.")
                : Error("CifSitesMissing", "The sites have no fractional coordinates.", block.Line, null, "The loop of sites must hold _atom_site_fract_x, _atom_site_fract_y and _atom_site_fract_z.");
        }

        CifColumn? types = block.Find("_atom_site_type_symbol"), labels = block.Find("_atom_site_label");
        CifColumn? occupancies = block.Find("_atom_site_occupancy"), multiplicities = block.Find("_atom_site_symmetry_multiplicity", "_atom_site_site_symmetry_multiplicity");
        CifColumn? flags = block.Find("_atom_site_calc_flag"), hydrogens = block.Find("_atom_site_attached_hydrogens");
        int count = fractional[0]!.Values.Count;
        foreach (CifColumn? column in new[] { fractional[1], fractional[2], types, labels, occupancies, multiplicities, flags, hydrogens })
        {
            if (column is not null && column.Values.Count != count)
            {
                throw Error("CifSyntax", $"{column.Name} has {column.Values.Count} values for {count} sites.", column.Values[0].Line, null, "All columns of the sites stand in one loop.");
            }
        }

        if (types is null && labels is null)
        {
            throw Error("CifSpeciesMissing", "The sites have neither _atom_site_type_symbol nor _atom_site_label.", block.Line, null, "Name the element of each site.");
        }

        Dictionary<string, double> charges = ReadOxidationNumbers();
        var sites = new List<CifSite>();
        for (int i = 0; i < count; i++)
        {
            string name = (labels ?? types)!.Values[i].Text;
            long line = fractional[0]!.Values[i].Line;
            if (flags?.Values[i].Text == "dum")
            {
                continue;
            }

            (Element element, double? charge) = Species(types?.Values[i], labels?.Values[i], name, line, charges);
            CheckOccupancy(occupancies?.Values[i], name);
            if (hydrogens?.Values[i] is { } attached && !CifColumn.IsUnknown(attached) && attached.Text != "0")
            {
                throw Error("CifImplicitHydrogen", $"The site {name} has hydrogen atoms that are not listed.", line, attached.Text, "Add them as sites of their own.");
            }

            var position = new double[3];
            for (int axis = 0; axis < 3; axis++)
            {
                CifToken token = fractional[axis]!.Values[i];
                if (CifColumn.IsUnknown(token) || !CifNumber.TryParseCoordinate(token.Text, out position[axis]))
                {
                    throw Error("CifNumber", $"The coordinate {Axes[axis]} of the site {name} must be a number.", token.Line, token.Text, "A site without a position cannot be used: complete it, or take it out.");
                }
            }

            int? multiplicity = multiplicities is not null && CifNumber.TryParse(multiplicities.Values[i].Text, out double m) && m is >= 1 and <= 192 ? (int)m : null;
            sites.Add(new(name, element, charge, new(position[0], position[1], position[2]), multiplicity, line));
        }

        return sites;
    }

    private (Element Element, double? Charge) Species(CifToken? type, CifToken? label, string name, long line, Dictionary<string, double> charges)
    {
        if (type is { } symbol && !CifColumn.IsUnknown(symbol))
        {
            if (!CifElement.TryParseType(symbol.Text, out Element? typed, out double? charge))
            {
                throw Error("CifElementUnknown", $"The type symbol of the site {name} names no element.", symbol.Line, symbol.Text, "Type symbols begin with the symbol of an element, such as Al or Al3+.");
            }

            return (typed, charges.TryGetValue(symbol.Text, out double number) ? number : charge);
        }

        return label is { } text && CifElement.TryParseLabel(text.Text, out Element? element)
            ? (element, charges.TryGetValue(element.Symbol, out double state) ? state : null)
            : throw Error("CifElementUnknown", $"The label of the site {name} does not tell its element without doubt.", line, name, "Add the column _atom_site_type_symbol.");
    }

    private Dictionary<string, double> ReadOxidationNumbers()
    {
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        CifColumn? symbols = block.Find("_atom_type_symbol"), states = block.Find("_atom_type_oxidation_number");
        for (int i = 0; symbols is not null && states is not null && i < Math.Min(symbols.Values.Count, states.Values.Count); i++)
        {
            if (CifNumber.TryParse(states.Values[i].Text, out double state))
            {
                numbers[symbols.Values[i].Text] = state;
            }
        }

        return numbers;
    }

    private void CheckOccupancy(CifToken? token, string name)
    {
        if (token is not { } occupancy || CifColumn.IsUnknown(occupancy))
        {
            return;
        }

        if (!CifNumber.TryParse(occupancy.Text, out double value))
        {
            throw Error("CifNumber", $"The occupancy of the site {name} must be a number.", occupancy.Line, occupancy.Text, "Write 1 for a full site.");
        }

        if (Math.Abs(value - 1) > OccupancyTolerance)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "PartialOccupancy", $"The site {name} is occupied by {occupancy.Text}: a structure of atoms has each site full or empty.", source, occupancy.Line, occupancy.Text, "Make an ordered model of the crystal first (which site holds what), for instance with an enumeration tool.");
        }
    }

    private List<CifAtom> Expand(List<CifSite> sites, List<SymmetryOperation> operations, Lattice lattice)
    {
        var atoms = new List<CifAtom>();
        foreach (CifSite site in sites)
        {
            int first = atoms.Count;
            bool alreadyThere = false;
            for (int k = 0; k < operations.Count && !alreadyThere; k++)
            {
                // The identity comes first, and leaves what is listed as it is.
                Vector3D image = k == 0 ? site.Position : Wrap(operations[k].Apply(site.Position));
                bool isNew = true;
                for (int j = 0; j < atoms.Count && isNew; j++)
                {
                    double distance = Distance(atoms[j].Position, image, lattice);
                    if (distance >= LeastDistance)
                    {
                        continue;
                    }

                    CifAtom other = atoms[j];
                    if (j < first && other.Site.Element != site.Element)
                    {
                        throw new AtomProNetException(ErrorKind.NotSupported, "PartialOccupancy", $"The sites {other.Site.Name} and {site.Name} are one place with two species.", source, site.Line, remedy: "Make an ordered model of the crystal first (which site holds what).");
                    }

                    if (distance > MergeDistance)
                    {
                        throw Error("CifSitesTooClose", FormattableString.Invariant($"The symmetry operations put two atoms {distance:G3} Å apart, of the sites {other.Site.Name} and {site.Name}."), site.Line, null, "The coordinates of a special position have too few digits, or the operations belong to another setting.");
                    }

                    isNew = false;
                    // A file may list all atoms and all operations.
                    alreadyThere = j < first && k == 0;
                }

                if (isNew)
                {
                    atoms.Add(new(site, image));
                }
            }

            int images = atoms.Count - first;
            if (!alreadyThere && site.Multiplicity is { } multiplicity && multiplicity != images)
            {
                options.Report?.Invoke(new(FindingSeverity.Warning, "CifMultiplicityContradicts", FormattableString.Invariant($"The site {site.Name} has multiplicity {multiplicity} by the file, but the symmetry operations make {images} atoms of it."), source, "Check the operations and the coordinates."));
            }
        }

        return atoms.Count > 0 ? atoms : throw Error("CifSitesMissing", "The block lists no atom.", block.Line, null, "It must hold a loop of sites.");
    }

    /// <summary>Compares the cell with _chemical_formula_sum times _cell_formula_units_Z, where the block has both.</summary>
    private void CheckFormula(List<CifAtom> atoms)
    {
        if (options.Report is null || block.Value("_chemical_formula_sum") is not { } formula || block.Value("_cell_formula_units_z") is not { } units || !CifNumber.TryParse(units.Text, out double z))
        {
            return;
        }

        var counted = new SortedDictionary<Element, double>();
        foreach (CifAtom atom in atoms)
        {
            counted[atom.Site.Element] = counted.GetValueOrDefault(atom.Site.Element) + 1;
        }

        var stated = new SortedDictionary<Element, double>();
        foreach (string word in formula.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string symbol = word.TrimEnd("0123456789.".ToCharArray());
            double number = 1;
            if (!Element.TryFromSymbol(symbol, out Element? element) || (symbol.Length < word.Length && !CifNumber.TryParse(word[symbol.Length..], out number)))
            {
                return;
            }

            stated[element] = number;
        }

        // Some programs write the formula of the whole cell whatever Z is.
        if (!Agrees(z) && !Agrees(1))
        {
            options.Report(new(FindingSeverity.Warning, "CifFormulaContradicts", FormattableString.Invariant($"The cell holds {string.Join(' ', counted.Select(c => c.Key.Symbol + c.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)))}, but the formula is {formula.Text} with Z = {units.Text}."), source, "Atoms may be missing (hydrogen often is), or the operations incomplete."));
        }

        bool Agrees(double factor) => counted.Count == stated.Count && counted.All(c => stated.TryGetValue(c.Key, out double n) && Math.Abs(n * factor - c.Value) < 0.01);
    }

    // Short distances only: the fractional difference is rounded to the nearest image, which is exact for them in any cell.
    private static double Distance(Vector3D a, Vector3D b, Lattice lattice)
    {
        Vector3D d = a - b;
        return lattice.ToCartesian(new(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z))).Length;
    }

    private static Vector3D Wrap(Vector3D f)
    {
        return new(Into(f.X), Into(f.Y), Into(f.Z));

        static double Into(double x)
        {
            double y = x - Math.Floor(x);
            // 0.99999999999999989 is a 1 that was reached by adding thirds.
            return y > 1 - 1e-12 ? 0 : y;
        }
    }

    private AtomProNetException Error(string id, string problem, long line, string? value, string remedy) =>
        new(ErrorKind.InvalidData, id, problem, source, line, value, remedy);

    private sealed record CifSite(string Name, Element Element, double? OxidationState, Vector3D Position, int? Multiplicity, long Line);

    private readonly record struct CifAtom(CifSite Site, Vector3D Position);
}
