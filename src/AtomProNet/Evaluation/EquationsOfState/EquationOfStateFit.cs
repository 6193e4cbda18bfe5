using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Dense = MathNet.Numerics.LinearAlgebra.Double;

namespace AtomProNet.Evaluation.EquationsOfState;

/// <summary>Fits an equation of state to volumes and energies by least squares.</summary>
internal static class EquationOfStateFit
{
    /// <summary>The number of parameters.</summary>
    private const int Parameters = 4;

    /// <summary>The best curve, with the standard errors of E0, V0, B0 and B0′ (null where as many points as parameters leave none).</summary>
    /// <exception cref="AtomProNetException">There are fewer than four volumes, or the energies have no minimum.</exception>
    internal static (EquationOfStateCurve Curve, double[]? Errors) Fit(EquationOfStateForm form, double[] volumes, double[] energies)
    {
        for (int i = 0; i < volumes.Length; i++)
        {
            if (!(volumes[i] > 0) || !double.IsFinite(volumes[i]) || !double.IsFinite(energies[i]))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "EquationOfStatePointInvalid", $"Point {i + 1} is no positive volume with a finite energy.", value: string.Create(CultureInfo.InvariantCulture, $"{volumes[i]} {energies[i]}"));
            }
        }

        int distinct = volumes.Distinct().Count();
        if (distinct < Parameters)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "EquationOfStateTooFewVolumes", $"An equation of state has four parameters, and there {(distinct == 1 ? "is 1 volume" : $"are {distinct} volumes")}.", remedy: "Give at least four volumes, better seven or more on both sides of the minimum (New-StrainSeries).");
        }

        // In units of the middle volume and of the spread of the energies, all parameters are of the order of one.
        double volumeUnit = volumes.Average(), shift = energies.Average(), spread = energies.Max() - energies.Min();
        if (spread == 0)
        {
            throw NoMinimum();
        }

        double[] v = [.. volumes.Select(x => x / volumeUnit)], e = [.. energies.Select(x => (x - shift) / spread)];
        EquationOfStateCurve scaled = BirchMurnaghan(v, e);
        if (form != EquationOfStateForm.BirchMurnaghan)
        {
            scaled = Refine(scaled with { Form = form }, v, e);
        }

        double[]? errors = Errors(scaled, v, e);
        double modulusUnit = spread / volumeUnit;
        return (
            scaled with { E0 = shift + scaled.E0 * spread, V0 = scaled.V0 * volumeUnit, B0 = scaled.B0 * modulusUnit },
            errors is null ? null : [errors[0] * spread, errors[1] * volumeUnit, errors[2] * modulusUnit, errors[3]]);
    }

    /// <summary>
    /// The Birch–Murnaghan curve of third order is a cubic in x = V^(−2/3), so that its least squares are linear: nothing to iterate,
    /// no starting values. E = E0 + 9V0B0/16 [2w² + (B′ − 4)w³] with w = x/x0 − 1.
    /// </summary>
    private static EquationOfStateCurve BirchMurnaghan(double[] v, double[] e)
    {
        double[] x = [.. v.Select(volume => Math.Pow(volume, -2.0 / 3))];
        double mean = x.Average();
        Matrix<double> design = Dense.DenseMatrix.Create(x.Length, Parameters, (i, k) => Math.Pow(x[i] - mean, k));
        Vector<double> d = design.QR().Solve(Dense.DenseVector.OfArray(e));
        double discriminant = d[2] * d[2] - 3 * d[1] * d[3];
        // The stationary point with positive curvature; this form of the root does not cancel.
        double t = -d[1] / (d[2] + Math.Sqrt(discriminant)), x0 = mean + t;
        if (!(discriminant > 0) || !double.IsFinite(t) || !(x0 > 0))
        {
            throw NoMinimum();
        }

        double e0 = d[0] + t * (d[1] + t * (d[2] + t * d[3])), v0 = Math.Pow(x0, -1.5);
        double quadratic = x0 * x0 * (d[2] + 3 * d[3] * t), cubic = x0 * x0 * x0 * d[3];
        double b0 = 8 * quadratic / (9 * v0);
        return new(EquationOfStateForm.BirchMurnaghan, e0, v0, b0, 4 + 16 * cubic / (9 * v0 * b0));
    }

    private static EquationOfStateCurve Refine(EquationOfStateCurve start, double[] v, double[] e)
    {
        EquationOfStateForm form = start.Form;
        // Where the cubic has led far off (points all on one side), the usual values are the better beginning.
        double prime = start.B0Prime is > 1.5 and < 15 ? start.B0Prime : 4;
        IObjectiveModel model = ObjectiveFunction.NonlinearModel(
            (p, x) => x.Map(volume => Curve(p).Energy(volume)),
            (p, x) =>
            {
                EquationOfStateCurve curve = Curve(p);
                return Dense.DenseMatrix.OfRows(x.Select(volume => curve.Gradient(volume)));
            },
            Dense.DenseVector.OfArray(v),
            Dense.DenseVector.OfArray(e));
        NonlinearMinimizationResult found;
        try
        {
            found = new LevenbergMarquardtMinimizer(gradientTolerance: 1e-15, stepTolerance: 1e-15, functionTolerance: 1e-18, maximumIterations: 1000)
                .FindMinimum(model, Dense.DenseVector.OfArray([start.E0, start.V0, start.B0, prime]));
        }
        catch (Exception error) when (error is MathNet.Numerics.NonConvergenceException or ArgumentException)
        {
            throw NotConverged(error);
        }

        EquationOfStateCurve best = Polish(Curve(found.MinimizingPoint), v, e);
        return best is { V0: > 0, B0: > 0 } && double.IsFinite(best.B0Prime) && double.IsFinite(best.E0) ? best : throw NotConverged(null);

        EquationOfStateCurve Curve(Vector<double> p) => new(form, p[0], p[1], p[2], p[3]);
    }

    // A few steps of Gauss and Newton from so near take the parameters to the last digits.
    private static EquationOfStateCurve Polish(EquationOfStateCurve curve, double[] v, double[] e)
    {
        double best = Squares(curve, v, e);
        for (int step = 0; step < 20; step++)
        {
            EquationOfStateCurve here = curve;
            Vector<double> d = Dense.DenseMatrix.OfRows(v.Select(here.Gradient)).QR().Solve(Dense.DenseVector.Create(v.Length, i => e[i] - here.Energy(v[i])));
            EquationOfStateCurve next = here with { E0 = here.E0 + d[0], V0 = here.V0 + d[1], B0 = here.B0 + d[2], B0Prime = here.B0Prime + d[3] };
            double squares = Squares(next, v, e);
            if (!(squares < best))
            {
                break;
            }

            (curve, best) = (next, squares);
        }

        return curve;
    }

    // The covariance s²(JᵀJ)⁻¹ with s² = RSS/(n − 4).
    private static double[]? Errors(EquationOfStateCurve curve, double[] v, double[] e)
    {
        if (v.Length <= Parameters)
        {
            return null;
        }

        double variance = Squares(curve, v, e) / (v.Length - Parameters);
        Matrix<double> r = Dense.DenseMatrix.OfRows(v.Select(curve.Gradient)).QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).R;
        // (JᵀJ)⁻¹ = R⁻¹R⁻ᵀ: its diagonal is the squared lengths of the rows of R⁻¹.
        Matrix<double> inverse = r.Inverse();
        return [.. inverse.EnumerateRows().Select(row => Math.Sqrt(variance * row.DotProduct(row)))];
    }

    private static double Squares(EquationOfStateCurve curve, double[] v, double[] e)
    {
        double sum = 0;
        for (int i = 0; i < v.Length; i++)
        {
            double difference = e[i] - curve.Energy(v[i]);
            sum += difference * difference;
        }

        return sum;
    }

    private static AtomProNetException NoMinimum() =>
        new(ErrorKind.InvalidData, "EquationOfStateNoMinimum", "The energies have no minimum as a function of volume.", remedy: "Give volumes on both sides of the equilibrium, and energies of one method.");

    private static AtomProNetException NotConverged(Exception? inner) =>
        new(ErrorKind.InvalidData, "EquationOfStateNotConverged", "The fit of the equation of state did not converge.", remedy: "Give volumes on both sides of the equilibrium, or another form (-Form BirchMurnaghan has a direct solution).", inner: inner);
}
