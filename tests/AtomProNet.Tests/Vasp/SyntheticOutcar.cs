using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp;

/// <summary>Which version's output is imitated.</summary>
internal enum OutcarDialect
{
    /// <summary>5.2.2: six decimals of the energies, which come before stress and forces.</summary>
    Vasp522,
    /// <summary>5.4.4: no echo of the INCAR; says "EDIFF is reached" after NELM steps, too.</summary>
    Vasp544,
    /// <summary>6.3.0: INCAR echoed, primitive cell printed, says when EDIFF was not reached.</summary>
    Vasp630,
}

/// <summary>One entry of the POTCAR.</summary>
/// <param name="Symbol">The element.</param>
/// <param name="Count">The number of atoms.</param>
/// <param name="Title">TITEL; default <c>PAW_PBE X 01Jan2000</c>.</param>
/// <param name="Configuration">What stands behind VRHFIN =; default the symbol.</param>
internal sealed record SyntheticType(string Symbol, int Count, string? Title = null, string? Configuration = null)
{
    public string PrintedTitle => Title ?? $"PAW_PBE {Symbol} 01Jan2000";
}

/// <summary>One ionic step: what is printed for it.</summary>
internal sealed record SyntheticStep
{
    public required Lattice Lattice { get; init; }

    /// <summary>Å.</summary>
    public required Vector3D[] Positions { get; init; }

    public required double FreeEnergy { get; init; }

    public required Vector3D[] Forces { get; init; }

    /// <summary>eV/Å³, tension positive; null where it is not printed.</summary>
    public StressTensor? Stress { get; init; }

    /// <summary>−TS, eV.</summary>
    public double MinusEntropy { get; init; } = -0.00059396;

    public int ElectronicSteps { get; init; } = 7;

    /// <summary>By how much the energy changes at the last electronic step, eV.</summary>
    public double LastChange { get; init; } = 4e-7;

    /// <summary>The rule that ends the electronic loop; null for none.</summary>
    public string? LoopEnd { get; init; } = "aborting loop because EDIFF is reached";

    /// <summary>LORBIT moments, μ_B.</summary>
    public double[]? Moments { get; init; }

    /// <summary>Temperature (K) and kinetic energy (eV) of molecular dynamics.</summary>
    public (double Temperature, double KineticEnergy)? Dynamics { get; init; }

    public bool IsMachineLearned { get; init; }

    /// <summary>Removed from the forces before they were printed, or left in them (molecular dynamics).</summary>
    public Vector3D Drift { get; init; }

    public bool WithoutForces { get; init; }

    public bool WithoutCell { get; init; }

    /// <summary>A step of the potential.</summary>
    public static SyntheticStep Of(MorsePotential potential, Lattice lattice, Vector3D[] positions)
    {
        (double energy, Vector3D[] forces, StressTensor stress) = potential.Evaluate(lattice, positions);
        return new() { Lattice = lattice, Positions = positions, FreeEnergy = energy, Forces = forces, Stress = stress };
    }
}

/// <summary>An OUTCAR made up by the tests: the numbers are an analytic potential's, the form is VASP's.</summary>
internal sealed partial record SyntheticOutcar
{
    public OutcarDialect Dialect { get; init; } = OutcarDialect.Vasp630;

    public required IReadOnlyList<SyntheticType> Types { get; init; }

    public required IReadOnlyList<SyntheticStep> Steps { get; init; }

    public int Nelm { get; init; } = 60;

    public int Nsw { get; init; }

    public int Ibrion { get; init; } = -1;

    public int Isif { get; init; } = 2;

    public int Ismear { get; init; } = 1;

    public double Sigma { get; init; } = 0.026;

    public double Encut { get; init; } = 400;

    public double Pstress { get; init; }

    public int Ispin { get; init; } = 1;

    public bool IsFinished { get; init; } = true;

    /// <summary>Lines put among the header's parameters, such as those of +U.</summary>
    public IReadOnlyList<string> MoreParameters { get; init; } = [];

    /// <summary>Two lattice blocks before the first step, as molecular dynamics prints.</summary>
    public bool SecondStartingCell { get; init; }

    /// <summary>The cell of an earlier run, whose orbitals this one starts from; null where it starts from none.</summary>
    public Lattice? WavecarCell { get; init; }

    public int AtomCount => Types.Sum(t => t.Count);
}
