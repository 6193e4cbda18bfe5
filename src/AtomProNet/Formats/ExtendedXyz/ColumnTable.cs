using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>The columns of the atom lines of one frame, as <c>Properties</c> names them, and the reader of those lines.</summary>
internal sealed class ColumnTable
{
    private const string RowRemedy = "The line must hold the columns that 'Properties' announces; the file may be damaged, or the number of atoms wrong.";

    // Longer lines are read value by value.
    private const int MostPlainValues = 32;

    private readonly Column[] columns;
    private readonly bool ignoresFurtherColumns;
    private readonly string source;
    // The numbers of a row of an element and real numbers, as most files have them; empty where rows hold anything else.
    private readonly double[] numbers;
    private int capacity;

    private ColumnTable(Column[] columns, bool ignoresFurtherColumns, string source)
    {
        this.columns = columns;
        this.ignoresFurtherColumns = ignoresFurtherColumns;
        this.source = source;
        ValuesPerRow = columns.Sum(c => c.Width);
        bool plain = !ignoresFurtherColumns && columns[0].Kind == ColumnKind.Species && columns.Skip(1).All(c => c.Kind is ColumnKind.Vector or ColumnKind.Real);
        numbers = plain && ValuesPerRow <= MostPlainValues ? new double[ValuesPerRow - 1] : [];
    }

    /// <summary>How many values an atom line has.</summary>
    public int ValuesPerRow { get; }

    /// <summary>The columns in the order of the file.</summary>
    public IReadOnlyList<Column> Columns => columns;

    /// <summary>The columns of plain XYZ: the element and its position; what stands behind is not read.</summary>
    public static ColumnTable Plain(string source, bool ignoreFurtherColumns) =>
        new([new("species", ColumnKind.Species, 1), new("pos", ColumnKind.Vector, 3)], ignoreFurtherColumns, source);

