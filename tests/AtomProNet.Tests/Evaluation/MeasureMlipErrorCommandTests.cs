using AtomProNet.Cli;
using AtomProNet.Evaluation;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets;

namespace AtomProNet.Tests.Evaluation;

public class MeasureMlipErrorCommandTests
{
    /// <summary>The table of the sample data's README, which was computed by scripts that share no code with this project, to all printed digits.</summary>
    [Fact]
    public void The_sample_files_give_the_published_table()
    {
        string folder = SharedData.Path("data", "mlip");
        PipelineResult result = PipelineHost.Run("Measure-MlipError DFT_data.extxyz MLIP_validation.xyz -Percentile 50,80,90,95", folder);
        Assert.Empty(result.Errors);
        MlipError[] errors = [.. result.Output.Cast<MlipError>()];
        Row(ErrorQuantity.EnergyPerAtom, "eV/atom", 8, 0.9856236082, 0.0186516970, 0.0227375133, 10, 0.0257961137, 0.0297878904, 0.0323552131, 0.0325198246);
        Row(ErrorQuantity.TotalEnergy, "eV", 8, 0.9933566326, 1.4665073364, 1.7844675149, 10);
        Row(ErrorQuantity.ForceComponent, "eV/Å", 1887, 0.9845838681, 0.0567451016, 0.0882867600, 10, 0.0216612, 0.104929216, 0.156905652, 0.20226752);
        Row(ErrorQuantity.RootMeanSquareForce, "eV/Å", 629, 0.9886220304, 0.0301801659, 0.0501587053, 10, 0.0114190231, 0.0592446818, 0.0881904163, 0.1077281306);
        Row(ErrorQuantity.ForceVector, "eV/Å", 629, null, 0.1146136845, 0.1529171539, 7, 0.0956466, 0.2035480, 0.2545512, 0.3105691);
        Row(ErrorQuantity.Stress, "GPa", 48, 0.9805033911, 5.8260182088, 8.4830362849, 8, 3.85316004, 11.38641771, 14.76235214, 16.74787071);
        MlipError forces = Of(ErrorQuantity.ForceComponent);
        Assert.Equal([("Al", 0.0539019561), ("O", 0.0586081101)], forces.BySpecies.Select(p => (p.Name, Math.Round(p.MAE!.Value, 10))).OrderBy(p => p.Name));
        Assert.Contains("compositions", Of(ErrorQuantity.TotalEnergy).Note, StringComparison.Ordinal);
        Assert.Equal(5, forces.WorstFrames.Length);
        Assert.All(forces.WorstFrames, w => Assert.EndsWith("DFT_data.extxyz", w.Source!.File, StringComparison.Ordinal));

        MlipError Of(ErrorQuantity quantity) => Assert.Single(errors, e => e.Quantity == quantity);

        // The table prints ten decimals of most numbers, and of the percentiles as many as its source had.
        void Row(ErrorQuantity quantity, string unit, long count, double? r2, double mae, double rmse, int digits, params double[] percentiles)
        {
            MlipError e = Of(quantity);
            Assert.Equal((unit, count), (e.Unit, e.Count));
            Assert.Equal(r2, e.R2 is { } value ? Math.Round(value, 10) : null);
            Assert.Equal(mae, Math.Round(e.MAE!.Value, 10));
            Assert.Equal(rmse, Math.Round(e.RMSE!.Value, 10));
            Assert.Equal(percentiles.Select(p => Math.Round(p, digits)), e.Percentiles.Take(percentiles.Length).Select(p => Math.Round(p.Value, digits)));
        }
    }

    [Fact]
    public void Frames_down_the_pipeline_and_stress_in_the_other_unit()
    {
        string folder = SharedData.Path("data", "mlip");
        var random = new Random(1);
        Frame[] reference = [.. Enumerable.Range(0, 4).Select(_ => SyntheticFrames.Random(random))];
        using var work = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet reference.extxyz", work.Root, new() { Input = reference });
        PipelineResult result = PipelineHost.Run("Measure-MlipError -Reference reference.extxyz -StressUnit ElectronvoltPerCubicAngstrom", work.Root, new() { Input = reference.Select(f => SyntheticFrames.Predict(f, random)) });
        Assert.Empty(result.Errors);
        MlipError stress = result.Output.Cast<MlipError>().Single(e => e.Quantity == ErrorQuantity.Stress);
        Assert.Equal("eV/Å³", stress.Unit);
        // Noise of 0.1: errors of 0.001, 0.002 and 0.003 eV/Å³ in three of six components.
        Assert.Equal(0.003, stress.Maximum!.Value, 12);
        Assert.Equal(0.001, stress.MAE!.Value, 12);
    }

