namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>Whose names the labels of an extended XYZ file have.</summary>
public enum KeyStyle
{
    /// <summary>ASE: <c>energy</c>, <c>forces</c>, <c>stress</c> (eV/Å³, tension positive).</summary>
    Ase,

    /// <summary>NequIP and Allegro: the same names as ASE's.</summary>
    NequIP,

    /// <summary>MACE: <c>REF_energy</c>, <c>REF_forces</c>, <c>REF_stress</c> (eV/Å³, tension positive). ASE leaves such names alone.</summary>
    Mace,

    /// <summary>The files of the original AtomProNet: <c>energy</c>, <c>forces</c>, <c>virial</c> (eV, compression positive).</summary>
    Seed,
}
