using System.Collections.Immutable;

namespace AtomProNet.Plots.Marks;

/// <summary>Points as points where they are few, as a density where they are many.</summary>
public static class PointCloud
{
    /// <summary>So many points are still told apart.</summary>
    public const int MostPoints = 1200;

    /// <summary>The mark for points.</summary>
    /// <param name="x">Their places along the x axis.</param>
    /// <param name="y">As many along the y axis.</param>
    /// <param name="style">The style in which few points are drawn.</param>
    public static Mark Of(ImmutableArray<double> x, ImmutableArray<double> y, int style = 0) => x.Length <= MostPoints
        ? new PointMark(x, y) { Style = style, Opacity = x.Length > 100 ? 0.55 : 0.85, Size = x.Length > 100 ? 2.6 : 3.6 }
        : new DensityMark(x, y) { Style = style };
}
