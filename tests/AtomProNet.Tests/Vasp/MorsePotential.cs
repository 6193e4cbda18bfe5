using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp;

/// <summary>
/// A pair potential with exact forces and stress: U(r) = D[(1 − e^{−a(r−r₀)})² − 1] (P. M. Morse, Phys. Rev. 34, 57 (1929)), led to
/// zero between <see cref="SwitchFrom"/> and <see cref="Cutoff"/> by the polynomial 1 − 10x³ + 15x⁴ − 6x⁵, whose first two
/// derivatives vanish at both ends.
/// </summary>
/// <param name="Depth">D, eV.</param>
/// <param name="Steepness">a, 1/Å.</param>
/// <param name="Distance">r₀, Å.</param>
internal sealed record MorsePotential(double Depth, double Steepness, double Distance)
{
    /// <summary>Parameters of Girifalco and Weizer for aluminium, Phys. Rev. 114, 687 (1959).</summary>
    public static MorsePotential Aluminium { get; } = new(0.2703, 1.1646, 3.253);

    public double Cutoff { get; init; } = 6.5;

    public double SwitchFrom { get; init; } = 5.0;

    /// <summary>Energy (eV), forces (eV/Å) and stress (eV/Å³, tension positive) of a periodic cell.</summary>
    public (double Energy, Vector3D[] Forces, StressTensor Stress) Evaluate(Lattice lattice, IReadOnlyList<Vector3D> positions)
    {
        Vector3D[] reach = [lattice.Reciprocal.Row1, lattice.Reciprocal.Row2, lattice.Reciprocal.Row3];
        int[] images = [.. reach.Select(b => (int)Math.Ceiling(Cutoff * b.Length) + 1)];
        double energy = 0;
        var forces = new Vector3D[positions.Count];
        Matrix3x3 virial = default;
        for (int i = 0; i < positions.Count; i++)
        {
            for (int j = 0; j < positions.Count; j++)
            {
                for (int a = -images[0]; a <= images[0]; a++)
                {
                    for (int b = -images[1]; b <= images[1]; b++)
                    {
                        for (int c = -images[2]; c <= images[2]; c++)
                        {
                            Vector3D d = positions[j] + lattice.ToCartesian(new(a, b, c)) - positions[i];
                            double r = d.Length;
                            if (r > Cutoff || r < 1e-9)
                            {
                                continue;
                            }

                            (double u, double slope) = Pair(r);
                            // Every pair comes twice.
                            energy += u / 2;
                            forces[i] += d * (slope / r);
                            virial += new Matrix3x3(d * d.X, d * d.Y, d * d.Z) * (slope / r / 2);
                        }
                    }
                }
            }
        }

        return (energy, forces, StressTensor.FromMatrix(virial * (1 / lattice.Volume)));
    }

    private (double U, double Slope) Pair(double r)
    {
        double e = Math.Exp(-Steepness * (r - Distance));
        double u = Depth * ((1 - e) * (1 - e) - 1), slope = 2 * Depth * Steepness * e * (1 - e);
        if (r <= SwitchFrom)
        {
            return (u, slope);
        }

        double width = Cutoff - SwitchFrom, x = (r - SwitchFrom) / width;
        double s = 1 - x * x * x * (10 - 15 * x + 6 * x * x), ds = -30 * x * x * (1 - x) * (1 - x) / width;
        return (u * s, slope * s + u * ds);
    }
}
