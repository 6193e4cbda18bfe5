using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Duplicates;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets;

public class FindDuplicateFrameCommandTests
{
    [Fact]
    public void Copies_come_as_objects()
    {
        Frame[] frames = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "rattle"))];
        PipelineResult result = PipelineHost.Run("Find-DuplicateFrame", Path.GetTempPath(), new() { Input = [.. frames, frames[4]] });
        Assert.Empty(result.Errors);
        DuplicateFrame found = Assert.Single(result.Output.Cast<DuplicateFrame>());
        Assert.Equal((DuplicateKind.Exact, 5, 21), (found.Kind, found.Original.Index, found.Frame.Index));
    }

    [Fact]
    public void Parts_are_compared()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "rattle"))];
        PipelineHost.Run("Export-TrainingSet test.extxyz", folder.Root, new() { Input = frames[8..11] });
        PipelineResult result = PipelineHost.Run("Find-DuplicateFrame -TestSet test.extxyz -Threshold 0", folder.Root, new() { Input = frames[..10] });
        Assert.Equal([9, 10], result.Output.Cast<DuplicateFrame>().Select(d => d.Original.Index));
        Assert.All(result.Output.Cast<DuplicateFrame>(), d => Assert.Equal((true, DatasetPart.Test), (d.IsAcrossParts, d.Frame.Part)));
        Assert.StartsWith("ThresholdOutOfRange,", Assert.Single(PipelineHost.Run("Find-DuplicateFrame -Threshold 2", folder.Root, new() { Input = frames[..1] }).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
