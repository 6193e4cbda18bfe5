using System.Globalization;

namespace AtomProNet.Structures;

/// <summary>
/// A symmetric stress σ in eV/Å³, <b>tension positive</b> (the sign of ASE and MACE), in Voigt order xx yy zz yz xz xy.
/// </summary>
/// <param name="XX">σ_xx, eV/Å³.</param>
/// <param name="YY">σ_yy, eV/Å³.</param>
/// <param name="ZZ">σ_zz, eV/Å³.</param>
/// <param name="YZ">σ_yz, eV/Å³.</param>
/// <param name="XZ">σ_xz, eV/Å³.</param>
/// <param name="XY">σ_xy, eV/Å³.</param>
public readonly record struct StressTensor(double XX, double YY, double ZZ, double YZ, double XZ, double XY)
{
    /// <summary>The pressure −tr(σ)/3 in eV/Å³: positive under compression.</summary>
    public double Pressure => -(XX + YY + ZZ) / 3;

    /// <summary>Whether every component is finite.</summary>
    public bool IsFinite => double.IsFinite(XX) && double.IsFinite(YY) && double.IsFinite(ZZ) && double.IsFinite(YZ) && double.IsFinite(XZ) && double.IsFinite(XY);

    /// <summary>From VASP's <c>in kB</c> row: order XX YY ZZ XY YZ ZX, kbar, compression positive; σ = −kB/1602.176634.</summary>
    public static StressTensor FromVaspKilobar(double xx, double yy, double zz, double xy, double yz, double zx) =>
        new(FromCompressiveKilobar(xx), FromCompressiveKilobar(yy), FromCompressiveKilobar(zz), FromCompressiveKilobar(yz), FromCompressiveKilobar(zx), FromCompressiveKilobar(xy));

    /// <summary>From a 3×3 matrix in eV/Å³, tension positive.</summary>
    /// <exception cref="AtomProNetException">The matrix is not symmetric (relative 1e-4 of its largest entry).</exception>
    public static StressTensor FromMatrix(Matrix3x3 stress)
    {
        double scale = stress.ToRowMajor().Max(Math.Abs);
        double tolerance = 1e-4 * scale + 1e-9;
        if (Math.Abs(stress[1, 2] - stress[2, 1]) > tolerance || Math.Abs(stress[0, 2] - stress[2, 0]) > tolerance || Math.Abs(stress[0, 1] - stress[1, 0]) > tolerance)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "StressNotSymmetric", "The stress is not a symmetric 3×3 matrix.", value: stress.ToString(), remedy: "Check the order of its nine numbers.");
        }

        static double Mean(double a, double b) => a.Equals(b) ? a : (a + b) / 2;
        return new(stress[0, 0], stress[1, 1], stress[2, 2], Mean(stress[1, 2], stress[2, 1]), Mean(stress[0, 2], stress[2, 0]), Mean(stress[0, 1], stress[1, 0]));
    }

    /// <summary>From a virial in eV (−σ·V, compression positive) and the cell's volume in Å³.</summary>
    public static StressTensor FromVirial(Matrix3x3 virial, double volume)
    {
        StressTensor v = FromMatrix(virial);
        return new(Scale(v.XX), Scale(v.YY), Scale(v.ZZ), Scale(v.YZ), Scale(v.XZ), Scale(v.XY));

        double Scale(double component) => component == 0 ? 0 : -component / volume;
    }

    /// <summary>The symmetric 3×3 matrix in eV/Å³.</summary>
    public Matrix3x3 ToMatrix() => new(new(XX, XY, XZ), new(XY, YY, YZ), new(XZ, YZ, ZZ));

    /// <summary>The virial −σ·V in eV, with the cell's volume in Å³.</summary>
    public Matrix3x3 ToVirial(double volume)
    {
        StressTensor v = new(Times(XX), Times(YY), Times(ZZ), Times(YZ), Times(XZ), Times(XY));
        return v.ToMatrix();

        double Times(double s) => s == 0 ? 0 : -s * volume;
    }

    /// <summary>The six components in Voigt order, eV/Å³.</summary>
    public double[] ToVoigt() => [XX, YY, ZZ, YZ, XZ, XY];

    /// <summary>The six components in Voigt order, GPa.</summary>
    public double[] ToGigapascal() => ToVoigt().Select(s => s * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal).ToArray();

    /// <summary>The stress seen from axes that were turned by a rotation R acting on row vectors (r′ = r·R): σ′ = Rᵀ·σ·R.</summary>
    public StressTensor Rotate(Matrix3x3 rotation) => FromMatrix(rotation.Transpose() * ToMatrix() * rotation);

    /// <summary>The six components in Voigt order with the shortest digits that read back the same.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{XX} {YY} {ZZ} {YZ} {XZ} {XY}");

    // Dividing keeps the last digit that a rounded reciprocal would lose; zero stays +0.
    private static double FromCompressiveKilobar(double kilobar) =>
        kilobar == 0 ? 0 : -kilobar / PhysicalConstants.ElectronvoltPerCubicAngstromInKilobar;
}
