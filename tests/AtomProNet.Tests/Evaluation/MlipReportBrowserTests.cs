using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Reports;
using AtomProNet.Plots;
using AtomProNet.Plots.Pages;
using AtomProNet.Tests.Plots;

namespace AtomProNet.Tests.Evaluation;

/// <summary>The report as a reader sees it: opened in a real browser.</summary>
public class MlipReportBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Hostile = "<script>window.hacked=1</script>\"'&amp; 模型 Ω";

    public static TheoryData<string> Reports => ["one model", "three models", "hostile names", "one frame", "many points"];

    [Theory]
    [MemberData(nameof(Reports))]
    public async Task Every_figure_is_there_no_labels_touch_and_nothing_is_asked_of_the_network(string kind)
    {
        Assert.SkipUnless(TestEffort.IsFull || kind is "one model" or "hostile names", "One of five reports; runs with ATOMPRONET_TEST=full.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Browser browser = await fixture.Get(cancellation);
        using var folder = new TemporaryFolder();
        ReportPage page = MlipReport.Of(Models(kind), new() { Title = kind == "hostile names" ? Hostile : kind });
        string file = ReportFiles.Write(page, folder.Path("report.html"), cancellation: cancellation)[0].Path;
        var grounds = new HashSet<string>();
        foreach ((int width, bool isDark) in ((int, bool)[])[(1200, false), (1200, true), (400, false), (400, true)])
        {
            (string[] requests, string[] messages) = await browser.Open(file, width, isDark, cancellation);
            Assert.Empty(requests);
            Assert.Empty(messages);
            JsonNode found = (await browser.Evaluate(PageInspection.Script, cancellation))!;
            Assert.Empty(PageInspection.Strings(found, "overlaps"));
            Assert.Empty(PageInspection.Strings(found, "outside"));
            Assert.Equal(width, (int)found["innerWidth"]!);
            Assert.True((double)found["scrollWidth"]! <= width, $"The page is {found["scrollWidth"]} wide in a window of {width}.");
            Assert.Equal(page.Figures.Count(), found["figures"]!.AsArray().Count);
            Assert.All(found["figures"]!.AsArray(), f => Assert.True((double)f!["width"]! > 0.7 * Math.Min(width, 400) && (double)f["height"]! > 60, f.ToJsonString()));
            Assert.Equal(page.Figures.Count(), page.Figures.Select(f => f.Name).Distinct().Count());
            Assert.Equal(page.Figures.Select(f => f.Title), found["figures"]!.AsArray().Select(f => ((string)f!["caption"]!).Split(". ")[0].TrimEnd('.')));
            Assert.Equal(page.Tables.Count(), found["tables"]!.AsArray().Count);
            Assert.Equal((0, "undefined"), ((int)found["scripts"]!, (string)found["hacked"]!));
            string ground = (string)found["ground"]!;
            grounds.Add(ground);
            Assert.All(PageInspection.Strings(found, "labels").Append((string)found["ink"]!), ink => Assert.True(PageInspection.Contrast(ink, ground) >= 4.5, $"{ink} on {ground}"));
            Assert.Equal(isDark, PageInspection.Luminance(ground) < 0.1);
        }

        Assert.Equal(2, grounds.Count);
    }

    /// <summary>The inspection would see what it looks for.</summary>
    [Fact]
    public async Task The_inspection_sees_overlaps_clipped_labels_requests_and_errors()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Browser browser = await fixture.Get(cancellation);
        using var folder = new TemporaryFolder();
        string file = folder.Write("bad.html", """
            <!DOCTYPE html><html><body><script>console.error('wrong')</script><img src="http://127.0.0.1:9/x.png">
            <svg width="200" height="100"><title>bad</title><text x="20" y="50">first</text><text x="30" y="52">second</text><text x="180" y="20">a long one</text></svg></body></html>
            """);
        (string[] requests, string[] messages) = await browser.Open(file, 400, false, cancellation);
        Assert.Equal(["http://127.0.0.1:9/x.png"], requests);
        Assert.Contains(messages, m => m.Contains("wrong", StringComparison.Ordinal));
        JsonNode found = (await browser.Evaluate(PageInspection.Script, cancellation))!;
        Assert.Contains(PageInspection.Strings(found, "overlaps"), o => o.Contains("first | second", StringComparison.Ordinal));
        Assert.Contains(PageInspection.Strings(found, "outside"), o => o.Contains("a long one", StringComparison.Ordinal));
    }

    private static ImmutableArray<ModelErrors> Models(string kind) => kind switch
    {
        "one model" => [SyntheticErrors.Model("MACE", frames: 60, groups: 6, noise: 0.05)],
        "three models" => [SyntheticErrors.Model("MACE", 60, 25, 0.03), SyntheticErrors.Model("Allegro", 60, 25, 0.05), SyntheticErrors.Model("ReaxFF with a name of many words that hardly fits above anything", 60, 25, 0.9)],
        "hostile names" => [SyntheticErrors.Model(Hostile, 30, 4, 0.03, group: g => $"{Hostile}{g} {new string('W', 80)}"), SyntheticErrors.Model("</svg><img src=x onerror=alert(1)>", 30, 4, 0.1, group: g => Hostile + g)],
        "one frame" => [SyntheticErrors.Model("MACE", frames: 1, groups: 1, noise: 0.05)],
        _ => [SyntheticErrors.Model("MACE", frames: 900, groups: 40, noise: 0.05, atoms: 40)],
    };
}
