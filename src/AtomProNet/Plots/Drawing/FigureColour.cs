using System.Collections.Immutable;

namespace AtomProNet.Plots.Drawing;

/// <summary>A colour by what it is for; a figure on paper and a page in light or dark have each their own value of it.</summary>
internal readonly record struct FigureColour
{
    /// <summary>How many colours tell series apart.</summary>
    public const int SeriesCount = 8;

    /// <summary>How many steps the density of points has.</summary>
    public const int DensityCount = 12;

    private FigureColour(string token, string light, string dark) => (Token, Light, Dark) = (token, light, dark);

    /// <summary>Behind everything.</summary>
    public static FigureColour Paper { get; } = new("paper", "#ffffff", "#16181d");

    /// <summary>Labels.</summary>
    public static FigureColour Ink { get; } = new("ink", "#1a1a1a", "#e8e8e8");

    /// <summary>Axes, and lines that help reading.</summary>
    public static FigureColour Muted { get; } = new("muted", "#6b6b6b", "#9aa0a8");

    /// <summary>The grid.</summary>
    public static FigureColour Grid { get; } = new("grid", "#e6e6e6", "#2c3038");

    // M. Okabe and K. Ito, "Color Universal Design" (2002), in the order in which the first ones are farthest apart; lighter on dark ground.
    private static readonly ImmutableArray<(string Light, string Dark)> SeriesValues =
    [
        ("#0072b2", "#56a9e8"), ("#d55e00", "#ff8a3d"), ("#009e73", "#2fc79b"), ("#cc79a7", "#e79cc6"),
        ("#e69f00", "#f2bd3a"), ("#56b4e9", "#9ad6ff"), ("#5b5b5b", "#c4c4c4"), ("#8c510a", "#c9965a"),
    ];

    // Viridis (S. van der Walt and N. Smith, 2015), without its palest end on white ground and without its darkest on dark.
    private static readonly ImmutableArray<(double R, double G, double B)> Viridis =
    [
        (68, 1, 84), (72, 36, 117), (65, 68, 135), (53, 95, 141), (42, 120, 142), (33, 145, 140), (34, 168, 132), (68, 191, 112), (122, 209, 81), (189, 223, 38), (253, 231, 37),
    ];

    /// <summary>Its name among the variables of a page's style.</summary>
    public string Token { get; }

    /// <summary>Its value on paper and on a light page.</summary>
    public string Light { get; }

    /// <summary>Its value on a dark page.</summary>
    public string Dark { get; }

    /// <summary>Every colour there is.</summary>
    public static IEnumerable<FigureColour> All => [Paper, Ink, Muted, Grid, .. Enumerable.Range(0, SeriesCount).Select(Series), .. Enumerable.Range(0, DensityCount).Select(Density)];

    /// <summary>The colour of a series.</summary>
    public static FigureColour Series(int index)
    {
        int i = (index % SeriesCount + SeriesCount) % SeriesCount;
        return new($"s{i}", SeriesValues[i].Light, SeriesValues[i].Dark);
    }

    /// <summary>The colour of a density, from 0 (few) to <see cref="DensityCount"/> − 1 (many).</summary>
    public static FigureColour Density(int level)
    {
        double t = Math.Clamp(level, 0, DensityCount - 1) / (DensityCount - 1.0);
        return new($"d{level}", OfViridis(0.93 * t), OfViridis(0.25 + 0.75 * t));
    }

    private static string OfViridis(double t)
    {
        double at = t * (Viridis.Length - 1);
        int i = Math.Min((int)at, Viridis.Length - 2);
        double f = at - i;
        return FormattableString.Invariant($"#{Mix(v => v.R):x2}{Mix(v => v.G):x2}{Mix(v => v.B):x2}");

        int Mix(Func<(double R, double G, double B), double> part) => (int)Math.Round(part(Viridis[i]) * (1 - f) + part(Viridis[i + 1]) * f);
    }
}
