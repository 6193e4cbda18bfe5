using System.Collections.Immutable;
using System.Text;
using AtomProNet.Files;

namespace AtomProNet.Plots.Pages;

/// <summary>What a file of a report is.</summary>
public enum ReportFileKind
{
    /// <summary>The HTML page.</summary>
    Page,
    /// <summary>A figure in publication form, SVG.</summary>
    Figure,
    /// <summary>A table, CSV.</summary>
    Table,
}

/// <summary>A file that a report was written to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Where it stands.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Length">Its length, bytes.</param>
public sealed record ReportFile(ReportFileKind Kind, string Path, string Title, long Length)
{
    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>Writes a report: the page, and where wanted each figure as its own SVG file and each table as its own CSV file. All files appear, or none.</summary>
public static class ReportFiles
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The report.</param>
    /// <param name="path">The HTML file.</param>
    /// <param name="figureFolder">Where each figure becomes an SVG file of its name; null: nowhere.</param>
    /// <param name="tableFolder">Where each table becomes a CSV file of its name; null: nowhere.</param>
    /// <param name="overwrite">Whether files that are there may be replaced.</param>
    /// <param name="cancellation">Ends it before anything is in its place.</param>
    /// <returns>The files, the page first.</returns>
    /// <exception cref="AtomProNetException">A file is there and may not be replaced.</exception>
    public static ImmutableArray<ReportFile> Write(ReportPage page, string path, string? figureFolder = null, string? tableFolder = null, bool overwrite = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(page);
        ThrowIfNoPage(path);
        using var files = new Writing(overwrite, cancellation);
        files.Add(ReportFileKind.Page, path, page.Title, page.ToHtml());
        foreach (Figure figure in figureFolder is null ? [] : page.Figures.Concat(page.PrintFigures))
        {
            files.Add(ReportFileKind.Figure, Path.Combine(figureFolder!, figure.Name + ".svg"), figure.Title, figure.ToSvg());
        }

        foreach (ReportTable table in tableFolder is null ? [] : page.Tables.Concat(page.PrintTables))
        {
            files.Add(ReportFileKind.Table, Path.Combine(tableFolder!, table.Name + ".csv"), table.Title, table.ToCsv());
        }

        return files.Commit();
    }

    /// <summary>A page that is called something else opens in no browser, and a PDF that is none in no reader.</summary>
    /// <param name="path">The file of a report.</param>
    /// <exception cref="AtomProNetException">The name is none of an HTML file.</exception>
    public static void ThrowIfNoPage(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ReportNotHtml", "A report is an HTML page, and the name says something else.", file: path, remedy: "Let the name end in .html. A browser prints the page as PDF.");
        }
    }

    /// <summary>A folder that is called like a picture is no picture: whoever asked for one is told, unless the folder is there.</summary>
    /// <param name="folder">Where figures shall go.</param>
    /// <exception cref="AtomProNetException">The name is that of a file.</exception>
    public static void ThrowIfNoFolder(string folder)
    {
        if (Path.GetExtension(folder).ToLowerInvariant() is ".svg" or ".png" or ".pdf" or ".eps" or ".ps" or ".jpg" or ".jpeg" or ".tif" or ".tiff" or ".gif" or ".html" or ".htm" && !Directory.Exists(folder))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "FigureFolderIsFile", "Figures are written as SVG, each under a name of its own, into a folder; this is the name of a file.", file: folder, remedy: "Name a folder. A browser or Inkscape makes PNG and PDF of an SVG file.");
        }
    }

    /// <summary>Writes figures alone, each as an SVG file of its name.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="folder">Where they go.</param>
    /// <param name="overwrite">Whether files that are there may be replaced.</param>
    /// <returns>The files.</returns>
    /// <exception cref="AtomProNetException">A file is there and may not be replaced.</exception>
    public static ImmutableArray<ReportFile> WriteFigures(IEnumerable<Figure> figures, string folder, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ThrowIfNoFolder(folder);
        using var files = new Writing(overwrite, default);
        foreach (Figure figure in figures)
        {
            files.Add(ReportFileKind.Figure, Path.Combine(folder, figure.Name + ".svg"), figure.Title, figure.ToSvg());
        }

        return files.Commit();
    }

    private sealed class Writing(bool overwrite, CancellationToken cancellation) : IDisposable
    {
        private readonly AtomicFileSet files = new(overwrite);
        private readonly List<ReportFile> written = [];

        public void Add(ReportFileKind kind, string file, string title, string text)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            files.Add(file).Write(bytes);
            written.Add(new(kind, Path.GetFullPath(file), title, bytes.Length));
        }

        public ImmutableArray<ReportFile> Commit()
        {
            files.Commit();
            return [.. written];
        }

        public void Dispose() => files.Dispose();
    }
}
