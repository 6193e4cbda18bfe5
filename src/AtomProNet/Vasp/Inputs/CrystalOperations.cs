using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

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
    /// <param name="structure">A structure with a cell.</param>
    /// <param name="tolerance">How far an atom may lie from where an operation puts it, Å.</param>
    internal static CrystalOperations Of(Structure structure, double tolerance)
    {
        Lattice lattice = structure.Lattice!;
        ImmutableArray<Vector3D> sites = structure.FractionalPositions;
        int[][] groups = Colours(structure);
        int[] rarest = groups.MinBy(g => g.Length)!;
        var rotations = ImmutableArray.CreateBuilder<int[]>();
        var translations = ImmutableArray.CreateBuilder<Vector3D>();
        foreach (int[] w in LatticeRotations(lattice, tolerance))
        {
            bool identity = w is [1, 0, 0, 0, 1, 0, 0, 0, 1];
            Vector3D start = Times(sites[rarest[0]], w);
            bool found = false;
            foreach (int target in rarest)
            {
                Vector3D shift = sites[target] - start;
                if (!Maps(w, shift))
                {
                    continue;
                }

                found = true;
                if (!identity)
                {
                    break;
                }

                translations.Add(new(Wrapped(shift.X), Wrapped(shift.Y), Wrapped(shift.Z)));
            }

            if (found)
            {
                rotations.Add(w);
            }
        }

        return new(rotations.ToImmutable(), translations.ToImmutable());

        bool Maps(int[] w, Vector3D shift)
        {
            foreach (int[] group in groups)
            {
                foreach (int site in group)
                {
                    Vector3D image = Times(sites[site], w) + shift;
                    if (!Array.Exists(group, other => Near(image - sites[other])))
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        bool Near(Vector3D difference)
        {
            var nearest = new Vector3D(difference.X - Math.Round(difference.X), difference.Y - Math.Round(difference.Y), difference.Z - Math.Round(difference.Z));
            return lattice.ToCartesian(nearest).LengthSquared < tolerance * tolerance;
        }
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

    /// <summary>Sites of one element and one moment, together.</summary>
    private static int[][] Colours(Structure structure)
    {
        SiteProperty? moments = structure.SiteProperties.GetValueOrDefault("magmom");
        double[]? values = moments?.Kind switch
        {
            SitePropertyKind.Real => moments.Reals.ToArray(),
            SitePropertyKind.Integer => [.. moments.Integers.ToArray().Select(m => (double)m)],
            _ => null,
        };
        int width = moments?.Width ?? 0;
        return [.. Enumerable.Range(0, structure.AtomCount)
            .GroupBy(i => (structure.Species[i].Number, values is null ? "" : string.Join(' ', values.Skip(i * width).Take(width).Select(m => Math.Round(m, 3)))))
            .Select(g => g.ToArray())];
    }

    /// <summary>The whole-number matrices W that keep all lengths and angles of the cell: W·G·Wᵀ = G with G the metric.</summary>
    private static List<int[]> LatticeRotations(Lattice lattice, double tolerance)
    {
        Matrix3x3 rows = lattice.Rows, reciprocal = lattice.Reciprocal;
        var candidates = new List<(int[] N, Vector3D R)>[3];
        for (int i = 0; i < 3; i++)
        {
            candidates[i] = [];
            double length = rows[i].Length;
            // |nⱼ| = |r·bⱼ| ≤ |r||bⱼ|.
            int m1 = Bound(0), m2 = Bound(1), m3 = Bound(2);
            for (int a = -m1; a <= m1; a++)
            {
                for (int b = -m2; b <= m2; b++)
                {
                    for (int c = -m3; c <= m3; c++)
                    {
                        Vector3D r = a * rows.Row1 + b * rows.Row2 + c * rows.Row3;
                        if (Math.Abs(r.Length - length) < tolerance)
                        {
                            candidates[i].Add(([a, b, c], r));
                        }
                    }
                }
            }

            int Bound(int j) => (int)Math.Floor((length + tolerance) * reciprocal[j].Length + 1e-9);
        }

        var rotations = new List<int[]>();
        foreach ((int[] n1, Vector3D r1) in candidates[0])
        {
            foreach ((int[] n2, Vector3D r2) in candidates[1])
            {
                if (!SameAngle(r1, r2, 0, 1))
                {
                    continue;
                }

                foreach ((int[] n3, Vector3D r3) in candidates[2])
                {
                    int[] w = [.. n1, .. n2, .. n3];
                    if (SameAngle(r1, r3, 0, 2) && SameAngle(r2, r3, 1, 2) && Math.Abs(Determinant(w)) == 1)
                    {
                        rotations.Add(w);
                    }
                }
            }
        }

        return rotations;

        // The end of the shorter vector moves by less than the tolerance.
        bool SameAngle(Vector3D u, Vector3D v, int i, int j) =>
            Math.Abs(Vector3D.Dot(u, v) - Vector3D.Dot(rows[i], rows[j])) < 2 * tolerance * Math.Max(rows[i].Length, rows[j].Length);
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

    private static Vector3D Times(Vector3D f, int[] w) => new(
        f.X * w[0] + f.Y * w[3] + f.Z * w[6],
        f.X * w[1] + f.Y * w[4] + f.Z * w[7],
        f.X * w[2] + f.Y * w[5] + f.Z * w[8]);

    private static double Wrapped(double x) => x - Math.Floor(x + 1e-9);

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
