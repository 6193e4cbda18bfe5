using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>A <c>&lt;structure&gt;</c> of a vasprun.xml: the cell (Å, with its reciprocal and its volume) and fractional positions.</summary>
internal sealed class XmlStructure
{
    private XmlStructure(Matrix3x3 rows, Vector3D[] fractional, int decimals)
    {
        Rows = rows;
        Fractional = fractional;
        Decimals = decimals;
    }

    internal Matrix3x3 Rows { get; }

    internal Vector3D[] Fractional { get; }

    /// <summary>The decimals of the positions.</summary>
    internal int Decimals { get; }

    /// <summary>Reads the element whose opening line was read last, to its end.</summary>
    /// <param name="reader">Stands on the opening line.</param>
    /// <param name="count">The number of atoms.</param>
    /// <param name="problem">Why there is none.</param>
    internal static XmlStructure? Read(Utf8LineReader reader, int count, out string problem)
    {
        Matrix3x3? basis = null, reciprocal = null;
        Vector3D[]? positions = null;
        PrintedNumber? volume = null;
        int basisDecimals = 0, positionDecimals = 0, reciprocalDecimals = 0;
        problem = "The file ends within its structure.";
        while (reader.Read())
        {
            ReadOnlySpan<byte> text = reader.Line.TrimStart((byte)' ');
            if (text.StartsWith("</structure>"u8))
            {
                problem = "Its cell or its positions are missing.";
                if (basis is not { } rows || positions is null)
                {
                    return null;
                }

                problem = Contradiction(rows, basisDecimals, reciprocal, reciprocalDecimals, volume) ?? "";
                return problem.Length == 0 ? new(rows, positions, positionDecimals) : null;
            }

            if (XmlLine.Opens(text, "<varray"u8))
            {
                ReadOnlySpan<byte> name = XmlLine.Name(text);
                if (name.SequenceEqual("basis"u8))
                {
                    basis = Matrix(XmlRows.Read(reader, 3, out basisDecimals, out problem));
                }
                else if (name.SequenceEqual("rec_basis"u8))
                {
                    reciprocal = Matrix(XmlRows.Read(reader, 3, out reciprocalDecimals, out problem));
                }
                else if (name.SequenceEqual("positions"u8))
                {
                    positions = XmlRows.Read(reader, count, out positionDecimals, out problem);
                }
            }
            else if (XmlLine.Opens(text, "<i"u8) && XmlLine.Name(text).SequenceEqual("volume"u8))
            {
                volume = XmlLine.TryNumber(text, out PrintedNumber number) ? number : null;
            }
            else if (text.StartsWith("<calculation>"u8) || text.StartsWith("</calculation>"u8) || XmlLine.Opens(text, "<structure"u8))
            {
                problem = "Its structure does not end.";
                reader.PushBack();
                return null;
            }
        }

        return null;
    }

    private static Matrix3x3? Matrix(Vector3D[]? rows) => rows is null ? null : new(rows[0], rows[1], rows[2]);

    private static string? Contradiction(Matrix3x3 a, int decimals, Matrix3x3? reciprocal, int reciprocalDecimals, PrintedNumber? volume)
    {
        double determinant = Math.Abs(a.Determinant);
        if (!(determinant > 0))
        {
            return "Its lattice vectors span no volume.";
        }

        double half = 0.5 * Math.Pow(10, -decimals) * 1.001, other = 0.5 * Math.Pow(10, -reciprocalDecimals) * 1.001;
        for (int i = 0; reciprocal is { } b && i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                if (Math.Abs(Vector3D.Dot(a[i], b[j]) - (i == j ? 1 : 0)) > half * Sum(b[j]) + other * Sum(a[i]) + 1e-12)
                {
                    return "Its lattice vectors and the reciprocal ones contradict each other.";
                }
            }
        }

        // Each entry is off by half of its last digit, and each counts with the area that it is multiplied by.
        double areas = Sum(Vector3D.Cross(a[1], a[2])) + Sum(Vector3D.Cross(a[2], a[0])) + Sum(Vector3D.Cross(a[0], a[1]));
        return volume is { } v && Math.Abs(v.Value - determinant) > v.HalfUnit * 1.001 + half * areas + 1e-10 * determinant ? "Its lattice vectors contradict the printed volume." : null;
    }

    private static double Sum(Vector3D v) => Math.Abs(v.X) + Math.Abs(v.Y) + Math.Abs(v.Z);
}

/// <summary>The rows of a <c>&lt;varray&gt;</c>.</summary>
internal static class XmlRows
{
    /// <summary>Reads the rows after the opening line, to the closing one; null where there are not as many, or one is unreadable.</summary>
    internal static Vector3D[]? Read(Utf8LineReader reader, int count, out int decimals, out string problem)
    {
        var rows = new Vector3D[count];
        decimals = 0;
        for (int i = 0; i < count; i++)
        {
            if (!reader.Read())
            {
                problem = "The file ends within a table.";
                return null;
            }

            if (!XmlLine.TryRow(reader.Line, ref decimals, out rows[i]))
            {
                problem = reader.Line.IndexOf((byte)'*') >= 0 ? "A number in a table overflowed its column (****)." : FormattableString.Invariant($"Row {i + 1} of a table of {count} is missing or unreadable.");
                reader.PushBack();
                return null;
            }
        }

        problem = "";
        if (reader.Read() && reader.Line.TrimStart((byte)' ').StartsWith("</varray>"u8))
        {
            return rows;
        }

        problem = FormattableString.Invariant($"A table does not end after {count} rows.");
        reader.PushBack();
        return null;
    }
}
