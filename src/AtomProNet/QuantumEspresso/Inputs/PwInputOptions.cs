using System.Collections.Immutable;
using AtomProNet.Calculations;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>What pw.x is to do.</summary>
public enum PwCalculation
{
    /// <summary>One self-consistency: energy, forces and stress of the structure as it is.</summary>
    Scf,
    /// <summary>Moves the atoms to where the forces vanish.</summary>
    Relax,
    /// <summary>The same with the cell.</summary>
    VcRelax,
    /// <summary>Molecular dynamics in a fixed cell.</summary>
    Md,
    /// <summary>Molecular dynamics with a moving cell (Parrinello–Rahman).</summary>
    VcMd,
}

/// <summary>How the bands are occupied.</summary>
public enum PwSmearing
{
    /// <summary>Gaussian smearing: the only one whose energy for σ→0 is known.</summary>
    Gaussian,
    /// <summary>Methfessel–Paxton of order 1.</summary>
    MethfesselPaxton,
    /// <summary>Marzari–Vanderbilt (cold smearing).</summary>
    MarzariVanderbilt,
    /// <summary>Fermi–Dirac.</summary>
    FermiDirac,
    /// <summary>No smearing: for insulators.</summary>
    Fixed,
}

/// <summary>How the temperature of molecular dynamics in a fixed cell is held.</summary>
public enum PwThermostat
{
    /// <summary>Stochastic velocity rescaling (Bussi, Donadio, Parrinello, J. Chem. Phys. 126, 014101 (2007)): the canonical ensemble.</summary>
    StochasticRescaling,
    /// <summary>Andersen's collisions.</summary>
    Andersen,
    /// <summary>Berendsen's soft rescaling: no canonical ensemble.</summary>
    Berendsen,
    /// <summary>The temperature is set once, at the beginning; the energy is conserved from then on.</summary>
    Initial,
}

/// <summary>A run of molecular dynamics.</summary>
/// <param name="Temperature">K.</param>
/// <param name="TimeStep">fs; null for 0.5 with hydrogen, else 1.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Thermostat">How the temperature is held; vc-md has none.</param>
public sealed record PwDynamics(double Temperature, double? TimeStep = null, int Steps = 1000, PwThermostat Thermostat = PwThermostat.StochasticRescaling);

/// <summary>An entry of a namelist that the user sets, or with null takes out.</summary>
/// <param name="Namelist">The namelist; null where the name alone tells.</param>
/// <param name="Name">The variable, perhaps with indices: <c>starting_magnetization(1)</c>.</param>
/// <param name="Value">The value as Fortran text; null for none.</param>
public sealed record PwOverride(string? Namelist, string Name, string? Value)
{
    /// <summary>A value as Fortran text: numbers, texts, true and false, and lists of them.</summary>
    /// <exception cref="AtomProNetException">It cannot stand in a namelist.</exception>
    public static string ToLiteral(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return PwNamelists.Literal(value);
    }
}

/// <summary>What New-QEInput is asked for: the same for every structure of a pipeline. Immutable.</summary>
public sealed record PwInputOptions
{
    /// <summary>What is computed.</summary>
    public PwCalculation Calculation { get; init; }

    /// <summary>The user's pseudopotentials.</summary>
    public required UpfLibrary Library { get; init; }

    /// <summary>Names of files by element symbol, which go before the search.</summary>
    public ImmutableDictionary<string, string> Pseudopotentials { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What stands as pseudo_dir, the files being there already; null copies them into each folder.</summary>
    public string? PseudoDirectory { get; init; }

    /// <summary>Ry; null for what the pseudopotentials suggest.</summary>
    public double? WavefunctionCutoff { get; init; }

    /// <summary>Ry; null for what the pseudopotentials suggest.</summary>
    public double? DensityCutoff { get; init; }

    /// <summary>The k-points.</summary>
    public KPointRule KPoints { get; init; } = new KPointRule.Mesh([4, 4, 4]);

    /// <summary>The cell that the mesh is measured on.</summary>
    public KPointSource KPointsFrom { get; init; }

    /// <summary>How the bands are occupied.</summary>
    public PwSmearing Smearing { get; init; }

    /// <summary>The width of the smearing, Ry.</summary>
    public double SmearingWidth { get; init; } = 0.02;

    /// <summary>Whether the run is spin-polarised (collinear); null where the moments tell.</summary>
    public bool? SpinPolarised { get; init; }

    /// <summary>Starting moments by element symbol, μ_B.</summary>
    public ImmutableDictionary<string, double> MagneticMoments { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Molecular dynamics; null for the default of its calculations.</summary>
    public PwDynamics? Dynamics { get; init; }

    /// <summary>The target pressure of calculations with a moving cell, GPa.</summary>
    public double Pressure { get; init; }

    /// <summary>Entries of namelists that go before everything else.</summary>
    public ImmutableArray<PwOverride> Overrides { get; init; } = [];

    /// <summary>The job script; null for none.</summary>
    public JobScript? JobScript { get; init; }
}
