using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Plots;
using AtomProNet.Plots.Marks;
using AtomProNet.Plots.Pages;

namespace AtomProNet.Datasets.Statistics;

/// <summary>Shows what a training set holds as a page: warnings, tables, histograms, the map of its coverage.</summary>
public static class TrainingSetReport
{
    private const int ListedFormulas = 30, ColouredFormulas = 6;

    private static readonly ImmutableDictionary<string, string> Names = ImmutableDictionary.CreateRange(StringComparer.Ordinal, new KeyValuePair<string, string>[]
    {
        new("AtomCount", "Atoms per frame"), new("EnergyPerAtom", "Energy per atom"), new("VolumePerAtom", "Volume per atom"), new("MinimumDistance", "Shortest distance in a frame"),
        new("ForceComponent", "Force components"), new("ForceMagnitude", "Force on an atom"), new("MaximumForce", "Largest force in a frame"), new("StressComponent", "Stress components (tension positive)"), new("Pressure", "Pressure (compression positive)"),
    });

    /// <summary>The page.</summary>
    /// <param name="statistics">What was measured.</param>
    /// <param name="title">Its heading.</param>
    public static ReportPage Of(TrainingSetStatistics statistics, string title)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        TrainingSetStatistics s = statistics;
        return new(title, [Overview(s), Composition(s), .. Energies(s), .. Geometry(s), .. Forces(s), .. Stress(s), Reference(s), .. Coverage(s), Distributions(s)])
        {
            Summary = string.Create(CultureInfo.InvariantCulture, $"{s.FrameCount} frames with {s.AtomCount} atoms of {string.Join(", ", s.Elements.Select(e => e.Element))}; {s.EnergyCount} energies, {s.ForceCount} sets of forces, {s.StressCount} stresses."),
            Footer = string.Create(CultureInfo.InvariantCulture, $"AtomProNet.PS {typeof(TrainingSetReport).Assembly.GetName().Version?.ToString(3)}. Counts, extremes, means and standard deviations are exact; percentiles and histograms are exact up to 65,535 values, beyond that ranks are right within {100 * s.Distributions.Select(d => d.RankError).DefaultIfEmpty().Max():G2} % of the values."),
        };
    }

    private static ReportSection Overview(TrainingSetStatistics s)
    {
        var blocks = ImmutableArray.CreateBuilder<ReportBlock>();
        blocks.AddRange(s.Warnings.OrderByDescending(w => w.Severity).Select(w => new ReportText(w.ToString()) { IsWarning = w.Severity != FindingSeverity.Information }));
        if (s.Warnings.IsEmpty)
        {
            blocks.Add(new ReportText("Nothing stands out in the numbers. Faults of single frames are found by Test-TrainingSet."));
        }

        (string, object?)[] rows =
        [
            ("frames", s.FrameCount), ("atoms", s.AtomCount), ("single atoms", s.IsolatedAtomCount), ("crystals", s.PeriodicFrameCount), ("with an energy", s.EnergyCount), ("with forces", s.ForceCount), ("with a stress", s.StressCount),
            ("formulas", s.CompositionCount), ("ways of computing them", s.MethodCount == 0 ? "not told" : s.MethodCount), .. s.EnergyKinds.Select(k => ($"energy: {k.Key}", (object?)k.Value)), .. s.ConfigTypes.Select(c => ($"config_type: {c.Key}", (object?)c.Value)),
        ];
        blocks.Add(new ReportTable("counts", "Counts", [Text("What"), new("Number")], [.. rows.Select(r => ImmutableArray.Create<object?>(r.Item1, r.Item2))]));
        return new("Overview", blocks.ToImmutable());
    }

    private static ReportSection Composition(TrainingSetStatistics s) => new("Composition",
    [
        new ReportTable("elements", "Elements", [Text("Element"), new("Atoms"), new("Frames"), new("Force component, rms", "eV/Å")], [.. s.Elements.Select(e => Row(e.Element.Symbol, e.AtomCount, e.FrameCount, e.ForceRms))]),
        new ReportTable(
            "formulas",
            "Formulas",
            [Text("Formula"), new("Frames"), new("Energy, least", "eV/atom") { Digits = 7 }, new("mean", "eV/atom") { Digits = 7 }, new("largest", "eV/atom") { Digits = 7 }, new("Volume, smallest", "Å³/atom"), new("largest", "Å³/atom")],
            [.. s.Compositions.Select(c => Row(c.Formula, c.FrameCount, c.MinimumEnergyPerAtom, c.MeanEnergyPerAtom, c.MaximumEnergyPerAtom, c.MinimumVolumePerAtom, c.MaximumVolumePerAtom))]) { MostRows = ListedFormulas },
    ]);

    private static IEnumerable<ReportSection> Energies(TrainingSetStatistics s)
    {
        Figure[] figures = [.. Histograms(s, "EnergyPerAtom"), .. Scatter(s, "energy-volume", "Energy against volume", "volume per atom (Å³)", "energy per atom (eV)", f => f.VolumePerAtom, f => f.EnergyPerAtom)];
        return figures.Length == 0 ? [] : [new("Energies", [new ReportFigures([.. figures])])];
    }

    private static IEnumerable<ReportSection> Geometry(TrainingSetStatistics s)
    {
        Figure[] figures = [.. Histograms(s, "VolumePerAtom"), .. Histograms(s, "MinimumDistance"), .. s.Distribution("AtomCount") is { } n && n.Minimum < n.Maximum ? Histograms(s, "AtomCount") : []];
        var table = new ReportTable("distances", "The closest that elements come", [Text("First"), Text("Second"), new("Distance", "Å"), new("of the sum of covalent radii") { Digits = 3 }, Text("Frame") with { IsLong = true }], [.. s.MinimumDistances.Select(d => Row(d.First.Symbol, d.Second.Symbol, d.Distance, d.OfCovalentRadii, d.Frame.ToString()))]);
        return figures.Length == 0 && table.Rows.IsEmpty ? [] : [new("Geometry", [.. figures.Length > 0 ? new ReportBlock[] { new ReportFigures([.. figures]) } : [], .. table.Rows.IsEmpty ? [] : new ReportBlock[] { table }])];
    }

    private static IEnumerable<ReportSection> Forces(TrainingSetStatistics s)
    {
        Figure[] figures = [.. Histograms(s, "ForceComponent", isLogarithmic: true), .. Histograms(s, "MaximumForce", isLogarithmic: true), .. Scatter(s, "force-energy", "Largest force against energy", "energy per atom (eV)", "largest force (eV/Å)", f => f.EnergyPerAtom, f => f.MaximumForce)];
        return figures.Length == 0 ? [] : [new("Forces", [new ReportFigures([.. figures])])];
    }

    private static IEnumerable<ReportSection> Stress(TrainingSetStatistics s)
    {
        Figure[] figures = [.. Histograms(s, "StressComponent", isLogarithmic: true), .. Histograms(s, "Pressure"), .. Scatter(s, "pressure-volume", "Pressure against volume", "volume per atom (Å³)", "pressure (GPa)", f => f.VolumePerAtom, f => f.Pressure)];
        return figures.Length == 0 ? [] : [new("Stress", [new ReportFigures([.. figures])])];
    }

    private static ReportSection Reference(TrainingSetStatistics s)
    {
        ReferenceEnergies e = s.ReferenceEnergies;
        string[] missing = [.. e.Energies.Where(r => r.LeastSquares is null).Select(r => r.Element.Symbol)];
        string rank = string.Create(CultureInfo.InvariantCulture, $"Least squares of the energies over the numbers of atoms of {e.FrameCount} frames; the compositions determine {e.Rank} of {e.Energies.Length} elements{(missing.Length > 0 ? $", not {string.Join(", ", missing)}" : "")}{(e.ConditionNumber is { } c ? $" (condition number {c:G3})" : "")}.");
        return new("Reference energies",
        [
            new ReportTable("reference-energies", "Reference energies of the elements", [Text("Element"), new("Single atom", "eV") { Digits = 8 }, new("Least squares", "eV") { Digits = 8 }, new("Standard error", "eV") { Digits = 3 }], [.. e.Energies.Select(r => Row(r.Element.Symbol, r.IsolatedAtom, r.LeastSquares, r.StandardError))]),
            new ReportText(e.FrameCount == 0 ? "No frame has an energy." : rank),
            .. e.Advice is { } advice ? new ReportBlock[] { new ReportText(advice) } : [],
        ]);
    }

    private static IEnumerable<ReportSection> Coverage(TrainingSetStatistics s)
    {
        if (s.Coverage is not { } coverage)
        {
            return [];
        }

        // Sizes by powers of ten: the crowd large, the lonely small but in a colour of their own.
        (string Name, long From, long To, double Size)[] sizes = [("1 frame", 1, 1, 3), ("2 to 9", 2, 9, 4), ("10 to 99", 10, 99, 6), ("100 to 999", 100, 999, 9), ("1000 and more", 1000, long.MaxValue, 13)];
        ImmutableArray<Mark> marks = [.. sizes.Select((z, i) => (z, i, Regions: coverage.Regions.Where(r => r.FrameCount >= z.From && r.FrameCount <= z.To).ToArray())).Where(m => m.Regions.Length > 0).Reverse().Select(m => (Mark)new PointMark([.. m.Regions.Select(r => r.X)], [.. m.Regions.Select(r => r.Y)])
        {
            Name = m.z.Name,
            Style = m.i,
            Size = m.z.Size,
            Opacity = 0.7,
            Tooltips = [.. m.Regions.Select(r => r.ToString())],
        })];
        var map = new Figure("coverage", "Coverage of descriptor space", [new Panel(Axis.Linear("first principal component"), Axis.Linear("second principal component"), marks)])
        {
            Caption = string.Create(CultureInfo.InvariantCulture, $"Each mark is a region of structures that look alike; the components show {100 * coverage.ExplainedVariance:F0} % of their differences."),
        };
        string text = string.Create(CultureInfo.InvariantCulture, $"{coverage.FrameCount} frames lie in {coverage.RegionCount} regions of radius {coverage.Radius:G3} (a distance of descriptors: 0 for the same structure, some 0.01 for neighbours in a strain series, 1 for strangers). If they filled the regions evenly, {coverage.EffectiveRegionCount:F1} would do; the fullest holds {100 * coverage.LargestShare:F0} % of the frames, and {coverage.LonelyFrameCount} regions hold a single one.");
        var table = new ReportTable("regions", "Regions", [new("Frames"), Text("Formula"), new("Frame in its middle")], [.. coverage.Regions.Select(r => Row(r.FrameCount, r.Formula, r.Frame))]) { MostRows = 15 };
        return [new("Coverage", [new ReportText(text), new ReportFigures([map]), table])];
    }

    private static ReportSection Distributions(TrainingSetStatistics s) => new("Distributions",
    [
        new ReportTable(
            "distributions",
            "Distributions",
            [Text("Quantity"), Text("Unit"), new("Values"), new("Least"), new("Mean"), new("Standard deviation"), .. Distribution.Percents.Select(p => new ReportColumn(string.Create(CultureInfo.InvariantCulture, $"{p} %"))), new("Largest")],
            [.. s.Distributions.Select(d => Row([Names[d.Quantity], d.Unit, d.Count, d.Minimum, d.Mean, d.StandardDeviation, .. d.Percentiles.Select(p => (object?)p.Value), d.Maximum]))]),
    ]);

    private static IEnumerable<Figure> Histograms(TrainingSetStatistics s, string quantity, bool isLogarithmic = false)
    {
        if (s.Distribution(quantity) is not { } d)
        {
            return [];
        }

        // A single value has no width; it gets a bar all the same.
        ImmutableArray<HistogramBin> bins = d.Minimum < d.Maximum ? d.Histogram : [new(d.Minimum - 0.5, d.Maximum + 0.5, d.Count)];
        ImmutableArray<double> edges = [.. bins.Select(b => b.Low), bins[^1].High];
        string label = Names[quantity].ToLowerInvariant() + (d.Unit.Length == 0 ? "" : $" ({d.Unit})"), count = quantity is "ForceComponent" or "StressComponent" ? "components" : "frames";
        var mark = new HistogramMark(edges, [.. bins.Select(b => (double)b.Count)]);
        // From a half on, so that a bin of one has a bar, too; few values need no logarithm.
        Axis y = isLogarithmic && bins.Max(b => b.Count) > 50 ? Axis.Logarithmic(count, from: 0.5) : Axis.Linear(count, from: 0) with { IsWhole = true };
        return [new Figure(quantity switch { "EnergyPerAtom" => "energy", "VolumePerAtom" => "volume", "MinimumDistance" => "distance", "AtomCount" => "atoms", "ForceComponent" => "force-components", "MaximumForce" => "largest-force", "StressComponent" => "stress-components", _ => "pressure" }, Names[quantity], [new Panel(Axis.Linear(label), y, [mark])])
        {
            Caption = string.Create(CultureInfo.InvariantCulture, $"Median {d.Median:G5}, 5 to 95 %: {d.Percentiles.First(p => p.Percent == 5).Value:G5} to {d.Percentiles.First(p => p.Percent == 95).Value:G5} {d.Unit}."),
        }];
    }

    private static IEnumerable<Figure> Scatter(TrainingSetStatistics s, string name, string title, string xLabel, string yLabel, Func<FrameSample, double?> x, Func<FrameSample, double?> y)
    {
        FrameSample[] shown = [.. s.Samples.Where(f => x(f) is not null && y(f) is not null)];
        if (shown.Length < 2)
        {
            return [];
        }

        string[] formulas = [.. shown.GroupBy(f => f.Formula).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(ColouredFormulas).Select(g => g.Key)];
        ImmutableArray<Mark> marks = [.. shown.GroupBy(f => Array.IndexOf(formulas, f.Formula)).OrderBy(g => g.Key < 0 ? int.MaxValue : g.Key).Select(g => (Mark)new PointMark([.. g.Select(f => x(f)!.Value)], [.. g.Select(f => y(f)!.Value)])
        {
            Name = g.Key < 0 ? "others" : formulas[g.Key],
            Style = g.Key < 0 ? ColouredFormulas : g.Key,
            Size = shown.Length > 500 ? 2.2 : 3.4,
            Opacity = shown.Length > 500 ? 0.5 : 0.85,
        })];
        return [new Figure(name, title, [new Panel(Axis.Linear(xLabel), Axis.Linear(yLabel), marks)])
        {
            Caption = shown.Length < s.FrameCount - s.IsolatedAtomCount ? string.Create(CultureInfo.InvariantCulture, $"{shown.Length} frames, evenly over the set.") : "",
        }];
    }

    private static ReportColumn Text(string heading) => new(heading) { IsText = true };

    private static ImmutableArray<object?> Row(params object?[] values) => [.. values];
}
