using System.Collections.Immutable;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Evaluation.Reports;

/// <summary>How the error of the force on an atom depends on how large the force is.</summary>
internal static class ForceMagnitudeFigures
{
    private const int MostBins = 18, PerBin = 60, LeastInBin = 15;

    /// <summary>The lengths of the reference forces and of the difference vectors, one of each an atom.</summary>
    public static (ImmutableArray<double> Magnitudes, ImmutableArray<double> Errors) Lengths(MlipError components)
    {
        ReadOnlySpan<double> reference = components.Points!.Reference.AsSpan(), prediction = components.Points.Prediction.AsSpan();
        var magnitudes = ImmutableArray.CreateBuilder<double>(reference.Length / 3);
        var errors = ImmutableArray.CreateBuilder<double>(reference.Length / 3);
        for (int i = 0; i + 2 < reference.Length; i += 3)
        {
            double x = prediction[i] - reference[i], y = prediction[i + 1] - reference[i + 1], z = prediction[i + 2] - reference[i + 2];
            magnitudes.Add(Math.Sqrt(reference[i] * reference[i] + reference[i + 1] * reference[i + 1] + reference[i + 2] * reference[i + 2]));
            errors.Add(Math.Sqrt(x * x + y * y + z * z));
        }

        return (magnitudes.ToImmutable(), errors.ToImmutable());
    }

    /// <summary>The panel of one model; null where nothing can be shown on logarithmic axes.</summary>
    public static Panel? PanelOf(MeasuredModel model, bool namesModel)
    {
        (ImmutableArray<double> magnitudes, ImmutableArray<double> errors) = Lengths(model.Error);
        if (Ranges(magnitudes, errors) is not { } range)
        {
            return null;
        }

        ForceMagnitudeCourse course = Course(magnitudes, errors, range.LowX, range.HighX);
        bool isDense = magnitudes.Length > PointCloud.MostPoints;
        return new(
            Axis.Logarithmic("reference force |F| (eV/Å)", range.LowX, range.HighX),
            Axis.Logarithmic("error |ΔF| (eV/Å)", range.LowY, range.HighY),
            [
                PointCloud.Of(magnitudes, errors, model.Style),
                .. (IEnumerable<Mark>)[Relative(1), Relative(0.1), Relative(0.01)],
                new LineMark(course.Magnitudes, course.Medians) { Style = 1, IsDashed = false, Width = 1.6, Name = "median" },
                new LineMark(course.Magnitudes, course.Ninetieths) { Style = 1, Width = 1.2, Name = "90 %" },
                .. Labels(range),
            ])
        {
            Title = namesModel ? model.Name : null,
            HasGrid = !isDense,
        };
    }

    /// <summary>The medians of all models in one panel; null where there are none.</summary>
    public static Panel? Comparison(ImmutableArray<MeasuredModel> models)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>();
        foreach (MeasuredModel model in models)
        {
            (ImmutableArray<double> magnitudes, ImmutableArray<double> errors) = Lengths(model.Error);
            if (Ranges(magnitudes, errors) is { } range)
            {
                ForceMagnitudeCourse course = Course(magnitudes, errors, range.LowX, range.HighX);
                if (course.Magnitudes.Length > 1)
                {
                    marks.Add(new LineMark(course.Magnitudes, course.Medians) { Style = model.Style, Name = model.Name });
                    marks.Add(new PointMark(course.Magnitudes, course.Medians) { Style = model.Style, Size = 2.8 });
                }
            }
        }

        return marks.Count == 0 ? null : new(Axis.Logarithmic("reference force |F| (eV/Å)"), Axis.Logarithmic("median error |ΔF| (eV/Å)"), marks.ToImmutable());
    }

    /// <summary>Median and ninetieth percentile of the error in bins of equal width on the logarithmic axis, where a bin holds enough.</summary>
    internal static ForceMagnitudeCourse Course(ImmutableArray<double> magnitudes, ImmutableArray<double> errors, double low, double high)
    {
        int count = Math.Clamp(magnitudes.Length / PerBin, 3, MostBins);
        var bins = new List<double>[count];
        double width = Math.Log(high / low) / count;
        for (int i = 0; i < magnitudes.Length; i++)
        {
            double place = Math.Log(magnitudes[i] / low) / width;
            if (place >= 0 && place < count)
            {
                (bins[(int)place] ??= []).Add(errors[i]);
            }
        }

        var x = ImmutableArray.CreateBuilder<double>();
        var medians = ImmutableArray.CreateBuilder<double>();
        var ninetieths = ImmutableArray.CreateBuilder<double>();
        for (int bin = 0; bin < count; bin++)
        {
            if (bins[bin] is { Count: >= LeastInBin } values)
            {
                double[] marks = OrderStatistics.Percentiles(values.ToArray(), [50, 90]);
                x.Add(low * Math.Exp((bin + 0.5) * width));
                medians.Add(marks[0]);
                ninetieths.Add(marks[1]);
            }
        }

        return new(x.ToImmutable(), medians.ToImmutable(), ninetieths.ToImmutable());
    }

    private static RuleMark Relative(double part) => RuleMark.Diagonal(part);

    // Where each line of a constant relative error leaves the panel at the right or above.
    private static IEnumerable<Mark> Labels((double LowX, double HighX, double LowY, double HighY) range)
    {
        foreach ((double part, string text) in ((double, string)[])[(1, "100 %"), (0.1, "10 %"), (0.01, "1 %")])
        {
            double x = Math.Min(range.HighX / 1.05, range.HighY / part / 1.05);
            if (x > range.LowX * 2 && x * part > range.LowY * 1.5)
            {
                yield return new LabelMark(x, x * part, text, LabelSide.BelowLeft) { IsMuted = true };
            }
        }
    }

    /// <summary>The ranges of both axes: at most five decades below the largest values, for forces that vanish by symmetry are noise.</summary>
    private static (double LowX, double HighX, double LowY, double HighY)? Ranges(ImmutableArray<double> magnitudes, ImmutableArray<double> errors)
    {
        if (Of(magnitudes) is not { } x || Of(errors) is not { } y)
        {
            return null;
        }

        return (x.Low, x.High, y.Low, y.High);

        static (double Low, double High)? Of(ImmutableArray<double> values)
        {
            double high = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
            if (!(high > 0))
            {
                return null;
            }

            // Of many values the lowest few would take most of the axis.
            double low = values.Length < 1000 ? values.Where(v => v > 0).Min() : OrderStatistics.Percentiles(values.ToArray(), [0.05])[0];
            return (Math.Max(low, high * 1e-5) / 1.2, high * 1.2);
        }
    }
}

/// <summary>The error against the length of the force, in bins.</summary>
/// <param name="Magnitudes">The middle of each bin, eV/Å.</param>
/// <param name="Medians">The median error, eV/Å.</param>
/// <param name="Ninetieths">The error that 90 % do not exceed, eV/Å.</param>
internal sealed record ForceMagnitudeCourse(ImmutableArray<double> Magnitudes, ImmutableArray<double> Medians, ImmutableArray<double> Ninetieths);
