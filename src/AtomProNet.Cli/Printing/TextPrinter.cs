using System.Collections;
using System.Diagnostics;
using System.Globalization;

namespace AtomProNet.Cli.Printing;

/// <summary>
/// Prints objects as tables: the columns of the format file where it knows the type, else the simple properties; a list of names
/// and values where those are too many for a line. Objects of one type that follow each other share a table.
/// </summary>
internal sealed class TextPrinter(TextWriter writer, ViewCatalogue views, int width)
{
    /// <summary>So many rows are held back to find the widths of the columns; a long output then goes on with those.</summary>
    private const int RowsToMeasure = 200;
    private const int ColumnsInTable = 7;
    private const int WidestColumn = 60;

    /// <summary>Nor is a row held back longer than this: somebody may be watching.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(300);

    private readonly List<string[]> _rows = [];
    private readonly Stopwatch _sinceFirstRow = new();
    private Type? _type;
    private IReadOnlyList<ViewColumn> _columns = [];
    private int[]? _widths;
    private bool _isFirst = true;

    public void Print(object? value)
    {
        if (value is null)
        {
            return;
        }

        if (IsSimple(value.GetType()))
        {
            EndTable();
            writer.WriteLine(Show(value));
            return;
        }

        if (value.GetType() != _type)
        {
            EndTable();
            _type = value.GetType();
            _columns = views.For(_type);
        }

        if (_columns.Count == 0)
        {
            writer.WriteLine(Show(value));
        }
        else if (_columns.Count > ColumnsInTable)
        {
            PrintList(value);
        }
        else
        {
            AddRow(value);
        }
    }

    /// <summary>Prints what is held back.</summary>
    public void EndTable()
    {
        WriteTable();
        _widths = null;
        _type = null;
        writer.Flush();
    }

    public static bool IsSimple(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTime)
            || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(Uri) || type == typeof(Guid) || type == typeof(Version);
    }

    public static string Show(object? value) => value switch
    {
        null => "",
        string text => text.ReplaceLineEndings(" "),
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IDictionary table => $"{{{table.Count} entries}}",
        ICollection list when list.Count > 4 => $"{{{list.Count} values}}",
        IEnumerable list => "{" + string.Join(", ", list.Cast<object?>().Select(Show)) + "}",
        _ => value.ToString()?.ReplaceLineEndings(" ") ?? "",
    };

    private void PrintList(object value)
    {
        BlankLine();
        var widest = _columns.Max(column => column.Label.Length);
        foreach (var column in _columns)
        {
            writer.WriteLine($"{column.Label.PadRight(widest)} : {column.Text(value)}");
        }
    }

    private void AddRow(object value)
    {
        if (_rows.Count == 0)
        {
            _sinceFirstRow.Restart();
        }

        _rows.Add([.. _columns.Select(column => column.Text(value))]);
        if (_widths is not null || _rows.Count >= RowsToMeasure || _sinceFirstRow.Elapsed > LongestWait)
        {
            WriteTable();
        }
    }

    private void WriteTable()
    {
        if (_rows.Count == 0)
        {
            return;
        }

        if (_widths is null)
        {
            BlankLine();
            _widths = Measure();
            WriteRow([.. _columns.Select(column => column.Label)]);
            WriteRow([.. _columns.Select((column, i) => new string('-', Math.Min(column.Label.Length, _widths[i])))]);
        }

        _rows.ForEach(WriteRow);
        _rows.Clear();
    }

    /// <summary>As wide as the values need; where that is wider than the terminal, the widest columns give way.</summary>
    private int[] Measure()
    {
        var widths = _columns.Select((column, i) => Math.Min(WidestColumn, Math.Max(column.Label.Length, _rows.Max(row => row[i].Length)))).ToArray();
        var excess = widths.Sum() + widths.Length - 1 - width;
        while (excess > 0)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= 8)
            {
                break;
            }

            widths[widest]--;
            excess--;
        }

        return widths;
    }

    private void WriteRow(string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var isLast = i == cells.Length - 1;
            var cell = Fit(cells[i], _widths![i], keepEnd: _columns[i].KeepsEnd);
            writer.Write(_columns[i].IsRightAligned ? cell.PadLeft(_widths[i]) : isLast ? cell : cell.PadRight(_widths[i]));
            if (!isLast)
            {
                writer.Write(' ');
            }
        }

        writer.WriteLine();
    }

    /// <summary>Text that is too long loses its end, a path its beginning.</summary>
    private static string Fit(string text, int width, bool keepEnd) =>
        text.Length <= width ? text
        : width < 2 ? text[..width]
        : keepEnd ? "…" + text[^(width - 1)..] : text[..(width - 1)] + "…";

    private void BlankLine()
    {
        if (!_isFirst)
        {
            writer.WriteLine();
        }

        _isFirst = false;
    }
}
