using System.Security.Cryptography;
using System.Text;
using AtomProNet.Structures;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.Tests.Vasp.Inputs;

public sealed class PotcarLibraryTests : IDisposable
{
    private static readonly Element Al = Element.FromSymbol("Al");
    private readonly string folder = Directory.CreateTempSubdirectory("potcar").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("POTCAR_Al")]
    [InlineData("POTCAR_Al.gz")]
    [InlineData("POTCAR.Al")]
    [InlineData("POTCAR.Al.gz")]
    [InlineData("Al/POTCAR")]
    [InlineData("Al/POTCAR.gz")]
    [InlineData("POT_GGA_PAW_PBE/POTCAR.Al.gz")]
    [InlineData("POT_GGA_PAW_PBE/POTCAR.Al")]
    [InlineData("POT_GGA_PAW_PBE/Al/POTCAR")]
    [InlineData("potpaw_PBE/Al/POTCAR")]
    public void Every_layout_is_found(string file)
    {
        PotcarDataset potcar = new PotcarLibrary(FakePotcars.Library(folder, (file, "PAW_PBE Al 04Jan2001", 240.3))).Get(Al, "Al", "PBE");

        Assert.Equal("PAW_PBE Al 04Jan2001", potcar.Title);
        Assert.Equal(240.3, potcar.Enmax);
        Assert.Equal("PE", potcar.ExchangeCorrelation);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(FakePotcars.Text("PAW_PBE Al 04Jan2001", 240.3)))).ToLowerInvariant(), potcar.Sha256);
    }

    [Fact]
    public void A_library_that_went_through_Windows_gives_the_same_POTCAR()
    {
        string text = FakePotcars.Text("PAW_PBE Al 04Jan2001", 240.3), unix = Path.Combine(folder, "a"), windows = Path.Combine(folder, "b");
        File.WriteAllText(unix, text);
        File.WriteAllText(windows, text.ReplaceLineEndings("\r\n"));
        PotcarDataset one = PotcarDataset.Read(unix), other = PotcarDataset.Read(windows);
        Assert.Equal(one.Sha256, other.Sha256);
        using var written = new MemoryStream();
        other.CopyTo(written);
        Assert.Equal(text, Encoding.ASCII.GetString(written.ToArray()));
    }

    [Theory]
    [InlineData("PBE_54", "POT_GGA_PAW_PBE_54/POTCAR.Al.gz")]
    [InlineData("PBE_54", "potpaw_PBE.54/Al/POTCAR")]
    [InlineData("PBE_64", "POT_PAW_PBE_64/POTCAR.Al")]
    public void The_version_of_the_library_is_the_wanted_one(string functional, string file)
    {
        FakePotcars.Library(folder, (file, "PAW_PBE Al 04Jan2001", 240.3), ("POT_GGA_PAW_PBE/POTCAR.Al", "PAW_PBE Al 01Jan1999", 200));

        Assert.Equal("PAW_PBE Al 04Jan2001", new PotcarLibrary(folder).Get(Al, "Al", functional).Title);
        Assert.Equal("PAW_PBE Al 01Jan1999", new PotcarLibrary(folder).Get(Al, "Al", "PBE").Title);
    }

    [Fact]
    public void A_potential_of_another_element_is_an_error()
    {
        FakePotcars.Library(folder, ("POTCAR_Al", "PAW_PBE Si 05Jan2001", 245));

        var error = Assert.Throws<AtomProNetException>(() => new PotcarLibrary(folder).Get(Al, "Al", "PBE"));

        Assert.Equal("PotcarElementWrong", error.ErrorId);
        Assert.Contains("Al", error.Message, StringComparison.Ordinal);
        Assert.Contains("Si", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_one_names_the_element_and_what_there_is()
    {
        FakePotcars.Library(folder, ("POTCAR_Zr_sv", "PAW_PBE Zr_sv 04Jan2005", 229.9));

        var error = Assert.Throws<AtomProNetException>(() => new PotcarLibrary(folder).Get(Element.FromSymbol("Zr"), "Zr", "PBE"));

        Assert.Equal("PotcarMissing", error.ErrorId);
        Assert.Contains("for Zr", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Potential @{Zr='Zr_sv'}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PAW_PBE Al 04Jan2001", "Al")]
    [InlineData("PAW_PBE Al_pv 04Jan2001", "Al")]
    [InlineData("PAW_PBE H1.25 07Sep2000", "H")]
    [InlineData("PAW_PBE H.5 07Sep2000", "H")]
    [InlineData("US O", "O")]
    [InlineData("PAW O_s 04May1998", "O")]
    [InlineData("PAW_PBE Sn_d 06Sep2000", "Sn")]
    [InlineData("PAW_PBE Co/5fa1 06Sep2000", "Co")]
    [InlineData("PAW_PBE X 07Sep2000", "Xe")]
    public void The_element_of_a_title(string title, string symbol) => Assert.Equal(symbol, PotcarDataset.ElementOf(title)!.Symbol);

    [Fact]
    public void Damaged_files_are_told_by_name()
    {
        string text = FakePotcars.Text("PAW_PBE Al 04Jan2001", 240.3);
        Check("PotcarTruncated", Encoding.ASCII.GetBytes(text[..^20]));
        Check("PotcarHoldsSeveral", Encoding.ASCII.GetBytes(text + FakePotcars.Text("PAW_PBE O 08Apr2002", 400)));
        Check("PotcarTitleMissing", "nothing\n"u8.ToArray());
        Check("PotcarTitleMissing", []);
        Check("PotcarElementUnknown", Encoding.ASCII.GetBytes(FakePotcars.Text("PAW_PBE Qq 04Jan2001", 240.3)));

        File.Delete(Path.Combine(folder, "POTCAR_Al"));
        File.WriteAllText(Path.Combine(folder, "POTCAR_Al.gz"), "no gzip");
        Assert.Equal("PotcarDamaged", Assert.Throws<AtomProNetException>(() => new PotcarLibrary(folder).Get(Al, "Al", "PBE")).ErrorId);

        void Check(string errorId, byte[] content)
        {
            File.WriteAllBytes(Path.Combine(folder, "POTCAR_Al"), content);
            var error = Assert.Throws<AtomProNetException>(() => new PotcarLibrary(folder).Get(Al, "Al", "PBE"));
            Assert.Equal(errorId, error.ErrorId);
            Assert.Equal(Path.Combine(folder, "POTCAR_Al"), error.File);
        }
    }

    [Fact]
    public void Two_different_ones_of_one_name_are_not_chosen_from()
    {
        FakePotcars.Library(folder, ("POTCAR_Al", "PAW_PBE Al 04Jan2001", 240.3), ("Al/POTCAR", "PAW_PBE Al 01Jan1999", 240.3));
        Assert.Equal("PotcarAmbiguous", Assert.Throws<AtomProNetException>(() => new PotcarLibrary(folder).Get(Al, "Al", "PBE")).ErrorId);

        FakePotcars.Library(folder, ("Al/POTCAR", "PAW_PBE Al 04Jan2001", 240.3));
        Assert.Equal("PAW_PBE Al 04Jan2001", new PotcarLibrary(folder).Get(Al, "Al", "PBE").Title);
    }

    [Theory]
    [InlineData("../Al")]
    [InlineData("a/b")]
    [InlineData("")]
    public void A_name_leads_nowhere_else(string name) =>
        Assert.Equal("PotentialNameInvalid", Assert.Throws<AtomProNetException>(() => new PotcarLibrary(folder).Get(Al, name, "PBE")).ErrorId);
}
