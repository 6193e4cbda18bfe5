using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Descriptors;

/// <summary>One neighbour of an atom.</summary>
/// <param name="Atom">Which atom it is an image of.</param>
/// <param name="Vector">From the atom to the neighbour, Å.</param>
/// <param name="Distance">Its length, Å.</param>
internal readonly record struct Neighbour(int Atom, Vector3D Vector, double Distance);

/// <summary>
/// All neighbours of all atoms within a distance, every periodic image counted, in any cell: the cell is reduced, atoms are sorted into
/// boxes about as wide as the distance, and each atom looks into the boxes that its sphere reaches. The time grows with the number
/// of atoms, not with its square.
/// </summary>
internal sealed class NeighbourSearch
{
    private readonly List<Neighbour> neighbours = [];
    private int[] starts = [];

    /// <summary>The neighbours of an atom, found by the last <see cref="Find"/>.</summary>
    public ReadOnlySpan<Neighbour> Of(int atom) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(neighbours)[starts[atom]..starts[atom + 1]];

    /// <summary>Finds all neighbours of a structure within <paramref name="cutoff"/> Å. An image of the atom itself is a neighbour, too.</summary>
    public void Find(Structure structure, double cutoff)
    {
        ImmutableArray<Vector3D> positions = structure.CartesianPositions;
        int atoms = positions.Length;
        neighbours.Clear();
        starts = new int[atoms + 1];
        if (atoms == 0)
        {
            return;
        }

        bool[] wraps = [structure.Periodicity.A, structure.Periodicity.B, structure.Periodicity.C];
        Vector3D[] vectors = Basis(structure, wraps);
        var rows = new Matrix3x3(vectors[0], vectors[1], vectors[2]);
        Matrix3x3 inverse = rows.Inverse(), columns = inverse.Transpose();
        double[] heights = [1 / columns.Row1.Length, 1 / columns.Row2.Length, 1 / columns.Row3.Length];

        // Fractions of the basis; along directions that repeat moved into [0, 1), elsewhere counted from the first atom.
        var fractions = new Vector3D[atoms];
        var low = new double[3];
        var extent = new double[3];
        Wrap(positions, inverse, wraps, fractions, low, extent);
        int[] boxes = new int[3], reach = new int[3];
        for (int k = 0; k < 3; k++)
        {
            double length = heights[k] * extent[k];
            boxes[k] = Math.Clamp((int)(length / cutoff), 1, 64);
            reach[k] = (int)Math.Ceiling(cutoff / length * boxes[k]);
        }

        Vector3D[] cartesian = Array.ConvertAll(fractions, f => f * rows);
        Fill(fractions, low, extent, boxes, out int[] first, out int[] next, out (int X, int Y, int Z)[] home);
        double limit = cutoff * cutoff;
        for (int i = 0; i < atoms; i++)
        {
            starts[i] = neighbours.Count;
            for (int x = home[i].X - reach[0]; x <= home[i].X + reach[0]; x++)
            {
                if (!Box(x, boxes[0], wraps[0], out int bx, out int sx))
                {
                    continue;
                }

                for (int y = home[i].Y - reach[1]; y <= home[i].Y + reach[1]; y++)
                {
                    if (!Box(y, boxes[1], wraps[1], out int by, out int sy))
                    {
                        continue;
                    }

                    for (int z = home[i].Z - reach[2]; z <= home[i].Z + reach[2]; z++)
                    {
                        if (!Box(z, boxes[2], wraps[2], out int bz, out int sz))
                        {
                            continue;
                        }

                        Vector3D offset = (new Vector3D(sx, sy, sz) - fractions[i]) * rows;
                        for (int j = first[(bx * boxes[1] + by) * boxes[2] + bz]; j >= 0; j = next[j])
                        {
                            Vector3D vector = cartesian[j] + offset;
                            double squared = vector.LengthSquared;
                            if (squared <= limit && (i != j || sx != 0 || sy != 0 || sz != 0))
                            {
                                neighbours.Add(new(j, vector, Math.Sqrt(squared)));
                            }
                        }
                    }
                }
            }
        }

        starts[atoms] = neighbours.Count;
    }

