using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using AtomProNet.Cli;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Reports;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Pages;
using AtomProNet.Structures;
using CsvHelper;

namespace AtomProNet.Tests.Evaluation;

public class MlipReportTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The table of the sample data's README, which was computed by scripts that share no code with this project.</summary>
    [Fact]
    public void The_numbers_of_the_report_are_the_published_ones()
    {
        string data = SharedData.Path("data", "mlip");
        using var folder = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run($"Export-MlipReport report.html -Reference '{data}/DFT_data.extxyz' -Prediction '{data}/MLIP_validation.xyz' -Model Allegro -Percentile 50,80,90,95 -FigurePath figures -TablePath tables", folder.Root);
        Assert.Empty(result.Errors);
        Assert.Equal(ReportFileKind.Page, ((ReportFile)result.Output[0]!).Kind);
        Dictionary<string, string>[] rows = Read(folder.Path("tables", "errors.csv"));
        Row("energy per atom", "8", [("R²", 0.9856236082), ("MAE", 0.0186516970), ("RMSE", 0.0227375133), ("50 %", 0.0257961137), ("80 %", 0.0297878904), ("90 %", 0.0323552131), ("95 %", 0.0325198246)]);
        Row("total energy", "8", [("R²", 0.9933566326), ("MAE", 1.4665073364), ("RMSE", 1.7844675149)]);
        Row("force component", "1887", [("R²", 0.9845838681), ("MAE", 0.0567451016), ("RMSE", 0.0882867600), ("50 %", 0.0216612), ("80 %", 0.104929216), ("90 %", 0.156905652), ("95 %", 0.20226752)]);
        Row("RMS force of an atom", "629", [("R²", 0.9886220304), ("MAE", 0.0301801659), ("RMSE", 0.0501587053), ("95 %", 0.1077281306)]);
        Row("force vector", "629", [("MAE", 0.1146136845), ("RMSE", 0.1529171539)]);
        Row("stress component", "48", [("R²", 0.9805033911), ("MAE", 5.8260182088), ("RMSE", 8.4830362849)]);
        Dictionary<string, string>[] species = Read(folder.Path("tables", "errors-by-element.csv"));
        Assert.Equal([("Al", 0.0539019561), ("O", 0.0586081101)], species.Where(r => r["Quantity"] == "force component").Select(r => (r["Element"], Math.Round(Number(r["MAE"]), 10))).Order());
        // What stands on the page are the first digits of the same numbers.
        string page = File.ReadAllText(folder.Path("report.html"));
        Assert.All((string[])["0.018652", "0.022738", "0.98562", "0.056745", "0.088287", "0.10493", "5.8260", "8.4830"], digits => Assert.Contains($">{digits}</td>", page, StringComparison.Ordinal));
        Assert.All(Read(folder.Path("tables", "worst-frames.csv")), r => Assert.EndsWith("DFT_data.extxyz", r["File"], StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(folder.Path("figures")), f => Assert.Equal("svg", XDocument.Load(f).Root!.Name.LocalName));
        Assert.Contains("overview.svg", Directory.GetFiles(folder.Path("figures")).Select(Path.GetFileName));

        void Row(string quantity, string count, (string Column, double Value)[] expected)
        {
            Dictionary<string, string> row = Assert.Single(rows, r => r["Quantity"] == quantity);
            Assert.Equal(("Allegro", count), (row["Model"], row["Values"]));
            Assert.All(expected, e => Assert.Equal(e.Value, Number(row[e.Column]), 0.51e-10 + (e.Column.EndsWith('%') ? 1e-10 : 0)));
        }
    }

    [Fact]
    public void Several_models_from_pipeline_files_and_tables_give_the_same_report()
    {
        using var folder = new TemporaryFolder();
        FramePair[] good = [.. SyntheticErrors.Pairs(12, 3, 0.02)], bad = [.. SyntheticErrors.Pairs(12, 3, 0.3)];
        Write(folder, "reference.extxyz", good.Select(p => p.Reference));
        Write(folder, "good.extxyz", good.Select(p => p.Prediction));
        Write(folder, "bad.extxyz", bad.Select(p => p.Prediction));
        MlipError[] errors = [.. Run("Measure-MlipError reference.extxyz good.extxyz -Model good -WorstFrameCount 10").Output.Concat(Run("Measure-MlipError reference.extxyz bad.extxyz -Model bad -WorstFrameCount 10").Output).Cast<MlipError>()];
        Assert.Empty(PipelineHost.Run("Export-MlipReport a.html", folder.Root, new() { Input = errors }).Errors);
        Assert.Empty(Run("Export-MlipReport b.html -Reference reference.extxyz -Prediction good.extxyz,bad.extxyz").Errors);
        Assert.Empty(Run("Export-MlipReport c.html reference.extxyz bad.extxyz,good.extxyz -Model bad,good").Errors);
        Assert.Empty(Run("Export-MlipReport d.html reference.extxyz @{good='good.extxyz'; bad='bad.extxyz'} -TablePath d").Errors);
        Assert.Equal(File.ReadAllText(folder.Path("a.html")), File.ReadAllText(folder.Path("b.html")));
        // A table has no order: its models come by name.
        Assert.Equal(File.ReadAllText(folder.Path("c.html")), File.ReadAllText(folder.Path("d.html")));
        Dictionary<string, string>[] rows = Read(folder.Path("d", "errors.csv"));
        Assert.Equal(["bad", "good"], rows.Where(r => r["Quantity"] == "force component").Select(r => r["Model"]));
        Assert.True(Number(rows.First(r => r["Model"] == "bad")["MAE"]) > 5 * Number(rows.First(r => r["Model"] == "good")["MAE"]));

        PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder.Root);
    }

    [Fact]
    public void What_cannot_be_reported_is_said()
    {
        using var folder = new TemporaryFolder();
        FramePair[] pairs = [.. SyntheticErrors.Pairs(3, 1, 0.1)];
        Write(folder, "r.extxyz", pairs.Select(p => p.Reference));
        Write(folder, "p.extxyz", pairs.Select(p => p.Prediction));
        folder.Write("nan.extxyz", File.ReadAllText(folder.Path("p.extxyz")).Replace("energy=", "energy=nan old=", StringComparison.Ordinal));
        Write(folder, "other.extxyz", SyntheticErrors.Pairs(4, 1, 0.1).Skip(1).Select(p => p.Prediction));
        folder.Write("empty.extxyz", "");
        Fails("Export-MlipReport x.html r.extxyz other.extxyz", "FrameGeometryMismatch");
        Fails("Export-MlipReport x.html r.extxyz empty.extxyz");
        Fails("Export-MlipReport x.html r.extxyz missing.extxyz");
        Fails("Export-MlipReport x.html r.extxyz nan.extxyz");
        Fails("Export-MlipReport x.html r.extxyz p.extxyz,p.extxyz", "ModelRepeated");
        Fails("Export-MlipReport x.html r.extxyz p.extxyz -Model a,b", "ModelCountMismatch");
        Fails("Export-MlipReport x.html r.extxyz p.extxyz -Confidence 100", "ConfidenceOutOfRange");
        Fails("Export-MlipReport x.html r.extxyz p.extxyz -Confidence 0.95", "ConfidenceOutOfRange");
        Assert.DoesNotContain("x.html", folder.Names);
        Assert.Empty(PipelineHost.Run("Export-MlipReport x.html r.extxyz p.extxyz -WhatIf", folder.Root).Output);
        Assert.DoesNotContain("x.html", folder.Names);
        Assert.Single(PipelineHost.Run("Export-MlipReport x.html r.extxyz p.extxyz", folder.Root).Output);
        Fails("Export-MlipReport x.html r.extxyz p.extxyz", "FileExists");
        Assert.Single(PipelineHost.Run("Export-MlipReport x.html r.extxyz p.extxyz -Force", folder.Root).Output);

        void Fails(string pipeline, string? id = null)
        {
            PipelineResult result = PipelineHost.Run(pipeline, folder.Root);
            Assert.NotEmpty(result.Errors);
            Assert.Empty(result.Output);
            Assert.True(id is null || result.Errors[^1].FullyQualifiedErrorId.Split(',')[0] == id, result.Errors[^1].FullyQualifiedErrorId);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(300, 300)]
    public void Few_and_many_groups_are_drawn(int frames, int groups)
    {
        ReportPage page = MlipReport.Of([SyntheticErrors.Model("m", frames, groups, 0.1)]);
        Assert.All(page.Figures.Concat(page.PrintFigures), f => XElement.Parse(f.ToSvg()));
        Assert.Equal(groups > 1, page.Figures.Any(f => f.Name == "force-error-by-group"));
    }

    /// <summary>Equal references, a perfect model, a single value: nothing to divide by.</summary>
    [Fact]
    public void Zero_variance_and_zero_error_are_drawn()
    {
        FramePair[] pairs = [.. SyntheticErrors.Pairs(30, 3, 0)];
        Frame one = pairs[0].Reference, same = pairs[0].Prediction;
        foreach (IEnumerable<FramePair> those in (IEnumerable<FramePair>[])
            [
                Enumerable.Range(1, 30).Select(i => new FramePair(i, one, same)),
                Enumerable.Range(1, 30).Select(i => new FramePair(i, one, one with { FreeEnergy = one.FreeEnergy + i })),
                [new FramePair(1, Still(one), Still(one))],
                Enumerable.Range(1, 3).Select(i => new FramePair(i, Still(one), Still(one) with { FreeEnergy = 1e300 * i })),
            ])
        {
            ReportPage page = MlipReport.Of([new("m", MlipErrors.Measure(those))]);
            Assert.All(page.Figures.Concat(page.PrintFigures), f => XElement.Parse(f.ToSvg()));
            Assert.NotEmpty(page.ToHtml());
        }

        static Frame Still(Frame frame) => new(frame.Structure) { FreeEnergy = 0, Forces = [.. frame.Forces!.Value.Select(_ => default(Vector3D))], Stress = new StressTensor(0, 0, 0, 0, 0, 0) };
    }

    [Fact]
    public void The_percentile_marks_lie_on_the_curve()
    {
        foreach (int frames in (int[])[2, 5, 40, 700])
        {
            MlipError error = SyntheticErrors.Model("m", frames, 3, 0.1).Of(ErrorQuantity.ForceComponent)!;
            ErrorCurve curve = ErrorCurve.Of(error);
            Assert.True(curve.Errors.Length < 1700);
            Assert.All(error.Percentiles, p =>
            {
                int after = curve.Shares.ToList().FindIndex(s => s >= p.Percent - 1e-9);
                double t = after == 0 ? 1 : (p.Percent - curve.Shares[after - 1]) / (curve.Shares[after] - curve.Shares[after - 1]);
                double at = after == 0 ? curve.Errors[0] : curve.Errors[after - 1] + t * (curve.Errors[after] - curve.Errors[after - 1]);
                Assert.Equal(p.Value, at, 0.002 * p.Value);
            });
            Assert.Equal((0.0, 100.0, error.Maximum), (curve.Shares[0], curve.Shares[^1], curve.Errors[^1]));
        }
    }

    [Fact]
    public void The_course_over_the_force_has_the_medians_of_its_bins()
    {
        MlipError error = SyntheticErrors.Model("m", 300, 3, 0.1).Of(ErrorQuantity.ForceComponent)!;
        (ImmutableArray<double> magnitudes, ImmutableArray<double> errors) = ForceMagnitudeFigures.Lengths(error);
        Assert.Equal(error.Count / 3, magnitudes.Length);
        // The lengths are those of the force vectors, whose errors were measured on their own.
        MlipError vectors = SyntheticErrors.Model("m", 300, 3, 0.1).Of(ErrorQuantity.ForceVector)!;
        Assert.Equal(vectors.AbsoluteErrors.Select(e => Math.Round(e, 12)), errors.Select(e => Math.Round(e, 12)));
        ForceMagnitudeCourse course = ForceMagnitudeFigures.Course(magnitudes, errors, 0.1, 10);
        double ratio = course.Magnitudes[1] / course.Magnitudes[0], half = Math.Sqrt(ratio);
        for (int i = 0; i < course.Magnitudes.Length; i++)
        {
            double[] own = [.. magnitudes.Zip(errors).Where(p => p.First >= course.Magnitudes[i] / half && p.First < course.Magnitudes[i] * half).Select(p => p.Second).Order()];
            double median = own.Length % 2 == 1 ? own[own.Length / 2] : (own[own.Length / 2 - 1] + own[own.Length / 2]) / 2;
            Assert.Equal(median, course.Medians[i], 12);
        }
    }

    /// <summary>A model that fails on one frame must not press the others into a point, and what is left out is told.</summary>
    [Fact]
    public void An_exploded_prediction_is_left_out_and_counted()
    {
        FramePair[] pairs = [.. SyntheticErrors.Pairs(50, 3, 0.05)];
        pairs[7] = pairs[7] with { Prediction = pairs[7].Prediction with { Forces = [.. pairs[7].Prediction.Forces!.Value.Select(f => f * 1e6)] } };
        ReportPage page = MlipReport.Of([new("m", MlipErrors.Measure(pairs))]);
        Figure parity = page.Figures.Single(f => f.Name == "force-parity");
        int beyond = pairs[7].Prediction.Forces!.Value.Sum(f => new[] { f.X, f.Y, f.Z }.Count(c => Math.Abs(c) > 20));
        Assert.Contains($"{beyond} of 1200 predictions lie beyond the axes", parity.Caption, StringComparison.Ordinal);
        Assert.InRange(parity.Panels[0].Y.To!.Value, 1, 20);
        // The worst frame is the one that exploded.
        Assert.Equal("8", page.Tables.Single(t => t.Name == "worst-frames").Rows.First(r => (string)r[1]! == "force component")[6]!.ToString());
    }

    [Fact]
    public void Models_on_different_frames_are_warned_of()
    {
        ModelErrors a = SyntheticErrors.Model("a", 10, 2, 0.1), b = SyntheticErrors.Model("b", 11, 2, 0.1);
        Assert.True(MlipReport.AreMeasuredOnDifferentFrames([a, b]));
        Assert.False(MlipReport.AreMeasuredOnDifferentFrames([a, SyntheticErrors.Model("c", 10, 2, 0.5)]));
        Assert.Contains("cannot be compared", MlipReport.Of([a, b]).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Five_million_components_make_a_small_file()
    {
        int count = TestEffort.Of(600_000, 5_000_000, 5_000_000), perFrame = 3000;
        var random = new Random(1);
        var samples = new ErrorSamples(ErrorQuantity.ForceComponent, "eV/Å");
        Frame frame = SyntheticErrors.Pairs(1, 1, 0).First().Reference;
        for (int i = 0; i < count / perFrame; i++)
        {
            samples.Begin(new(i + 1, frame, frame), $"group {i % 50}", true, true);
            for (int k = 0; k < perFrame; k++)
            {
                double reference = Math.Tan(1.4 * (random.NextDouble() - 0.5));
                samples.Add(reference, reference + 0.1 * Math.Tan(1.5 * (random.NextDouble() - 0.5)), Element.FromNumber(8 + 5 * (k / 3 % 2)));
            }
        }

        MlipError error = samples.ToError(new(), null);
        string html = MlipReport.Of([new("m", [error])]).ToHtml();
        Assert.True(html.Length < 2_000_000, $"{html.Length} characters");
        Assert.Equal(count / perFrame * perFrame, error.Count);
    }

    // Random labels are not what a training set may hold, and a model's are not either: it is written all the same.
    private static void Write(TemporaryFolder folder, string name, IEnumerable<Frame> frames) =>
        Assert.Empty(PipelineHost.Run($"Export-TrainingSet {name} -KeyStyle Ase -Force", folder.Root, new() { Input = frames.Select(f => f with { Origin = LabelOrigin.Unknown }) }).Errors);

    private static Dictionary<string, string>[] Read(string file)
    {
        using var csv = new CsvReader(new StreamReader(file), CultureInfo.InvariantCulture);
        return [.. csv.GetRecords<dynamic>().Select(r => ((IDictionary<string, object>)r).ToDictionary(p => p.Key, p => (string)p.Value))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
