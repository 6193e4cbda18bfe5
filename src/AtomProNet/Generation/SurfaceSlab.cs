using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Generation;

/// <summary>
/// Slabs cut out of a crystal along a plane given by Miller indices, in the convention of ASE's <c>ase.build.surface</c>: a along x,
/// b in the xy plane, the surface normal along z; one layer is one whole repetition of the crystal's cell along the stacking
/// direction; the vacuum lies on both sides, each as thick as said. Without vacuum the third vector is that of the crystal, leaning where the
/// layers do not lie straight above each other; ASE's is upright there, too, which puts a stacking fault into each cell.
/// </summary>
public static class SurfaceSlab
{
    /// <summary>The <see cref="Provenance.Operation"/> of a slab.</summary>
    public const string Operation = "Slab";

    // Atoms this close below a cell boundary count as on it, so that rounding does not throw one layer's atoms to the other side.
    private const double BoundaryTolerance = 1e-10;

    private const int MaximumIndex = 50;
    private const int MaximumLayers = 1000;

    /// <summary>
    /// Whether the parent's cell is one in whose terms Miller indices are usually given; a finding where it is not: a lattice with the
    /// symmetry of a cube or another box whose cell has no right angles is the primitive cell of a centred lattice.
    /// </summary>
    public static Finding? Inspect(Structure parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        if (parent.Lattice is not { } lattice || !parent.Periodicity.All)
        {
            return null;
        }

        int order = LatticeSymmetry.Rotations(SymmetryBasis.Of(parent), CrystalSymmetry.DefaultTolerance).Count;
        Vector3D angles = lattice.Angles;
        bool box = new[] { angles.X, angles.Y, angles.Z }.All(a => Math.Abs(a - 90) < 0.1);
        return order is 48 or 16 or 8 && !box
            ? new(FindingSeverity.Warning, "SlabCellNotConventional", "the Miller indices refer to the given cell, which is not the conventional one: its lattice has right angles that the cell does not show.", parent.Name ?? parent.ReducedFormula, "Give the conventional cell for the usual names of planes.")
            : null;
    }

