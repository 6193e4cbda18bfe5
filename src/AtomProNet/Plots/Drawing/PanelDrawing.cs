using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Scales;

namespace AtomProNet.Plots.Drawing;

/// <summary>Draws one panel: grid, marks, axes, legend, title and note.</summary>
internal sealed class PanelDrawing(SvgCanvas canvas, PanelLayout layout, Plot plot)
{
    private readonly List<TextBox> noteBoxes = [];

    private Panel Panel => layout.Panel;

    /// <summary>Draws it.</summary>
    /// <param name="id">An id that no other element of the page has.</param>
    /// <param name="letter">Its letter in the figure; empty for none.</param>
    /// <param name="left">Where its cell begins.</param>
    /// <param name="top">Where its cell begins.</param>
    public void Draw(string id, string letter, double left, double top)
    {
        canvas.OpenGroup("class=\"panel\"");
        Grid();
        canvas.Raw($"<clipPath id=\"{id}\"><rect x=\"{SvgCanvas.Number(plot.Left - 2)}\" y=\"{SvgCanvas.Number(plot.Top - 2)}\" width=\"{SvgCanvas.Number(plot.Width + 4)}\" height=\"{SvgCanvas.Number(plot.Height + 4)}\"/></clipPath>\n");
        canvas.OpenGroup($"clip-path=\"url(#{id})\"");
        Mark[] marks = [.. Panel.Marks.Select(m => m.Prepare(plot))];
        Draw(marks.Where(m => m is not LabelMark));
        canvas.CloseGroup();

        XAxis();
        YAxis();
        Note();
        Labels(marks.OfType<LabelMark>());
        Legend(marks);
        Title(letter, left, top);
        canvas.CloseGroup();
    }

    // Each mark is a group of its own, named by its kind, for whoever works on with the file.
    private void Draw(IEnumerable<Mark> marks)
    {
        foreach (Mark mark in marks)
        {
            canvas.OpenGroup($"class=\"{mark.GetType().Name.Replace("Mark", "", StringComparison.Ordinal).ToLowerInvariant()}\"");
            mark.Draw(plot, canvas);
            canvas.CloseGroup();
        }
    }

    // The more important labels come first; a later one gives way.
    private void Labels(IEnumerable<LabelMark> labels)
    {
        var taken = new List<TextBox>(noteBoxes);
        foreach (LabelMark label in labels)
        {
            foreach (LabelSide side in Enum.GetValues<LabelSide>().OrderByDescending(s => s == label.Side))
            {
                if (label.BoxOn(side, plot) is { } box && box.Left >= plot.Left && box.Right <= plot.Right + 1 && box.Top >= plot.Top - 3 && box.Bottom <= plot.Bottom && !taken.Exists(t => t.Touches(box)))
                {
                    taken.Add(box);
                    label.DrawIn(box, canvas);
                    break;
                }
            }
        }
    }

    private void Grid()
    {
        if (!Panel.HasGrid)
        {
            return;
        }

        foreach (Tick tick in layout.YTicks.Where(t => t.IsMajor))
        {
            canvas.Line(plot.Left, plot.AtY(tick.Value), plot.Right, plot.AtY(tick.Value), FigureColour.Grid, 0.5);
        }

        foreach (Tick tick in layout.XTicks.Where(t => t.IsMajor && Panel.X.Kind != AxisKind.Category))
        {
            canvas.Line(plot.AtX(tick.Value), plot.Top, plot.AtX(tick.Value), plot.Bottom, FigureColour.Grid, 0.5);
        }
    }

    private void XAxis()
    {
        double font = layout.TickFont, labels = plot.Bottom + PanelLayout.TickLength + PanelLayout.TickGap;
        canvas.Line(plot.Left, plot.Bottom, plot.Right, plot.Bottom, FigureColour.Muted, 0.6);
        foreach (Tick tick in layout.XTicks)
        {
            double x = plot.AtX(tick.Value);
            if (Panel.X.Kind != AxisKind.Category)
            {
                canvas.Line(x, plot.Bottom, x, plot.Bottom + (tick.IsMajor ? PanelLayout.TickLength : PanelLayout.MinorTickLength), FigureColour.Muted, tick.IsMajor ? 0.6 : 0.4);
            }

            if (!layout.ShowsX || !tick.IsMajor)
            {
                continue;
            }

            if (layout.TurnsXLabels)
            {
                canvas.Text(x + 0.36 * font, labels, TextWidth.Cut(tick.Label, font, layout.LongestXLabel), font, "end", rotation: -90, whole: tick.Label);
            }
            else
            {
                canvas.Text(x, labels + 0.95 * font, tick.Label, font, "middle", tick.Exponent);
            }
        }

        if (layout.ShowsX && Panel.X.Label.Length > 0)
        {
            double size = FittingSize(Panel.X.Label, layout.AxisFont, plot.Width + 2 * layout.Right);
            canvas.Text((plot.Left + plot.Right) / 2, plot.Bottom + layout.Bottom - 0.35 * layout.AxisFont, Panel.X.Label, size, "middle");
        }
    }

