using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

/// <summary>
/// A pair potential for two kinds of atoms with exact forces and stress: Morse's curve for each pair, led to zero between 3 and 6.5 Å by a
/// polynomial whose first two derivatives vanish at both ends. Unlike atoms bind, like ones keep apart: rock salt and wurtzite are stable.
/// </summary>
internal static class BinaryMorse
{
    private const double From = 3, Cutoff = 6.5;

    // One object, as the frames of one file have.
    private static readonly DftMethod Method = new() { Code = "Morse", Functional = "pair", CutoffEnergy = 400, Smearing = "Gaussian", SmearingWidth = 0.05 };

    /// <summary>A frame with the labels of the potential.</summary>
    public static Frame Label(Structure structure)
    {
        (double energy, Vector3D[] forces, StressTensor? stress) = Evaluate(structure);
        return new Frame(structure)
        {
            FreeEnergy = energy,
            Forces = [.. forces],
            Stress = stress,
            Origin = LabelOrigin.AbInitio,
            Convergence = new(ElectronicConvergence.Converged),
            Method = Method,
        };
    }

    public static (double Energy, Vector3D[] Forces, StressTensor? Stress) Evaluate(Structure s)
    {
        int[] images = s.Lattice is { } cell && s.Periodicity.Any
            ? [.. Enumerable.Range(0, 3).Select(k => (int)Math.Ceiling(Cutoff * cell.Reciprocal[k].Length))]
            : [0, 0, 0];
        // A wrapped copy: then the nearest images are within that reach.
        Structure wrapped = s.Wrap();
        double energy = 0;
        var forces = new Vector3D[s.AtomCount];
        Matrix3x3 virial = default;
        for (int a = -images[0]; a <= images[0]; a++)
        {
            for (int b = -images[1]; b <= images[1]; b++)
            {
                for (int c = -images[2]; c <= images[2]; c++)
                {
                    Vector3D shift = s.Lattice?.ToCartesian(new(a, b, c)) ?? default;
                    for (int i = 0; i < s.AtomCount; i++)
                    {
                        for (int j = 0; j < s.AtomCount; j++)
                        {
                            Vector3D d = wrapped.CartesianPositions[j] + shift - wrapped.CartesianPositions[i];
                            double squared = d.LengthSquared;
                            if (squared > Cutoff * Cutoff || squared < 1e-12)
                            {
                                continue;
                            }

                            double r = Math.Sqrt(squared);
                            (double u, double slope) = Pair(r, s.Species[i].Number == s.Species[j].Number);
                            energy += u / 2;
                            forces[i] += d * (slope / r);
                            virial += new Matrix3x3(d * d.X, d * d.Y, d * d.Z) * (slope / r / 2);
                        }
                    }
                }
            }
        }

        return (energy, forces, s.Periodicity.All ? StressTensor.FromMatrix(virial * (1 / s.Lattice!.Volume)) : null);
    }

    private static (double U, double Slope) Pair(double r, bool alike)
    {
        (double depth, double steepness, double distance) = alike ? (0.08, 1.3, 3.3) : (1.9, 1.4, 2.15);
        double e = Math.Exp(-steepness * (r - distance));
        double u = depth * ((1 - e) * (1 - e) - 1), slope = 2 * depth * steepness * e * (1 - e);
        if (r <= From)
        {
            return (u, slope);
        }

        double x = (r - From) / (Cutoff - From);
        double s = 1 - x * x * x * (10 - 15 * x + 6 * x * x), ds = -30 * x * x * (1 - x) * (1 - x) / (Cutoff - From);
        return (u * s, slope * s + u * ds);
    }
}
