using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>Which side of its place a label stands on.</summary>
public enum LabelSide
{
    /// <summary>To the right.</summary>
    Right,
    /// <summary>To the left.</summary>
    Left,
    /// <summary>Above.</summary>
    Above,
    /// <summary>Below.</summary>
    Below,
}

/// <summary>A text beside a place, in the colour of its style. It does not widen the range of an axis; whoever places several sees to it that they do not touch.</summary>
/// <param name="X">The place along the x axis.</param>
/// <param name="Y">The place along the y axis.</param>
/// <param name="Text">What is written.</param>
/// <param name="Side">Which side of the place it stands on.</param>
public sealed record LabelMark(double X, double Y, string Text, LabelSide Side = LabelSide.Right) : Mark
{
    /// <summary>The size of the font, pt.</summary>
    public double FontSize { get; init; } = 6.5;

    /// <summary>Whether it has the colour of its style instead of that of all labels.</summary>
    public bool IsColoured { get; init; }

    internal override void Extend(Extent x, Extent y)
    {
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        double x = plot.AtX(X), y = plot.AtY(Y);
        if (!double.IsFinite(x) || !double.IsFinite(y) || !plot.Shows(x, y, 0.01))
        {
            return;
        }

        (double dx, double dy, string anchor) = Side switch
        {
            LabelSide.Right => (4, 0.36 * FontSize, "start"),
            LabelSide.Left => (-4, 0.36 * FontSize, "end"),
            LabelSide.Above => (0, -4, "middle"),
            _ => (0.0, 4 + 0.8 * FontSize, "middle"),
        };
        canvas.Text(x + dx, y + dy, Text, FontSize, anchor, colour: IsColoured ? Colour : null, halo: true);
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y)
    {
    }
}
