using System.Collections.Immutable;
using System.Globalization;
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
        var drawn = ImmutableArray.CreateBuilder<DrawnQuantity>();
        foreach (ErrorQuantity quantity in QuantityText.Drawn)
        {
            if (DrawnQuantity.Of(models, quantity, options.Bootstrap) is { } those)
            {
                drawn.Add(those);
                sections.Add(new(QuantityText.Heading(quantity), [new ReportFigures([.. MlipReportFigures.Of(those, options)])]));
                curves.Add(MlipReportTables.Curves(quantity, those.Models));
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
            PrintFigures = MlipReportFigures.Overview(drawn.ToImmutable(), models.Length, options) is { } overview ? [overview] : [],
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
