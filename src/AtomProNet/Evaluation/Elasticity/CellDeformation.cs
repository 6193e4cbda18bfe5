using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>A deformation F = h₀⁻¹·h of lattice rows (r′ = r·F), taken apart into a stretch and a rotation: F = U·Q.</summary>
/// <param name="Deformation">F.</param>
/// <param name="Stretch">U, symmetric.</param>
/// <param name="Rotation">Q.</param>
internal readonly record struct CellDeformation(Matrix3x3 Deformation, Matrix3x3 Stretch, Matrix3x3 Rotation)
{
    internal static CellDeformation Between(Lattice reference, Lattice strained)
    {
        Matrix3x3 f = reference.Inverse() * strained.Rows;
        Matrix3x3 q = PointGroup.NearestRotation(f);
        return new(f, f * q.Transpose(), q);
    }

    /// <summary>The largest component of U − 1, engineering shears.</summary>
    internal double Size => Voigt(StrainMeasure.Infinitesimal).Max(Math.Abs);

    /// <summary>The strain in Voigt order, engineering shears: U − 1, or (F·Fᵀ − 1)/2.</summary>
    internal double[] Voigt(StrainMeasure measure)
    {
        Matrix3x3 e = measure == StrainMeasure.Infinitesimal
            ? Stretch - Matrix3x3.Identity
            : (Deformation * Deformation.Transpose() - Matrix3x3.Identity) * 0.5;
        return [e[0, 0], e[1, 1], e[2, 2], e[1, 2] + e[2, 1], e[0, 2] + e[2, 0], e[0, 1] + e[1, 0]];
    }

    /// <summary>The stress that belongs to the strain, along the axes of the reference: Cauchy's with the rotation undone, or Piola and Kirchhoff's second.</summary>
    internal StressTensor Conjugate(StressTensor cauchy, StrainMeasure measure)
    {
        if (measure == StrainMeasure.Infinitesimal)
        {
            return cauchy.Rotate(Rotation.Transpose());
        }

        Matrix3x3 inverse = Deformation.Inverse();
        return StressTensor.FromMatrix(inverse.Transpose() * cauchy.ToMatrix() * inverse * Deformation.Determinant);
    }
}
