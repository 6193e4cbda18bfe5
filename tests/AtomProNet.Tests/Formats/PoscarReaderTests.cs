using System.Text;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

/// <summary>The variants of the VASP manual's POSCAR page; expected numbers by hand.</summary>
public class PoscarReaderTests
{
    private const string Cubic = "4 0 0\n0 4 0\n0 0 4\n";

    [Fact]
    public void Reads_symbols_counts_and_direct_positions()
    {
        Structure s = Read("rock salt\n1.0\n" + Cubic + "Na Cl\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n");
        Assert.Equal("rock salt", s.Name);
        Assert.Equal(["Na", "Cl"], s.Species.Select(e => e.Symbol));
        Assert.Equal(new Vector3D(2, 2, 2), s.CartesianPositions[1]);
        Assert.Equal(CoordinateKind.Fractional, s.CoordinateKind);
        Assert.Equal(64, s.Volume);
        Assert.True(s.Periodicity.All);
        Assert.Empty(s.SiteProperties);
    }

    [Theory]
    [InlineData("2.0", 8, 8, 8)]
    [InlineData("-512", 8, 8, 8)]
    [InlineData("-512.0 a target volume", 8, 8, 8)]
    [InlineData("1.0 2.0 0.5", 4, 8, 2)]
    [InlineData("1.0d0", 4, 4, 4)]
    public void Applies_the_scale_to_cell_and_cartesian_positions(string scale, double a, double b, double c)
    {
        Structure s = Read("x\n" + scale + "\n" + Cubic + "Si\n1\nCartesian\n1 1 1\n");
        Assert.Equal(a, s.Lattice!.Lengths.X, 1e-12);
        Assert.Equal(b, s.Lattice.Lengths.Y, 1e-12);
        Assert.Equal(c, s.Lattice.Lengths.Z, 1e-12);
        Vector3D r = s.CartesianPositions[0];
        Assert.Equal(a / 4, r.X, 1e-12);
        Assert.Equal(b / 4, r.Y, 1e-12);
        Assert.Equal(c / 4, r.Z, 1e-12);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1 2")]
    [InlineData("1 -2 3")]
    [InlineData("one")]
    [InlineData("")]
    public void Refuses_a_scale_that_is_none(string scale) =>
        Fails("PoscarScale", 2, "x\n" + scale + "\n" + Cubic + "Si\n1\nDirect\n0 0 0\n");

    [Theory]
    [InlineData("Cartesian", CoordinateKind.Cartesian)]
    [InlineData("c", CoordinateKind.Cartesian)]
    [InlineData(" K", CoordinateKind.Cartesian)]
    [InlineData("kartesisch", CoordinateKind.Cartesian)]
    [InlineData("CART", CoordinateKind.Cartesian)]
    [InlineData("direct", CoordinateKind.Fractional)]
    [InlineData("D", CoordinateKind.Fractional)]
    [InlineData("Fractional", CoordinateKind.Fractional)]
    public void Knows_the_mode_by_its_first_letter(string mode, CoordinateKind kind) =>
        Assert.Equal(kind, Read("x\n1\n" + Cubic + "Si\n1\n" + mode + "\n0.1 0.2 0.3\n").CoordinateKind);

    [Fact]
    public void Refuses_a_missing_mode_line() =>
        Fails("PoscarCoordinateMode", 8, "x\n1\n" + Cubic + "Si\n1\n0 0 0\n");

    [Theory]
    [InlineData("Al_pv O", "Al O")]
    [InlineData("Al_pv/4d2ac7 O/88ab", "Al O")]
    [InlineData("Al3+ O2-", "Al O")]
    [InlineData("H1.25 Zr_sv_GW", "H Zr")]
    [InlineData("  Li\tO ! remark", "Li O")]
    public void Reads_labels_as_elements(string symbols, string expected)
    {
        Structure s = Read("x\n1\n" + Cubic + symbols + "\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n");
        Assert.Equal(expected, string.Join(' ', s.Species));
    }

    [Fact]
    public void Keeps_interleaved_species_apart()
    {
        Structure s = Read("x\n1\n" + Cubic + "Ti O Ti\n1 2 1\nDirect\n0 0 0\n.1 0 0\n.2 0 0\n.3 0 0\n");
        Assert.Equal("Ti O O Ti", string.Join(' ', s.Species));
    }

    [Fact]
    public void Reads_selective_dynamics_with_labels()
    {
        Structure s = Read("x\n1\n" + Cubic + "Al O\n1 1\nSelective dynamics\nDirect\n0 0 0 T F .TRUE. Al3+\n.5 .5 .5 .f. t F O2-\n");
        Assert.Equal([true, false, true, false, true, false], s.SiteProperties["selective_dynamics"].Logicals);
        Assert.Equal([3.0, -2.0], s.SiteProperties["oxidation_state"].Reals);
    }

    [Fact]
    public void Reads_velocities_and_passes_over_the_predictor_corrector_block()
    {
        Structure s = Read("x\r\n1\r\n4 0 0\r\n0\t4 0\r\n0 0 4\r\nAl\r\n2\r\nDirect\r\n0 0 0\r\n.5 .5 .5\r\n\r\n 0.1 0.2 0.3\r\n -1E-3 0 0\r\n\r\n1\r\n 2.0\r\n 0 0 0\r\n");
        Assert.Equal([0.1, 0.2, 0.3, -1e-3, 0, 0], s.SiteProperties["velocities"].Reals);
    }

    [Fact]
    public void Reads_velocities_behind_the_lattice_velocities_of_version_6()
    {
        Structure s = Read("x\n1\n" + Cubic + "Al\n1\nDirect\n0 0 0\nLattice velocities and vectors\n1\n0 0 0\n0 0 0\n0 0 0\n4 0 0\n0 4 0\n0 0 4\nCartesian\n0.1 0.2 0.3\n");
        Assert.Equal([0.1, 0.2, 0.3], s.SiteProperties["velocities"].Reals);
    }

    [Fact]
    public void Leaves_velocities_per_time_step_out_and_says_so()
    {
        var findings = new List<Finding>();
        Structure s = Read("x\n1\n" + Cubic + "Al\n1\nDirect\n0 0 0\nDirect\n0.1 0.2 0.3\n", findings: findings);
        Assert.Empty(s.SiteProperties);
        Assert.Equal("PoscarVelocitiesDirect", Assert.Single(findings).Code);
    }

    /// <summary>A relaxation without a time step (POTIM = 0, as elastic bands are run) divides by it.</summary>
    [Fact]
    public void Leaves_undefined_velocities_out_and_says_so()
    {
        const string Nan = "             NaN             NaN             NaN\n";
        var findings = new List<Finding>();
        Structure s = Read("x\n1\n" + Cubic + "Al\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n\n" + Nan + Nan, findings: findings);
        Assert.Equal(2, s.AtomCount);
        Assert.Empty(s.SiteProperties);
        Assert.Equal("PoscarVelocitiesUndefined", Assert.Single(findings).Code);
        Assert.Equal("PoscarTruncated", Assert.Throws<AtomProNetException>(() => Read("x\n1\n" + Cubic + "Al\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n\n" + Nan)).ErrorId);
        Assert.Equal("PoscarVelocity", Assert.Throws<AtomProNetException>(() => Read("x\n1\n" + Cubic + "Al\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n\n" + Nan + "NaN NaN x\n")).ErrorId);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    [InlineData("\n\n  \n")]
    public void Needs_no_final_line_end_and_takes_blank_lines(string end) =>
        Assert.Equal(1, Read("x\n1\n" + Cubic + "Al\n1\nDirect\n0.25 0.5 0.75" + end).AtomCount);

    [Theory]
    [InlineData("Al O")]
    [InlineData("Al1 O2")]
    public void Takes_symbols_of_version_4_from_the_comment(string comment) =>
        Assert.Equal("Al O O", string.Join(' ', Read(comment + "\n1\n" + Cubic + "1 2\nDirect\n0 0 0\n.1 0 0\n.2 0 0\n").Species));

    [Theory]
    [InlineData("Al2O3")]
    [InlineData("Al2 O3")]
    [InlineData("Al")]
    [InlineData("Al O Al")]
    [InlineData("an Al O cell")]
    [InlineData("")]
    public void Refuses_to_guess_the_symbols_of_version_4(string comment)
    {
        AtomProNetException e = Fails("PoscarSpeciesMissing", 1, comment + "\n1\n" + Cubic + "1 2\nDirect\n0 0 0\n.1 0 0\n.2 0 0\n");
        Assert.Contains("-Species", e.Message);
    }

    [Fact]
    public void Takes_symbols_of_version_4_from_the_caller_or_the_rows()
    {
        const string Start = "relaxed cell\n1\n" + Cubic + "1 2\nDirect\n";
        Assert.Equal("Li O O", string.Join(' ', Read(Start + "0 0 0\n.1 0 0\n.2 0 0\n", "Li", "O").Species));
        Assert.Equal("Mg F F", string.Join(' ', Read(Start + "0 0 0 Mg\n.1 0 0 F\n.2 0 0 F\n").Species));
        Fails("PoscarSpeciesMissing", 1, Start + "0 0 0 Mg\n.1 0 0 F\n.2 0 0 O\n");
        Fails("PoscarSpeciesMissing", 1, "Mg O\n1\n" + Cubic + "1 2\nDirect\n0 0 0 Mg\n.1 0 0 F\n.2 0 0 F\n");
    }

    [Fact]
    public void Refuses_species_that_contradict_the_file()
    {
        const string Text = "x\n1\n" + Cubic + "Al O\n1 1\nDirect\n0 0 0\n.5 .5 .5\n";
        Assert.Equal("PoscarSpeciesContradict", Assert.Throws<AtomProNetException>(() => Read(Text, "O", "Al")).ErrorId);
        Assert.Equal("PoscarSpeciesCount", Assert.Throws<AtomProNetException>(() => Read(Text, "Al")).ErrorId);
        Assert.Equal(2, Read(Text, "Al", "O").AtomCount);
    }

    [Fact]
    public void Tells_of_a_left_handed_cell_and_of_contradicting_labels()
    {
        var findings = new List<Finding>();
        Structure s = Read("x\n1\n0 4 0\n4 0 0\n0 0 4\nAl O\n1 1\nDirect\n0 0 0 O\n.5 .5 .5 Al\n", findings: findings);
        Assert.False(s.Lattice!.IsRightHanded);
        Assert.Equal(["LatticeLeftHanded", "PoscarLabelContradictsSpecies"], findings.Select(f => f.Code));
    }

    [Fact]
    public void Names_file_line_and_value_of_what_is_wrong()
    {
        AtomProNetException e = Fails("PoscarPosition", 9, "x\n1\n" + Cubic + "Al\n2\nDirect\n0 0 a\n0 0 0\n");
        Assert.Equal("POSCAR", e.File);
        Assert.Contains("0 0 a", e.Message);
        Fails("PoscarElementUnknown", 6, "x\n1\n" + Cubic + "Al Xy\n2 1\nDirect\n");
        Fails("PoscarSpeciesCount", 7, "x\n1\n" + Cubic + "Al O\n2\nDirect\n0 0 0\n0 0 0\n");
        Fails("PoscarAtomCount", 7, "x\n1\n" + Cubic + "Al\n2.5\nDirect\n0 0 0\n0 0 0\n");
        Fails("PoscarAtomCount", 7, "x\n1\n" + Cubic + "Al\n2000000000\nDirect\n0 0 0\n0 0 0\n");
        Fails("PoscarRowCount", 10, "x\n1\n" + Cubic + "Al\n1\nDirect\n0 0 0\n0.5 0 0\n");
        Fails("PoscarTruncated", 9, "x\n1\n" + Cubic + "Al\n2\nDirect\n0 0 0\n");
        Fails("PoscarTruncated", 9, "x\n1\n" + Cubic + "Al\n1\nDirect\n0.2500000000 0.2500000000 0.25000");
        Fails("PoscarSelectiveDynamics", 10, "x\n1\n" + Cubic + "Al\n1\nSelective\nDirect\n0 0 0 T F\n");
        Fails("LatticeSingular", null, "x\n1\n1 0 0\n2 0 0\n0 0 1\nAl\n1\nDirect\n0 0 0\n");
        Fails("LatticeSingular", 2, "x\n-8\n1 0 0\n2 0 0\n0 0 1\nAl\n1\nDirect\n0 0 0\n");
    }

    private static Structure Read(string text, params string[] species) => Read(text, null, species);

    private static Structure Read(string text, List<Finding>? findings, params string[] species) =>
        PoscarReader.Read(Encoding.UTF8.GetBytes(text), "POSCAR", new PoscarReadOptions { Species = [.. species.Select(Element.FromSymbol)], Report = findings is null ? null : findings.Add });

    private static AtomProNetException Fails(string id, long? line, string text)
    {
        var e = Assert.Throws<AtomProNetException>(() => Read(text));
        Assert.Equal(id, e.ErrorId);
        Assert.Equal(line, e.Line);
        return e;
    }
}
