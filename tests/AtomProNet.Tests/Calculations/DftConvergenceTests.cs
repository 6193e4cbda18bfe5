using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Structures;
using AtomProNet.Tests.Generation;

namespace AtomProNet.Tests.Calculations;

public sealed class DftConvergenceTests : IDisposable
{
    private static readonly Structure Rutile = SampleCrystals.Rutile.With(name: "rutile", provenance: Provenance.Root("Bundled", "bundled:TiO2"));

    private readonly string work = Directory.CreateTempSubdirectory("convergence").FullName;

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    public void A_series_differs_in_one_setting_each()
    {
        PipelineResult result = PipelineHost.Run("New-ConvergenceSeries runs -CutoffEnergy 400,500.5,600 -MeshSpacing 0.4,0.2 -SmearingWidth 0.1,0.05 -KPointMesh 2,2,3", work, new PipelineOptions { Input = [Rutile] });

        Assert.Empty(result.Errors);
        DftInput[] inputs = [.. result.Output.Cast<DftInput>()];
        Assert.Equal(["rutile_cutoff_400", "rutile_cutoff_500.5", "rutile_cutoff_600", "rutile_spacing_0.4", "rutile_spacing_0.2", "rutile_width_0.1", "rutile_width_0.05"], inputs.Select(i => i.Name));
        Assert.Equal(["400", "500.5", "600", "400", "400", "400", "400"], inputs.Select(i => i.Settings["ENCUT"]));
        Assert.Equal(["0.026", "0.026", "0.026", "0.026", "0.026", "0.1", "0.05"], inputs.Select(i => i.Settings["SIGMA"]));
        // ⌈2π/4.594/0.4⌉ = 4, ⌈2π/2.959/0.4⌉ = 6; at 0.2 7 and 11.
        Assert.Equal(["2 2 3", "2 2 3", "2 2 3", "4 4 6", "7 7 11", "2 2 3", "2 2 3"], inputs.Select(i => string.Join(' ', i.KPointMesh!.Value)));
        Assert.Equal(new ConvergenceSetting(ConvergenceQuantity.CutoffEnergy, 500.5), ConvergenceSetting.Of(CalculationRecord.FromFolder(inputs[1].FolderPath)!.Provenance is { } p ? Rutile.With(provenance: p) : Rutile));
    }

