using System.Text;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

public class ExtendedXyzReaderTests
{
    private const string Cell = "Lattice=\"4 0 0 0 5 0 0 0 6\" ";

    [Fact]
    public void Reads_a_frame_with_labels()
    {
        Frame f = Single("2\n" + Cell + "Properties=species:S:1:pos:R:3:forces:R:3 energy=-3 stress=\"1 .5 .25 .5 2 0 .25 0 3\" pbc=\"T T F\"\nAl 0 0 0 .1 .2 .3\nO 1 2 3 -.1 -.2 -.3\n");
        Assert.Equal(["Al", "O"], f.Structure.Species.Select(e => e.Symbol));
        Assert.Equal(120, f.Structure.Volume!.Value, 1e-9);
        Assert.Equal(new Periodicity(true, true, false), f.Structure.Periodicity);
        Assert.Equal(-3, f.UnspecifiedEnergy);
        Assert.Null(f.FreeEnergy);
        Assert.Equal(new Vector3D(-.1, -.2, -.3), f.Forces!.Value[1]);
        Assert.Equal(new StressTensor(1, 2, 3, 0, .25, .5), f.Stress);
        Assert.Empty(f.Information);
        Assert.Empty(f.Structure.SiteProperties);
        Assert.Equal(new FrameSource("a.xyz", 1), f.Source);
        Assert.Null(f.Structure.Provenance);
    }

    [Fact]
    public void Takes_columns_in_any_order_with_others_between()
    {
        Frame f = Single("1\nProperties=forces:R:3:tag:I:1:Z:I:1:energies:R:1:pos:R:3:fixed:L:2:label:S:1 x=1\n.1 .2 .3 7 13 -3.5 1 2 3 T False Al_1\n");
        Assert.Equal("Al", f.Structure.Species[0].Symbol);
        Assert.Equal(new Vector3D(1, 2, 3), f.Structure.CartesianPositions[0]);
        Assert.Equal(new Vector3D(.1, .2, .3), f.Forces!.Value[0]);
        Assert.Equal([7L], f.Structure.SiteProperties["tag"].Integers);
        Assert.Equal([-3.5], f.Structure.SiteProperties["energies"].Reals);
        Assert.Equal([true, false], f.Structure.SiteProperties["fixed"].Logicals);
        Assert.Equal(["Al_1"], f.Structure.SiteProperties["label"].Texts);
        Assert.Equal(Periodicity.None, f.Structure.Periodicity);
        Assert.Null(f.Structure.Lattice);
    }

    [Theory]
    [InlineData("Properties=species:S:1:pos:R:3 ", "F F F")]
    [InlineData("Lattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3 ", "T T T")]
    [InlineData("Lattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3 pbc=\"F F F\"", "F F F")]
    [InlineData("Lattice=[[4,0,0],[0,4,0],[0,0,4]] Properties=species:S:1:pos:R:3 pbc=[T, F, T]", "T F T")]
    [InlineData("Lattice=\"4 4 4\" Properties=species:S:1:pos:R:3 pbc=\"1 0 1\"", "T F T")]
    [InlineData("Lattice=\"0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0\" Properties=species:S:1:pos:R:3 pbc=\"F F F\"", "F F F")]
    [InlineData("Lattice=\"4 0 0 0 4 0 0 0 4\"", "T T T")]
    public void Knows_the_defaults_of_pbc(string comment, string expected) =>
        Assert.Equal(expected, Single("1\n" + comment + "\nH 0 0 0\n").Structure.Periodicity.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("water, energy = -76.4 Hartree \"open")]
    [InlineData("Properties of water")]
    public void Falls_back_to_plain_xyz(string comment)
    {
        Frame f = Single($"3\n{comment}\nO 0 0 0 extra 1\n 8\t1 0 0\nH 0 1 0");
        Assert.Equal(["O", "O", "H"], f.Structure.Species.Select(e => e.Symbol));
        Assert.Null(f.Energy);
        Assert.Equal(comment.Length > 0 ? comment : null, f.Information.GetValueOrDefault("comment"));
    }

