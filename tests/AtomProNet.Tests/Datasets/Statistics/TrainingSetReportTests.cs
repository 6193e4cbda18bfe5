using System.Xml.Linq;
using AtomProNet.Cli;
using AtomProNet.Datasets.Statistics;
using AtomProNet.Plots.Pages;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets.Statistics;

public sealed class TrainingSetReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Is_one_page_with_all_that_was_measured_and_asks_for_nothing_from_elsewhere()
    {
        PipelineResult result = Run("Measure-TrainingSet -Report page.html -Title 'Magnesia <1>' -FigurePath figures -TablePath tables");
        Assert.Empty(result.Errors);
        var statistics = Assert.IsType<TrainingSetStatistics>(Assert.Single(result.Output));
        string html = File.ReadAllText(Path.Combine(folder.Root, "page.html"));
        Assert.Contains("<h1>Magnesia &lt;1&gt;</h1>", html, StringComparison.Ordinal);
        foreach (string forbidden in new[] { "<script", "http://", "https://", " src=", "@import", "url(" })
        {
            Assert.DoesNotContain(forbidden, html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Replace("url(#", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("prefers-color-scheme:dark", html.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (string heading in new[] { "Overview", "Composition", "Energies", "Geometry", "Forces", "Stress", "Reference energies", "Coverage", "Distributions" })
        {
            Assert.Contains($"<h2>{heading}</h2>", html, StringComparison.Ordinal);
        }

        Assert.All(statistics.Warnings, w => Assert.Contains(System.Net.WebUtility.HtmlEncode(w.Message.Split('\'')[0])[..20], html, StringComparison.Ordinal));
        string[] figures = [.. Directory.GetFiles(Path.Combine(folder.Root, "figures")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["atoms.svg", "coverage.svg", "distance.svg", "energy-volume.svg", "energy.svg", "force-components.svg", "force-energy.svg", "largest-force.svg", "pressure-volume.svg", "pressure.svg", "stress-components.svg", "volume.svg"], figures);
        Assert.All(figures, f => Assert.Equal("svg", XDocument.Load(Path.Combine(folder.Root, "figures", f)).Root!.Name.LocalName));
        string[] formulas = File.ReadAllLines(Path.Combine(folder.Root, "tables", "formulas.csv"));
        Assert.Equal(statistics.Compositions.Length + 1, formulas.Length);
    }

    [Fact]
    public void A_page_that_is_there_is_not_replaced_unless_asked_and_WhatIf_writes_none()
    {
        File.WriteAllText(Path.Combine(folder.Root, "page.html"), "mine");
        PipelineResult refused = Run("Measure-TrainingSet -Report page.html");
        Assert.Contains(refused.Errors, e => e.FullyQualifiedErrorId.StartsWith("FileExists", StringComparison.Ordinal));
        Assert.Empty(refused.Output);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder.Root, "page.html")));
        Assert.Empty(Run("Measure-TrainingSet -Report page.html -Force").Errors);
        Assert.NotEqual("mine", File.ReadAllText(Path.Combine(folder.Root, "page.html")));
        Assert.Single(Run("Measure-TrainingSet -Report other.html -WhatIf").Output);
        Assert.False(File.Exists(Path.Combine(folder.Root, "other.html")));
        Assert.Contains(Run("Measure-TrainingSet -FigurePath figures").Errors, e => e.FullyQualifiedErrorId.StartsWith("ReportMissing", StringComparison.Ordinal));
    }

    [Fact]
    public void Shows_a_single_frame_without_labels_too()
    {
        var survey = new TrainingSetSurvey();
        survey.Add(new(CleanSet.RockSalt()));
        ReportPage page = TrainingSetReport.Of(survey.Conclude(), "One");
        Assert.Contains("No frame has an energy.", page.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain(page.Figures, f => f.Name is "energy" or "pressure");
    }

    private PipelineResult Run(string command) => PipelineHost.Run(command, folder.Root, new() { Input = CleanSet.All.Where((_, i) => i % 4 == 0) });
}
