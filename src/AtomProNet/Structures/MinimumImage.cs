namespace AtomProNet.Structures;

/// <summary>
/// Shortest distances under periodic boundaries, right for any cell: the cell is reduced to a compact one first
/// (<see cref="LatticeReduction"/>), in which the nearest image lies among the 27 neighbours
/// of the wrapped difference.
/// </summary>
public sealed class MinimumImage
{
    private readonly Matrix3x3 reduced;
    private readonly Matrix3x3 reducedInverse;
    private readonly Vector3D[] images;
    private readonly bool[] wraps = new bool[3];

    /// <summary>Prepares the search for one cell.</summary>
    /// <param name="lattice">The cell, or null for a structure without one.</param>
    /// <param name="periodicity">Along which of its vectors it repeats.</param>
    public MinimumImage(Lattice? lattice, Periodicity periodicity)
    {
        if (lattice is null || !periodicity.Any)
        {
            images = [Vector3D.Zero];
            reduced = reducedInverse = Matrix3x3.Identity;
            return;
        }

        bool[] periodic = [periodicity.A, periodicity.B, periodicity.C];
        Vector3D[] vectors = [lattice.A, lattice.B, lattice.C];
        LatticeReduction.Reduce(vectors, periodic);
        // A direction that does not repeat is replaced by the normal to the others, so that it never takes part in wrapping.
        Complete(vectors, periodic);
        reduced = new(vectors[0], vectors[1], vectors[2]);
        reducedInverse = reduced.Inverse();
        wraps = periodic;

        var list = new List<Vector3D>();
        for (int i = periodic[0] ? -1 : 0; i <= (periodic[0] ? 1 : 0); i++)
        {
            for (int j = periodic[1] ? -1 : 0; j <= (periodic[1] ? 1 : 0); j++)
            {
                for (int k = periodic[2] ? -1 : 0; k <= (periodic[2] ? 1 : 0); k++)
                {
                    list.Add(vectors[0] * i + vectors[1] * j + vectors[2] * k);
                }
            }
        }

        images = [.. list];
    }

    /// <summary>The shortest vector that leads from one Cartesian position to an image of another, Å.</summary>
    public Vector3D Difference(Vector3D from, Vector3D to)
    {
        Vector3D difference = to - from;
        if (images.Length == 1)
        {
            return difference;
        }

        Vector3D f = difference * reducedInverse;
        difference -= new Vector3D(wraps[0] ? Math.Round(f.X) : 0, wraps[1] ? Math.Round(f.Y) : 0, wraps[2] ? Math.Round(f.Z) : 0) * reduced;
        Vector3D best = difference;
        double bestLength = difference.LengthSquared;
        foreach (Vector3D image in images)
        {
            Vector3D candidate = difference + image;
            if (candidate.LengthSquared < bestLength)
            {
                best = candidate;
                bestLength = candidate.LengthSquared;
            }
        }

        return best;
    }

    /// <summary>The shortest distance between a Cartesian position and the images of another, Å.</summary>
    public double Distance(Vector3D from, Vector3D to) => Difference(from, to).Length;

    // Replaces the directions that do not repeat by unit vectors at right angles to those that do.
    internal static void Complete(Vector3D[] v, bool[] periodic)
    {
        int[] open = Enumerable.Range(0, 3).Where(i => periodic[i]).ToArray();
        int[] closed = Enumerable.Range(0, 3).Where(i => !periodic[i]).ToArray();
        if (closed.Length == 1)
        {
            v[closed[0]] = Unit(Vector3D.Cross(v[open[0]], v[open[1]]));
        }
        else if (closed.Length == 2)
        {
            Vector3D axis = Unit(v[open[0]]);
            Vector3D helper = Math.Abs(axis.X) < 0.7 ? new(1, 0, 0) : new(0, 1, 0);
            v[closed[0]] = Unit(Vector3D.Cross(axis, helper));
            v[closed[1]] = Vector3D.Cross(axis, v[closed[0]]);
        }

        static Vector3D Unit(Vector3D u) => u / u.Length;
    }
}
