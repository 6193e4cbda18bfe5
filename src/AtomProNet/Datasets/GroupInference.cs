using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// Finds out which runs of unknown descent are members of one series: the same species in the same order, the same fractional
/// coordinates within 1e-3 (modulo whole cells), and a cell that is an affine image of the other's.
/// </summary>
internal static class GroupInference
{
    /// <summary>How far fractional coordinates may lie apart.</summary>
    public const double Tolerance = 1e-3;

    // A run that lies so close to one in the grid would find nothing that the latter does not find, and needs no place there.
    private const double CoveredWithin = Tolerance / 100;
    // A stretch by more than a factor of two (in the root mean square) is another crystal, not a strain of the same one.
    private const double MaximumMeanSquareStretch = 4;
    private const int Bins = 500;

    /// <summary>For each run the index of the run that stands for its series; the same for all of a series.</summary>
    /// <param name="runs">Runs in an order that does not depend on the order of input.</param>
    public static int[] FindSeries(IReadOnlyList<FrameRun> runs)
    {
        int[] parent = Enumerable.Range(0, runs.Count).ToArray();
        // Runs by species and by where their last atom is: only neighbours in this grid can agree.
        var grid = new Dictionary<(ulong Species, int X, int Y, int Z), List<int>>();
        var neighbours = new List<int>();
        for (int i = 0; i < runs.Count; i++)
        {
            if (runs[i].Fractional is not { Length: > 0 } mine)
            {
                continue;
            }

            (int x, int y, int z) = (Bin(mine[^3]), Bin(mine[^2]), Bin(mine[^1]));
            CollectNeighbours(runs[i].SpeciesHash, x, y, z);
            int series = i;
            bool covered = false;
            foreach (int candidate in neighbours)
            {
                int other = Root(candidate);
                if (other == series && covered)
                {
                    continue;
                }

                // A run of the own series has nothing to tell but that it covers this one: most comparisons then end with the first atoms.
                double limit = other == series ? CoveredWithin : Tolerance;
                double distance = Distance(mine, runs[candidate].Fractional, limit);
                if (distance <= limit && IsAffine(runs[i].Lattice!, runs[candidate].Lattice!))
                {
                    parent[series] = other;
                    series = other;
                    covered |= distance <= CoveredWithin;
                }
            }

            if (!covered)
            {
                if (!grid.TryGetValue((runs[i].SpeciesHash, x, y, z), out List<int>? cell))
                {
                    grid.Add((runs[i].SpeciesHash, x, y, z), cell = []);
                }

                cell.Add(i);
            }
        }

        return [.. Enumerable.Range(0, runs.Count).Select(Root)];

        int Root(int i)
        {
            while (parent[i] != i)
            {
                parent[i] = parent[parent[i]];
                i = parent[i];
            }

            return i;
        }

        void CollectNeighbours(ulong species, int x, int y, int z)
        {
            neighbours.Clear();
            for (int dx = -1; dx <= 1; dx++)
            {
                for (int dy = -1; dy <= 1; dy++)
                {
                    for (int dz = -1; dz <= 1; dz++)
                    {
                        if (grid.TryGetValue((species, (x + dx + Bins) % Bins, (y + dy + Bins) % Bins, (z + dz + Bins) % Bins), out List<int>? cell))
                        {
                            neighbours.AddRange(cell);
                        }
                    }
                }
            }
        }
    }

    private static int Bin(float fraction) => Math.Clamp((int)(fraction * Bins), 0, Bins - 1);

    // The largest difference of a coordinate modulo 1; anything beyond the limit ends the comparison. Thousands of runs are compared with hundreds.
    private static double Distance(float[] a, float[] b, double limit)
    {
        if (a.Length != b.Length)
        {
            return double.PositiveInfinity;
        }

        double largest = 0;
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> most = Vector256<double>.Zero, one = Vector256.Create(1.0), beyond = Vector256.Create(limit);
            for (; i <= a.Length - 8; i += 8)
            {
                (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(a), (nuint)i));
                (Vector256<double> otherLow, Vector256<double> otherHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(b), (nuint)i));
                low = Vector256.Abs(low - otherLow);
                high = Vector256.Abs(high - otherHigh);
                most = Vector256.Max(most, Vector256.Max(Vector256.Min(low, one - low), Vector256.Min(high, one - high)));
                if (Vector256.GreaterThanAny(most, beyond))
                {
                    return double.PositiveInfinity;
                }
            }

            for (int k = 0; k < 4; k++)
            {
                largest = Math.Max(largest, most[k]);
            }
        }

        for (; i < a.Length; i++)
        {
            double difference = Math.Abs((double)a[i] - b[i]);
            difference = Math.Min(difference, 1 - difference);
            if (difference > limit)
            {
                return double.PositiveInfinity;
            }

            largest = Math.Max(largest, difference);
        }

        return largest;
    }

    // Any cell is some affine image of any other: what counts is that the stretches (whatever the rotation) are moderate.
    private static bool IsAffine(Lattice a, Lattice b)
    {
        return MeanSquare(a.Inverse() * b.Rows) <= MaximumMeanSquareStretch && MeanSquare(b.Inverse() * a.Rows) <= MaximumMeanSquareStretch;

        static double MeanSquare(Matrix3x3 m) => (m.Row1.LengthSquared + m.Row2.LengthSquared + m.Row3.LengthSquared) / 3;
    }
}