    [Fact]
    public void Reads_frames_one_after_the_other_with_crlf_and_blank_lines_at_the_end()
    {
        Frame[] frames = Read("\uFEFF1\r\n\r\nH 0 0 0\r\n 2 \r\nProperties=species:S:1:pos:R:3\r\nH 0 0 0\r\nHe 1 1 1\r\n\r\n \r\n").ToArray();
        Assert.Equal([1, 2], frames.Select(f => f.Structure.AtomCount));
        Assert.Equal([1, 2], frames.Select(f => f.Source!.Step));
    }

    [Theory]
    [InlineData("free", EnergyKind.Free)]
    [InlineData("without_entropy", EnergyKind.WithoutEntropy)]
    [InlineData("sigma_to_zero", EnergyKind.SigmaToZero)]
    public void Puts_the_energy_in_its_place(string word, EnergyKind kind)
    {
        Frame f = Single($"1\nProperties=species:S:1:pos:R:3 REF_energy=-1.5 energy_kind={word}\nH 0 0 0\n");
        Assert.Equal(-1.5, f.GetEnergy(kind));
        Assert.Equal(kind, f.EnergyKind);
    }

    [Fact]
    public void Knows_ases_free_energy()
    {
        Frame f = Single("1\nProperties=species:S:1:pos:R:3 energy=-1.5 free_energy=-1.75\nH 0 0 0\n");
        Assert.Equal(-1.75, f.FreeEnergy);
        Assert.Equal(-1.5, f.UnspecifiedEnergy);
        Assert.Equal(-1.75, f.Energy);
    }

    [Theory]
    [InlineData("virial=\"-120 0 0 0 -240 0 0 0 -360\"")]
    [InlineData("REF_virials=\"-120 0 0 0 -240 0 0 0 -360\"")]
    [InlineData("virials=\"-120 -240 -360 0 0 0\"")]
    [InlineData("REF_stress=\"1 0 0 0 2 0 0 0 3\" stress=\"1 2 3 0 0 0\"")]
    [InlineData("stress=\"1 0 0 0 2 0 0 0 3\" virial=\"-120.00001 0 0 0 -240 0 0 0 -360\"")]
    public void Turns_a_virial_into_the_stress(string labels)
    {
        Frame f = Single("1\n" + Cell + "Properties=species:S:1:pos:R:3 " + labels + "\nH 0 0 0\n");
        Assert.Equal(1, f.Stress!.Value.XX, 1e-12);
        Assert.Equal(2, f.Stress!.Value.YY, 1e-12);
        Assert.Equal(3, f.Stress!.Value.ZZ, 1e-12);
    }

