using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;
using MathNet.Numerics.LinearAlgebra;
using Dense = MathNet.Numerics.LinearAlgebra.Double;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>
/// The stiffness matrices that a point group leaves as they are, as sums over independent constants: 21 without symmetry, 3 for a cubic
/// crystal, in any orientation of its axes.
/// <para>
/// In Kelvin's notation (factors √2 on the shear rows; Mehrabadi and Cowin, Q. J. Mech. Appl. Math. 43, 15 (1990)) a rotation acts on
/// the 6×6 matrix as an orthogonal matrix from both sides; the mean of that over the group projects onto the invariant matrices.
/// Gauss–Jordan elimination then gives a basis in which each number is an entry of the matrix: C11, C12, C44.
/// </para>
/// </summary>
internal sealed class StiffnessBasis
{
    // Entries of the upper triangle in the order in which they are chosen as independent constants.
    private static readonly (int Row, int Column)[] Entries =
    [
        (0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2), (3, 3), (4, 4), (5, 5),
        (0, 3), (0, 4), (0, 5), (1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (2, 5), (3, 4), (3, 5), (4, 5),
    ];

    private StiffnessBasis(string[] names, Matrix<double>[] matrices)
    {
        Names = names;
        Matrices = matrices;
    }

    /// <summary>The name of each independent constant, such as C44.</summary>
    internal string[] Names { get; }

    /// <summary>For each independent constant the stiffness matrix (Voigt) that it multiplies.</summary>
    internal Matrix<double>[] Matrices { get; }

    internal static StiffnessBasis Of(PointGroup group)
    {
        double root2 = Math.Sqrt(2);
        // An orthonormal basis of symmetric Kelvin matrices: off-diagonal pairs with 1/√2 on both sides.
        Matrix<double> projector = Dense.DenseMatrix.Create(21, 21, 0);
        foreach (Matrix3x3 rotation in group.Rotations)
        {
            Matrix<double> q = KelvinRotation(rotation);
            for (int k = 0; k < 21; k++)
            {
                Matrix<double> turned = q * Unit(k) * q.Transpose();
                for (int l = 0; l < 21; l++)
                {
                    (int i, int j) = Entries[l];
                    projector[l, k] += (i == j ? turned[i, i] : turned[i, j] * root2) / group.Rotations.Length;
                }
            }
        }

        // A projector has the eigenvalues 0 and 1.
        var evd = projector.Evd(Symmetricity.Symmetric);
        double[][] vectors = [.. Enumerable.Range(0, 21).Where(k => evd.EigenValues[k].Real > 0.5).Select(k => evd.EigenVectors.Column(k).ToArray())];
        // In terms of Voigt entries, so that the pivots are entries of the stiffness matrix.
        Matrix<double> rows = Dense.DenseMatrix.OfRowArrays(vectors.Select(v => Entries.Select((e, l) =>
            v[l] / (e.Row == e.Column ? 1 : root2) / Factor(e.Row) / Factor(e.Column)).ToArray()));
        int[] pivots = Eliminate(rows);
        return new(
            [.. pivots.Select(p => $"C{Entries[p].Row + 1}{Entries[p].Column + 1}")],
            [.. rows.EnumerateRows().Select(row => ToMatrix(row))]);

        Matrix<double> Unit(int k)
        {
            Matrix<double> m = Dense.DenseMatrix.Create(6, 6, 0);
            (int i, int j) = Entries[k];
            m[i, j] = m[j, i] = i == j ? 1 : 1 / root2;
            return m;
        }
    }

    /// <summary>√2 for shear components: Kelvin's stress is (σxx … √2 σxy), his stiffness the Voigt one times both factors.</summary>
    private static double Factor(int component) => component < 3 ? 1 : Math.Sqrt(2);

    private static Matrix<double> ToMatrix(Vector<double> row)
    {
        Matrix<double> m = Dense.DenseMatrix.Create(6, 6, 0);
        for (int l = 0; l < 21; l++)
        {
            // What elimination leaves of a zero is rounding.
            (int i, int j) = Entries[l];
            m[i, j] = m[j, i] = Math.Abs(row[l]) < 1e-10 ? 0 : row[l];
        }

        return m;
    }

    // The 6×6 matrix Q of s′ = Q·s for Kelvin vectors of symmetric tensors, T′ = Rᵀ·T·R for row vectors r′ = r·R.
    private static Matrix<double> KelvinRotation(Matrix3x3 r)
    {
        (int A, int B)[] index = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        return Dense.DenseMatrix.Create(6, 6, (i, j) =>
        {
            (int a, int b) = index[i];
            (int m, int n) = index[j];
            return m == n
                ? Factor(i) * r[m, a] * r[m, b]
                : Factor(i) / Factor(j) * (r[m, a] * r[n, b] + r[n, a] * r[m, b]);
        });
    }

    // Reduced row echelon form in place, with the largest pivot of a column; returns the pivot columns.
    private static int[] Eliminate(Matrix<double> m)
    {
        var pivots = new List<int>();
        for (int column = 0; column < m.ColumnCount && pivots.Count < m.RowCount; column++)
        {
            int at = pivots.Count, best = at;
            for (int row = at; row < m.RowCount; row++)
            {
                best = Math.Abs(m[row, column]) > Math.Abs(m[best, column]) ? row : best;
            }

            // Entries of the basis vectors are of the order of 0.1 or zero.
            if (Math.Abs(m[best, column]) < 1e-6)
            {
                continue;
            }

            Vector<double> pivot = m.Row(best) / m[best, column];
            m.SetRow(best, m.Row(at));
            m.SetRow(at, pivot);
            for (int row = 0; row < m.RowCount; row++)
            {
                if (row != at)
                {
                    m.SetRow(row, m.Row(row) - pivot * m[row, column]);
                }
            }

            pivots.Add(column);
        }

        return [.. pivots];
    }
}
