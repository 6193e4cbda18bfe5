using System.Text;

namespace AtomProNet.Plots.Drawing;

/// <summary>
/// How wide a text is at most, so that labels can be laid out before anybody draws them: the widths of Helvetica (Adobe's font metrics,
/// which Arial and Liberation Sans share), and a sixth more for the wider fonts that stand in where none of these is installed.
/// </summary>
internal static class TextWidth
{
    /// <summary>How much wider bold text is.</summary>
    public const double Bold = 1.15;

    private const double Reserve = 1.16;

    // Thousandths of the font's size, from the space to the tilde.
    private static readonly short[] Widths =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    /// <summary>The width of a text in the unit of <paramref name="fontSize"/>.</summary>
    public static double Of(string text, double fontSize)
    {
        double sum = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            sum += OfRune(rune);
        }

        return sum * fontSize;
    }

    /// <summary>The text itself where it fits, else as much of its beginning as fits, with an ellipsis.</summary>
    public static string Cut(string text, double fontSize, double width)
    {
        if (Of(text, fontSize) <= width)
        {
            return text;
        }

        double sum = OfRune(new Rune('…')) * fontSize;
        var kept = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            sum += OfRune(rune) * fontSize;
            if (sum > width)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return kept.ToString().TrimEnd() + "…";
    }

    private static double OfRune(Rune rune) => rune.Value switch
    {
        >= ' ' and <= '~' => Math.Max(0.28, Widths[rune.Value - ' '] * Reserve / 1000),
        >= 0x300 and <= 0x36F => 0,
        // Writing of East Asia and pictures are a whole square wide.
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0x1F000 => 1.25,
        _ => 0.84,
    };
}
