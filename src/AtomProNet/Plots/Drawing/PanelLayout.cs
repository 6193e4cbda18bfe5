using System.Collections.Immutable;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Scales;

namespace AtomProNet.Plots.Drawing;

/// <summary>
/// What a panel needs around its plot: the room for ticks, labels, title and legend, pt, found from the widths of the texts, so that
/// no two of them touch.
/// </summary>
internal sealed class PanelLayout
{
    public const double TickLength = 2.5, MinorTickLength = 1.4, TickGap = 2, LegendGap = 9, KeyGap = 3;
    private readonly double font;

    private PanelLayout(Panel panel, double font, bool showsX, bool hasLetter)
    {
        (Panel, this.font, ShowsX, HasLetter) = (panel, font, showsX, hasLetter);
        AxisFont = font + 0.5;
        LegendFont = font;
    }

    public Panel Panel { get; }

    /// <summary>Whether the x axis has labels; in a column of panels with one axis only the lowest has.</summary>
    public bool ShowsX { get; }

    /// <summary>Whether a letter stands above it.</summary>
    public bool HasLetter { get; }

    public double AxisFont { get; }

    public double LegendFont { get; }

    public double TickFont => font;

    public required Scale X { get; init; }

    public required Scale Y { get; init; }

    public ImmutableArray<Tick> XTicks { get; private set; } = [];

    public ImmutableArray<Tick> YTicks { get; private set; } = [];

    /// <summary>Whether names below are too wide to stand beside each other.</summary>
    public bool TurnsXLabels { get; private set; }

    public double Left { get; private set; }

    public double Right { get; private set; }

    public double Top { get; private set; }

    public double Bottom { get; private set; }

    /// <summary>The entries of the legend, row by row.</summary>
    public ImmutableArray<ImmutableArray<(Mark Mark, string Label)>> Legend { get; private set; } = [];

    public double LegendRow => LegendFont * 1.45;

    /// <summary>The longest a name on an axis may be before it is cut, pt.</summary>
    public double LongestYLabel { get; private set; }

    /// <summary>Measures a panel that is so wide in all.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="width">The width of its cell, pt.</param>
    /// <param name="height">The height of its plot, pt; null: as its kind needs.</param>
    /// <param name="font">The size of the labels of ticks.</param>
    /// <param name="showsX">Whether its x axis has labels.</param>
    /// <param name="hasLetter">Whether a letter stands above it.</param>
    /// <param name="shared">What other panels draw along the same x axis.</param>
    public static PanelLayout Measure(Panel panel, double width, double? height, double font, bool showsX, bool hasLetter, Extent? shared)
    {
        Extent x = new(), y = new();
        foreach (Mark mark in panel.Marks)
        {
            mark.Extend(x, y);
        }

        if (shared is not null)
        {
            x.Add(shared);
        }

        if (panel.IsSquare)
        {
            x.Add(y);
            y = x;
        }

        var layout = new PanelLayout(panel, font, showsX, hasLetter) { X = panel.X.ScaleOf(x, isVertical: false), Y = panel.Y.ScaleOf(y, isVertical: true) };
        layout.Fit(width, height);
        return layout;
    }

    /// <summary>The height of the plot where nobody said: a square, a line for each name, else somewhat less than its width.</summary>
    public double NaturalHeight(double plotWidth) =>
        Panel.IsSquare ? plotWidth
        : Panel.Y.Kind == AxisKind.Category ? Math.Max(24, Panel.Y.Categories.Length * font * Panel.Y.LineHeight)
        : plotWidth * Panel.Aspect;