    // The reduced vectors of the directions that repeat; the others are completed by unit vectors normal to them.
    internal static Vector3D[] Basis(Structure structure, bool[] wraps)
    {
        Vector3D[] v = structure.Lattice is { } lattice ? [lattice.A, lattice.B, lattice.C] : [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];
        if (wraps[0] || wraps[1] || wraps[2])
        {
            LatticeReduction.Reduce(v, wraps);
        }

        if (wraps is [true, true, true])
        {
            return v;
        }

        int[] open = [.. Enumerable.Range(0, 3).Where(k => wraps[k])], closed = [.. Enumerable.Range(0, 3).Where(k => !wraps[k])];
        switch (open.Length)
        {
            case 0:
                return [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];
            case 1:
                Vector3D along = v[open[0]] / v[open[0]].Length;
                Vector3D other = Math.Abs(along.X) < 0.6 ? new(1, 0, 0) : new(0, 1, 0);
                Vector3D normal = Vector3D.Cross(along, other);
                v[closed[0]] = normal / normal.Length;
                v[closed[1]] = Vector3D.Cross(along, v[closed[0]]);
                break;
            case 2:
                Vector3D cross = Vector3D.Cross(v[open[0]], v[open[1]]);
                v[closed[0]] = cross / cross.Length;
                break;
        }

        return v;
    }

    // Fractions of the basis, moved into the cell along directions that repeat, and the range that they take.
    internal static void Wrap(ImmutableArray<Vector3D> positions, Matrix3x3 inverse, bool[] wraps, Vector3D[] fractions, double[] low, double[] extent)
    {
        bool wrapsA = wraps[0], wrapsB = wraps[1], wrapsC = wraps[2];
        for (int i = 0; i < positions.Length; i++)
        {
            Vector3D f = positions[i] * inverse;
            fractions[i] = new(wrapsA ? f.X - Math.Floor(f.X) : f.X, wrapsB ? f.Y - Math.Floor(f.Y) : f.Y, wrapsC ? f.Z - Math.Floor(f.Z) : f.Z);
        }

        for (int k = 0; k < 3; k++)
        {
            (low[k], extent[k]) = (0, 1);
            if (!wraps[k])
            {
                double high = double.NegativeInfinity;
                low[k] = double.PositiveInfinity;
                for (int i = 0; i < positions.Length; i++)
                {
                    low[k] = Math.Min(low[k], fractions[i][k]);
                    high = Math.Max(high, fractions[i][k]);
                }

                extent[k] = Math.Max(1e-3, (high - low[k]) * (1 + 1e-9));
            }
        }
    }

    // Linked lists of the atoms in each box.
    private static void Fill(Vector3D[] fractions, double[] low, double[] extent, int[] boxes, out int[] first, out int[] next, out (int X, int Y, int Z)[] home)
    {
        first = new int[boxes[0] * boxes[1] * boxes[2]];
        next = new int[fractions.Length];
        home = new (int, int, int)[fractions.Length];
        first.AsSpan().Fill(-1);
        for (int i = fractions.Length - 1; i >= 0; i--)
        {
            home[i] = (Place(fractions[i].X, 0), Place(fractions[i].Y, 1), Place(fractions[i].Z, 2));
            int box = (home[i].X * boxes[1] + home[i].Y) * boxes[2] + home[i].Z;
            next[i] = first[box];
            first[box] = i;
        }

        int Place(double fraction, int k) => Math.Clamp((int)((fraction - low[k]) / extent[k] * boxes[k]), 0, boxes[k] - 1);
    }

    // The box of that number and how many cells away it lies; false outside of a direction that does not repeat.
    internal static bool Box(int number, int count, bool wraps, out int box, out int shift)
    {
        shift = 0;
        for (box = number; box < 0; box += count)
        {
            shift--;
        }

        for (; box >= count; box -= count)
        {
            shift++;
        }

        return wraps || shift == 0;
    }
}
