using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Dense = MathNet.Numerics.LinearAlgebra.Double;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>
/// Least squares of σ = σ₀ + C·ε: the six components of the residual stress σ₀ and the independent constants of C, over all components
/// of all frames with equal weight.
/// </summary>
internal sealed class ElasticFit
{
    private ElasticFit(Matrix<double> stiffness, Matrix<double>? errors, double[] residualStress, double[][] residuals, double r2, double rmse)
    {
        Stiffness = stiffness;
        Errors = errors;
        ResidualStress = residualStress;
        Residuals = residuals;
        R2 = r2;
        RMSE = rmse;
    }

    /// <summary>C, in the unit of the stresses.</summary>
    internal Matrix<double> Stiffness { get; }

    /// <summary>The standard error of each entry of C; null where there are no more equations than unknowns.</summary>
    internal Matrix<double>? Errors { get; }

    /// <summary>σ₀.</summary>
    internal double[] ResidualStress { get; }

    /// <summary>For each frame stress − fitted stress.</summary>
    internal double[][] Residuals { get; }

    internal double R2 { get; }

    internal double RMSE { get; }

    /// <summary>Fits.</summary>
    /// <param name="basis">The symmetry.</param>
    /// <param name="strains">For each frame six strains, Voigt order, engineering shears.</param>
    /// <param name="stresses">For each frame six stresses, tension positive.</param>
    /// <param name="name">What an error is about.</param>
    /// <exception cref="AtomProNetException">The strains do not determine all constants.</exception>
    internal static ElasticFit Fit(StiffnessBasis basis, double[][] strains, double[][] stresses, string name)
    {
        int constants = basis.Matrices.Length, unknowns = 6 + constants, equations = 6 * strains.Length;
        // Strains in units of the largest one: all columns are then of the order of one.
        double scale = strains.Max(e => e.Max(Math.Abs));
        if (scale == 0 || strains.Length < 2)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "StrainsMissing", $"The frames of {name} are not strained.", remedy: "Make them with New-StrainSeries -Mode Elastic.");
        }

        Matrix<double> design = Dense.DenseMatrix.Create(equations, unknowns, 0);
        Vector<double> right = Dense.DenseVector.Create(equations, 0);
        for (int f = 0; f < strains.Length; f++)
        {
            Vector<double> strain = Dense.DenseVector.OfEnumerable(strains[f].Select(e => e / scale));
            for (int k = 0; k < constants; k++)
            {
                Vector<double> column = basis.Matrices[k] * strain;
                for (int i = 0; i < 6; i++)
                {
                    design[6 * f + i, 6 + k] = column[i];
                }
            }

            for (int i = 0; i < 6; i++)
            {
                design[6 * f + i, i] = 1;
                right[6 * f + i] = stresses[f][i];
            }
        }

        if (equations < unknowns)
        {
            throw NotDetermined(name, basis.Names);
        }

        // Of the triangular factor alone, so that the number of frames does not matter.
        var qr = design.QR(QRMethod.Thin);
        Svd<double> svd = qr.R.Svd();
        double tolerance = svd.S[0] * 1e-7;
        if (svd.S.Any(s => s < tolerance))
        {
            throw NotDetermined(name, Undetermined(svd, tolerance, basis));
        }

        Vector<double> solution = svd.Solve(qr.Q.TransposeThisAndMultiply(right));
        Vector<double> residual = right - design * solution;
        double squares = residual.DotProduct(residual);
        // (JᵀJ)⁻¹ = V·S⁻²·Vᵀ, as a factor V·S⁻¹.
        Matrix<double>? factor = equations > unknowns
            ? svd.VT.Transpose() * Dense.DiagonalMatrix.OfDiagonal(unknowns, unknowns, svd.S.Select(s => 1 / s)) * (Math.Sqrt(squares / (equations - unknowns)) / scale)
            : null;
        Matrix<double> stiffness = Sum(solution.SubVector(6, constants) / scale);
        Matrix<double>? errors = factor is null ? null : Dense.DenseMatrix.Create(6, 6, (i, j) =>
        {
            // An entry is a sum Σ cₖ Bₖ[i, j]; its variance follows from the covariance of the constants.
            Vector<double> weights = Dense.DenseVector.Create(unknowns, n => n < 6 ? 0 : basis.Matrices[n - 6][i, j]);
            return factor.LeftMultiply(weights).L2Norm();
        });
        double total = 0;
        for (int i = 0; i < 6; i++)
        {
            double mean = stresses.Average(s => s[i]);
            total += stresses.Sum(s => (s[i] - mean) * (s[i] - mean));
        }

        return new(
            stiffness,
            errors,
            solution.SubVector(0, 6).ToArray(),
            [.. Enumerable.Range(0, strains.Length).Select(f => residual.SubVector(6 * f, 6).ToArray())],
            1 - squares / total,
            Math.Sqrt(squares / equations));

        Matrix<double> Sum(Vector<double> c)
        {
            Matrix<double> m = Dense.DenseMatrix.Create(6, 6, 0);
            for (int k = 0; k < constants; k++)
            {
                m += basis.Matrices[k] * c[k];
            }

            return m;
        }
    }

    private static AtomProNetException NotDetermined(string name, IEnumerable<string> constants) => new(
        ErrorKind.InvalidData,
        "StrainsDoNotDetermineConstants",
        $"The strains of {name} do not determine {string.Join(", ", constants)}.",
        remedy: "Strain all six components, each by two or more values (New-StrainSeries -Mode Elastic).");

    // Whatever has a part in a direction that no equation sees.
    private static SortedSet<string> Undetermined(Svd<double> svd, double tolerance, StiffnessBasis basis)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (int k = 0; k < svd.S.Count; k++)
        {
            for (int n = 6; svd.S[k] < tolerance && n < svd.S.Count; n++)
            {
                if (Math.Abs(svd.VT[k, n]) > 1e-6)
                {
                    names.Add(basis.Names[n - 6]);
                }
            }
        }

        return names;
    }
}
