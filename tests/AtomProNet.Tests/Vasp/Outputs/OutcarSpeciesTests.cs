using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>Species and method, out of the header.</summary>
public sealed class OutcarSpeciesTests
{
    [Fact]
    public void SpeciesMayStandTwice()
    {
        SyntheticStep step = SyntheticRuns.Disordered(4, atoms: 8, displacement: 0.5);
        SyntheticOutcar run = new() { Types = [new("Ti", 3), new("O", 2), new("Ti", 3)], Steps = [step] };
        List<Frame> frames = OutcarText.AssertAll(run);
        Assert.Equal("Ti Ti Ti O O Ti Ti Ti", string.Join(' ', frames[0].Structure.Species));
    }

    [Theory]
    [InlineData("X: 5s2 5p6", "PAW_PBE Xe 07Sep2000", "Xe", false)]
    [InlineData("r: 4s4p5s4d", "PAW_PBE Zr_sv 07Sep2000", "Zr", true)]
    [InlineData("Sn: s2p2", "PAW_PBE Sn_d 06Sep2000", "Sn", false)]
    [InlineData("Ag : s1 d10", "PAW_PBE Ag 06Sep2000", "Ag", false)]
    [InlineData("H: ultrasoft test", "PAW_PBE H1.25 07Sep2000", "H", false)]
    [InlineData("O: s2p4", "PAW O/hash 1", "O", false)]
    public void SpeciesComeFromTheConfigurationOrTheTitle(string configuration, string title, string symbol, bool isNoticed)
    {
        SyntheticOutcar run = new() { Types = [new(symbol, 4, title, configuration)], Steps = [SyntheticRuns.Disordered(5)] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Assert.Equal(symbol, Assert.Single(frames).Structure.Species[0].Symbol);
        Assert.Equal(isNoticed, report.Findings.Any(f => f.Code == "SpeciesNamesDisagree"));
    }

    [Fact]
    public void AWrongConfigurationIsOutvotedAndTold()
    {
        string text = SyntheticRuns.Static(SyntheticRuns.Disordered(5)).ToText().Replace("VRHFIN =Al", "VRHFIN =Ag", StringComparison.Ordinal);
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(text);
        Assert.Equal("Al", Assert.Single(frames).Structure.Species[0].Symbol);
        Assert.Contains(report.Findings, f => f.Code == "SpeciesNamesDisagree");
    }

    [Fact]
    public void ElevenSpeciesGoOnInTheNextLine()
    {
        string[] symbols = ["H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na"];
        SyntheticStep step = SyntheticRuns.Disordered(6, atoms: 11, displacement: 1.2);
        List<Frame> frames = OutcarText.AssertAll(new() { Types = [.. symbols.Select(s => new SyntheticType(s, 1))], Steps = [step] });
        Assert.Equal(symbols, frames[0].Structure.Species.Select(e => e.Symbol));
    }

    [Fact]
    public void FewerCountsThanPotentialsIsAClearError()
    {
        string text = new SyntheticOutcar { Types = [new("Ti", 2), new("O", 1), new("Ti", 1)], Steps = [SyntheticRuns.Disordered(7)] }.ToText()
            .Replace("   2   1   1", "   3   1", StringComparison.Ordinal);
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(text);
        Assert.Empty(frames);
        AtomProNetException error = Assert.Single(report.Errors);
        Assert.Equal("OutcarSpeciesCountMismatch", error.ErrorId);
        Assert.Contains("vasprun.xml", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void TheMethodHasHybridsMetaGgaDispersionAndHubbard()
    {
        SyntheticStep step = SyntheticRuns.Disordered(25);
        SyntheticOutcar run = new() { Types = [new("Fe", 2), new("O", 2)], Steps = [step], MoreParameters = ["   LASPH  =      T    aspherical Exc in radial PAW", " LDA+U is selected, type is set to LDAUTYPE =  2", "   angular momentum for each species LDAUL =     2   -1", "   U (eV)           for each species LDAUU =   5.3  0.0", "   J (eV)           for each species LDAUJ =   0.3  0.0", "   METAGGA = R2SCAN  some words"] };
        string text = run.ToText().Replace("   LASPH  =      F", "   LASPHX =      F", StringComparison.Ordinal).Replace(" Exchange correlation", "   IVDW = 12\n Exchange correlation", StringComparison.Ordinal);
        DftMethod method = Assert.Single(OutcarText.Read(text).Frames).Method!;
        Assert.Equal("R2SCAN", method.Functional);
        Assert.Equal("D3(BJ)", method.Dispersion);
        Assert.True(method.AsphericalCorrections);
        Assert.Equal(5.0, method.HubbardU["Fe"], 1e-12);
        Assert.False(method.HubbardU.ContainsKey("O"));

        text = run.ToText().Replace("   METAGGA = R2SCAN  some words", "", StringComparison.Ordinal).Replace("LHFCALC =     F", "LHFCALC =     T", StringComparison.Ordinal).Replace("AEXX    =    0.0000", "HFSCREEN=    0.2000\n   AEXX    =    0.2500", StringComparison.Ordinal);
        Assert.Equal("HSE06", Assert.Single(OutcarText.Read(text).Frames).Method!.Functional);
    }
}