    /// <summary>Reads <c>name:T:m:…</c>, T one of S I R L.</summary>
    /// <param name="properties">The value of <c>Properties</c>.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="lineNumber">The line, for messages.</param>
    /// <param name="isForces">Which columns hold forces.</param>
    public static ColumnTable Parse(string properties, string source, long lineNumber, Func<string, bool> isForces)
    {
        string[] parts = properties.Split(':');
        var columns = new List<Column>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (parts.Length % 3 != 0)
        {
            throw Error("'Properties' must be a list of name:type:count.");
        }

        for (int i = 0; i < parts.Length; i += 3)
        {
            string name = parts[i];
            if (name.Length == 0 || !names.Add(name))
            {
                throw Error(name.Length == 0 ? "A name is missing in 'Properties'." : $"'Properties' names '{name}' twice.");
            }

            if (!int.TryParse(parts[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width is < 1 or > 100_000)
            {
                throw Error($"The number of columns of '{name}' must be a whole number from 1.");
            }

            ColumnKind kind = parts[i + 1] switch
            {
                "R" => ColumnKind.Real,
                "I" => ColumnKind.Integer,
                "L" => ColumnKind.Logical,
                "S" => ColumnKind.Text,
                _ => throw Error($"The type of '{name}' must be one of S, I, R, L."),
            };
            kind = (name, kind, width) switch
            {
                ("species", ColumnKind.Text, 1) => ColumnKind.Species,
                ("Z", ColumnKind.Integer, 1) => ColumnKind.AtomicNumber,
                ("pos", ColumnKind.Real, 3) => ColumnKind.Vector,
                ("species" or "Z" or "pos", _, _) => throw Error("'Properties' must give species:S:1 or Z:I:1, and pos:R:3."),
                (_, ColumnKind.Real, 3) when isForces(name) => ColumnKind.Vector,
                _ when isForces(name) => throw Error($"'{name}' must be {name}:R:3."),
                _ => kind,
            };
            columns.Add(new(name, kind, width));
        }

        if (!names.Contains("pos") || !(names.Contains("species") || names.Contains("Z")))
        {
            throw Error("'Properties' must give species:S:1 or Z:I:1, and pos:R:3.");
        }

        return new([.. columns], false, source);

        AtomProNetException Error(string problem) =>
            new(ErrorKind.InvalidData, "ExtendedXyzProperties", problem, source, lineNumber, properties, "Write it as Properties=species:S:1:pos:R:3:forces:R:3.");
    }

    /// <summary>The column of that name and kind, or null.</summary>
    public Column? Find(string name, ColumnKind kind, int width) =>
        Array.Find(columns, c => c.Name == name && c.Kind == kind && c.Width == width);

    /// <summary>Makes room for so many rows, or cuts to them.</summary>
    public void Resize(int rows)
    {
        capacity = rows;
        foreach (Column column in columns)
        {
            column.Resize(rows);
        }
    }

    /// <summary>Reads one atom line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="beyond">The line and what stands behind it in the buffer.</param>
    /// <param name="row">The number of the atom, from 0.</param>
    /// <param name="lineNumber">The line, for messages.</param>
    public void ReadRow(ReadOnlySpan<byte> line, ReadOnlySpan<byte> beyond, int row, long lineNumber)
    {
        if (row == capacity)
        {
            Resize(checked(Math.Max(16, capacity * 2)));
        }

        if (numbers.Length > 0 && DecimalRow.TryRead(line, beyond.Length, numbers) is > 0 and var word && Element.TryFromSymbol(line[..word], out Element? symbol))
        {
            columns[0].Elements[row] = symbol;
            Store(row);
            return;
        }

        ReadValueByValue(line, beyond, row, lineNumber);
    }

    private void Store(int row)
    {
        int at = 0;
        for (int i = 1; i < columns.Length; i++)
        {
            Column column = columns[i];
            if (column.Kind == ColumnKind.Vector)
            {
                column.Vectors[row] = new(numbers[at], numbers[at + 1], numbers[at + 2]);
            }
            else
            {
                numbers.AsSpan(at, column.Width).CopyTo(column.RealsOfRow(row));
            }

            at += column.Width;
        }
    }

    private void ReadValueByValue(ReadOnlySpan<byte> line, ReadOnlySpan<byte> beyond, int row, long lineNumber)
    {
        int position = 0;
        foreach (Column column in columns)
        {
            if (column.Kind == ColumnKind.Vector)
            {
                ref Vector3D vector = ref column.Vectors[row];
                int before = position;
                if (TryReadNumber(line, beyond, ref position, out double x) && TryReadNumber(line, beyond, ref position, out double y) && TryReadNumber(line, beyond, ref position, out double z))
                {
                    vector = new(x, y, z);
                    continue;
                }

                position = before;
                ReadReals(line, ref position, column, column.RealsOfRow(row), lineNumber);
            }
            else if (column.Kind == ColumnKind.Species)
            {
                ReadOnlySpan<byte> symbol = Field(line, ref position, column, lineNumber);
                column.Elements[row] = Element.TryFromSymbol(symbol, out Element? element) ? element : FromNumber(symbol, lineNumber);
            }
            else if (column.Kind == ColumnKind.Real)
            {
                ReadReals(line, ref position, column, column.RealsOfRow(row), lineNumber);
            }
            else
            {
                ReadOther(line, ref position, column, row, lineNumber);
            }
        }

        if (position < line.Length && !ignoresFurtherColumns && line[position..].IndexOfAnyExcept((byte)' ', (byte)'\t') >= 0)
        {
            throw Error("The line has more columns than it should.", line, lineNumber);
        }
    }

    /// <summary>Whether the last number of a file without a final line end looks cut, or cannot be told from a cut one.</summary>
    public bool LastValueMayBeCut(ReadOnlySpan<byte> line, int row)
    {
        Column last = columns[^1];
        if (ignoresFurtherColumns && row > 0)
        {
            last = Array.Find(columns, c => c.Kind == ColumnKind.Vector)!;
        }

        if (last.Kind is not (ColumnKind.Vector or ColumnKind.Real))
        {
            return last.Kind != ColumnKind.Logical;
        }

        // The digits of the same column in the rows before, and of the other numbers on this line.
        int decimals = 0;
        Span<byte> digits = stackalloc byte[32];
        for (int i = Math.Max(0, row - 64); i < row; i++)
        {
            int length = Utf8Number.Format(last.RealsOfRow(i)[^1], digits);
            decimals = Math.Max(decimals, CutNumber.CountDecimals(digits[..length]));
        }

        ReadOnlySpan<byte> number = default;
        var fields = new Utf8Fields(line);
        while (fields.TryRead(out ReadOnlySpan<byte> field))
        {
            if (!number.IsEmpty && number[^1] is >= (byte)'0' and <= (byte)'9')
            {
                decimals = Math.Max(decimals, CutNumber.CountDecimals(number));
            }

            number = field;
        }

        return CutNumber.IsSuspected(number, decimals);
    }

    /// <summary>Reads a number where one stands; what is none is left to the slower way, which says why.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadNumber(ReadOnlySpan<byte> line, ReadOnlySpan<byte> beyond, ref int position, out double value)
    {
        int p = position;
        while (p < line.Length && line[p] is (byte)' ' or (byte)'\t')
        {
            p++;
        }

        // The number is read as if the buffer were the line, and must end where the line's field does.
        bool read = Utf8Number.TryParseDouble(beyond[p..], out value, out int consumed);
        p += consumed;
        position = p;
        return read && p <= line.Length && (p == line.Length || line[p] is (byte)' ' or (byte)'\t');
    }

    private void ReadReals(ReadOnlySpan<byte> line, ref int position, Column column, Span<double> values, long lineNumber)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int before = position;
            if (TryReadNumber(line, line, ref position, out values[i]))
            {
                continue;
            }

            position = before;
            ReadOnlySpan<byte> field = Field(line, ref position, column, lineNumber);
            if (!ValueParser.TryParseReal(field, out values[i]) || (column.Kind == ColumnKind.Vector && !double.IsFinite(values[i])))
            {
                throw Error($"The column '{column.Name}' must hold real numbers.", field, lineNumber);
            }
        }
    }