    // The room for labels depends on the ticks, and these on the room that is left: twice round is enough.
    private void Fit(double width, double? height)
    {
        LongestYLabel = width * 0.38;
        Left = 40;
        Right = 6;
        for (int round = 0; round < 3; round++)
        {
            double plotWidth = Math.Max(20, width - Left - Right), plotHeight = height ?? NaturalHeight(plotWidth);
            int most = Panel.IsSquare ? 6 : 9;
            XTicks = FittingTicks(Panel.X, X, plotWidth, most, isVertical: false);
            YTicks = FittingTicks(Panel.Y, Y, plotHeight, Panel.IsSquare ? 6 : 7, isVertical: true);
            if (Panel.IsSquare && X.Low == Y.Low && X.High == Y.High && X.IsLogarithmic == Y.IsLogarithmic)
            {
                // What is compared has the same ticks on both axes: those for which there is room on both.
                YTicks = XTicks;
            }

            TurnsXLabels = Panel.X.Kind == AxisKind.Category && !AreApart(XTicks, X, plotWidth, isVertical: false);
            double yLabels = YTicks.Select(t => Math.Min(LabelWidth(t), LongestYLabel)).DefaultIfEmpty(0).Max();
            Left = TickLength + TickGap + yLabels + (Panel.Y.Label.Length > 0 ? AxisFont * 1.5 : 2);
            // The last label below reaches beyond the end of its axis.
            Right = Math.Max(5, XTicks.Where(t => ShowsX && !TurnsXLabels && t.IsMajor).Select(t => LabelWidth(t) / 2 - (1 - X.Position(t.Value)) * plotWidth + 1).DefaultIfEmpty(0).Max());
            Left = Math.Max(Left, XTicks.Where(t => ShowsX && !TurnsXLabels && t.IsMajor).Select(t => LabelWidth(t) / 2 - X.Position(t.Value) * plotWidth + 1).DefaultIfEmpty(0).Max());
            Legend = LegendRows(plotWidth);
        }

        double xLabels = TurnsXLabels ? XTicks.Max(t => Math.Min(LabelWidth(t), LongestXLabel)) : font * 1.25;
        Bottom = TickLength + TickGap + (ShowsX ? xLabels + (Panel.X.Label.Length > 0 ? AxisFont * 1.5 : 2) : 2);
        Top = 4 + (Panel.Title is null && !HasLetter ? 0 : AxisFont * 1.5) + Legend.Length * LegendRow + (Legend.Length > 0 ? 3 : 0);
    }

    /// <summary>The longest a name below a panel may be before it is cut, pt.</summary>
    public double LongestXLabel => 80;

    /// <summary>As many ticks as have room beside each other.</summary>
    private ImmutableArray<Tick> FittingTicks(Axis axis, Scale scale, double length, int most, bool isVertical)
    {
        ImmutableArray<Tick> ticks = [];
        for (int about = Math.Clamp((int)(length / (isVertical ? 11 : 21)), 1, most); about >= 1; about--)
        {
            ticks = axis.TicksOf(scale, about);
            if (axis.Kind == AxisKind.Category || AreApart(ticks, scale, length, isVertical))
            {
                return ticks;
            }
        }

        // Of labels for which there is no room every second, third … stays.
        for (int every = 2; every <= ticks.Length; every++)
        {
            int number = 0;
            ImmutableArray<Tick> fewer = [.. ticks.Select(t => !t.IsMajor || number++ % every == 0 ? t : t with { Label = "", Exponent = "" })];
            if (AreApart(fewer, scale, length, isVertical))
            {
                return fewer;
            }
        }

        return [.. ticks.Take(1)];
    }

    private bool AreApart(ImmutableArray<Tick> ticks, Scale scale, double length, bool isVertical)
    {
        Tick[] labelled = [.. ticks.Where(t => t.IsMajor).OrderBy(t => scale.Position(t.Value))];
        for (int i = 1; i < labelled.Length; i++)
        {
            double distance = (scale.Position(labelled[i].Value) - scale.Position(labelled[i - 1].Value)) * length;
            double needed = isVertical ? font * 1.25 + 1 : (LabelWidth(labelled[i]) + LabelWidth(labelled[i - 1])) / 2 + 0.9 * font;
            if (distance < needed)
            {
                return false;
            }
        }

        return true;
    }

    private double LabelWidth(Tick tick) => tick.IsMajor ? TextWidth.Of(tick.Label, font) + TextWidth.Of(tick.Exponent, font * 0.72) : 0;

    private ImmutableArray<ImmutableArray<(Mark, string)>> LegendRows(double plotWidth)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<(Mark, string)>>();
        var row = ImmutableArray.CreateBuilder<(Mark, string)>();
        double used = 0;
        foreach (Mark mark in Panel.Marks.Where(m => m.Name is not null))
        {
            double key = mark.KeyWidth(LegendFont) + KeyGap;
            string label = TextWidth.Cut(mark.Name!, LegendFont, Math.Max(10, plotWidth - key));
            double width = key + TextWidth.Of(label, LegendFont);
            if (used > 0 && used + LegendGap + width > plotWidth)
            {
                rows.Add(row.ToImmutable());
                row.Clear();
                used = 0;
            }

            row.Add((mark, label));
            used += (used > 0 ? LegendGap : 0) + width;
        }

        if (row.Count > 0)
        {
            rows.Add(row.ToImmutable());
        }

        return rows.ToImmutable();
    }
}
