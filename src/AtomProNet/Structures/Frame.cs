using System.Collections.Immutable;

namespace AtomProNet.Structures;

/// <summary>
/// A structure with labels: energies, forces, stress, moments, charges, the verdict on its convergence, its method, its source and
/// its group. A label that the frame does not have is null, never 0 or NaN. Immutable: copies are made with <c>with</c>.
/// </summary>
public sealed record Frame
{
    private readonly ImmutableArray<Vector3D>? forces;
    private readonly StressTensor? stress;
    private readonly double? freeEnergy, energyWithoutEntropy, energySigmaToZero, unspecifiedEnergy;

    /// <summary>Creates a frame without labels.</summary>
    public Frame(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        Structure = structure;
    }

    /// <summary>The atoms and the cell.</summary>
    public Structure Structure { get; }

    /// <summary>The free energy F = E − TS of the cell in eV.</summary>
    public double? FreeEnergy { get => freeEnergy; init => freeEnergy = Finite(value, "free energy"); }

    /// <summary>The energy without entropy E of the cell in eV.</summary>
    public double? EnergyWithoutEntropy { get => energyWithoutEntropy; init => energyWithoutEntropy = Finite(value, "energy without entropy"); }

    /// <summary>The energy of the cell extrapolated to σ→0, in eV.</summary>
    public double? EnergySigmaToZero { get => energySigmaToZero; init => energySigmaToZero = Finite(value, "energy for σ→0"); }

    /// <summary>An energy of the cell in eV whose kind the file did not tell.</summary>
    public double? UnspecifiedEnergy { get => unspecifiedEnergy; init => unspecifiedEnergy = Finite(value, "energy"); }

    /// <summary>The energy that is used unless another is asked for: F where there is one, else what there is. eV per cell.</summary>
    public double? Energy => EnergyKind is { } kind ? GetEnergy(kind) : null;

    /// <summary>Which energy <see cref="Energy"/> is; null where there is none.</summary>
    public EnergyKind? EnergyKind =>
        FreeEnergy is not null ? Structures.EnergyKind.Free
        : UnspecifiedEnergy is not null ? Structures.EnergyKind.Unspecified
        : EnergySigmaToZero is not null ? Structures.EnergyKind.SigmaToZero
        : EnergyWithoutEntropy is not null ? Structures.EnergyKind.WithoutEntropy
        : null;

    /// <summary><see cref="Energy"/> per atom, eV.</summary>
    public double? EnergyPerAtom => Structure.AtomCount > 0 ? Energy / Structure.AtomCount : null;

    /// <summary>The force on each atom, eV/Å, along the axes of the structure.</summary>
    /// <exception cref="AtomProNetException">There are not as many as atoms, or one is not finite.</exception>
    public ImmutableArray<Vector3D>? Forces
    {
        get => forces;
        init
        {
            if (value is { } given)
            {
                if (given.Length != Structure.AtomCount)
                {
                    throw new AtomProNetException(ErrorKind.InvalidData, "ForceCountMismatch", $"There are {given.Length} forces for {Structure.AtomCount} atoms.");
                }

                if (Vector3D.IndexOfNotFinite(given.AsSpan()) is >= 0 and var atom)
                {
                    throw new AtomProNetException(ErrorKind.InvalidData, "ForceNotFinite", $"The force on atom {atom + 1} is not finite.", value: given[atom].ToString());
                }
            }

            forces = value;
        }
    }

    /// <summary>The stress, eV/Å³, tension positive.</summary>
    public StressTensor? Stress
    {
        get => stress;
        init => stress = value is { IsFinite: false }
            ? throw new AtomProNetException(ErrorKind.InvalidData, "StressNotFinite", "The stress is not finite.", value: value.ToString())
            : value;
    }

    /// <summary>The magnetic moment of each atom along the quantisation axis, μ_B.</summary>
    public ImmutableArray<double>? MagneticMoments { get; init; }

    /// <summary>The magnetic moment vector of each atom for non-collinear spins, μ_B.</summary>
    public ImmutableArray<Vector3D>? MagneticMomentVectors { get; init; }

    /// <summary>The magnetic moment of the cell, μ_B.</summary>
    public double? TotalMagneticMoment { get; init; }

    /// <summary>The net charge of each atom, e.</summary>
    public ImmutableArray<double>? Charges { get; init; }

    /// <summary>The temperature of the ions in K (molecular dynamics).</summary>
    public double? Temperature { get; init; }

