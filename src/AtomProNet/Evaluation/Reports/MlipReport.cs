using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Pages;

namespace AtomProNet.Evaluation.Reports;

/// <summary>
/// A report on the errors of one or several models: parity, cumulative error with its percentiles, error against the size of the force,
/// by element and by group, and the worst frames.
/// </summary>
public static class MlipReport
{
    /// <summary>Puts the report together.</summary>
    /// <param name="models">The models, each with its errors.</param>
    /// <param name="options">How; default: everything at the defaults.</param>
    /// <exception cref="AtomProNetException">There is nothing to report, or two models have one name.</exception>
    public static ReportPage Of(ImmutableArray<ModelErrors> models, MlipReportOptions? options = null)
    {
        options ??= new();
        ThrowIfUnusable(models);
        var sections = ImmutableArray.CreateBuilder<ReportSection>();
        sections.Add(new("Summary", [.. Remarks(models), MlipReportTables.Errors(models), MlipReportTables.Intervals(models, options), new ReportText(AboutIntervals(models, options))]));
        var curves = ImmutableArray.CreateBuilder<ReportTable>();
        foreach (ErrorQuantity quantity in QuantityText.Drawn)
        {
            ImmutableArray<(ModelErrors Model, MlipError Error, int Style)> those = Having(models, quantity);
            if (!those.IsEmpty)
            {
                sections.Add(new(QuantityText.Heading(quantity), [new ReportFigures([.. FiguresOf(quantity, those, options)])]));
                curves.Add(MlipReportTables.Curves(quantity, those));
            }
        }

        ImmutableArray<ReportBlock> tables = [.. new[] { MlipReportTables.Worst(models), MlipReportTables.Species(models), MlipReportTables.Groups(models) }.OfType<ReportTable>()];
        if (!tables.IsEmpty)
        {
            sections.Add(new("Where the errors are", tables));
        }

        MlipError any = models[0].Errors[0];
        return new(options.Title, sections.ToImmutable())
        {
            Summary = $"{string.Join(", ", models.Select(m => m.Name))} against {any.FrameCount.ToString(CultureInfo.InvariantCulture)} reference frames{From(any)}.",
            Footer = options.Footer,
            PrintFigures = Overview(models, options) is { } overview ? [overview] : [],
            PrintTables = curves.ToImmutable(),
        };
    }

    /// <summary>Whether models were measured on different frames, so that their errors cannot be compared.</summary>
    public static bool AreMeasuredOnDifferentFrames(ImmutableArray<ModelErrors> models) => QuantityText.Drawn.Any(quantity =>
    {
        MlipError[] errors = [.. models.Select(m => m.Errors.FirstOrDefault(e => e.Quantity == quantity)).OfType<MlipError>()];
        return (errors.Length > 0 && errors.Length < models.Length)
            || errors.Skip(1).Any(e => e.Points is { } p && errors[0].Points is { } first && !p.Reference.AsSpan().SequenceEqual(first.Reference.AsSpan()));
    });

