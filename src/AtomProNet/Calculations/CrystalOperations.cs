using System.Collections.Immutable;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Calculations;

/// <summary>
/// The rotations and pure translations that carry a crystal onto itself, as far as k-points need them: how many points of a mesh
/// are left, and whether the lattice is face-centred. Moments (<c>magmom</c>) tell sites of one element apart. Immutable.
/// </summary>
internal sealed class CrystalOperations
{
    private CrystalOperations(ImmutableArray<int[]> rotations, ImmutableArray<Vector3D> translations)
    {
        Rotations = rotations;
        Translations = translations;
        IsFaceCentred = FaceCentred();
    }

    /// <summary>The rotation parts W (row-major): the site at f (a row) goes to f·W + t for some t.</summary>
    internal ImmutableArray<int[]> Rotations { get; }

    /// <summary>The translations within the cell, zero among them.</summary>
    internal ImmutableArray<Vector3D> Translations { get; }

    /// <summary>Whether the space group is one of those whose symbol begins with F.</summary>
    internal bool IsFaceCentred { get; }

    /// <summary>Finds the operations.</summary>
    /// <param name="structure">A structure with a cell; VASP repeats it in all directions, whatever its periodicity says.</param>
    /// <param name="tolerance">How far an atom may lie from where an operation puts it, Å.</param>
    internal static CrystalOperations Of(Structure structure, double tolerance)
    {
        var periodic = new Structure(structure.Lattice, structure.Species, structure.FractionalPositions, CoordinateKind.Fractional, Periodicity.Full);
        CrystalSymmetry symmetry = CrystalSymmetry.Find(periodic, tolerance, MomentLabels(structure));
        return new([.. symmetry.Rotations.Select(r => r.Rotation.ToRowMajor())], symmetry.Translations);
    }

    /// <summary>The number of points of a mesh that no operation and no time reversal (k ~ −k) makes equal.</summary>
    /// <remarks>Operations that do not carry the mesh onto itself are passed over, as VASP and spglib do.</remarks>
    internal int IrreducibleCount(KPointMesh mesh)
    {
        int[] n = [mesh.N1, mesh.N2, mesh.N3];
        double[] shift = [mesh.Shift(n[0]), mesh.Shift(n[1]), mesh.Shift(n[2])];
        int total = checked((int)mesh.PointCount);
        var parent = new int[total];
        for (int i = 0; i < total; i++)
        {
            parent[i] = i;
        }

        var images = new int[total];
        foreach (int[] w in Rotations.Append([-1, 0, 0, 0, -1, 0, 0, 0, -1]))
        {
            bool closed = true;
            for (int i = 0; i < total && closed; i++)
            {
                images[i] = Image(i, w);
                closed = images[i] >= 0;
            }

            for (int i = 0; i < total && closed; i++)
            {
                parent[Root(i)] = Root(images[i]);
            }
        }

        return Enumerable.Range(0, total).Count(i => Root(i) == i);

        int Root(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i] = parent[parent[i]];
            }

