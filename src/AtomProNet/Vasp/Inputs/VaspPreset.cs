namespace AtomProNet.Vasp.Inputs;

/// <summary>The input sets that come with the program.</summary>
public enum VaspPreset
{
    /// <summary>The AtomProNet paper's: PBE, 400 eV, 4×4×4, Methfessel–Paxton 0.026 eV, static.</summary>
    AtomProNet,
    /// <summary>The Materials Project's MPStaticSet.</summary>
    MPStatic,
    /// <summary>The Materials Project's MPRelaxSet.</summary>
    MPRelax,
    /// <summary>MatPES' static set (PBE), made for machine-learning potentials.</summary>
    MatPESStatic,
}

/// <summary>Molecular dynamics laid over a preset.</summary>
public enum VaspEnsemble
{
    /// <summary>Constant volume, Nosé–Hoover thermostat.</summary>
    NvtNoseHoover,
    /// <summary>Constant volume, Langevin thermostat.</summary>
    NvtLangevin,
    /// <summary>Constant pressure, Parrinello–Rahman with a Langevin thermostat.</summary>
    NptLangevin,
}
