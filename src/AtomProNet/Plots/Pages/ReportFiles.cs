using System.Collections.Immutable;
using System.Text;
using AtomProNet.Files;

namespace AtomProNet.Plots.Pages;

/// <summary>Writes a report: the page, and where wanted each figure as its own SVG file and each table as its own CSV file. All files appear, or none.</summary>
public static class ReportFiles
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The report.</param>
    /// <param name="path">The HTML file.</param>
    /// <param name="figureFolder">Where each figure becomes an SVG file of its name; null: nowhere.</param>
    /// <param name="tableFolder">Where each table becomes a CSV file of its name; null: nowhere.</param>
    /// <param name="overwrite">Whether files that are there may be replaced.</param>
    /// <returns>The files in the order in which they were written, the page last.</returns>
    /// <exception cref="AtomProNetException">A file is there and may not be replaced.</exception>
    public static ImmutableArray<string> Write(ReportPage page, string path, string? figureFolder, string? tableFolder, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(page);
        using var files = new AtomicFileSet(overwrite);
        var written = ImmutableArray.CreateBuilder<string>();
        if (figureFolder is not null)
        {
            foreach (Figure figure in page.Figures)
            {
                Add(Path.Combine(figureFolder, figure.Name + ".svg"), figure.ToSvg());
            }
        }

        if (tableFolder is not null)
        {
            foreach (ReportTable table in page.Tables)
            {
                Add(Path.Combine(tableFolder, table.Name + ".csv"), table.ToCsv());
            }
        }

        Add(path, page.ToHtml());
        files.Commit();
        return written.ToImmutable();

        void Add(string file, string text)
        {
            files.Add(file).Write(Encoding.UTF8.GetBytes(text));
            written.Add(Path.GetFullPath(file));
        }
    }
}
