using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Pages;
using AtomProNet.Plots.Scales;

namespace AtomProNet.Evaluation.Reports;

/// <summary>The cumulative distribution of absolute errors on a logarithmic axis, with the percentiles marked: all models in one figure.</summary>
internal static class CumulativeErrorFigures
{
    /// <summary>With fewer groups a band would cover the whole panel and tell nothing.</summary>
    public const int LeastGroups = 5;

    /// <summary>The panel; null where no error can be shown on a logarithmic axis.</summary>
    public static Panel? PanelOf(ImmutableArray<MeasuredModel> models, GroupBootstrap bootstrap)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>();
        var labels = ImmutableArray.CreateBuilder<Mark>();
        double lowest = double.PositiveInfinity, highest = 0;
        foreach (MeasuredModel model in models)
        {
            (MlipError error, int style, ErrorCurve curve) = (model.Error, model.Style, model.Curve);
            int first = curve.Errors.ToList().FindIndex(e => e > 0);
            if (first < 0)
            {
                continue;
            }

            // Errors that vanish by symmetry tell nothing of the model, and would take most of the axis.
            double usual = curve.Errors[curve.Shares.ToList().FindIndex(s => s >= 80)], low = Math.Max(curve.Errors[first], usual / 1000);
            (lowest, highest) = (Math.Min(lowest, low), Math.Max(highest, curve.Errors[^1]));
            ImmutableArray<double> at = [.. Enumerable.Range(0, 61).Select(i => low * Math.Pow(curve.Errors[^1] / low, i / 60.0)).Distinct()];
            if (error.ByGroup.Length >= LeastGroups && bootstrap.CurveBand(error, at.AsSpan()) is { } band)
            {
                marks.Add(new BandMark(at, band.Low, band.High) { Style = style });
            }

            marks.Add(new LineMark(curve.Errors, curve.Shares) { Style = style, Name = models.Length > 1 ? model.Name : null, Width = 1.4 });
            ImmutableArray<ErrorPercentile> percentiles = [.. error.Percentiles.Where(p => p.Value > 0)];
            labels.Add(new PointMark([.. percentiles.Select(p => p.Value)], [.. percentiles.Select(p => p.Percent)])
            {
                Style = style,
                Tooltips = [.. percentiles.Select(p => $"{model.Name}: {p} {error.Unit}")],
            });
            // Beside several curves there is no room for numbers; the table below has them.
            labels.AddRange(models.Length > 1 ? [] : percentiles.Select(p => new LabelMark(p.Value, p.Percent, ReportTable.Significant(p.Value, 3), LabelSide.BelowRight)));
        }

        if (highest == 0)
        {
            return null;
        }

        MlipError any = models[0].Error;
        ImmutableArray<double> percents = [.. any.Percentiles.Select(p => p.Percent).Distinct().Order()];
        return new(
            Axis.Logarithmic($"absolute {QuantityText.Short(any.Quantity)} error ({any.Unit})", lowest / 1.15, highest * 1.15),
            Axis.Linear("cumulative share (%)", 0, 100) with { FixedTicks = Ticks(percents) },
            [.. percents.Select(RuleMark.Horizontal), .. marks, .. labels])
        { HasGrid = false };
    }

    /// <summary>The percentiles themselves stand on the axis, where they have room beside each other.</summary>
    private static ImmutableArray<Tick> Ticks(ImmutableArray<double> percents)
    {
        double[] all = [.. percents.Concat([0, 100]).Distinct().Order()];
        bool haveRoom = percents.Length > 0 && all.Zip(all.Skip(1), (a, b) => b - a).Min() >= 8;
        return haveRoom ? [.. all.Select(p => new Tick(p, p.ToString("0.##", CultureInfo.InvariantCulture)))] : [];
    }
}
