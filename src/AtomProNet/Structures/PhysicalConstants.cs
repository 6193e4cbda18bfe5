namespace AtomProNet.Structures;

/// <summary>
/// Conversion factors between the units that DFT codes print and the one convention inside (Å, eV, eV/Å, eV/Å³).
/// Source: CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93, 025010 (2021)).
/// </summary>
public static class PhysicalConstants
{
    /// <summary>1 Ry in eV.</summary>
    public const double RydbergInElectronvolt = 13.605693122994;

    /// <summary>1 Ha in eV.</summary>
    public const double HartreeInElectronvolt = 2 * RydbergInElectronvolt;

    /// <summary>1 bohr in Å.</summary>
    public const double BohrInAngstrom = 0.529177210903;

    /// <summary>1 eV/Å³ in GPa.</summary>
    public const double ElectronvoltPerCubicAngstromInGigapascal = 160.2176634;

    /// <summary>1 eV/Å³ in kbar.</summary>
    public const double ElectronvoltPerCubicAngstromInKilobar = 1602.176634;

    /// <summary>1 Ry/bohr in eV/Å.</summary>
    public const double RydbergPerBohrInElectronvoltPerAngstrom = RydbergInElectronvolt / BohrInAngstrom;

    /// <summary>1 Ry/bohr³ in eV/Å³.</summary>
    public const double RydbergPerCubicBohrInElectronvoltPerCubicAngstrom = RydbergInElectronvolt / (BohrInAngstrom * BohrInAngstrom * BohrInAngstrom);

    /// <summary>The Boltzmann constant in eV/K (exact since 2019: 1.380649e-23 / 1.602176634e-19).</summary>
    public const double BoltzmannInElectronvoltPerKelvin = 1.380649e-23 / 1.602176634e-19;

    /// <summary>The unified atomic mass unit in electron masses, 1 u / m_e.</summary>
    public const double AtomicMassUnitInElectronMass = 1822.888486209;
}
