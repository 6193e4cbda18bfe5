using System.Collections.Immutable;

namespace AtomProNet.Plots.Drawing;

/// <summary>
/// Of the points of a long line those that show: in each column of a fraction of a point the first, the lowest, the highest and the
/// last. The picture is the same (U. Jugel et al., "M4", Proc. VLDB Endow. 7, 797 (2014)).
/// </summary>
internal static class LineThinning
{
    private const double Column = 0.2;

    /// <summary>The points on the canvas; a place that is no number is a gap.</summary>
    public static IEnumerable<(double X, double Y)> Thin(Plot plot, ImmutableArray<double> xs, ImmutableArray<double> ys)
    {
        if (xs.Length <= 1000)
        {
            for (int i = 0; i < xs.Length; i++)
            {
                yield return (plot.AtX(xs[i]), plot.AtY(ys[i]));
            }

            yield break;
        }

        var kept = new (int Order, double X, double Y)[4];
        long column = 0;
        bool isOpen = false;
        for (int i = 0; i < xs.Length; i++)
        {
            (int Order, double X, double Y) p = (i, plot.AtX(xs[i]), plot.AtY(ys[i]));
            bool isGap = !double.IsFinite(p.X) || !double.IsFinite(p.Y);
            long at = isGap ? 0 : (long)Math.Floor(Math.Clamp(p.X, -1e6, 1e6) / Column);
            if (isOpen && (isGap || at != column))
            {
                foreach ((double, double) point in InOrder(kept))
                {
                    yield return point;
                }

                isOpen = false;
            }

            if (isGap)
            {
                yield return (double.NaN, double.NaN);
                continue;
            }

            if (!isOpen)
            {
                Array.Fill(kept, p);
                column = at;
                isOpen = true;
            }

            kept[1] = p.Y < kept[1].Y ? p : kept[1];
            kept[2] = p.Y > kept[2].Y ? p : kept[2];
            kept[3] = p;
        }

        if (isOpen)
        {
            foreach ((double, double) point in InOrder(kept))
            {
                yield return point;
            }
        }
    }

    private static IEnumerable<(double, double)> InOrder((int Order, double X, double Y)[] kept) => kept.DistinctBy(p => p.Order).OrderBy(p => p.Order).Select(p => (p.X, p.Y)).ToArray();
}
