namespace AtomProNet.Structures;

/// <summary>
/// Finds the compact cell of a lattice: three vectors none of which can be shortened by adding whole multiples of the others
/// (Minkowski-reduced; Nguyen and Stehlé, "Low-dimensional lattice basis reduction revisited", ACM Trans. Algorithms 5, 46 (2009)).
/// </summary>
public static class LatticeReduction
{
    // A vector counts as shorter only where that is no rounding: so the loop ends, and a cell that is reduced stays as it is.
    private const double Gain = 1 - 1e-12;

    /// <summary>Reduces a lattice.</summary>
    /// <param name="lattice">The cell.</param>
    /// <returns>The reduced vectors as rows R, and the whole numbers T that make them: R = T·L. det T is 1 or −1; the order is that of the lattice.</returns>
    public static (Matrix3x3 Reduced, IntegerMatrix3x3 Transformation) Minkowski(Lattice lattice)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        Vector3D[] vectors = [lattice.A, lattice.B, lattice.C];
        Vector3D[] steps = Reduce(vectors, [true, true, true]);
        return (new(vectors[0], vectors[1], vectors[2]), IntegerMatrix3x3.FromRowMajor(steps.SelectMany(s => new[] { Whole(s.X), Whole(s.Y), Whole(s.Z) }).ToArray()));

        static int Whole(double number) => Math.Abs(number) <= int.MaxValue ? (int)number : throw new AtomProNetException(
            ErrorKind.NotSupported, "LatticeTooSkewed", "The cell is so skewed that its compact form is lost in rounding.", remedy: "Give a more compact cell of the same crystal.");
    }

    /// <summary>
    /// Reduces the periodic ones of three vectors in place: each is shortened by the rounded projections on the others, then by the
    /// neighbouring combinations, until none gets shorter. At the end every |vᵢ + p·vⱼ + q·vₖ| with p, q of −1, 0, 1 is at least |vᵢ|: Minkowski's conditions.
    /// </summary>
    /// <returns>The rows of the transformation, as whole numbers in doubles.</returns>
    internal static Vector3D[] Reduce(Vector3D[] v, bool[] periodic)
    {
        Vector3D[] steps = [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];
        Span<int> others = stackalloc int[2];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 0; i < 3; i++)
            {
                int count = 0;
                for (int j = 0; j < 3; j++)
                {
                    if (j != i && periodic[j])
                    {
                        others[count++] = j;
                    }
                }

                changed |= periodic[i] && Shorten(v, steps, i, others[..count]);
            }
        }

        return steps;
    }

    private static bool Shorten(Vector3D[] v, Vector3D[] steps, int i, ReadOnlySpan<int> others)
    {
        bool changed = false;
        // First the rounded projection on each other vector ...
        foreach (int j in others)
        {
            double n = Math.Round(Vector3D.Dot(v[i], v[j]) / v[j].LengthSquared);
            if (n != 0 && v[i] - v[j] * n is var candidate && IsShorter(candidate, v[i]))
            {
                v[i] = candidate;
                steps[i] -= steps[j] * n;
                changed = true;
            }
        }

        // ... then the neighbouring combinations of both.
        Vector3D centre = v[i], centreSteps = steps[i];
        for (int p = -1; p <= 1 && others.Length > 0; p++)
        {
            int first = others[0], second = others[^1];
            Vector3D partly = centre + v[first] * p;
            for (int q = others.Length == 2 ? -1 : 0; q <= (others.Length == 2 ? 1 : 0); q++)
            {
                Vector3D candidate = partly + v[second] * q;
                if (IsShorter(candidate, v[i]))
                {
                    v[i] = candidate;
                    steps[i] = centreSteps + steps[first] * p + steps[second] * q;
                    changed = true;
                }
            }
        }

        return changed;
    }

    private static bool IsShorter(Vector3D candidate, Vector3D vector) => candidate.LengthSquared < vector.LengthSquared * Gain;
}
