using System.Collections.Immutable;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>Bars that stand on zero, or on the beginning of a logarithmic axis.</summary>
public sealed record BarMark : Mark
{
    /// <summary>Bars at places.</summary>
    /// <param name="places">The middle of each bar on the axis that it stands on: 0, 1, … on a category axis.</param>
    /// <param name="values">How high each is.</param>
    public BarMark(ImmutableArray<double> places, ImmutableArray<double> values)
    {
        ThrowUnlessEqual(places.Length, values.Length);
        (Places, Values) = (places, values);
    }

    /// <summary>The middle of each bar.</summary>
    public ImmutableArray<double> Places { get; }

    /// <summary>How high each is.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>How wide a bar is, in the unit of its axis.</summary>
    public double Width { get; init; } = 0.8;

    /// <summary>Whether the bars lie: places along y, values along x.</summary>
    public bool IsHorizontal { get; init; }

    /// <summary>What is said where the pointer rests on a bar; empty, or one for each.</summary>
    public ImmutableArray<string> Tooltips { get; init; } = [];

    internal override void Extend(Extent x, Extent y)
    {
        (Extent along, Extent across) = IsHorizontal ? (y, x) : (x, y);
        foreach (double place in Places)
        {
            along.Add(place - Width / 2);
            along.Add(place + Width / 2);
        }

        across.Anchor(0);
        across.Add(Values.AsSpan());
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        canvas.OpenGroup(Paint(canvas));
        for (int i = 0; i < Places.Length; i++)
        {
            double from = Places[i] - Width / 2, to = Places[i] + Width / 2;
            (double x1, double x2) = IsHorizontal ? (Foot(plot.AtX(0), plot.Left), plot.AtX(Values[i])) : (plot.AtX(from), plot.AtX(to));
            (double y1, double y2) = IsHorizontal ? (plot.AtY(from), plot.AtY(to)) : (Foot(plot.AtY(0), plot.Bottom), plot.AtY(Values[i]));
            if (double.IsFinite(x1 + x2 + y1 + y2))
            {
                string tooltip = i < Tooltips.Length ? $"><title>{Markup.Escape(Tooltips[i])}</title></rect>\n" : "/>\n";
                canvas.Raw($"<rect x=\"{SvgCanvas.Number(Math.Min(x1, x2))}\" y=\"{SvgCanvas.Number(Math.Min(y1, y2))}\" width=\"{SvgCanvas.Number(Math.Abs(x2 - x1))}\" height=\"{SvgCanvas.Number(Math.Abs(y2 - y1))}\"{tooltip}");
            }
        }

        canvas.CloseGroup();
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y) => canvas.Rectangle(x + 3, y - 3, 8, 6, Paint(canvas));

    private static double Foot(double zero, double start) => double.IsFinite(zero) ? zero : start;

    private string Paint(SvgCanvas canvas) => $"fill=\"{canvas.Colour(Colour)}\"";
}
