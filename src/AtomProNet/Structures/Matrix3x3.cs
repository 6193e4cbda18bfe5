using System.Globalization;
using System.Runtime.CompilerServices;

namespace AtomProNet.Structures;

/// <summary>A 3×3 matrix. Positions and lattice vectors are row vectors, multiplied from the left: r′ = r·M.</summary>
/// <param name="Row1">The first row.</param>
/// <param name="Row2">The second row.</param>
/// <param name="Row3">The third row.</param>
public readonly record struct Matrix3x3(Vector3D Row1, Vector3D Row2, Vector3D Row3)
{
    /// <summary>The unit matrix.</summary>
    public static Matrix3x3 Identity { get; } = Diagonal(1, 1, 1);

    /// <summary>A diagonal matrix.</summary>
    public static Matrix3x3 Diagonal(double xx, double yy, double zz) => new(new(xx, 0, 0), new(0, yy, 0), new(0, 0, zz));

    /// <summary>A matrix from nine numbers in row-major order.</summary>
    /// <exception cref="ArgumentException">There are not nine numbers.</exception>
    public static Matrix3x3 FromRowMajor(ReadOnlySpan<double> values) => values.Length == 9
        ? new(new(values[0], values[1], values[2]), new(values[3], values[4], values[5]), new(values[6], values[7], values[8]))
        : throw new ArgumentException("A 3×3 matrix takes nine numbers.", nameof(values));

    /// <summary>The row of that index (0, 1, 2).</summary>
    public Vector3D this[int row] => row switch
    {
        0 => Row1,
        1 => Row2,
        2 => Row3,
        _ => throw new ArgumentOutOfRangeException(nameof(row)),
    };

    /// <summary>The entry in that row and column (0, 1, 2 each).</summary>
    public double this[int row, int column] => this[row][column];

    /// <summary>The determinant.</summary>
    public double Determinant => Vector3D.Dot(Row1, Vector3D.Cross(Row2, Row3));

    /// <summary>Rows and columns exchanged.</summary>
    public Matrix3x3 Transpose() => new(new(Row1.X, Row2.X, Row3.X), new(Row1.Y, Row2.Y, Row3.Y), new(Row1.Z, Row2.Z, Row3.Z));

    /// <summary>Whether every entry is finite.</summary>
    public bool IsFinite => Row1.IsFinite && Row2.IsFinite && Row3.IsFinite;

    /// <summary>The inverse matrix.</summary>
    /// <exception cref="InvalidOperationException">The determinant is zero.</exception>
    public Matrix3x3 Inverse()
    {
        double determinant = Determinant;
        if (determinant == 0 || !double.IsFinite(determinant))
        {
            throw new InvalidOperationException("The matrix has no inverse: its determinant is zero.");
        }

        // The columns of the inverse are the cross products of the rows.
        return new Matrix3x3(Vector3D.Cross(Row2, Row3) / determinant, Vector3D.Cross(Row3, Row1) / determinant, Vector3D.Cross(Row1, Row2) / determinant).Transpose();
    }

    /// <summary>The nine entries in row-major order.</summary>
    public double[] ToRowMajor() => [Row1.X, Row1.Y, Row1.Z, Row2.X, Row2.Y, Row2.Z, Row3.X, Row3.Y, Row3.Z];

    /// <summary>Row vector times matrix, r·M. Compiled into the loops that do it for each atom: to hand over nine numbers takes as long as to multiply them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector3D operator *(Vector3D row, Matrix3x3 m) => new(
        row.X * m.Row1.X + row.Y * m.Row2.X + row.Z * m.Row3.X,
        row.X * m.Row1.Y + row.Y * m.Row2.Y + row.Z * m.Row3.Y,
        row.X * m.Row1.Z + row.Y * m.Row2.Z + row.Z * m.Row3.Z);

    /// <summary>Matrix product.</summary>
    public static Matrix3x3 operator *(Matrix3x3 a, Matrix3x3 b) => new(a.Row1 * b, a.Row2 * b, a.Row3 * b);

    /// <summary>Sum.</summary>
    public static Matrix3x3 operator +(Matrix3x3 a, Matrix3x3 b) => new(a.Row1 + b.Row1, a.Row2 + b.Row2, a.Row3 + b.Row3);

    /// <summary>Difference.</summary>
    public static Matrix3x3 operator -(Matrix3x3 a, Matrix3x3 b) => new(a.Row1 - b.Row1, a.Row2 - b.Row2, a.Row3 - b.Row3);

    /// <summary>Multiple.</summary>
    public static Matrix3x3 operator *(Matrix3x3 a, double factor) => new(a.Row1 * factor, a.Row2 * factor, a.Row3 * factor);

    /// <summary>The rows with the shortest digits that read back the same, separated by semicolons.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Row1}; {Row2}; {Row3}");
}
