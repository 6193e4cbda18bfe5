using System.Collections.Immutable;
using System.Text;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>A histogram: one bar a bin without gaps between them, or their outline, so that several can lie over each other.</summary>
public sealed record HistogramMark : Mark
{
    /// <summary>A histogram.</summary>
    /// <param name="edges">The edges of the bins, ascending: one more than there are bins.</param>
    /// <param name="heights">Their counts, shares or densities.</param>
    public HistogramMark(ImmutableArray<double> edges, ImmutableArray<double> heights)
    {
        ThrowUnlessEqual(edges.Length, heights.Length + 1);
        (Edges, Heights) = (edges, heights);
    }

    /// <summary>The edges of the bins.</summary>
    public ImmutableArray<double> Edges { get; }

    /// <summary>What each bin holds.</summary>
    public ImmutableArray<double> Heights { get; }

    /// <summary>Whether only the outline is drawn.</summary>
    public bool IsOutline { get; init; }

    /// <summary>The histogram of values.</summary>
    /// <param name="values">Values; what is not a number counts for nothing.</param>
    /// <param name="binCount">How many bins; null: by the rule of D. Freedman and P. Diaconis (Z. Wahrscheinlichkeitstheorie 57, 453 (1981)), 5 to 100.</param>
    /// <param name="isShare">Whether heights are shares of all values in percent instead of counts.</param>
    public static HistogramMark Of(ReadOnlySpan<double> values, int? binCount = null, bool isShare = false)
    {
        (ImmutableArray<double> edges, ImmutableArray<long> counts) = HistogramBins.Of(values, binCount);
        double total = isShare ? Math.Max(1, counts.Sum()) / 100.0 : 1;
        return new(edges, [.. counts.Select(c => c / total)]);
    }

    internal override void Extend(Extent x, Extent y)
    {
        x.Add(Edges.AsSpan());
        y.Anchor(0);
        y.Add(Heights.AsSpan());
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        double foot = plot.AtY(0) is var zero && double.IsFinite(zero) ? zero : plot.Bottom;
        var path = new StringBuilder();
        for (int i = 0; i < Heights.Length; i++)
        {
            double left = plot.AtX(Edges[i]), right = plot.AtX(Edges[i + 1]), top = plot.AtY(Heights[i]);
            top = double.IsFinite(top) ? top : foot;
            if (double.IsFinite(left + right))
            {
                path.Append(path.Length == 0 ? $"M{SvgCanvas.Number(left)} {SvgCanvas.Number(foot)}V" : "V").Append(SvgCanvas.Number(top)).Append('H').Append(SvgCanvas.Number(right));
            }
        }

        if (path.Length > 0)
        {
            canvas.Path(path.Append('V').Append(SvgCanvas.Number(foot)).ToString(), Paint(canvas));
        }
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y) => canvas.Rectangle(x + 2, y - 3, 10, 6, Paint(canvas));

    private string Paint(SvgCanvas canvas) => IsOutline
        ? $"fill=\"none\" stroke=\"{canvas.Colour(Colour)}\" stroke-width=\"1.1\"{PointShape.Dashes(Style)}"
        : $"fill=\"{canvas.Colour(Colour)}\" fill-opacity=\"0.75\" stroke=\"{canvas.Colour(FigureColour.Paper)}\" stroke-width=\"0.3\"";
}