    /// <summary>ASE writes an array of 3 × 3 as JSON unless its key is stress or virial: MACE's REF_stress is one.</summary>
    [Fact]
    public void Reads_a_tensor_that_ASE_wrote_as_json()
    {
        Frame f = Single("1\n" + Cell + "Properties=species:S:1:pos:R:3 REF_stress=\"_JSON [[0.1, 0.6, 0.5], [0.6, 0.2, 0.4], [0.5, 0.4, 3e-1]]\"\nH 0 0 0\n");
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], f.Stress!.Value.ToVoigt());
        f = Single("1\n" + Cell + "Properties=species:S:1:pos:R:3 REF_virials=\"_JSON [-120, 0, 0, 0, -240, 0, 0, 0, -360]\"\nH 0 0 0\n");
        Assert.Equal([1.0, 2, 3, 0, 0, 0], f.Stress!.Value.ToVoigt(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [InlineData("_JSON [[0.1, 0.6], [0.6, 0.2]]")]
    [InlineData("_JSON [[1, 0, 0], [0, 1, 0], [0, 0, \\\"1\\\"]]")]
    [InlineData("_JSON [[1, 0, 0], [0, 1, 0], [0, 0, NaN]]")]
    [InlineData("_JSON [1, 2, 3, 4, 5, 6")]
    [InlineData("_JSON 1")]
    [InlineData("_JSON [[1, 2, 3, 4, 5, 6]]")]
    public void Refuses_json_that_is_no_tensor(string value) => Fails("ExtendedXyzNumber", 2, $"1\n{Cell}Properties=species:S:1:pos:R:3 REF_stress=\"{value}\"\nH 0 0 0\n");

    [Theory]
    [InlineData("energy=-1 REF_energy=-2", "species:S:1:pos:R:3", "")]
    [InlineData("energy=-1 free_energy=-2 energy_kind=free", "species:S:1:pos:R:3", "")]
    [InlineData("stress=\"1 0 0 0 2 0 0 0 3\" virial=\"120 0 0 0 240 0 0 0 360\"", "species:S:1:pos:R:3", "")]
    [InlineData("stress=\"1 0 0 0 2 0 0 0 3\" REF_stress=\"1 0 0 0 2 0 0 0 3.1\"", "species:S:1:pos:R:3", "")]
    [InlineData("", "species:S:1:pos:R:3:forces:R:3:REF_forces:R:3", " 1 2 3 1 2 4")]
    public void Refuses_labels_that_contradict_each_other(string labels, string properties, string columns) =>
        Fails("ExtendedXyzLabelsContradict", 2, $"1\n{Cell}Properties={properties} {labels}\nH 0 0 0{columns}\n");

    [Fact]
    public void Takes_only_the_labels_of_the_style_that_is_asked_for()
    {
        const string Text = "1\n" + Cell + "Properties=species:S:1:pos:R:3:forces:R:3:REF_forces:R:3 energy=-1 REF_energy=-2 stress=\"1 0 0 0 1 0 0 0 1\"\nH 0 0 0 1 2 3 4 5 6\n";
        Frame mace = Assert.Single(Read(Text, KeyStyle.Mace));
        Assert.Equal(-2, mace.Energy);
        Assert.Equal(new Vector3D(4, 5, 6), mace.Forces!.Value[0]);
        Assert.Null(mace.Stress);
        Assert.Equal(-1L, mace.Information["energy"]);
        Assert.Equal([1.0, 2, 3], mace.Structure.SiteProperties["forces"].Reals);
        Frame ase = Assert.Single(Read(Text, KeyStyle.Ase));
        Assert.Equal(-1, ase.Energy);
        Assert.Equal(1, ase.Stress!.Value.XX);
        Assert.Equal(-2L, ase.Information["REF_energy"]);
    }

    [Fact]
    public void Restores_descent_source_verdict_and_weights()
    {
        Frame f = Single("1\nProperties=species:S:1:pos:R:3 structure_name=\"strain_+0.0100\" root=mp-1143 group=\"mp-1143/Supercell-12ab\" group_inferred=T source_file=\"/a b/OUTCAR\" source_step=3 config_type=IsolatedAtom config_weight=2 convergence=ambiguous convergence_reason=\"60 of 60\" electronic_steps=60 electronic_steps_max=60\nH 0 0 0\n");
        Assert.Equal("strain_+0.0100", f.Structure.Name);
        Assert.Equal("mp-1143", f.Structure.Provenance!.RootId);
        Assert.Equal("mp-1143/Supercell-12ab", f.GroupId);
        Assert.True(f.Structure.Provenance.GroupInferred);
        Assert.Equal(new FrameSource("/a b/OUTCAR", 3), f.Source);
        Assert.Equal("IsolatedAtom", f.ConfigType);
        Assert.Equal(2.0, f.Weight);
        Assert.Equal(new FrameConvergence(ElectronicConvergence.Ambiguous, "60 of 60", 60, 60), f.Convergence);
        Assert.Empty(f.Information);
    }

    [Fact]
    public void Reads_moments_and_charges_as_ase_names_them()
    {
        Frame f = Single("1\nProperties=species:S:1:pos:R:3:magmoms:R:1:charges:R:1:initial_magmoms:R:1 magmom=2.5\nFe 0 0 0 2.2 0.1 5\n");
        Assert.Equal([2.2], f.MagneticMoments!.Value);
        Assert.Equal([0.1], f.Charges!.Value);
        Assert.Equal(2.5, f.TotalMagneticMoment);
        Assert.Equal([5.0], f.Structure.SiteProperties["magmom"].Reals);
        f = Single("1\nProperties=species:S:1:pos:R:3:magmoms:R:3:charge:R:1\nFe 0 0 0 1 2 3 0.5\n");
        Assert.Equal(new Vector3D(1, 2, 3), f.MagneticMomentVectors!.Value[0]);
        Assert.Equal([0.5], f.Charges!.Value);
    }

    [Fact]
    public void Keeps_the_rest_with_its_type()
    {
        Frame f = Single("1\nProperties=species:S:1:pos:R:3 i=1 r=1.0 l=T s=word a=\"1 2\" dipole=\"0 0 1\"\nH 0 0 0\n");
        Assert.Equal(1L, f.Information["i"]);
        Assert.Equal(1.0, f.Information["r"]);
        Assert.Equal(true, f.Information["l"]);
        Assert.Equal("word", f.Information["s"]);
        Assert.Equal(new long[] { 1, 2 }, f.Information["a"]);
    }

    [Theory]
    [InlineData("ExtendedXyzEmpty", null, "")]
    [InlineData("ExtendedXyzEmpty", null, "\n\n")]
    [InlineData("ExtendedXyzAtomCount", 1, "H 0 0 0\n")]
    [InlineData("ExtendedXyzAtomCount", 1, "1 2\n\nH 0 0 0\n")]
    [InlineData("ExtendedXyzAtomCount", 1, "-1\n\nH 0 0 0\n")]
    [InlineData("ExtendedXyzAtomCount", 4, "1\n\nH 0 0 0\nH 0 0 1\n")]
    [InlineData("ExtendedXyzBlankLine", 4, "1\n\nH 0 0 0\n\n1\n\nH 0 0 0\n")]
    [InlineData("ExtendedXyzTruncated", 1, "1\n")]
    [InlineData("ExtendedXyzTruncated", 3, "2\n\nH 0 0 0.11111111111111\n")]
    [InlineData("ExtendedXyzTruncated", 1, "2000000000\n\nH 0 0 0\n")]
    [InlineData("ExtendedXyzTruncated", 3, "1\n\nH 0.12345678 0.12345678 0.1234")]
    [InlineData("ExtendedXyzTruncated", 3, "1\nProperties=species:S:1:pos:R:3:n:I:1\nH 0 0 0 12")]
    [InlineData("ExtendedXyzAtomLine", 3, "1\n\nH 0 0\n")]
    [InlineData("ExtendedXyzAtomLine", 3, "1\n\nH 0 0 x\n")]
    [InlineData("ExtendedXyzAtomLine", 3, "1\n\nH 0 0 ****\n")]
    [InlineData("ExtendedXyzAtomLine", 3, "1\n\nH 0 0 nan\n")]
    [InlineData("ExtendedXyzAtomLine", 4, "2\n\nH 0 0 0\n\n")]
    [InlineData("ExtendedXyzAtomLine", 3, "1\nProperties=species:S:1:pos:R:3\nH 0 0 0 1\n")]
    [InlineData("ExtendedXyzAtomLine", 3, "1\nProperties=species:S:1:pos:R:3:f:L:1\nH 0 0 0 1\n")]
    [InlineData("ExtendedXyzAtomLine", 3, "1\nProperties=species:S:1:pos:R:3:f:I:1\nH 0 0 0 1.0\n")]
    [InlineData("ExtendedXyzElementUnknown", 3, "1\n\nXx 0 0 0\n")]
    [InlineData("ExtendedXyzElementUnknown", 3, "1\n\n119 0 0 0\n")]
    [InlineData("ExtendedXyzProperties", 2, "1\nProperties=species:S:1:pos:R:2\nH 0 0\n")]
    [InlineData("ExtendedXyzProperties", 2, "1\nProperties=species:S:1\nH\n")]
    [InlineData("ExtendedXyzProperties", 2, "1\nProperties=species:S:1:pos:R:3:x:Q:1\nH 0 0 0 1\n")]
    [InlineData("ExtendedXyzProperties", 2, "1\nProperties=species:S:1:pos:R:3:pos:R:3\nH 0 0 0 1 1 1\n")]
    [InlineData("ExtendedXyzProperties", 2, "1\nProperties=species:S:1:pos:R:3:x:R\nH 0 0 0 1\n")]
    [InlineData("ExtendedXyzProperties", 2, "1\nProperties=species:S:1:pos:R:3:forces:R:1\nH 0 0 0 1\n")]
    [InlineData("ExtendedXyzCommentLine", 2, "1\nProperties=species:S:1:pos:R:3 a=\"open\nH 0 0 0\n")]
    [InlineData("ExtendedXyzKeyTwice", 2, "1\nProperties=species:S:1:pos:R:3 a=1 a=2\nH 0 0 0\n")]
    [InlineData("ExtendedXyzNumber", 2, "1\nProperties=species:S:1:pos:R:3 energy=nan\nH 0 0 0\n")]
    [InlineData("ExtendedXyzNumber", 2, "1\nProperties=species:S:1:pos:R:3 energy=low\nH 0 0 0\n")]
    [InlineData("ExtendedXyzNumber", 2, "1\nProperties=species:S:1:pos:R:3 Lattice=\"1 2 3 4\"\nH 0 0 0\n")]
    [InlineData("ExtendedXyzNumber", 2, "1\nProperties=species:S:1:pos:R:3 Lattice=\"4 0 0 0 4 0 0 0 4\" virial=\"1 2 3 4 5 6\"\nH 0 0 0\n")]
    [InlineData("ExtendedXyzEnergyKind", 2, "1\nProperties=species:S:1:pos:R:3 energy=1 energy_kind=best\nH 0 0 0\n")]
    [InlineData("ExtendedXyzPbc", 2, "1\nProperties=species:S:1:pos:R:3 pbc=yes\nH 0 0 0\n")]
    [InlineData("LatticeMissing", 2, "1\nProperties=species:S:1:pos:R:3 pbc=\"T T T\"\nH 0 0 0\n")]
    [InlineData("LatticeSingular", 2, "1\nProperties=species:S:1:pos:R:3 Lattice=\"1 0 0 2 0 0 0 0 1\"\nH 0 0 0\n")]
    [InlineData("StressNotSymmetric", 2, "1\nProperties=species:S:1:pos:R:3 stress=\"1 2 3 4 5 6 7 8 9\"\nH 0 0 0\n")]
    [InlineData("ExtendedXyzSpeciesContradict", 4, "2\nProperties=species:S:1:Z:I:1:pos:R:3\nH 1 0 0 0\nH 2 0 0 0\n")]
    public void Names_file_and_line_of_what_is_wrong(string id, int? line, string text) => Fails(id, line, text);

    /// <summary>-0.5 Ha are -13.6 eV: files that name a unit (as dpdata's do) are not read as eV.</summary>
    [Theory]
    [InlineData("energy=-0.5 energy-unit=hartree")]
    [InlineData("energy=-10.0 energy_unit=kcal/mol")]
    [InlineData("energy=-1.0 energy_units=eV/atom")]
    [InlineData("energy=-1.0 force-unit=hartree/bohr")]
    [InlineData("stress=\"1 0 0 0 1 0 0 0 1\" stress-unit=GPa")]
    [InlineData("virial=\"1 0 0 0 1 0 0 0 1\" virial_unit=\"Ha\"")]
    [InlineData("energy=-1 length-unit=bohr")]
    public void Refuses_labels_in_units_that_it_does_not_read(string labels) => Fails("ExtendedXyzUnit", 2, $"1\n{Cell}Properties=species:S:1:pos:R:3 {labels}\nH 0 0 0\n");

    [Fact]
    public void Takes_the_units_that_it_reads()
    {
        Frame f = Single($"1\n{Cell}Properties=species:S:1:pos:R:3:forces:R:3 energy=-1.5 energy-unit=eV force-unit=\"eV/Angstrom\" stress_unit=eV/ang^3 length_unit=A time_unit=fs\nH 0 0 0 1 2 3\n");
        Assert.Equal(-1.5, f.Energy);
        Assert.Equal("fs", f.Information["time_unit"]);
    }

    /// <summary>Passed over, such a key would cost the frame its cell, its periodic boundaries or its columns.</summary>
    [Theory]
    [InlineData("lattice=\"4 0 0 0 5 0 0 0 6\" properties=species:S:1:pos:R:3", "H 0 0 0")]
    [InlineData("LATTICE=\"4 0 0 0 5 0 0 0 6\" Properties=species:S:1:pos:R:3", "H 0 0 0")]
    [InlineData("Lattice=\"4 0 0 0 5 0 0 0 6\" properties=Z:I:1:pos:R:3", "1 0 0 0")]
    [InlineData("energy=-1 properties=species:S:1:pos:R:3:forces:R:3", "H 0 0 0 1 2 3")]
    [InlineData("Lattice=\"4 0 0 0 5 0 0 0 6\" Properties=species:S:1:pos:R:3 PBC=\"T T F\"", "H 0 0 0")]
    public void Refuses_keys_of_the_format_in_another_case(string comment, string row) => Fails("ExtendedXyzKeyCase", 2, $"1\n{comment}\n{row}\n");

    [Fact]
    public void Returns_the_frames_before_the_damage()
    {
        using IEnumerator<Frame> frames = Read("1\n\nH 0 0 0\n1\n\nH 0 0 x\n").GetEnumerator();
        Assert.True(frames.MoveNext());
        Assert.Throws<AtomProNetException>(() => frames.MoveNext());
    }

    [Fact]
    public void Reads_from_a_stream_that_cannot_seek_and_gives_a_byte_at_a_time()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("2\n" + Cell + "Properties=species:S:1:pos:R:3:forces:R:3 energy=-3\nAl 0 0 0 .1 .2 .3\nO 1 2 3 -.1 -.2 -.3\n", 50)));
        Assert.Equal(50, ExtendedXyzReader.Read(new TrickleStream(bytes), "a.xyz").Count());
    }

    [Fact]
    public void Stops_when_told()
    {
        using var stop = new CancellationTokenSource();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("1\n\nH 0 0 0\n1\n\nH 0 0 0\n"));
        using IEnumerator<Frame> frames = ExtendedXyzReader.Read(stream, "a.xyz", cancellationToken: stop.Token).GetEnumerator();
        Assert.True(frames.MoveNext());
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => frames.MoveNext());
    }

    private static void Fails(string id, int? line, string text)
    {
        var e = Assert.Throws<AtomProNetException>(() => Read(text).Count());
        Assert.Equal(id, e.ErrorId);
        Assert.Equal("a.xyz", e.File);
        Assert.Equal(line, (int?)e.Line);
    }

    private static Frame Single(string text) => Assert.Single(Read(text));

    private static IEnumerable<Frame> Read(string text, KeyStyle? style = null) =>
        ExtendedXyzReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.xyz", new ExtendedXyzReadOptions { KeyStyle = style });
}
