using System.Diagnostics;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Lammps.Benchmarks;
using AtomProNet.Lammps.Inputs;
using AtomProNet.Lammps.Outputs;

namespace AtomProNet.Tests.Lammps;

public sealed class MDBenchmarkTests
{
    /// <summary>The table of the sample data, whose fits were computed by a script that shares no code with this project, to all printed digits.</summary>
    [Fact]
    public void The_paper_s_speeds_and_fits()
    {
        string folder = SharedData.Path("data", "lammps", "comp_perf");
        using var work = new TemporaryFolder();
        PipelineResult read = PipelineHost.Run("Import-MDBenchmark . -AtomsPerCell 20", folder);
        Assert.Empty(read.Errors);
        MDBenchmark[] runs = [.. read.Output.Cast<MDBenchmark>()];
        int[] sizes = [1, 2, 3, 4, 5, 6, 7, 10, 25, 50];
        Assert.Equal([48.48, 15.6475, 4.691, 1.9776, 1.0967, .6383, .3122, .099, .0058, .0005], Speeds("allegro"));
        Assert.Equal([11.2113, 4.5827, 2.0068, .8282, .5634, .3454, .2233, .0811, .0054, .0005], Speeds("reaxff"));
        Assert.All(runs, r => Assert.Equal(20L * r.Size!.Value * r.Size.Value * r.Size.Value, r.AtomCount));
        PipelineResult fits = PipelineHost.Run($"Measure-MDBenchmark -Plot '{work.Root}'", work.Root, new() { Input = runs });
        Assert.Empty(fits.Errors);
        MDScaling[] scalings = [.. fits.Output.Cast<MDScaling>()];
        Assert.Equal([("allegro", -3.0334369503, 2.0303798047), ("reaxff", -2.6299915684, 1.4422029121)], scalings.Select(s => (s.Potential, Math.Round(s.Slope!.Value, 10), Math.Round(s.Intercept!.Value, 10))));
        string svg = File.ReadAllText(work.Path("speed-size.svg"));
        Assert.Contains("allegro", svg, StringComparison.Ordinal);
        Assert.Contains("slope −3.03", svg.Replace("-3.03", "−3.03", StringComparison.Ordinal), StringComparison.Ordinal);

        double[] Speeds(string potential) => [.. sizes.Select(g => Math.Round(runs.Single(r => r.Potential == potential && r.Size == g).PicosecondsPerHour, 10))];
    }

    [Fact]
    public void Half_lines_do_not_count_and_contradictions_are_told()
    {
        using var work = new TemporaryFolder();
        string file = work.Write("2x2x2/x_comp_perf_2x2x2.txt", "1 0.0001\n2 0.0002\n3 0.0003\n4 0.00");
        MDBenchmark run = MDBenchmarkReader.Read(file, new(TimeSpan.FromHours(1)));
        Assert.Equal((3L, 2, "x", 0.0003), (run.Steps, run.Size, run.Potential, Math.Round(run.PicosecondsPerHour, 12)));
        // The same in fs (units real).
        Assert.Equal(0.0003, MDBenchmarkReader.Read(work.Write("a.txt", "3 0.3\n"), new(TimeSpan.FromHours(1))).PicosecondsPerHour, 1e-12);
        Assert.Equal(0.0006, MDBenchmarkReader.Read(work.Write("a.txt", "3 0.3\n"), new(TimeSpan.FromMinutes(30))).PicosecondsPerHour, 1e-12);
        Assert.Equal("BenchmarkTimeStepContradicts", Id("3 0.6\n"));
        Assert.Equal("BenchmarkLineInvalid", Id("3 0.3\nfour 0.4\n"));
        Assert.Equal("BenchmarkNotFinished", Id("3 0.3"));
        Assert.Equal("BenchmarkFileEmpty", Id("\n"));
        Assert.Equal("BenchmarkNotFinished", Id("LAMMPS (29 Sep 2021)\nunits metal\nrun 100\n"));
        Assert.Equal("LammpsLostAtoms", Id("LAMMPS (29 Sep 2021)\nunits metal\nrun 100\nERROR: Lost atoms: original 8 current 7 (src/thermo.cpp:438)\nLast command: run 100\n"));

        string Id(string text) => Assert.Throws<AtomProNetException>(() => MDBenchmarkReader.Read(work.Write("b.txt", text), new(TimeSpan.FromHours(1)))).ErrorId;
    }

