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
    /// <summary>To the right, somewhat lower: beside a curve that rises.</summary>
    BelowRight,
    /// <summary>To the left, somewhat lower.</summary>
    BelowLeft,
}

/// <summary>
/// A text beside a place. It does not widen the range of an axis. Where it would touch another label it moves to another side, and where
/// no side is free it is left out.
/// </summary>
/// <param name="X">The place along the x axis.</param>
/// <param name="Y">The place along the y axis.</param>
/// <param name="Text">What is written.</param>
/// <param name="Side">Which side of the place it stands on, if it can.</param>
public sealed record LabelMark(double X, double Y, string Text, LabelSide Side = LabelSide.Right) : Mark
{
    /// <summary>The size of the font, pt.</summary>
    public double FontSize { get; init; } = 6.5;

    /// <summary>Whether it has the colour of its style instead of that of all labels.</summary>
    public bool IsColoured { get; init; }

    /// <summary>Whether it has the colour of the axes: a help for reading rather than a result.</summary>
    public bool IsMuted { get; init; }

    internal override void Extend(Extent x, Extent y)
    {
    }

    /// <summary>The room that it takes on one side of its place; null where the place is not shown.</summary>
    internal TextBox? BoxOn(LabelSide side, Plot plot)
    {
        double x = plot.AtX(X), y = plot.AtY(Y);
        if (!double.IsFinite(x) || !double.IsFinite(y) || !plot.Shows(x, y, 0.01))
        {
            return null;
        }

        double middle = y + 0.36 * FontSize, lower = middle + 0.5 * FontSize;
        return side switch
        {
            LabelSide.Right => TextBox.Of(x + 4, middle, Text, FontSize, "start"),
            LabelSide.Left => TextBox.Of(x - 4, middle, Text, FontSize, "end"),
            LabelSide.Above => TextBox.Of(x, y - 4, Text, FontSize, "middle"),
            LabelSide.Below => TextBox.Of(x, y + 4 + 0.8 * FontSize, Text, FontSize, "middle"),
            LabelSide.BelowRight => TextBox.Of(x + 3.5, lower, Text, FontSize, "start"),
            _ => TextBox.Of(x - 3.5, lower, Text, FontSize, "end"),
        };
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        if (BoxOn(Side, plot) is { } box)
        {
            DrawIn(box, canvas);
        }
    }

    internal void DrawIn(TextBox box, SvgCanvas canvas) =>
        canvas.Text(box.X, box.BaseLine, Text, FontSize, box.Anchor, colour: IsColoured ? Colour : IsMuted ? FigureColour.Muted : null, halo: true);

    internal override void DrawKey(SvgCanvas canvas, double x, double y)
    {
    }
}
