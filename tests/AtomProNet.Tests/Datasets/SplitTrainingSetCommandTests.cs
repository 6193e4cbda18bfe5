using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Serialization;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets;

public class SplitTrainingSetCommandTests
{
    [Fact]
    public void Frames_come_with_their_part_each_once()
    {
        Frame[] frames = CleanSet.All;
        PipelineResult result = Run("-TrainFraction 0.7 -ValidationFraction 0.15 -Verbose", frames);
        Assert.Empty(result.Errors);
        SplitFrame[] split = [.. result.Output.Cast<SplitFrame>()];
        Assert.Equal(frames.Select(f => f.Source!.ToString()).Order(), split.Select(f => f.Source!.ToString()).Order());
        // Part by part; single atoms first of all, in training.
        Assert.Equal(split.Select(f => f.Part).Order(), split.Select(f => f.Part));
        Assert.Equal(["Mg", "O"], split.Take(2).Select(f => f.Formula).Order());
        Assert.All(split, f => Assert.Equal(f.Part is DatasetPart.Validation or DatasetPart.Test, f.NearestDistance is not null));
        Assert.Contains("lies", Assert.Single(result.Verbose), StringComparison.Ordinal);
    }

    /// <summary>Splitting and then exporting gives the bytes that exporting with the same parameters gives: both call one function.</summary>
    [Theory]
    [InlineData("-TrainFraction 0.8 -ValidationFraction 0.1")]
    [InlineData("-TrainFraction 0.8 -ValidationFraction 0.1 -SplitBy Blocked -Seed 7")]
    [InlineData("-TrainCount 100 -TestCount 20 -SplitBy Frame -Seed -3")]
    [InlineData("-TrainFraction 0.7 -TestFraction 0.3 -SplitBy Cluster")]
    [InlineData("-TrainFraction 0.7 -TestFraction 0.3 -SplitBy Cluster -ClusterCount 9")]
    [InlineData("-TrainFraction 0.7 -TestFraction 0.3 -SplitBy Composition")]
    [InlineData("-TrainFraction 0.7 -TestFraction 0.3 -SplitBy StratifiedEnergy")]
    [InlineData("-TrainFraction 0.7 -TestFraction 0.3 -SplitBy StratifiedConfigType")]
    public void Split_and_export_in_two_steps_or_in_one(string parameters)
    {
        using TemporaryFolder one = new(), two = new();
        Frame[] frames = [.. CleanSet.All.Select((f, i) => f with { ConfigType = f.ConfigType ?? "t" + i % 3 })], shuffled = [.. frames];
        new Random(1).Shuffle(shuffled);
        PipelineResult a = PipelineHost.Run($"Export-TrainingSet set.extxyz {parameters}", one.Root, new() { Input = frames });
        PipelineResult b = PipelineHost.Run($"Split-TrainingSet {parameters} | Export-TrainingSet set.extxyz", two.Root, new() { Input = shuffled });
        Assert.Empty(a.Errors.Concat(b.Errors));
        Assert.Equal(one.Names, two.Names);
        Assert.All(one.Names.Where(n => n != "dataset.json"), n => Assert.Equal(File.ReadAllText(one.Path(n)), File.ReadAllText(two.Path(n))));
        JsonElement Split(TemporaryFolder f) => JsonDocument.Parse(File.ReadAllText(f.Path("dataset.json"))).RootElement.GetProperty("datasets")[0].GetProperty("split");
        Assert.Equal(Split(one).ToString(), Split(two).ToString());
        Assert.Equal(a.Output.Cast<TrainingSetFile>().Select(f => f.Hash), b.Output.Cast<TrainingSetFile>().Select(f => f.Hash));
    }

