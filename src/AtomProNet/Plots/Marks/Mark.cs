using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>Something that is drawn in a panel: points, a line, bars … . Marks are drawn in their order, the later ones on top.</summary>
public abstract record Mark
{
    /// <summary>What the legend calls it; null: it does not stand there.</summary>
    public string? Name { get; init; }

    /// <summary>Which of the eight styles (colour, shape of points, dashes of lines) it is drawn in; one a series.</summary>
    public int Style { get; init; }

    /// <summary>The colour of its style.</summary>
    internal FigureColour Colour => FigureColour.Series(Style);

    /// <summary>Tells which values it needs to show.</summary>
    internal abstract void Extend(Extent x, Extent y);

    /// <summary>The mark as it is drawn once its place is known: what has to be counted first is counted here.</summary>
    internal virtual Mark Prepare(Plot plot) => this;

    /// <summary>Draws it.</summary>
    internal abstract void Draw(Plot plot, SvgCanvas canvas);

    /// <summary>Draws its sign in the legend, around the middle of a line that begins at x.</summary>
    internal abstract void DrawKey(SvgCanvas canvas, double x, double y);

    /// <summary>The width of its sign in the legend, pt.</summary>
    internal virtual double KeyWidth(double fontSize) => 14;

    internal static void ThrowUnlessEqual(int first, int second)
    {
        if (first != second)
        {
            throw new ArgumentException(FormattableString.Invariant($"A mark needs as many values along y as along x, not {second} and {first}."));
        }
    }
}
