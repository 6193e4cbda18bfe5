using AtomProNet.Cli;
using AtomProNet.Datasets.Checks;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets;

public class TestTrainingSetCommandTests
{
    [Fact]
    public void A_clean_set_gives_no_object()
    {
        PipelineResult result = PipelineHost.Run("Test-TrainingSet -Verbose", Path.GetTempPath(), new() { Input = CleanSet.All });
        Assert.Empty(result.Output);
        Assert.Empty(result.Errors);
        Assert.Contains("0 findings", Assert.Single(result.Verbose), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_held_against_each_other()
    {
        using var folder = new TemporaryFolder();
        Frame[] md = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "md"))];
        PipelineHost.Run("Export-TrainingSet train.extxyz", folder.Root, new() { Input = md[..30] });
        PipelineHost.Run("Export-TrainingSet test.extxyz", folder.Root, new() { Input = md[30..] });
        Assert.Empty(PipelineHost.Run("Import-TrainingSet train.extxyz, test.extxyz | Test-TrainingSet", folder.Root).Output);
        PipelineResult result = PipelineHost.Run("Import-TrainingSet train.extxyz | Test-TrainingSet -TestSet test.extxyz", folder.Root);
        Assert.Equal("NeighboursAcrossParts", Assert.Single(result.Output.Cast<TrainingSetFinding>()).Code);
    }

    [Fact]
    public void A_missing_part_is_an_error()
    {
        using var folder = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run("Test-TrainingSet -TestSet nowhere.extxyz", folder.Root, new() { Input = CleanSet.All[..3] });
        Assert.NotEmpty(result.Errors);
        Assert.Empty(result.Output);
    }

    /// <summary>What real outputs give: nothing but the Pulay stress that their README tells of.</summary>
    [Fact]
    public void Real_outputs()
    {
        string folder = SharedData.Path("data");
        Assert.Equal(["PulayStress"], Codes("Import-Outcar vasp/strain"));
        Assert.DoesNotContain(Codes("Import-Outcar vasp/relaxation"), c => c != "BasisDrifted");
        Assert.Empty(Codes("Import-TrainingSet mlip/DFT_data.extxyz"));
        // Atoms that overlap: forces of hundreds of eV/Å along one line, of which a tolerance in percent says nothing.
        Assert.DoesNotContain("LatticeTransposed", Codes("Import-QEOutput qe/mp-1094129"));

        string[] Codes(string source)
        {
            PipelineResult result = PipelineHost.Run(source + " | Test-TrainingSet", folder);
            Assert.Empty(result.Errors);
            return [.. result.Output.Cast<TrainingSetFinding>().Select(f => f.Code)];
        }
    }
}
