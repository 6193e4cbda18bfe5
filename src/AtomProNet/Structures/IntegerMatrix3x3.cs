using System.Globalization;

namespace AtomProNet.Structures;

/// <summary>
/// A 3×3 matrix of whole numbers: the change to another set of lattice vectors (a supercell, a reduced cell), or the rotation
/// part of a space-group operation in fractional coordinates. Rows multiply from the left, as in <see cref="Matrix3x3"/>.
/// </summary>
/// <param name="XX">First row, first column.</param>
/// <param name="XY">First row, second column.</param>
/// <param name="XZ">First row, third column.</param>
/// <param name="YX">Second row, first column.</param>
/// <param name="YY">Second row, second column.</param>
/// <param name="YZ">Second row, third column.</param>
/// <param name="ZX">Third row, first column.</param>
/// <param name="ZY">Third row, second column.</param>
/// <param name="ZZ">Third row, third column.</param>
public readonly record struct IntegerMatrix3x3(int XX, int XY, int XZ, int YX, int YY, int YZ, int ZX, int ZY, int ZZ)
{
    /// <summary>The unit matrix.</summary>
    public static IntegerMatrix3x3 Identity => Diagonal(1, 1, 1);

    /// <summary>A diagonal matrix.</summary>
    public static IntegerMatrix3x3 Diagonal(int xx, int yy, int zz) => new(xx, 0, 0, 0, yy, 0, 0, 0, zz);

    /// <summary>A matrix from nine numbers in row-major order.</summary>
    /// <exception cref="ArgumentException">There are not nine numbers.</exception>
    public static IntegerMatrix3x3 FromRowMajor(ReadOnlySpan<int> m) => m.Length == 9
        ? new(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
        : throw new ArgumentException("A 3×3 matrix takes nine numbers.", nameof(m));

    /// <summary>The entry in that row and column (0, 1, 2 each).</summary>
    public int this[int row, int column] => (row * 3 + column) switch
    {
        0 => XX,
        1 => XY,
        2 => XZ,
        3 => YX,
        4 => YY,
        5 => YZ,
        6 => ZX,
        7 => ZY,
        8 => ZZ,
        _ => throw new ArgumentOutOfRangeException(nameof(row)),
    };

    /// <summary>The determinant.</summary>
    /// <exception cref="OverflowException">It does not fit into 64 bits.</exception>
    public long Determinant => checked(XX * Minor(YY, YZ, ZY, ZZ) - XY * Minor(YX, YZ, ZX, ZZ) + XZ * Minor(YX, YY, ZX, ZY));

    /// <summary>The adjugate, so that M·adj(M) = det(M)·1, in row-major order.</summary>
    public long[] Adjugate =>
    [
        Minor(YY, YZ, ZY, ZZ), -Minor(XY, XZ, ZY, ZZ), Minor(XY, XZ, YY, YZ),
        -Minor(YX, YZ, ZX, ZZ), Minor(XX, XZ, ZX, ZZ), -Minor(XX, XZ, YX, YZ),
        Minor(YX, YY, ZX, ZY), -Minor(XX, XY, ZX, ZY), Minor(XX, XY, YX, YY),
    ];

    /// <summary>Rows and columns exchanged.</summary>
    public IntegerMatrix3x3 Transpose => new(XX, YX, ZX, XY, YY, ZY, XZ, YZ, ZZ);

    /// <summary>The inverse of a matrix whose determinant is 1 or −1.</summary>
    /// <exception cref="InvalidOperationException">The inverse is not a matrix of whole numbers.</exception>
    public IntegerMatrix3x3 UnimodularInverse
    {
        get
        {
            long determinant = Determinant;
            if (determinant is not (1 or -1))
            {
                throw new InvalidOperationException($"The inverse is no integer matrix: the determinant is {determinant}.");
            }

            long[] a = Adjugate;
            return FromRowMajor(Array.ConvertAll(a, entry => checked((int)(entry * determinant))));
        }
    }

    /// <summary>The same numbers as doubles.</summary>
    public Matrix3x3 ToMatrix() => new(new(XX, XY, XZ), new(YX, YY, YZ), new(ZX, ZY, ZZ));

    /// <summary>The nine entries in row-major order.</summary>
    public int[] ToRowMajor() => [XX, XY, XZ, YX, YY, YZ, ZX, ZY, ZZ];

    /// <summary>Matrix product.</summary>
    /// <exception cref="OverflowException">An entry does not fit into 32 bits.</exception>
    public static IntegerMatrix3x3 operator *(IntegerMatrix3x3 a, IntegerMatrix3x3 b)
    {
        return new(E(0, 0), E(0, 1), E(0, 2), E(1, 0), E(1, 1), E(1, 2), E(2, 0), E(2, 1), E(2, 2));

        int E(int i, int j) => checked((int)((long)a[i, 0] * b[0, j] + (long)a[i, 1] * b[1, j] + (long)a[i, 2] * b[2, j]));
    }

    /// <summary>
    /// The upper triangular matrix that spans the same lattice (Hermite normal form by row operations): positive diagonal whose
    /// product is |det|. The points n with 0 ≤ nᵢ &lt; Hᵢᵢ are one of each class of integer points modulo the rows.
    /// </summary>
    /// <exception cref="InvalidOperationException">The determinant is zero.</exception>
    public IntegerMatrix3x3 HermiteNormalForm()
    {
        if (Determinant == 0)
        {
            throw new InvalidOperationException("A matrix whose determinant is zero spans no lattice.");
        }

        long[][] rows = [[XX, XY, XZ], [YX, YY, YZ], [ZX, ZY, ZZ]];
        for (int column = 0; column < 3; column++)
        {
            // Euclid's algorithm between the rows, until only one is left with an entry in this column.
            for (int other = column + 1; other < 3; other++)
            {
                while (rows[other][column] != 0)
                {
                    long times = rows[column][column] / rows[other][column];
                    for (int j = 0; j < 3; j++)
                    {
                        rows[column][j] -= times * rows[other][j];
                    }

                    (rows[column], rows[other]) = (rows[other], rows[column]);
                }
            }

            if (rows[column][column] < 0)
            {
                rows[column] = [-rows[column][0], -rows[column][1], -rows[column][2]];
            }

            for (int above = 0; above < column; above++)
            {
                long times = (long)Math.Floor((double)rows[above][column] / rows[column][column]);
                for (int j = 0; j < 3; j++)
                {
                    rows[above][j] -= times * rows[column][j];
                }
            }
        }

        return FromRowMajor(rows.SelectMany(row => row).Select(entry => checked((int)entry)).ToArray());
    }

    /// <summary>The rows, separated by semicolons.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{XX} {XY} {XZ}; {YX} {YY} {YZ}; {ZX} {ZY} {ZZ}");

    private static long Minor(int a, int b, int c, int d) => (long)a * d - (long)b * c;
}