    /// <summary>The kinetic energy of the ions in eV (molecular dynamics). Not part of any energy above.</summary>
    public double? KineticEnergy { get; init; }

    /// <summary>Who computed the labels.</summary>
    public LabelOrigin Origin { get; init; }

    /// <summary>The verdict on the electronic convergence.</summary>
    public FrameConvergence Convergence { get; init; } = FrameConvergence.Unknown;

    /// <summary>How the labels were computed; null where nobody said.</summary>
    public DftMethod? Method { get; init; }

    /// <summary>The cell whose plane waves the calculation used (the one it started with); null where it is not known.</summary>
    public Lattice? BasisLattice { get; init; }

    /// <summary>V/V_basis: 1 where the plane waves fit the cell. Variable-cell runs drift away from it.</summary>
    public double? BasisVolumeRatio => Structure.Volume / BasisLattice?.Volume;

    /// <summary>The file and step it was read from.</summary>
    public FrameSource? Source { get; init; }

    /// <summary>MACE's <c>config_type</c>, such as <c>IsolatedAtom</c>.</summary>
    public string? ConfigType { get; init; }

    /// <summary>MACE's <c>config_weight</c>.</summary>
    public double? Weight { get; init; }

    /// <summary>Further <c>key=value</c> pairs that came with the frame, as a format's reader understood them (double, long, bool, string or arrays of them).</summary>
    public ImmutableSortedDictionary<string, object> Information { get; init; } = ImmutableSortedDictionary<string, object>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>
    /// The key in <see cref="Information"/> of the valence electrons within the sphere of each site, where an output prints them. They are
    /// no net charges: spheres neither fill the cell nor keep apart.
    /// </summary>
    public const string SphereElectronsKey = "sphere_electrons";

    /// <summary>The family it belongs to (see <see cref="Provenance.GroupId"/>); null where nobody said.</summary>
    public string? GroupId => Structure.Provenance?.GroupId;

    /// <summary>The virial −σ·V in eV; null without stress or cell.</summary>
    public Matrix3x3? Virial => Stress is { } s && Structure.Volume is { } v ? s.ToVirial(v) : null;

    /// <summary>The length of the longest force, eV/Å; null without forces.</summary>
    public double? MaximumForce
    {
        get
        {
            if (forces is not { } all)
            {
                return null;
            }

            double maximum = 0;
            foreach (Vector3D f in all)
            {
                maximum = Math.Max(maximum, f.LengthSquared);
            }

            return Math.Sqrt(maximum);
        }
    }

    /// <summary>The energy of that kind, eV per cell; null where the frame does not have it.</summary>
    public double? GetEnergy(EnergyKind kind) => kind switch
    {
        Structures.EnergyKind.Free => FreeEnergy,
        Structures.EnergyKind.WithoutEntropy => EnergyWithoutEntropy,
        Structures.EnergyKind.SigmaToZero => EnergySigmaToZero,
        Structures.EnergyKind.Unspecified => UnspecifiedEnergy,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The same labels on another structure of as many atoms (new provenance, wrapped positions, added digits).</summary>
    public Frame WithStructure(Structure structure) => new(structure)
    {
        FreeEnergy = FreeEnergy,
        EnergyWithoutEntropy = EnergyWithoutEntropy,
        EnergySigmaToZero = EnergySigmaToZero,
        UnspecifiedEnergy = UnspecifiedEnergy,
        Forces = Forces,
        Stress = Stress,
        MagneticMoments = MagneticMoments,
        MagneticMomentVectors = MagneticMomentVectors,
        TotalMagneticMoment = TotalMagneticMoment,
        Charges = Charges,
        Temperature = Temperature,
        KineticEnergy = KineticEnergy,
        Origin = Origin,
        Convergence = Convergence,
        Method = Method,
        BasisLattice = BasisLattice,
        Source = Source,
        ConfigType = ConfigType,
        Weight = Weight,
        Information = Information,
    };

    /// <summary>Source, formula and energy in one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Source?.ToString() ?? Structure.Name ?? "frame"}: {Structure.Composition.Formula} {Energy} eV");

    private static double? Finite(double? value, string what) => value is { } number && !double.IsFinite(number)
        ? throw new AtomProNetException(ErrorKind.InvalidData, "EnergyNotFinite", $"The {what} is not finite.", value: number.ToString(System.Globalization.CultureInfo.InvariantCulture))
        : value;
}
