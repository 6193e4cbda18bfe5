namespace AtomProNet.Lammps;

/// <summary>A unit style of LAMMPS. Lengths are Å in both. Immutable.</summary>
/// <param name="Name">The name in the input: metal or real.</param>
/// <param name="EnergyInElectronvolt">LAMMPS's unit of energy in eV.</param>
/// <param name="TimeInPicosecond">LAMMPS's unit of time in ps.</param>
/// <param name="PressurePerEnergyDensity">
/// How many of LAMMPS's units of pressure one unit of energy per Å³ is: LAMMPS's own constant (update.cpp, nktv2p), since dividing by
/// it gives back the sum that LAMMPS made, whatever the constant's last digits.
/// </param>
/// <param name="PressureInBar">LAMMPS's unit of pressure in bar.</param>
public sealed record LammpsUnits(string Name, double EnergyInElectronvolt, double TimeInPicosecond, double PressurePerEnergyDensity, double PressureInBar)
{
    /// <summary>eV, ps, bar.</summary>
    public static LammpsUnits Metal { get; } = new("metal", 1, 1, 1.6021765e6, 1);

    /// <summary>kcal/mol (4184 J/mol with Avogadro's number 6.02214076e23 and e = 1.602176634e-19 C), fs, atm.</summary>
    public static LammpsUnits Real { get; } = new("real", 4184 / (6.02214076e23 * 1.602176634e-19), 1e-3, 68568.415, 1.01325);

    /// <summary>The style of that name.</summary>
    /// <exception cref="AtomProNetException">It is neither of the two.</exception>
    public static LammpsUnits Of(string name) => name switch
    {
        "metal" => Metal,
        "real" => Real,
        _ => throw new AtomProNetException(ErrorKind.NotSupported, "LammpsUnitsUnknown", "Only the unit styles metal and real are known.", value: name),
    };

    /// <summary>A time in fs in LAMMPS's unit.</summary>
    public double FromFemtoseconds(double time) => time * 1e-3 / TimeInPicosecond;

    /// <summary>A pressure in GPa in LAMMPS's unit.</summary>
    public double FromGigapascal(double pressure) => pressure * 1e4 / PressureInBar;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
