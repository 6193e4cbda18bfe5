using System.Text.Json;
using AtomProNet.Databases;
using AtomProNet.Databases.Bundled;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

/// <summary>The bundled crystals against independent sources: spglib, densities of the CRC Handbook, distances from textbooks.</summary>
public class BundledCrystalTests
{
    // g/cm³, CRC Handbook of Chemistry and Physics, 97th ed. (2016), section 4: measured, at room temperature.
    // Where the handbook has no entry for the phase: the mineral's measured density (Handbook of Mineralogy).
    private static readonly Dictionary<string, double> Densities = new()
    {
        ["Al-fcc"] = 2.70, ["Cu-fcc"] = 8.96, ["Ni-fcc"] = 8.90, ["Ag-fcc"] = 10.5, ["Au-fcc"] = 19.3, ["Pd-fcc"] = 12.0, ["Pt-fcc"] = 21.5, ["Pb-fcc"] = 11.3,
        ["Li-bcc"] = 0.534, ["Na-bcc"] = 0.97, ["V-bcc"] = 6.0, ["Cr-bcc"] = 7.15, ["Fe-bcc"] = 7.87, ["Nb-bcc"] = 8.57, ["Mo-bcc"] = 10.2, ["Ta-bcc"] = 16.4, ["W-bcc"] = 19.3,
        ["Mg-hcp"] = 1.74, ["Ti-hcp"] = 4.506, ["Co-hcp"] = 8.86, ["Zn-hcp"] = 7.134, ["Zr-hcp"] = 6.52,
        ["C-diamond"] = 3.513, ["Si-diamond"] = 2.3296, ["Ge-diamond"] = 5.3234, ["C-graphite"] = 2.26,
        ["LiF-rocksalt"] = 2.640, ["NaCl-rocksalt"] = 2.17, ["KCl-rocksalt"] = 1.988, ["MgO-rocksalt"] = 3.6, ["CaO-rocksalt"] = 3.34,
        ["CsCl"] = 3.988, ["CaF2-fluorite"] = 3.18, ["ZnS-sphalerite"] = 4.04, ["GaAs-zincblende"] = 5.3176, ["SiC-3C"] = 3.16,
        ["BN-zincblende"] = 3.45, ["BN-hexagonal"] = 2.27, ["AlN-wurtzite"] = 3.255, ["GaN-wurtzite"] = 6.1, ["ZnO-wurtzite"] = 5.6,
        ["Al2O3-corundum"] = 3.99, ["Fe2O3-hematite"] = 5.25, ["TiO2-rutile"] = 4.17, ["TiO2-anatase"] = 3.9, ["SiO2-quartz"] = 2.648,
        ["ZrO2-baddeleyite"] = 5.75, ["ZrO2-cubic"] = 6.2, ["LiCoO2-layered"] = 5.05, ["SrTiO3-perovskite"] = 5.1, ["BaTiO3-tetragonal"] = 6.02,
        ["MgSiO3-perovskite"] = 4.10, ["MoS2-2H"] = 5.06,
    };

