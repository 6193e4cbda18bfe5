using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;
using AtomProNet.Tests.QuantumEspresso.Inputs;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>pw.x itself is made to fail, and the verdict has to say why.</summary>
public sealed class PwRealFailureTests
{
    private const string Input = """
        &control
          calculation='scf'
          prefix='x', outdir='./tmp', pseudo_dir='PSEUDO'
          tprnfor=.true., tstress=.true.
        /
        &system
          ibrav=0, nat=2, ntyp=1, ecutwfc=8
        /
        &electrons
          conv_thr=1.0d-6
        /
        &ions
        /
        ATOMIC_SPECIES
         Si 28.0855 Si.pz-vbc.UPF
        CELL_PARAMETERS angstrom
        0.0 2.715 2.715
        2.715 0.0 2.715
        2.715 2.715 0.0
        ATOMIC_POSITIONS crystal
        Si 0 0 0
        Si 0.25 0.25 0.26
        K_POINTS gamma

        """;

    [Theory]
    [InlineData("ecutwfc=8", "ecutwfc=8, nonsense=3", ExitKind.BadInput, "NamelistUnreadable")]
    [InlineData("&electrons", "&electronics", ExitKind.BadInput, "NamelistUnreadable")]
    [InlineData("ecutwfc=8", "", ExitKind.BadInput, "CutoffMissing")]
    [InlineData("Si.pz-vbc.UPF", "Si.missing.UPF", ExitKind.PotentialMissing, "PseudopotentialMissing")]
    [InlineData("Si 0.25 0.25 0.26", "Si 1 0 0", ExitKind.BadInput, "AtomsCoincide")]
    [InlineData("Si 0.25 0.25 0.26", "Ge 0.25 0.25 0.26", ExitKind.BadInput, "CardUnreadable")]
    [InlineData("Si 0.25 0.25 0.26", "Si 0.25 0.25", ExitKind.BadInput, "CardUnreadable")]
    [InlineData("ATOMIC_POSITIONS crystal\nSi 0 0 0\nSi 0.25 0.25 0.26\n", "", ExitKind.BadInput, "CardMissing")]
    [InlineData("CELL_PARAMETERS angstrom\n0.0 2.715 2.715\n2.715 0.0 2.715\n2.715 2.715 0.0\n", "", ExitKind.BadInput, "CardMissing")]
    [InlineData("ecutwfc=8", "ecutwfc=8, nbnd=2", ExitKind.BadInput, "TooFewBands")]
    [InlineData("ecutwfc=8", "ecutwfc=8, nspin=2", ExitKind.BadInput, "OccupationsUndecided")]
    [InlineData("ecutwfc=8", "ecutwfc=8, nspin=2, occupations='smearing', degauss=0.02", ExitKind.BadInput, "MagnetisationMissing")]
    [InlineData("ecutwfc=8", "ecutwfc=8, ecutrho=6", ExitKind.BadInput, "CutoffMissing")]
    [InlineData("calculation='scf'", "calculation='nscf'", ExitKind.BadInput, "RestartDataMissing")]
    [InlineData("ecutwfc=8", "ecutwfc=8, lda_plus_u=.true., Hubbard_U(1)=4", ExitKind.BadInput, "HubbardUnknown")]
    [InlineData("ntyp=1", "ntyp=2", ExitKind.PotentialMissing, "FunctionalsDiffer", " Si 28.0855 Si.pz-vbc.UPF\n", " Si 28.0855 Si.pz-vbc.UPF\n H 1 H.pbe-kjpaw.UPF\n")]
    [InlineData("conv_thr=1.0d-6", "conv_thr=1.0d-6, electron_maxstep=1", ExitKind.ElectronicNotConverged, "ElectronicNotConverged")]
    [InlineData("tstress=.true.", "tstress=.true., max_seconds=0.001", ExitKind.TimeLimit, "MaxSeconds")]
    [InlineData("calculation='scf'", "calculation='relax', nstep=1", ExitKind.IonicNotConverged, "StepLimit")]
    public void TheVerdictSaysWhyPwXStopped(string old, string replaced, object exit, string code, string? old2 = null, string? replaced2 = null)
    {
        using var folder = new TemporaryFolder();
        string input = Input.Replace("PSEUDO", PwX.Pseudopotentials, StringComparison.Ordinal);
        Assert.Contains(old, input, StringComparison.Ordinal);
        input = input.Replace(old, replaced, StringComparison.Ordinal);
        input = old2 is null ? input : input.Replace(old2, replaced2, StringComparison.Ordinal);
        folder.Write("pw.in", input);
        int status = PwX.Run(folder.Root);
        Assert.NotEqual(0, status);
        CalculationVerdict verdict = new PwCode().Judge(folder.Root, TestContext.Current.CancellationToken);
        Assert.True((ExitKind)exit == verdict.Exit && code == verdict.Cause!.Code, $"{verdict}: {verdict.Cause?.Evidence}");
        Assert.Equal(status != 1, verdict.IsFinished);
        if (status == 1)
        {
            // Where standard output was lost, CRASH says the same.
            File.Delete(folder.Path("pw.out"));
            Assert.Equal(code, new PwCode().Judge(folder.Root, TestContext.Current.CancellationToken).Cause!.Code);
        }
    }

