namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>The keys of the second line that have a meaning here besides the labels. What others use for other things is not among them.</summary>
internal static class FrameKeys
{
    // Of the format itself.
    public const string Lattice = "Lattice";
    public const string Properties = "Properties";
    public const string Pbc = "pbc";

    // Of ASE and MACE.
    public const string FreeEnergy = "free_energy";
    public const string TotalMagneticMoment = "magmom";
    public const string ConfigType = "config_type";
    public const string ConfigWeight = "config_weight";

    // Our own.
    public const string EnergyKind = "energy_kind";
    public const string EnergyWithoutEntropy = "energy_without_entropy";
    public const string EnergySigmaToZero = "energy_sigma_to_zero";
    public const string EnergyUnspecified = "energy_unspecified";
    public const string StructureName = "structure_name";
    public const string Group = "group";
    public const string GroupInferred = "group_inferred";
    public const string Root = "root";
    public const string SourceFile = "source_file";
    public const string SourceStep = "source_step";
    public const string Convergence = "convergence";
    public const string ConvergenceReason = "convergence_reason";
    public const string ElectronicSteps = "electronic_steps";
    public const string MaximumElectronicSteps = "electronic_steps_max";
    public const string LabelOrigin = "label_origin";
    public const string Temperature = "temperature_kelvin";
    public const string KineticEnergy = "kinetic_energy_ev";
    public const string BasisLattice = "basis_lattice";
    public const string Method = "dft_method";
}
