using System.Collections.Immutable;
using AtomProNet.Structures;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace AtomProNet.Datasets.Statistics;

/// <summary>
/// Least-squares reference energies: E = Σ n_z e_z over all frames, as MACE's <c>E0s: average</c> does it. The rows are folded into the
/// triangular factor of a QR decomposition block by block (Golub and Van Loan, Matrix Computations, 4th ed., 6.5), whose singular values are
/// those of the whole matrix: any number of frames takes the memory of one block, and no digits are lost to normal equations.
/// </summary>
internal sealed class ReferenceEnergyFit
{
    // Counts of atoms are whole numbers: what is linearly dependent is so to the last digits.
    private const double RankTolerance = 1e-10;
    private const int Block = 1024;

    private readonly List<Element> elements = [];
    private readonly List<(Composition Composition, double Energy)> pending = [];
    private readonly SortedDictionary<Element, (double Sum, int Count)> isolated = [];
    private Matrix<double>? factor;
    private long frames;

    public void Add(Composition composition, double energy)
    {
        frames++;
        elements.AddRange(composition.Counts.Keys.Where(e => !elements.Contains(e)));
        pending.Add((composition, energy));
        if (pending.Count == Block)
        {
            Fold();
        }
    }

    public void AddIsolatedAtom(Element element, double energy)
    {
        (double sum, int count) = isolated.GetValueOrDefault(element);
        isolated[element] = (sum + energy, count + 1);
    }

    /// <summary>The result; <paramref name="all"/> names every element of the set, whether or not a frame with an energy has it.</summary>
    public ReferenceEnergies Conclude(IEnumerable<Element> all)
    {
        Fold();
        int n = elements.Count;
        var energies = new double?[n];
        var errors = new double?[n];
        int rank = 0;
        double? condition = null, residual = null;
        if (n > 0 && factor is not null)
        {
            Matrix<double> a = factor.SubMatrix(0, factor.RowCount, 0, n);
            Vector<double> b = factor.Column(n);
            Svd<double> svd = a.Svd(computeVectors: true);
            rank = svd.S.Count(s => s > RankTolerance * svd.S[0]);
            condition = rank == n ? svd.S[0] / svd.S[n - 1] : null;
            Vector<double> coefficients = svd.U.TransposeThisAndMultiply(b);
            Vector<double> difference = b.Clone();
            var solution = new double[n];
            for (int k = 0; k < rank; k++)
            {
                double c = coefficients[k] / svd.S[k];
                difference -= svd.U.Column(k) * coefficients[k];
                for (int z = 0; z < n; z++)
                {
                    solution[z] += c * svd.VT[k, z];
                }
            }

            double squares = difference.DotProduct(difference);
            residual = Math.Sqrt(squares / frames);
            double variance = frames > rank ? squares / (frames - rank) : 0;
            for (int z = 0; z < n; z++)
            {
                // An element that takes part in no direction which the frames leave open is determined, even where others are not.
                double open = Enumerable.Range(rank, n - rank).Sum(k => svd.VT[k, z] * svd.VT[k, z]);
                if (open < 1e-12)
                {
                    energies[z] = solution[z];
                    errors[z] = Math.Sqrt(variance * Enumerable.Range(0, rank).Sum(k => svd.VT[k, z] / svd.S[k] * (svd.VT[k, z] / svd.S[k])));
                }
            }
        }

        return new(
            rank,
            frames,
            condition,
            residual,
            [.. all.Order().Select(e => new ReferenceEnergy(
                e,
                elements.IndexOf(e) is >= 0 and var z ? energies[z] : null,
                elements.IndexOf(e) is >= 0 and var i ? errors[i] : null,
                isolated.TryGetValue(e, out var atom) ? atom.Sum / atom.Count : null))]);
    }

    // [A | b] of the block beneath the factor so far, decomposed again. Columns of elements that came since are zero above.
    private void Fold()
    {
        if (pending.Count == 0)
        {
            return;
        }

        int n = elements.Count, old = factor?.RowCount ?? 0;
        var stacked = Matrix<double>.Build.Dense(Math.Max(old + pending.Count, n + 1), n + 1);
        for (int r = 0; r < old; r++)
        {
            int columns = factor!.ColumnCount - 1;
            for (int c = 0; c < columns; c++)
            {
                stacked[r, c] = factor[r, c];
            }

            stacked[r, n] = factor[r, columns];
        }

        for (int r = 0; r < pending.Count; r++)
        {
            foreach ((Element element, int count) in pending[r].Composition.Counts)
            {
                stacked[old + r, elements.IndexOf(element)] = count;
            }

            stacked[old + r, n] = pending[r].Energy;
        }

        factor = stacked.QR(QRMethod.Thin).R;
        pending.Clear();
    }
}
