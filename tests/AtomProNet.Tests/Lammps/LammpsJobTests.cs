using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Jobs;
using AtomProNet.Lammps.Benchmarks;
using AtomProNet.Lammps.Outputs;
using AtomProNet.Tests.Jobs;

namespace AtomProNet.Tests.Lammps;

/// <summary>Folders of LAMMPS as jobs: sent, judged by their logs, fetched, measured.</summary>
public sealed class LammpsJobTests
{
    private const string Head = "LAMMPS (29 Sep 2021)\nunits metal\n";
    private const string Minimised = "minimize 0 1e-6 100 1000\nLoop time of 0.5 on 1 procs for 12 steps with 8 atoms\n\n99.0% CPU use with 1 MPI tasks x 1 OpenMP threads\n\nMinimization stats:\n  Stopping criterion = ";
    private const string End = "\nTotal wall time: 0:00:01\n";

    [Theory]
    [InlineData(Head + "run 10\nStep PotEng\n 10 -34.6\nLoop time of 0.5 on 1 procs for 10 steps with 8 atoms\n" + End, ExitKind.Success, null, CalculationTask.MolecularDynamics, true)]
    [InlineData(Head + Minimised + "force tolerance\n" + End, ExitKind.Success, null, CalculationTask.Relaxation, true)]
    [InlineData(Head + Minimised + "linesearch alpha is zero\n" + End, ExitKind.Success, null, CalculationTask.Relaxation, true)]
    [InlineData(Head + Minimised + "max iterations\n" + End, ExitKind.IonicNotConverged, "StepLimit", CalculationTask.Relaxation, false)]
    [InlineData(Head + "run 10\nStep PotEng\n 10 -nan\nLoop time of 0.5 on 1 procs for 10 steps with 8 atoms\n" + End, ExitKind.NumericalError, "LammpsNotFinite", CalculationTask.MolecularDynamics, false)]
    [InlineData(Head + "run 10\nWARNING: Fix qeq CG convergence failed (1e-3) after 100 iterations at step 3\nLoop time of 0.5 on 1 procs for 10 steps with 8 atoms\n" + End, ExitKind.ElectronicNotConverged, "ChargesNotConverged", CalculationTask.MolecularDynamics, false)]
    [InlineData(Head + "run 10\nStep PotEng\n 5 -34.", ExitKind.Unfinished, "Unfinished", CalculationTask.Unknown, false)]
    [InlineData(Head + "run 10\nERROR: Lost atoms: original 8 current 7 (src/thermo.cpp:438)\nLast command: run 10\n" + End, ExitKind.NumericalError, "LammpsLostAtoms", CalculationTask.Unknown, false)]
    [InlineData(Head + "ERROR: Unrecognized pair style 'snap' is part of the ML-SNAP package which is not enabled in this LAMMPS binary. (src/force.cpp:277)\n", ExitKind.Environment, "LammpsPackageMissing", CalculationTask.Unknown, false)]
    [InlineData(Head + "ERROR on proc 0: Cannot open Stillinger-Weber potential file Si.sw (src/potential_file_reader.cpp:57)\n", ExitKind.PotentialMissing, "LammpsPotentialFileMissing", CalculationTask.Unknown, false)]
    public void Logs_tell_how_a_run_ended(string log, ExitKind exit, string? cause, CalculationTask task, bool isConverged)
    {
        using var work = new TemporaryFolder();
        work.Write("run/in.lammps", "units metal\n");
        work.Write("run/log.lammps", log);
        CalculationVerdict verdict = new LammpsCode().Judge(work.Path("run"));
        Assert.Equal((exit, cause, task, isConverged, "29 Sep 2021"), (verdict.Exit, verdict.Cause?.Code, verdict.Task, verdict.IsConverged, verdict.Version));
        Assert.Equal(exit == ExitKind.Success, verdict.Cause is null);
        Assert.All(verdict.Causes, c => Assert.True(c.Message.Length > 5 && c.Remedy.Length > 5));
    }

