using System.Management.Automation;
using AtomProNet.Cli;
using AtomProNet.PS.Databases;
using AtomProNet.PS.Hosting;
using AtomProNet.PS.Vasp;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.Tests.Vasp.Inputs;

/// <summary>INCAR keys as text, and what is proposed for them and for elements and formulas.</summary>
public sealed class IncarKeyTests
{
    [Fact]
    public void Every_meaning_is_of_a_key_that_there_is_and_short()
    {
        var told = IncarTags.All.Where(key => IncarTags.Meaning(key) is not null).ToList();
        Assert.True(told.Count > 90);
        Assert.All(File.ReadLines(Repository.File("src", "AtomProNet", "Vasp", "Inputs", "Data", "incar-meanings.txt")).Where(line => line[0] != '#'), line =>
        {
            Assert.Contains(line.Split(' ')[0], told);
            Assert.InRange(line.Length, 10, 160);
        });
    }

    [Theory]
    [InlineData("enc", "ENCUT=", "cut-off energy")]
    [InlineData("'ISM", "ISMEAR=", "smearing")]
    [InlineData("ML_CALGO", "ML_CALGO=", "vasp.at/wiki/ML_CALGO")]
    public void A_key_is_proposed_with_its_meaning(string word, string expected, string meaning)
    {
        CompletionResult first = new IncarKeyCompleter().CompleteArgument("New-VaspInput", "Incar", word, null!, null!).First();
        Assert.Equal(expected, first.CompletionText);
        Assert.Contains(meaning, first.ToolTip, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_proposed_for_a_value() =>
        Assert.Empty(new IncarKeyCompleter().CompleteArgument("New-VaspInput", "Incar", "ENCUT=", null!, null!));

    [Fact]
    public void Elements_are_found_by_symbol_and_by_name()
    {
        Assert.Equal(["Al"], new ElementCompleter().CompleteArgument("x", "Element", "alu", null!, null!).Select(c => c.CompletionText));
        Assert.Equal(["Si", "Sn"], new ElementCompleter().CompleteArgument("x", "Element", "s", null!, null!).Select(c => c.CompletionText).Where(s => s is "Si" or "Sn"));
        Assert.Equal(118, new ElementCompleter().CompleteArgument("x", "Element", null!, null!, null!).Count());
    }

    [Fact]
    public void Formulas_of_the_bundled_crystals_are_proposed_once_each()
    {
        string[] found = [.. new BundledFormulaCompleter().CompleteArgument("Get-MPStructure", "Query", "al", null!, null!).Select(c => c.CompletionText)];
        Assert.Contains("Al2O3", found);
        Assert.Contains("Al", found);
        Assert.Equal(found.Distinct(), found);
    }

    [Theory]
    [InlineData("-Incar ENCUT=600,LREAL=Auto,'ISMEAR = 0; SIGMA = 0.1'")]
    [InlineData("-Incar @{ENCUT=600; LREAL='Auto'},'ISMEAR=0','SIGMA=0.1'")]
    [InlineData("-Incar @{ENCUT=600; LREAL='Auto'; ISMEAR=0; SIGMA=0.1}")]
    public void Text_and_tables_say_the_same(string incar)
    {
        using var work = new TemporaryFolder();
        PipelineResult run = PipelineHost.Run($"Get-MPStructure Si -Source Bundled | New-VaspInput runs {incar}", work.Root, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(run.Errors);
        Incar written = IncarReader.ReadFile(Directory.GetFiles(work.Path("runs"), "INCAR", SearchOption.AllDirectories).Single());
        Assert.Equal(("600", "Auto", "0", "0.1"), (written["ENCUT"]!.Text, written["LREAL"]!.Text, written["ISMEAR"]!.Text, written["SIGMA"]!.Text));
    }

    [Theory]
    [InlineData("ENCUT")]
    [InlineData("ENCUT=")]
    [InlineData("600")]
    [InlineData("'ENCUT=600 LREAL=Auto'")] // VASP passes LREAL over
    public void What_is_neither_is_refused(string incar)
    {
        using var work = new TemporaryFolder();
        PipelineResult run = PipelineHost.Run($"Get-MPStructure Si -Source Bundled | New-VaspInput runs -Incar {incar}", work.Root, cancellationToken: TestContext.Current.CancellationToken);
        Assert.StartsWith("IncarEntryInvalid", Assert.Single(run.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(Directory.Exists(work.Path("runs")));
    }
}
