namespace AtomProNet.Structures.Symmetry;

/// <summary>
/// The vectors in whose terms symmetry is looked for: the lattice vectors where the structure repeats; where it does not, unit
/// vectors at right angles to those (the vector that a file gives there is arbitrary and has no symmetry to offer).
/// </summary>
internal sealed class SymmetryBasis
{
    private SymmetryBasis(Matrix3x3 rows, bool[] periodic)
    {
        Rows = rows;
        Inverse = rows.Inverse();
        Periodic = periodic;
        // 1/height along each vector: how much of a fraction one Å across the other two is.
        Matrix3x3 dual = Inverse.Transpose();
        InverseHeights = new(dual.Row1.Length, dual.Row2.Length, dual.Row3.Length);
    }

    internal Matrix3x3 Rows { get; }

    internal Matrix3x3 Inverse { get; }

    internal bool[] Periodic { get; }

    internal Vector3D InverseHeights { get; }

    internal static SymmetryBasis Of(Structure structure)
    {
        Periodicity p = structure.Periodicity;
        bool[] periodic = [p.A, p.B, p.C];
        Matrix3x3 rows = structure.Lattice is { } lattice && p.Any ? lattice.Rows : Matrix3x3.Identity;
        Vector3D[] v = [rows.Row1, rows.Row2, rows.Row3];
        MinimumImage.Complete(v, periodic);
        return new(new(v[0], v[1], v[2]), periodic);
    }

    /// <summary>The difference of two positions in this basis, brought to the nearest image; only right for differences that are nearly zero.</summary>
    internal Vector3D Near(Vector3D difference) => new(
        Periodic[0] ? difference.X - Math.Round(difference.X) : difference.X,
        Periodic[1] ? difference.Y - Math.Round(difference.Y) : difference.Y,
        Periodic[2] ? difference.Z - Math.Round(difference.Z) : difference.Z);
}
