using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>
/// Supercells: the cell is replaced by a larger one, L′ = M·L with an integer matrix M whose rows are the new vectors in terms
/// of the old ones (the convention of ASE's make_supercell and of pymatgen), and filled with |det M| copies of the atoms.
/// </summary>
public static class Supercell
{
    /// <summary>The <see cref="Provenance.Operation"/> of a supercell.</summary>
    public const string Operation = "Supercell";

    /// <summary>More atoms than this are a slip of the keyboard rather than a wish.</summary>
    private const long MaximumAtomCount = 10_000_000;

    /// <summary>Keeps all products of the integer arithmetic far inside 64 bits.</summary>
    private const int MaximumEntry = 10_000;

    /// <summary>Repeats a structure along its own lattice vectors.</summary>
    /// <param name="parent">A structure with a cell.</param>
    /// <param name="a">How many times along a.</param>
    /// <param name="b">How many times along b.</param>
    /// <param name="c">How many times along c.</param>
    /// <exception cref="AtomProNetException">A number is below 1, or the structure cannot be repeated so.</exception>
    public static Structure Repeat(Structure parent, int a, int b, int c)
    {
        if (a < 1 || b < 1 || c < 1)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SupercellSizeInvalid", "A supercell takes at least one cell along each lattice vector.", value: string.Create(CultureInfo.InvariantCulture, $"{a},{b},{c}"), remedy: "Give three whole numbers from 1 up, such as 2,2,1.");
        }

