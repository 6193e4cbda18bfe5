using System.Globalization;
using System.Text;

namespace AtomProNet.Lammps.Inputs;

/// <summary>Puts the text of an input together.</summary>
internal sealed class LammpsInputText(string name, LammpsBox box, PotentialLines lines, LammpsInputOptions options)
{
    private const string Thermodynamics = "thermo_style custom step time temp pe etotal press vol lx ly lz xy xz yz";
    private readonly StringBuilder text = new();
    private readonly LammpsUnits units = options.Potential.Units;
    private bool moves;

    /// <summary>The time step, fs.</summary>
    internal static double TimeStep(LammpsInputOptions options) => options.TimeStep ?? options.Potential.Kind.TimeStep;

    internal string Build()
    {
        Line(string.Create(CultureInfo.InvariantCulture, $"# {name.ReplaceLineEndings(" ")}: {string.Join(", ", options.Tasks)} with {options.Potential}"));
        foreach (string line in lines.Before)
        {
            Line(line);
        }

        Line("boundary " + box.Boundary);
        if (box.IsTriclinic)
        {
            Line("box tilt large");
        }

        Line("read_data " + LammpsInputPlan.DataFile);
        if (options.Replicate != (1, 1, 1))
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"replicate {options.Replicate.A} {options.Replicate.B} {options.Replicate.C}"));
        }

        foreach (string line in lines.After)
        {
            Line(line);
        }

        if (lines.Charges is { } charges)
        {
            Line(charges);
        }

        Line("neighbor 2.0 bin");
        Line("neigh_modify every 1 delay 0 check yes");
        Line(string.Create(CultureInfo.InvariantCulture, $"timestep {units.FromFemtoseconds(TimeStep(options)):R}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"thermo {options.ThermoInterval}"));
        Line(Thermodynamics);
        foreach (LammpsTask task in options.Tasks)
        {
            Line("");
            Line("# " + task);
            Add(task);
        }

        return text.ToString();
    }

    private void Add(LammpsTask task)
    {
        switch (task)
        {
            case LammpsTask.Static:
                // The virial alone, without the kinetic part; forces with all their digits.
                Line("compute virial all pressure NULL virial");
                Line("thermo_style custom step pe c_virial[1] c_virial[2] c_virial[3] c_virial[4] c_virial[5] c_virial[6]");
                Line("thermo_modify format float %.17g");
                Line("run 0");
                Line($"write_dump all custom static.dump id type {(options.Potential.HasCharges ? "q " : "")}x y z fx fy fz modify sort id format float %.17g");
                // What follows prints what it would have printed without.
                Line(Thermodynamics);
                Line("uncompute virial");
                break;
            case LammpsTask.Minimize:
                Minimise();
                break;
            default:
                Dynamics(task);
                break;
        }
    }

    private void Minimise()
    {
        Line("min_style cg");
        bool cell = !options.FixedCell && box.Structure.Periodicity.All;
        if (cell)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"fix cell all box/relax {Coupling} {units.FromGigapascal(options.Pressure):R} vmax 0.001"));
        }

        Line(string.Create(CultureInfo.InvariantCulture, $"minimize 0 {1e-6 / units.EnergyInElectronvolt:R} 10000 100000"));
        if (cell)
        {
            Line("unfix cell");
        }

        Line("write_data minimized.data");
        Line("reset_timestep 0");
    }

    private void Dynamics(LammpsTask task)
    {
        double step = TimeStep(options);
        double temperature = options.Temperature;
        string tdamp = Real(units.FromFemtoseconds(options.TemperatureDamping ?? 100 * step)), pdamp = Real(units.FromFemtoseconds(options.PressureDamping ?? 1000 * step));
        string pressure = Real(units.FromGigapascal(options.Pressure)), t = Real(temperature);
        if (!moves)
        {
            // The next dynamics go on with the velocities of these.
            Line(string.Create(CultureInfo.InvariantCulture, $"velocity all create {t} {options.Seed} mom yes rot yes dist gaussian"));
            moves = true;
        }

        bool langevin = options.Thermostat == LammpsThermostat.Langevin && task != LammpsTask.Nve;
        Line((task, langevin) switch
        {
            (LammpsTask.Nve, _) or (LammpsTask.Nvt, true) => "fix ensemble all nve",
            (LammpsTask.Nvt, false) => $"fix ensemble all nvt temp {t} {t} {tdamp}",
            (_, true) => $"fix ensemble all nph {Coupling} {pressure} {pressure} {pdamp}",
            _ => $"fix ensemble all npt temp {t} {t} {tdamp} {Coupling} {pressure} {pressure} {pdamp}",
        });
        if (langevin)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"fix bath all langevin {t} {t} {tdamp} {options.Seed + 1}"));
        }

        if (options.DumpInterval > 0)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"dump trajectory all custom {options.DumpInterval} {task.ToString().ToLowerInvariant()}.dump id type x y z fx fy fz"));
            Line("dump_modify trajectory sort id format float %.17g");
        }

        if (options.Duration is { } duration)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"timer timeout {(int)duration.TotalHours}:{duration.Minutes:D2}:{duration.Seconds:D2} every 10"));
        }

        Line(string.Create(CultureInfo.InvariantCulture, $"run {options.Steps}"));
        if (options.DumpInterval > 0)
        {
            Line("undump trajectory");
        }

        Line("unfix ensemble");
        if (langevin)
        {
            Line("unfix bath");
        }

        Line($"write_data {task.ToString().ToLowerInvariant()}.data");
        Line("reset_timestep 0");
    }

    // A box at right angles stays so; one that has tilts may change them.
    private string Coupling => box.IsTriclinic ? "tri" : "aniso";

    private void Line(string line) => text.Append(line).Append('\n');

    private static string Real(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
