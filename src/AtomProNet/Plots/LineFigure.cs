using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace AtomProNet.Plots;

/// <summary>One line of a panel. Points whose y is null are gaps.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">x and y.</param>
public sealed record LineSeries(string Name, ImmutableArray<(double X, double? Y)> Points);

/// <summary>One panel of a figure: lines over a common x axis.</summary>
/// <param name="YLabel">What the y axis shows, with its unit.</param>
/// <param name="Series">The lines.</param>
/// <param name="IsLogarithmic">Whether the y axis is logarithmic; values that are not positive become gaps.</param>
public sealed record LinePanel(string YLabel, ImmutableArray<LineSeries> Series, bool IsLogarithmic = false);

/// <summary>
/// A figure of panels stacked above one x axis, as SVG: no script, no network, colours that the colour-blind tell apart
/// (M. Okabe and K. Ito, 2002), numbers invariant.
/// </summary>
/// <param name="Title">The heading.</param>
/// <param name="XLabel">What the x axis shows.</param>
/// <param name="Panels">The panels, from above.</param>
public sealed record LineFigure(string Title, string XLabel, ImmutableArray<LinePanel> Panels)
{
    private const double Width = 640, PanelHeight = 240, Left = 84, Right = 20, Top = 40, Gap = 24, Bottom = 52;
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

