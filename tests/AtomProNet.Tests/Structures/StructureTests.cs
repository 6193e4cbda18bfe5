using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;

namespace AtomProNet.Tests.Structures;

public sealed class StructureTests
{
    private static readonly Element Al = Element.FromSymbol("Al"), O = Element.FromSymbol("O"), H = Element.FromSymbol("H");

    /// <summary>Wherever it stands, and whichever it is.</summary>
    [Fact]
    public void ANumberThatIsNotFiniteIsFound()
    {
        foreach (double odd in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            for (int count = 1; count < 20; count++)
            {
                for (int at = 0; at < 3 * count; at++)
                {
                    double[] numbers = [.. Enumerable.Range(0, 3 * count).Select(i => i == at ? odd : i % 3 == 1 ? double.MaxValue : double.MinValue)];
                    Vector3D[] vectors = [.. numbers.Chunk(3).Select(c => new Vector3D(c[0], c[1], c[2]))];
                    Assert.Equal(at / 3, Vector3D.IndexOfNotFinite(vectors));
                    vectors[at / 3] = new(0.5, -0.0, double.Epsilon);
                    Assert.Equal(-1, Vector3D.IndexOfNotFinite(vectors));
                }
            }
        }
    }

    // Hashes computed with Python's hashlib and struct from the layout: "<BBxxi9d", then "<i3d" for each site. The first byte is the
    // version 1, the second the flags periodic along a, b, c (1, 2, 4) and lattice present (8); then the count, the lattice, the sites.
    [Fact]
    public void The_content_hash_is_the_documented_one()
    {
        Lattice box = new(new Vector3D(4, 0, 0), new Vector3D(0, 5, 0), new Vector3D(0, 0, 6));
        Structure full = new(box, [Al, O], [new(0, 0, 0), new(0.25, 0.25, 0.25)], CoordinateKind.Fractional);
        Structure slab = new(new Lattice(new Vector3D(4, 0, 0), new Vector3D(0.5, 5, 0), new Vector3D(0, 0, 6)), [Al], [new(0.1, -0.2, 0.3)], CoordinateKind.Cartesian, new Periodicity(true, true, false));
        Structure molecule = new(null, [H, H], [new(0, 0, 0), new(0.74, 0, 0)], CoordinateKind.Cartesian);

        Assert.Equal("6a02c1a1f2137292f3589512f9cd236de0f61bcb594224c32adf7c96e90ef23b", full.ContentHash);
        Assert.Equal("fe60c58518f835fee2cba3469d6d9c732befedda6ccdabf74417a9c3ef58a24a", slab.ContentHash);
        Assert.Equal("6fab8019899c9d6d369f02c93479fb25c2936d28abdec1a00cfb9ba2aef23980", molecule.ContentHash);
    }

    [Fact]
    public void The_hash_sees_every_bit_of_the_content_and_nothing_else()
    {
        Structure s = new(Lattice.Cubic(4), [Al, O], [new(0, 0, 0), new(1, 2, 3)], CoordinateKind.Cartesian);
        string hash = s.ContentHash;

        Assert.Equal(hash, s.With(name: "x", provenance: Provenance.Root("Test", "r")).ContentHash);
        Assert.Equal(hash, s.With(positions: [new(-0.0, 0, -0.0), new(1, 2, 3)], kind: CoordinateKind.Cartesian).ContentHash);
        Assert.NotEqual(hash, s.With(positions: [new(0, 0, 0), new(1, 2, Math.BitIncrement(3.0))], kind: CoordinateKind.Cartesian).ContentHash);
        Assert.NotEqual(hash, s.With(lattice: Lattice.Cubic(Math.BitIncrement(4.0))).ContentHash);
        Assert.NotEqual(hash, s.SelectSites([1, 0]).ContentHash);
        Assert.NotEqual(hash, new Structure(s.Lattice, s.Species, s.CartesianPositions, CoordinateKind.Cartesian, new Periodicity(true, true, false)).ContentHash);
        Assert.NotEqual(hash, new Structure(s.Lattice, [Al, Al], s.CartesianPositions, CoordinateKind.Cartesian).ContentHash);
    }

