using System.Globalization;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Plots.Drawing;

/// <summary>Lays a figure out and draws it.</summary>
internal static class FigureDrawing
{
    private const double PointsPerMillimetre = 72 / 25.4, ColumnGap = 8, RowGap = 7, Margin = 2;

    public static string Draw(Figure figure, FigureForm form)
    {
        int columns = Math.Clamp(figure.Columns, 1, Math.Max(1, figure.Panels.Length)), rows = (figure.Panels.Length + columns - 1) / columns;
        double width = figure.Width * PointsPerMillimetre, cell = (width - 2 * Margin - (columns - 1) * ColumnGap) / columns;
        double? wanted = figure.Height is { } h ? (h * PointsPerMillimetre - 2 * Margin - (rows - 1) * RowGap) / Math.Max(1, rows) : null;
        PanelLayout[] layouts = Measure(figure, columns, rows, cell, null);
        if (wanted is not null)
        {
            // How much of the height the plots get is known once the room around them is.
            layouts = Measure(figure, columns, rows, cell, Math.Max(20, wanted.Value - layouts.Select(l => l.Top + l.Bottom).DefaultIfEmpty(0).Max()));
        }

        // Plots of a column begin and end together, and so do those of a row.
        double[] lefts = [.. Enumerable.Range(0, columns).Select(c => Column(c).Select(l => l.Left).DefaultIfEmpty(0).Max())], rights = [.. Enumerable.Range(0, columns).Select(c => Column(c).Select(l => l.Right).DefaultIfEmpty(0).Max())];
        double[] tops = [.. Enumerable.Range(0, rows).Select(r => Row(r).Max(l => l.Top))], bottoms = [.. Enumerable.Range(0, rows).Select(r => Row(r).Max(l => l.Bottom))];
        double plotWidth = Math.Max(20, Enumerable.Range(0, columns).Min(c => cell - lefts[c] - rights[c]));
        double[] heights = [.. Enumerable.Range(0, rows).Select(r => wanted is { } w ? Math.Max(20, w - tops[r] - bottoms[r]) : Row(r).Max(l => l.NaturalHeight(plotWidth)))];
        double height = 2 * Margin + Math.Max(0, rows - 1) * RowGap + Enumerable.Range(0, rows).Sum(r => tops[r] + heights[r] + bottoms[r]);

        var canvas = new SvgCanvas(form);
        Open(canvas, figure, form, width, height);
        double y = Margin;
        for (int row = 0; row < rows; row++)
        {
            double x = Margin;
            for (int column = 0; column < columns && row * columns + column < layouts.Length; column++)
            {
                int index = row * columns + column;
                PanelLayout layout = layouts[index];
                // A square of a height that was given takes no more of the width than that.
                double across = layout.Panel.IsSquare ? Math.Min(plotWidth, heights[row]) : plotWidth, down = layout.Panel.IsSquare ? across : heights[row];
                var plot = new Plot(x + lefts[column], y + tops[row], across, down, layout.X, layout.Y);
                new PanelDrawing(canvas, layout, plot).Draw($"{ElementId(figure.Name)}-{index}", figure.HasLetters ? $"({(char)('a' + index % 26)})" : "", x, y);
                x += cell + ColumnGap;
            }

            y += tops[row] + heights[row] + bottoms[row] + RowGap;
        }

        canvas.Raw("</svg>\n");
        return canvas.ToString();

        IEnumerable<PanelLayout> Column(int column) => layouts.Where((_, i) => i % columns == column);
        IEnumerable<PanelLayout> Row(int row) => layouts.Where((_, i) => i / columns == row);
    }

    private static PanelLayout[] Measure(Figure figure, int columns, int rows, double cell, double? height)
    {
        Extent? shared = null;
        if (figure.SharesX)
        {
            shared = new();
            var ignored = new Extent();
            foreach (Mark mark in figure.Panels.SelectMany(p => p.Marks))
            {
                mark.Extend(shared, ignored);
            }
        }

        return [.. figure.Panels.Select((panel, i) => PanelLayout.Measure(panel, cell, height, figure.FontSize, !figure.SharesX || i + columns >= figure.Panels.Length, figure.HasLetters, shared))];
    }

    private static void Open(SvgCanvas canvas, Figure figure, FigureForm form, double width, double height)
    {
        string size = form == FigureForm.Publication
            ? string.Create(CultureInfo.InvariantCulture, $" width=\"{SvgCanvas.Number(figure.Width)}mm\" height=\"{height / PointsPerMillimetre:0.##}mm\"")
            : $" style=\"max-width:{SvgCanvas.Number(width * 2.1)}px\"";
        string id = ElementId(figure.Name);
        canvas.Raw($"<svg xmlns=\"http://www.w3.org/2000/svg\"{size} viewBox=\"0 0 {SvgCanvas.Number(width)} {SvgCanvas.Number(height)}\" font-family=\"Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', sans-serif\" role=\"img\" aria-labelledby=\"{id}-title\">\n");
        canvas.Raw($"<title id=\"{id}-title\">{Markup.Escape(figure.Title)}</title>\n");
        if (figure.Caption.Length > 0)
        {
            canvas.Raw($"<desc>{Markup.Escape(figure.Caption)}</desc>\n");
        }

        if (form == FigureForm.Publication)
        {
            canvas.Rectangle(0, 0, width, height, $"fill=\"{canvas.Colour(FigureColour.Paper)}\"");
        }
    }

    /// <summary>A name as the id of an element: letters, digits and hyphens.</summary>
    internal static string ElementId(string name) => "f-" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
}
