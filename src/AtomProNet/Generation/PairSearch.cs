using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>
/// Finds the pairs of atoms that are closer than a distance, by their nearest images, in a time that grows with the number of atoms
/// rather than its square: the atoms are sorted into boxes not smaller than the distance.
/// </summary>
internal sealed class PairSearch
{
    private const int MaximumBoxes = 64;

    private readonly MinimumImage images;
    private readonly Lattice? lattice;
    private readonly bool[] periodic;

    internal PairSearch(Lattice? lattice, Periodicity periodicity)
    {
        images = new MinimumImage(lattice, periodicity);
        this.lattice = lattice;
        periodic = [periodicity.A, periodicity.B, periodicity.C];
    }

    /// <summary>The pairs i &lt; j within the cutoff (Å), with their distances. An atom and its own images are no pair.</summary>
    internal IEnumerable<(int I, int J, double Distance)> Within(IReadOnlyList<Vector3D> positions, double cutoff)
    {
        int[] counts = [Count(0, cutoff), Count(1, cutoff), Count(2, cutoff)];
        var boxes = new Dictionary<(int, int, int), List<int>>();
        var boxOf = new (int X, int Y, int Z)[positions.Count];
        for (int i = 0; i < positions.Count; i++)
        {
            boxOf[i] = BoxOf(positions[i], counts);
            if (!boxes.TryGetValue(boxOf[i], out List<int>? list))
            {
                boxes.Add(boxOf[i], list = []);
            }

            list.Add(i);
        }

        for (int i = 0; i < positions.Count; i++)
        {
            foreach (int x in Around(boxOf[i].X, counts[0]))
            {
                foreach (int y in Around(boxOf[i].Y, counts[1]))
                {
                    foreach (int z in Around(boxOf[i].Z, counts[2]))
                    {
                        if (!boxes.TryGetValue((x, y, z), out List<int>? list))
                        {
                            continue;
                        }

                        foreach (int j in list)
                        {
                            if (j > i && images.Distance(positions[i], positions[j]) is var d && d < cutoff)
                            {
                                yield return (i, j, d);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>The distance of two positions by the nearest images, Å.</summary>
    internal double Distance(Vector3D a, Vector3D b) => images.Distance(a, b);

    // Only directions that repeat are divided: elsewhere positions have no fixed range, and a single box is right.
    private int Count(int axis, double cutoff)
    {
        if (lattice is null || !periodic[axis] || cutoff <= 0)
        {
            return 1;
        }

        double height = 1 / lattice.Reciprocal[axis].Length;
        return Math.Clamp((int)Math.Floor(height / cutoff), 1, MaximumBoxes);
    }

    private (int, int, int) BoxOf(Vector3D position, int[] counts)
    {
        if (lattice is null)
        {
            return default;
        }

        Vector3D f = lattice.ToFractional(position);
        return (Box(f.X, counts[0]), Box(f.Y, counts[1]), Box(f.Z, counts[2]));

        static int Box(double x, int count) => count == 1 ? 0 : Math.Min(count - 1, (int)((x - Math.Floor(x)) * count));
    }

    private static IEnumerable<int> Around(int box, int count) => count switch
    {
        1 => [0],
        2 => [0, 1],
        _ => [(box + count - 1) % count, box, (box + 1) % count],
    };
}
