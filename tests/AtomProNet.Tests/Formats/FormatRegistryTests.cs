using AtomProNet.Formats;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

public class FormatRegistryTests
{
    [Theory]
    [InlineData("POSCAR", "Poscar")]
    [InlineData("/a/b/CONTCAR.relaxed", "Poscar")]
    [InlineData("mp-1143_POSCAR", "Poscar")]
    [InlineData("x.vasp", "Poscar")]
    [InlineData("x.POSCAR", "Poscar")]
    [InlineData("POSCAR.cif", "Cif")]
    [InlineData("x.CIF", "Cif")]
    [InlineData("set.extxyz", "ExtendedXyz")]
    [InlineData("set.xyz", "ExtendedXyz")]
    public void Knows_formats_by_the_names_of_files(string file, string format) => Assert.Equal(format, FormatRegistry.ForFile(file).Name);

    [Theory]
    [InlineData("OUTCAR")]
    [InlineData("xyz")]
    [InlineData("x.cif.bak")]
    public void Does_not_guess(string file)
    {
        Assert.False(FormatRegistry.TryForFile(file, out _));
        Assert.Contains("-Format", Assert.Throws<AtomProNetException>(() => FormatRegistry.ForFile(file)).Message);
    }

    [Fact]
    public void Finds_every_format_by_its_name()
    {
        foreach (IFormat format in FormatRegistry.All)
        {
            Assert.Same(format, FormatRegistry.ByName(format.Name.ToUpperInvariant()));
            Assert.StartsWith(".", format.Extension);
            Assert.Same(format, FormatRegistry.ForFile("a name" + format.Extension));
        }

        Assert.Equal("FormatUnknown", Assert.Throws<AtomProNetException>(() => FormatRegistry.ByName("pdb")).ErrorId);
    }

    /// <summary>What a format says that it holds, it holds: written and read through the registry alone.</summary>
    [Fact]
    public void Capabilities_are_true()
    {
        foreach (IFormat format in FormatRegistry.All)
        {
            Structure slab = new(Lattice.Cubic(5), [Element.FromSymbol("O"), Element.FromSymbol("Li"), Element.FromSymbol("O")], [new(0, 0, 0), new(2, 0, 0), new(0, 2, 0)], CoordinateKind.Cartesian, new(true, true, false));
            var frame = new Frame(slab) { FreeEnergy = -1, Forces = [default, default, default] };
            Frame back = Assert.Single(Read(format, Write(format, frame)));
            FormatCapabilities can = format.Capabilities;
            Assert.Equal(can.HoldsPeriodicity, back.Structure.Periodicity == slab.Periodicity);
            Assert.Equal(can.KeepsSiteOrder, back.Structure.Species.SequenceEqual(slab.Species));
            Assert.Equal(can.HoldsLabels, back.FreeEnergy is not null && back.Forces is not null);
            Assert.Equal(!can.HoldsPeriodicity, can.LossesOf(slab).Any());

            var molecule = new Frame(new Structure(null, [Element.FromSymbol("H")], [default], CoordinateKind.Cartesian));
            Assert.Equal(can.HoldsMolecules, Record.Exception(() => Write(format, molecule)) is null);
            Exception? second = Record.Exception(() => Write(format, frame, frame));
            Assert.Equal(can.HoldsMany, second is null);
            Assert.True(can.HoldsMany || ((AtomProNetException)second!).ErrorId == "FormatHoldsOne");

            var turned = new Structure(new Lattice(new(0, 5, 0), new(0, 0, 6), new(7, 0, 0)), [Element.FromSymbol("Li")], [default], CoordinateKind.Cartesian);
            Assert.Equal(can.KeepsOrientation, Read(format, Write(format, new Frame(turned))).Single().Structure.Lattice!.Equals(turned.Lattice));
        }
    }

    [Fact]
    public void Files_become_the_root_of_the_provenance()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("two.xyz", "1\n\nH 0 0 0\n1\nProperties=species:S:1:pos:R:3 root=mp-1 group=mp-1/a\nH 0 0 0\n");
        Frame[] frames = [.. StructureFile.Read(path)];
        Provenance first = frames[0].Structure.Provenance!;
        Assert.Equal("File", first.Operation);
        Assert.Equal(path.Replace('\\', '/'), first.RootId);
        Assert.True(first.GroupInferred);
        Assert.Equal("1", first.Parameters["number"]);
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))).ToLowerInvariant(), first.Parameters["sha256"]);
        Assert.Equal("mp-1/a", frames[1].GroupId);
        Assert.Equal("mp-1", frames[1].Structure.Provenance!.RootId);
    }

    private static byte[] Write(IFormat format, params Frame[] frames)
    {
        using var stream = new MemoryStream();
        using IFormatWriter writer = format.OpenWriter(stream);
        foreach (Frame frame in frames)
        {
            writer.Write(frame);
        }

        return stream.ToArray();
    }

    private static Frame[] Read(IFormat format, byte[] bytes) => [.. format.Read(new MemoryStream(bytes), "file", new FormatReadOptions())];
}