    [Theory]
    [InlineData("", "ConvergenceSettingMissing")]
    [InlineData("-CutoffEnergy 400,400", "ConvergenceSettingTwice")]
    [InlineData("-SmearingWidth 0.1 -Preset MPStatic", "SmearingWidthIdle")]
    public void What_makes_no_series_is_refused(string arguments, string errorId)
    {
        PipelineResult result = PipelineHost.Run("New-ConvergenceSeries runs " + arguments, work, new PipelineOptions { Input = [Rutile] });

        Assert.Equal(errorId, Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.False(Directory.Exists(Path.Combine(work, "runs")));
    }

    [Fact]
    public void The_cheapest_setting_that_holds_with_all_finer_ones_is_recommended()
    {
        // E/N: −1.0, −1.0105, −1.0101, −1.0110, −1.01095, −1.0110: 400 agrees by chance (within 1 meV of the finest only from 600 on).
        (double Cutoff, double PerAtom)[] points = [(300, -1.0), (400, -1.0105), (500, -1.0090), (600, -1.0104), (700, -1.01095), (800, -1.0110)];

        DftConvergence verdict = Assert.Single(DftConvergence.Measure(points.Reverse().Select(p => Make(ConvergenceQuantity.CutoffEnergy, p.Cutoff, p.PerAtom)), new(0.001, null, null)));

        Assert.Equal(600, verdict.Recommended);
        Assert.Equal(800, verdict.Reference);
        Assert.Equal([300, 400, 500, 600, 700, 800], verdict.Points.Select(p => p.Value));
        Assert.Equal([false, false, false, true, true, true], verdict.Points.Select(p => p.IsPrecise));
        Assert.Equal(0.011, verdict.Points[0].EnergyDifference, 1e-12);
    }

    [Fact]
    public void Spacing_and_width_are_finer_when_smaller_and_width_looks_at_sigma_to_zero()
    {
        Frame[] frames =
        [
            Make(ConvergenceQuantity.KPointSpacing, 0.2, -1.0), Make(ConvergenceQuantity.KPointSpacing, 0.3, -1.0005), Make(ConvergenceQuantity.KPointSpacing, 0.4, -1.1),
            .. new[] { (0.05, -1.0, -1.0), (0.1, -1.01, -1.0001), (0.2, -1.04, -1.0002) }.Select(p => Make(ConvergenceQuantity.SmearingWidth, p.Item1, p.Item2) with { EnergySigmaToZero = p.Item3 * 6 }),
        ];

        ImmutableArray<DftConvergence> verdicts = DftConvergence.Measure(frames, new(0.001, null, null));

        Assert.Equal(2, verdicts.Length);
        Assert.Equal((0.3, 0.2), (verdicts[0].Recommended!.Value, verdicts[0].Reference));
        Assert.Equal(EnergyKind.SigmaToZero, verdicts[1].EnergyKind);
        Assert.Equal(0.2, verdicts[1].Recommended);
    }

    [Fact]
    public void Forces_and_stress_count_and_only_the_finest_proves_nothing()
    {
        Frame Labelled(double cutoff, double force, double gigapascal) => Make(ConvergenceQuantity.CutoffEnergy, cutoff, -1) with
        {
            Forces = [new(0, force, 0), default, default, default, default, default],
            Stress = new(0, 0, gigapascal / 160.2176634, 0, 0, 0),
        };
        Frame[] frames = [Labelled(400, 0.5, 3), Labelled(500, 0.505, 2), Labelled(600, 0.51, 1)];

        Assert.Equal(400, DftConvergence.Measure(frames, new(0.001, 0.02, null))[0].Recommended);
        Assert.Equal(500, DftConvergence.Measure(frames, new(0.001, 0.006, null))[0].Recommended);
        DftConvergence none = DftConvergence.Measure(frames, new(0.001, 0.02, 0.5))[0];
        Assert.Null(none.Recommended);
        Assert.Contains(none.Findings, f => f.Code == "NotConverged");
        Assert.Equal(2, none.Points[0].StressDifference!.Value, 1e-9);
        Assert.Equal(0.01, none.Points[0].ForceDifference!.Value, 1e-12);
        Assert.Contains(DftConvergence.Measure([frames[0]], new())[0].Findings, f => f.Code == "NotConverged");
        Assert.Contains(DftConvergence.Measure([Make(ConvergenceQuantity.CutoffEnergy, 1, -1), Make(ConvergenceQuantity.CutoffEnergy, 2, -1)], new())[0].Findings, f => f.Code == "ConvergenceWithoutForces");
    }

    [Fact]
    public void What_does_not_belong_together_is_refused()
    {
        Frame a = Make(ConvergenceQuantity.CutoffEnergy, 400, -1), b = Make(ConvergenceQuantity.CutoffEnergy, 500, -1);

        Assert.Equal("ConvergenceSettingTwice", Id(a, a));
        Assert.Equal("ConvergenceGeometryDiffers", Id(a, b.WithStructure(b.Structure.With(lattice: Lattice.FromParameters(4.6, 4.594, 2.959, 90, 90, 90)))));
        Assert.Equal("ConvergenceEnergyMissing", Id(a, new Frame(b.Structure)));
        Assert.Equal("ConvergenceUnclear", Id(new Frame(Rutile) { FreeEnergy = -1 }, new Frame(Rutile) { FreeEnergy = -2 }));
        Assert.Equal("ConvergenceUnclear", Id(Plain(400, "4x4x4"), Plain(500, "6x6x6")));

        static string Id(params Frame[] frames) => Assert.Throws<AtomProNetException>(() => DftConvergence.Measure(frames, new())).ErrorId;
    }

    [Fact]
    public void Frames_without_a_series_are_placed_by_their_method()
    {
        DftConvergence cutoff = DftConvergence.Measure([Plain(400, "4x4x4"), Plain(500, "4x4x4")], new())[0], mesh = DftConvergence.Measure([Plain(400, "2x2x3"), Plain(400, "4x4x6")], new())[0];

        Assert.Equal((ConvergenceQuantity.CutoffEnergy, 500), (cutoff.Quantity, cutoff.Reference));
        Assert.Equal(ConvergenceQuantity.KPointSpacing, mesh.Quantity);
        Assert.Equal(2 * Math.PI / 2.959 / 6, mesh.Reference, 1e-12);
    }

    [Fact]
    public void The_cmdlet_gives_the_verdict_and_the_warning()
    {
        PipelineResult result = PipelineHost.Run("Measure-DftConvergence -EnergyPrecision 0.02 -IgnoreForces -IgnoreStress", work, new PipelineOptions { Input = [Make(ConvergenceQuantity.CutoffEnergy, 400, -1), Make(ConvergenceQuantity.CutoffEnergy, 500, -1.01)] });

        Assert.Equal(400, ((DftConvergence)Assert.Single(result.Output)!).Recommended);
        Assert.Empty(result.Warnings);
    }

    private static Frame Make(ConvergenceQuantity quantity, double value, double perAtom) =>
        new(new ConvergenceSetting(quantity, value).Mark(Rutile)) { FreeEnergy = perAtom * 6 };

    private static Frame Plain(double cutoff, string mesh) => new(Rutile) { FreeEnergy = -6, Method = new() { Code = "VASP", CutoffEnergy = cutoff, KPointMesh = mesh } };
}
