using System.Collections.Immutable;
using System.Text;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>The area between two lines, such as the confidence interval of a curve.</summary>
public sealed record BandMark : Mark
{
    /// <summary>The area between two lines over common places.</summary>
    /// <param name="x">Places along the x axis, ascending.</param>
    /// <param name="low">The lower line.</param>
    /// <param name="high">The upper line.</param>
    public BandMark(ImmutableArray<double> x, ImmutableArray<double> low, ImmutableArray<double> high)
    {
        ThrowUnlessEqual(x.Length, low.Length);
        ThrowUnlessEqual(x.Length, high.Length);
        (X, Low, High) = (x, low, high);
    }

    /// <summary>Places along the x axis.</summary>
    public ImmutableArray<double> X { get; }

    /// <summary>The lower line.</summary>
    public ImmutableArray<double> Low { get; }

    /// <summary>The upper line.</summary>
    public ImmutableArray<double> High { get; }

    internal override void Extend(Extent x, Extent y)
    {
        x.Add(X.AsSpan());
        y.Add(Low.AsSpan());
        y.Add(High.AsSpan());
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        int[] shown = [.. Enumerable.Range(0, X.Length).Where(i => double.IsFinite(plot.AtX(X[i])) && double.IsFinite(plot.AtY(Low[i])) && double.IsFinite(plot.AtY(High[i])))];
        if (shown.Length < 2)
        {
            return;
        }

        var path = new StringBuilder();
        foreach (int i in shown)
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(SvgCanvas.Number(plot.AtX(X[i]))).Append(' ').Append(SvgCanvas.Number(plot.AtY(High[i])));
        }

        foreach (int i in shown.Reverse())
        {
            path.Append('L').Append(SvgCanvas.Number(plot.AtX(X[i]))).Append(' ').Append(SvgCanvas.Number(plot.AtY(Low[i])));
        }

        canvas.Path(path.Append('z').ToString(), Paint(canvas));
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y) => canvas.Rectangle(x + 1, y - 2.5, 12, 5, Paint(canvas));

    private string Paint(SvgCanvas canvas) => $"fill=\"{canvas.Colour(Colour)}\" fill-opacity=\"0.2\" stroke=\"none\"";
}
