using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>What is compared between reference and prediction.</summary>
public enum ErrorQuantity
{
    /// <summary>The energy of the cell divided by its number of atoms, eV/atom: one value a frame.</summary>
    EnergyPerAtom,
    /// <summary>The energy of the cell, eV: one value a frame. Over several compositions its R² tells how different the compositions are, not how good the model is.</summary>
    TotalEnergy,
    /// <summary>The Cartesian components of the forces, eV/Å: three values an atom.</summary>
    ForceComponent,
    /// <summary>The length of the difference vector |ΔF|, eV/Å: one value an atom, blind to nothing. It has no R².</summary>
    ForceVector,
    /// <summary>
    /// The paper's per-atom RMS force √((F_x² + F_y² + F_z²)/3), eV/Å: one value an atom, blind to the direction of the force
    /// (a force that points the wrong way counts as right).
    /// </summary>
    RootMeanSquareForce,
    /// <summary>The six components of the stress: six values a frame.</summary>
    Stress,
}

/// <summary>The unit in which stress errors are given.</summary>
public enum StressUnit
{
    /// <summary>GPa.</summary>
    Gigapascal,
    /// <summary>eV/Å³, the unit of the frames themselves.</summary>
    ElectronvoltPerCubicAngstrom,
}

/// <summary>How frames are put together for errors by group.</summary>
public enum ErrorGrouping
{
    /// <summary>By the family that the reference frame belongs to (<see cref="Provenance.GroupId"/>); frames without one by their formula.</summary>
    Group,
    /// <summary>By the formula of the cell.</summary>
    Composition,
    /// <summary>By MACE's <c>config_type</c>.</summary>
    ConfigType,
    /// <summary>By the file that the reference frame was read from.</summary>
    File,
}
