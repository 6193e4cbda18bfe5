namespace AtomProNet.Lammps.Inputs;

/// <summary>One part of what a LAMMPS input does; the next part goes on from where it ended, and is not begun where it fails.</summary>
public enum LammpsTask
{
    /// <summary>Energy, forces and pressure of the structure as it is.</summary>
    Static,
    /// <summary>A minimisation of the atoms and, unless it is held, of the cell.</summary>
    Minimize,
    /// <summary>Dynamics at constant energy and volume.</summary>
    Nve,
    /// <summary>Dynamics at constant temperature and volume.</summary>
    Nvt,
    /// <summary>Dynamics at constant temperature and pressure.</summary>
    Npt,
}

/// <summary>What holds the temperature.</summary>
public enum LammpsThermostat
{
    /// <summary>Chains after Nosé and Hoover (fix nvt, fix npt).</summary>
    NoseHoover,
    /// <summary>Friction and random forces (fix langevin on fix nve or fix nph).</summary>
    Langevin,
}

/// <summary>What a LAMMPS input is made of. Immutable.</summary>
public sealed record LammpsInputOptions
{
    /// <summary>The potential, with full paths.</summary>
    public required Potentials.LammpsPotential Potential { get; init; }

    /// <summary>What is done, one after the other.</summary>
    public System.Collections.Immutable.ImmutableArray<LammpsTask> Tasks { get; init; } = [LammpsTask.Static];

    /// <summary>The order of the atom types; null: what the potential demands, else the alphabet.</summary>
    public TypeOrder? Types { get; init; }

    /// <summary>The structure is repeated so many times along its vectors, inside LAMMPS.</summary>
    public (int A, int B, int C) Replicate { get; init; } = (1, 1, 1);

    /// <summary>The temperature of dynamics, K.</summary>
    public double Temperature { get; init; } = 300;

    /// <summary>The pressure of Npt and of a minimised cell, GPa.</summary>
    public double Pressure { get; init; }

    /// <summary>The time step, fs; null: the usual one of the kind of potential.</summary>
    public double? TimeStep { get; init; }

    /// <summary>The number of steps of dynamics.</summary>
    public long Steps { get; init; } = 10_000;

    /// <summary>Dynamics end after so much wall time, whatever the number of steps; null for no limit.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What holds the temperature.</summary>
    public LammpsThermostat Thermostat { get; init; }

    /// <summary>The time in which the temperature follows, fs; null: 100 steps.</summary>
    public double? TemperatureDamping { get; init; }

    /// <summary>The time in which the pressure follows, fs; null: 1000 steps.</summary>
    public double? PressureDamping { get; init; }

    /// <summary>The seed of random numbers.</summary>
    public int Seed { get; init; } = 12345;

    /// <summary>Whether a minimisation leaves the cell as it is.</summary>
    public bool FixedCell { get; init; }

    /// <summary>How often thermodynamic numbers are printed, in steps.</summary>
    public int ThermoInterval { get; init; } = 100;

    /// <summary>How often positions and forces are written, in steps; 0 for never.</summary>
    public int DumpInterval { get; init; }

    /// <summary>The job script; null for none.</summary>
    public Calculations.JobScript? JobScript { get; init; }
}
