using System.Collections.Immutable;

namespace AtomProNet.Structures.Symmetry;

/// <summary>
/// The rotations of a structure as it stands: orthogonal matrices along its own Cartesian axes, whatever its orientation. What
/// tensors of the crystal (elastic constants, stress without strain) cannot change under. Immutable.
/// </summary>
public sealed class PointGroup
{
    private PointGroup(ImmutableArray<Matrix3x3> rotations)
    {
        Rotations = rotations;
        LaueClass = Classify(rotations);
    }

    /// <summary>The operations, for row vectors: r′ = r·R. Determinants are 1 or −1.</summary>
    public ImmutableArray<Matrix3x3> Rotations { get; }

    /// <summary>The Laue class.</summary>
    public LaueClass LaueClass { get; }

    /// <summary>No symmetry but the identity.</summary>
    public static PointGroup Trivial { get; } = new([Matrix3x3.Identity]);

    /// <summary>Finds the point group of a periodic structure.</summary>
    /// <param name="structure">A structure that repeats along all three vectors.</param>
    /// <param name="tolerance">How far an atom may be from where an operation puts it, Å.</param>
    /// <exception cref="AtomProNetException">The structure does not repeat along all three vectors, or two of its atoms coincide.</exception>
    public static PointGroup Find(Structure structure, double tolerance = CrystalSymmetry.DefaultTolerance)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure.Lattice is not { } lattice || !structure.Periodicity.All)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "LatticeMissing", "Only a structure that repeats along all three vectors has a crystal's point group.", value: structure.ToString());
        }

        Matrix3x3 rows = lattice.Rows, inverse = rows.Inverse();
        // x′ = x·W in fractions is r′ = r·L⁻¹·W·L; within the tolerance of a cell that is not quite symmetric it is not quite a rotation.
        return new([.. CrystalSymmetry.Find(structure, tolerance).Rotations.Select(o => NearestRotation(inverse * o.Rotation.ToMatrix() * rows))]);
    }

    /// <summary>The orthogonal matrix nearest to one that nearly is one (Newton's iteration for the polar factor; Higham, SIAM J. Sci. Stat. Comput. 7, 1160 (1986)).</summary>
    internal static Matrix3x3 NearestRotation(Matrix3x3 m)
    {
        for (int i = 0; i < 50; i++)
        {
            Matrix3x3 next = (m + m.Inverse().Transpose()) * 0.5;
            double change = (next - m).ToRowMajor().Max(Math.Abs);
            m = next;
            if (change < 1e-15)
            {
                break;
            }
        }

        return m;
    }

    // By the proper rotations (an improper one is a proper one followed by inversion, which a Laue class has anyway).
    private static LaueClass Classify(ImmutableArray<Matrix3x3> rotations)
    {
        var proper = new List<Matrix3x3>();
        foreach (Matrix3x3 r in rotations)
        {
            Matrix3x3 candidate = r.Determinant > 0 ? r : r * -1.0;
            if (!proper.Exists(p => (p - candidate).ToRowMajor().All(d => Math.Abs(d) < 1e-3)))
            {
                proper.Add(candidate);
            }
        }

        bool Has(int order) => proper.Exists(p => Math.Abs(p[0, 0] + p[1, 1] + p[2, 2] - 1 - 2 * Math.Cos(2 * Math.PI / order)) < 1e-3);
        return (proper.Count, Has(6), Has(4), Has(3)) switch
        {
            (24, _, _, _) => LaueClass.CubicHigh,
            (12, true, _, _) => LaueClass.HexagonalHigh,
            (12, false, _, _) => LaueClass.CubicLow,
            (8, _, _, _) => LaueClass.TetragonalHigh,
            (6, true, _, _) => LaueClass.HexagonalLow,
            (6, false, _, _) => LaueClass.TrigonalHigh,
            (4, _, true, _) => LaueClass.TetragonalLow,
            (4, _, false, _) => LaueClass.Orthorhombic,
            (3, _, _, true) => LaueClass.TrigonalLow,
            (2, _, _, _) => LaueClass.Monoclinic,
            _ => LaueClass.Triclinic,
        };
    }
}
