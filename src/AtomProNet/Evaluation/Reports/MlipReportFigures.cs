using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Evaluation.Reports;

/// <summary>The figures of a report.</summary>
internal static class MlipReportFigures
{
    /// <summary>The figures of one quantity.</summary>
    public static IEnumerable<Figure> Of(DrawnQuantity drawn, MlipReportOptions options)
    {
        string key = QuantityText.Key(drawn.Quantity), words = QuantityText.Words(drawn.Quantity);
        ImmutableArray<MeasuredModel> models = drawn.Models;
        Dictionary<MeasuredModel, string> suffixes = Suffixes(models);
        foreach ((MeasuredModel model, Panel panel) in models.Zip(drawn.Parity))
        {
            yield return Draw($"{key}-parity{suffixes[model]}", $"Predicted against reference {words}{Whose(model)}", panel, $"{(model.Error.Count > PointCloud.MostPoints ? "Colour: points per hexagon. " : "")}The dashed line is equality.{ParityFigures.Outside(model.Error)}");
        }

        if (drawn.Cumulative is { } cumulative)
        {
            string marks = string.Join(", ", models[0].Error.Percentiles.Select(p => p.Percent.ToString("0.###", CultureInfo.InvariantCulture)));
            string band = models.Any(m => m.Error.ByGroup.Length >= CumulativeErrorFigures.LeastGroups) ? $" Bands: {options.Confidence.ToString("0.###", CultureInfo.InvariantCulture)} % confidence, bootstrap over groups." : "";
            yield return Draw($"{key}-cumulative-error", $"Cumulative error of {words}", cumulative, $"Share of the values whose absolute error is no larger. Points: {marks} %.{band}");
        }

        if (drawn.Quantity == ErrorQuantity.ForceComponent)
        {
            foreach (MeasuredModel model in models)
            {
                if (ForceMagnitudeFigures.PanelOf(model, models.Length > 1) is { } magnitude)
                {
                    yield return Draw($"force-error-against-magnitude{suffixes[model]}", $"Error against the size of the force{Whose(model)}", magnitude, "One point an atom. Dashed straight lines: constant relative error.");
                }
            }

            if (models.Length > 1 && ForceMagnitudeFigures.Comparison(models) is { } comparison)
            {
                yield return Draw("force-error-against-magnitude", "Median error against the size of the force", comparison, "The median of |ΔF| among atoms whose reference force is about as large.");
            }

            if (ErrorPartFigures.Species(models, options.Bootstrap) is { } species)
            {
                yield return Draw("force-error-by-element", "Error of force components by element", species, "Filled: MAE with its confidence interval. Hollow: RMSE.");
            }
        }

        if (ErrorPartFigures.Groups(models, options.MostGroups, out int left) is { } groups)
        {
            string rest = left > 0 ? FormattableString.Invariant($" The {options.MostGroups} groups with the largest MAE; {left} more stand in the table.") : "";
            yield return Draw($"{key}-error-by-group", $"Error of {words} by group", groups, $"Filled: MAE. Hollow: RMSE.{rest}");
        }

        string Whose(MeasuredModel model) => models.Length > 1 ? $", {model.Name}" : "";
        Figure Draw(string name, string title, Panel panel, string caption) => new(name, title, [panel]) { Caption = caption, Width = options.FigureWidth, FontSize = options.FontSize };
    }

    /// <summary>A figure for a page's width: a row of parity plots a model, and the cumulative errors below; null for more than three models, and where no quantity has all.</summary>
    public static Figure? Overview(ImmutableArray<DrawnQuantity> drawn, int modelCount, MlipReportOptions options)
    {
        DrawnQuantity[] whole = [.. drawn.Where(d => d.Models.Length == modelCount)];
        if (modelCount > 3 || whole.Length == 0)
        {
            return null;
        }

        var panels = ImmutableArray.CreateBuilder<Panel>();
        for (int i = 0; i < modelCount; i++)
        {
            panels.AddRange(whole.Select(d => d.Parity[i]));
        }

        if (Array.TrueForAll(whole, d => d.Cumulative is not null))
        {
            panels.AddRange(whole.Select(d => d.Cumulative! with { Aspect = 1 }));
        }

        return new("overview", $"Errors of {string.Join(", ", whole[0].Models.Select(m => m.Name))}", panels.ToImmutable())
        {
            Width = whole.Length * options.FigureWidth * (Figure.DoubleColumn / 3 / Figure.SingleColumn),
            FontSize = options.FontSize,
            Columns = whole.Length,
            HasLetters = true,
        };
    }

    /// <summary>What tells the files of several models apart; no two are the same.</summary>
    private static Dictionary<MeasuredModel, string> Suffixes(ImmutableArray<MeasuredModel> models)
    {
        var suffixes = new Dictionary<MeasuredModel, string>();
        foreach (MeasuredModel model in models)
        {
            string suffix = models.Length > 1 ? "-" + QuantityText.FileKey(model.Name, model.Style) : "";
            suffixes.Add(model, suffixes.ContainsValue(suffix) ? FormattableString.Invariant($"{suffix}-{model.Style + 1}") : suffix);
        }

        return suffixes;
    }
}

/// <summary>The panels of one quantity that several figures show: made once.</summary>
/// <param name="Quantity">The quantity.</param>
/// <param name="Models">The models that have it.</param>
/// <param name="Parity">A panel a model.</param>
/// <param name="Cumulative">The cumulative error of all; null where no error can be shown.</param>
internal sealed record DrawnQuantity(ErrorQuantity Quantity, ImmutableArray<MeasuredModel> Models, ImmutableArray<Panel> Parity, Panel? Cumulative)
{
    /// <summary>The panels; null where no model has the quantity.</summary>
    public static DrawnQuantity? Of(ImmutableArray<ModelErrors> all, ErrorQuantity quantity, GroupBootstrap bootstrap)
    {
        ImmutableArray<MeasuredModel> models = [.. all.Select((m, i) => m.Of(quantity) is { } error ? new MeasuredModel(m.Name, error, i) : null).OfType<MeasuredModel>()];
        return models.IsEmpty ? null : new(quantity, models, [.. models.Select(m => ParityFigures.PanelOf(m, models.Length > 1))], CumulativeErrorFigures.PanelOf(models, bootstrap));
    }
}