    private void ReadOther(ReadOnlySpan<byte> line, ref int position, Column column, int row, long lineNumber)
    {
        for (int i = row * column.Width; i < (row + 1) * column.Width; i++)
        {
            ReadOnlySpan<byte> field = Field(line, ref position, column, lineNumber);
            switch (column.Kind)
            {
                case ColumnKind.AtomicNumber:
                    column.Elements[i] = FromNumber(field, lineNumber);
                    break;
                case ColumnKind.Integer:
                    if (!ValueParser.TryParseInteger(field, out column.Integers[i]))
                    {
                        throw Error($"The column '{column.Name}' must hold whole numbers.", field, lineNumber);
                    }

                    break;
                case ColumnKind.Logical:
                    if (!ValueParser.TryParseLogical(field, out column.Logicals[i]))
                    {
                        throw Error($"The column '{column.Name}' must hold T or F.", field, lineNumber);
                    }

                    break;
                default:
                    // Mostly the same few words over and over.
                    string? before = i >= column.Width ? column.Texts[i - column.Width] : null;
                    column.Texts[i] = before is not null && IsSame(before, field) ? before : Encoding.UTF8.GetString(field);
                    break;
            }
        }
    }

    private ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, ref int position, Column column, long lineNumber)
    {
        int start = position;
        while (start < line.Length && line[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }

        int end = start;
        while (end < line.Length && line[end] is not ((byte)' ' or (byte)'\t'))
        {
            end++;
        }

        position = end;
        return end > start ? line[start..end] : throw Error($"The line ends before the column '{column.Name}'.", line, lineNumber);
    }

    private Element FromNumber(ReadOnlySpan<byte> field, long lineNumber) =>
        Utf8Number.TryParseInteger(field, out long number) && number is >= 1 and <= 118
            ? Element.FromNumber((int)number)
            : throw new AtomProNetException(ErrorKind.InvalidData, "ExtendedXyzElementUnknown", "This is neither the symbol of an element nor an atomic number.", source, lineNumber, Utf8Fields.ToText(field), "Symbols are written as in the periodic table, such as Al or O.");

    private static bool IsSame(string text, ReadOnlySpan<byte> bytes)
    {
        if (text.Length != bytes.Length)
        {
            return false;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            if (text[i] != bytes[i] || bytes[i] > 127)
            {
                return false;
            }
        }

        return true;
    }

    private AtomProNetException Error(string problem, ReadOnlySpan<byte> value, long lineNumber) =>
        new(ErrorKind.InvalidData, "ExtendedXyzAtomLine", problem, source, lineNumber, Utf8Fields.ToText(value), RowRemedy);
}