        return Build(parent, IntegerMatrix3x3.Diagonal(a, b, c));
    }

    /// <summary>
    /// Makes the supercell L′ = M·L. The copies of one site follow each other, so that sites of one species stay together; the first
    /// copy of each is the site itself where its cell lies in the new one. Site properties go along with each copy. Positions are not wrapped:
    /// a site outside of the parent's cell stays outside. With M = 1 all numbers stay the same to the last bit.
    /// </summary>
    /// <param name="parent">A structure with a cell.</param>
    /// <param name="matrix">The rows are the new lattice vectors in terms of the old ones.</param>
    /// <exception cref="AtomProNetException">
    /// The determinant is zero; the new cell would be left-handed; there is no cell; a direction that does not repeat would be repeated.
    /// </exception>
    public static Structure Build(Structure parent, IntegerMatrix3x3 matrix)
    {
        ArgumentNullException.ThrowIfNull(parent);
        Lattice lattice = parent.Lattice ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "A structure without a cell cannot be repeated.", value: parent.ToString(), remedy: "Give it a lattice first.");
        long determinant = CheckedDeterminant(matrix);
        int copies = CheckAtomCount(parent, determinant);
        CheckHandedness(lattice, matrix, determinant);
        CheckPeriodicity(parent.Periodicity, matrix);

        (int X, int Y, int Z)[] cells = LatticePoints(matrix);
        if (cells.Length != copies)
        {
            throw new AtomProNetException(ErrorKind.Internal, "SupercellCountWrong", $"{cells.Length} cells were found where {copies} are needed.", value: matrix.ToString());
        }

        var sites = new int[checked(parent.AtomCount * copies)];
        var positions = ImmutableArray.CreateBuilder<Vector3D>(sites.Length);
        ImmutableArray<Vector3D> old = parent.CoordinateKind == CoordinateKind.Fractional ? parent.FractionalPositions : parent.CartesianPositions;
        (long X, long Y, long Z, long Divisor)[] inverse = InverseColumns(matrix, determinant);
        for (int site = 0; site < parent.AtomCount; site++)
        {
            foreach ((int x, int y, int z) in cells)
            {
                sites[positions.Count] = site;
                positions.Add(parent.CoordinateKind == CoordinateKind.Cartesian
                    ? old[site] + new Vector3D(x, y, z) * lattice.Rows
                    : Divide(old[site], x, y, z, inverse));
            }
        }

        string size = Describe(matrix);
        bool diagonal = matrix == IntegerMatrix3x3.Diagonal(matrix.XX, matrix.YY, matrix.ZZ);
        Provenance provenance = Descent.Of(parent).Derive(
            Operation,
            parent.ContentHash,
            [new(diagonal ? "size" : "matrix", diagonal ? string.Create(CultureInfo.InvariantCulture, $"{matrix.XX} {matrix.YY} {matrix.ZZ}") : matrix.ToString())],
            opensGroup: true);
        return new Structure(
            new Lattice(matrix.ToMatrix() * lattice.Rows),
            sites.Select(i => parent.Species[i]).ToImmutableArray(),
            positions.MoveToImmutable(),
            parent.CoordinateKind,
            parent.Periodicity,
            parent.SiteProperties.ToImmutableSortedDictionary(p => p.Key, p => p.Value.Select(sites), StringComparer.Ordinal),
            Descent.Name(parent, $"supercell_{size}"),
            provenance);
    }

    /// <summary>
    /// The |det M| lattice points inside the supercell, as multiples of the old vectors, found by whole numbers alone:
    /// one of each class by the Hermite normal form, moved into the new cell. The origin comes first.
    /// </summary>
    internal static (int X, int Y, int Z)[] LatticePoints(IntegerMatrix3x3 matrix)
    {
        IntegerMatrix3x3 hermite = matrix.HermiteNormalForm();
        long determinant = matrix.Determinant;
        long size = Math.Abs(determinant);
        int sign = Math.Sign(determinant);
        long[] adjugate = matrix.Adjugate;
        var points = new List<(int, int, int)>(checked((int)size));
        for (int i = 0; i < hermite.XX; i++)
        {
            for (int j = 0; j < hermite.YY; j++)
            {
                for (int k = 0; k < hermite.ZZ; k++)
                {
                    // f = n·M⁻¹·|det|, brought into [0, |det|), and back: n = f·M/|det|.
                    long fx = Modulo(sign * (i * adjugate[0] + j * adjugate[3] + k * adjugate[6]), size);
                    long fy = Modulo(sign * (i * adjugate[1] + j * adjugate[4] + k * adjugate[7]), size);
                    long fz = Modulo(sign * (i * adjugate[2] + j * adjugate[5] + k * adjugate[8]), size);
                    points.Add((Back(0), Back(1), Back(2)));

                    int Back(int column) => checked((int)((fx * matrix[0, column] + fy * matrix[1, column] + fz * matrix[2, column]) / size));
                }
            }
        }

        return [.. points];

        static long Modulo(long value, long modulus) => ((value % modulus) + modulus) % modulus;
    }

    // The columns of M⁻¹ as whole numbers over a common divisor in lowest terms: along a direction that is not repeated that is 1/1.
    private static (long X, long Y, long Z, long Divisor)[] InverseColumns(IntegerMatrix3x3 matrix, long determinant)
    {
        long[] adjugate = matrix.Adjugate;
        return [Column(0), Column(1), Column(2)];

        (long, long, long, long) Column(int j)
        {
            long common = new[] { adjugate[j], adjugate[3 + j], adjugate[6 + j] }.Aggregate(Math.Abs(determinant), (a, b) => (long)BigInteger.GreatestCommonDivisor(a, b)) * Math.Sign(determinant);
            return (adjugate[j] / common, adjugate[3 + j] / common, adjugate[6 + j] / common, determinant / common);
        }
    }

    // (f + n)·M⁻¹, with one rounding more than the sum at most: 1/2 becomes exactly 1/4 in a doubled cell.
    private static Vector3D Divide(Vector3D f, int x, int y, int z, (long X, long Y, long Z, long Divisor)[] inverse)
    {
        double u = f.X + x, v = f.Y + y, w = f.Z + z;
        return new(Component(inverse[0]), Component(inverse[1]), Component(inverse[2]));

        double Component((long X, long Y, long Z, long Divisor) column) => (u * column.X + v * column.Y + w * column.Z) / column.Divisor;
    }

    private static long CheckedDeterminant(IntegerMatrix3x3 matrix)
    {
        if (matrix.ToRowMajor().Any(entry => Math.Abs((long)entry) > MaximumEntry))
        {
            throw new AtomProNetException(ErrorKind.LimitExceeded, "SupercellTooLarge", $"The supercell matrix has an entry beyond {MaximumEntry}.", value: matrix.ToString(), remedy: "Choose smaller numbers.");
        }

        long determinant = matrix.Determinant;
        return determinant != 0 ? determinant : throw new AtomProNetException(
            ErrorKind.InvalidArgument, "SupercellMatrixSingular", "The determinant of the supercell matrix is zero, so that its rows span no cell.", value: matrix.ToString(), remedy: "Give three rows that are linearly independent.");
    }

    private static int CheckAtomCount(Structure parent, long determinant)
    {
        long copies = Math.Abs(determinant);
        return copies <= MaximumAtomCount && copies * Math.Max(1, parent.AtomCount) <= MaximumAtomCount ? (int)copies : throw new AtomProNetException(
            ErrorKind.LimitExceeded, "SupercellTooLarge", $"The supercell would have {copies} times {parent.AtomCount} atoms; the limit is {MaximumAtomCount}.", remedy: "Choose a smaller supercell.");
    }

    private static void CheckHandedness(Lattice lattice, IntegerMatrix3x3 matrix, long determinant)
    {
        if (determinant < 0 && lattice.IsRightHanded)
        {
            throw new AtomProNetException(
                ErrorKind.InvalidArgument, "SupercellLeftHanded", "The determinant of the supercell matrix is negative: the supercell would be left-handed, which VASP and LAMMPS refuse.", value: matrix.ToString(), remedy: "Exchange two rows of the matrix; the crystal stays the same.");
        }
    }

    private static void CheckPeriodicity(Periodicity periodicity, IntegerMatrix3x3 matrix)
    {
        bool[] periodic = [periodicity.A, periodicity.B, periodicity.C];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3 && !periodic[i]; j++)
            {
                int wanted = i == j ? 1 : 0;
                if (matrix[i, j] != wanted || matrix[j, i] != wanted)
                {
                    throw new AtomProNetException(
                        ErrorKind.InvalidArgument, "SupercellNotPeriodic", $"The structure does not repeat along {"abc"[i]}, so that copies in that direction would be atoms that are not there.", value: matrix.ToString(), remedy: $"Keep {"abc"[i]} as it is (size 1 there).");
                }
            }
        }
    }

    private static string Describe(IntegerMatrix3x3 m) => m == IntegerMatrix3x3.Diagonal(m.XX, m.YY, m.ZZ)
        ? string.Create(CultureInfo.InvariantCulture, $"{m.XX}x{m.YY}x{m.ZZ}")
        : string.Join('_', Enumerable.Range(0, 3).Select(i => string.Create(CultureInfo.InvariantCulture, $"{m[i, 0]}.{m[i, 1]}.{m[i, 2]}")));
}
