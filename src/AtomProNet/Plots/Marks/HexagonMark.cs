using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots.Marks;

/// <summary>The hexagons of a <see cref="DensityMark"/>, counted for the place where they are drawn.</summary>
internal sealed record HexagonMark : Mark
{
    internal const double KeyFont = 6.5, KeyStart = 56;
    private const double Bar = 44;
    private readonly List<(double X, double Y, int Count)> cells;
    private readonly double size;

    private HexagonMark(List<(double X, double Y, int Count)> cells, double size)
    {
        (this.cells, this.size) = (cells, size);
        Highest = cells.Count == 0 ? 0 : cells.Max(c => c.Count);
    }

    /// <summary>The number of points in the fullest hexagon.</summary>
    public int Highest { get; }

    /// <summary>The middle of each hexagon that holds points, pt, and how many.</summary>
    public IReadOnlyList<(double X, double Y, int Count)> Cells => cells;

    /// <summary>
    /// Counts the points. The middles of regular hexagons form two rectangular grids, the second moved by half a step in either
    /// direction; a point belongs to the nearest middle, which is among the nearest of each grid.
    /// </summary>
    internal static HexagonMark Of(DensityMark mark, Plot plot)
    {
        double dx = mark.Size, dy = mark.Size * Math.Sqrt(3);
        int columns = (int)Math.Ceiling(plot.Width / dx) + 2, rows = (int)Math.Ceiling(plot.Height / dy) + 2;
        var counts = new int[2 * columns * rows];
        ReadOnlySpan<double> xs = mark.X.AsSpan(), ys = mark.Y.AsSpan();
        for (int i = 0; i < xs.Length; i++)
        {
            double x = plot.AtX(xs[i]) - plot.Left, y = plot.AtY(ys[i]) - plot.Top;
            // Also false for what has no place.
            if (!(x >= -0.01 && x <= plot.Width + 0.01 && y >= -0.01 && y <= plot.Height + 0.01))
            {
                continue;
            }

            double u = x / dx, v = y / dy;
            int column = (int)Math.Round(u), row = (int)Math.Round(v), column2 = (int)Math.Floor(u), row2 = (int)Math.Floor(v);
            double du = u - column, dv = v - row, du2 = u - column2 - 0.5, dv2 = v - row2 - 0.5;
            // Lengths in units of dx²: a step down is √3 steps across.
            bool isFirst = du * du + 3 * dv * dv <= du2 * du2 + 3 * dv2 * dv2;
            int cell = isFirst ? row * columns + column : columns * rows + (row2 + 1) * columns + column2 + 1;
            counts[cell]++;
        }

        var cells = new List<(double, double, int)>();
        for (int cell = 0; cell < counts.Length; cell++)
        {
            if (counts[cell] > 0)
            {
                bool isFirst = cell < columns * rows;
                int at = isFirst ? cell : cell - columns * rows;
                double shift = isFirst ? 0 : -0.5;
                cells.Add((plot.Left + (at % columns + shift) * dx, plot.Top + (at / columns + shift) * dy, counts[cell]));
            }
        }

        return new(cells, mark.Size) { Name = mark.Name, Style = mark.Style };
    }

    /// <summary>The colour of a number of points: equal steps are equal factors.</summary>
    internal static int Level(int count, int highest) =>
        highest <= 1 ? 0 : (int)Math.Round(Math.Log(count) / Math.Log(highest) * (FigureColour.DensityCount - 1));

    internal override void Extend(Extent x, Extent y)
    {
    }

    internal override void Draw(Plot plot, SvgCanvas canvas)
    {
        var levels = new StringBuilder?[FigureColour.DensityCount];
        double half = size / 2, side = size / Math.Sqrt(3);
        string outline = string.Create(CultureInfo.InvariantCulture, $"l{half:0.##} {side / 2:0.##}v{side:0.##}l{-half:0.##} {side / 2:0.##}l{-half:0.##} {-side / 2:0.##}v{-side:0.##}z");
        foreach ((double x, double y, int count) in CollectionsMarshal.AsSpan(cells))
        {
            (levels[Level(count, Highest)] ??= new()).Append('M').Append(SvgCanvas.Number(x)).Append(' ').Append(SvgCanvas.Number(y - side)).Append(outline);
        }

        for (int level = 0; level < levels.Length; level++)
        {
            // A hair of outline, so that nothing shines through between neighbours.
            string colour = canvas.Colour(FigureColour.Density(level));
            canvas.Path(levels[level]?.ToString() ?? "", $"fill=\"{colour}\" stroke=\"{colour}\" stroke-width=\"0.15\"");
        }
    }

    internal override void DrawKey(SvgCanvas canvas, double x, double y)
    {
        const double Step = Bar / FigureColour.DensityCount;
        canvas.Text(x, y + 0.36 * KeyFont, "1", KeyFont);
        for (int level = 0; level < FigureColour.DensityCount && Highest > 1; level++)
        {
            canvas.Rectangle(x + 7 + level * Step, y - 3, Step + 0.1, 6, $"fill=\"{canvas.Colour(FigureColour.Density(level))}\"");
        }

        canvas.Text(x + KeyStart - 2, y + 0.36 * KeyFont, Highest.ToString(CultureInfo.InvariantCulture), KeyFont);
    }

    internal override double KeyWidth(double fontSize) => KeyStart + TextWidth.Of(Highest.ToString(CultureInfo.InvariantCulture), KeyFont);
}
