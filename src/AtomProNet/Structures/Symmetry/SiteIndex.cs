namespace AtomProNet.Structures.Symmetry;

/// <summary>Finds the site that lies at a position, in about constant time: the sites are sorted into boxes of some 2 Å.</summary>
internal sealed class SiteIndex
{
    private const double BoxSize = 2.0;
    private const int MaximumBoxes = 128;

    private readonly SymmetryBasis basis;
    private readonly Vector3D[] positions;
    private readonly int[] labels;
    private readonly int[] counts;
    private readonly List<int>?[] boxes;

    internal SiteIndex(SymmetryBasis basis, Vector3D[] positions, int[] labels)
    {
        this.basis = basis;
        this.positions = positions;
        this.labels = labels;
        counts = [Count(0), Count(1), Count(2)];
        boxes = new List<int>?[counts[0] * counts[1] * counts[2]];
        for (int site = 0; site < positions.Length; site++)
        {
            int box = Box(At(positions[site].X, 0), At(positions[site].Y, 1), At(positions[site].Z, 2));
            (boxes[box] ??= []).Add(site);
        }

        // A direction that does not repeat has one box: positions there have no fixed range.
        int Count(int axis) => basis.Periodic[axis] ? Math.Clamp((int)(1 / (basis.InverseHeights[axis] * BoxSize)), 1, MaximumBoxes) : 1;
    }

    /// <summary>The nearest site of that label within the tolerance (Å) of a position in the basis; −1 where there is none.</summary>
    /// <param name="position">The position, in fractions of the basis.</param>
    /// <param name="label">The label that the site must have.</param>
    /// <param name="tolerance">How far away it may be, Å.</param>
    /// <param name="except">A site that does not count.</param>
    internal int Find(Vector3D position, int label, double tolerance, int except = -1)
    {
        (int low, int high) x = Range(position.X, 0, tolerance), y = Range(position.Y, 1, tolerance), z = Range(position.Z, 2, tolerance);
        int best = -1;
        double bestSquared = tolerance * tolerance;
        for (int i = x.low; i <= x.high; i++)
        {
            for (int j = y.low; j <= y.high; j++)
            {
                for (int k = z.low; k <= z.high; k++)
                {
                    if (boxes[Box(i, j, k)] is not { } sites)
                    {
                        continue;
                    }

                    foreach (int site in sites)
                    {
                        if (labels[site] == label && site != except)
                        {
                            double squared = (basis.Near(positions[site] - position) * basis.Rows).LengthSquared;
                            if (squared <= bestSquared)
                            {
                                best = site;
                                bestSquared = squared;
                            }
                        }
                    }
                }
            }
        }

        return best;
    }

    private int At(double fraction, int axis) => counts[axis] == 1 ? 0 : (int)Math.Floor(fraction * counts[axis]);

    private (int Low, int High) Range(double fraction, int axis, double tolerance)
    {
        if (counts[axis] == 1)
        {
            return (0, 0);
        }

        double reach = tolerance * basis.InverseHeights[axis];
        int low = At(fraction - reach, axis), high = At(fraction + reach, axis);
        return high - low >= counts[axis] ? (0, counts[axis] - 1) : (low, high);
    }

    private int Box(int i, int j, int k)
    {
        return (Into(i, counts[0]) * counts[1] + Into(j, counts[1])) * counts[2] + Into(k, counts[2]);

        static int Into(int value, int count) => ((value % count) + count) % count;
    }
}
