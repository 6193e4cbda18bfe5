using System.Diagnostics;
using AtomProNet.Calculations;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.Tests.Vasp.Inputs;

public sealed class JobScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("job").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_program_is_the_one_that_the_input_needs()
    {
        Incar plain = Incar.Empty.With("ENCUT", 400);
        Assert.Equal("vasp_std", VaspJobScript.ExecutableFor(plain, new(4, 4, 4, true)));
        Assert.Equal("vasp_gam", VaspJobScript.ExecutableFor(plain, new(1, 1, 1, true)));
        Assert.Equal("vasp_gam", VaspJobScript.ExecutableFor(plain, new(1, 1, 1, false)));
        Assert.Equal("vasp_std", VaspJobScript.ExecutableFor(plain, null));
        Assert.Equal("vasp_ncl", VaspJobScript.ExecutableFor(plain.With("LSORBIT", true), new(1, 1, 1, true)));
        Assert.Equal("vasp_ncl", VaspJobScript.ExecutableFor(plain.With("LNONCOLLINEAR", "T"), new(4, 4, 4, true)));
        Assert.Equal("vasp_std", VaspJobScript.ExecutableFor(plain.With("LSORBIT", false), new(4, 4, 4, true)));
    }

    [Fact]
    public void The_header_is_what_was_asked_for()
    {
        string text = (VaspJobScript.Default with { Tasks = 32, Threads = 2, WallTime = "2-00:00:00", Partition = "short", Account = "ab_1", Modules = ["vasp/6.4"] }).ToText("strain_+0.0100", Incar.Empty, new(1, 1, 1, true));

        Assert.StartsWith("#!/bin/bash\n#SBATCH --job-name=strain_+0.0100\n#SBATCH --ntasks=32\n#SBATCH --time=2-00:00:00\n", text, StringComparison.Ordinal);
        Assert.Contains("\n#SBATCH --partition=short\n#SBATCH --account=ab_1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nmodule load vasp/6.4\n", text, StringComparison.Ordinal);
        Assert.Contains("\nexport OMP_NUM_THREADS=2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nulimit -s unlimited", text, StringComparison.Ordinal);
        Assert.Contains("\n${ATOMPRONET_LAUNCH-srun} vasp_gam > vasp.out 2>&1 &\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short\n#SBATCH --uid=0")]
    [InlineData("a b")]
    [InlineData("$(id)")]
    [InlineData("-x")]
    [InlineData("")]
    public void Nothing_slips_into_the_header(string word)
    {
        Assert.Equal("JobHeaderInvalid", Assert.Throws<AtomProNetException>(() => VaspJobScript.Default with { Partition = word }).ErrorId);
        Assert.Equal("JobHeaderInvalid", Assert.Throws<AtomProNetException>(() => VaspJobScript.Default with { Account = word }).ErrorId);
        Assert.Equal("WallTimeInvalid", Assert.Throws<AtomProNetException>(() => VaspJobScript.Default with { WallTime = "1:00:00" + word + " " }).ErrorId);
    }

    [Fact]
    public void An_own_template_is_filled_and_checked()
    {
        var script = VaspJobScript.Default with { Template = "#!/bin/sh\r\necho {{NAME}} ${HOME} {a,b}\r\nmpirun {{EXECUTABLE}}", Executable = "/opt/my vasp/vasp" };

        Assert.Equal("#!/bin/sh\necho x ${HOME} {a,b}\nmpirun '/opt/my vasp/vasp'\n", script.ToText("x", Incar.Empty, null));
        Assert.Equal("JobScriptPlaceholderUnknown", Assert.Throws<AtomProNetException>(() => script with { Template = "{{NODES}}" }).ErrorId);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    public void The_script_runs_the_program_and_tells_how_it_ended(int exit, int expected)
    {
        Assert.Equal(expected, Run($"echo \"args:$#\"; exit {exit}", signal: false, out string output));
        Assert.Equal("args:0\n", output);
    }

    [Fact]
    public void The_warning_signal_asks_VASP_to_stop_and_waits_for_it()
    {
        // The stand-in works on until STOPCAR tells it to end, as VASP does after the present ionic step.
        int code = Run("for i in $(seq 200); do [ -f STOPCAR ] && { cat STOPCAR; sleep 0.2; echo done; exit 3; }; sleep 0.05; done; exit 9", signal: true, out string output);

        Assert.Equal(3, code);
        Assert.Equal("LSTOP = .TRUE.\ndone\n", output);
    }

    private int Run(string program, bool signal, out string output)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "/bin/bash is not there");
        string executable = Path.Combine(folder, "it's a $(vasp)");
        File.WriteAllText(executable, "#!/bin/bash\n" + program + "\n");
        File.WriteAllText(Path.Combine(folder, "job.sh"), (VaspJobScript.Default with { Launcher = ["bash"], Executable = executable }).ToText("x", Incar.Empty, null));
        using Process process = Process.Start(new ProcessStartInfo("/bin/bash", ["job.sh"]) { WorkingDirectory = folder })!;
        if (signal)
        {
            // The output file appears when the program has been started and the trap stands.
            for (int i = 0; i < 500 && !File.Exists(Path.Combine(folder, "vasp.out")); i++)
            {
                Thread.Sleep(20);
            }

            using Process kill = Process.Start("/bin/kill", ["-USR1", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        Assert.True(process.WaitForExit(30_000));
        output = File.ReadAllText(Path.Combine(folder, "vasp.out"));
        return process.ExitCode;
    }
}
