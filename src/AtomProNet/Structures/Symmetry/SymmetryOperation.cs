namespace AtomProNet.Structures.Symmetry;

/// <summary>
/// A space-group operation in fractional coordinates, for row vectors: x′ = x·W + t. (Programs that write x′ = W·x + t for columns,
/// such as spglib, have the transposed matrix.)
/// </summary>
/// <param name="Rotation">W, a matrix of whole numbers with determinant 1 or −1.</param>
/// <param name="Translation">t, in fractions of the lattice vectors.</param>
public readonly record struct SymmetryOperation(IntegerMatrix3x3 Rotation, Vector3D Translation)
{
    /// <summary>The operation that leaves everything where it is.</summary>
    public static SymmetryOperation Identity => new(IntegerMatrix3x3.Identity, Vector3D.Zero);

    /// <summary>Where a fractional position goes to.</summary>
    public Vector3D Apply(Vector3D fractional) => fractional * Rotation.ToMatrix() + Translation;
}
