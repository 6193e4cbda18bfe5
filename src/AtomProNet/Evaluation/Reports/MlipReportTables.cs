using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots.Pages;

namespace AtomProNet.Evaluation.Reports;

/// <summary>The tables of a report. A page shows some digits of each number, the CSV file all.</summary>
internal static class MlipReportTables
{
    private const int MostRows = 40;

    /// <summary>The statistics of every quantity and model.</summary>
    public static ReportTable Errors(ImmutableArray<ModelErrors> models)
    {
        ImmutableArray<double> percents = Percents(models.SelectMany(m => m.Errors).Select(e => e.Percentiles));
        return new("errors", "Errors", [Text("Model"), Text("Quantity"), Text("Unit"), new("Frames"), new("Values"), .. Statistics(percents)],
            [.. SideBySide(models).Select(p => Row([p.Model.Name, QuantityText.Words(p.Error.Quantity), p.Error.Unit, p.Error.FrameCount, p.Error.Count], p.Error.Statistics, percents))]);
    }

    /// <summary>The confidence intervals of every quantity and model.</summary>
    public static ReportTable Intervals(ImmutableArray<ModelErrors> models, MlipReportOptions options)
    {
        string percent = options.Confidence.ToString("0.###", CultureInfo.InvariantCulture);
        return new("confidence-intervals", $"Confidence intervals, {percent} %", [Text("Model"), Text("Quantity"), Text("Unit"), new("Groups"), .. Interval("MAE"), .. Interval("RMSE"), .. Interval("R²")],
            [.. SideBySide(models).Where(p => p.Error.Count > 0).Select(p =>
            {
                MlipError e = p.Error;
                ErrorIntervals i = options.Bootstrap.Intervals(e);
                return ImmutableArray.Create<object?>(p.Model.Name, QuantityText.Words(e.Quantity), e.Unit, i.GroupCount, e.MAE, i.MAE?.Low, i.MAE?.High, e.RMSE, i.RMSE?.Low, i.RMSE?.High, e.R2, i.R2?.Low, i.R2?.High);
            })]);
    }

    /// <summary>The errors of each element.</summary>
    public static ReportTable? Species(ImmutableArray<ModelErrors> models) => Parts("errors-by-element", "Errors by element", "Element", models, e => e.Quantity is ErrorQuantity.ForceComponent or ErrorQuantity.ForceVector ? e.BySpecies : []);

    /// <summary>The errors of each group.</summary>
    public static ReportTable? Groups(ImmutableArray<ModelErrors> models) => Parts("errors-by-group", "Errors by group", "Group", models, e => QuantityText.Drawn.Contains(e.Quantity) ? e.ByGroup : []);

    /// <summary>The frames with the largest errors and where they come from.</summary>
    public static ReportTable? Worst(ImmutableArray<ModelErrors> models)
    {
        ImmutableArray<ImmutableArray<object?>> rows =
        [
            .. from quantity in QuantityText.Drawn
               from model in models
               from error in model.Errors
               where error.Quantity == quantity
               from frame in error.WorstFrames.Select((f, i) => (Frame: f, Rank: i + 1))
               select ImmutableArray.Create<object?>(model.Name, QuantityText.Words(quantity), frame.Rank, frame.Frame.Maximum, frame.Frame.RMSE, error.Unit, frame.Frame.Index, frame.Frame.Source?.File, frame.Frame.Source?.Step, frame.Frame.Atom, frame.Frame.Formula, frame.Frame.Group, frame.Frame.Id, frame.Frame.Provenance?.ToString()),
        ];
        return rows.IsEmpty ? null : new("worst-frames", "Frames with the largest errors", [Text("Model"), Text("Quantity"), new("Rank"), new("Largest error") { Digits = 4 }, new("RMSE") { Digits = 4 }, Text("Unit"), new("Frame"), Long("File"), new("Step"), new("Atom"), Text("Formula"), Long("Group"), Text("Id"), Long("Descent")], rows);
    }

    /// <summary>The cumulative distributions as they are drawn.</summary>
    public static ReportTable Curves(ErrorQuantity quantity, ImmutableArray<MeasuredModel> models) =>
        new($"{QuantityText.Key(quantity)}-cumulative-error", $"Cumulative error of {QuantityText.Words(quantity)}", [Text("Model"), new("Absolute error", models[0].Error.Unit), new("Share", "%")],
            [.. models.SelectMany(m => m.Curve.Errors.Zip(m.Curve.Shares, (e, s) => ImmutableArray.Create<object?>(m.Name, e, s)))]);

    // The models below each other in each quantity: that is how they are compared.
    private static IEnumerable<(ModelErrors Model, MlipError Error)> SideBySide(ImmutableArray<ModelErrors> models) =>
        models.SelectMany(m => m.Errors.Select(e => (Model: m, Error: e))).OrderBy(p => p.Error.Quantity);

    private static IEnumerable<ReportColumn> Interval(string statistic) =>
        [new(statistic) { Digits = 4 }, new($"{statistic} from") { Digits = 4 }, new($"{statistic} to") { Digits = 4 }];

    private static ReportTable? Parts(string name, string title, string what, ImmutableArray<ModelErrors> models, Func<MlipError, ImmutableArray<ErrorPart>> parts)
    {
        ImmutableArray<double> percents = Percents(models.SelectMany(m => m.Errors).SelectMany(e => parts(e)).Select(p => p.Percentiles));
        ImmutableArray<ImmutableArray<object?>> rows =
        [
            .. from model in models
               from error in model.Errors
               from part in parts(error).OrderByDescending(p => p.MAE)
               select Row([model.Name, QuantityText.Words(error.Quantity), error.Unit, part.Name, part.FrameCount, part.Count], part.Statistics, percents),
        ];
        return rows.IsEmpty ? null : new(name, title, [Text("Model"), Text("Quantity"), Text("Unit"), Long(what), new("Frames"), new("Values"), .. Statistics(percents)], rows) { MostRows = MostRows };
    }

    private static ImmutableArray<double> Percents(IEnumerable<ImmutableArray<ErrorPercentile>> marks) => [.. marks.SelectMany(p => p).Select(p => p.Percent).Distinct().Order()];

    private static IEnumerable<ReportColumn> Statistics(ImmutableArray<double> percents) =>
        [new("MAE"), new("RMSE"), new("R²"), new("Mean error"), .. percents.Select(p => new ReportColumn($"{p.ToString("0.###", CultureInfo.InvariantCulture)} %")), new("Largest")];

    private static ImmutableArray<object?> Row(IEnumerable<object?> first, ErrorStatistics s, ImmutableArray<double> percents) =>
        [.. first, s.MAE, s.RMSE, s.R2, s.MeanError, .. percents.Select(p => (object?)s.Percentiles.FirstOrDefault(m => m.Percent == p)?.Value), s.Maximum];

    private static ReportColumn Text(string heading) => new(heading) { IsText = true };

    private static ReportColumn Long(string heading) => new(heading) { IsText = true, IsLong = true };
}
