using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;
using MathNet.Numerics.LinearAlgebra;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// How much of the forces a sum over pairs of neighbours explains: least squares of all force components over radial functions of the
/// distance, six for each pair of elements. No model that anybody would use; but with neighbours in the wrong places it explains
/// much less. Only the normal equations are kept.
/// </summary>
internal sealed class PairForceFit
{
    private const int Functions = 6;
    private const double Cutoff = 5, Start = 0.9, Ridge = 1e-8;

    private readonly Element[] elements;
    // The normal equations: the upper triangle of their matrix, row by row, and their right-hand side.
    private readonly double[] normal, right;
    // What the functions of all pairs add up to along x, y and z of one atom.
    private readonly double[][] sums;
    private double total;

    /// <param name="elements">The elements of all structures that will come.</param>
    public PairForceFit(IEnumerable<Element> elements)
    {
        this.elements = [.. elements];
        int n = this.elements.Length, unknowns = n * (n + 1) / 2 * Functions;
        normal = new double[unknowns * unknowns];
        right = new double[unknowns];
        sums = [new double[unknowns], new double[unknowns], new double[unknowns]];
    }

    /// <summary>The number of force components so far.</summary>
    public int Equations { get; private set; }

    /// <summary>The number of radial functions of all pairs.</summary>
    public int Unknowns => right.Length;

    /// <summary>The share of the squares of all forces that is left, 0 to 1; 1 where there are no forces.</summary>
    public double Residual
    {
        get
        {
            if (total == 0)
            {
                return 1;
            }

            Matrix<double> matrix = Matrix<double>.Build.Dense(Unknowns, Unknowns, (p, q) => normal[Math.Min(p, q) * Unknowns + Math.Max(p, q)]);
            Vector<double> known = Vector<double>.Build.Dense(right);
            double shift = Ridge * matrix.Trace() / Unknowns;
            Vector<double> x = (matrix + Matrix<double>.Build.DenseIdentity(Unknowns) * Math.Max(shift, 1e-12)).Cholesky().Solve(known);
            return Math.Clamp((total - 2 * x.DotProduct(known) + x.DotProduct(matrix * x)) / total, 0, 1);
        }
    }

    public void Add(Structure structure, ReadOnlySpan<Vector3D> forces, NeighbourSearch neighbours)
    {
        neighbours.Find(structure, Cutoff);
        int[] kind = [.. structure.Species.Select(e => Array.IndexOf(elements, e))];
        double[] alongX = sums[0], alongY = sums[1], alongZ = sums[2];
        for (int i = 0; i < structure.AtomCount; i++)
        {
            Array.ForEach(sums, Array.Clear);
            foreach (ref readonly Neighbour n in neighbours.Of(i))
            {
                if (n.Distance < 1e-6)
                {
                    continue;
                }

                int a = Math.Min(kind[i], kind[n.Atom]), b = Math.Max(kind[i], kind[n.Atom]), first = (a * elements.Length - a * (a - 1) / 2 + b - a) * Functions;
                const double Width = (Cutoff - Start) / Functions;
                double fade = 0.5 * (1 + Math.Cos(Math.PI * n.Distance / Cutoff)) / n.Distance;
                for (int k = 0; k < Functions; k++)
                {
                    double x = (n.Distance - Start - (k + 0.7) * Width) / (Width / 1.2), value = fade * Math.Exp(-0.5 * x * x);
                    alongX[first + k] += value * n.Vector.X;
                    alongY[first + k] += value * n.Vector.Y;
                    alongZ[first + k] += value * n.Vector.Z;
                }
            }

            Vector3D force = forces[i];
            Add(alongX, force.X);
            Add(alongY, force.Y);
            Add(alongZ, force.Z);
        }
    }

    // One equation: the sums of one component, and the force that they should make.
    private void Add(double[] row, double force)
    {
        total += force * force;
        Equations++;
        for (int p = 0; p < row.Length; p++)
        {
            double value = row[p];
            if (value == 0)
            {
                continue;
            }

            right[p] += value * force;
            // The matrix is symmetric: from the diagonal on is enough.
            ReadOnlySpan<double> others = row.AsSpan(p);
            Span<double> sum = normal.AsSpan(p * row.Length + p, others.Length);
            for (int q = 0; q < others.Length; q++)
            {
                sum[q] += value * others[q];
            }
        }
    }

    /// <summary>Takes over what another fit over the same elements has seen.</summary>
    public void Add(PairForceFit other)
    {
        Add(other.normal, normal);
        Add(other.right, right);
        total += other.total;
        Equations += other.Equations;

        static void Add(double[] some, double[] sum)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += some[i];
            }
        }
    }
}