    /// <summary>What LAMMPS prints: the loop, and its own performance line, which must agree with what is computed.</summary>
    [Fact]
    public void Logs_are_read_as_they_are_printed()
    {
        const string Text = """
            LAMMPS (29 Sep 2021 - Update 2)
            units metal
            pair_style tersoff
            timestep 0.0001
            minimize 0 1e-6 100 1000
            Loop time of 0.5 on 4 procs for 12 steps with 64 atoms
            run 100
            Loop time of 2.16 on 4 procs for 100 steps with 64 atoms

            Performance: 0.400 ns/day, 60.000 hours/ns, 46.296 timesteps/s
            99.2% CPU use with 4 MPI tasks x 1 OpenMP threads
            Total wall time: 0:00:03
            """;
        LammpsLog log = LammpsLog.Parse(Text, "log.lammps");
        Assert.Equal(("29 Sep 2021 - Update 2", "metal", "tersoff", 0.0001, true, 2), (log.Version, log.Units, log.PairStyle, log.TimeStep, log.IsFinished, log.Loops.Length));
        Assert.Equal((true, false), (log.Loops[0].IsMinimisation, log.Loops[1].IsMinimisation));
        using var work = new TemporaryFolder();
        MDBenchmark run = MDBenchmarkReader.Read(work.Write("log.lammps", Text), new(TimeSpan.FromHours(1)));
        Assert.Equal((4, 64L, 100L, 0.1, 2.16), (run.CpuCount, run.AtomCount, run.Steps, run.TimeStep, run.WallTime));
        Assert.Equal(log.Loops[1].NanosecondsPerDay!.Value, run.NanosecondsPerDay, 1e-3);
        Assert.Equal(log.Loops[1].StepsPerSecond!.Value, run.StepsPerSecond, 1e-3);
        Assert.Equal(64 * 100 / 2.16, run.AtomStepsPerSecond!.Value, 1e-9);
    }

    /// <summary>LAMMPS's "procs" are MPI tasks times threads already: these lines are its own, with OMP_NUM_THREADS=2, and of 2 tasks by 3 threads.</summary>
    [Theory]
    [InlineData("2 procs", "1 MPI tasks x 2 OpenMP threads", 1, 2, 2)]
    [InlineData("6 procs", "2 MPI tasks x 3 OpenMP threads", 2, 3, 6)]
    [InlineData("4 procs", "4 MPI tasks x no OpenMP threads", 4, null, 4)]
    public void Threads_are_counted_once(string procs, string usage, int processes, int? threads, int cpus)
    {
        string text = $"LAMMPS (29 Sep 2021 - Update 2)\nunits metal\nrun 50\nLoop time of 0.0904675 on {procs} for 50 steps with 864 atoms\n\nPerformance: 47.752 ns/day, 0.503 hours/ns, 552.685 timesteps/s\n75.4% CPU use with {usage}\nTotal wall time: 0:00:00\n";
        LammpsLoop loop = Assert.Single(LammpsLog.Parse(text, "log.lammps").Loops);
        Assert.Equal((processes, threads), (loop.Processes, loop.Threads));
        using var work = new TemporaryFolder();
        Assert.Equal(cpus, MDBenchmarkReader.Read(work.Write("log.lammps", text), new(TimeSpan.FromHours(1))).CpuCount);
    }

    /// <summary>After clear and units the time step is the default again: LAMMPS's own performance says so.</summary>
    [Fact]
    public void Units_take_the_time_step_back()
    {
        const string Text = "LAMMPS (29 Sep 2021 - Update 2)\nunits metal\ntimestep 0.002\nrun 50\nLoop time of 0.0791527 on 1 procs for 50 steps with 864 atoms\nclear\nunits metal\nrun 50\nLoop time of 0.0956896 on 1 procs for 50 steps with 864 atoms\n\nPerformance: 45.146 ns/day, 0.532 hours/ns, 522.523 timesteps/s\nTotal wall time: 0:00:00\n";
        using var work = new TemporaryFolder();
        Assert.Equal(45.146, MDBenchmarkReader.Read(work.Write("log.lammps", Text), new(TimeSpan.FromHours(1))).NanosecondsPerDay, 1e-3);
    }

    [Fact]
    public void Efficiency_and_speed_up_by_hand()
    {
        MDBenchmark[] runs =
        [
            Run(1, 1, 100), Run(1, 2, 60), Run(1, 4, 40),
            Run(2, 1, 800), Run(2, 2, 400),
        ];
        MDScaling[] scalings = [.. MDScaling.Measure(runs)];
        MDScaling cpus = scalings.Single(s => s.Variable == ScalingVariable.CpuCount && s.At == "γ = 1");
        Assert.Equal([1, Math.Round(100.0 / 60, 12), 2.5], cpus.Points.Select(p => Math.Round(p.Speedup, 12)));
        Assert.Equal([1, Math.Round(100.0 / 120, 12), 0.625], cpus.Points.Select(p => Math.Round(p.ParallelEfficiency!.Value, 12)));
        // Eight times the atoms, an eighth of the speed: a slope of −3 against γ.
        Assert.Equal(-3, scalings.Single(s => s.Variable == ScalingVariable.Size && s.At == "1 CPU").Slope!.Value, 1e-12);
        Assert.Empty(MDScaling.Measure([Run(1, 1, 100)]));
        // What the runs of a line have in common is told whole.
        MDBenchmark[] charged = [.. from interval in new[] { 1, 10 } from n in new[] { 1, 2 } select Run(2, n, 100.0 / n / interval) with { ChargeInterval = interval }];
        Assert.Equal(["γ = 2", "γ = 2, charges every 10", "γ = 2, 1 CPU", "γ = 2, 2 CPUs"], MDScaling.Measure(charged).Select(m => m.At));

        static MDBenchmark Run(int size, int cpus, double seconds) => new() { Potential = "p", Size = size, AtomCount = 8L * size * size * size, CpuCount = cpus, Steps = 1000, TimeStep = 0.1, WallTime = seconds, Source = $"{size}-{cpus}" };
    }

