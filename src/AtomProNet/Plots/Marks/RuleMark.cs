using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>A line that helps reading: the diagonal of equality, a limit, a zero. It does not widen the range of an axis.</summary>
public sealed record RuleMark : Mark
{
    private RuleMark(double? x, double? y, double factor = 1) => (X, Y, Factor) = (x, y, factor);

    /// <summary>Where it stands on the x axis; null for one that does not stand upright.</summary>
    public double? X { get; }

    /// <summary>Where it stands on the y axis; null for one that does not lie.</summary>
    public double? Y { get; }

    /// <summary>y/x of a diagonal.</summary>
    public double Factor { get; }

    /// <summary>Whether it is dashed.</summary>
    public bool IsDashed { get; init; } = true;

    /// <summary>Whether it has the colour of its style instead of that of the axes.</summary>
    public bool IsColoured { get; init; }

    /// <summary>The diagonal y = x; with a factor y = factor · x.</summary>
    public static RuleMark Diagonal(double factor = 1) => new(null, null, factor);

    /// <summary>A line across at a y.</summary>
    public static RuleMark Horizontal(double y) => new(null, y);

    /// <summary>An upright line at an x.</summary>
    public static RuleMark Vertical(double x) => new(x, null);

    internal override void Extend(Extent x, Extent y)
    {
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        if (X is { } x)
        {
            double at = plot.AtX(x);
            if (plot.Shows(at, plot.Top, 0.01))
            {
                canvas.Line(at, plot.Bottom, at, plot.Top, Paint, 0.6, Dashes);
            }
        }
        else if (Y is { } y)
        {
            double at = plot.AtY(y);
            if (plot.Shows(plot.Left, at, 0.01))
            {
                canvas.Line(plot.Left, at, plot.Right, at, Paint, 0.6, Dashes);
            }
        }
        else
        {
            DrawDiagonal(plot, canvas);
        }
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y) => canvas.Line(x, y, x + 14, y, Paint, 0.6, Dashes);

    private FigureColour Paint => IsColoured ? Colour : FigureColour.Muted;

    private string Dashes => IsDashed ? " stroke-dasharray=\"3 2\"" : "";

    // y = f·x is straight where both axes are of one kind, and only there it is drawn.
    private void DrawDiagonal(Plot plot, SvgCanvas canvas)
    {
        if (plot.X.IsLogarithmic != plot.Y.IsLogarithmic)
        {
            return;
        }

        double low = Math.Max(plot.X.Low, plot.Y.Low / Factor), high = Math.Min(plot.X.High, plot.Y.High / Factor);
        if (low < high)
        {
            canvas.Line(plot.AtX(low), plot.AtY(low * Factor), plot.AtX(high), plot.AtY(high * Factor), Paint, 0.6, Dashes);
        }
    }
}
