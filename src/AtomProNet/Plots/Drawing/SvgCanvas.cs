using System.Globalization;
using System.Text;

namespace AtomProNet.Plots.Drawing;

/// <summary>Writes the elements of an SVG document. Lengths are points (1/72 inch), y goes downwards.</summary>
internal sealed class SvgCanvas(FigureForm form)
{
    private readonly StringBuilder text = new();

    /// <summary>The value of a colour: as it is printed, or a variable that the page sets.</summary>
    public string Colour(FigureColour colour) => form == FigureForm.Publication ? colour.Light : $"var(--{colour.Token})";

    /// <summary>A length with at most two decimals, whatever the culture.</summary>
    public static string Number(double value)
    {
        double rounded = Math.Round(value, 2);
        return (rounded == 0 ? 0 : rounded).ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>Markup as it stands.</summary>
    public void Raw(string markup) => text.Append(markup);

    public void OpenGroup(string attributes) => text.Append("<g ").Append(attributes).Append(">\n");

    public void CloseGroup() => text.Append("</g>\n");

    public void Line(double x1, double y1, double x2, double y2, FigureColour stroke, double width, string more = "") =>
        text.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Number(x1)} {Number(y1)}L{Number(x2)} {Number(y2)}\" fill=\"none\" stroke=\"{Colour(stroke)}\" stroke-width=\"{Number(width)}\"{more}/>\n");

    public void Rectangle(double x, double y, double width, double height, string attributes) =>
        text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(0, width))}\" height=\"{Number(Math.Max(0, height))}\" {attributes}/>\n");

    public void Path(string data, string attributes)
    {
        if (data.Length > 0)
        {
            text.Append("<path d=\"").Append(data).Append("\" ").Append(attributes).Append("/>\n");
        }
    }

    /// <summary>A line of text. The whole of a text that was cut is its tooltip.</summary>
    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="label">What is written.</param>
    /// <param name="size">The size of the font, pt.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="exponent">What is written raised behind it.</param>
    /// <param name="colour">Default: ink.</param>
    /// <param name="rotation">Degrees clockwise about the anchor.</param>
    /// <param name="whole">The whole text where <paramref name="label"/> is cut.</param>
    /// <param name="halo">Whether it is set off from what lies behind it.</param>
    /// <param name="isBold">Whether it is bold.</param>
    public void Text(double x, double y, string label, double size, string anchor = "start", string exponent = "", FigureColour? colour = null, double rotation = 0, string? whole = null, bool halo = false, bool isBold = false)
    {
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x)}\" y=\"{Number(y)}\" font-size=\"{Number(size)}\" text-anchor=\"{anchor}\" fill=\"{Colour(colour ?? FigureColour.Ink)}\"");
        text.Append(rotation == 0 ? "" : $" transform=\"rotate({Number(rotation)} {Number(x)} {Number(y)})\"");
        text.Append(halo ? $" stroke=\"{Colour(FigureColour.Paper)}\" stroke-width=\"{Number(size * 0.35)}\" stroke-linejoin=\"round\" paint-order=\"stroke\"" : "");
        text.Append(isBold ? " font-weight=\"bold\"" : "").Append('>');
        text.Append(whole is not null && whole != label ? $"<title>{Markup.Escape(whole)}</title>" : "");
        text.Append(Markup.Escape(label));
        text.Append(exponent.Length == 0 ? "" : $"<tspan dy=\"{Number(-0.38 * size)}\" font-size=\"{Number(0.72 * size)}\">{Markup.Escape(exponent)}</tspan>");
        text.Append("</text>\n");
    }

    public override string ToString() => text.ToString();
}