    /// <summary>γ = 1…5 on 1 and 2 CPUs, by LAMMPS itself: dynamics after the minimisation, its own numbers read back, and the figures.</summary>
    [Fact]
    public void A_benchmark_from_input_to_figure()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        using var work = new TemporaryFolder();
        (string sizes, string cpus) = TestEffort.IsFull && HasMpi ? ("1,2,3,4,5", "1,2") : ("1,2", "1");
        PipelineResult made = PipelineHost.Run($"Get-MPStructure Si -Source Bundled | New-MDBenchmark sw:Si.sw bench -Size {sizes} -CpuCount {cpus} -Steps 50", work.Root);
        Assert.Empty(made.Errors);
        DftInput[] inputs = [.. made.Output.Cast<DftInput>()];
        Assert.Equal(sizes.Split(',').Length * cpus.Split(',').Length, inputs.Length);
        foreach (DftInput input in inputs)
        {
            Assert.Equal("LAMMPS", input.Code);
            Assert.All(input.Files, f => Assert.True(File.Exists(Path.Combine(input.FolderPath, f))));
            int n = int.Parse(input.Settings["benchmark_cpus"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains($"--ntasks={n}\n", File.ReadAllText(Path.Combine(input.FolderPath, "job.sh")), StringComparison.Ordinal);
            Run(input.FolderPath, n);
        }

        PipelineResult read = PipelineHost.Run("Import-MDBenchmark bench", work.Root);
        Assert.Empty(read.Errors);
        MDBenchmark[] runs = [.. read.Output.Cast<MDBenchmark>()];
        Assert.Equal(inputs.Length, runs.Length);
        Assert.All(runs, r =>
        {
            Assert.Equal(("Si.sw", 50L, 0.1, 8L * r.Size * r.Size * r.Size), (r.Potential, r.Steps, r.TimeStep, r.AtomCount));
            // LAMMPS's own figure, to the digits that it prints.
            LammpsLoop loop = LammpsLog.Read(r.Source).Loops[^1];
            Assert.Equal(loop.NanosecondsPerDay!.Value, r.NanosecondsPerDay, 0.0006 + 1e-3 * r.NanosecondsPerDay);
            Assert.True(LammpsLog.Read(r.Source).Loops[0].IsMinimisation);
        });
        PipelineResult fits = PipelineHost.Run("Measure-MDBenchmark -Plot figures", work.Root, new() { Input = runs });
        Assert.Empty(fits.Errors);
        Assert.True(File.Exists(work.Path("figures", "speed-size.svg")));
        Assert.Equal(cpus.Contains('2', StringComparison.Ordinal), File.Exists(work.Path("figures", "speed-cpus.svg")));
        Assert.Single(PipelineHost.Run("Export-Figure speed.html", work.Root, new() { Input = fits.Output }).Output);
        Assert.Contains("Simulated time within one hour", File.ReadAllText(work.Path("speed.html")), StringComparison.Ordinal);
    }

    /// <summary>Dynamics are not begun where the minimisation fails.</summary>
    [Fact]
    public void Dynamics_wait_for_the_minimisation()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        using var work = new TemporaryFolder();
        DftInput input = (DftInput)Assert.Single(PipelineHost.Run("Get-MPStructure Si -Source Bundled | New-MDBenchmark sw:Si.sw bench -Size 1", work.Root).Output)!;
        string file = Path.Combine(input.FolderPath, "in.lammps");
        File.WriteAllText(file, File.ReadAllText(file).Replace("min_style cg", "min_style nonsense", StringComparison.Ordinal));
        Run(input.FolderPath, 1, mustSucceed: false);
        LammpsLog log = LammpsLog.Read(Path.Combine(input.FolderPath, "log.lammps"));
        Assert.Empty(log.Loops);
        Assert.NotNull(log.Error);
    }

    private static bool HasMpi => File.Exists("/usr/bin/mpirun");

    private static void Run(string folder, int processes, bool mustSucceed = true)
    {
        string[] words = processes == 1 ? ["lmp"] : ["mpirun", "--allow-run-as-root", "--oversubscribe", "-np", $"{processes}", "lmp"];
        using var process = Process.Start(new ProcessStartInfo(words[0], [.. words[1..], "-in", "in.lammps", "-log", "log.lammps", "-screen", "none"]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(!mustSucceed || process.ExitCode == 0, said);
    }
}
