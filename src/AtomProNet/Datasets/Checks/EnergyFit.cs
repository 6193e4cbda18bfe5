using MathNet.Numerics.LinearAlgebra;
using Dense = MathNet.Numerics.LinearAlgebra.Double;

namespace AtomProNet.Datasets.Checks;

/// <summary>A least-squares polynomial through energies, with its derivative and the standard error of that.</summary>
internal sealed class EnergyFit
{
    private readonly Vector<double> coefficients;
    private readonly Matrix<double> covariance;
    private readonly Vector<double>? higher;

    /// <param name="x">The abscissas, of the order of 0.1 about 0.</param>
    /// <param name="energies">The energies, eV.</param>
    public EnergyFit(double[] x, double[] energies)
    {
        // A Birch–Murnaghan curve of third order is a cubic in V^(−2/3); five energies leave room for a parabola only.
        int terms = x.Length >= 6 ? 4 : 3;
        double mean = energies.Average();
        Matrix<double> design = Dense.DenseMatrix.Create(x.Length, terms, (i, k) => Math.Pow(x[i], k));
        Vector<double> right = Dense.DenseVector.OfEnumerable(energies.Select(e => e - mean));
        coefficients = design.QR().Solve(right);
        Vector<double> residual = right - design * coefficients;
        double variance = residual.DotProduct(residual) / (x.Length - terms);
        covariance = design.TransposeThisAndMultiply(design).Inverse() * variance;
        // What the next power would change is an error, too: not every curve is a Birch–Murnaghan one.
        higher = x.Length >= terms + 4 ? Dense.DenseMatrix.Create(x.Length, terms + 1, (i, k) => Math.Pow(x[i], k)).QR().Solve(right) : null;
    }

    /// <summary>dE/dx, and three standard errors of it or what a further power would change, whichever is more.</summary>
    public (double Slope, double Error) Derivative(double x)
    {
        double slope = Slope(coefficients, x);
        Vector<double> powers = Dense.DenseVector.Create(coefficients.Count, k => k == 0 ? 0 : k * Math.Pow(x, k - 1));
        double statistical = 3 * Math.Sqrt(Math.Max(0, powers.DotProduct(covariance * powers)));
        return (slope, Math.Max(statistical, higher is null ? 0 : Math.Abs(Slope(higher, x) - slope)));
    }

    private static double Slope(Vector<double> c, double x)
    {
        double slope = 0;
        for (int k = 1; k < c.Count; k++)
        {
            slope += k * c[k] * Math.Pow(x, k - 1);
        }

        return slope;
    }
}
