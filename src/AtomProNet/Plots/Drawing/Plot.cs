using AtomProNet.Plots.Scales;

namespace AtomProNet.Plots.Drawing;

/// <summary>The area of a panel in which data are drawn: where it lies on the canvas, pt, and its two scales.</summary>
internal sealed record Plot(double Left, double Top, double Width, double Height, Scale X, Scale Y)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    /// <summary>Where a value stands on the canvas; NaN for what has no place.</summary>
    public double AtX(double value) => Left + Width * X.Position(value);

    /// <summary>Where a value stands on the canvas; NaN for what has no place.</summary>
    public double AtY(double value) => Bottom - Height * Y.Position(value);

    /// <summary>Whether a place on the canvas is within the area, or so near to it that a mark there still shows.</summary>
    public bool Shows(double x, double y, double reach = 0) => x >= Left - reach && x <= Right + reach && y >= Top - reach && y <= Bottom + reach;
}
