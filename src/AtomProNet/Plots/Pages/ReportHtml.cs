using System.Globalization;
using System.Text;
using AtomProNet.Files;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Pages;

/// <summary>Writes a report as HTML.</summary>
internal static class ReportHtml
{
    public static string Of(ReportPage page)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n");
        html.Append("<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n");
        html.Append("<title>").Append(Markup.Escape(page.Title)).Append("</title>\n<style>\n").Append(Variables()).Append(Style()).Append("</style>\n</head>\n<body>\n<main>\n");
        html.Append("<header>\n<h1>").Append(Markup.Escape(page.Title)).Append("</h1>\n");
        html.Append(page.Summary.Length == 0 ? "" : $"<p class=\"summary\">{Markup.Escape(page.Summary)}</p>\n").Append("</header>\n");
        foreach (ReportSection section in page.Sections)
        {
            html.Append("<section>\n<h2>").Append(Markup.Escape(section.Heading)).Append("</h2>\n");
            foreach (ReportBlock block in section.Blocks)
            {
                Block(html, block);
            }

            html.Append("</section>\n");
        }

        html.Append(page.Footer.Length == 0 ? "" : $"<footer>{Markup.Escape(page.Footer)}</footer>\n");
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Block(StringBuilder html, ReportBlock block)
    {
        switch (block)
        {
            case ReportText text:
                html.Append(text.IsWarning ? "<p class=\"warning\">" : "<p>").Append(Markup.Escape(text.Text)).Append("</p>\n");
                break;
            case ReportFigures figures:
                html.Append("<div class=\"figures\">\n");
                foreach (Figure figure in figures.Figures)
                {
                    string caption = figure.Caption.Length == 0 ? "" : $" {Markup.Escape(figure.Caption)}";
                    html.Append(CultureInfo.InvariantCulture, $"<figure id=\"{FigureDrawing.ElementId(figure.Name)}\"{(figure.Width > 1.3 * Figure.SingleColumn ? " class=\"wide\"" : "")}>\n{figure.ToSvg(FigureForm.Screen)}<figcaption><b>{Markup.Escape(figure.Title)}.</b>{caption}</figcaption>\n</figure>\n");
                }

                html.Append("</div>\n");
                break;
            case ReportTable table:
                Table(html, table);
                break;
        }
    }

    private static void Table(StringBuilder html, ReportTable table)
    {
        // A column in which no row has anything would only take room.
        int[] columns = [.. Enumerable.Range(0, table.Columns.Length).Where(c => table.Rows.IsEmpty || table.Rows.Any(r => r[c] is not null))];
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"table\" id=\"t-{FigureDrawing.ElementId(table.Name)[2..]}\">\n<table>\n<caption>{Markup.Escape(table.Title)}</caption>\n<thead><tr>");
        foreach (ReportColumn column in columns.Select(c => table.Columns[c]))
        {
            html.Append(column.IsText ? "<th scope=\"col\" class=\"text\">" : "<th scope=\"col\">").Append(Markup.Escape(column.Heading));
            html.Append(column.Unit.Length == 0 ? "" : $" <span class=\"unit\">{Markup.Escape(column.Unit)}</span>").Append("</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows.Take(table.MostRows))
        {
            html.Append("<tr>");
            foreach (int c in columns)
            {
                Cell(html, row[c], table.Columns[c]);
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n");
        html.Append(table.Rows.Length <= table.MostRows ? "" : string.Create(CultureInfo.InvariantCulture, $"<p class=\"rest\">{table.MostRows} of {table.Rows.Length} rows; the CSV file has all.</p>\n"));
        html.Append("</div>\n");
    }

    private static void Cell(StringBuilder html, object? value, ReportColumn column)
    {
        string open = column.IsLong ? "<td class=\"text long\"" : column.IsText ? "<td class=\"text\"" : "<td";
        string text = value is double number ? ReportTable.Significant(number, column.Digits) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        // Every digit where the pointer rests.
        string whole = value is double exact ? $" title=\"{exact.ToString("R", CultureInfo.InvariantCulture)}\"" : "";
        html.Append(open).Append(whole).Append('>').Append(Markup.Escape(text)).Append("</td>");
    }

    private static string Variables()
    {
        string light = string.Concat(FigureColour.All.Select(c => $"--{c.Token}:{c.Light};")), dark = string.Concat(FigureColour.All.Select(c => $"--{c.Token}:{c.Dark};"));
        // Paper is white, whatever the screen is.
        return $":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n";
    }

    private static string Style() => EmbeddedText.Read("AtomProNet.Plots.Data.report.css");
}