    [Fact]
    public void Given_coordinates_keep_their_bits()
    {
        var random = new Random(1);
        for (int n = 0; n < 100; n++)
        {
            Structure s = RandomStructures.Any(random);
            Structure other = s.With(kind: s.CoordinateKind == CoordinateKind.Fractional ? CoordinateKind.Cartesian : CoordinateKind.Fractional);
            Assert.Equal(s.CartesianPositions, other.CartesianPositions.Select((p, i) => s.CoordinateKind == CoordinateKind.Cartesian ? s.CartesianPositions[i] : p));
            Assert.Equal(s.CoordinateKind == CoordinateKind.Fractional, other.CoordinateKind == CoordinateKind.Cartesian);
        }
    }

    [Fact]
    public void Wrapping_moves_by_whole_vectors_into_the_cell()
    {
        var random = new Random(2);
        for (int n = 0; n < 200; n++)
        {
            Structure s = RandomStructures.Any(random);
            Structure w = s.Wrap();
            for (int i = 0; i < s.AtomCount; i++)
            {
                Vector3D f = w.FractionalPositions[i], d = s.FractionalPositions[i] - f;
                Assert.True(f.X is >= 0 and < 1 && f.Y is >= 0 and < 1 && f.Z is >= 0 and < 1);
                double scale = Math.Max(1, s.FractionalPositions[i].Length);
                Assert.True((d - new Vector3D(Math.Round(d.X), Math.Round(d.Y), Math.Round(d.Z))).Length < 1e-12 * scale);
            }
        }
    }

    [Fact]
    public void Wrapping_spares_directions_that_do_not_repeat_and_tiny_negative_numbers()
    {
        Structure s = new(Lattice.Cubic(4), [Al, Al], [new(-1e-20, 1.25, -0.5), new(1, 0, 7.5)], CoordinateKind.Fractional, new Periodicity(true, true, false));
        Assert.Equal([new Vector3D(0, 0.25, -0.5), new Vector3D(0, 0, 7.5)], s.Wrap().FractionalPositions);
        Structure molecule = new(null, [Al], [new(-5, 0, 0)], CoordinateKind.Cartesian);
        Assert.Same(molecule, molecule.Wrap());
    }

    [Fact]
    public void Distances_cross_the_boundary()
    {
        Structure s = new(Lattice.Cubic(10), [Al, O], [new(0.05, 0, 0), new(0.95, 0, 0)], CoordinateKind.Fractional);
        Assert.Equal(1, s.Distance(0, 1), 1e-12);
        Assert.Equal(0, s.Distance(1, 1));
        Structure open = new(s.Lattice, s.Species, s.FractionalPositions, CoordinateKind.Fractional, Periodicity.None);
        Assert.Equal(9, open.Distance(0, 1), 1e-12);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        Assert.Equal("SiteCountMismatch", Assert.Throws<AtomProNetException>(() => new Structure(Lattice.Cubic(1), [Al, Al], [Vector3D.Zero], CoordinateKind.Fractional)).ErrorId);
        Assert.Equal("LatticeMissing", Assert.Throws<AtomProNetException>(() => new Structure(null, [Al], [Vector3D.Zero], CoordinateKind.Fractional)).ErrorId);
        Assert.Equal("LatticeMissing", Assert.Throws<AtomProNetException>(() => new Structure(null, [Al], [Vector3D.Zero], CoordinateKind.Cartesian, Periodicity.Full)).ErrorId);
        Assert.Equal("PositionNotFinite", Assert.Throws<AtomProNetException>(() => new Structure(null, [Al], [new(0, double.NaN, 0)], CoordinateKind.Cartesian)).ErrorId);
        Assert.Equal("SiteCountMismatch", Assert.Throws<AtomProNetException>(() => new Structure(null, [Al], [Vector3D.Zero], CoordinateKind.Cartesian, siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.Add("x", SiteProperty.Real(1, [1.0, 2])))).ErrorId);
        Assert.Throws<AtomProNetException>(() => new Structure(null, [Al], [Vector3D.Zero], CoordinateKind.Cartesian).FractionalPositions);
    }

