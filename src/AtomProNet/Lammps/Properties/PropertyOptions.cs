using AtomProNet.Evaluation.Elasticity;
using AtomProNet.Evaluation.Energies;
using AtomProNet.Lammps.Running;

namespace AtomProNet.Lammps.Properties;

/// <summary>How properties are computed.</summary>
public sealed record PropertyOptions
{
    /// <summary>How LAMMPS is run.</summary>
    public PredictionOptions Prediction { get; init; } = new();

    /// <summary>The largest strain of the fit of elastic constants.</summary>
    public decimal ElasticRange { get; init; } = 0.004m;

    /// <summary>The step of these strains.</summary>
    public decimal ElasticStep { get; init; } = 0.002m;

    /// <summary>Vacancies are put into a supercell whose periodic images are at least so far apart, Å.</summary>
    public double VacancyDistance { get; init; } = 12;

    /// <summary>Whether ions are relaxed in each strained cell, or keep their fractional coordinates.</summary>
    public IonRelaxation Ions { get; init; } = IonRelaxation.Relaxed;

    /// <summary>Whether vacancies are computed.</summary>
    public bool HasVacancies { get; init; } = true;

    /// <summary>Chemical potentials for vacancies of compounds, eV per atom; an elemental crystal is its own.</summary>
    public AtomEnergies ChemicalPotentials { get; init; } = AtomEnergies.Empty;

    /// <summary>Energies of free atoms, eV; an element that is not among them is computed in a box of its own.</summary>
    public AtomEnergies FreeAtoms { get; init; } = AtomEnergies.Empty;

    /// <summary>Told of what is being done.</summary>
    public Action<string>? Progress { get; init; }
}
