using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>
/// Moduli of a polycrystal after Voigt (the upper bound), Reuss (the lower bound) and Hill (their mean): R. Hill, Proc. Phys. Soc. A 65,
/// 349 (1952). GPa.
/// </summary>
/// <param name="BulkVoigt">K_V.</param>
/// <param name="BulkReuss">K_R.</param>
/// <param name="ShearVoigt">G_V.</param>
/// <param name="ShearReuss">G_R.</param>
public sealed record ElasticModuli(double BulkVoigt, double BulkReuss, double ShearVoigt, double ShearReuss)
{
    /// <summary>K_H = (K_V + K_R)/2.</summary>
    public double Bulk => (BulkVoigt + BulkReuss) / 2;

    /// <summary>G_H = (G_V + G_R)/2.</summary>
    public double Shear => (ShearVoigt + ShearReuss) / 2;

    /// <summary>Young's modulus 9KG/(3K + G) of Hill's means.</summary>
    public double Young => 9 * Bulk * Shear / (3 * Bulk + Shear);

    /// <summary>Poisson's ratio (3K − 2G)/(2(3K + G)) of Hill's means.</summary>
    public double PoissonRatio => (3 * Bulk - 2 * Shear) / (2 * (3 * Bulk + Shear));

    /// <summary>The universal anisotropy 5 G_V/G_R + K_V/K_R − 6, zero for an isotropic crystal: Ranganathan and Ostoja-Starzewski, Phys. Rev. Lett. 101, 055504 (2008).</summary>
    public double UniversalAnisotropy => 5 * ShearVoigt / ShearReuss + BulkVoigt / BulkReuss - 6;

    /// <summary>The moduli of a stiffness matrix and its inverse.</summary>
    internal static ElasticModuli Of(Matrix<double> c, Matrix<double> s)
    {
        static (double Normal, double Cross, double Shear) Sums(Matrix<double> m) =>
            (m[0, 0] + m[1, 1] + m[2, 2], m[0, 1] + m[0, 2] + m[1, 2], m[3, 3] + m[4, 4] + m[5, 5]);
        (double normal, double cross, double shear) = Sums(c);
        (double softNormal, double softCross, double softShear) = Sums(s);
        return new(
            (normal + 2 * cross) / 9,
            1 / (softNormal + 2 * softCross),
            (normal - cross + 3 * shear) / 15,
            15 / (4 * (softNormal - softCross) + 3 * softShear));
    }

    /// <summary>Hill's means in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"K = {Bulk:G5}, G = {Shear:G5}, E = {Young:G5} GPa, ν = {PoissonRatio:G4}, A = {UniversalAnisotropy:G4}");
}