    /// <summary>Cuts a slab.</summary>
    /// <param name="parent">The crystal. The indices refer to its cell: give the conventional one for the usual names of planes.</param>
    /// <param name="h">First Miller index.</param>
    /// <param name="k">Second Miller index.</param>
    /// <param name="l">Third Miller index.</param>
    /// <param name="layers">How many repetitions of the cell along the stacking direction.</param>
    /// <param name="vacuum">Empty space on each side, Å.</param>
    /// <param name="repeatsAlongNormal">Whether the slab counts as periodic along the normal, too, as every plane-wave code takes it.</param>
    /// <exception cref="AtomProNetException">The indices are all zero, have a common divisor or are too large; the parent is no crystal; a number is out of range.</exception>
    public static Structure Build(Structure parent, int h, int k, int l, int layers, double vacuum, bool repeatsAlongNormal = false)
    {
        ArgumentNullException.ThrowIfNull(parent);
        Check(parent, h, k, l, layers, vacuum);
        IntegerMatrix3x3 basis = Basis(parent.Lattice!, h, k, l);
        Matrix3x3 cut = basis.ToMatrix() * parent.Lattice!.Rows;
        Matrix3x3 inverse = basis.ToMatrix().Inverse();

        // The new axes: x along a, z along the normal.
        Vector3D a = cut.Row1, b = cut.Row2, normal = Vector3D.Cross(a, b) / Vector3D.Cross(a, b).Length;
        Vector3D ex = a / a.Length, ey = Vector3D.Cross(normal, ex);
        // Negative where the parent's cell is left-handed: the layers then follow each other downwards.
        double spacing = Vector3D.Dot(cut.Row3, normal);
        Vector3D newA = new(a.Length, 0, 0), newB = new(Vector3D.Dot(b, ex), Vector3D.Dot(b, ey), 0);

        var sites = new List<int>(parent.AtomCount * layers);
        var positions = new List<Vector3D>(parent.AtomCount * layers);
        for (int layer = 0; layer < layers; layer++)
        {
            for (int site = 0; site < parent.AtomCount; site++)
            {
                Vector3D f = parent.FractionalPositions[site] * inverse;
                f = new(f.X - Math.Floor(f.X + BoundaryTolerance), f.Y - Math.Floor(f.Y + BoundaryTolerance), f.Z - Math.Floor(f.Z + BoundaryTolerance) + layer);
                Vector3D r = f * cut;
                sites.Add(site);
                positions.Add(IntoPlane(new(Vector3D.Dot(r, ex), Vector3D.Dot(r, ey), Vector3D.Dot(r, normal)), newA, newB));
            }
        }

        double lowest = positions.Min(p => p.Z), highest = positions.Max(p => p.Z);
        double height = vacuum > 0 ? highest - lowest + 2 * vacuum : Math.Abs(spacing) * layers;
        double lift = vacuum > 0 ? vacuum - lowest : spacing < 0 ? height : 0;
        string miller = string.Create(CultureInfo.InvariantCulture, $"{h} {k} {l}");
        Vector3D third = vacuum > 0 ? new(0, 0, height) : Stacking(cut.Row3 * (spacing < 0 ? -layers : layers), height);
        return new Structure(
            new Lattice(newA, newB, third),
            sites.Select(i => parent.Species[i]).ToImmutableArray(),
            positions.Select(p => p + new Vector3D(0, 0, lift)).ToImmutableArray(),
            CoordinateKind.Cartesian,
            new Periodicity(true, true, repeatsAlongNormal || vacuum == 0),
            Descent.Properties(parent).ToImmutableSortedDictionary(p => p.Key, p => Turned(p.Value.Select(sites)), StringComparer.Ordinal),
            Descent.Name(parent, "slab_" + string.Create(CultureInfo.InvariantCulture, $"{h}.{k}.{l}_{layers}")),
            Descent.Of(parent).Derive(
                Operation,
                parent.ContentHash,
                [new("miller", miller), new("layers", layers.ToString(CultureInfo.InvariantCulture)), new("vacuum", Descent.Text(vacuum))],
                opensGroup: true));

        // From one stack of layers to the next, as short as the plane's vectors make it.
        Vector3D Stacking(Vector3D full, double along)
        {
            double x = Vector3D.Dot(full, ex), y = Vector3D.Dot(full, ey), n = Math.Round(y / newB.Y);
            (x, y) = (x - n * newB.X, y - n * newB.Y);
            x -= Math.Round(x / newA.X) * newA.X;
            return new(Math.Abs(x) < BoundaryTolerance * newA.X ? 0 : x, Math.Abs(y) < BoundaryTolerance * newB.Y ? 0 : y, along);
        }

        // Velocities and moments with three components turn with the axes.
        SiteProperty Turned(SiteProperty column)
        {
            if (column.Kind != SitePropertyKind.Real || column.Width != 3)
            {
                return column;
            }

            var turned = ImmutableArray.CreateBuilder<double>(column.Reals.Length);
            for (int i = 0; i < column.Reals.Length; i += 3)
            {
                Vector3D v = new(column.Reals[i], column.Reals[i + 1], column.Reals[i + 2]);
                turned.AddRange(Vector3D.Dot(v, ex), Vector3D.Dot(v, ey), Vector3D.Dot(v, normal));
            }

            return SiteProperty.Real(3, turned.MoveToImmutable());
        }
    }

