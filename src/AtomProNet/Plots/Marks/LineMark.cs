using System.Collections.Immutable;
using System.Text;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>A line through points in their order. Where y is NaN, or not positive on a logarithmic axis, the line has a gap.</summary>
public sealed record LineMark : Mark
{
    /// <summary>A line through points.</summary>
    /// <param name="x">Their places along the x axis.</param>
    /// <param name="y">As many along the y axis.</param>
    public LineMark(ImmutableArray<double> x, ImmutableArray<double> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        (X, Y) = (x, y);
    }

    /// <summary>Places along the x axis.</summary>
    public ImmutableArray<double> X { get; }

    /// <summary>Places along the y axis.</summary>
    public ImmutableArray<double> Y { get; }

    /// <summary>The width of the line, pt.</summary>
    public double Width { get; init; } = 1.2;

    /// <summary>Whether the line is dashed as its style is; the first style is not.</summary>
    public bool IsDashed { get; init; } = true;

    /// <summary>Whether it goes in steps, first along x and then along y, as the distribution of few values does.</summary>
    public bool IsStepped { get; init; }

    internal override void Extend(Extent x, Extent y)
    {
        x.Add(X.AsSpan());
        y.Add(Y.AsSpan());
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        var path = new StringBuilder();
        bool isDown = false;
        double lastY = 0;
        foreach ((double x, double y) in LineThinning.Thin(plot, X, Y))
        {
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                isDown = false;
                continue;
            }

            if (isDown && IsStepped)
            {
                path.Append('L').Append(SvgCanvas.Number(x)).Append(' ').Append(SvgCanvas.Number(lastY));
            }

            path.Append(isDown ? 'L' : 'M').Append(SvgCanvas.Number(x)).Append(' ').Append(SvgCanvas.Number(y));
            isDown = true;
            lastY = y;
        }

        canvas.Path(path.ToString(), Paint(canvas));
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y) => canvas.Path($"M{SvgCanvas.Number(x)} {SvgCanvas.Number(y)}h14", Paint(canvas));

    private string Paint(SvgCanvas canvas) =>
        $"fill=\"none\" stroke=\"{canvas.Colour(Colour)}\" stroke-width=\"{SvgCanvas.Number(Width)}\" stroke-linejoin=\"round\"{(IsDashed ? PointShape.Dashes(Style) : "")}";
}
