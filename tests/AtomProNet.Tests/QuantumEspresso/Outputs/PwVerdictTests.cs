using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>Verdicts on real runs of pw.x: those of the shared folder, and parts of them.</summary>
public sealed class PwVerdictTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>How each run ended, as its maker knows: exit codes and causes of reference/README.md, pw.in and pw.err.</summary>
    [Theory]
    [InlineData("al_scf_metal", CalculationTask.Static, ExitKind.Success, null, 1)]
    [InlineData("fe_magnetic", CalculationTask.Static, ExitKind.Success, null, 1)]
    [InlineData("h2o_gamma", CalculationTask.Static, ExitKind.Success, null, 1)]
    [InlineData("ni_magnetic", CalculationTask.Static, ExitKind.Success, null, 1)]
    [InlineData("ni_noncolin_soc", CalculationTask.Static, ExitKind.Success, null, 1)]
    [InlineData("si_badinput", CalculationTask.Static, ExitKind.BadInput, "NamelistUnreadable", 0)]
    [InlineData("si_badpseudo", CalculationTask.Static, ExitKind.PotentialMissing, "PseudopotentialMissing", 0)]
    [InlineData("si_killed", CalculationTask.MolecularDynamics, ExitKind.Unfinished, "Unfinished", 34)]
    [InlineData("si_maxseconds", CalculationTask.MolecularDynamics, ExitKind.TimeLimit, "MaxSeconds", 22)]
    [InlineData("si_md", CalculationTask.MolecularDynamics, ExitKind.Success, null, 20)]
    [InlineData("si_noconv", CalculationTask.Static, ExitKind.ElectronicNotConverged, "ElectronicNotConverged", 1)]
    [InlineData("si_noconv_relax", CalculationTask.Relaxation, ExitKind.ElectronicNotConverged, "ElectronicNotConverged", 1)]
    [InlineData("si_relax", CalculationTask.Relaxation, ExitKind.Success, null, 6)]
    [InlineData("si_relax_nstep_hit", CalculationTask.Relaxation, ExitKind.IonicNotConverged, "StepLimit", 2)]
    [InlineData("si_scf", CalculationTask.Static, ExitKind.Success, null, 1)]
    [InlineData("si_scf_highverb", CalculationTask.Static, ExitKind.Success, null, 1)]
    [InlineData("si_vcmd", CalculationTask.MolecularDynamics, ExitKind.Success, null, 8)]
    [InlineData("si_vcrelax", CalculationTask.Relaxation, ExitKind.Success, null, 9)]
    [InlineData("strain/strain_+0.010", CalculationTask.Static, ExitKind.Success, null, 1)]
    [InlineData("../mp-1094129", CalculationTask.Relaxation, ExitKind.IonicNotConverged, "StepLimit", 50)]
    public void EachRunIsJudgedRight(string run, object task, object exit, string? code, int steps)
    {
        CalculationVerdict verdict = Judge(Made(run));
        Assert.Equal((task, exit, code, steps), (verdict.Task, verdict.Exit, verdict.Cause?.Code, verdict.StepCount));
        // "JOB DONE" stands in most of the failed ones.
        Assert.Equal(run is not ("si_badinput" or "si_badpseudo" or "si_killed"), verdict.IsFinished);
        Assert.Equal(verdict.Exit == ExitKind.Success, verdict.IsConverged);
        Assert.Equal(verdict.Exit is ExitKind.Success or ExitKind.BadInput or ExitKind.PotentialMissing, verdict.RestartChanges.IsEmpty);
    }

    [Fact]
    public void TheStepsAreThoseOfTheFrames()
    {
        CalculationVerdict verdict = Judge(Made("si_relax"));
        Assert.True(verdict.IonicConverged);
        List<Frame> frames = [.. PipelineHost.Run("Import-QEOutput pw.out", Made("si_relax")).Output.Cast<Frame>()];
        Assert.Equal(frames.Select(f => f.FreeEnergy / 2), verdict.Steps.Select(s => s.EnergyPerAtom));
        Assert.Equal(frames.Select(f => f.MaximumForce), verdict.Steps.Select(s => s.MaximumForce));
        // By hand from the text: two opposite forces, P = in kbar; the electronic steps as printed.
        Assert.Equal([7, 5, 5, 4, 4, 3], verdict.Steps.Select(s => s.ElectronicSteps!.Value));
        Assert.Equal(verdict.Steps[^1].MeanForce!.Value, verdict.Steps[^1].MaximumForce!.Value, 1e-12);
        Assert.All(verdict.Steps, s => Assert.Equal(ElectronicConvergence.Converged, s.Electronic));
    }

    [Fact]
    public void WhatDidNotConvergeSaysWhatToChange()
    {
        CalculationVerdict verdict = Judge(Made("si_noconv"));
        Assert.False(verdict.ElectronicConverged);
        Assert.Equal(2, verdict.Steps[0].ElectronicSteps);
        Assert.Equal([("ELECTRONS", "electron_maxstep", "200"), ("ELECTRONS", "mixing_beta", "0.35")], verdict.RestartChanges.Select(c => (c.Target, c.Key, c.Value!)));
        Assert.All(verdict.RestartChanges, c => Assert.False(c.ChangesPhysics));

        verdict = Judge(Made("si_relax_nstep_hit"));
        Assert.True(verdict.ElectronicConverged);
        Assert.False(verdict.IonicConverged);
        Assert.Equal(("pw.in", "Geometry", "pw.out"), Assert.Single(verdict.RestartChanges) switch { var c => (c.Target, c.Key, c.Value) });
        Assert.Equal([("CONTROL", "max_seconds", "8"), ("Job", "Walltime", "×2"), ("pw.in", "Geometry", "pw.out")], Judge(Made("si_maxseconds")).RestartChanges.Select(c => (c.Target, c.Key, c.Value!)));
    }

    [Fact]
    public void AfterACleanStopTheDataOnDiskAreGoneOnFrom()
    {
        Copy("si_maxseconds");
        folder.Write("tmp/x.save/charge-density.dat", "x");
        CalculationVerdict verdict = Judge(folder.FullName);
        Assert.Contains(verdict.RestartChanges, c => c is { Target: "CONTROL", Key: "restart_mode", Value: "'restart'", ChangesPhysics: false });
        Assert.DoesNotContain(verdict.RestartChanges, c => c.Key == "Geometry");
    }

    [Fact]
    public void PlaneWavesOfTheOldCellAreTold()
    {
        // The last step of the relaxation prints P = 0.06 kbar, the SCF with plane waves of its own −2.16.
        CalculationVerdict verdict = Judge(Made("si_vcrelax"));
        Assert.True(verdict.IsPulayStressSuspected);
        Assert.Contains(verdict.Findings, f => f.Code == "PulayStressSuspected" && f.Message.Contains("-0.22 GPa", StringComparison.Ordinal));
        Assert.Equal(1, verdict.Steps[^1].VolumeRatio!.Value, 1e-9);
        Assert.True(Math.Abs(verdict.Steps[^2].VolumeRatio!.Value - 1) > 0.05);
        Assert.False(Judge(Made("si_relax")).IsPulayStressSuspected);
    }

    [Fact]
    public void ACutoffBelowWhatThePseudopotentialSuggestsIsSuspectedOfPulayStress()
    {
        Copy("si_scf");
        folder.Write("pw.in", File.ReadAllText(Path.Combine(Made("si_scf"), "pw.in")).Replace("/usr/share/espresso/pseudo", "./", StringComparison.Ordinal));
        Upf(30);
        Assert.True(Judge(folder.FullName).IsPulayStressSuspected);
        Upf(20);
        Assert.False(Judge(folder.FullName).IsPulayStressSuspected);

        void Upf(int cutoff) => folder.Write("Si.pz-vbc.UPF", $"<UPF version=\"2.0.1\">\n<PP_HEADER element=\"Si\" pseudo_type=\"NC\" relativistic=\"scalar\" functional=\"PZ\" z_valence=\"4\" wfc_cutoff=\"{cutoff}\" rho_cutoff=\"0\"/>\n</UPF>\n");
    }

    [Theory]
    [InlineData("slurm-77.out", "slurmstepd: error: *** JOB 77 ON n001 CANCELLED AT 2024-01-01T00:00:00 DUE TO TIME LIMIT ***", ExitKind.TimeLimit, "TimeLimit")]
    [InlineData("slurm-77.out", "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=77.0. Some of your processes may have been killed", ExitKind.OutOfMemory, "OutOfMemory")]
    [InlineData("slurm-77.out", "slurmstepd: error: *** JOB 77 ON n001 CANCELLED AT 2024-01-01T00:00:00 ***", ExitKind.Killed, "Cancelled")]
    [InlineData("slurm-77.out", "srun: error: n001: task 3: Killed", ExitKind.Killed, "Killed")]
    [InlineData("slurm-77.out", "/var/spool/job77/slurm_script: line 18: 22845 Killed                  pw.x -in pw.in > pw.out 2> pw.err", ExitKind.Killed, "Killed")]
    [InlineData("pw.err", "mpirun noticed that process rank 2 with PID 0 on node n1 exited on signal 15 (Terminated).", ExitKind.Killed, "Killed")]
    [InlineData("pw.err", "Program received signal SIGSEGV: Segmentation fault - invalid memory reference.", ExitKind.Environment, "SegmentationFault")]
    [InlineData("pw.err", "At line 118 of file buffers.f90 (unit = 10)\nFortran runtime error: Cannot write to file opened for READ", ExitKind.Environment, "RuntimeError")]
    [InlineData("pw.err", "pw.x: error while loading shared libraries: libmkl_core.so: cannot open shared object file", ExitKind.Environment, "ProgramMissing")]
    [InlineData("CRASH", "\n %%%%%%%%\n     task #         3\n     from  c_bands  : error #         1\n     too many bands are not converged\n %%%%%%%%\n", ExitKind.NumericalError, "TooManyBandsNotConverged")]
    [InlineData("pw.err", "nothing that anybody knows", ExitKind.Unfinished, "Unfinished")]
    public void AKilledRunHasTheCauseOfItsLog(string log, string text, object exit, string code)
    {
        Copy("si_killed");
        folder.Write(log, text + "\n");
        CalculationVerdict verdict = Judge(folder.FullName);
        Assert.Equal((exit, code), (verdict.Exit, verdict.Cause!.Code));
        Assert.False(verdict.IsFinished);
        Assert.NotEmpty(verdict.Cause.Remedy);
    }

    [Fact]
    public void TheRequestOfTheJobScriptIsTheTimeLimitAndNotAUser()
    {
        Copy("si_maxseconds");
        string output = File.ReadAllText(Path.Combine(Made("si_maxseconds"), "pw.out")).Replace("Maximum CPU time exceeded", "Program stopped by user request", StringComparison.Ordinal);
        folder.Write("pw.out", output);
        Assert.Equal((ExitKind.Stopped, "StoppedByUser"), Judge(folder.FullName) switch { var v => (v.Exit, v.Cause!.Code) });
        folder.Write("slurm-3.out", "pw.x is asked to stop before the end of the walltime.\n");
        Assert.Equal((ExitKind.TimeLimit, "TimeLimit"), Judge(folder.FullName) switch { var v => (v.Exit, v.Cause!.Code) });
    }

    [Fact]
    public void ARelaxationThatGaveUpIsNotConvergedWhateverItSays()
    {
        // Modules/bfgs_module.f90 up to 7.2: after the message it prints the errors, and calls itself converged.
        Copy("si_relax");
        string output = File.ReadAllText(Path.Combine(Made("si_relax"), "pw.out"));
        int last = output.LastIndexOf("     Energy error", StringComparison.Ordinal);
        folder.Write("pw.out", output.Insert(last, "     Message from routine bfgs:\n     history already reset at previous step: stopping\n"));
        CalculationVerdict verdict = Judge(folder.FullName);
        Assert.Equal((ExitKind.IonicNotConverged, "BfgsHistory"), (verdict.Exit, verdict.Cause!.Code));
        Assert.False(verdict.IonicConverged);
        Assert.Contains(verdict.RestartChanges, c => c is { Target: "ELECTRONS", Key: "conv_thr", Value: "1d-10" });

        // Where the next step reaches the goal after all, it is reached.
        int former = output.LastIndexOf("     Energy error", last - 1, StringComparison.Ordinal);
        folder.Write("pw.out", output.Insert(former, "     Message from routine bfgs:\n     history already reset at previous step: stopping\n"));
        Assert.Equal(ExitKind.Success, Judge(folder.FullName).Exit);
    }

    [Fact]
    public void OfSeveralRunsInOneFileTheLastCounts()
    {
        string stopped = File.ReadAllText(Path.Combine(Made("si_maxseconds"), "pw.out")), whole = File.ReadAllText(Path.Combine(Made("si_md"), "pw.out"));
        folder.Write("pw.out", stopped + whole);
        CalculationVerdict verdict = Judge(folder.FullName);
        Assert.Equal((ExitKind.Success, 20), (verdict.Exit, verdict.StepCount));
        Assert.Contains(verdict.Findings, f => f.Code == "SeveralRuns");
        Assert.Empty(verdict.Causes);
        Assert.Null(verdict.Steps[0].EnergyChangePerAtom);

        folder.Write("pw.out", whole + stopped);
        Assert.Equal((ExitKind.TimeLimit, 22), Judge(folder.FullName) switch { var v => (v.Exit, v.StepCount) });
    }

    [Fact]
    public void RunsThatShareAFolderAreJudgedOneByOne()
    {
        foreach ((string name, string run) in new[] { ("al", "al_scf_metal"), ("si.md", "si_maxseconds"), ("bad", "si_badinput") })
        {
            folder.Write($"{name}.in", File.ReadAllText(Path.Combine(Made(run), "pw.in")));
            folder.Write($"{name}.out", File.ReadAllText(Path.Combine(Made(run), "pw.out")));
        }

        folder.Write("al.err", "slurmstepd: error: Detected 1 oom-kill event(s)\n");
        folder.Write("si.md.out.1", File.ReadAllText(Path.Combine(Made("si_killed"), "pw.out")).Replace("22Nov2026", "21Nov2026", StringComparison.Ordinal));
        folder.Write("CRASH", File.ReadAllText(Path.Combine(Made("si_badpseudo"), "CRASH")));
        PipelineResult result = Run("Test-DftConvergence .");
        Assert.Empty(result.Errors);
        Assert.Equal([("al.out", ExitKind.Success), ("bad.out", ExitKind.BadInput), ("si.md.out", ExitKind.TimeLimit)], result.Output.Cast<CalculationVerdict>().Select(v => (Path.GetFileName(v.File)!, v.Exit)));
        Assert.Equal("OutOfMemory", Assert.Single(((CalculationVerdict)result.Output[0]!).Causes).Code);
    }

    [Fact]
    public void APackedOutputIsJudgedTheSame()
    {
        foreach (string run in new[] { "si_maxseconds", "si_badinput", "si_noconv" })
        {
            CalculationVerdict plain = Judge(Made(run));
            string path = folder.PathTo(run + "/pw.out.gz");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            {
                gzip.Write(File.ReadAllBytes(Path.Combine(Made(run), "pw.out")));
            }

            CalculationVerdict packed = Judge(folder.PathTo(run));
            Assert.Equal((plain.Exit, plain.Cause!.Code, plain.Cause.Line, plain.StepCount), (packed.Exit, packed.Cause!.Code, packed.Cause.Line, packed.StepCount));
        }
    }

    [Fact]
    public void WithoutOutputTheInputTells()
    {
        string input = File.ReadAllText(Path.Combine(Made("si_scf"), "pw.in"));
        folder.Write("a/scf.in", input.Replace("/usr/share/espresso/pseudo", "/no/such/folder/of/the/cluster", StringComparison.Ordinal));
        folder.Write("b/scf.in", input.Replace("/usr/share/espresso/pseudo", "./", StringComparison.Ordinal));
        folder.Write("c/ph.in", "phonons\n&inputph\n  prefix='x'\n/\n0 0 0\n");
        PipelineResult result = Run("Test-DftConvergence .");
        Assert.Equal([(ExitKind.NotStarted, "NotStarted"), (ExitKind.PotentialMissing, "PseudopotentialMissing")], result.Output.Cast<CalculationVerdict>().Select(v => (v.Exit, v.Cause!.Code)));
        Assert.All(result.Output.Cast<CalculationVerdict>(), v => Assert.Equal(("pw.x", CalculationTask.Static), (v.Code, v.Task)));
    }

    [Fact]
    public void AnMpiThatDidNotStartIsTold()
    {
        // What pw.x of Debian 12 (Open MPI 4.1.4) printed under an srun without PMI.
        const string Printed = """
            [node7:16029] OPAL ERROR: Unreachable in file ext3x_client.c at line 112
            --------------------------------------------------------------------------
            The application appears to have been direct launched using "srun",
            but OMPI was not built with SLURM's PMI support and therefore cannot
            execute. There are several options for building PMI support under
            SLURM, depending upon the SLURM version you are using:

              version 16.05 or later: you can use SLURM's PMIx support. This
              requires that you configure and build SLURM --with-pmix.

              Versions earlier than 16.05: you must use either SLURM's PMI-1 or
              PMI-2 support. SLURM builds PMI-1 by default, or you can manually
              install PMI-2. You must then build Open MPI using --with-pmi pointing
              to the SLURM PMI library location.

            Please configure as appropriate and try again.
            --------------------------------------------------------------------------
            *** An error occurred in MPI_Init
            *** on a NULL communicator
            *** MPI_ERRORS_ARE_FATAL (processes in this communicator will now abort,
            ***    and potentially your MPI job)
            [node7:16029] Local abort before MPI_INIT completed completed successfully, but am not able to aggregate error messages, and not able to guarantee that all other processes were killed!
            """;
        folder.Write("a/scf.in", File.ReadAllText(Path.Combine(Made("si_scf"), "pw.in")));
        folder.Write("a/scf.out", "");
        folder.Write("a/job.out", Printed);
        CalculationVerdict verdict = Judge(folder.PathTo("a"));
        Assert.Equal((ExitKind.Environment, "MpiLaunch"), (verdict.Exit, verdict.Cause!.Code));
        Assert.EndsWith("job.out", verdict.Cause.File, StringComparison.Ordinal);
        Assert.Contains("LaunchLine", verdict.Cause.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void AnXmlAloneIsJudged()
    {
        foreach ((string run, ExitKind exit) in new[] { ("si_relax", ExitKind.Success), ("si_scf", ExitKind.Success), ("si_relax_nstep_hit", ExitKind.IonicNotConverged), ("si_md", ExitKind.Success) })
        {
            folder.Write(run + "/data-file-schema.xml", File.ReadAllText(Path.Combine(Made(run), "data-file-schema.xml")));
            Assert.Equal(exit, Judge(folder.PathTo(run)).Exit);
        }
    }

    /// <summary>Neither the geometry nor the energy of such a step can be read, but that its self-consistency was given up can.</summary>
    [Fact]
    public void AStepThatCannotBeReadIsNotConvergedWhereItSaysSo()
    {
        string text = SyntheticPwOutput.Scf().Replace("site n.     atom", "site x.     atom", StringComparison.Ordinal).Replace("!    total energy", "     total energy", StringComparison.Ordinal).Replace("convergence has been achieved in   1 iterations", "convergence NOT achieved after   1 iterations: stopping", StringComparison.Ordinal);
        folder.Write("a/pw.out", text);
        CalculationVerdict verdict = Judge(folder.PathTo("a"));
        Assert.Equal(ExitKind.ElectronicNotConverged, verdict.Exit);
        Assert.False(verdict.ElectronicConverged);
    }

    /// <summary>A relaxation by damped dynamics that came to the end of its steps is not relaxed.</summary>
    [Theory]
    [InlineData("     Damped Dynamics Calculation")]
    [InlineData("     Wentzcovitch Damped Cell Dynamics Minimization: ")]
    [InlineData("     Beeman Damped Dynamics Minimization: ")]
    public void DampedDynamicsAreARelaxation(string title)
    {
        string moved = title + "\n\n     Entering Dynamics:    iteration =     1\n\n     The maximum number of steps has been reached.\n\n";
        string text = SyntheticPwOutput.Scf().Replace("     Writing output", moved + "     Writing output", StringComparison.Ordinal);
        folder.Write("a/pw.out", text);
        CalculationVerdict verdict = Judge(folder.PathTo("a"));
        Assert.Equal((CalculationTask.Relaxation, false, ExitKind.IonicNotConverged), (verdict.Task, verdict.IonicConverged, verdict.Exit));

        folder.Write("b/pw.out", text.Replace(title, "     Over-damped Langevin Dynamics Calculation", StringComparison.Ordinal));
        Assert.Equal((CalculationTask.MolecularDynamics, ExitKind.Success), (Judge(folder.PathTo("b")).Task, Judge(folder.PathTo("b")).Exit));
    }

    [Fact]
    public void TestDftConvergenceDrawsBothFigures()
    {
        PipelineResult result = Run($"Test-DftConvergence {Made("si_vcrelax")} -Plot figures");
        Assert.Empty(result.Errors);
        Assert.Equal(["si_vcrelax_energy.svg", "si_vcrelax_forces.svg"], Directory.GetFiles(folder.PathTo("figures")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(18, Marks("figures/si_vcrelax_forces.svg"));
        // Nine pressures and eight changes of the energy.
        Assert.Equal(17, Marks("figures/si_vcrelax_energy.svg"));

        int Marks(string figure) => XDocument.Load(folder.PathTo(figure)).Descendants().Where(e => (string?)e.Attribute("class") == "point").Sum(e => e.Elements().Sum(g => g.Elements().Count()));
    }

    [Fact]
    public void TheCatalogueKnowsTheCommonestErrors()
    {
        Assert.True(PwMessages.Errors.Length >= 15);
        foreach (var catalogue in new[] { PwMessages.Errors, PwMessages.Lines })
        {
            Assert.Equal(catalogue.Length, catalogue.Select(e => e.Code).Distinct().Count());
            Assert.All(catalogue, e =>
            {
                Assert.NotEmpty(e.Texts);
                Assert.All(e.Texts, t => Assert.True(t.Length >= 6, e.Code));
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
                Assert.EndsWith(".", e.Remedy, StringComparison.Ordinal);
            });
        }
    }

    /// <summary>298 outputs that ended well: none of the texts that give a fatal error away stands in one, not even in its middle.</summary>
    [Fact]
    public void NoFatalErrorIsFoundInAHealthyRun()
    {
        foreach ((string path, string text) in DebianReferenceOutputs.All)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(text);
            Assert.All(PwMessages.Lines.Where(m => m.IsFatal), m => Assert.All(m.Texts, t => Assert.True(bytes.AsSpan().IndexOf(t) < 0, $"{path}: {m.Code}")));
        }
    }

    private static string Made(string run) => Path.GetFullPath(Path.Combine(SharedData.Path("data", "qe", "made"), run));

    private static CalculationVerdict Judge(string path) => new PwCode().Judge(path, TestContext.Current.CancellationToken);

    private void Copy(string run)
    {
        foreach (string file in Directory.GetFiles(Made(run)).Where(f => !f.EndsWith(".xml", StringComparison.Ordinal)))
        {
            folder.Write(Path.GetFileName(file), File.ReadAllText(file));
        }
    }

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder.FullName, cancellationToken: TestContext.Current.CancellationToken);
}