    /// <summary>A tolerance counts squared: one of -1 Å would let atoms lie 1 Å apart.</summary>
    [Theory]
    [InlineData("-PositionTolerance -1")]
    [InlineData("-CellTolerance -0.001")]
    public void A_negative_tolerance_is_refused(string tolerance)
    {
        var random = new Random(3);
        Frame reference = SyntheticFrames.Random(random);
        Frame moved = reference.WithStructure(new(reference.Structure.Lattice, reference.Structure.Species, [.. reference.Structure.CartesianPositions.Select((p, i) => i == 0 ? p + new Vector3D(0.5, 0, 0) : p)], CoordinateKind.Cartesian, reference.Structure.Periodicity));
        using var work = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet reference.extxyz", work.Root, new() { Input = [reference] });
        PipelineResult result = PipelineHost.Run("Measure-MlipError reference.extxyz " + tolerance, work.Root, new() { Input = [moved] });
        Assert.Empty(result.Output);
        Assert.StartsWith("ParameterArgumentValidationError,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_in_another_order_find_their_references_by_frame_id()
    {
        var random = new Random(2);
        Frame[] reference = [.. Enumerable.Range(0, 6).Select(_ => SyntheticFrames.Random(random))];
        using var work = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet reference.extxyz -KeyStyle Ase", work.Root, new() { Input = reference });
        string[] text = File.ReadAllLines(work.Path("reference.extxyz"));
        // Whole frames of ten lines, back to front.
        File.WriteAllLines(work.Path("predicted.extxyz"), text.Chunk(10).Reverse().SelectMany(c => c));
        Assert.Equal("FrameGeometryMismatch", Assert.Single(PipelineHost.Run("Measure-MlipError reference.extxyz predicted.extxyz", work.Root).Errors).FullyQualifiedErrorId.Split(',')[0]);
        PipelineResult result = PipelineHost.Run("Measure-MlipError reference.extxyz predicted.extxyz -ById", work.Root);
        Assert.Empty(result.Errors);
        Assert.All(result.Output.Cast<MlipError>(), e => Assert.Equal(0, e.MAE));
    }

    [Fact]
    public void Missing_labels_warn_and_missing_files_are_errors()
    {
        var random = new Random(3);
        Frame frame = SyntheticFrames.Random(random);
        using var work = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet a.extxyz", work.Root, new() { Input = [frame] });
        PipelineResult result = PipelineHost.Run("Measure-MlipError a.extxyz", work.Root, new() { Input = [SyntheticFrames.Predict(frame, random) with { Stress = null }] });
        Assert.Empty(result.Errors);
        Assert.Contains(result.Warnings, w => w.StartsWith("Stress: 0 reference and 1 predicted frames lack the label", StringComparison.Ordinal));
        PipelineResult missing = PipelineHost.Run("Measure-MlipError a.extxyz b.extxyz", work.Root);
        Assert.NotEmpty(missing.Errors);
        Assert.Empty(missing.Output);
    }

    /// <summary>mace_eval_configs keeps the reference labels and adds its own under MACE_: comparing the former with themselves would show a perfect model.</summary>
    [Theory]
    [InlineData("-EnergyKind Free")]
    [InlineData("-EnergyKind SigmaToZero")]
    public void What_mace_wrote_beside_the_reference_labels_is_the_prediction(string kind)
    {
        Frame frame = SyntheticFrames.Random(new Random(4)) with { EnergySigmaToZero = -50 };
        using var work = new TemporaryFolder();
        Assert.Empty(PipelineHost.Run("Export-TrainingSet a.extxyz -WarningAction SilentlyContinue " + kind, work.Root, new() { Input = [frame] }).Errors);
        string[] lines = File.ReadAllLines(work.Path("a.extxyz"));
        double[] stress = frame.Stress!.Value.ToVoigt();
        string tensor = FormattableString.Invariant($"{stress[0] + 0.02:R} {stress[5]:R} {stress[4]:R} {stress[5]:R} {stress[1]:R} {stress[3]:R} {stress[4]:R} {stress[3]:R} {stress[2]:R}");
        lines[1] = lines[1].Replace("REF_forces:R:3", "REF_forces:R:3:MACE_forces:R:3", StringComparison.Ordinal)
            + FormattableString.Invariant($" MACE_energy={(kind == "-EnergyKind Free" ? frame.FreeEnergy : frame.EnergySigmaToZero) + 0.8:R} MACE_stress=\"{tensor}\"");
        for (int i = 2; i < lines.Length; i++)
        {
            Vector3D force = frame.Forces!.Value[i - 2];
            lines[i] += FormattableString.Invariant($" {force.X + 0.25:R} {force.Y + 0.25:R} {force.Z + 0.25:R}");
        }

        File.WriteAllLines(work.Path("b.extxyz"), lines);
        PipelineResult result = PipelineHost.Run("Measure-MlipError a.extxyz b.extxyz " + kind, work.Root);
        Assert.Empty(result.Errors);
        MlipError[] errors = [.. result.Output.Cast<MlipError>()];
        Assert.Equal(0.1, errors.Single(e => e.Quantity == ErrorQuantity.EnergyPerAtom).MAE!.Value, 12);
        Assert.Equal(0.25, errors.Single(e => e.Quantity == ErrorQuantity.ForceComponent).MAE!.Value, 12);
        Assert.Equal(0.02 * 160.2176634, errors.Single(e => e.Quantity == ErrorQuantity.Stress).Maximum!.Value, 10);
        // Under a name that nobody knows, the labels of both sides are the reference's: said, not praised.
        File.WriteAllLines(work.Path("c.extxyz"), lines.Select(l => l.Replace("MACE_", "mine_", StringComparison.Ordinal)));
        Assert.Contains(PipelineHost.Run("Measure-MlipError a.extxyz c.extxyz", work.Root).Warnings, w => w.StartsWith("Every predicted label equals its reference", StringComparison.Ordinal));
    }
}
