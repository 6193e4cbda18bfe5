using System.Globalization;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Formats.Cif;

/// <summary>The symmetry operations that a block lists. None are made up: a space group's name alone is not enough.</summary>
internal static class CifSymmetry
{
    private const double Tolerance = 1e-3;

    private static readonly string[] OperationNames = ["_symmetry_equiv_pos_as_xyz", "_space_group_symop_operation_xyz"];
    private static readonly string[] NumberNames = ["_symmetry_int_tables_number", "_space_group_it_number"];
    private static readonly string[] SymbolNames = ["_symmetry_space_group_name_h-m", "_space_group_name_h-m_alt", "_space_group_name_h-m_ref", "_space_group_name_h-m_full", "_symmetry_space_group_name_hall", "_space_group_name_hall"];

    /// <summary>The operations of a block, the identity first.</summary>
    /// <exception cref="AtomProNetException">An operation cannot be read, they form no group, or only a group's name is given.</exception>
    public static List<SymmetryOperation> Of(CifBlock block, string source, Action<Finding>? report)
    {
        CifToken? group = DeclaredGroup(block);
        if (block.Find(OperationNames) is not { } listed || listed.Values.TrueForAll(CifColumn.IsUnknown))
        {
            if (group is { } named)
            {
                throw new AtomProNetException(ErrorKind.NotSupported, "CifOperationsMissing", "The file names a space group but does not list its symmetry operations.", source, named.Line, named.Text, "Add the loop _space_group_symop_operation_xyz (most programs write it on export), or export the cell in P1.");
            }

            return [SymmetryOperation.Identity];
        }

        var operations = new List<SymmetryOperation> { SymmetryOperation.Identity };
        foreach (CifToken token in listed.Values)
        {
            SymmetryOperation operation = TryParse(token.Text, out SymmetryOperation parsed)
                ? parsed
                : throw new AtomProNetException(ErrorKind.InvalidData, "CifOperation", "This is no symmetry operation.", source, token.Line, token.Text, "Operations are written like -x+1/2, y, -z.");
            if (!operations.Exists(o => IsSame(o, operation)))
            {
                operations.Add(operation);
            }
        }

        foreach (SymmetryOperation first in operations)
        {
            foreach (SymmetryOperation second in operations)
            {
                var product = new SymmetryOperation(Multiply(first.Rotation, second.Rotation), second.Apply(first.Translation));
                if (!operations.Exists(o => IsSame(o, product)))
                {
                    throw new AtomProNetException(ErrorKind.InvalidData, "CifOperationsIncomplete", FormattableString.Invariant($"The {listed.Values.Count} symmetry operations form no group: the product of two of them is not listed."), source, listed.Values[0].Line, remedy: "One of them is wrong or missing (often those of a centred cell); export the file again.");
                }
            }
        }

        if (operations.Count == 1 && group is { } other)
        {
            report?.Invoke(new(FindingSeverity.Warning, "CifSymmetryContradicts", $"The file names the space group {other.Text} but lists the identity alone as its operation.", source, "Check that all atoms of the cell are listed."));
        }

        return operations;
    }

    /// <summary>Reads <c>-x+1/2, y, -z</c>.</summary>
    public static bool TryParse(string text, out SymmetryOperation operation)
    {
        operation = SymmetryOperation.Identity;
        string[] parts = text.Split(',');
        if (parts.Length != 3)
        {
            return false;
        }

        // By columns, since positions are row vectors here.
        Span<int> rotation = stackalloc int[9];
        Span<double> translation = stackalloc double[3];
        for (int k = 0; k < 3; k++)
        {
            if (!TryParseRow(parts[k], rotation, k, ref translation[k]))
            {
                return false;
            }
        }

        var matrix = IntegerMatrix3x3.FromRowMajor(rotation);
        if (Math.Abs(matrix.ToMatrix().Determinant) != 1)
        {
            return false;
        }

        operation = new(matrix, new(translation[0], translation[1], translation[2]));
        return true;
    }

    private static bool TryParseRow(string text, Span<int> rotation, int column, ref double shift)
    {
        int i = 0, terms = 0;
        while (true)
        {
            Skip(text, ref i);
            if (i == text.Length)
            {
                return terms > 0;
            }

            int sign = 1;
            bool signed = text[i] is '+' or '-';
            if (signed)
            {
                sign = text[i++] == '-' ? -1 : 1;
                Skip(text, ref i);
            }

            if (i == text.Length || (terms > 0 && !signed))
            {
                return false;
            }

            terms++;
            int axis = (char)(text[i] | 0x20) - 'x';
            if (axis is >= 0 and <= 2)
            {
                i++;
                rotation[axis * 3 + column] += sign;
                continue;
            }

            if (!TryParseNumber(text, ref i, out double number))
            {
                return false;
            }

            Skip(text, ref i);
            if (i < text.Length && text[i] == '/')
            {
                i++;
                Skip(text, ref i);
                if (!TryParseNumber(text, ref i, out double denominator) || denominator == 0)
                {
                    return false;
                }

                number /= denominator;
            }
            else
            {
                // A third or sixth in decimals; translations of space groups are multiples of 1/24.
                double snapped = Math.Round(number * 24) / 24;
                number = Math.Abs(number - snapped) < Tolerance ? snapped : number;
            }

            shift += sign * number;
        }
    }

    private static bool TryParseNumber(string text, ref int i, out double number)
    {
        int start = i;
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.'))
        {
            i++;
        }

        return double.TryParse(text.AsSpan(start, i - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static void Skip(string text, ref int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }
    }

    /// <summary>The space group that the block names, where it is not P1.</summary>
    private static CifToken? DeclaredGroup(CifBlock block)
    {
        if (block.Value(NumberNames) is { } number && number.Text.Trim() != "1")
        {
            return number;
        }

        foreach (string name in SymbolNames)
        {
            if (block.Value(name) is { } symbol && symbol.Text.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() is not ("P1" or ""))
            {
                return symbol;
            }
        }

        return null;
    }

    private static IntegerMatrix3x3 Multiply(IntegerMatrix3x3 a, IntegerMatrix3x3 b)
    {
        Span<int> product = stackalloc int[9];
        for (int i = 0; i < 9; i++)
        {
            int row = i / 3, column = i % 3;
            product[i] = a[row, 0] * b[0, column] + a[row, 1] * b[1, column] + a[row, 2] * b[2, column];
        }

        return IntegerMatrix3x3.FromRowMajor(product);
    }

    private static bool IsSame(SymmetryOperation a, SymmetryOperation b)
    {
        Vector3D d = a.Translation - b.Translation;
        return a.Rotation == b.Rotation && IsWhole(d.X) && IsWhole(d.Y) && IsWhole(d.Z);

        static bool IsWhole(double x) => Math.Abs(x - Math.Round(x)) < Tolerance;
    }
}
