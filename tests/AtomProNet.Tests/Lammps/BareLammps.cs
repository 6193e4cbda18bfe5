using System.Diagnostics;
using System.Globalization;

namespace AtomProNet.Tests.Lammps;

/// <summary>
/// LAMMPS by inputs of the tests' own, which share nothing with the module's: lattices by box/relax, elastic constants by second differences of
/// the energy, so that neither the module's inputs nor its stresses, axes or fits can hide a mistake.
/// </summary>
internal static class BareLammps
{
    private const double GPa = 160.2176634;

    /// <summary>Runs an input and gives back what its lines <c>print "RESULT …"</c> say.</summary>
    public static double[][] Run(string input)
    {
        using var work = new TemporaryFolder();
        work.Write("in.bare", input);
        var start = new ProcessStartInfo("lmp", ["-in", "in.bare", "-log", "log.bare", "-screen", "none", "-nocite"]) { WorkingDirectory = work.Root, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["LAMMPS_POTENTIALS"] = "/usr/share/lammps/potentials";
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        string log = File.ReadAllText(work.Path("log.bare"));
        Assert.True(process.ExitCode == 0, said + output.Result + log[Math.Max(0, log.Length - 500)..]);
        return [.. log.Split('\n').Where(l => l.StartsWith("RESULT ", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(x => double.Parse(x, CultureInfo.InvariantCulture)).ToArray())];
    }

    /// <summary>A cubic crystal: its lattice constant, energy per atom, and C11, C12, C44 in GPa, ions relaxed.</summary>
    /// <param name="init">The lines before the box: units and atom_style, or kim init.</param>
    /// <param name="lattice">fcc or diamond.</param>
    /// <param name="near">A lattice constant near the minimum, Å.</param>
    /// <param name="mass">The mass.</param>
    /// <param name="pair">The lines that set the potential.</param>
    /// <param name="first">A line that runs when the atoms are there; empty for none.</param>
    public static (double A, double EnergyPerAtom, double C11, double C12, double C44) Cubic(string init, string lattice, double near, double mass, string pair, string first = "")
    {
        const double H = 0.002;
        double[] relaxed = Run(Cell(near) + "fix box all box/relax iso 0.0 vmax 0.001\nminimize 0 1e-8 1000 10000\nunfix box\nfix box all box/relax iso 0.0 vmax 0.001\nminimize 0 1e-8 1000 10000\nrun 0\nprint \"RESULT $(lx:%.15g) $(pe:%.15g) $(atoms)\"\n")[0];
        double a = relaxed[0], volume = a * a * a;
        // Both signs of one axis, of two axes, and of a shear γ = tilt/length.
        double[] e = [.. Run(string.Concat(
            Strained(""),
            Strained($"x scale {1 + H:R}"), Strained($"x scale {1 - H:R}"),
            Strained($"x scale {1 + H:R} y scale {1 + H:R}"), Strained($"x scale {1 - H:R} y scale {1 - H:R}"),
            Strained(FormattableString.Invariant($"yz delta {H * a:R}")), Strained(FormattableString.Invariant($"yz delta {-H * a:R}")))).Select(r => r[0])];
        double one = Second(1), two = Second(3), shear = Second(5);
        return (a, relaxed[1] / relaxed[2], one, two / 2 - one, shear);

        double Second(int k) => (e[k] + e[k + 1] - 2 * e[0]) / (H * H) / volume * GPa;

        string Cell(double length) => FormattableString.Invariant($"clear\n{init}\nboundary p p p\nbox tilt large\nlattice {lattice} {length:R}\nregion cell prism 0 1 0 1 0 1 0 0 0\ncreate_box 1 cell\ncreate_atoms 1 box\nmass 1 {mass}\n{first}\n{pair}\nthermo_modify format float %.15g\nmin_style cg\nmin_modify dmax 0.01\n");

        string Strained(string change) => Cell(a) + (change.Length == 0 ? "" : FormattableString.Invariant($"change_box all {change} remap units box\n")) + "minimize 0 1e-8 1000 10000\nrun 0\nprint \"RESULT $(pe:%.15g)\"\n";
    }
}
