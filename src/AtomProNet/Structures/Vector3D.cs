using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AtomProNet.Structures;

/// <summary>Three numbers: a position (Å), a fractional position (1), a force (eV/Å) or a lattice vector (Å).</summary>
/// <param name="X">The x (or first) component.</param>
/// <param name="Y">The y (or second) component.</param>
/// <param name="Z">The z (or third) component.</param>
public readonly record struct Vector3D(double X, double Y, double Z)
{
    /// <summary>The zero vector.</summary>
    public static Vector3D Zero => default;

    /// <summary>The component of that index (0, 1, 2).</summary>
    public double this[int index] => index switch
    {
        0 => X,
        1 => Y,
        2 => Z,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <summary>The Euclidean length.</summary>
    public double Length => Math.Sqrt(LengthSquared);

    /// <summary>The square of the Euclidean length.</summary>
    public double LengthSquared => X * X + Y * Y + Z * Z;

    /// <summary>Whether no component is NaN or infinite.</summary>
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y) && double.IsFinite(Z);

    /// <summary>The index of the first vector that is not finite; -1 where all are.</summary>
    public static int IndexOfNotFinite(ReadOnlySpan<Vector3D> vectors)
    {
        // Of a number that is not finite nothing is left but NaN, which one sum gathers from many.
        ReadOnlySpan<double> numbers = MemoryMarshal.Cast<Vector3D, double>(vectors);
        Vector<double> gathered = Vector<double>.Zero;
        int i = 0;
        for (; i <= numbers.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var some = new Vector<double>(numbers[i..]);
            gathered += some - some;
        }

        double sum = Vector.Sum(gathered);
        for (; i < numbers.Length; i++)
        {
            sum += numbers[i] - numbers[i];
        }

        for (i = 0; sum != 0 && i < vectors.Length; i++)
        {
            if (!vectors[i].IsFinite)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The scalar product.</summary>
    public static double Dot(Vector3D a, Vector3D b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

    /// <summary>The vector product.</summary>
    public static Vector3D Cross(Vector3D a, Vector3D b) =>
        new(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);

    /// <summary>Sum.</summary>
    public static Vector3D operator +(Vector3D a, Vector3D b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    /// <summary>Difference.</summary>
    public static Vector3D operator -(Vector3D a, Vector3D b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    /// <summary>Opposite.</summary>
    public static Vector3D operator -(Vector3D a) => new(-a.X, -a.Y, -a.Z);

    /// <summary>Multiple.</summary>
    public static Vector3D operator *(Vector3D a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);

    /// <summary>Multiple.</summary>
    public static Vector3D operator *(double factor, Vector3D a) => a * factor;

    /// <summary>Quotient.</summary>
    public static Vector3D operator /(Vector3D a, double divisor) => new(a.X / divisor, a.Y / divisor, a.Z / divisor);

    /// <summary>The components with the shortest digits that read back the same, separated by blanks.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X} {Y} {Z}");
}
