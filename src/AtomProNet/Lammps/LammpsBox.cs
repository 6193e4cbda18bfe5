using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Lammps;

/// <summary>
/// A structure as LAMMPS takes it: a along x, b in the xy plane, right-handed, tilts no more than half an edge. The way there is a
/// rotation, for a left-handed cell a change of sign of all three vectors, and adding whole vectors to each other; so the crystal is the
/// same, and everything can be turned back. Immutable.
/// </summary>
public sealed class LammpsBox
{
    // A tilt below this is what rounding leaves of a right angle, Å.
    private const double NoTilt = 1e-10;

    // Room around the atoms where the structure does not repeat, Å.
    private const double Margin = 1;

    private readonly Matrix3x3 transformation;
    private readonly bool[] periodic;

    private LammpsBox(Structure structure, Matrix3x3 rows, Matrix3x3 rotation, Matrix3x3 transformation, bool[] periodic)
    {
        Structure = structure;
        Rotation = rotation;
        this.transformation = transformation;
        this.periodic = periodic;
        (Vector3D[] fractions, Vector3D low, Vector3D high) = Place(structure, rotation, rows, periodic);
        // Along a direction that does not repeat the box is as long as the atoms need.
        Rows = new(rows.Row1 * (high.X - low.X), rows.Row2 * (high.Y - low.Y), rows.Row3 * (high.Z - low.Z));
        Origin = low * rows;
        Positions = [.. fractions.Select(f => f * rows)];
    }

    /// <summary>The structure along its own axes.</summary>
    public Structure Structure { get; }

    /// <summary>The edges of the box as rows: (lx 0 0), (xy ly 0), (xz yz lz), Å.</summary>
    public Matrix3x3 Rows { get; }

    /// <summary>The lower corner of the box: xlo, ylo, zlo, Å.</summary>
    public Vector3D Origin { get; }

    /// <summary>The rotation into LAMMPS's axes, for row vectors: r_LAMMPS = r·R.</summary>
    public Matrix3x3 Rotation { get; }

    /// <summary>The positions along LAMMPS's axes, inside the box, in the order of the structure, Å.</summary>
    public ImmutableArray<Vector3D> Positions { get; }

    /// <summary>Whether the box has a tilt.</summary>
    public bool IsTriclinic => Rows[1, 0] != 0 || Rows[2, 0] != 0 || Rows[2, 1] != 0;

    /// <summary>The word of LAMMPS's boundary command for each direction: p, or s (shrink-wrapped) where it does not repeat.</summary>
    public string Boundary => string.Join(' ', periodic.Select(p => p ? "p" : "s"));

