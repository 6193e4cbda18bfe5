using System.Collections.Immutable;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>Points, each drawn; for thousands of them see <see cref="DensityMark"/>.</summary>
public sealed record PointMark : Mark
{
    /// <summary>Points at places.</summary>
    /// <param name="x">Their places along the x axis.</param>
    /// <param name="y">As many along the y axis.</param>
    public PointMark(ImmutableArray<double> x, ImmutableArray<double> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        (X, Y) = (x, y);
    }

    /// <summary>Places along the x axis.</summary>
    public ImmutableArray<double> X { get; }

    /// <summary>Places along the y axis.</summary>
    public ImmutableArray<double> Y { get; }

    /// <summary>The diameter, pt.</summary>
    public double Size { get; init; } = 3.4;

    /// <summary>How much of what lies behind is hidden: 1 all, 0 nothing.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>Whether only the outline is drawn.</summary>
    public bool IsHollow { get; init; }

    /// <summary>What is said where the pointer rests on a point; empty, or one for each.</summary>
    public ImmutableArray<string> Tooltips { get; init; } = [];

    internal override void Extend(Extent x, Extent y)
    {
        x.Add(X.AsSpan());
        y.Add(Y.AsSpan());
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        canvas.OpenGroup(Paint(canvas));
        for (int i = 0; i < X.Length; i++)
        {
            double x = plot.AtX(X[i]), y = plot.AtY(Y[i]);
            if (double.IsFinite(x) && double.IsFinite(y) && plot.Shows(x, y, 0.5))
            {
                canvas.Raw(PointShape.Element(Style, x, y, Size, i < Tooltips.Length ? Tooltips[i] : ""));
                canvas.Raw("\n");
            }
        }

        canvas.CloseGroup();
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y)
    {
        canvas.OpenGroup(Paint(canvas));
        canvas.Raw(PointShape.Element(Style, x + 7, y, Math.Clamp(Size, 3.4, 5)));
        canvas.CloseGroup();
    }

    private string Paint(SvgCanvas canvas) => IsHollow
        ? $"fill=\"none\" stroke=\"{canvas.Colour(Colour)}\" stroke-width=\"0.9\""
        : $"fill=\"{canvas.Colour(Colour)}\"" + (Opacity < 1 ? $" fill-opacity=\"{SvgCanvas.Number(Opacity)}\"" : "");
}
