using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using AtomProNet.Cli;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Elasticity;
using AtomProNet.Evaluation.EquationsOfState;
using AtomProNet.Generation;
using AtomProNet.Lammps.Benchmarks;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Pages;
using AtomProNet.Structures;
using AtomProNet.Tests.Plots;
using AtomProNet.Tests.Vasp;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Evaluation;

/// <summary>Results as figures: what is drawn, and how it looks in a real browser.</summary>
public class EvaluationFigureTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    // The sample data's README: simulated ps in one hour, and straight lines through the logarithms.
    private static readonly ImmutableArray<int> Gamma = [1, 2, 3, 4, 5, 6, 7, 10, 25, 50];
    private static readonly ImmutableArray<MDBenchmark> Runs =
    [
        .. Sizes("Allegro", [48.48, 15.6475, 4.691, 1.9776, 1.0967, .6383, .3122, .099, .0058, .0005]),
        .. Sizes("ReaxFF", [11.2113, 4.5827, 2.0068, .8282, .5634, .3454, .2233, .0811, .0054, .0005]),
        Run("MACE", 50, 4, 30), Run("MACE", 50, 1, 10), Run("MACE", 50, 2, 18),
    ];

    private static IEnumerable<MDBenchmark> Sizes(string potential, double[] speeds) => speeds.Select((v, i) => Run(potential, Gamma[i], 1, v));

    // Steps of 0.1 fs within one hour.
    private static MDBenchmark Run(string potential, int size, int cpus, double speed) =>
        new() { Potential = potential, Size = size, AtomCount = 20L * size * size * size, CpuCount = cpus, Steps = (long)Math.Round(speed * 1e4), TimeStep = 0.1, WallTime = 3600, Source = "made" };

    [Fact]
    public void An_equation_of_state_has_its_points_its_curve_and_its_residuals()
    {
        EquationOfState fit = Fits()[0];
        ImmutableArray<Figure> figures = EquationOfStateFigures.Of([fit]);
        Assert.Equal(["equation-of-state", "pressure-volume"], figures.Select(f => f.Name));
        PointMark points = Assert.Single(figures[0].Panels[0].Marks.OfType<PointMark>()), residuals = Assert.Single(figures[0].Panels[1].Marks.OfType<PointMark>());
        LineMark curve = Assert.Single(figures[0].Panels[0].Marks.OfType<LineMark>());
        for (int i = 0; i < fit.Points.Length; i++)
        {
            // Four atoms a cell; meV below. The curve runs through the fitted energies.
            Assert.Equal((fit.Points[i].Volume / 4, fit.Points[i].Energy / 4), (points.X[i], points.Y[i]));
            Assert.Equal((fit.Points[i].Energy - fit.Points[i].FittedEnergy) / 4 * 1000, residuals.Y[i], 9);
            int near = Enumerable.Range(0, curve.X.Length).MinBy(k => Math.Abs(curve.X[k] - points.X[i]));
            Assert.Equal(fit.Points[i].FittedEnergy / 4, curve.Y[near], 0.02);
        }

        Assert.Contains("B₀ ", string.Join('\n', figures[0].Panels[0].Note), StringComparison.Ordinal);
    }

    [Fact]
    public void Fits_of_one_set_share_its_points_and_several_sets_are_drawn_above_their_minima()
    {
        ImmutableArray<EquationOfState> forms = Fits();
        Assert.Single(EquationOfStateFigures.Of(forms)[0].Panels[0].Marks.OfType<PointMark>());
        Assert.Equal(["BirchMurnaghan", "Vinet", "Murnaghan"], EquationOfStateFigures.Of(forms)[0].Panels[0].Marks.OfType<LineMark>().Select(m => m.Name));
        EquationOfState other = EquationOfState.Fit(EquationOfStateForm.Vinet, [60, 65, 70, 75, 80], [-9.5, -9.9, -10, -9.95, -9.7]);
        Panel both = EquationOfStateFigures.Of([forms[0], other], ["DFT", "potential"])[0].Panels[0];
        Assert.Equal(["DFT", "potential"], both.Marks.OfType<LineMark>().Select(m => m.Name));
        Assert.All(both.Marks.OfType<LineMark>(), line => Assert.InRange(line.Y.Min(), -1e-3, 1e-2));
    }

    [Fact]
    public void Elastic_constants_are_drawn_with_their_errors()
    {
        ElasticConstants c = Elastic();
        ImmutableArray<Figure> figures = ElasticFigures.Of([c, c], ["a", "b"]);
        Assert.Equal(["elastic-fit-1", "elastic-fit-2", "elastic-constants"], figures.Select(f => f.Name));
        PointMark[] points = [.. figures[2].Panels[0].Marks.OfType<PointMark>()];
        Assert.Equal(["C11", "C44", "C12"], figures[2].Panels[0].Y.Categories);
        Assert.All(points, p => Assert.Equal([c.C11, c.C44, c.C12], p.X));
        ErrorBarMark bars = figures[2].Panels[0].Marks.OfType<ErrorBarMark>().First();
        Assert.Equal(2 * c.StandardErrors![3, 3], bars.High[1] - bars.Low[1], 9);
        Assert.Equal(6 * c.FrameCount, figures[0].Panels[0].Marks.OfType<PointMark>().Sum(m => m.X.Length));
    }

    [Fact]
    public void The_line_of_a_benchmark_is_the_fit_and_the_efficiency_counts_from_the_smallest()
    {
        ImmutableArray<Figure> figures = MDScalingFigures.Of(MDScaling.Measure(Runs));
        Assert.Equal(["speed-size", "speed-cpus"], figures.Select(f => f.Name));
        LineMark line = figures[0].Panels[0].Marks.OfType<LineMark>().First();
        Assert.Equal(Math.Pow(10, 2.0303798047), line.Y[0], 6);
        Assert.Equal(Math.Pow(10, 2.0303798047 - 3.0334369503 * Math.Log10(50)), line.Y[1], 9);
        Assert.Equal("Allegro (slope \u22123.03)", figures[0].Panels[0].Marks.OfType<PointMark>().First().Name);
        Assert.Equal([100.0, 90, 75], figures[1].Panels[1].Marks.OfType<PointMark>().Single().Y.Select(y => Math.Round(y, 9)));
        Assert.Equal([10.0, 40], figures[1].Panels[0].Marks.OfType<LineMark>().First().Y);
    }

    [Fact]
    public async Task All_of_them_are_readable()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Browser browser = await fixture.Get(cancellation);
        using var folder = new TemporaryFolder();
        ImmutableArray<Figure> figures =
        [
            .. EvaluationFigures.Of([.. Fits(), Elastic()]),
            .. MDScalingFigures.Of(MDScaling.Measure(Runs)),
            .. EquationOfStateFigures.Of([Fits()[0]]).Select(f => f with { Name = "single-" + f.Name }),
        ];
        string file = ReportFiles.Write(new ReportPage("results", [new("s", [new ReportFigures(figures)])]), folder.Path("results.html"), cancellation: cancellation)[0].Path;
        foreach (int width in (int[])[1200, 400])
        {
            (string[] requests, string[] messages) = await browser.Open(file, width, isDark: width == 400, cancellation);
            Assert.Empty(requests.Concat(messages));
            JsonNode found = (await browser.Evaluate(PageInspection.Script, cancellation))!;
            Assert.Empty(PageInspection.Strings(found, "overlaps").Concat(PageInspection.Strings(found, "outside")));
            Assert.Equal(figures.Length, found["figures"]!.AsArray().Count);
        }
    }

    [Fact]
    public void From_the_pipeline_to_files_a_page_or_an_error()
    {
        using var folder = new TemporaryFolder();
        string fit = $"Import-Outcar '{Repository.File("samples", "al-strain")}' | Measure-EquationOfState";
        Assert.Empty(Run($"{fit} | Export-Figure figures -WhatIf").Output);
        Assert.Equal(["equation-of-state.svg", "pressure-volume.svg"], Run($"{fit} | Export-Figure figures").Output.Select(f => Path.GetFileName(f!.ToString())));
        Assert.All(Directory.GetFiles(folder.Path("figures")), f => XDocument.Load(f));
        Assert.Equal("FileExists", Id(Run($"{fit} | Export-Figure figures")));
        Assert.Single(Run($"{fit} | Export-Figure page.html -Name aluminium").Output);
        Assert.Contains("Equation of state of aluminium", File.ReadAllText(folder.Path("page.html")), StringComparison.Ordinal);
        Assert.Equal("SeveralFigures", Id(Run($"{fit} | Export-Figure one.svg")));
        Assert.Equal("NameCountMismatch", Id(Run($"{fit} | Export-Figure one.svg -Name a,b")));
        Assert.Single(Run("Measure-EquationOfState -Volume 62,64,66,68,70,72 -Energy -14.9,-15.1,-15.2,-15.21,-15.12,-15.0 | Export-Figure one.svg").Output);
        Assert.Equal("FigureUnknown", Id(Run("Get-MPStructure Al2O3 -Source Bundled | Export-Figure x")));
        Assert.Equal(["page.html", "one.svg", "figures"], folder.Names.Reverse());

        PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder.Root);
        static string Id(PipelineResult result) => Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0];
    }

    [Fact]
    public void Nothing_in_the_pipeline_is_no_calculation_of_one_step()
    {
        using var folder = new TemporaryFolder();
        string error = Assert.Single(PipelineHost.Run("Export-Figure x", folder.Root, new() { Input = [] }).Errors).ToString();
        Assert.Contains("No result came through the pipeline", error, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    private static ImmutableArray<EquationOfState> Fits() =>
        [.. PipelineHost.Run($"Import-Outcar '{Repository.File("samples", "al-strain")}' | Measure-EquationOfState -Form BirchMurnaghan,Vinet,Murnaghan", Path.GetTempPath()).Output.Cast<EquationOfState>()];

    private static ElasticConstants Elastic() => ElasticConstants.Fit(FrameSeries.Split(StrainSeries.ByMode([StrainMode.Elastic]).Apply(Aluminium).Select(structure =>
    {
        (double energy, Vector3D[] forces, StressTensor stress) = MorsePotential.Aluminium.Evaluate(structure.Lattice!, structure.CartesianPositions);
        return new Frame(structure) { FreeEnergy = energy, Forces = [.. forces], Stress = stress, Convergence = new(ElectronicConvergence.Converged) };
    }))[0]);
}
