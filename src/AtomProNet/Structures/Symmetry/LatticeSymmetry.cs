namespace AtomProNet.Structures.Symmetry;

/// <summary>The rotations that map a lattice onto itself (its holohedry).</summary>
internal static class LatticeSymmetry
{
    /// <summary>
    /// All of them, as matrices that act on row vectors of fractions in the given basis. In the reduced basis each vector goes to
    /// a sum of vectors with factors −1, 0, 1 that has its length and its angles to the others; the tolerance is a length, as in
    /// spglib: lengths may differ by it, and angles by as much as moves the ends of the vectors by it.
    /// </summary>
    internal static List<IntegerMatrix3x3> Rotations(SymmetryBasis basis, double tolerance)
    {
        Vector3D[] r = [basis.Rows.Row1, basis.Rows.Row2, basis.Rows.Row3];
        Vector3D[] steps = LatticeReduction.Reduce(r, basis.Periodic);
        IntegerMatrix3x3 transformation = IntegerMatrix3x3.FromRowMajor(steps.SelectMany(s => new[] { (int)s.X, (int)s.Y, (int)s.Z }).ToArray());
        IntegerMatrix3x3 back = transformation.UnimodularInverse;

        (int[] Steps, Vector3D Vector)[][] images = Enumerable.Range(0, 3).Select(i => Images(r, basis.Periodic, i, tolerance).ToArray()).ToArray();
        var rotations = new List<IntegerMatrix3x3>();
        foreach (var a in images[0])
        {
            foreach (var b in images[1])
            {
                if (!SameAngle(r[0], r[1], a.Vector, b.Vector, tolerance))
                {
                    continue;
                }

                foreach (var c in images[2])
                {
                    IntegerMatrix3x3 w = IntegerMatrix3x3.FromRowMajor([.. a.Steps, .. b.Steps, .. c.Steps]);
                    if (w.Determinant is 1 or -1 && SameAngle(r[0], r[2], a.Vector, c.Vector, tolerance) && SameAngle(r[1], r[2], b.Vector, c.Vector, tolerance))
                    {
                        rotations.Add(back * w * transformation);
                    }
                }
            }
        }

        return rotations;
    }

    private static IEnumerable<(int[] Steps, Vector3D Vector)> Images(Vector3D[] r, bool[] periodic, int index, double tolerance)
    {
        for (int i = -1; i <= 1; i++)
        {
            for (int j = -1; j <= 1; j++)
            {
                for (int k = -1; k <= 1; k++)
                {
                    // Directions that repeat and directions that do not never mix.
                    int[] steps = [i, j, k];
                    bool mixed = Enumerable.Range(0, 3).Any(n => steps[n] != 0 && periodic[n] != periodic[index]);
                    Vector3D vector = r[0] * i + r[1] * j + r[2] * k;
                    if (!mixed && Math.Abs(vector.Length - r[index].Length) <= tolerance)
                    {
                        yield return (steps, vector);
                    }
                }
            }
        }
    }

    private static bool SameAngle(Vector3D a, Vector3D b, Vector3D imageOfA, Vector3D imageOfB, double tolerance)
    {
        double cosine = Vector3D.Dot(a, b) / (a.Length * b.Length), imageCosine = Vector3D.Dot(imageOfA, imageOfB) / (imageOfA.Length * imageOfB.Length);
        double sine = Math.Sqrt(Math.Max(0, 1 - cosine * cosine)), imageSine = Math.Sqrt(Math.Max(0, 1 - imageCosine * imageCosine));
        double cosineOfDifference = cosine * imageCosine + sine * imageSine;
        double sineSquared = Math.Max(0, 1 - cosineOfDifference * cosineOfDifference);
        double lengths = (a.Length + imageOfA.Length) * (b.Length + imageOfB.Length) / 4;
        return sineSquared <= 1e-12 || sineSquared * lengths <= tolerance * tolerance;
    }
}
