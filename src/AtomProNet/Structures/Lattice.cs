using System.Globalization;

namespace AtomProNet.Structures;

/// <summary>The lattice vectors a, b, c of a cell in Å, as the rows of a matrix. Immutable.</summary>
public sealed class Lattice : IEquatable<Lattice>
{
    private readonly Matrix3x3 inverse;

    /// <summary>Creates a lattice from its vectors, the rows of <paramref name="rows"/>, in Å.</summary>
    /// <exception cref="AtomProNetException">An entry is not finite, or the vectors span no volume.</exception>
    public Lattice(Matrix3x3 rows)
    {
        if (!rows.IsFinite)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "LatticeNotFinite", "A lattice vector has a component that is not a finite number.", value: rows.ToString());
        }

        double determinant = rows.Determinant;
        double scale = rows.Row1.Length * rows.Row2.Length * rows.Row3.Length;
        if (scale == 0 || Math.Abs(determinant) < 1e-12 * scale)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "LatticeSingular", "The lattice vectors lie in a plane, so that the cell has no volume.", value: rows.ToString(), remedy: "Give three vectors that are linearly independent.");
        }

        Rows = rows;
        Volume = Math.Abs(determinant);
        IsRightHanded = determinant > 0;
        inverse = rows.Inverse();
    }

    /// <summary>Creates a lattice from its three vectors, in Å.</summary>
    /// <exception cref="AtomProNetException">A component is not finite, or the vectors span no volume.</exception>
    public Lattice(Vector3D a, Vector3D b, Vector3D c)
        : this(new Matrix3x3(a, b, c))
    {
    }

    /// <summary>The vectors as the rows of a matrix, Å.</summary>
    public Matrix3x3 Rows { get; }

    /// <summary>Its inverse, 1/Å.</summary>
    internal Matrix3x3 Inverse() => inverse;

    /// <summary>The first vector, Å.</summary>
    public Vector3D A => Rows.Row1;

    /// <summary>The second vector, Å.</summary>
    public Vector3D B => Rows.Row2;

    /// <summary>The third vector, Å.</summary>
    public Vector3D C => Rows.Row3;

    /// <summary>The volume of the cell in Å³, always positive.</summary>
    public double Volume { get; }

    /// <summary>Whether a·(b×c) is positive.</summary>
    public bool IsRightHanded { get; }

    /// <summary>The lengths |a|, |b|, |c| in Å.</summary>
    public Vector3D Lengths => new(A.Length, B.Length, C.Length);

    /// <summary>The angles α (between b and c), β (a, c), γ (a, b) in degrees.</summary>
    public Vector3D Angles => new(Angle(B, C), Angle(A, C), Angle(A, B));

    /// <summary>The reciprocal lattice vectors as rows, without the factor 2π, 1/Å: aᵢ·bⱼ = δᵢⱼ.</summary>
    public Matrix3x3 Reciprocal => inverse.Transpose();

    /// <summary>
    /// A lattice from lengths (Å) and angles (degrees), with a along x and b in the xy plane
    /// (International Tables for Crystallography B, 3.3.1.1).
    /// </summary>
    /// <exception cref="AtomProNetException">No cell has these angles.</exception>
    public static Lattice FromParameters(double a, double b, double c, double alpha, double beta, double gamma)
    {
        double cosAlpha = CosineOfDegrees(alpha), cosBeta = CosineOfDegrees(beta), cosGamma = CosineOfDegrees(gamma);
        double sinGamma = gamma == 90 ? 1 : Math.Sin(gamma * Math.PI / 180);
        double cx = cosBeta, cy = (cosAlpha - cosBeta * cosGamma) / sinGamma;
        double czSquared = 1 - cx * cx - cy * cy;
        if (!(a > 0 && b > 0 && c > 0) || !(czSquared > 1e-12) || !(gamma is > 0 and < 180))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "CellParametersImpossible", "No cell has these lengths and angles.", value: string.Create(CultureInfo.InvariantCulture, $"{a} {b} {c} {alpha} {beta} {gamma}"), remedy: "Lengths are positive, in Å; angles are in degrees.");
        }

        return new(new(a, 0, 0), new(b * cosGamma, b * sinGamma, 0), new(c * cx, c * cy, c * Math.Sqrt(czSquared)));
    }

    /// <summary>A cubic lattice of edge <paramref name="a"/>, Å.</summary>
    public static Lattice Cubic(double a) => FromParameters(a, a, a, 90, 90, 90);

    /// <summary>Fractional coordinates to Cartesian ones in Å: r = f·L.</summary>
    public Vector3D ToCartesian(Vector3D fractional) => fractional * Rows;

    /// <summary>Cartesian coordinates in Å to fractional ones: f = r·L⁻¹.</summary>
    public Vector3D ToFractional(Vector3D cartesian) => cartesian * inverse;

    /// <inheritdoc/>
    public bool Equals(Lattice? other) => other is not null && Rows == other.Rows;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Lattice);

    /// <inheritdoc/>
    public override int GetHashCode() => Rows.GetHashCode();

    /// <summary>Lengths and angles with six digits, as people read them.</summary>
    public override string ToString()
    {
        Vector3D l = Lengths, g = Angles;
        return string.Create(CultureInfo.InvariantCulture, $"a={l.X:G6} b={l.Y:G6} c={l.Z:G6} α={g.X:G6} β={g.Y:G6} γ={g.Z:G6}");
    }

    private static double Angle(Vector3D u, Vector3D v)
    {
        // atan2 keeps its accuracy near 0° and 180°, where acos loses half of the digits.
        return Math.Atan2(Vector3D.Cross(u, v).Length, Vector3D.Dot(u, v)) * 180 / Math.PI;
    }

    // The right angle and the hexagonal ones are exact, so that an orthogonal cell has true zeros.
    private static double CosineOfDegrees(double angle) => angle switch
    {
        90 => 0,
        60 => 0.5,
        120 => -0.5,
        _ => Math.Cos(angle * Math.PI / 180),
    };
}
