using AtomProNet.Cli;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

public sealed class ImportQEOutputCommandTests
{
    private static string Made => SharedData.Path("data", "qe", "made");

    [Fact]
    public void FilesComeInTheOrderInWhichTheyAreNamed()
    {
        PipelineResult result = PipelineHost.Run("Import-QEOutput si_relax/pw.out,al_scf_metal/pw.out,si_md/pw.out", Made);
        Assert.Empty(result.Errors);
        Frame[] frames = [.. result.Output.Cast<Frame>()];
        Assert.Equal([.. Enumerable.Repeat("si_relax", 6), "al_scf_metal", .. Enumerable.Repeat("si_md", 20)], frames.Select(f => Path.GetFileName(Path.GetDirectoryName(f.Source!.File))));
        Assert.Equal([1, 2, 3, 4, 5, 6], frames.Take(6).Select(f => f.Source!.Step));
    }

    [Fact]
    public void AFolderGivesTheOutputsOfPwXAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/scf.out", File.ReadAllText(Path.Combine(Made, "si_scf", "pw.out")));
        folder.Write("b/slurm-17.out", File.ReadAllText(Path.Combine(Made, "si_relax", "pw.out")));
        folder.Write("b/ph.out", "     Program PHONON v.6.7MaX starts on 22Nov2026\n");
        folder.Write("b/notes.log", "nothing\n");
        PipelineResult result = PipelineHost.Run("Import-QEOutput .", folder.Root);
        Assert.Empty(result.Errors);
        Assert.Equal(7, result.Output.Count);

        // Named, it is an error that says what to do.
        result = PipelineHost.Run("Import-QEOutput b/notes.log", folder.Root);
        Assert.StartsWith("NotPwOutput,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void WildcardsAndTheLastStepAlone()
    {
        PipelineResult result = PipelineHost.Run("Import-QEOutput si_*/pw.out -Step Last", Made);
        Frame[] frames = [.. result.Output.Cast<Frame>()];
        Assert.Equal(["si_killed", "si_maxseconds", "si_md", "si_relax", "si_relax_nstep_hit", "si_scf", "si_scf_highverb", "si_vcmd", "si_vcrelax"], frames.Select(f => Path.GetFileName(Path.GetDirectoryName(f.Source!.File))));
        Assert.Equal([33, 21, 20, 6, 2, 1, 1, 8, 9], frames.Select(f => f.Source!.Step));
        Assert.Contains(result.Warnings, w => w.Contains("si_noconv", StringComparison.Ordinal) && w.Contains("not converged", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.Contains("si_badinput", StringComparison.Ordinal) && w.Contains("nonsense=3", StringComparison.Ordinal));
    }

    [Fact]
    public void AnXmlAloneIsReadWhereItIsNamed()
    {
        PipelineResult result = PipelineHost.Run("Import-QEOutput si_vcrelax/data-file-schema.xml", Made);
        Assert.Empty(result.Errors);
        Assert.Equal(9, result.Output.Count);
    }

    [Fact]
    public void TheDescentComesFromTheFolder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("run/pw.out", File.ReadAllText(Path.Combine(Made, "si_scf", "pw.out")));
        folder.Write("run/provenance.json", """
            {"version":1,"writer":"test","structure":{"name":"Si-strained","formula":"Si2","contentHash":"00"},
             "provenance":{"version":1,"chain":[{"operation":"Bundled","parameters":{},"rootId":"bundled:Si","groupId":"bundled:Si"},
               {"operation":"Strain","parameters":{"strain":"0.01"},"parentHash":"00","rootId":"bundled:Si","groupId":"bundled:Si"}]},
             "method":{"code":"pw.x","preset":null,"settings":{},"deviations":{},"kPoints":{"divisions":[4,4,4],"gammaCentred":true,"rule":"explicit"},"potentials":[]}}
            """);
        Frame frame = Assert.IsType<Frame>(Assert.Single(PipelineHost.Run("Import-QEOutput run/pw.out", folder.Root).Output));
        Assert.Equal("bundled:Si", frame.GroupId);
        Assert.False(frame.Structure.Provenance!.GroupInferred);
        Assert.Equal("Strain", frame.Structure.Provenance.Operation);
        Assert.Equal("Si-strained", frame.Structure.Name);
    }
}
