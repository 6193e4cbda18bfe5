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
    private readonly Matrix<double> normal;
    private readonly Vector<double> right;
    private double total;

    /// <param name="elements">The elements of all structures that will come.</param>
    public PairForceFit(IEnumerable<Element> elements)
    {
        this.elements = [.. elements];
        int n = this.elements.Length, unknowns = n * (n + 1) / 2 * Functions;
        normal = Matrix<double>.Build.Dense(unknowns, unknowns);
        right = Vector<double>.Build.Dense(unknowns);
    }

    /// <summary>The number of force components so far.</summary>
    public int Equations { get; private set; }

    /// <summary>The number of radial functions of all pairs.</summary>
    public int Unknowns => right.Count;

    /// <summary>The share of the squares of all forces that is left, 0 to 1; 1 where there are no forces.</summary>
    public double Residual
    {
        get
        {
            if (total == 0)
            {
                return 1;
            }

            double shift = Ridge * normal.Trace() / Unknowns;
            Vector<double> x = (normal + Matrix<double>.Build.DenseIdentity(Unknowns) * Math.Max(shift, 1e-12)).Cholesky().Solve(right);
            return Math.Clamp((total - 2 * x.DotProduct(right) + x.DotProduct(normal * x)) / total, 0, 1);
        }
    }

    public void Add(Structure structure, ReadOnlySpan<Vector3D> forces, NeighbourSearch neighbours)
    {
        neighbours.Find(structure, Cutoff);
        int[] kind = [.. structure.Species.Select(e => Array.IndexOf(elements, e))];
        var rows = new double[3, Unknowns];
        for (int i = 0; i < structure.AtomCount; i++)
        {
            Array.Clear(rows);
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
                    rows[0, first + k] += value * n.Vector.X;
                    rows[1, first + k] += value * n.Vector.Y;
                    rows[2, first + k] += value * n.Vector.Z;
                }
            }

            for (int c = 0; c < 3; c++)
            {
                double force = forces[i][c];
                total += force * force;
                Equations++;
                for (int p = 0; p < Unknowns; p++)
                {
                    double value = rows[c, p];
                    if (value == 0)
                    {
                        continue;
                    }

                    right[p] += value * force;
                    for (int q = 0; q < Unknowns; q++)
                    {
                        normal[p, q] += value * rows[c, q];
                    }
                }
            }
        }
    }

    /// <summary>Takes over what another fit over the same elements has seen.</summary>
    public void Add(PairForceFit other)
    {
        other.normal.Add(normal, normal);
        other.right.Add(right, right);
        total += other.total;
        Equations += other.Equations;
    }
}
