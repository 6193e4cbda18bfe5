using System.Collections.Immutable;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Pages;

namespace AtomProNet.Evaluation.Reports;

/// <summary>Prediction against reference, a figure a model and quantity.</summary>
internal static class ParityFigures
{
    /// <summary>The panel of one model.</summary>
    public static Panel PanelOf(MeasuredModel model, bool namesModel)
    {
        MlipError error = model.Error;
        string words = QuantityText.Short(error.Quantity), unit = error.Unit;
        ParityPoints points = error.Points!;
        (double low, double high, _) = Range(points);
        ImmutableArray<Mark> marks = [RuleMark.Diagonal(), PointCloud.Of(points.Reference, points.Prediction, model.Style), .. WorstPoints(error)];
        return new(Axis.Linear($"reference {words} ({unit})", low, high), Axis.Linear($"predicted {words} ({unit})", low, high), marks)
        {
            IsSquare = true,
            Title = namesModel ? model.Name : null,
            Note =
            [
                $"MAE {ReportTable.Significant(error.MAE!.Value, 3)} {unit}",
                $"RMSE {ReportTable.Significant(error.RMSE!.Value, 3)} {unit}",
                .. error.R2 is { } r2 ? [$"R² {ReportTable.Significant(r2, 4)}"] : ImmutableArray<string>.Empty,
            ],
        };
    }

    /// <summary>What its caption says of points that the axes leave out; empty where there are none.</summary>
    public static string Outside(MlipError error)
    {
        (_, _, long outside) = Range(error.Points!);
        return outside == 0 ? "" : FormattableString.Invariant($" {outside} of {error.Count} predictions lie beyond the axes.");
    }

    /// <summary>
    /// The range of both axes: that of the references, and of the predictions as far as they lie within one more such range on
    /// either side. A model that fails altogether on some frames would press all others into one point.
    /// </summary>
    internal static (double Low, double High, long Outside) Range(ParityPoints points)
    {
        double low = points.Reference.Min(), high = points.Reference.Max(), span = high - low;
        if (!(span > 0))
        {
            // One value only: as wide as the errors are.
            span = points.Prediction.Select(p => Math.Abs(p - low)).Order().ElementAt((points.Prediction.Length - 1) / 2) * 3;
        }

        double least = low - span, most = high + span;
        long outside = 0;
        foreach (double p in points.Prediction)
        {
            if (p >= least && p <= most)
            {
                (low, high) = (Math.Min(low, p), Math.Max(high, p));
            }
            else
            {
                outside++;
            }
        }

        double margin = 0.04 * (high - low);
        return (low - margin, high + margin, outside);
    }

    /// <summary>Rings around the largest error of each of the worst frames, which say where it comes from.</summary>
    private static IEnumerable<Mark> WorstPoints(MlipError error)
    {
        if (error.Frames.Length < 20)
        {
            yield break;
        }

        Dictionary<int, ComparedFrame> frames = error.Frames.ToDictionary(f => f.Index);
        ImmutableArray<int> worst = [.. error.WorstFrames.Take(5).Where(w => frames.ContainsKey(w.Index)).Select(w => LargestOf(frames[w.Index]))];
        if (!worst.IsEmpty)
        {
            yield return new PointMark([.. worst.Select(i => error.Points!.Reference[i])], [.. worst.Select(i => error.Points!.Prediction[i])])
            {
                Style = 1,
                IsHollow = true,
                Size = 6,
                Name = FormattableString.Invariant($"worst {worst.Length} frames"),
                Tooltips = [.. error.WorstFrames.Take(worst.Length).Select(w => w.ToString())],
            };
        }

        int LargestOf(ComparedFrame frame)
        {
            int at = frame.FirstValue;
            for (int i = at; i < frame.FirstValue + frame.ValueCount; i++)
            {
                at = error.AbsoluteErrors[i] > error.AbsoluteErrors[at] ? i : at;
            }

            return at;
        }
    }
}