    // The shortest distances as the literature gives them, Å: bond lengths of the refinements, or the textbook relation.
    private static readonly Dictionary<string, (string Pair, double Distance)> Bonds = new()
    {
        ["Al2O3-corundum"] = ("Al-O", 1.855), // the shorter of 1.855 and 1.972 Å, Kirfel & Eichhorn 1990
        ["Fe2O3-hematite"] = ("Fe-O", 1.945), // 1.945 and 2.116 Å, Blake et al. 1966
        ["TiO2-rutile"] = ("Ti-O", 1.9485), // Abrahams & Bernstein 1971
        ["TiO2-anatase"] = ("Ti-O", 1.934), // Horn et al. 1972
        ["SiO2-quartz"] = ("Si-O", 1.605), // Levien et al. 1980
        ["ZrO2-baddeleyite"] = ("Zr-O", 2.051), // Howard et al. 1988
        ["MgSiO3-perovskite"] = ("Si-O", 1.783), // Horiuchi et al. 1987
        ["LiCoO2-layered"] = ("Co-O", 1.92), // Johnston et al. 1958
        ["MoS2-2H"] = ("Mo-S", 2.41), // Dickinson & Pauling 1923
        ["BaTiO3-tetragonal"] = ("Ti-O", 1.83), // the short apical bond, Kwei et al. 1993
        ["C-graphite"] = ("C-C", 1.4226), // a/√3
        ["C-diamond"] = ("C-C", 1.5445), // √3 a/4
        ["Si-diamond"] = ("Si-Si", 2.3516),
        ["GaN-wurtzite"] = ("Ga-N", 1.95), // Schulz & Thiemann 1977
        ["ZnO-wurtzite"] = ("Zn-O", 1.974), // Kisi & Elcombe 1989
        ["SrTiO3-perovskite"] = ("Ti-O", 1.9527), // a/2
        ["CaF2-fluorite"] = ("Ca-F", 2.3656), // √3 a/4
        ["NaCl-rocksalt"] = ("Na-Cl", 2.82005), // a/2
    };

    public static TheoryData<string> Ids => new(BundledCrystals.All.Select(c => c.Id));

