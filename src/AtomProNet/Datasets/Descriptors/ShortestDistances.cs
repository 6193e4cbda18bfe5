using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Descriptors;

/// <summary>
/// The smallest distance between each two kinds of atoms, every periodic image counted: <see cref="NeighbourSearch"/> without the
/// neighbours. Each pair is looked at once, several at a time, and only where two kinds may still be nearer to each other than what was found so far.
/// </summary>
internal sealed class ShortestDistances
{
    // Nearly all kinds of atoms are nearer to each other than that somewhere; boxes of that size hold a third of the pairs that those of 4.5 Å do.
    private const double Near = 3.2;
    // Vectors of four numbers.
    private const int Width = 4;
    // The limit is worked out again after so many comparisons for each two kinds.
    private const int OftenEnough = 8;
    private readonly double[] low = new double[3], extent = new double[3];
    private readonly int[] boxes = new int[3], reach = new int[3];
    private Vector3D[] fractions = [];
    // The atoms sorted by boxes, and in each box by kinds: x, y and z of each. Every kind begins with a new four, and what is left of its last four is infinitely far
    // away: so nothing needs to be decided for any single atom.
    private double[] x = [], y = [], z = [];
    // Which kind each four is; the box of each atom; where each kind of each box begins, and where the next atom of it goes.
    private int[] kinds = [], box = [], begins = [], next = [];
    // The corners of the cuboids that hold the atoms of each box.
    private Vector3D[] least = [], most = [];
    // The squares of the smallest distances from each kind to each other one so far, in four parts.
    private Vector256<double>[] nearest = [];
    private double[] shortest = [];
    // No two kinds are waiting for a distance whose square is greater; how many atoms were compared with a box since it was worked out.
    private double limit;
    private int compared;

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
        double unfound = Math.BitIncrement(cutoff * cutoff);
        Array.Resize(ref nearest, kindCount * kindCount);
        nearest.AsSpan().Fill(Vector256.Create(unfound));
        shortest.AsSpan().Fill(unfound);
        Sort(structure, kindOf, kindCount, rows, wraps, cutoff);
        Search(rows, wraps, kindCount);
        Tighten(kindCount);
        return unfound;
    }

    private void Sort(Structure structure, ReadOnlySpan<int> kindOf, int kindCount, Matrix3x3 rows, bool[] wraps, double cutoff)
    {
        int atoms = structure.AtomCount;
        if (fractions.Length < atoms)
        {
            int room = checked(Width * atoms);
            (fractions, box, x, y, z, kinds) = (new Vector3D[atoms], new int[atoms], new double[room], new double[room], new double[room], new int[atoms]);
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

        int groups = count * kindCount;
        if (next.Length < groups)
        {
            (begins, next) = (new int[groups + 1], new int[groups]);
        }

        if (least.Length < count)
        {
            (least, most) = (new Vector3D[count], new Vector3D[count]);
        }

        Array.Clear(next, 0, groups);
        for (int i = 0; i < atoms; i++)
        {
            Vector3D f = fractions[i];
            box[i] = (Place(f.X, low[0], extent[0], boxes[0]) * boxes[1] + Place(f.Y, low[1], extent[1], boxes[1])) * boxes[2] + Place(f.Z, low[2], extent[2], boxes[2]);
            next[box[i] * kindCount + kindOf[i]]++;
        }

        int places = 0;
        for (int b = 0, g = 0; b < count; b++)
        {
            for (int kind = 0; kind < kindCount; kind++, g++)
            {
                int fours = (next[g] + Width - 1) / Width;
                begins[g] = next[g] = places;
                kinds.AsSpan(places / Width, fours).Fill(kind);
                places += fours * Width;
            }
        }

        begins[groups] = places;
        x.AsSpan(0, places).Fill(double.PositiveInfinity);
        least.AsSpan(0, count).Fill(new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity));
        most.AsSpan(0, count).Fill(new(double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity));
        for (int i = 0; i < atoms; i++)
        {
            int b = box[i], at = next[b * kindCount + kindOf[i]]++;
            Vector3D r = fractions[i] * rows, l = least[b], m = most[b];
            (x[at], y[at], z[at]) = (r.X, r.Y, r.Z);
            least[b] = new(Math.Min(l.X, r.X), Math.Min(l.Y, r.Y), Math.Min(l.Z, r.Z));
            most[b] = new(Math.Max(m.X, r.X), Math.Max(m.Y, r.Y), Math.Max(m.Z, r.Z));
        }

        static int Place(double fraction, double low, double extent, int boxes) => Math.Clamp((int)((fraction - low) / extent * boxes), 0, boxes - 1);
    }

    // Each box with itself, which finds a first limit, then each two boxes once: only those that follow in the order of the three differences.
    private void Search(Matrix3x3 rows, bool[] wraps, int kindCount)
    {
        int count = boxes[0] * boxes[1] * boxes[2];
        for (int home = 0; home < count; home++)
        {
            CompareWithin(home, kindCount);
        }

        Tighten(kindCount);
        for (int home = 0; home < count; home++)
        {
            if (begins[home * kindCount] == begins[(home + 1) * kindCount])
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

                    for (int dz = dx == 0 && dy == 0 ? 1 : -reach[2]; dz <= reach[2]; dz++)
                    {
                        if (NeighbourSearch.Box(hz + dz, boxes[2], wraps[2], out int bz, out int sz))
                        {
                            Compare(home, (bx * boxes[1] + by) * boxes[2] + bz, new Vector3D(sx, sy, sz) * rows, kindCount);
                        }
                    }
                }
            }
        }
    }

    private void CompareWithin(int home, int kindCount)
    {
        int end = begins[(home + 1) * kindCount];
        for (int i = begins[home * kindCount]; i < end; i++)
        {
            if (double.IsPositiveInfinity(x[i]))
            {
                continue;
            }

            int from = kinds[i / Width] * kindCount;
            for (int j = i + 1; j < end; j++)
            {
                double a = x[j] - x[i], b = y[j] - y[i], c = z[j] - z[i];
                ref Vector256<double> found = ref nearest[from + kinds[j / Width]];
                found = Vector256.Min(found, Vector256.Create(a * a + b * b + c * c));
            }
        }
    }

    // Most atoms are farther than the limit from all that lies in another box: only the others are compared with each of its atoms.
    private void Compare(int home, int other, Vector3D shift, int kindCount)
    {
        int begin = begins[other * kindCount], end = begins[(other + 1) * kindCount];
        if (begin == end)
        {
            return;
        }

        Vector3D corner = least[other], opposite = most[other];
        int last = begins[(home + 1) * kindCount];
        for (int four = begins[home * kindCount]; four < last; four += Width)
        {
            // How far the cuboid that holds the other atoms is from each of four. Computed like the distances themselves, so that no rounding makes it farther than one of these.
            Vector256<double> a = Gap(Vector256.Create(shift.X) - Four(x, four), corner.X, opposite.X), b = Gap(Vector256.Create(shift.Y) - Four(y, four), corner.Y, opposite.Y), c = Gap(Vector256.Create(shift.Z) - Four(z, four), corner.Z, opposite.Z);
            uint near = Vector256.LessThan(a * a + b * b + c * c, Vector256.Create(limit)).ExtractMostSignificantBits();
            compared += BitOperations.PopCount(near);
            for (; near != 0; near &= near - 1)
            {
                int i = four + BitOperations.TrailingZeroCount(near);
                Compare(new(shift.X - x[i], shift.Y - y[i], shift.Z - z[i]), begin, end, kinds[four / Width] * kindCount);
            }
        }

        if (compared > OftenEnough * kindCount * kindCount)
        {
            Tighten(kindCount);
        }

        static Vector256<double> Gap(Vector256<double> offset, double near, double far) =>
            Vector256.Max(Vector256.Max(Vector256.Create(near) + offset, -(Vector256.Create(far) + offset)), Vector256<double>.Zero);
    }

    // One atom, at the opposite of the offset, with all of a box.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Compare(Vector3D offset, int begin, int end, int from)
    {
        for (int four = begin; four < end; four += Width)
        {
            Vector256<double> a = Four(x, four) + Vector256.Create(offset.X), b = Four(y, four) + Vector256.Create(offset.Y), c = Four(z, four) + Vector256.Create(offset.Z);
            ref Vector256<double> found = ref nearest[from + kinds[four / Width]];
            found = Vector256.Min(found, a * a + b * b + c * c);
        }
    }

    // Puts together what was found from one kind to another and the other way, and works out the limit.
    private void Tighten(int kindCount)
    {
        (limit, compared) = (0, 0);
        for (int a = 0; a < kindCount; a++)
        {
            for (int b = a; b < kindCount; b++)
            {
                Vector256<double> parts = Vector256.Min(nearest[a * kindCount + b], nearest[b * kindCount + a]);
                Vector128<double> halves = Vector128.Min(parts.GetLower(), parts.GetUpper());
                double squared = Math.Min(halves[0], halves[1]);
                shortest[a * kindCount + b] = squared;
                limit = Math.Max(limit, squared);
            }
        }
    }

    private static Vector256<double> Four(double[] values, int first) => Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)first);
}
