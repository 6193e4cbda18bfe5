using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>
/// How many points lie where, as hexagons coloured by the logarithm of their number (D. B. Carr et al., J. Am. Stat. Assoc. 82, 424
/// (1987)). Millions of points make a small file, and a single outlier still shows.
/// </summary>
public sealed record DensityMark : Mark
{
    /// <summary>The density of points.</summary>
    /// <param name="x">Their places along the x axis.</param>
    /// <param name="y">As many along the y axis.</param>
    public DensityMark(ImmutableArray<double> x, ImmutableArray<double> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        (X, Y) = (x, y);
        Name = "points";
    }

    /// <summary>Places along the x axis.</summary>
    public ImmutableArray<double> X { get; }

    /// <summary>Places along the y axis.</summary>
    public ImmutableArray<double> Y { get; }

    /// <summary>The width of a hexagon, pt.</summary>
    public double Size { get; init; } = 3.2;

    internal override void Extend(Extent x, Extent y)
    {
        x.Add(X.AsSpan());
        y.Add(Y.AsSpan());
    }

    internal override Mark Prepare(Plot plot) => HexagonMark.Of(this, plot);

    internal override void Draw(Plot plot, SvgCanvas canvas) => Prepare(plot).Draw(plot, canvas);

    internal override void DrawKey(SvgCanvas canvas, double x, double y)
    {
    }

    // The number itself is known once the hexagons are counted; it is no larger than that of the points.
    internal override double KeyWidth(double fontSize) => HexagonMark.KeyStart + TextWidth.Of(Math.Max(1, X.Length).ToString(CultureInfo.InvariantCulture), HexagonMark.KeyFont);
}