            return i;
        }

        int Image(int index, int[] w)
        {
            Span<double> k = [(index % n[0] + shift[0]) / n[0], (index / n[0] % n[1] + shift[1]) / n[1], (index / n[0] / n[1] + shift[2]) / n[2]];
            int image = 0, stride = 1;
            for (int row = 0; row < 3; row++)
            {
                // A phase k·f stays the same when f goes to f·W and k (a column) to W⁻¹·k; the group holds W with W⁻¹.
                double rotated = w[row * 3] * k[0] + w[row * 3 + 1] * k[1] + w[row * 3 + 2] * k[2];
                double at = rotated * n[row] - shift[row];
                double whole = Math.Round(at);
                if (Math.Abs(at - whole) > 1e-6)
                {
                    return -1;
                }

                image += stride * (int)((whole % n[row] + n[row]) % n[row]);
                stride *= n[row];
            }

            return image;
        }
    }

    /// <summary>One number for each moment, so that antiparallel spins are not the same; null where there are no moments.</summary>
    private static List<int>? MomentLabels(Structure structure)
    {
        SiteProperty? moments = structure.SiteProperties.GetValueOrDefault("magmom");
        double[]? values = moments?.Kind switch
        {
            SitePropertyKind.Real => moments.Reals.ToArray(),
            SitePropertyKind.Integer => [.. moments.Integers.ToArray().Select(m => (double)m)],
            _ => null,
        };
        if (values is null)
        {
            return null;
        }

        int width = moments!.Width;
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        var all = new List<int>(structure.AtomCount);
        for (int i = 0; i < structure.AtomCount; i++)
        {
            string key = string.Join(' ', values.Skip(i * width).Take(width).Select(m => Math.Round(m, 3)));
            labels.TryAdd(key, labels.Count);
            all.Add(labels[key]);
        }

        return all;
    }

    /// <summary>
    /// The space group belongs to the cubic or orthorhombic system, and the conventional cell along its three perpendicular axes holds
    /// four primitive ones (International Tables for Crystallography A, 1.3 and 2.1.1).
    /// </summary>
    private bool FaceCentred()
    {
        int[][] proper = [.. Rotations.Select(w => Determinant(w) > 0 ? w : Array.ConvertAll(w, x => -x))];
        int[][] distinct = [.. proper.DistinctBy(w => string.Join(' ', w))];
        int[][] twofold = [.. distinct.Where(w => Trace(w) == -1)], fourfold = [.. distinct.Where(w => Trace(w) == 1)];
        int threefold = distinct.Count(w => Trace(w) == 0), sixfold = distinct.Count(w => Trace(w) == 2);
        bool cubic = threefold == 8, orthorhombic = threefold == 0 && fourfold.Length == 0 && sixfold == 0 && twofold.Length == 3;
        if (!cubic && !orthorhombic)
        {
            return false;
        }

        int[][] axes = [.. (cubic && fourfold.Length > 0 ? fourfold : twofold).Select(Axis).DistinctBy(a => string.Join(' ', a))];
        if (axes.Length != 3)
        {
            return false;
        }

        // In units of the given cell: the conventional cell's volume is the determinant of its edges.
        double conventional = Math.Abs(Determinant([.. axes[0], .. axes[1], .. axes[2]]));
        foreach (int[] axis in axes)
        {
            conventional *= ShortestStep(axis);
        }

        return Math.Abs(conventional * Translations.Length - 4) < 0.01;
    }

    /// <summary>The direction that a proper rotation leaves alone, as a lattice vector without common factor and with its first entry positive.</summary>
    private static int[] Axis(int[] w)
    {
        // The sum of all powers projects onto the axis.
        int[] sum = [1, 0, 0, 0, 1, 0, 0, 0, 1], power = w;
        while (power is not [1, 0, 0, 0, 1, 0, 0, 0, 1])
        {
            sum = [.. sum.Zip(power, (a, b) => a + b)];
            power = Product(power, w);
        }

        for (int row = 0; row < 3; row++)
        {
            int[] v = sum[(row * 3)..(row * 3 + 3)];
            int divisor = v.Aggregate(0, (a, b) => b == 0 ? a : (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
            if (divisor > 0)
            {
                int sign = v.First(x => x != 0) > 0 ? 1 : -1;
                return Array.ConvertAll(v, x => sign * x / divisor);
            }
        }

        throw new InvalidOperationException("A rotation without an axis.");
    }

    /// <summary>The shortest translation along a lattice vector, as a fraction of it: 1 where no centring translation lies on it.</summary>
    private double ShortestStep(int[] axis)
    {
        for (int j = 1; j < Translations.Length; j++)
        {
            double fraction = (double)j / Translations.Length;
            if (Translations.Any(t => Whole(fraction * axis[0] - t.X) && Whole(fraction * axis[1] - t.Y) && Whole(fraction * axis[2] - t.Z)))
            {
                return fraction;
            }
        }

        return 1;

        static bool Whole(double x) => Math.Abs(x - Math.Round(x)) < 0.02;
    }

    private static int Trace(int[] w) => w[0] + w[4] + w[8];

    private static int Determinant(int[] w) =>
        w[0] * (w[4] * w[8] - w[5] * w[7]) - w[1] * (w[3] * w[8] - w[5] * w[6]) + w[2] * (w[3] * w[7] - w[4] * w[6]);

    private static int[] Product(int[] a, int[] b)
    {
        var c = new int[9];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                c[i * 3 + j] = a[i * 3] * b[j] + a[i * 3 + 1] * b[3 + j] + a[i * 3 + 2] * b[6 + j];
            }
        }

        return c;
    }
}
