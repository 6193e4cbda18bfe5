namespace AtomProNet.Plots.Drawing;

/// <summary>The room that a line of text takes, pt.</summary>
/// <param name="X">Where it is anchored.</param>
/// <param name="BaseLine">Its base line.</param>
/// <param name="Anchor">start, middle or end.</param>
/// <param name="Left">Its left edge.</param>
/// <param name="Top">Its upper edge.</param>
/// <param name="Right">Its right edge.</param>
/// <param name="Bottom">Its lower edge.</param>
internal readonly record struct TextBox(double X, double BaseLine, string Anchor, double Left, double Top, double Right, double Bottom)
{
    // From the base line to the highest and to the lowest sign of any usual font, in sizes of the font.
    private const double Ascent = 0.95, Descent = 0.25;

    /// <summary>The room of a text.</summary>
    public static TextBox Of(double x, double baseLine, string text, double size, string anchor)
    {
        double width = TextWidth.Of(text, size), left = anchor switch { "end" => x - width, "middle" => x - width / 2, _ => x };
        return new(x, baseLine, anchor, left, baseLine - Ascent * size, left + width, baseLine + Descent * size);
    }

    /// <summary>Whether two texts touch.</summary>
    public bool Touches(in TextBox other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
}