    [Fact]
    public void What_was_printed_beside_the_log_counts_where_the_log_says_nothing()
    {
        using var work = new TemporaryFolder();
        Assert.Equal((ExitKind.BadInput, "InputMissing"), Verdict());
        work.Write("run/in.lammps", "units metal\n");
        Assert.Equal((ExitKind.NotStarted, "NotStarted"), Verdict());
        work.Write("run/lammps.err", "job.sh: 9: lmp: not found\n");
        Assert.Equal((ExitKind.Environment, "ProgramMissing"), Verdict());
        // An error before there is a log stands on the screen alone.
        work.Write("run/lammps.out", "LAMMPS (29 Sep 2021)\nERROR: Invalid command-line argument (src/lammps.cpp:500)\n");
        Assert.Equal((ExitKind.BadInput, "LammpsArgumentIllegal"), Verdict());
        File.Delete(work.Path("run", "lammps.out"));
        File.Delete(work.Path("run", "lammps.err"));
        work.Write("run/log.lammps", Head + "run 10\n");
        work.Write("run/slurm-7.out", "slurmstepd: error: *** JOB 7 ON n1 CANCELLED AT 2026-01-01T00:00:00 DUE TO TIME LIMIT ***\n");
        Assert.Equal((ExitKind.TimeLimit, "TimeLimit"), Verdict());

        // A screen of a former try says nothing of a run that has come to its end since.
        work.Write("run/lammps.out", "ERROR: Lost atoms: original 8 current 7 (src/thermo.cpp:438)\n");
        work.Write("run/log.lammps", Head + "run 10\nLoop time of 0.5 on 1 procs for 10 steps with 8 atoms\n" + End);
        File.Delete(work.Path("run", "slurm-7.out"));
        Assert.Equal((ExitKind.Success, null), Verdict());

        (ExitKind, string?) Verdict()
        {
            Directory.CreateDirectory(work.Path("run"));
            CalculationVerdict verdict = new LammpsCode().Judge(work.Path("run"));
            return (verdict.Exit, verdict.Cause?.Code);
        }
    }

    /// <summary>From inputs over jobs on this machine to the figure of the speeds, and one run that its LAMMPS cannot do.</summary>
    [Fact]
    public void A_benchmark_is_sent_judged_fetched_and_measured()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        using var box = new JobSandbox();
        File.WriteAllText(box.Path("a.snapcoeff"), "");
        File.WriteAllText(box.Path("a.snapparam"), "");
        DftJob[] sent = [.. Good("Get-MPStructure Si -Source Bundled | New-MDBenchmark sw:Si.sw bench -Size 1,2 -Steps 50 | Submit-DftJob").Cast<DftJob>()];
        Assert.Equal(["LAMMPS", "LAMMPS"], sent.Select(j => j.Code));
        Good("Get-MPStructure Si -Source Bundled | New-LammpsInput 'snap:a.snapcoeff,a.snapparam' bad -FolderName snap | Submit-DftJob");
        // Without a launcher it runs on one CPU, whatever it was made for.
        Good("Get-MPStructure Si -Source Bundled | New-MDBenchmark sw:Si.sw two -Size 1 -CpuCount 2 -Steps 20 | Submit-DftJob");
        Good("Wait-DftJob -PollInterval 1");
        DftJob[] received = [.. Good("Receive-DftJob").Cast<DftJob>().OrderBy(j => j.Id)];
        Assert.Equal([JobState.Received, JobState.Received, JobState.Failed, JobState.Received], received.Select(j => j.State));
        Assert.Equal("LammpsPackageMissing", received[2].Cause);
        Assert.Contains("part of the ML-SNAP package", received[2].Message, StringComparison.Ordinal);
        Assert.Contains("PKG_ML-SNAP=on", received[2].Message, StringComparison.Ordinal);

        // The same verdicts by hand, of folders of which only the path is known.
        CalculationVerdict[] verdicts = [.. Good("Test-DftConvergence bench,bad").Cast<CalculationVerdict>()];
        Assert.Equal([ExitKind.Success, ExitKind.Success, ExitKind.Environment], verdicts.Select(v => v.Exit));
        Assert.All(verdicts.Take(2), v => Assert.Equal((CalculationTask.MolecularDynamics, true, true), (v.Task, v.IonicConverged, v.IsConverged)));

        MDBenchmark[] runs = [.. Good("Import-MDBenchmark bench").Cast<MDBenchmark>()];
        Assert.Equal([(1, 8L), (2, 64L)], runs.Select(r => (r.Size!.Value, r.AtomCount!.Value)).Order());
        MDScaling scaling = Assert.IsType<MDScaling>(Assert.Single(Good("Import-MDBenchmark bench | Measure-MDBenchmark -Plot figures")));
        Assert.Equal(2, scaling.Points.Length);
        Assert.True(File.Exists(box.Path("figures", "speed-size.svg")));

        PipelineResult two = PipelineHost.Run("Import-MDBenchmark two", box.Root);
        Assert.Equal((1, 2), Assert.Single(two.Output.Cast<MDBenchmark>().Select(r => (r.CpuCount, r.RequestedCpuCount!.Value))));
        Assert.Contains("made for 2 CPUs and ran on 1", Assert.Single(two.Warnings), StringComparison.Ordinal);

        // Results are no inputs of another try, and DFT readers leave logs of LAMMPS alone.
        Good("Submit-DftJob -Path bench/Si.sw/1x1x1_cpu1 -Force");
        Good("Get-DftJob | Stop-DftJob -Confirm:$false");
        Good("Wait-DftJob");
        Assert.Empty(PipelineHost.Run("Import-DftResult bench", box.Root).Output);

        IReadOnlyList<object?> Good(string pipeline)
        {
            PipelineResult result = PipelineHost.Run(pipeline, box.Root, new(), TestContext.Current.CancellationToken);
            Assert.True(result.Errors.Count == 0, string.Join("; ", result.Errors.Select(e => e.ToString())));
            return result.Output;
        }
    }
}
