using System.Globalization;
using System.Xml.Linq;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Pages;
using CsvHelper;

namespace AtomProNet.Tests.Plots;

public class ReportPageTests
{
    private static readonly string[] Hostile = ["<script>alert(1)</script>", "\"quoted\" 'twice'", "a & b &amp; c", "]]> --> </svg></title>", "Ω 模型 🙂 e\u0301", "\u0000\u0007\uFFFE \uD800 lone", "tab\tand\nnew line"];

    [Fact]
    public void Hostile_names_leave_svg_and_html_well_formed()
    {
        foreach (string name in Hostile)
        {
            var panel = new Panel(Axis.Category(name, [name, name + "2"]), Axis.Linear(name), [new BarMark([0, 1], [1, 2]) { Name = name, Tooltips = [name, name] }, new LabelMark(0, 1, name), new PointMark([0], [1]) { Tooltips = [name] }]) { Title = name, Note = [name] };
            var figure = new Figure("figure", name, [panel, panel with { X = Axis.Linear(name), Y = Axis.Category(name, [name]) }]) { Caption = name, Columns = 2 };
            XElement svg = XElement.Parse(figure.ToSvg());
            Assert.DoesNotContain(svg.DescendantsAndSelf(), e => e.Name.LocalName is "script" or "image" or "foreignObject" or "a");
            Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || a.Value.Contains("http:", StringComparison.Ordinal) && !a.IsNamespaceDeclaration);
            string seen = string.Concat(svg.Descendants().Where(e => e.Name.LocalName == "title").Select(e => e.Value));
            Assert.True(seen.Contains(name.Replace('\t', ' ').Replace('\n', ' '), StringComparison.Ordinal) || name.Any(c => c is '\0' or '\uD800'), name);

            string html = new ReportPage(name, [new(name, [new ReportText(name), new ReportFigures([figure]), new ReportTable("table", name, [new(name, name) { IsText = true }], [[name]])])]) { Summary = name, Footer = name }.ToHtml();
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
            Assert.DoesNotContain('\0', html);
        }
    }

    [Theory]
    [InlineData(0.0567451016, 5, "0.056745")]
    [InlineData(9.99996, 5, "10.000")]
    [InlineData(-5.64585114818313, 4, "\u22125.646")]
    [InlineData(1887, 5, "1887.0")]
    [InlineData(0, 5, "0")]
    [InlineData(3.985161633506623E-09, 5, "3.9852e\u22129")]
    [InlineData(123456789012, 3, "1.23e11")]
    [InlineData(double.NaN, 3, "NaN")]
    public void Numbers_have_the_digits_that_were_asked_for(double value, int digits, string expected) => Assert.Equal(expected, ReportTable.Significant(value, digits));

    [Fact]
    public void A_table_comes_back_from_its_file_to_the_last_bit()
    {
        var random = new Random(1);
        double[] numbers = [.. Enumerable.Range(0, 200).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20)))];
        var table = new ReportTable("t", "T", [new("Name") { IsText = true }, new("Value", "eV/Å"), new("Nothing")], [.. numbers.Select((n, i) => System.Collections.Immutable.ImmutableArray.Create<object?>(Hostile[i % 5], n, null))]) { MostRows = 10 };
        string text = table.ToCsv();
        Assert.DoesNotContain('\r', text);
        using var csv = new CsvReader(new StringReader(text), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        Assert.Equal(["Name", "Value (eV/Å)", "Nothing"], csv.HeaderRecord!);
        foreach ((double number, int i) in numbers.Select((n, i) => (n, i)))
        {
            Assert.True(csv.Read());
            Assert.Equal((Hostile[i % 5], "", BitConverter.DoubleToInt64Bits(number)), (csv.GetField(0), csv.GetField(2), BitConverter.DoubleToInt64Bits(double.Parse(csv.GetField(1)!, CultureInfo.InvariantCulture))));
        }

        string page = new ReportPage("p", [new("s", [table])]).ToHtml();
        Assert.Contains("10 of 200 rows", page, StringComparison.Ordinal);
        // A column without any value stands in the file alone.
        Assert.DoesNotContain("Nothing", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_appear_together_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        var page = new ReportPage("p", [new("s", [new ReportFigures([new Figure("a", "A", [new(Axis.Linear("x"), Axis.Linear("y"), [new PointMark([1], [1])])])]), new ReportTable("t", "T", [new("c")], [[1L]])])])
        {
            PrintFigures = [new Figure("b", "B", [])],
            PrintTables = [new ReportTable("u", "U", [new("c")], [[2.5]])],
        };
        folder.Write("figures/b.svg", "old");
        Assert.Equal("FileExists", Assert.Throws<AtomProNetException>(() => ReportFiles.Write(page, folder.Path("p.html"), folder.Path("figures"), folder.Path("tables"))).ErrorId);
        Assert.Equal(["figures"], folder.Names);
        Assert.Equal(["b.svg"], Directory.GetFileSystemEntries(folder.Path("figures")).Select(Path.GetFileName));
        ReportFile[] files = [.. ReportFiles.Write(page, folder.Path("p.html"), folder.Path("figures"), folder.Path("tables"), overwrite: true)];
        Assert.Equal(["p.html", "a.svg", "b.svg", "t.csv", "u.csv"], files.Select(f => Path.GetFileName(f.Path)));
        Assert.All(files, f => Assert.Equal(new FileInfo(f.Path).Length, f.Length));
        Assert.Equal("c\n2.5\n", File.ReadAllText(folder.Path("tables", "u.csv")));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void Every_culture_draws_the_same(string culture)
    {
        var figure = new Figure("I", "Title", [new(Axis.Linear("x"), Axis.Logarithmic("y"), [new PointMark([1.5, -2.25], [0.001, 1234.5]), new DensityMark([1.5, 1.25], [3.5, 4.5])])]);
        var table = new ReportTable("t", "T", [new("c")], [[1234.5], [-0.001], [12345L]]);
        (string, string, string) invariant = (figure.ToSvg(), table.ToCsv(), new ReportPage("p", [new("s", [table, new ReportFigures([figure])])]).ToHtml());
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(invariant, (figure.ToSvg(), table.ToCsv(), new ReportPage("p", [new("s", [table, new ReportFigures([figure])])]).ToHtml()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