    [Theory]
    [InlineData(TrainingSetFormat.Npz, "set.npz")]
    [InlineData(TrainingSetFormat.DeepMDMixed, "set")]
    public void Parts_go_into_any_format(TrainingSetFormat format, string name)
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "rattle"))];
        PipelineResult result = PipelineHost.Run($"Split-TrainingSet -TrainCount 14 -TestCount 6 -SplitBy Frame -SkipLeakReport | Export-TrainingSet {name} -Format {format}", folder.Root, new() { Input = frames });
        Assert.Empty(result.Errors);
        Assert.Equal([(DatasetPart?)DatasetPart.Train, DatasetPart.Test], result.Output.Cast<TrainingSetFile>().Select(f => f.Part));
        Assert.Equal([14, 6], result.Output.Cast<TrainingSetFile>().Select(f => f.FrameCount));
    }

    /// <summary>Every distance of the report against brute force over whole descriptors.</summary>
    [Fact]
    public void The_leak_report_tells_the_nearest_training_frame()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = CleanSet.All;
        PipelineResult result = PipelineHost.Run("Split-TrainingSet -TrainFraction 0.7 -ValidationFraction 0.1 -SplitBy Frame -LeakReport leaks.csv", folder.Root, new() { Input = frames });
        Assert.Empty(result.Errors);
        SplitFrame[] split = [.. result.Output.Cast<SplitFrame>()];
        var descriptor = new FrameDescriptor();
        Dictionary<string, double[]> of = frames.ToDictionary(f => f.Source!.ToString(), f => descriptor.Compute(f.Structure));
        string[] training = [.. split.Where(f => f.Part == DatasetPart.Train && f.Frame.Structure.AtomCount > 1).Select(f => f.Source!.ToString())];
        int exact = 0;
        SplitFrame[] others = [.. split.Where(f => f.Part is DatasetPart.Validation or DatasetPart.Test)];
        foreach (SplitFrame frame in others)
        {
            double[] mine = of[frame.Source!.ToString()];
            // The distance is that of the two frames which are named, and no other frame is much nearer.
            Assert.Equal(FrameDescriptor.Distance(mine, of[frame.Nearest!.Source!.ToString()]), frame.NearestDistance!.Value, 1e-6);
            double least = training.Min(t => FrameDescriptor.Distance(mine, of[t]));
            Assert.InRange(frame.NearestDistance.Value, least - 1e-6, 1.3 * least + 1e-6);
            exact += frame.NearestDistance.Value <= least + 1e-6 ? 1 : 0;
            Assert.Equal(DatasetPart.Train, frame.Nearest.Part);
        }

        Assert.True(exact > 0.9 * others.Length, $"{exact} of {others.Length}");
        string[] lines = File.ReadAllLines(folder.Path("leaks.csv"));
        Assert.Equal("part,frame,source_file,source_step,distance,nearest_frame,nearest_source_file,nearest_source_step,same_group", lines[0]);
        Assert.Equal(others.Length, lines.Length - 1);
        Assert.Equal(others.Min(f => f.NearestDistance!.Value), double.Parse(lines[1].Split(',')[4], System.Globalization.CultureInfo.InvariantCulture));
        // Frame numbers are those of the input.
        SplitFrame first = others.MinBy(f => f.NearestDistance)!;
        Assert.Equal(first.Source, frames[int.Parse(lines[1].Split(',')[1], System.Globalization.CultureInfo.InvariantCulture) - 1].Source);
    }

    [Fact]
    public void Copies_on_both_sides_are_told_with_their_distance()
    {
        Frame[] frames = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "rattle"))];
        // Turned copies: other bytes, another group, the same crystal.
        Frame[] turned = [.. frames.Select(f => Turned(f))];
        PipelineResult result = Run("-TrainFraction 0.5 -TestFraction 0.5 -SplitBy Frame", [.. frames, .. turned]);
        Assert.Contains(result.Warnings, w => w.Contains("lie within 0.001 of one that is trained on", StringComparison.Ordinal));
        Assert.Contains(result.Output.Cast<SplitFrame>(), f => f.NearestDistance < 1e-6 && f.Source!.File.StartsWith("/turned", StringComparison.Ordinal) != f.Nearest!.Source!.File.StartsWith("/turned", StringComparison.Ordinal));

        static Frame Turned(Frame f)
        {
            Structure s = f.Structure;
            Vector3D Turn(Vector3D v) => new(v.Y, v.Z, v.X);
            return f.WithStructure(new(new(Turn(s.Lattice!.A), Turn(s.Lattice.B), Turn(s.Lattice.C)), s.Species, [.. s.CartesianPositions.Select(Turn)], CoordinateKind.Cartesian)) with { Forces = [.. f.Forces!.Value.Select(Turn)], Source = new("/turned" + f.Source!.File, 1) };
        }
    }

    [Fact]
    public void Export_writes_the_leak_report_beside_the_parts()
    {
        using var folder = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run("Export-TrainingSet set.extxyz -TrainFraction 0.8 -TestFraction 0.2 -LeakReport leaks.csv", folder.Root, new() { Input = CleanSet.All });
        Assert.Empty(result.Errors);
        Assert.Equal(["dataset.json", "leaks.csv", "set_test.extxyz", "set_train.extxyz"], folder.Names);
        Assert.Equal(result.Output.Cast<TrainingSetFile>().Last().FrameCount, File.ReadAllLines(folder.Path("leaks.csv")).Length - 1);
        Assert.StartsWith("LeakReportNeedsSplit,", Assert.Single(PipelineHost.Run("Export-TrainingSet other.extxyz -LeakReport l.csv", folder.Root, new() { Input = CleanSet.All }).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_that_come_with_a_part_are_not_split_again_and_all_must_have_one()
    {
        using var folder = new TemporaryFolder();
        SplitFrame[] split = [.. Run("-TrainFraction 0.8 -TestFraction 0.2", CleanSet.All).Output.Cast<SplitFrame>()];
        PipelineResult again = PipelineHost.Run("Export-TrainingSet set.extxyz -TrainFraction 0.5", folder.Root, new() { Input = split });
        Assert.All(again.Errors, e => Assert.Matches("^(PartGiven|TrainingSetEmpty),", e.FullyQualifiedErrorId));
        Assert.NotEmpty(again.Errors);
        PipelineResult mixed = PipelineHost.Run("Export-TrainingSet set.extxyz", folder.Root, new() { Input = [.. split, CleanSet.All[0]] });
        Assert.StartsWith("PartMissing,", Assert.Single(mixed.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        // One part by itself is a set that was split, too.
        PipelineResult test = PipelineHost.Run("Export-TrainingSet only.extxyz", folder.Root, new() { Input = [.. split.Where(f => f.Part == DatasetPart.Test)] });
        Assert.Equal("only_test.extxyz", Path.GetFileName(Assert.Single(test.Output.Cast<TrainingSetFile>()).Path));
    }

    [Fact]
    public void Frames_left_out_at_cuts_are_told_and_written_nowhere()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "md"))];
        SplitFrame[] split = [.. Run("-TrainFraction 0.8 -TestFraction 0.2", frames).Output.Cast<SplitFrame>()];
        SplitFrame left = Assert.Single(split, f => f.Part == DatasetPart.LeftOut);
        PipelineHost.Run("Export-TrainingSet set.extxyz", folder.Root, new() { Input = split });
        JsonElement told = JsonDocument.Parse(File.ReadAllText(folder.Path("dataset.json"))).RootElement.GetProperty("datasets")[0].GetProperty("split");
        Assert.Equal(left.Source!.ToString(), Assert.Single(told.GetProperty("leftOut").EnumerateArray()).GetProperty("source").GetString());
        Assert.Equal(frames.Length - 1, TrainingSetFormats.Read(folder.Path("set_train.extxyz")).Concat(TrainingSetFormats.Read(folder.Path("set_test.extxyz"))).Count());
    }

    [Fact]
    public void Frames_with_their_part_survive_as_text()
    {
        foreach (SplitFrame frame in Run("-TrainFraction 0.8 -TestFraction 0.2", CleanSet.All[..60]).Output.Cast<SplitFrame>())
        {
            var again = (SplitFrame)ObjectJson.Read(ObjectJson.Write(frame), typeof(SplitFrame));
            Assert.Equal((frame.Part, frame.Group, frame.Split, frame.Leak, frame.Source), (again.Part, again.Group, again.Split, again.Leak, again.Source));
            Assert.Equal(FrameKey.Of(frame.Frame), FrameKey.Of(again.Frame));
        }
    }

    [Theory]
    [InlineData("", "SplitSizesMissing")]
    [InlineData("-TrainFraction 80", "SplitFractionInvalid")]
    [InlineData("-TrainCount 1000", "SplitCountsExceedFrames")]
    [InlineData("-TrainFraction 0.5 -SkipLeakReport -LeakReport x.csv", "LeakReportSkipped")]
    public void What_cannot_be_done_is_told(string parameters, string id)
    {
        PipelineResult result = Run(parameters, CleanSet.All[..20]);
        Assert.StartsWith(id + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    private static PipelineResult Run(string parameters, IEnumerable<Frame> frames) => PipelineHost.Run("Split-TrainingSet " + parameters, Path.GetTempPath(), new() { Input = [.. frames] });
}
