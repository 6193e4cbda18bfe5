using System.Collections.Immutable;
using System.Text;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>Intervals around points, with a short line at either end.</summary>
public sealed record ErrorBarMark : Mark
{
    /// <summary>Intervals.</summary>
    /// <param name="places">Where each stands on the axis across it.</param>
    /// <param name="low">Where each begins.</param>
    /// <param name="high">Where each ends.</param>
    public ErrorBarMark(ImmutableArray<double> places, ImmutableArray<double> low, ImmutableArray<double> high)
    {
        ThrowUnlessEqual(places.Length, low.Length);
        ThrowUnlessEqual(places.Length, high.Length);
        (Places, Low, High) = (places, low, high);
    }

    /// <summary>Where each stands.</summary>
    public ImmutableArray<double> Places { get; }

    /// <summary>Where each begins.</summary>
    public ImmutableArray<double> Low { get; }

    /// <summary>Where each ends.</summary>
    public ImmutableArray<double> High { get; }

    /// <summary>Whether they lie: places along y, intervals along x.</summary>
    public bool IsHorizontal { get; init; }

    /// <summary>The length of the lines at the ends, pt.</summary>
    public double CapSize { get; init; } = 3;

    internal override void Extend(Extent x, Extent y)
    {
        (Extent across, Extent along) = IsHorizontal ? (y, x) : (x, y);
        across.Add(Places.AsSpan());
        along.Add(Low.AsSpan());
        along.Add(High.AsSpan());
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        var path = new StringBuilder();
        for (int i = 0; i < Places.Length; i++)
        {
            // What a logarithmic axis cannot show goes on to its beginning, without an end.
            double place = IsHorizontal ? plot.AtY(Places[i]) : plot.AtX(Places[i]);
            double high = IsHorizontal ? plot.AtX(High[i]) : plot.AtY(High[i]), low = IsHorizontal ? plot.AtX(Low[i]) : plot.AtY(Low[i]);
            bool isOpen = double.IsNaN(low) && double.IsFinite(Low[i]);
            low = isOpen ? (IsHorizontal ? plot.Left : plot.Bottom) : low;
            if (double.IsFinite(place + low + high))
            {
                double half = CapSize / 2;
                path.Append(Segment(low, place, high, place));
                path.Append(Segment(high, place - half, high, place + half));
                path.Append(isOpen ? "" : Segment(low, place - half, low, place + half));
            }
        }

        canvas.Path(path.ToString(), Paint(canvas));

        string Segment(double along1, double across1, double along2, double across2) => IsHorizontal
            ? $"M{SvgCanvas.Number(along1)} {SvgCanvas.Number(across1)}L{SvgCanvas.Number(along2)} {SvgCanvas.Number(across2)}"
            : $"M{SvgCanvas.Number(across1)} {SvgCanvas.Number(along1)}L{SvgCanvas.Number(across2)} {SvgCanvas.Number(along2)}";
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y) =>
        canvas.Path($"M{SvgCanvas.Number(x + 1)} {SvgCanvas.Number(y)}h12M{SvgCanvas.Number(x + 1)} {SvgCanvas.Number(y - 1.5)}v3M{SvgCanvas.Number(x + 13)} {SvgCanvas.Number(y - 1.5)}v3", Paint(canvas));

    private string Paint(SvgCanvas canvas) => $"fill=\"none\" stroke=\"{canvas.Colour(Colour)}\" stroke-width=\"0.9\"";
}
