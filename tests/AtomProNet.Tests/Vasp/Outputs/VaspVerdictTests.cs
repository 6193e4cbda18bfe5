using System.Xml.Linq;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>Verdicts on calculations of VASP, each made up to end in its own way.</summary>
public sealed class VaspVerdictTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFinishedStaticRunIsASuccess()
    {
        CalculationVerdict verdict = Judge(SyntheticRuns.Static(SyntheticRuns.Disordered(1)).ToText());
        Assert.Equal((ExitKind.Success, CalculationTask.Static), (verdict.Exit, verdict.Task));
        Assert.True(verdict.IsConverged);
        Assert.Null(verdict.Cause);
        Assert.Empty(verdict.RestartChanges);
        Assert.Null(verdict.IonicConverged);
    }

    [Fact]
    public void TheStepsHaveForcesPressureAndTheChangeOfTheEnergy()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(2, 3);
        CalculationVerdict verdict = Judge(run.ToText());
        Assert.Equal(3, verdict.StepCount);
        for (int i = 0; i < 3; i++)
        {
            SyntheticStep step = run.Steps[i];
            StepVerdict found = verdict.Steps[i];
            Assert.Equal(step.FreeEnergy / 4, found.EnergyPerAtom!.Value, 1e-8);
            Assert.Equal(step.Forces.Average(f => f.Length), found.MeanForce!.Value, 2e-6);
            Assert.Equal(step.Forces.Max(f => f.Length), found.MaximumForce!.Value, 2e-6);
            Assert.Equal(step.Stress!.Value.Pressure * 160.2176634, found.Pressure!.Value, 1e-4);
            Assert.Equal(i == 0, found.EnergyChangePerAtom is null);
            Assert.Equal(i == 0 ? 0 : (step.FreeEnergy - run.Steps[i - 1].FreeEnergy) / 4, found.EnergyChangePerAtom ?? 0, 1e-8);
        }
    }

    [Fact]
    public void ARelaxationThatUsedUpItsStepsGoesOnFromItsContcar()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(3, 2);
        folder.Write("CONTCAR", "Al\n1.0\n4 0 0\n0 4 0\n0 0 4\nAl\n1\nDirect\n0 0 0\n");
        CalculationVerdict verdict = Judge(run.ToText());
        Assert.Equal(ExitKind.IonicNotConverged, verdict.Exit);
        Assert.False(verdict.IonicConverged);
        Assert.True(verdict.IsFinished);
        Assert.Contains(verdict.RestartChanges, c => c is { Target: "POSCAR", Value: "CONTCAR", ChangesPhysics: false });

        // A CONTCAR that was cut off is none to go on from.
        folder.Write("CONTCAR", "Al\n1.0\n4 0 0\n");
        Assert.Empty(Judge(run.ToText()).RestartChanges);
        Assert.Equal(ExitKind.Success, Judge(run.ToText().Replace(" General timing", " reached required accuracy - stopping structural energy minimisation\n General timing", StringComparison.Ordinal)).Exit);
    }

    /// <summary>A vasprun.xml does not say that the goal was reached; all steps used up prove that it was not, or nothing.</summary>
    [Theory]
    [InlineData(3, ExitKind.IonicNotConverged)]
    [InlineData(4, ExitKind.Success)]
    public void ARelaxationInAVasprunThatUsedUpItsStepsIsNoSuccess(int nsw, object expected)
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(3, 3) with { Nsw = nsw };
        folder.Write("vasprun.xml", run.ToVasprun());
        Assert.Equal(expected, new VaspCode().Judge(folder.FullName, TestContext.Current.CancellationToken).Exit);
    }

    [Fact]
    public void AnElectronicLoopThatDidNotConvergeIsTheCause()
    {
        CalculationVerdict verdict = Judge(SyntheticRuns.Static(SyntheticRuns.Disordered(4) with { ElectronicSteps = 60, LoopEnd = "aborting loop EDIFF was not reached (unconverged) " }).ToText());
        Assert.Equal(ExitKind.ElectronicNotConverged, verdict.Exit);
        Assert.False(verdict.ElectronicConverged);
        Assert.Contains(verdict.RestartChanges, c => c is { Key: "NELM", Value: "120", ChangesPhysics: false });
    }

    /// <summary>A band structure is no failed job, though none of its steps is a label; one whose loop ran out of steps is.</summary>
    [Theory]
    [InlineData(7, "aborting loop because EDIFF is reached", ExitKind.Success)]
    [InlineData(60, "aborting loop EDIFF was not reached (unconverged) ", ExitKind.ElectronicNotConverged)]
    public void ARunWithAFixedDensityIsJudgedByItsLoop(int steps, string end, object expected)
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(4) with { ElectronicSteps = steps, LoopEnd = end }) with { MoreParameters = ["   ICHARG =     11    charge: 1-file 2-atom 10-const"] };
        CalculationVerdict verdict = Judge(run.ToText());
        Assert.Equal(expected, verdict.Exit);
        Assert.False(verdict.ElectronicConverged);
        Assert.Contains(verdict.Findings, f => f.Code == "DensityKeptFixed");
    }

    [Theory]
    [InlineData("slurmstepd: error: *** JOB 77 ON n001 CANCELLED AT 2024-01-01T00:00:00 DUE TO TIME LIMIT ***", ExitKind.TimeLimit, "TimeLimit")]
    [InlineData("slurmstepd: error: Detected 1 oom-kill event(s) in StepId=77.0", ExitKind.OutOfMemory, "OutOfMemory")]
    [InlineData("slurmstepd: error: *** JOB 77 ON n001 CANCELLED AT 2024-01-01T00:00:00 ***", ExitKind.Killed, "Cancelled")]
    [InlineData(" ZBRENT: fatal error in bracketing\n     please rerun with smaller EDIFF, or copy CONTCAR", ExitKind.NumericalError, "Zbrent")]
    [InlineData("Error EDDDAV: Call to ZHEGV failed. Returncode =   6 1  8", ExitKind.NumericalError, "Edddav")]
    [InlineData("forrtl: severe (174): SIGSEGV, segmentation fault occurred", ExitKind.Environment, "SegmentationFault")]
    [InlineData("LAPACK: Routine ZPOTRF failed!\nprocess killed (SIGTERM)", ExitKind.NumericalError, "Zpotrf")]
    [InlineData("/bin/bash: line 1: vasp_std: command not found", ExitKind.Environment, "ProgramMissing")]
    [InlineData("nothing that anybody knows", ExitKind.Unfinished, "Unfinished")]
    public void AKilledRunHasTheCauseOfItsLog(string log, object exit, string code)
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(5, 2) with { IsFinished = false };
        folder.Write("job.out", log);
        CalculationVerdict verdict = Judge(run.ToText());
        Assert.Equal(exit, verdict.Exit);
        Assert.Equal(code, verdict.Cause!.Code);
        Assert.False(verdict.IsFinished);
        Assert.NotEmpty(verdict.Cause.Remedy);
    }

    [Theory]
    [InlineData("", ExitKind.Stopped, "StoppedByUser")]
    [InlineData("VASP is asked to stop before the end of the walltime.\n", ExitKind.TimeLimit, "TimeLimit")]
    public void ARunThatAStopcarEndedIsNoSuccess(string log, object exit, string code)
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(12, 3);
        folder.Write("slurm-9.out", log);
        CalculationVerdict verdict = Judge(run.ToText().Replace(" General timing", " soft stop encountered!  aborting job ...\n General timing", StringComparison.Ordinal));
        Assert.Equal(CalculationTask.MolecularDynamics, verdict.Task);
        Assert.Equal(exit, verdict.Exit);
        Assert.Equal(code, verdict.Cause!.Code);
        Assert.Equal(3, verdict.StepCount);
    }

    [Fact]
    public void AWarningDoesNotSpoilARunThatFinished()
    {
        folder.Write("vasp.out", " WARNING: Sub-Space-Matrix is not hermitian in DAV            3\n BRMIX: very serious problems\n");
        CalculationVerdict verdict = Judge(SyntheticRuns.Static(SyntheticRuns.Disordered(6)).ToText());
        Assert.Equal(ExitKind.Success, verdict.Exit);
        Assert.Equal(["Brmix", "SubspaceMatrix"], verdict.Causes.Select(c => c.Code));
        Assert.Equal(2, verdict.Causes[0].Line);
    }

    [Fact]
    public void AnErrorOfAFormerTryIsNotOneOfThisRun()
    {
        string old = folder.Write("slurm-1.out", "oom-kill event");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-5));
        Assert.Equal(ExitKind.Unfinished, Judge((SyntheticRuns.Relaxation(7, 2) with { IsFinished = false }).ToText()).Exit);
    }

    [Fact]
    public void BandsAreCountedUp()
    {
        folder.Write("vasp.out", " TOO FEW BANDS!! \n");
        CalculationVerdict verdict = Judge((SyntheticRuns.Relaxation(8, 1) with { IsFinished = false, MoreParameters = ["   NBANDS = 12"] }).ToText());
        Assert.Equal((ExitKind.BadInput, "SubspaceTooFewBands"), (verdict.Exit, verdict.Cause!.Code));
        Assert.Equal("15", Assert.Single(verdict.RestartChanges, c => c.Key == "NBANDS").Value);
    }

    [Theory]
    [InlineData("INCAR POSCAR KPOINTS POTCAR", ExitKind.NotStarted, "NotStarted")]
    [InlineData("INCAR POSCAR KPOINTS POTCAR.spec", ExitKind.PotentialMissing, "PotcarMissing")]
    [InlineData("INCAR KPOINTS POTCAR", ExitKind.BadInput, "PoscarMissing")]
    public void WithoutOutputTheInputsTell(string files, object exit, string code)
    {
        foreach (string file in files.Split(' '))
        {
            folder.Write(file, "x");
        }

        CalculationVerdict verdict = new VaspCode().Judge(folder.FullName, TestContext.Current.CancellationToken);
        Assert.Equal(exit, verdict.Exit);
        Assert.Equal(code, verdict.Cause!.Code);
    }

    [Fact]
    public void AnMpiThatDidNotStartIsTold()
    {
        foreach (string file in new[] { "INCAR", "POSCAR", "KPOINTS", "POTCAR" })
        {
            folder.Write(file, "x");
        }

        folder.Write("vasp.out", "The application appears to have been direct launched using \"srun\",\nbut OMPI was not built with SLURM's PMI support and therefore cannot\nexecute. There are several options for building PMI support under\n");
        CalculationVerdict verdict = new VaspCode().Judge(folder.FullName, TestContext.Current.CancellationToken);
        Assert.Equal((ExitKind.Environment, "MpiLaunch"), (verdict.Exit, verdict.Cause!.Code));
    }

    [Fact]
    public void OverflowedNumbersAreTold()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(9, 2);
        CalculationVerdict verdict = Judge((run with { Steps = [run.Steps[0], run.Steps[1] with { Forces = [new(-1e8, 0, 0), new(1e8, 0, 0), default, default] }] }).ToText());
        Assert.True(verdict.HasOverflow);
        Assert.NotNull(verdict.Steps[1].Problem);
    }

    [Fact]
    public void ACutoffBelowWhatThePotentialsAskForIsSuspectedOfPulayStress()
    {
        // ENMAX is 240.3 eV in the synthetic header.
        Assert.True(Judge((SyntheticRuns.Static(SyntheticRuns.Disordered(10)) with { Encut = 250 }).ToText()).IsPulayStressSuspected);
        Assert.False(Judge((SyntheticRuns.Static(SyntheticRuns.Disordered(10)) with { Encut = 400 }).ToText()).IsPulayStressSuspected);
    }

    [Fact]
    public void TheRealRelaxationIsJudgedRight()
    {
        CalculationVerdict verdict = new VaspCode().Judge(SharedData.Path("data", "vasp", "relaxation"), TestContext.Current.CancellationToken);
        Assert.Equal((ExitKind.Success, CalculationTask.Relaxation), (verdict.Exit, verdict.Task));
        Assert.True(verdict.IonicConverged);
        Assert.True(verdict.ElectronicConverged);
        Assert.Equal(20, verdict.StepCount);
        // The values of reference/README.md; ENCUT is the oxygen's ENMAX.
        Assert.Equal(0.00747418, verdict.Steps[0].MeanForce!.Value, 5e-9);
        Assert.Equal(0.000342315, verdict.Steps[^1].MeanForce!.Value, 5e-10);
        Assert.True(verdict.IsPulayStressSuspected);
    }

    [Fact]
    public void TheCatalogueKnowsTheCommonestErrors()
    {
        Assert.True(VaspMessages.All.Length >= 40);
        Assert.Equal(VaspMessages.All.Length, VaspMessages.All.Select(e => e.Code).Distinct().Count());
        Assert.All(VaspMessages.All, e =>
        {
            Assert.All(e.Texts, t => Assert.True(t.Length >= 6, e.Code));
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", e.Remedy, StringComparison.Ordinal);
        });
        Assert.All((string[])["Zbrent", "Edddav", "SubspaceMatrix", "Brmix", "TimeLimit", "OutOfMemory", "PotcarMissing", "IncarUnreadable"], code => Assert.Contains(VaspMessages.All, e => e.Code == code));
    }

    /// <summary>A healthy file repeats none of the texts that give an error away.</summary>
    [Fact]
    public void NoErrorIsFoundInAHealthyRun()
    {
        string outcar = SharedData.Path("data", "vasp", "strain", "strain_0.0000", "OUTCAR");
        Assert.Empty(MessageSearch.Find(Path.GetDirectoryName(outcar)!, outcar, VaspMessages.All, TestContext.Current.CancellationToken));
        outcar = SharedData.Path("data", "vasp", "relaxation", "OUTCAR");
        Assert.Empty(MessageSearch.Find(Path.GetDirectoryName(outcar)!, outcar, VaspMessages.All, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void TestDftConvergenceJudgesATreeAndDraws()
    {
        folder.Write("runs/a/OUTCAR", SyntheticRuns.Relaxation(11, 6).ToText());
        folder.Write("runs/b/OUTCAR", SyntheticRuns.Static(SyntheticRuns.Disordered(12)).ToText());
        folder.Write("runs/c/INCAR", "ENCUT = 400\n");
        folder.Write("runs/notes/readme.txt", "no calculation\n");
        PipelineResult whatIf = Run("Test-DftConvergence runs -Plot figures -WhatIf");
        Assert.False(Directory.Exists(folder.PathTo("figures")));
        Assert.Equal(3, whatIf.Output.Count);

        PipelineResult result = Run("Test-DftConvergence runs -Plot figures");
        Assert.Empty(result.Errors);
        Assert.Equal([ExitKind.IonicNotConverged, ExitKind.Success, ExitKind.BadInput], result.Output.Cast<CalculationVerdict>().Select(v => v.Exit));
        Assert.Equal(["a_energy.svg", "a_forces.svg"], Directory.GetFiles(folder.PathTo("figures")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        XDocument svg = XDocument.Load(folder.PathTo("figures/a_forces.svg"));
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(2, Groups(svg, "line"));
        Assert.Equal([6, 6], svg.Descendants(ns + "g").Where(g => (string?)g.Attribute("class") == "point").Select(g => g.Element(ns + "g")!.Elements().Count()));
        Assert.Equal(2, Groups(XDocument.Load(folder.PathTo("figures/a_energy.svg")), "line"));

        Assert.Equal("FileExists", Assert.Single(Run("Test-DftConvergence runs/a -Plot figures").Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Empty(Run("Test-DftConvergence runs/a -Plot figures -Force").Errors);
        Assert.Equal("NoCalculationFound", Assert.Single(Run("Test-DftConvergence runs/notes").Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Single(Run("Test-DftConvergence runs/b/OUTCAR").Output);

        int Groups(XDocument figure, string kind) => figure.Descendants(ns + "g").Count(g => (string?)g.Attribute("class") == kind);
    }

    private CalculationVerdict Judge(string outcar)
    {
        folder.Write("OUTCAR", outcar);
        return new VaspCode().Judge(folder.FullName, TestContext.Current.CancellationToken);
    }

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder.FullName, cancellationToken: TestContext.Current.CancellationToken);
}