    private static void ThrowIfUnusable(ImmutableArray<ModelErrors> models)
    {
        if (!models.SelectMany(m => m.Errors).Any(e => e.Count > 0))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "NothingToReport", "No quantity has a value on both sides.", remedy: "Give frames with energies, forces or stress on both sides.");
        }

        if (models.GroupBy(m => m.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } repeated)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ModelRepeated", $"Two models are called '{repeated.Key}'.", value: repeated.Key, remedy: "Give each model a name of its own (-Model).");
        }

        foreach (MlipError error in models.SelectMany(m => m.Errors))
        {
            if (error.AbsoluteErrors.Length != error.Count || error.Frames.Sum(f => (long)f.ValueCount) != error.Count)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "ErrorsIncomplete", $"{error.Quantity} of this model came without its values.", remedy: "Give the objects as Measure-MlipError made them, or the files (-Reference, -Prediction).");
            }
        }
    }

    private static IEnumerable<Figure> FiguresOf(ErrorQuantity quantity, ImmutableArray<(ModelErrors Model, MlipError Error, int Style)> models, MlipReportOptions options)
    {
        string key = QuantityText.Key(quantity), words = QuantityText.Words(quantity);
        bool several = models.Length > 1;
        foreach ((ModelErrors model, MlipError error, int style) in models)
        {
            yield return Draw($"{key}-parity{Suffix(model, style)}", $"Predicted against reference {words}{Whose(model)}", ParityFigures.PanelOf(model, error, style, several), $"{(error.Count > PointCloud.MostPoints ? "Colour: points per hexagon. " : "")}The dashed line is equality.{ParityFigures.Outside(error)}");
        }

        string marks = string.Join(", ", models[0].Error.Percentiles.Select(p => p.Percent.ToString("0.###", CultureInfo.InvariantCulture)));
        if (CumulativeErrorFigures.PanelOf(models, options.Bootstrap) is { } cumulative)
        {
            string band = models.Any(m => m.Error.ByGroup.Length >= CumulativeErrorFigures.LeastGroups) ? $" Bands: {options.Confidence.ToString("0.###", CultureInfo.InvariantCulture)} % confidence, bootstrap over groups." : "";
            yield return Draw($"{key}-cumulative-error", $"Cumulative error of {words}", cumulative, $"Share of the values whose absolute error is no larger. Points: {marks} %.{band}");
        }

        if (quantity == ErrorQuantity.ForceComponent)
        {
            foreach ((ModelErrors model, MlipError error, int style) in models)
            {
                if (ForceMagnitudeFigures.PanelOf(model, error, style, several) is { } magnitude)
                {
                    yield return Draw($"force-error-against-magnitude{Suffix(model, style)}", $"Error against the size of the force{Whose(model)}", magnitude, "One point an atom. Dashed straight lines: constant relative error.");
                }
            }

            if (several && ForceMagnitudeFigures.Comparison(models) is { } comparison)
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

        string Suffix(ModelErrors model, int style) => several ? "-" + FileKeys(models)[style] : "";
        string Whose(ModelErrors model) => several ? $", {model.Name}" : "";
        Figure Draw(string name, string title, Panel panel, string caption) => new(name, title, [panel]) { Caption = caption, Width = options.FigureWidth, FontSize = options.FontSize };
    }

    /// <summary>A figure for a page's width: a row of parity plots a model, and the cumulative errors below.</summary>
    private static Figure? Overview(ImmutableArray<ModelErrors> models, MlipReportOptions options)
    {
        ErrorQuantity[] quantities = [.. QuantityText.Drawn.Where(q => Having(models, q).Length == models.Length)];
        if (models.Length > 3 || quantities.Length == 0)
        {
            return null;
        }

        var panels = ImmutableArray.CreateBuilder<Panel>();
        for (int i = 0; i < models.Length; i++)
        {
            panels.AddRange(quantities.Select(q => ParityFigures.PanelOf(models[i], models[i].Of(q)!, i, models.Length > 1)));
        }

        Panel?[] cumulative = [.. quantities.Select(q => CumulativeErrorFigures.PanelOf(Having(models, q), options.Bootstrap))];
        if (Array.TrueForAll(cumulative, c => c is not null))
        {
            panels.AddRange(cumulative.OfType<Panel>().Select(p => p with { Aspect = 1 }));
        }

        return new("overview", $"Errors of {string.Join(", ", models.Select(m => m.Name))}", panels.ToImmutable())
        {
            Width = quantities.Length * options.FigureWidth * (Figure.DoubleColumn / 3 / Figure.SingleColumn),
            FontSize = options.FontSize,
            Columns = quantities.Length,
            HasLetters = true,
        };
    }

    private static ImmutableArray<(ModelErrors Model, MlipError Error, int Style)> Having(ImmutableArray<ModelErrors> models, ErrorQuantity quantity) =>
        [.. models.Select((m, i) => (Model: m, Error: m.Of(quantity), Style: i)).Where(m => m.Error is not null).Select(m => (m.Model, m.Error!, m.Style))];

    /// <summary>Names of files for the styles of models; no two are the same.</summary>
    private static Dictionary<int, string> FileKeys(ImmutableArray<(ModelErrors Model, MlipError Error, int Style)> models)
    {
        var keys = new Dictionary<int, string>();
        foreach ((ModelErrors model, _, int style) in models)
        {
            string key = QuantityText.FileKey(model.Name, style);
            keys.Add(style, keys.ContainsValue(key) ? FormattableString.Invariant($"{key}-{style + 1}") : key);
        }

        return keys;
    }

    private static IEnumerable<ReportBlock> Remarks(ImmutableArray<ModelErrors> models)
    {
        if (AreMeasuredOnDifferentFrames(models))
        {
            yield return new ReportText("The models were not measured on the same frames: their errors cannot be compared with each other.") { IsWarning = true };
        }

        foreach (string remark in models.SelectMany(m => m.Errors.Where(e => QuantityText.Drawn.Contains(e.Quantity)).SelectMany(e => RemarksOn(m, e))).Distinct())
        {
            yield return new ReportText(remark) { IsWarning = true };
        }

        static IEnumerable<string> RemarksOn(ModelErrors model, MlipError error)
        {
            if (error.MissingReference + error.MissingPrediction > 0)
            {
                yield return FormattableString.Invariant($"{model.Name}, {QuantityText.Words(error.Quantity)}: {error.MissingReference} reference and {error.MissingPrediction} predicted frames lack the label; {error.FrameCount} frames were compared.");
            }

            if (error.Note is { } note)
            {
                yield return note;
            }
        }
    }

    private static string AboutIntervals(ImmutableArray<ModelErrors> models, MlipReportOptions options)
    {
        int groups = models.SelectMany(m => m.Errors).Max(e => e.ByGroup.Length);
        return groups < 2
            ? "All frames belong to one group: frames that resemble each other cannot tell how far the errors would be others on other frames, so that there are no confidence intervals. Measure-MlipError -GroupBy names another grouping."
            : "The intervals come from drawing whole groups of frames with replacement (bootstrap), because frames of one group resemble each other." + (groups < 10 ? FormattableString.Invariant($" With {groups} groups they are rough.") : "");
    }

    private static string From(MlipError error)
    {
        string[] files = [.. error.Frames.Select(f => f.Source?.File).OfType<string>().Distinct(StringComparer.Ordinal).Take(4)];
        return files.Length is 0 or > 3 ? "" : $" from {string.Join(", ", files.Select(Path.GetFileName))}";
    }
}