    /// <summary>Brings a structure into LAMMPS's axes.</summary>
    /// <exception cref="AtomProNetException">It has no atoms.</exception>
    public static LammpsBox Of(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure.AtomCount == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "StructureWithoutAtoms", "A structure without atoms is nothing that LAMMPS can compute.", value: structure.Name);
        }

        Periodicity p = structure.Periodicity;
        bool[] periodic = [p.A, p.B, p.C];
        // A cell in which nothing repeats says nothing.
        Vector3D[] v = p.Any && structure.Lattice is { } lattice ? [lattice.A, lattice.B, lattice.C] : [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];
        // A vector along which nothing repeats is arbitrary: it becomes a unit vector at right angles to those that do.
        MinimumImage.Complete(v, periodic);
        Vector3D[] steps = [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];
        if (Vector3D.Dot(v[0], Vector3D.Cross(v[1], v[2])) < 0)
        {
            // All three, or only one that is arbitrary anyway.
            int only = Array.IndexOf(periodic, false);
            for (int i = 0; i < 3; i++)
            {
                if (only < 0 || i == only)
                {
                    v[i] = -v[i];
                    steps[i] = -steps[i];
                }
            }
        }

        ReduceTilts(v, steps, periodic);
        Vector3D x = v[0] / v[0].Length, normal = Vector3D.Cross(v[0], v[1]);
        Vector3D z = normal / normal.Length, y = Vector3D.Cross(z, x);
        Matrix3x3 rotation = new Matrix3x3(x, y, z).Transpose();
        double xy = Flat(Vector3D.Dot(v[1], x)), xz = Flat(Vector3D.Dot(v[2], x)), yz = Flat(Vector3D.Dot(v[2], y));
        Matrix3x3 rows = new(new(v[0].Length, 0, 0), new(xy, Vector3D.Dot(v[1], y), 0), new(xz, yz, Vector3D.Dot(v[2], z)));
        return new(structure, rows, rotation, new(steps[0], steps[1], steps[2]), periodic);

        static double Flat(double tilt) => Math.Abs(tilt) < NoTilt ? 0 : tilt;
    }

    /// <summary>A vector along LAMMPS's axes (a force), along those of the structure.</summary>
    public Vector3D TurnBack(Vector3D vector) => vector * Rotation.Transpose();

    /// <summary>A stress along LAMMPS's axes, along those of the structure.</summary>
    public StressTensor TurnBack(StressTensor stress) => stress.Rotate(Rotation.Transpose());

    /// <summary>The structure with a box and positions that LAMMPS has changed, along its own axes and in its own lattice vectors.</summary>
    /// <param name="rows">The edges of the new box.</param>
    /// <param name="origin">Its lower corner.</param>
    /// <param name="positions">The positions in it; each may have been moved by whole edges.</param>
    public Structure TurnBack(Matrix3x3 rows, Vector3D origin, IReadOnlyList<Vector3D> positions)
    {
        if (!Structure.Periodicity.All)
        {
            // The box is no part of such a structure (along what repeats it stays as it is).
            return Structure.With(positions: [.. positions.Select((p, i) => Structure.CartesianPositions[i] + TurnBack(Nearest(p - Positions[i])))], kind: CoordinateKind.Cartesian);
        }

        Matrix3x3 inverse = rows.Inverse(), former = Rows.Inverse();
        var fractional = ImmutableArray.CreateBuilder<Vector3D>(positions.Count);
        for (int i = 0; i < positions.Count; i++)
        {
            // The image that lies nearest to where the atom was: f_structure = f_box·T.
            Vector3D moved = (positions[i] - origin) * inverse - (Positions[i] - Origin) * former;
            moved = new(moved.X - Math.Round(moved.X), moved.Y - Math.Round(moved.Y), moved.Z - Math.Round(moved.Z));
            fractional.Add(Structure.FractionalPositions[i] + moved * transformation);
        }

        return Structure.With(lattice: new Lattice(transformation.Inverse() * rows * Rotation.Transpose()), positions: fractional.MoveToImmutable(), kind: CoordinateKind.Fractional);

        Vector3D Nearest(Vector3D d)
        {
            Vector3D f = d * Rows.Inverse();
            return d - new Vector3D(periodic[0] ? Math.Round(f.X) : 0, periodic[1] ? Math.Round(f.Y) : 0, periodic[2] ? Math.Round(f.Z) : 0) * Rows;
        }
    }

    // b loses whole a, c whole b and then whole a: |xy|, |xz| ≤ lx/2 and |yz| ≤ ly/2.
    private static void ReduceTilts(Vector3D[] v, Vector3D[] steps, bool[] periodic)
    {
        Take(1, 0, Vector3D.Dot(v[1], v[0]) / v[0].LengthSquared);
        Vector3D y = v[1] - v[0] * (Vector3D.Dot(v[1], v[0]) / v[0].LengthSquared);
        Take(2, 1, Vector3D.Dot(v[2], y) / y.LengthSquared);
        Take(2, 0, Vector3D.Dot(v[2], v[0]) / v[0].LengthSquared);

        void Take(int from, int what, double times)
        {
            // A tilt of exactly one half stays, on whichever side rounding puts it.
            double whole = periodic[from] && periodic[what] && Math.Abs(times) > 0.5 + 1e-9 ? Math.Round(times) : 0;
            if (whole != 0)
            {
                v[from] -= v[what] * whole;
                steps[from] -= steps[what] * whole;
            }
        }
    }

    // Fractions of the given rows, in [0, 1) where the structure repeats, and the range of the box in them.
    private static (Vector3D[] Fractions, Vector3D Low, Vector3D High) Place(Structure structure, Matrix3x3 rotation, Matrix3x3 rows, bool[] periodic)
    {
        Matrix3x3 inverse = rows.Inverse();
        Vector3D[] fractions = [.. structure.CartesianPositions.Select(r => r * rotation * inverse)];
        double[] low = [0, 0, 0], high = [1, 1, 1];
        for (int k = 0; k < 3; k++)
        {
            if (!periodic[k])
            {
                low[k] = Math.Floor(fractions.Min(f => f[k])) - Margin;
                high[k] = Math.Ceiling(fractions.Max(f => f[k])) + Margin;
            }
        }

        for (int i = 0; i < fractions.Length; i++)
        {
            Vector3D f = fractions[i];
            fractions[i] = new(periodic[0] ? Into(f.X) : f.X, periodic[1] ? Into(f.Y) : f.Y, periodic[2] ? Into(f.Z) : f.Z);
        }

        return (fractions, new(low[0], low[1], low[2]), new(high[0], high[1], high[2]));

        static double Into(double x)
        {
            double y = x - Math.Floor(x);
            return y >= 1 ? 0 : y;
        }
    }
}