    [Fact]
    public void There_are_about_fifty_and_every_one_is_cited_and_named_once()
    {
        Assert.InRange(BundledCrystals.All.Length, 40, 80);
        Assert.Distinct(BundledCrystals.All.Select(c => c.Id), StringComparer.OrdinalIgnoreCase);
        Assert.All(BundledCrystals.All, c => Assert.Matches(@"\(.*(19|20)\d\d\)", c.Citation));
        Assert.All(BundledCrystals.All.Where(c => c.Doi is not null), c => Assert.Matches(@"^10\.\d{4}/\S+$", c.Doi));
        foreach (string formula in "Al2O3 Si Al Cu Fe NaCl MgO TiO2 SiO2 ZrO2 GaN LiCoO2 SrTiO3 BaTiO3".Split(' '))
        {
            Assert.Contains(BundledCrystals.All, c => c.Formula == Composition.Parse(formula).ReducedFormula);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Provenance_says_bundled_with_the_citation(string id)
    {
        BundledCrystal crystal = BundledCrystals.Find(id)!;
        Provenance provenance = crystal.Structure.Provenance!;
        Assert.Equal("Bundled", provenance.Operation);
        Assert.Equal("bundled:" + id, provenance.RootId);
        Assert.Equal(crystal.Citation, provenance.Parameters["citation"]);
        Assert.DoesNotContain("Materials Project", string.Join(' ', provenance.Parameters.Values), StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith(id.Split('-')[0], id, StringComparison.Ordinal);
        Assert.Equal(Composition.Parse(id.Split('-')[0]), Composition.Parse(crystal.Formula));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_density_is_the_measured_one(string id)
    {
        Structure structure = BundledCrystals.Find(id)!.Structure;
        double density = structure.Species.Sum(e => e.Mass) * 1.66053906660 / structure.Volume!.Value;
        // Handbook values have three digits, and porosity or impurities lower them; a wrong site or cell would be off by far more.
        Assert.InRange(density / Densities[id], 0.97, 1.035);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void No_two_atoms_are_too_close(string id)
    {
        Structure structure = BundledCrystals.Find(id)!.Structure;
        (double shortest, string pair) = ShortestDistance(structure, null);
        string[] elements = pair.Split('-');
        double radii = Element.FromSymbol(elements[0]).CovalentRadius + Element.FromSymbol(elements[1]).CovalentRadius;
        Assert.InRange(shortest / radii, 0.75, 1.45);
    }

    [Fact]
    public void Bond_lengths_are_the_published_ones()
    {
        foreach ((string id, (string pair, double expected)) in Bonds)
        {
            (double shortest, _) = ShortestDistance(BundledCrystals.Find(id)!.Structure, pair);
            Assert.True(Math.Abs(shortest - expected) < 0.006, $"{id}: {pair} is {shortest:F4} Å, not {expected} Å.");
        }
    }

    [Fact]
    public void Spglib_finds_the_stated_space_groups_and_sites()
    {
        SystemPython.SkipUnlessThere("spglib", "numpy");
        var data = BundledCrystals.All.Select(c => new
        {
            id = c.Id,
            lattice = c.Lattice.Rows.ToRowMajor(),
            positions = c.Structure.FractionalPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }),
            numbers = c.Structure.Species.Select(e => e.Number),
        });
        JsonElement result = SystemPython.Run(
            """
            import spglib, numpy as np
            result = {}
            for c in data:
                cell = (np.array(c['lattice']).reshape(3, 3), np.array(c['positions']).reshape(-1, 3), c['numbers'])
                d = spglib.get_symmetry_dataset(cell, symprec=1e-4)
                get = (lambda k: d[k]) if isinstance(d, dict) else (lambda k: getattr(d, k))
                std = len(get('std_types'))
                letters = sorted(set(zip([int(x) for x in get('equivalent_atoms')], get('wyckoffs'))))
                orbits = [[str([int(x) for x in get('equivalent_atoms')].count(e)) + w, int(c['numbers'][e])] for e, w in letters]
                result[c['id']] = {'number': int(get('number')), 'conventional': std, 'orbits': orbits}
            """,
            data);
        foreach (BundledCrystal crystal in BundledCrystals.All)
        {
            JsonElement found = result.GetProperty(crystal.Id);
            Assert.True(found.GetProperty("number").GetInt32() == crystal.SpaceGroupNumber, $"{crystal.Id}: spglib finds {found.GetProperty("number")}.");
            Assert.True(found.GetProperty("conventional").GetInt32() == crystal.Structure.AtomCount, $"{crystal.Id}: the cell is not the conventional one.");
            // The multiplicities are fixed by the group; letters may be exchanged by a shift of the origin.
            var orbits = found.GetProperty("orbits").EnumerateArray().Select(o => (Multiplicity: o[0].GetString()![..^1], Number: o[1].GetInt32())).Order();
            Assert.Equal(crystal.Sites.Select(s => (Multiplicity: s.Wyckoff[..^1], s.Element.Number)).Order(), orbits);
        }
    }

    [Fact]
    public void Operations_of_all_groups_are_as_many_as_the_international_tables_say()
    {
        // The order of the point group times the number of centring translations.
        Assert.Equal(192, SymmetryOperation.Generate([.. new[] { "x+1/2,y,z+1/2", "-x,-y,-z", "-y,x,z", "z,x,y" }.Select(SymmetryOperation.Parse)]).Count);
        Assert.Equal(36, SymmetryOperation.Generate([.. new[] { "x+2/3,y+1/3,z+1/3", "-x,-y,-z", "-y,x-y,z", "y,x,-z+1/2" }.Select(SymmetryOperation.Parse)]).Count);
    }

    private static (double Distance, string Pair) ShortestDistance(Structure structure, string? pair)
    {
        var images = new MinimumImage(structure.Lattice, structure.Periodicity);
        double best = double.PositiveInfinity;
        string found = "";
        for (int i = 0; i < structure.AtomCount; i++)
        {
            for (int j = i; j < structure.AtomCount; j++)
            {
                string name = $"{structure.Species[i]}-{structure.Species[j]}";
                string turned = $"{structure.Species[j]}-{structure.Species[i]}";
                double d = i == j
                    ? new[] { structure.Lattice!.A.Length, structure.Lattice.B.Length, structure.Lattice.C.Length }.Min()
                    : images.Distance(structure.CartesianPositions[i], structure.CartesianPositions[j]);
                if (d < best && (pair is null || pair == name || pair == turned))
                {
                    best = d;
                    found = name;
                }
            }
        }

        return (best, found);
    }
}