    /// <summary>With smearing, 20 bands of eight silicon atoms at Γ cut a group of equal energies: neither steps nor mixing help, bands do.</summary>
    [Fact]
    public void WhatTheVerdictAdvisesMakesTheRunConverge()
    {
        using var folder = new TemporaryFolder();
        Structure silicon = AtomProNet.Databases.Bundled.BundledCrystals.Find("Si-diamond")!.Structure;
        Frame[] Try(string name, string namelist)
        {
            string pipeline = $"New-QEInput . -FolderName {name} -PseudopotentialPath {PwX.Pseudopotentials} -Pseudopotential @{{Si='Si.pz-vbc.UPF'}} -EcutWfc 12 -KPointMesh 1,1,1 -NoJobScript -Namelist @{{{namelist}}}";
            Assert.Empty(PipelineHost.Run(pipeline, folder.Root, new() { Input = [silicon] }).Errors);
            PwX.Run(folder.Path(name));
            return [.. PipelineHost.Run($"Import-QEOutput {name}", folder.Root).Output.Cast<Frame>()];
        }

        Assert.Empty(Try("first", "electron_maxstep=25"));
        CalculationVerdict verdict = new PwCode().Judge(folder.Path("first"), TestContext.Current.CancellationToken);
        Assert.Equal(ExitKind.ElectronicNotConverged, verdict.Exit);
        Assert.Contains(verdict.Causes, c => c is { Code: "BandsNotConverged", IsFatal: false });
        Assert.Equal(("SYSTEM", "nbnd", "24"), verdict.RestartChanges[0] switch { var c => (c.Target, c.Key, c.Value) });
        Assert.Single(Try("second", string.Join("; ", verdict.RestartChanges.Where(c => c.Target != "Job").Select(c => $"{c.Key}={c.Value}"))));
    }

    [Fact]
    public void AnExitFileStopsIt()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes a quarter of a minute; runs with ATOMPRONET_TEST=full.");
        using var folder = new TemporaryFolder();
        // Each self-consistency looks for the file once an electronic step; a run without it would take hours.
        folder.Write("pw.in", Input.Replace("PSEUDO", PwX.Pseudopotentials, StringComparison.Ordinal).Replace("calculation='scf'", "calculation='md', nstep=1000000, dt=1", StringComparison.Ordinal).Replace("ecutwfc=8", "ecutwfc=8, nosym=.true.", StringComparison.Ordinal));
        PwX.Start(folder.Root, "(until grep -qs 'Entering Dynamics:    iteration =     2' pw.out; do sleep 0.05; done; touch x.EXIT) & exec pw.x -in pw.in > pw.out 2> pw.err");
        CalculationVerdict verdict = new PwCode().Judge(folder.Root, TestContext.Current.CancellationToken);
        Assert.Equal((ExitKind.Stopped, "StoppedByUser", true, CalculationTask.MolecularDynamics), (verdict.Exit, verdict.Cause!.Code, verdict.IsFinished, verdict.Task));
        Assert.Contains(verdict.RestartChanges, c => c is { Key: "restart_mode", Value: "'restart'" });
    }
}
