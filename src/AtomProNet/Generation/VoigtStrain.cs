using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>
/// A symmetric strain in Voigt order xx yy zz yz xz xy, as exact decimal numbers. The shear entries are engineering strains:
/// γ_yz = 2ε_yz and so on (Nye, Physical Properties of Crystals, ch. VI).
/// </summary>
/// <param name="XX">ε_xx.</param>
/// <param name="YY">ε_yy.</param>
/// <param name="ZZ">ε_zz.</param>
/// <param name="YZ">γ_yz = 2ε_yz.</param>
/// <param name="XZ">γ_xz = 2ε_xz.</param>
/// <param name="XY">γ_xy = 2ε_xy.</param>
public readonly record struct VoigtStrain(decimal XX, decimal YY, decimal ZZ, decimal YZ, decimal XZ, decimal XY)
{
    /// <summary>The names of the components, in order.</summary>
    internal static readonly string[] ComponentNames = ["xx", "yy", "zz", "yz", "xz", "xy"];

    /// <summary>Whether every component is zero.</summary>
    public bool IsZero => this == default;

    /// <summary>Whether a cell survives it: I + ε must be positive definite, else the cell is flattened or turned inside out.</summary>
    public bool KeepsCell
    {
        get
        {
            Matrix3x3 m = Matrix3x3.Identity + ToMatrix();
            // Sylvester's criterion: the leading principal minors are positive.
            return m[0, 0] > 0 && m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0] > 0 && m.Determinant > 0;
        }
    }

    /// <summary>The component of that index (0 to 5, Voigt order).</summary>
    public decimal this[int index] => index switch
    {
        0 => XX,
        1 => YY,
        2 => ZZ,
        3 => YZ,
        4 => XZ,
        5 => XY,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <summary>The strain applied to a structure by the last operation on it; null where that was no strain.</summary>
    public static VoigtStrain? AppliedTo(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Provenance is { Operation: StrainSeries.Operation } last && last.Parameters.TryGetValue("voigt", out string? text) && TryParse(text, out VoigtStrain strain)
            ? strain
            : null;
    }

    /// <summary>From six numbers in Voigt order.</summary>
    /// <exception cref="AtomProNetException">There are not six.</exception>
    public static VoigtStrain FromList(IReadOnlyList<decimal> values) => values.Count == 6
        ? new(values[0], values[1], values[2], values[3], values[4], values[5])
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "VoigtStrainInvalid", $"A strain in Voigt form takes six numbers, and {values.Count} were given.", value: string.Join(", ", values.Select(v => v.ToString(CultureInfo.InvariantCulture))), remedy: "Give xx, yy, zz, yz, xz, xy; the last three are engineering strains γ = 2ε.");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out VoigtStrain strain)
    {
        strain = default;
        string[] parts = (text ?? "").Split(' ');
        var values = new decimal[6];
        for (int i = 0; i < 6; i++)
        {
            if (parts.Length != 6 || !decimal.TryParse(parts[i], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out values[i]))
            {
                return false;
            }
        }

        strain = FromList(values);
        return true;
    }

    /// <summary>The tensor ε with its nine entries: the shear entries are half of the engineering strains.</summary>
    public Matrix3x3 ToMatrix()
    {
        double yz = Nearest(YZ / 2), xz = Nearest(XZ / 2), xy = Nearest(XY / 2);
        return new(new(Nearest(XX), xy, xz), new(xy, Nearest(YY), yz), new(xz, yz, Nearest(ZZ)));
    }

    /// <summary>The six numbers in Voigt order, shortest form, separated by blanks.</summary>
    public override string ToString() => string.Join(' ', Enumerable.Range(0, 6).Select(Component));

    /// <summary>The shortest decimal form of a number.</summary>
    internal static string Shortest(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    // The double nearest to the decimal: the cast divides twice-rounded parts and can miss it by one unit in the last place.
    private static double Nearest(decimal value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    private string Component(int index) => Shortest(this[index]);
}
