using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AtomProNet.Plots.Pages;

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Unit">The unit of its numbers; empty where they have none, or each row its own.</param>
public sealed record ReportColumn(string Heading, string Unit = "")
{
    /// <summary>How many significant digits a page shows; a CSV file holds all.</summary>
    public int Digits { get; init; } = 5;

    /// <summary>Whether it holds texts, which begin at the left.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether its texts may be so long, such as paths, that they have to be broken.</summary>
    public bool IsLong { get; init; }

    /// <summary>The heading with the unit.</summary>
    public override string ToString() => Unit.Length == 0 ? Heading : $"{Heading} ({Unit})";
}

/// <summary>A table of a report.</summary>
/// <param name="Name">A short name: that of its file.</param>
/// <param name="Title">What it lists.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">As many values a row as there are columns: texts, whole numbers, doubles; null for what there is not.</param>
public sealed record ReportTable(string Name, string Title, ImmutableArray<ReportColumn> Columns, ImmutableArray<ImmutableArray<object?>> Rows) : ReportBlock
{
    /// <summary>How many rows a page shows; a CSV file holds all.</summary>
    public int MostRows { get; init; } = int.MaxValue;

    /// <summary>The table as the text of a CSV file (RFC 4180, but lines end in LF): a line of headings, every digit of each number.</summary>
    public string ToCsv()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }))
        {
            foreach (ReportColumn column in Columns)
            {
                csv.WriteField(column.ToString());
            }

            csv.NextRecord();
            foreach (ImmutableArray<object?> row in Rows)
            {
                foreach (object? value in row)
                {
                    csv.WriteField(value is double number ? number.ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                }

                csv.NextRecord();
            }
        }

        return text.ToString();
    }

    /// <summary>A number with so many significant digits, trailing zeros among them, and the typographer's minus.</summary>
    internal static string Significant(double value, int digits)
    {
        if (!double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        if (value == 0)
        {
            return "0";
        }

        // Rounding can carry into one more digit: 9.9996 to four digits is 10.00.
        string scientific = value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string text = exponent < -5 || exponent > 8
            ? $"{scientific[..scientific.IndexOf('E', StringComparison.Ordinal)]}e{exponent.ToString(CultureInfo.InvariantCulture)}"
            : value.ToString("F" + Math.Max(0, digits - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.Replace('-', '\u2212');
    }
}
