using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Tests.Plots;

/// <summary>Where things are drawn, found from the labels of the axes alone, as a reader does it.</summary>
public class FigurePlacementTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(AxisKind.Linear, AxisKind.Linear)]
    [InlineData(AxisKind.Logarithmic, AxisKind.Linear)]
    [InlineData(AxisKind.Linear, AxisKind.Logarithmic)]
    [InlineData(AxisKind.Logarithmic, AxisKind.Logarithmic)]
    public void Points_stand_where_the_labels_of_the_axes_say(AxisKind horizontal, AxisKind vertical)
    {
        var random = new Random(7);
        for (int round = 0; round < 40; round++)
        {
            ImmutableArray<double> x = Values(random, horizontal), y = Values(random, vertical);
            XElement svg = Draw(new Panel(new("x (Å)", horizontal), new("y (eV)", vertical), [new PointMark(x, y)]));
            Reading across = ReadAxis(svg, isVertical: false, horizontal), down = ReadAxis(svg, isVertical: true, vertical);
            XElement[] points = [.. svg.Descendants(Svg + "circle")];
            Assert.Equal(x.Length, points.Length);
            for (int i = 0; i < points.Length; i++)
            {
                // Places are written with two decimals, those of the ticks too.
                Assert.Equal(across.At(x[i]), Number(points[i], "cx"), 0.05);
                Assert.Equal(down.At(y[i]), Number(points[i], "cy"), 0.05);
            }
        }
    }

    [Fact]
    public void Bars_begin_at_zero_and_end_at_their_values()
    {
        ImmutableArray<double> values = [3, 7.25, 1, 0];
        XElement svg = Draw(new Panel(Axis.Category("", ["a", "b", "c", "d"]), Axis.Linear("number"), [new BarMark([0, 1, 2, 3], values)]));
        Reading down = ReadAxis(svg, isVertical: true, AxisKind.Linear);
        XElement[] bars = [.. Group(svg, "bar").Descendants(Svg + "rect")];
        Assert.Equal(4, bars.Length);
        for (int i = 0; i < bars.Length; i++)
        {
            Assert.Equal(down.At(values[i]), Number(bars[i], "y"), 0.05);
            Assert.Equal(down.At(0), Number(bars[i], "y") + Number(bars[i], "height"), 0.05);
        }
    }

    [Fact]
    public void A_histogram_counts_every_value_once()
    {
        var random = new Random(8);
        double[] values = [.. Enumerable.Range(0, 5000).Select(_ => random.NextDouble() * random.NextDouble()), double.NaN, double.PositiveInfinity];
        HistogramMark histogram = HistogramMark.Of(values);
        Assert.Equal(5000, histogram.Heights.Sum());
        for (int bin = 0; bin < histogram.Heights.Length; bin++)
        {
            bool isLast = bin == histogram.Heights.Length - 1;
            // A value at an edge may fall to either side by rounding; one such in five thousand is not seen.
            Assert.Equal(values.Count(v => v >= histogram.Edges[bin] && (v < histogram.Edges[bin + 1] || (isLast && v <= histogram.Edges[bin + 1]))), histogram.Heights[bin]);
        }

        Assert.Equal(100, HistogramMark.Of(values, 7, isShare: true).Heights.Sum(), 9);
        Assert.Equal([3.0], HistogramMark.Of([2.5, 2.5, 2.5]).Heights);
        Assert.Equal([0.0], HistogramMark.Of([]).Heights);
    }

    [Fact]
    public void Gaps_interrupt_a_line()
    {
        XElement svg = Draw(new Panel(Axis.Linear("x"), Axis.Logarithmic("y"), [new LineMark([1, 2, 3, 4, 5, 6], [1, 2, double.NaN, 4, -1, 6])]));
        string path = (string)Group(svg, "line").Element(Svg + "path")!.Attribute("d")!;
        // 1–2, then 4 alone, then 6 alone.
        Assert.Equal(3, path.Count(c => c == 'M'));
        Assert.Equal(1, path.Count(c => c == 'L'));
    }

    /// <summary>A line of a million points is thinned, and in every column of the picture its highest and lowest stay.</summary>
    [Fact]
    public void A_long_line_keeps_its_extremes()
    {
        var random = new Random(9);
        const int Count = 300_000;
        double[] y = [.. Enumerable.Range(0, Count).Select(_ => random.NextDouble() - 0.5)];
        foreach (int spike in (int[])[17, 54_321, 199_999, Count - 1])
        {
            y[spike] = 10 + spike / 1e6;
            y[Math.Max(0, spike - 1)] = -10;
        }

        XElement svg = Draw(new Panel(Axis.Linear("x"), Axis.Linear("y"), [new LineMark([.. Enumerable.Range(0, Count).Select(i => (double)i)], [.. y])]));
        string path = (string)Group(svg, "line").Element(Svg + "path")!.Attribute("d")!;
        Assert.True(path.Length < 100_000, $"{path.Length} characters");
        Reading across = ReadAxis(svg, isVertical: false, AxisKind.Linear), down = ReadAxis(svg, isVertical: true, AxisKind.Linear);
        (double X, double Y)[] drawn = [.. path.Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(' ')).Select(p => (double.Parse(p[0], CultureInfo.InvariantCulture), double.Parse(p[1], CultureInfo.InvariantCulture)))];
        foreach (int spike in (int[])[17, 54_321, 199_999, Count - 1])
        {
            Assert.Contains(drawn, p => Math.Abs(p.X - across.At(spike)) < 0.1 && Math.Abs(p.Y - down.At(y[spike])) < 0.1);
        }
    }

    [Theory]
    [InlineData(85)]
    [InlineData(175)]
    public void The_size_is_the_one_that_was_asked_for(double width)
    {
        XElement svg = XElement.Parse(new Figure("f", "t", [new(Axis.Linear("x"), Axis.Linear("y"), [new PointMark([1, 2], [3, 4])])]) { Width = width, Height = 60 }.ToSvg());
        Assert.Equal(width.ToString(CultureInfo.InvariantCulture) + "mm", (string)svg.Attribute("width")!);
        double[] box = [.. ((string)svg.Attribute("viewBox")!).Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        Assert.Equal(width / 25.4 * 72, box[2], 0.01);
        Assert.Equal(60 / 25.4 * 72, box[3], 0.1);
        // Points are points: the font is not scaled.
        Assert.Contains(svg.Descendants(Svg + "text"), t => (string)t.Attribute("font-size")! == "7");
    }

    [Fact]
    public void Nothing_to_draw_is_an_empty_panel_and_not_a_crash()
    {
        foreach (AxisKind kind in Enum.GetValues<AxisKind>())
        {
            foreach (Mark mark in (Mark[])[new PointMark([], []), new LineMark([double.NaN], [double.NaN]), new PointMark([-1], [-1]), new BarMark([], []), new DensityMark([], []), new ErrorBarMark([], [], []), new BandMark([], [], []), RuleMark.Diagonal(), RuleMark.Horizontal(1e300), new LabelMark(1, 1, "a"), HistogramMark.Of([])])
            {
                Draw(new Panel(new("x", kind), new("y", kind), [mark]));
                Draw(new Panel(new("x", kind), new("y", kind), [mark]) { IsSquare = true });
            }
        }

        XElement.Parse(new Figure("f", "t", []).ToSvg());
    }

    [Fact]
    public void Panels_of_one_column_begin_and_end_at_the_same_place()
    {
        Panel narrow = new(Axis.Linear("x"), Axis.Linear("y"), [new PointMark([0, 1], [0, 1])]), wide = new(Axis.Linear("x"), Axis.Linear("y"), [new PointMark([0, 2], [1e6, 1e7])]);
        XElement svg = XElement.Parse(new Figure("f", "t", [narrow, wide]) { SharesX = true }.ToSvg());
        Assert.Single(svg.Descendants(Svg + "clipPath").Select(c => ((string)c.Element(Svg + "rect")!.Attribute("x")!, (string)c.Element(Svg + "rect")!.Attribute("width")!)).Distinct());
        // One x axis: labelled once.
        Assert.Single(svg.Descendants(Svg + "text"), t => t.Value == "x");
    }

    private static XElement Draw(Panel panel) => XElement.Parse(new Figure("f", "t", [panel]).ToSvg());

    private static XElement Group(XElement svg, string name) => svg.Descendants(Svg + "g").Single(g => (string?)g.Attribute("class") == name);

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    private static ImmutableArray<double> Values(Random random, AxisKind kind)
    {
        double size = Math.Pow(10, random.Next(-8, 8));
        return [.. Enumerable.Range(0, 12).Select(_ => kind == AxisKind.Logarithmic ? size * Math.Pow(10, random.NextDouble() * 3) : size * (random.NextDouble() - 0.3))];
    }

    /// <summary>
    /// The axis as it can be read: the values of the labels and the places of the texts. Labels below an axis are centred on their ticks;
    /// those beside it stand a third of the font below them.
    /// </summary>
    private static Reading ReadAxis(XElement svg, bool isVertical, AxisKind kind)
    {
        var labels = new List<(double Value, double Place)>();
        foreach (XElement text in svg.Descendants(Svg + "text").Where(t => (string)t.Attribute("text-anchor")! == (isVertical ? "end" : "middle") && t.Attribute("transform") is null && (char.IsDigit(t.Value[0]) || t.Value[0] == '\u2212')))
        {
            XElement? exponent = text.Element(Svg + "tspan");
            string mantissa = text.Nodes().OfType<XText>().Single().Value.Replace('\u2212', '-');
            mantissa = exponent is null ? mantissa : mantissa == "10" ? "1" : mantissa[..mantissa.IndexOf('×', StringComparison.Ordinal)];
            double value = double.Parse(mantissa + "e" + (exponent?.Value.Replace('\u2212', '-') ?? "0"), CultureInfo.InvariantCulture);
            labels.Add((value, Number(text, isVertical ? "y" : "x") - (isVertical ? 0.36 * 7 : 0)));
        }

        Assert.True(labels.Count >= 2, "An axis needs two labels to be read.");
        labels.Sort();
        return new(kind == AxisKind.Logarithmic, labels[0], labels[^1]);
    }

    private sealed record Reading(bool IsLogarithmic, (double Value, double Place) First, (double Value, double Place) Last)
    {
        public double At(double value) => First.Place + (Last.Place - First.Place) * (Scaled(value) - Scaled(First.Value)) / (Scaled(Last.Value) - Scaled(First.Value));

        private double Scaled(double value) => IsLogarithmic ? Math.Log(value) : value;
    }
}
