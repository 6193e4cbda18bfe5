namespace AtomProNet.Formats.Npz;

/// <summary>Which arrays an .npz file of frames holds.</summary>
public enum NpzLayout
{
    /// <summary>
    /// AtomProNet's: <c>positions (n,N,3)</c>, <c>forces (n,N,3)</c>, <c>lattice (n,9)</c> row-major, <c>energies (n,1)</c>,
    /// <c>pressures (n,6)</c> (eV, −σV, in VASP's order XX YY ZZ XY YZ ZX), <c>symbols (n,N)</c>. Periodic crystals with one number of atoms.
    /// </summary>
    AtomProNet,

    /// <summary>
    /// sGDML's, as NequIP reads it: <c>R (n,N,3)</c>, <c>z (N)</c>, <c>E (n,1)</c>, <c>F (n,N,3)</c>; for crystals also <c>cell (n,3,3)</c>,
    /// <c>pbc (n,3)</c> and <c>stress (n,3,3)</c> (eV/Å³, tension positive), which NequIP's key mapping must name.
    /// </summary>
    Sgdml,
}
