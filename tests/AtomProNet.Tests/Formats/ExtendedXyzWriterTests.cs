using System.Collections.Immutable;
using System.Text;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

public class ExtendedXyzWriterTests
{
    private static readonly Structure Cell = new(Lattice.Cubic(4), [Element.FromSymbol("Si")], [new(1, 2, 3)], CoordinateKind.Cartesian);

    [Fact]
    public void Writes_what_the_specification_asks_for()
    {
        var f = new Frame(Cell)
        {
            FreeEnergy = -5,
            Forces = [new(0.5, 0, -1e-9)],
            Stress = new(1, 2, 3, 0.25, 0.5, 0.75),
            Weight = 2,
            Information = ImmutableSortedDictionary<string, object>.Empty.Add("note", "a b").Add("real", 1.0),
        };
        Assert.Equal(
            "1\nLattice=\"4.0 0.0 0.0 0.0 4.0 0.0 0.0 0.0 4.0\" Properties=species:S:1:pos:R:3:forces:R:3 energy=-5.0 energy_kind=free stress=\"1.0 0.75 0.5 0.75 2.0 0.25 0.5 0.25 3.0\" pbc=\"T T T\" config_weight=2.0 note=\"a b\" real=1.0\nSi 1.0 2.0 3.0 0.5 0.0 -1E-09\n",
            Text(f));
    }

    [Fact]
    public void Names_labels_as_the_consumer_wants_them()
    {
        var f = new Frame(Cell) { FreeEnergy = -5, EnergySigmaToZero = -4, Forces = [new(0, 0, 0)], Stress = new(1, 2, 3, 0, 0, 0) };
        string mace = Text(f, new() { KeyStyle = KeyStyle.Mace, EnergyKind = EnergyKind.SigmaToZero });
        Assert.Contains(" REF_energy=-4.0 energy_kind=sigma_to_zero REF_stress=\"1.0 0.0", mace);
        Assert.Contains(":REF_forces:R:3 ", mace);
        Assert.Contains(" free_energy=-5.0", mace);
        string seed = Text(f, new() { KeyStyle = KeyStyle.Seed, IncludeFurtherLabels = false });
        Assert.Contains(" energy=-5.0 energy_kind=free virial=\"-64.0 0.0 0.0 0.0 -128.0 0.0 0.0 0.0 -192.0\"", seed);
        Assert.DoesNotContain("sigma", seed);
        Assert.Equal(Text(f, new() { KeyStyle = KeyStyle.Ase }), Text(f, new() { KeyStyle = KeyStyle.NequIP }));
    }

    [Fact]
    public void Writes_molecules_without_a_cell_and_no_label_that_is_not_there()
    {
        var f = new Frame(new Structure(null, [Element.FromSymbol("H")], [new(0, 0, 0)], CoordinateKind.Cartesian));
        Assert.Equal("1\nProperties=species:S:1:pos:R:3 pbc=\"F F F\"\nH 0.0 0.0 0.0\n", Text(f));
    }

    [Fact]
    public void Says_that_a_frame_is_not_converged()
    {
        string text = Text(new Frame(Cell) { Convergence = new(ElectronicConvergence.NotConverged, "EDIFF was not reached", 60, 60) });
        Assert.Contains(" convergence=not_converged convergence_reason=\"EDIFF was not reached\" electronic_steps=60 electronic_steps_max=60", text);
        Assert.DoesNotContain("convergence", Text(new Frame(Cell) { Convergence = new(ElectronicConvergence.Converged) }));
    }

    [Theory]
    [InlineData("ExtendedXyzNameTaken", "energy", 1.0)]
    [InlineData("ExtendedXyzNameTaken", "Lattice", 1.0)]
    [InlineData("ExtendedXyzNameTaken", "virial", 1.0)]
    [InlineData("ExtendedXyzNameTaken", "group", "x")]
    [InlineData("ExtendedXyzNameTaken", "dft_method", "code=x")]
    [InlineData("ExtendedXyzValue", "x", "a\rb")]
    [InlineData("ExtendedXyzValue", "x", "a\0b")]
    [InlineData("ExtendedXyzValue", "", 1.0)]
    [InlineData("ExtendedXyzValue", "x", 1.0f)]
    public void Refuses_information_that_would_not_read_back(string id, string key, object value) =>
        Fails(id, new Frame(Cell) { Information = ImmutableSortedDictionary<string, object>.Empty.Add(key, value) });

    [Fact]
    public void Refuses_what_it_cannot_hold_before_the_first_byte()
    {
        Fails("ExtendedXyzValue", new Frame(Cell) { Information = ImmutableSortedDictionary<string, object>.Empty.Add("x", Array.Empty<double>()) });
        Fails("ExtendedXyzWord", new Frame(Cell.With(siteProperties: Column("label", SiteProperty.Text(1, ["a b"])))));
        Fails("ExtendedXyzWord", new Frame(Cell.With(siteProperties: Column("label", SiteProperty.Text(1, [""])))));
        Fails("ExtendedXyzNameTaken", new Frame(Cell.With(siteProperties: Column("forces", SiteProperty.Real(3, [1, 2, 3])))));
        Fails("ExtendedXyzNameTaken", new Frame(Cell.With(siteProperties: Column("charge", SiteProperty.Real(1, [1])))));
        Fails("ExtendedXyzColumnName", new Frame(Cell.With(siteProperties: Column("a:b", SiteProperty.Real(1, [1])))));
        Fails("ExtendedXyzValue", new Frame(Cell.With(name: "a\rb")));
        Fails("ExtendedXyzValue", new Frame(Cell.With(name: "half of a pair \ud800")));
        Fails("EnergyKindMissing", new Frame(Cell) { FreeEnergy = 1 }, new() { EnergyKind = EnergyKind.WithoutEntropy });
        var molecule = new Structure(null, [Element.FromSymbol("H")], [new(0, 0, 0)], CoordinateKind.Cartesian);
        Fails("VirialNeedsLattice", new Frame(molecule) { Stress = new(1, 1, 1, 0, 0, 0) }, new() { KeyStyle = KeyStyle.Seed });
    }

    private static ImmutableSortedDictionary<string, SiteProperty> Column(string name, SiteProperty column) => ImmutableSortedDictionary<string, SiteProperty>.Empty.Add(name, column);

    private static string Text(Frame frame, ExtendedXyzWriteOptions? options = null)
    {
        using var stream = new MemoryStream();
        Assert.Equal(1, ExtendedXyzWriter.WriteAll(stream, [frame], options));
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Fails(string id, Frame frame, ExtendedXyzWriteOptions? options = null)
    {
        using var stream = new MemoryStream();
        var e = Assert.Throws<AtomProNetException>(() => ExtendedXyzWriter.WriteAll(stream, [frame], options));
        Assert.Equal(id, e.ErrorId);
        Assert.Equal(0, stream.Length);
    }
}
