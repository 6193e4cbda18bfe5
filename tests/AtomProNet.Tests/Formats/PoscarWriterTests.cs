using System.Collections.Immutable;
using System.Text;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

public class PoscarWriterTests
{
    [Fact]
    public void Gathers_species_in_order_of_appearance_and_moves_properties_along()
    {
        var s = new Structure(
            Lattice.Cubic(4),
            [.. new[] { "Li", "O", "Li" }.Select(Element.FromSymbol)],
            [new(0, 0, 0), new(0.5, 0.5, 0.5), new(0.25, 0, 0)],
            CoordinateKind.Fractional,
            siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty
                .Add("selective_dynamics", SiteProperty.Logical(3, [true, true, true, false, false, false, true, false, true]))
                .Add("velocities", SiteProperty.Real(3, [1, 2, 3, 4, 5, 6, 7, 8, 9])),
            name: "two\nlines\tand a tab");
        string[] lines = Encoding.UTF8.GetString(PoscarWriter.ToBytes(s)).Split('\n');
        Assert.Equal("two lines and a tab", lines[0]);
        Assert.Equal("1.0", lines[1]);
        Assert.Equal("Li O", lines[5]);
        Assert.Equal("2 1", lines[6]);
        Assert.Equal("Selective dynamics", lines[7]);
        Assert.Equal("Direct", lines[8]);
        Assert.Equal("0.0 0.0 0.0 T T T", Squeeze(lines[9]));
        Assert.Equal("0.25 0.0 0.0 T F T", Squeeze(lines[10]));
        Assert.Equal("0.5 0.5 0.5 F F F", Squeeze(lines[11]));
        Assert.Equal("", lines[12]);
        Assert.Equal("7.0 8.0 9.0", Squeeze(lines[14]));
        Assert.Equal("", lines[16]);
        Assert.Equal(17, lines.Length);

        SpeciesGrouping groups = SpeciesGrouping.Of(s);
        Assert.Equal([0, 2, 1], groups.SiteOrder);
        Assert.False(groups.IsIdentity);
    }

    [Fact]
    public void Writes_the_coordinates_that_were_given_unless_told_otherwise()
    {
        var s = new Structure(Lattice.Cubic(4), [Element.FromSymbol("Si")], [new(1, 2, 3)], CoordinateKind.Cartesian);
        string[] lines = Encoding.UTF8.GetString(PoscarWriter.ToBytes(s)).Split('\n');
        Assert.Equal("Si", lines[0]);
        Assert.Equal("Cartesian", lines[7]);
        lines = Encoding.UTF8.GetString(PoscarWriter.ToBytes(s, new PoscarWriteOptions { Coordinates = CoordinateKind.Fractional, Comment = "" })).Split('\n');
        Assert.Equal("", lines[0]);
        Assert.Equal("Direct", lines[7]);
        Assert.Equal("0.25 0.5 0.75", Squeeze(lines[8]));
    }

    [Fact]
    public void Refuses_what_a_poscar_cannot_hold()
    {
        var molecule = new Structure(null, [Element.FromSymbol("H")], [new(0, 0, 0)], CoordinateKind.Cartesian);
        Assert.Equal("PoscarNeedsLattice", Assert.Throws<AtomProNetException>(() => PoscarWriter.ToBytes(molecule)).ErrorId);
        var empty = new Structure(Lattice.Cubic(4), [], [], CoordinateKind.Cartesian);
        Assert.Equal("PoscarNeedsAtoms", Assert.Throws<AtomProNetException>(() => PoscarWriter.ToBytes(empty)).ErrorId);
    }

    private static string Squeeze(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
