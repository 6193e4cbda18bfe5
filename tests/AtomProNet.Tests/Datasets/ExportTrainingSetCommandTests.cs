using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Datasets;

public class ExportTrainingSetCommandTests
{
    [Fact]
    public void Writes_and_tells_what_it_wrote()
    {
        using var folder = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run("Export-TrainingSet set.extxyz -TrainFraction 0.8 -ValidationFraction 0.1 -TestFraction 0.1", folder.Root, new() { Input = Frames(20) });
        Assert.Empty(result.Errors);
        Assert.Equal([DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test], result.Output.Cast<TrainingSetFile>().Select(f => f.Part!.Value));
        Assert.Equal(["dataset.json", "set_test.extxyz", "set_train.extxyz", "set_validation.extxyz"], folder.Names);
    }

    [Fact]
    public void WhatIf_touches_nothing_and_emits_nothing()
    {
        using var folder = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run("Export-TrainingSet deep/set.extxyz -WhatIf", folder.Root, new() { Input = Frames(3) });
        Assert.Empty(result.Output);
        Assert.Empty(result.Errors);
        Assert.Contains("set.extxyz", Assert.Single(result.WhatIf), StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Refused_frames_are_errors_of_their_own_and_many_of_them_are_counted()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = [.. Frames(3), .. Frames(14).Select(f => f with { Origin = LabelOrigin.MachineLearned })];
        PipelineResult result = PipelineHost.Run("Export-TrainingSet set.extxyz", folder.Root, new() { Input = frames });
        Assert.Equal(3, Assert.Single(result.Output.Cast<TrainingSetFile>()).FrameCount);
        Assert.Equal(11, result.Errors.Count);
        Assert.All(result.Errors, e => Assert.StartsWith("FrameNotAbInitio,", e.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Contains("4 more errors of this kind (14 in all)", result.Errors[^1].Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-SplitBy Group", "SplitSizesMissing")]
    [InlineData("-TrainFraction 80", "SplitFractionInvalid")]
    [InlineData("-TrainCount 30", "SplitCountsExceedFrames")]
    [InlineData("-SplitBy Group -TrainFraction 0.8", "SplitTooFewGroups")]
    public void What_cannot_be_done_is_told_and_nothing_is_written(string parameters, string id)
    {
        using var folder = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run("Export-TrainingSet set.extxyz " + parameters, folder.Root, new() { Input = Frames(20, oneFile: true) });
        Assert.StartsWith(id + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Empty(folder.Names);
    }

    /// <summary>What Test-TrainingSet calls an error is not written in any format, unless that is forced; then dataset.json tells it.</summary>
    [Theory]
    [InlineData("Export-TrainingSet set.extxyz")]
    [InlineData("Export-TrainingSet set.npz")]
    [InlineData("Export-TrainingSet set.extxyz -TrainFraction 0.8 -TestFraction 0.2")]
    public void Errors_of_the_check_stop_an_export_unless_it_is_forced(string command)
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "hydrostatic")).Select(f => f with { Stress = StressTensor.FromMatrix(f.Stress!.Value.ToMatrix() * -1) })];
        PipelineResult refused = PipelineHost.Run(command, folder.Root, new() { Input = frames });
        Assert.StartsWith("StressSign,", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Turn the sign of the stress", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(refused.Output);
        Assert.Empty(folder.Names);

        PipelineResult forced = PipelineHost.Run(command + " -Force", folder.Root, new() { Input = frames });
        Assert.Empty(forced.Errors);
        Assert.Contains(forced.Warnings, w => w.Contains("Turn the sign of the stress", StringComparison.Ordinal));
        Assert.Contains("\"code\": \"StressSign\"", File.ReadAllText(folder.Path("dataset.json")), StringComparison.Ordinal);
        string made = folder.Names.First(n => n.StartsWith("set", StringComparison.Ordinal) && n != "set_test.extxyz");
        Assert.StartsWith("StressSign,", Assert.Single(PipelineHost.Run($"Convert-TrainingSet {made} other.extxyz", folder.Root).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mix_of_methods_is_refused_unless_it_is_allowed()
    {
        using var folder = new TemporaryFolder();
        string runs = $"Import-DftResult '{SharedData.Path("data", "vasp", "relaxation")}','{SharedData.Path("data", "qe", "made", "al_scf_metal")}'";
        PipelineResult refused = PipelineHost.Run(runs + " | Export-TrainingSet set.extxyz", folder.Root);
        string message = Assert.Single(refused.Errors).Exception.Message;
        Assert.StartsWith("MethodsMixed,", refused.Errors[0].FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Code: VASP (20), pw.x (1)", message, StringComparison.Ordinal);
        Assert.Contains("CutoffEnergy: 400 eV (20), 272.1139 eV (1)", message, StringComparison.Ordinal);
        Assert.Contains("-AllowMixedMethods", message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);

        // -Force is about files that are there and about errors; it does not make two methods one.
        Assert.StartsWith("MethodsMixed,", Assert.Single(PipelineHost.Run(runs + " | Export-TrainingSet set.extxyz -Force", folder.Root).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(folder.Names);

        PipelineResult allowed = PipelineHost.Run(runs + " | Export-TrainingSet set.extxyz -AllowMixedMethods", folder.Root);
        Assert.Empty(allowed.Errors);
        Assert.Equal(21, Assert.Single(allowed.Output.Cast<TrainingSetFile>()).FrameCount);
        Assert.Contains(allowed.Warnings, w => w.Contains("computed in different ways", StringComparison.Ordinal));

        // What was written tells its methods: converting it asks the same question.
        Assert.StartsWith("MethodsMixed,", Assert.Single(PipelineHost.Run("Convert-TrainingSet set.extxyz other.extxyz", folder.Root).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(PipelineHost.Run("Convert-TrainingSet set.extxyz other.extxyz -AllowMixedMethods", folder.Root).Errors);
    }

    [Fact]
    public void A_mesh_that_jumps_within_a_series_of_untold_descent_is_a_warning()
    {
        using var folder = new TemporaryFolder();
        // Three strains of one crystal, each in a file of its own, as an older tool left them.
        var method = new DftMethod { Code = "VASP", CutoffEnergy = 400, KPointMesh = "4x4x4" };
        var random = new Random(3);
        Frame parent = SyntheticFrames.Random(random);
        Frame[] frames = [.. Enumerable.Range(0, 3).Select(i => Labelled(parent.Structure.With(lattice: new Lattice(parent.Structure.Lattice!.Rows * (1 + (0.01 * i))), positions: parent.Structure.FractionalPositions, kind: CoordinateKind.Fractional)) with { Source = new($"/runs/{i}/OUTCAR", 1), Method = i == 2 ? method with { KPointMesh = "3x4x4" } : method })];
        PipelineResult result = PipelineHost.Run("Export-TrainingSet set.extxyz", folder.Root, new() { Input = frames });
        Assert.Empty(result.Errors);
        Assert.Contains(result.Warnings, w => w.Contains("The k mesh changes within the series", StringComparison.Ordinal) && w.Contains("3x4x4 in /runs/2/OUTCAR#1", StringComparison.Ordinal));

        static Frame Labelled(Structure structure)
        {
            (double energy, Vector3D[] forces, StressTensor? stress) = Checks.BinaryMorse.Evaluate(structure);
            return new(structure) { FreeEnergy = energy, Forces = [.. forces], Stress = stress, Origin = LabelOrigin.AbInitio, Convergence = new(ElectronicConvergence.Converged) };
        }
    }

    [Fact]
    public void Findings_are_warnings()
    {
        using var folder = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run("Export-TrainingSet set.extxyz -TrainFraction 0.8 -ValidationFraction 0.1", folder.Root, new() { Input = Frames(21, oneFile: true) });
        Assert.Contains("contiguous blocks", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    /// <summary>The eight real strain runs: unknown descent, recognised as one series, blocked along the strain.</summary>
    [Fact]
    public void Real_strain_runs_are_one_series_in_the_order_of_their_strain()
    {
        string[] folders = [.. Directory.GetDirectories(SharedData.Path("data", "vasp", "strain")).Order(StringComparer.Ordinal)];
        Assert.SkipWhen(folders.Length < 8, "The folder of sample data lacks the eight strain runs.");
        var descents = new FrameDescents();
        var volumes = new List<double>();
        foreach (string folder in folders)
        {
            using var reader = OutcarReader.Open(Path.Combine(folder, "OUTCAR"));
            foreach (Frame frame in reader.ReadFrames())
            {
                descents.Add(frame);
                volumes.Add(frame.Structure.Volume!.Value);
            }
        }

        SplitItem[] items = [.. descents.ToItems()];
        Assert.Single(items.Select(i => i.Group).Distinct());
        Assert.Equal(volumes.Order(), Enumerable.Range(0, items.Length).OrderBy(i => items[i].Position).Select(i => volumes[i]));
    }

    private static Frame[] Frames(int count, bool oneFile = false)
    {
        var random = new Random(9);
        return [.. Enumerable.Range(1, count).Select(i => SyntheticFrames.Random(random, source: new(oneFile ? "/runs/OUTCAR" : $"/runs/{i}/OUTCAR", i)))];
    }
}