    /// <summary>
    /// The slab's vectors in terms of the crystal's: two in the plane (h k l), found by Bézout's identity and shortened against each
    /// other, and a third that leads from one lattice plane to the next.
    /// </summary>
    internal static IntegerMatrix3x3 Basis(Lattice lattice, int h, int k, int l)
    {
        if (k == 0 && l == 0)
        {
            return new(0, 1, 0, 0, 0, 1, 1, 0, 0);
        }

        if (h == 0 && l == 0)
        {
            return new(0, 0, 1, 1, 0, 0, 0, 1, 0);
        }

        if (h == 0 && k == 0)
        {
            return IntegerMatrix3x3.Identity;
        }

        (int p, int q) = Bezout(k, l);
        Vector3D u = lattice.A * k - lattice.B * h, v = lattice.A * l - lattice.C * h;
        Vector3D second = lattice.B * l - lattice.C * k;
        double k1 = Vector3D.Dot(u * p + v * q, second), k2 = Vector3D.Dot(u * l - v * k, second);
        if (Math.Abs(k2) > BoundaryTolerance)
        {
            int i = -(int)Math.Round(k1 / k2);
            (p, q) = (p + i * l, q - i * k);
        }

        (int s, int t) = Bezout(p * k + q * l, h);
        int divisor = GreatestCommonDivisor(l, k);
        return new(p * k + q * l, -p * h, -q * h, 0, l / divisor, -k / divisor, t, s * p, s * q);
    }

    // x and y with a·x + b·y = gcd(a, b) (up to its sign), by Euclid's algorithm with floored division.
    private static (int X, int Y) Bezout(int a, int b)
    {
        if (b == 0)
        {
            return (1, 0);
        }

        int quotient = (int)Math.Floor((double)a / b), rest = a - quotient * b;
        if (rest == 0)
        {
            return (0, 1);
        }

        (int x, int y) = Bezout(b, rest);
        return (y, x - y * quotient);
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? Math.Abs(a) : GreatestCommonDivisor(b, a % b);

    // Moves a position by multiples of the two vectors of the plane into their cell.
    private static Vector3D IntoPlane(Vector3D r, Vector3D a, Vector3D b)
    {
        double v = r.Y / b.Y, u = (r.X - v * b.X) / a.X;
        u = Into(u);
        v = Into(v);
        return new(u * a.X + v * b.X, v * b.Y, r.Z);

        static double Into(double x)
        {
            // A position that rounding put just below an edge is on it.
            double y = x - Math.Floor(x);
            return y > 1 - BoundaryTolerance ? 0 : y;
        }
    }

    private static void Check(Structure parent, int h, int k, int l, int layers, double vacuum)
    {
        string miller = string.Create(CultureInfo.InvariantCulture, $"{h} {k} {l}");
        if (parent.Lattice is null || !parent.Periodicity.All)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SlabNeedsCrystal", "A slab is cut out of a crystal that repeats in three directions.", value: parent.ToString(), remedy: "Give the bulk structure.");
        }

        if (parent.AtomCount == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StructureEmpty", "The structure has no atoms.");
        }

        if (h == 0 && k == 0 && l == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "MillerIndicesInvalid", "The Miller indices are all zero, which names no plane.", value: miller, remedy: "Give three whole numbers such as 1,1,0.");
        }

        int divisor = GreatestCommonDivisor(GreatestCommonDivisor(h, k), l);
        if (divisor != 1)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "MillerIndicesInvalid", "The Miller indices have a common divisor: the surface is that of the smaller indices.", value: miller, remedy: string.Create(CultureInfo.InvariantCulture, $"Give {h / divisor},{k / divisor},{l / divisor}."));
        }

        if (new[] { h, k, l }.Any(i => Math.Abs((long)i) > MaximumIndex))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "MillerIndicesInvalid", $"A Miller index is beyond {MaximumIndex}.", value: miller, remedy: "Give smaller indices.");
        }

        if (layers is < 1 or > MaximumLayers)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SlabLayersInvalid", $"A slab has 1 to {MaximumLayers} layers.", value: layers.ToString(CultureInfo.InvariantCulture));
        }

        if (!(vacuum >= 0) || vacuum > 1000)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SlabVacuumInvalid", "The vacuum on each side is 0 to 1000 Å.", value: Descent.Text(vacuum), remedy: "Give it in Å, such as 10; 0 stacks the layers on without a gap.");
        }
    }
}
