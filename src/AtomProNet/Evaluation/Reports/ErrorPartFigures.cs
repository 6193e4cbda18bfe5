using System.Collections.Immutable;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Evaluation.Reports;

/// <summary>The errors of each element or group: mean absolute error with its interval, and RMSE as a hollow point.</summary>
internal static class ErrorPartFigures
{
    /// <summary>The errors by element.</summary>
    public static Panel? Species(ImmutableArray<MeasuredModel> models, GroupBootstrap bootstrap)
    {
        ImmutableArray<string> names = [.. models.SelectMany(m => m.Error.BySpecies).Select(p => p.Name).Distinct()];
        return names.IsEmpty ? null : PanelOf(models, "", names, error => error.BySpecies, error => bootstrap.IntervalsBySpecies(error));
    }

    /// <summary>The errors by group, the largest first; null where there is one group only.</summary>
    public static Panel? Groups(ImmutableArray<MeasuredModel> models, int most, out int left)
    {
        ImmutableArray<string> names = [.. models.SelectMany(m => m.Error.ByGroup).GroupBy(p => p.Name, StringComparer.Ordinal).OrderByDescending(g => g.Max(p => p.MAE)).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];
        left = Math.Max(0, names.Length - most);
        return names.Length < 2 ? null : PanelOf(models, "", [.. names.Take(most)], error => error.ByGroup, _ => []);
    }

    private static Panel PanelOf(ImmutableArray<MeasuredModel> models, string label, ImmutableArray<string> names, Func<MlipError, ImmutableArray<ErrorPart>> parts, Func<MlipError, ImmutableArray<ErrorIntervals>> intervals)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>();
        MlipError any = models[0].Error;
        for (int i = 0; i < models.Length; i++)
        {
            (string model, MlipError error, int style) = models[i];
            // Models stand beside each other around the line of the name.
            double shift = models.Length == 1 ? 0 : (i - (models.Length - 1) / 2.0) * Math.Min(0.26, 0.7 / models.Length);
            ImmutableArray<ErrorPart> own = parts(error);
            ImmutableArray<double> places = [.. own.Select(p => (double)names.IndexOf(p.Name))];
            ImmutableArray<ErrorIntervals> limits = intervals(error);
            int[] shown = [.. Enumerable.Range(0, own.Length).Where(k => places[k] >= 0)];
            ImmutableArray<double> at = [.. shown.Select(k => places[k] + shift)];
            int[] limited = [.. shown.Where(k => k < limits.Length && limits[k].MAE is not null)];
            marks.Add(new ErrorBarMark([.. limited.Select(k => places[k] + shift)], [.. limited.Select(k => limits[k].MAE!.Low)], [.. limited.Select(k => limits[k].MAE!.High)]) { Style = style, IsHorizontal = true });
            marks.Add(new PointMark([.. shown.Select(k => own[k].MAE ?? double.NaN)], at)
            {
                Style = style,
                Size = 4,
                Name = models.Length > 1 ? model : "MAE",
                Tooltips = [.. shown.Select(k => $"{model}, {own[k]} {error.Unit}")],
            });
            marks.Add(new PointMark([.. shown.Select(k => own[k].RMSE ?? double.NaN)], at) { Style = style, Size = 4, IsHollow = true, Name = models.Length > 1 ? null : "RMSE" });
        }

        // Models of which one is ten times better than another would lie upon each other on a linear axis.
        double[] values = [.. models.SelectMany(m => parts(m.Error)).Where(p => names.Contains(p.Name)).SelectMany(p => new[] { p.MAE, p.RMSE }).OfType<double>().Where(v => v > 0)];
        string title = $"{QuantityText.Short(any.Quantity)} error ({any.Unit})";
        Axis x = values.Length > 1 && values.Max() > 20 * values.Min() ? Axis.Logarithmic(title) : Axis.Linear(title, 0);
        return new(x, Axis.Category(label, names) with { LineHeight = Math.Max(1.75, 0.9 + 0.6 * models.Length) }, marks.ToImmutable());
    }
}