    /// <summary>The figure as the text of an SVG file, ending in a newline.</summary>
    public string ToSvg()
    {
        double height = Top + Panels.Length * PanelHeight + (Panels.Length - 1) * Gap + Bottom;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(Title)}</title>\n<rect width=\"{Width}\" height=\"{height}\" fill=\"white\"/>\n<text x=\"{Width / 2}\" y=\"22\" text-anchor=\"middle\" font-size=\"14\">{Escape(Title)}</text>\n");
        Axis x = Axis.Of(Panels.SelectMany(p => p.Series).SelectMany(s => s.Points).Select(p => p.X), isLogarithmic: false, wholeNumbers: true);
        for (int i = 0; i < Panels.Length; i++)
        {
            Panel(svg, Panels[i], x, Top + i * (PanelHeight + Gap), isLast: i == Panels.Length - 1);
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{height - 12}\" text-anchor=\"middle\">{Escape(XLabel)}</text>\n</svg>\n");
        return svg.ToString();
    }

    private static void Panel(StringBuilder svg, LinePanel panel, Axis x, double top, bool isLast)
    {
        double right = Width - Right, bottom = top + PanelHeight;
        Axis y = Axis.Of(panel.Series.SelectMany(s => s.Points).Where(p => p.Y is not null).Select(p => p.Y!.Value), panel.IsLogarithmic, wholeNumbers: false);
        svg.Append(CultureInfo.InvariantCulture, $"<g>\n<rect x=\"{Left}\" y=\"{top}\" width=\"{right - Left}\" height=\"{PanelHeight}\" fill=\"none\" stroke=\"#444\"/>\n");
        foreach (double tick in y.Ticks)
        {
            double at = bottom - y.Position(tick)!.Value * PanelHeight;
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{right}\" y1=\"{at:F1}\" y2=\"{at:F1}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{at + 4:F1}\" text-anchor=\"end\">{Label(tick, panel.IsLogarithmic)}</text>\n");
        }

        foreach (double tick in x.Ticks)
        {
            double at = Left + x.Position(tick)!.Value * (right - Left);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{at:F1}\" x2=\"{at:F1}\" y1=\"{bottom}\" y2=\"{bottom - 5}\" stroke=\"#444\"/>");
            svg.Append(isLast ? string.Create(CultureInfo.InvariantCulture, $"<text x=\"{at:F1}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{Label(tick, false)}</text>\n") : "\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(16 {(top + bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Escape(panel.YLabel)}</text>\n");
        for (int i = 0; i < panel.Series.Length; i++)
        {
            Line(svg, panel.Series[i], x, y, bottom, Colours[i % Colours.Length]);
            if (panel.Series.Length > 1)
            {
                double at = top + 16 + 16 * i;
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{right - 120}\" x2=\"{right - 98}\" y1=\"{at - 4}\" y2=\"{at - 4}\" stroke=\"{Colours[i % Colours.Length]}\" stroke-width=\"2\"/><text x=\"{right - 92}\" y=\"{at}\">{Escape(panel.Series[i].Name)}</text>\n");
            }
        }

        svg.Append("</g>\n");
    }

    private static void Line(StringBuilder svg, LineSeries series, Axis x, Axis y, double bottom, string colour)
    {
        var path = new StringBuilder();
        var dots = new StringBuilder();
        bool penDown = false;
        foreach ((double px, double? py) in series.Points)
        {
            if (py is not { } value || y.Position(value) is not { } up)
            {
                penDown = false;
                continue;
            }

            double at = Left + x.Position(px)!.Value * (Width - Right - Left), height = bottom - up * PanelHeight;
            path.Append(CultureInfo.InvariantCulture, $"{(penDown ? 'L' : 'M')}{at:F1} {height:F1}");
            dots.Append(series.Points.Length <= 200 ? string.Create(CultureInfo.InvariantCulture, $"<circle cx=\"{at:F1}\" cy=\"{height:F1}\" r=\"2.5\" fill=\"{colour}\"/>") : "");
            penDown = true;
        }

        svg.Append(path.Length == 0 ? "" : $"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>{dots}\n");
    }

    private static string Label(double tick, bool isLogarithmic) => isLogarithmic
        ? string.Create(CultureInfo.InvariantCulture, $"10<tspan dy=\"-5\" font-size=\"9\">{Math.Round(Math.Log10(tick)):F0}</tspan>")
        : (tick == 0 ? 0 : tick).ToString("G6", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The range of an axis and its ticks.</summary>
    private sealed record Axis(double Low, double High, bool IsLogarithmic, ImmutableArray<double> Ticks)
    {
        internal static Axis Of(IEnumerable<double> values, bool isLogarithmic, bool wholeNumbers)
        {
            double[] all = [.. values.Where(v => double.IsFinite(v) && (!isLogarithmic || v > 0))];
            if (all.Length == 0)
            {
                return new(isLogarithmic ? 0.1 : 0, 1, isLogarithmic, []);
            }

            double low = all.Min(), high = all.Max();
            if (isLogarithmic)
            {
                double first = Math.Floor(Math.Log10(low)), last = Math.Max(first + 1, Math.Ceiling(Math.Log10(high)));
                double by = Math.Max(1, Math.Ceiling((last - first) / 6));
                return new(Math.Pow(10, first), Math.Pow(10, last), true, [.. Steps(first, last, by).Select(e => Math.Pow(10, e))]);
            }

            double span = high > low ? high - low : Math.Max(Math.Abs(high) * 0.1, 1);
            (low, high) = high > low ? (low, high) : (low - span / 2, high + span / 2);
            double step = NiceStep(span / 5);
            step = wholeNumbers ? Math.Max(1, Math.Round(step)) : step;
            double margin = wholeNumbers ? 0.02 * span : 0.05 * span;
            return new(low - margin, high + margin, false, [.. Steps(Math.Ceiling((low - margin) / step) * step, high + margin, step)]);
        }

        /// <summary>Where a value lies between the ends, 0 to 1; null where it cannot be shown.</summary>
        internal double? Position(double value) => !double.IsFinite(value) || (IsLogarithmic && value <= 0) ? null
            : IsLogarithmic ? (Math.Log10(value) - Math.Log10(Low)) / (Math.Log10(High) - Math.Log10(Low))
            : (value - Low) / (High - Low);

        private static IEnumerable<double> Steps(double first, double last, double step)
        {
            for (int i = 0; first + i * step <= last * (1 + 1e-12 * Math.Sign(last)) && i < 50; i++)
            {
                // Rounded, so that 0.3 is not 0.30000000000000004.
                yield return Math.Round(first + i * step, 12);
            }
        }

        private static double NiceStep(double rough)
        {
            double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            return (rough / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
        }
    }
}
