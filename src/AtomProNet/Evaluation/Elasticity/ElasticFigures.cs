using System.Collections.Immutable;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>Elastic constants as figures: how well the fit describes the stresses, and the constants beside each other.</summary>
public static class ElasticFigures
{
    /// <summary>One figure a crystal for the fit, and one for the constants of all with their standard errors.</summary>
    /// <param name="constants">One or several results.</param>
    /// <param name="names">What they are called, one each; empty: their own names.</param>
    public static ImmutableArray<Figure> Of(ImmutableArray<ElasticConstants> constants, ImmutableArray<string> names = default)
    {
        if (constants.IsDefaultOrEmpty)
        {
            return [];
        }

        names = names.IsDefaultOrEmpty ? [.. constants.Select(c => constants.Count(o => o.Name == c.Name) > 1 ? $"{c.Name}, {c.Ions} ions" : c.Name)] : names;
        var result = ImmutableArray.CreateBuilder<Figure>();
        for (int i = 0; i < constants.Length; i++)
        {
            string number = constants.Length > 1 ? FormattableString.Invariant($"-{i + 1}") : "";
            result.Add(new($"elastic-fit{number}", $"Stresses of the elastic fit of {names[i]}", [Fit(constants[i], constants.Length > 1 ? names[i] : null)]) { Caption = "Each frame gives three normal and three shear stresses. The dashed line is equality." });
        }

        result.Add(new("elastic-constants", "Elastic constants", [Comparison(constants, names)]) { Caption = "Bars: one standard error of the fit." });
        return result.ToImmutable();
    }

    private static Panel Fit(ElasticConstants c, string? title)
    {
        PointMark normal = Component(c, 0, "normal"), shear = Component(c, 1, "shear");
        return new(Axis.Linear("stress of the frames (GPa)"), Axis.Linear("stress of the fit (GPa)"), [RuleMark.Diagonal(), normal, shear])
        {
            IsSquare = true,
            Title = title,
            Note = [FormattableString.Invariant($"RMSE {c.RMSE:G3} GPa"), FormattableString.Invariant($"R² {c.R2:F5}")],
        };
    }

    private static PointMark Component(ElasticConstants c, int half, string name)
    {
        (double Given, double Fitted)[] pairs = [.. c.Points.SelectMany(p => Enumerable.Range(3 * half, 3).Select(k => (p.Stress[k], p.Stress[k] - p.Residual[k])))];
        return new PointMark([.. pairs.Select(p => p.Given)], [.. pairs.Select(p => p.Fitted)])
        {
            Style = half,
            Name = name,
            Tooltips = [.. c.Points.SelectMany(p => Enumerable.Repeat(p.Source?.ToString() ?? "", 3))],
        };
    }

    private static Panel Comparison(ImmutableArray<ElasticConstants> constants, ImmutableArray<string> names)
    {
        ImmutableArray<string> independent = [.. constants.SelectMany(c => c.IndependentConstants).Distinct().OrderBy(n => n[1] != n[2]).ThenBy(n => n, StringComparer.Ordinal)];
        var marks = ImmutableArray.CreateBuilder<Mark>();
        marks.Add(RuleMark.Vertical(0));
        for (int i = 0; i < constants.Length; i++)
        {
            ElasticConstants c = constants[i];
            double shift = constants.Length == 1 ? 0 : (i - (constants.Length - 1) / 2.0) * Math.Min(0.26, 0.7 / constants.Length);
            ImmutableArray<double> places = [.. Enumerable.Range(0, independent.Length).Select(k => k + shift)];
            double[] values = [.. independent.Select(n => Entry(c.Stiffness, n))];
            if (c.StandardErrors is { } errors)
            {
                double[] own = [.. independent.Select(n => Entry(errors, n))];
                marks.Add(new ErrorBarMark(places, [.. values.Zip(own, (v, e) => v - e)], [.. values.Zip(own, (v, e) => v + e)]) { Style = i, IsHorizontal = true });
            }

            marks.Add(new PointMark([.. values], places) { Style = i, Size = 4, Name = constants.Length > 1 ? names[i] : null, Tooltips = [.. independent.Zip(values, (n, v) => FormattableString.Invariant($"{names[i]}: {n} = {v:G5} GPa"))] });
        }

        return new(Axis.Linear("elastic constant (GPa)"), Axis.Category("", independent) with { LineHeight = Math.Max(1.75, 0.9 + 0.6 * constants.Length) }, marks.ToImmutable()) { Title = constants.Length == 1 ? names[0] : null };
    }

    // C₁₁ is the entry [0, 0].
    private static double Entry(ElasticMatrix matrix, string name) => matrix[name[1] - '1', name[2] - '1'];
}
