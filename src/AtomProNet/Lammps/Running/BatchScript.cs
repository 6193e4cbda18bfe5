using System.Globalization;
using System.Text;
using AtomProNet.Lammps.Inputs;
using AtomProNet.Lammps.Potentials;

namespace AtomProNet.Lammps.Running;

/// <summary>
/// The input that lets one LAMMPS compute many structures, one after the other. Each is a run of 0 steps; LAMMPS then appends a line to
/// results.txt and writes the forces beside it, with 17 digits each. So what was finished stands there, also where a later one fails.
/// </summary>
internal static class BatchScript
{
    internal const string InputName = "in.lammps";
    internal const string LogName = "log.lammps";
    internal const string ResultsName = "results.txt";

    private static readonly string[] Components = ["xx", "yy", "zz", "xy", "xz", "yz"];

    internal static string DataName(int number) => string.Create(CultureInfo.InvariantCulture, $"frame{number}.data");

    internal static string DumpName(int number) => string.Create(CultureInfo.InvariantCulture, $"frame{number}.dump");

    /// <summary>The lines for one structure.</summary>
    internal static void Append(StringBuilder text, int number, LammpsBox box, LammpsPotential potential, TypeOrder types, Relaxation relaxation, double forceTolerance)
    {
        bool isCrystal = box.Structure.Periodicity.All;
        PotentialLines lines = PotentialLines.Of(potential, types, f => f, canHaveCharges: box.Structure.Composition.Counts.Count > 1);
        text.Append("clear\n");
        foreach (string line in lines.Before)
        {
            text.Append(line).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"boundary {box.Boundary}\n");
        if (box.IsTriclinic || relaxation == Relaxation.Cell)
        {
            text.Append("box tilt large\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"read_data {DataName(number)}\n");
        if (relaxation == Relaxation.Cell && !box.IsTriclinic && isCrystal)
        {
            text.Append("change_box all triclinic\n");
        }

        foreach (string line in lines.After)
        {
            text.Append(line).Append('\n');
        }

        if (lines.Charges is { } charges)
        {
            text.Append(charges).Append('\n');
        }

        Minimise(text, isCrystal ? relaxation : relaxation == Relaxation.None ? Relaxation.None : Relaxation.Ions, potential, forceTolerance);
        // Without the kinetic part, and in the thermodynamic output: only so is it computed in that very step.
        text.Append("compute virial all pressure NULL virial\nthermo_style custom step pe c_virial[1] c_virial[2] c_virial[3] c_virial[4] c_virial[5] c_virial[6]\nrun 0\n");
        text.Append(CultureInfo.InvariantCulture, $"write_dump all custom {DumpName(number)} id type {(potential.HasCharges ? "q " : "")}x y z fx fy fz modify sort id format float %.17g\n");
        text.Append(CultureInfo.InvariantCulture, $"print \"{number} $(pe:%.17g)");
        for (int i = 1; i <= Components.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $" $(c_virial[{i}]:%.17g)");
        }

        text.Append(CultureInfo.InvariantCulture, $" $(xlo:%.17g) $(ylo:%.17g) $(zlo:%.17g) $(lx:%.17g) $(ly:%.17g) $(lz:%.17g) $(xy:%.17g) $(xz:%.17g) $(yz:%.17g)\" append {ResultsName} screen no\n");
    }

    private static void Minimise(StringBuilder text, Relaxation relaxation, LammpsPotential potential, double forceTolerance)
    {
        if (relaxation == Relaxation.None)
        {
            return;
        }

        double force = forceTolerance / potential.Units.EnergyInElectronvolt;
        string minimise = string.Create(CultureInfo.InvariantCulture, $"minimize 0 {force:R} 10000 100000\n");
        text.Append("min_style cg\nmin_modify dmax 0.1\n");
        if (relaxation is Relaxation.Volume or Relaxation.Cell)
        {
            string how = relaxation == Relaxation.Volume ? "iso" : "tri";
            // The strain is measured against the box at the start: begun again from where it came to, it gets there to the last digits.
            for (int round = 0; round < 4; round++)
            {
                text.Append(CultureInfo.InvariantCulture, $"fix cell all box/relax {how} 0.0 vmax 0.002\n{minimise}unfix cell\n");
            }
        }

        text.Append(minimise);
    }
}
