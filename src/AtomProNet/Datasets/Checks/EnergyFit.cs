using MathNet.Numerics.LinearAlgebra;
using Dense = MathNet.Numerics.LinearAlgebra.Double;

namespace AtomProNet.Datasets.Checks;

/// <summary>A least-squares polynomial through energies, with its derivative and the standard error of that.</summary>
internal sealed class EnergyFit
{
    // Two more than a cubic through all others needs.
    private const int FramesForOutlier = 7;

    private readonly Vector<double> coefficients;
    private readonly Vector<double>? higher;
    private readonly Matrix<double> inverse;
    private readonly double mean, variance;

    /// <param name="x">The abscissas, of the order of 0.1 about 0.</param>
    /// <param name="energies">The energies, eV.</param>
    public EnergyFit(double[] x, double[] energies)
    {
        // A Birch–Murnaghan curve of third order is a cubic in V^(−2/3); five energies leave room for a parabola only.
        int terms = x.Length >= 6 ? 4 : 3;
        mean = energies.Average();
        Matrix<double> design = Dense.DenseMatrix.Create(x.Length, terms, (i, k) => Math.Pow(x[i], k));
        Vector<double> right = Dense.DenseVector.OfEnumerable(energies.Select(e => e - mean));
        coefficients = design.QR().Solve(right);
        Vector<double> residual = right - design * coefficients;
        variance = residual.DotProduct(residual) / (x.Length - terms);
        inverse = design.TransposeThisAndMultiply(design).Inverse();
        // What the next power would change is an error, too: not every curve is a Birch–Murnaghan one.
        higher = x.Length >= terms + 4 ? Dense.DenseMatrix.Create(x.Length, terms + 1, (i, k) => Math.Pow(x[i], k)).QR().Solve(right) : null;
    }

    /// <summary>
    /// One energy that a curve through all others misses by ten times what these leave, and by what a further power would change; ends are not judged, where a curve is
    /// not known. The frame is the one whose residual is the largest for its leverage.
    /// </summary>
    /// <param name="x">The abscissas.</param>
    /// <param name="energies">The energies, eV.</param>
    /// <param name="tolerance">What is no difference, eV.</param>
    /// <returns>Its place and how far it lies above the curve; null where there is none.</returns>
    public static (int Index, double Difference)? Outlier(double[] x, double[] energies, double tolerance)
    {
        if (x.Length < FramesForOutlier)
        {
            return null;
        }

        var all = new EnergyFit(x, energies);
        int odd = -1;
        double largest = 0;
        for (int i = 1; i < x.Length - 1; i++)
        {
            double residual = Math.Abs(energies[i] - all.Energy(x[i]).Value) / Math.Sqrt(Math.Max(1e-9, 1 - all.Leverage(x[i])));
            (odd, largest) = residual > largest ? (i, residual) : (odd, largest);
        }

        if (odd < 0 || largest < tolerance / 2)
        {
            return null;
        }

        var others = new EnergyFit([.. x.Where((_, i) => i != odd)], [.. energies.Where((_, i) => i != odd)]);
        (double value, double error) = others.Energy(x[odd]);
        double difference = energies[odd] - value;
        return Math.Abs(difference) > tolerance + 10 * error ? (odd, difference) : null;
    }

    /// <summary>E, and its standard error for a further energy or what a further power would change, whichever is more.</summary>
    public (double Value, double Error) Energy(double x)
    {
        double statistical = Math.Sqrt(variance * (1 + Leverage(x)));
        return (mean + Value(coefficients, x), Math.Max(statistical, higher is null ? 0 : Math.Abs(Value(higher, x) - Value(coefficients, x))));
    }

    /// <summary>dE/dx, and three standard errors of it or what a further power would change, whichever is more.</summary>
    public (double Slope, double Error) Derivative(double x)
    {
        double slope = Slope(coefficients, x);
        Vector<double> powers = Dense.DenseVector.Create(coefficients.Count, k => k == 0 ? 0 : k * Math.Pow(x, k - 1));
        double statistical = 3 * Math.Sqrt(Math.Max(0, variance * powers.DotProduct(inverse * powers)));
        return (slope, Math.Max(statistical, higher is null ? 0 : Math.Abs(Slope(higher, x) - slope)));
    }

    private double Leverage(double x)
    {
        Vector<double> powers = Dense.DenseVector.Create(coefficients.Count, k => Math.Pow(x, k));
        return powers.DotProduct(inverse * powers);
    }

    private static double Value(Vector<double> c, double x)
    {
        double value = 0;
        for (int k = c.Count - 1; k >= 0; k--)
        {
            value = value * x + c[k];
        }

        return value;
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
