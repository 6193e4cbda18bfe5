using System.Collections.Immutable;
using AtomProNet.Plots.Drawing;
using AtomProNet.Plots.Scales;

namespace AtomProNet.Plots;

/// <summary>How the values of an axis are spread over its length.</summary>
public enum AxisKind
{
    /// <summary>Equal steps are equal differences.</summary>
    Linear,
    /// <summary>Equal steps are equal factors; what is not positive is not drawn.</summary>
    Logarithmic,
    /// <summary>One place a name: values are 0 for the first name, 1 for the second.</summary>
    Category,
}

/// <summary>One axis of a panel. Its range is that of what is drawn, with a margin, unless it is given.</summary>
/// <param name="Label">What it shows, with the unit; empty for none.</param>
/// <param name="Kind">How values are spread.</param>
public sealed record Axis(string Label, AxisKind Kind = AxisKind.Linear)
{
    /// <summary>Where it begins; null: where the data do.</summary>
    public double? From { get; init; }

    /// <summary>Where it ends; null: where the data do.</summary>
    public double? To { get; init; }

    /// <summary>The names of a category axis.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>The distance of two names below each other, in heights of their font: more where several marks stand beside a name.</summary>
    public double LineHeight { get; init; } = 1.75;

    /// <summary>Whether values are counts, so that ticks stand at whole numbers only.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Ticks at places of one's own, such as the percentiles of a distribution; default: round numbers.</summary>
    public ImmutableArray<Tick> FixedTicks { get; init; } = [];

    /// <summary>A linear axis.</summary>
    public static Axis Linear(string label, double? from = null, double? to = null) => new(label) { From = from, To = to };

    /// <summary>A logarithmic axis.</summary>
    public static Axis Logarithmic(string label, double? from = null, double? to = null) => new(label, AxisKind.Logarithmic) { From = from, To = to };

    /// <summary>An axis of names.</summary>
    public static Axis Category(string label, IEnumerable<string> names) => new(label, AxisKind.Category) { Categories = [.. names] };

    /// <summary>The scale for what is drawn.</summary>
    internal Scale ScaleOf(Extent extent, bool isVertical)
    {
        switch (Kind)
        {
            case AxisKind.Category:
                return Scale.Category(Categories, isReversed: isVertical);
            case AxisKind.Logarithmic:
                (double low, double high) = extent.PositiveRange(0.04);
                return Scale.Logarithmic(From is > 0 ? From.Value : To is > 0 ? Math.Min(low, To.Value) : low, To is > 0 ? To.Value : From is > 0 ? Math.Max(high, From.Value) : high);
            default:
                (low, high) = extent.Range(0.04);
                return Scale.Linear(From ?? Math.Min(low, To ?? low), To ?? Math.Max(high, From ?? high));
        }
    }

    /// <summary>The ticks for about so many labels.</summary>
    internal ImmutableArray<Tick> TicksOf(Scale scale, int about)
    {
        if (!FixedTicks.IsEmpty)
        {
            return [.. FixedTicks.Where(t => scale.Position(t.Value) is >= -1e-9 and <= 1 + 1e-9)];
        }

        ImmutableArray<Tick> ticks = scale.Ticks(about);
        return IsWhole && Kind == AxisKind.Linear ? [.. ticks.Where(t => t.Value == Math.Round(t.Value)).Select(t => t with { Label = t.Label.Split('.')[0] })] : ticks;
    }
}