    private void YAxis()
    {
        double font = layout.TickFont, labels = plot.Left - PanelLayout.TickLength - PanelLayout.TickGap;
        canvas.Line(plot.Left, plot.Bottom, plot.Left, plot.Top, FigureColour.Muted, 0.6);
        foreach (Tick tick in layout.YTicks)
        {
            double y = plot.AtY(tick.Value);
            if (Panel.Y.Kind != AxisKind.Category)
            {
                canvas.Line(plot.Left, y, plot.Left - (tick.IsMajor ? PanelLayout.TickLength : PanelLayout.MinorTickLength), y, FigureColour.Muted, tick.IsMajor ? 0.6 : 0.4);
            }

            if (tick.IsMajor)
            {
                canvas.Text(labels, y + 0.36 * font, TextWidth.Cut(tick.Label, font, layout.LongestYLabel), font, "end", tick.Exponent, whole: tick.Label);
            }
        }

        if (Panel.Y.Label.Length > 0)
        {
            double widest = layout.YTicks.Select(t => Math.Min(layout.LongestYLabel, TextWidth.Of(t.Label, font) + TextWidth.Of(t.Exponent, 0.72 * font))).DefaultIfEmpty(0).Max();
            // It may reach beyond the ends of its axis, but not to the letter above.
            double beyond = Math.Min(layout.Top - (layout.HasLetter ? 1.7 * layout.AxisFont : 1), layout.Bottom - 1);
            double size = FittingSize(Panel.Y.Label, layout.AxisFont, plot.Height + 2 * Math.Max(0, beyond));
            canvas.Text(labels - widest - 0.55 * layout.AxisFont, (plot.Top + plot.Bottom) / 2, Panel.Y.Label, size, "middle", rotation: -90);
        }
    }

    // A label that is longer than its axis is set smaller rather than cut.
    private static double FittingSize(string label, double size, double room) => Math.Max(4, Math.Min(size, size * room / Math.Max(1, TextWidth.Of(label, size))));

    private void Note()
    {
        bool isRight = Panel.NoteCorner is PanelCorner.TopRight or PanelCorner.BottomRight, isBelow = Panel.NoteCorner is PanelCorner.BottomLeft or PanelCorner.BottomRight;
        double size = layout.TickFont, row = size * 1.3, top = isBelow ? plot.Bottom - 4 - row * Panel.Note.Length : plot.Top + 3;
        for (int i = 0; i < Panel.Note.Length; i++)
        {
            string line = TextWidth.Cut(Panel.Note[i], size, plot.Width - 8);
            var box = TextBox.Of(isRight ? plot.Right - 5 : plot.Left + 5, top + row * i + 0.9 * size, line, size, isRight ? "end" : "start");
            noteBoxes.Add(box);
            canvas.Text(box.X, box.BaseLine, line, size, box.Anchor, halo: true);
        }
    }

    private void Legend(Mark[] marks)
    {
        double y = plot.Top - 3 - layout.LegendRow * (layout.Legend.Length - 0.5);
        foreach (var row in layout.Legend)
        {
            double x = plot.Left;
            foreach ((Mark mark, string label) in row)
            {
                Mark drawn = marks[Panel.Marks.IndexOf(mark)];
                double key = drawn.KeyWidth(layout.LegendFont);
                drawn.DrawKey(canvas, x, y);
                canvas.Text(x + key + PanelLayout.KeyGap, y + 0.36 * layout.LegendFont, label, layout.LegendFont, whole: drawn.Name);
                x += key + PanelLayout.KeyGap + TextWidth.Of(label, layout.LegendFont) + PanelLayout.LegendGap;
            }

            y += layout.LegendRow;
        }
    }

    private void Title(string letter, double left, double top)
    {
        double y = top + 4 + 0.75 * layout.AxisFont;
        if (letter.Length > 0)
        {
            canvas.Text(left, y, letter, layout.AxisFont, isBold: true);
        }

        if (Panel.Title is { } title)
        {
            canvas.Text(plot.Left, y, TextWidth.Cut(title, layout.AxisFont * TextWidth.Bold, plot.Width), layout.AxisFont, whole: title, isBold: true);
        }
    }
}
