using System.Collections.Immutable;
using AtomProNet.Calculations;

namespace AtomProNet.Vasp.Inputs;

/// <summary>What New-VaspInput is asked for: the same for every structure of a pipeline. Immutable.</summary>
public sealed record VaspInputOptions
{
    /// <summary>The input set.</summary>
    public required VaspInputSet Set { get; init; }

    /// <summary>An INCAR of the user's own, which takes the place of the set's keys; null for none.</summary>
    public Incar? BaseIncar { get; init; }

    /// <summary>Keys that the user sets (or, with null, takes out), which go before everything else.</summary>
    public ImmutableArray<KeyValuePair<string, IncarValue?>> Overrides { get; init; } = [];

    /// <summary>Molecular dynamics; null for none.</summary>
    public MolecularDynamics? Dynamics { get; init; }

    /// <summary>The k-points; null for the set's rule.</summary>
    public KPointRule? KPoints { get; init; }

    /// <summary>The cell that the mesh is measured on.</summary>
    public KPointSource KPointsFrom { get; init; }

    /// <summary>The user's potentials; null for none.</summary>
    public PotcarLibrary? Library { get; init; }

    /// <summary>Names of potentials by element symbol, which go before the set's.</summary>
    public ImmutableDictionary<string, string> Potentials { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The version of the library; null for the set's.</summary>
    public string? Functional { get; init; }

    /// <summary>Starting moments by element symbol, μ_B, which go before the set's table.</summary>
    public ImmutableDictionary<string, double> MagneticMoments { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Starting moments by site, μ_B, in the order of the structure as it is given; null for none.</summary>
    public ImmutableArray<double>? SiteMagneticMoments { get; init; }

    /// <summary>The job script; null for none.</summary>
    public JobScript? JobScript { get; init; }
}

/// <summary>A run of molecular dynamics.</summary>
/// <param name="Ensemble">What is kept constant, and how.</param>
/// <param name="Temperature">K, at the beginning.</param>
/// <param name="FinalTemperature">K, at the end; null for the same.</param>
/// <param name="TimeStep">fs; null for 0.5 with hydrogen, else 2.</param>
/// <param name="Steps">The number of steps.</param>
public sealed record MolecularDynamics(EnsembleRule Ensemble, double Temperature, double? FinalTemperature = null, double? TimeStep = null, int Steps = 1000);
