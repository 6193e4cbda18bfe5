using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Descriptors;

/// <summary>
/// The smallest distance between each two kinds of atoms, every periodic image counted: <see cref="NeighbourSearch"/> without the
/// neighbours. Each pair is looked at once, several at a time, and what is no shorter than the shortest so far costs a comparison.
/// </summary>
internal sealed class ShortestDistances
{
    // Nearly all kinds of atoms are nearer to each other than that somewhere; boxes of that size hold a third of the pairs that those of 4.5 Å do.
    private const double Near = 3.2;
    // Vectors of four numbers.
    private const int Width = 4;
    private readonly double[] low = new double[3], extent = new double[3];
    private readonly int[] boxes = new int[3], reach = new int[3];
    private Vector3D[] fractions = [];
    // The atoms sorted by boxes: x, y and z of each, its kind, where each box begins and where it ends. Between boxes stand atoms infinitely far away, so
    // that all of a box can be looked at by fours.
    private double[] x = [], y = [], z = [];
    private int[] kinds = [], box = [], begins = [], ends = [];
    private double[] shortest = [];
    private double limit;

    /// <summary>The smallest distances, Å, [a · kindCount + b] with a ≤ b; positive infinity where two kinds are nowhere within <paramref name="cutoff"/>. Valid until the next search.</summary>
    /// <param name="structure">The atoms.</param>
    /// <param name="kindOf">The kind of each atom, from 0.</param>
    /// <param name="kindCount">The number of kinds.</param>
    /// <param name="cutoff">What is farther apart is not found, Å.</param>
    public ReadOnlySpan<double> Find(Structure structure, ReadOnlySpan<int> kindOf, int kindCount, double cutoff)
    {
        Array.Resize(ref shortest, kindCount * kindCount);
        if (structure.AtomCount == 0)
        {
            shortest.AsSpan().Fill(double.PositiveInfinity);
            return shortest;
        }

        bool[] wraps = [structure.Periodicity.A, structure.Periodicity.B, structure.Periodicity.C];
        Vector3D[] vectors = NeighbourSearch.Basis(structure, wraps);
        var rows = new Matrix3x3(vectors[0], vectors[1], vectors[2]);
        double unfound = SearchWithin(Math.Min(Near, cutoff), structure, kindOf, kindCount, rows, wraps);
        if (cutoff > Near && limit == unfound)
        {
            unfound = SearchWithin(cutoff, structure, kindOf, kindCount, rows, wraps);
        }

        foreach (ref double squared in shortest.AsSpan())
        {
            squared = squared == unfound ? double.PositiveInfinity : Math.Sqrt(squared);
        }

        return shortest;
    }

    // Returns what stands for two kinds that are nowhere within the cut-off; the limit stays there as long as there are such two.
    private double SearchWithin(double cutoff, Structure structure, ReadOnlySpan<int> kindOf, int kindCount, Matrix3x3 rows, bool[] wraps)
    {
        // Strictly less than that is shorter.
        double unfound = limit = Math.BitIncrement(cutoff * cutoff);
        shortest.AsSpan().Fill(limit);
        Sort(structure, kindOf, rows, wraps, cutoff);
        Search(rows, wraps, kindCount);
        return unfound;
    }

    private void Sort(Structure structure, ReadOnlySpan<int> kindOf, Matrix3x3 rows, bool[] wraps, double cutoff)
    {
        int atoms = structure.AtomCount;
        if (fractions.Length < atoms)
        {
            int most = checked(Width * atoms);
            (fractions, box, x, y, z, kinds) = (new Vector3D[atoms], new int[atoms], new double[most], new double[most], new double[most], new int[most]);
        }

        Matrix3x3 inverse = rows.Inverse(), columns = inverse.Transpose();
        NeighbourSearch.Wrap(structure.CartesianPositions, inverse, wraps, fractions, low, extent);
        int count = 1;
        for (int k = 0; k < 3; k++)
        {
            double length = extent[k] / columns[k].Length;
            boxes[k] = Math.Clamp((int)(length / cutoff), 1, 64);
            reach[k] = (int)Math.Ceiling(cutoff / length * boxes[k]);
            count *= boxes[k];
        }

        if (begins.Length < count)
        {
            (begins, ends) = (new int[count], new int[count]);
        }

        Span<int> next = ends.AsSpan(0, count);
        next.Clear();
        for (int i = 0; i < atoms; i++)
        {
            box[i] = (Place(fractions[i].X, 0) * boxes[1] + Place(fractions[i].Y, 1)) * boxes[2] + Place(fractions[i].Z, 2);
            next[box[i]]++;
        }

        int places = 0;
        for (int b = 0; b < count; b++)
        {
            begins[b] = places;
            places += (next[b] + Width - 1) / Width * Width;
            next[b] = begins[b];
        }

        x.AsSpan(0, places).Fill(double.PositiveInfinity);
        for (int i = 0; i < atoms; i++)
        {
            int at = next[box[i]]++;
            Vector3D r = fractions[i] * rows;
            (x[at], y[at], z[at]) = (r.X, r.Y, r.Z);
            kinds[at] = kindOf[i];
        }

        int Place(double fraction, int k) => Math.Clamp((int)((fraction - low[k]) / extent[k] * boxes[k]), 0, boxes[k] - 1);
    }

