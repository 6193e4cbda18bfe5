using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>OUTCAR and vasprun.xml of one run, read as one.</summary>
public sealed class VaspResultTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void BothFilesGiveOneFrameAStepWithTheDigitsOfTheBetter()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(1, 3);
        folder.Write("OUTCAR", run.ToText());
        folder.Write("vasprun.xml", run.ToVasprun());
        PipelineResult result = Run("Import-DftResult .");
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        List<Frame> frames = [.. result.Output.Cast<Frame>()];
        Assert.Equal([1, 2, 3], frames.Select(f => f.Source!.Step));
        for (int i = 0; i < 3; i++)
        {
            VasprunText.AssertSame(run.Steps[i], frames[i], run);
            // Only the OUTCAR has it.
            Assert.NotNull(frames[i].Temperature);
            Assert.EndsWith("OUTCAR", frames[i].Source!.File, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatOneFileLacksTheOtherGives()
    {
        // With NWRITE = 0 the OUTCAR has positions in few steps only; the vasprun.xml was cut off.
        SyntheticOutcar run = SyntheticRuns.Dynamics(2, 4);
        folder.Write("OUTCAR", (run with { Steps = [run.Steps[0], run.Steps[1] with { WithoutForces = true }, run.Steps[2], run.Steps[3]] }).ToText());
        string xml = run.ToVasprun();
        int last = xml.LastIndexOf("<calculation>", StringComparison.Ordinal);
        folder.Write("vasprun.xml", xml[..(last + 500)]);
        PipelineResult result = Run("Import-DftResult .");
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal([1, 2, 3, 4], result.Output.Cast<Frame>().Select(f => f.Source!.Step));
        Assert.EndsWith("vasprun.xml", ((Frame)result.Output[1]!).Source!.File, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("force")]
    [InlineData("energy")]
    [InlineData("position")]
    [InlineData("stress")]
    [InlineData("cell")]
    public void WhereTheyDisagreeThereIsNoFrame(string what)
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(3, 3);
        SyntheticStep s = run.Steps[1];
        SyntheticStep other = what switch
        {
            "force" => s with { Forces = [s.Forces[0] + new Vector3D(2e-6, 0, 0), s.Forces[1] - new Vector3D(2e-6, 0, 0), .. s.Forces[2..]] },
            "energy" => s with { FreeEnergy = s.FreeEnergy + 1e-5 },
            "position" => s with { Positions = [s.Positions[0] + new Vector3D(0, 2e-5, 0), .. s.Positions[1..]] },
            "stress" => s with { Stress = s.Stress!.Value with { XX = s.Stress.Value.XX + 1e-6 } },
            _ => s with { Lattice = new(s.Lattice.A * 1.00001, s.Lattice.B, s.Lattice.C) },
        };
        folder.Write("OUTCAR", (run with { Isif = 3 }).ToText());
        folder.Write("vasprun.xml", (run with { Isif = 3, Steps = [run.Steps[0], other, run.Steps[2]] }).ToVasprun());
        PipelineResult result = Run("Import-DftResult . -Verbose");
        Assert.Equal([1, 3], result.Output.Cast<Frame>().Select(f => f.Source!.Step));
        Assert.Contains("disagree", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ATreeOfRunsGivesEachOnce()
    {
        folder.Write("a/OUTCAR", SyntheticRuns.Relaxation(4, 2).ToText());
        folder.Write("a/vasprun.xml", SyntheticRuns.Relaxation(4, 2).ToVasprun());
        folder.Write("b/vasprun.xml", SyntheticRuns.Relaxation(5, 1).ToVasprun());
        folder.Write("c/OUTCAR.1", SyntheticRuns.Relaxation(6, 1).ToText());
        folder.Write("c/OUTCAR", SyntheticRuns.Relaxation(7, 3).ToText());
        PipelineResult result = Run("Import-DftResult . -IonicStep Last");
        Assert.Empty(result.Errors);
        Assert.Equal(["OUTCAR#2", "vasprun.xml#1", "OUTCAR#3", "OUTCAR.1#1"], result.Output.Cast<Frame>().Select(f => $"{Path.GetFileName(f.Source!.File)}#{f.Source.Step}"));
        Assert.Equal("ResultNotRecognised", Assert.Single(Run("Import-DftResult " + folder.Write("notes.txt", "x")).Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void MixedMethodsAreTold()
    {
        folder.Write("a/OUTCAR", SyntheticRuns.Static(SyntheticRuns.Disordered(8)).ToText());
        folder.Write("b/OUTCAR", (SyntheticRuns.Static(SyntheticRuns.Disordered(9)) with { Encut = 520 }).ToText());
        string warning = Assert.Single(Run("Import-Outcar .").Warnings);
        Assert.Contains("CutoffEnergy: 400 eV (1), 520 eV (1)", warning, StringComparison.Ordinal);
    }

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder.FullName, cancellationToken: TestContext.Current.CancellationToken);
}