    [Fact]
    public void Sites_are_picked_with_their_properties()
    {
        Structure s = new(Lattice.Cubic(4), [Al, O, H], [new(0, 0, 0), new(0.1, 0, 0), new(0.2, 0, 0)], CoordinateKind.Fractional, siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty
            .Add("r", SiteProperty.Real(2, [1.0, 2, 3, 4, 5, 6])).Add("t", SiteProperty.Text(1, ["a", "b", "c"])));

        Structure picked = s.SelectSites([2, 0]);

        Assert.Equal([H, Al], picked.Species);
        Assert.Equal(0.2, picked.FractionalPositions[0].X);
        Assert.Equal([5, 6, 1, 2], picked.SiteProperties["r"].Reals.ToArray());
        Assert.Equal(["c", "a"], picked.SiteProperties["t"].Texts.ToArray());
    }

    [Fact]
    public void Equality_looks_at_content_and_site_properties()
    {
        var random = new Random(5);
        Structure s = RandomStructures.Any(random);
        Assert.Equal(s, s.With(name: "other", provenance: Provenance.Root("a", "b")));
        Assert.Equal(s.GetHashCode(), s.With(name: "other").GetHashCode());
        Assert.NotEqual(s, s.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.Add("x", SiteProperty.Real(1, [.. Enumerable.Repeat(1.0, s.AtomCount)]))));
        Assert.False(s.Equals((object?)null));
    }

    [Theory]
    [InlineData("Al4O6", "Al2O3", "Al-O")]
    [InlineData("O12Al8", "Al2O3", "Al-O")]
    [InlineData("O2", "O2", "O")]
    [InlineData("O4", "O2", "O")]
    [InlineData("O3", "O", "O")]
    [InlineData("Ca(OH)2", "CaH2O2", "Ca-H-O")]
    [InlineData("Si8", "Si", "Si")]
    public void Compositions(string formula, string reduced, string system)
    {
        Composition c = Composition.Parse(formula);
        Assert.Equal(system, c.ChemicalSystem);
        Assert.Equal(reduced, c.ReducedFormula);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Xx")]
    [InlineData("Al2O3)")]
    [InlineData("(Al2O3")]
    [InlineData("Al0")]
    [InlineData("2Al")]
    [InlineData("Al 2")]
    [InlineData("Al1.5")]
    [InlineData("Al99999999999")]
    public void What_is_no_formula_is_refused(string formula) => Assert.Equal("FormulaInvalid", Assert.Throws<AtomProNetException>(() => Composition.Parse(formula)).ErrorId);

    [Fact]
    public void Reduced_formulas_are_those_of_pymatgen()
    {
        SystemPython.SkipUnlessThere("pymatgen");
        var random = new Random(6);
        var formulas = new List<string> { "Al4O6", "Li2Co2O4", "H2O", "O2", "O4", "H6", "N8", "F2", "Cl4", "Si8", "C60", "Na4Cl4", "Fe2O3", "Ba4Ti4O12", "H2", "Br4", "I2", "Al12O18" };
        while (formulas.Count < 150)
        {
            int kinds = random.Next(1, 5), times = random.Next(1, 5);
            formulas.Add(string.Concat(Enumerable.Range(0, kinds).Select(_ => Element.FromNumber(random.Next(1, 95)).Symbol).Distinct().Select(x => $"{x}{random.Next(1, 7) * times}")));
        }

        JsonElement result = SystemPython.Run("""
            from pymatgen.core import Composition
            result = [[Composition(f).formula.replace(' ', ''), Composition(f).reduced_formula, int(Composition(f).num_atoms), Composition(f).chemical_system] for f in data]
            """, formulas);
        var differ = new List<string>();
        for (int i = 0; i < formulas.Count; i++)
        {
            Composition c = Composition.Parse(formulas[i]);
            // pymatgen writes polyanions in brackets, Ca(HO)2; this project writes every element once. What is in them must agree.
            Composition theirs = Composition.Parse(result[i][1].GetString()!);
            bool brackets = result[i][1].GetString()!.Contains('(', StringComparison.Ordinal);
            if (!theirs.Equals(Composition.Parse(c.ReducedFormula)) || (!brackets && theirs.Counts.Keys.All(e => e.Electronegativity is not null) && c.ReducedFormula != result[i][1].GetString()) || c.AtomCount != result[i][2].GetInt32() || c.ChemicalSystem != result[i][3].GetString())
            {
                differ.Add($"{formulas[i]}: {c.ReducedFormula} {c.ChemicalSystem}, pymatgen {result[i]}");
            }
        }

        Assert.Empty(differ);
    }
}