    // Each two boxes once: only those that follow in the order of the three differences, and a box with itself.
    private void Search(Matrix3x3 rows, bool[] wraps, int kindCount)
    {
        for (int home = 0; home < boxes[0] * boxes[1] * boxes[2]; home++)
        {
            if (begins[home] == ends[home])
            {
                continue;
            }

            int hx = home / (boxes[1] * boxes[2]), hy = home / boxes[2] % boxes[1], hz = home % boxes[2];
            for (int dx = 0; dx <= reach[0]; dx++)
            {
                if (!NeighbourSearch.Box(hx + dx, boxes[0], wraps[0], out int bx, out int sx))
                {
                    continue;
                }

                for (int dy = dx == 0 ? 0 : -reach[1]; dy <= reach[1]; dy++)
                {
                    if (!NeighbourSearch.Box(hy + dy, boxes[1], wraps[1], out int by, out int sy))
                    {
                        continue;
                    }

                    for (int dz = dx == 0 && dy == 0 ? 0 : -reach[2]; dz <= reach[2]; dz++)
                    {
                        if (NeighbourSearch.Box(hz + dz, boxes[2], wraps[2], out int bz, out int sz))
                        {
                            Compare(home, (bx * boxes[1] + by) * boxes[2] + bz, new Vector3D(sx, sy, sz) * rows, isSame: dx == 0 && dy == 0 && dz == 0, kindCount);
                        }
                    }
                }
            }
        }
    }

    private void Compare(int home, int other, Vector3D shift, bool isSame, int kindCount)
    {
        int last = ends[other];
        for (int i = begins[home]; i < ends[home]; i++)
        {
            double ox = shift.X - x[i], oy = shift.Y - y[i], oz = shift.Z - z[i];
            int j = isSame ? i + 1 : begins[other];
            if (Vector256.IsHardwareAccelerated)
            {
                // From the beginning of a box the last four may reach beyond its atoms, but not beyond its places.
                int end = isSame ? last - Width : last - 1;
                Vector256<double> vx = Vector256.Create(ox), vy = Vector256.Create(oy), vz = Vector256.Create(oz);
                for (; j <= end; j += Width)
                {
                    Vector256<double> a = Four(x, j) + vx, b = Four(y, j) + vy, c = Four(z, j) + vz, squared = a * a + b * b + c * c;
                    for (uint lanes = Vector256.LessThan(squared, Vector256.Create(limit)).ExtractMostSignificantBits(); lanes != 0; lanes &= lanes - 1)
                    {
                        int k = BitOperations.TrailingZeroCount(lanes);
                        Take(kinds[i], kinds[j + k], squared[k], kindCount);
                    }
                }
            }

            for (; j < last; j++)
            {
                double a = x[j] + ox, b = y[j] + oy, c = z[j] + oz, squared = a * a + b * b + c * c;
                if (squared < limit)
                {
                    Take(kinds[i], kinds[j], squared, kindCount);
                }
            }
        }
    }

    private static Vector256<double> Four(double[] values, int first) => Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)first);

    private void Take(int one, int other, double squared, int kindCount)
    {
        int pair = Math.Min(one, other) * kindCount + Math.Max(one, other);
        if (squared < shortest[pair])
        {
            shortest[pair] = squared;
            limit = 0;
            for (int a = 0; a < kindCount; a++)
            {
                for (int b = a; b < kindCount; b++)
                {
                    limit = Math.Max(limit, shortest[a * kindCount + b]);
                }
            }
        }
    }
}
