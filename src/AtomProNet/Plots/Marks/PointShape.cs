using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>The shapes of points: they tell series apart where colours cannot.</summary>
internal static class PointShape
{
    /// <summary>A point of a style, as an element without colours of its own.</summary>
    public static string Element(int style, double x, double y, double size, string tooltip = "")
    {
        double r = size / 2;
        string at = $"M{SvgCanvas.Number(x)} ";
        string shape = ((style % 6 + 6) % 6) switch
        {
            0 => $"<circle cx=\"{SvgCanvas.Number(x)}\" cy=\"{SvgCanvas.Number(y)}\" r=\"{SvgCanvas.Number(r)}\"",
            1 => $"<rect x=\"{SvgCanvas.Number(x - 0.9 * r)}\" y=\"{SvgCanvas.Number(y - 0.9 * r)}\" width=\"{SvgCanvas.Number(1.8 * r)}\" height=\"{SvgCanvas.Number(1.8 * r)}\"",
            2 => $"<path d=\"{at}{SvgCanvas.Number(y - 1.2 * r)}l{Pair(1.1 * r, 1.95 * r)}h{SvgCanvas.Number(-2.2 * r)}z\"",
            3 => $"<path d=\"{at}{SvgCanvas.Number(y - 1.25 * r)}l{Pair(1.25 * r, 1.25 * r)}l{Pair(-1.25 * r, 1.25 * r)}l{Pair(-1.25 * r, -1.25 * r)}z\"",
            4 => $"<path d=\"{at}{SvgCanvas.Number(y + 1.2 * r)}l{Pair(1.1 * r, -1.95 * r)}h{SvgCanvas.Number(-2.2 * r)}z\"",
            _ => $"<path d=\"M{Pair(x - 1.3 * r, y - 0.45 * r)}h{SvgCanvas.Number(0.85 * r)}v{SvgCanvas.Number(-0.85 * r)}h{SvgCanvas.Number(0.9 * r)}v{SvgCanvas.Number(0.85 * r)}h{SvgCanvas.Number(0.85 * r)}v{SvgCanvas.Number(0.9 * r)}h{SvgCanvas.Number(-0.85 * r)}v{SvgCanvas.Number(0.85 * r)}h{SvgCanvas.Number(-0.9 * r)}v{SvgCanvas.Number(-0.85 * r)}h{SvgCanvas.Number(-0.85 * r)}z\"",
        };
        string name = shape[1..shape.IndexOf(' ', StringComparison.Ordinal)];
        return tooltip.Length == 0 ? shape + "/>" : $"{shape}><title>{Markup.Escape(tooltip)}</title></{name}>";
    }

    /// <summary>The dashes of the lines of a style, as an attribute; none for the first.</summary>
    public static string Dashes(int style) => ((style % 5 + 5) % 5) switch
    {
        1 => " stroke-dasharray=\"5 2\"",
        2 => " stroke-dasharray=\"1.2 1.6\"",
        3 => " stroke-dasharray=\"6 1.8 1.2 1.8\"",
        4 => " stroke-dasharray=\"2.5 1.5\"",
        _ => "",
    };

    private static string Pair(double x, double y) => $"{SvgCanvas.Number(x)} {SvgCanvas.Number(y)}";
}
