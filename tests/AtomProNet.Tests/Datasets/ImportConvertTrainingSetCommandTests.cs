using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

public class ImportConvertTrainingSetCommandTests
{
    [Fact]
    public void Round_the_circle_of_all_formats()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = Frames();
        PipelineHost.Run("Export-TrainingSet a.extxyz -KeyStyle Ase", folder.Root, new() { Input = frames });
        foreach (string step in new[] { "a.extxyz b.npz", "b*.npz c -Format DeepMD", "c d -Format DeepMDMixed", "d e.npz -Format SgdmlNpz", "e*.npz f.extxyz -KeyStyle Seed", "f.extxyz g.extxyz" })
        {
            PipelineResult result = PipelineHost.Run("Convert-TrainingSet " + step, folder.Root);
            Assert.Empty(result.Errors);
            Assert.Equal(frames.Length, result.Output.Cast<TrainingSetFile>().Sum(f => f.FrameCount));
        }

        PipelineResult read = PipelineHost.Run("Import-TrainingSet g.extxyz", folder.Root);
        Frame[] found = [.. read.Output.Cast<Frame>().OrderBy(f => f.Energy)];
        Assert.Equal(frames.OrderBy(f => f.Energy).Select(f => f.Structure.ContentHash), found.Select(f => f.Structure.ContentHash));
        Assert.Equal(frames.OrderBy(f => f.Energy).Select(f => f.Energy), found.Select(f => f.Energy));
        Assert.All(frames.OrderBy(f => f.Energy).Zip(found), p => Assert.Equal(p.First.Stress!.Value.XY, p.Second.Stress!.Value.XY, 14));
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void A_folder_stands_for_all_sets_in_it()
    {
        using var folder = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet sets/a.extxyz", folder.Root, new() { Input = Frames() });
        PipelineHost.Run("Export-TrainingSet sets/deep -Format DeepMD", folder.Root, new() { Input = Frames() });
        File.WriteAllText(folder.Path("sets", "notes.txt"), "");
        Assert.Equal(16, PipelineHost.Run("Import-TrainingSet sets", folder.Root).Output.Count);
        Assert.StartsWith("FolderHoldsNoInput,", Assert.Single(PipelineHost.Run("Import-TrainingSet .", folder.Path("sets", "deep", "Al2O2", "set.000")).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_changed_after_its_export_is_told()
    {
        using var folder = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet a.extxyz", folder.Root, new() { Input = Frames() });
        PipelineHost.Run("Export-TrainingSet deep -Format DeepMD", folder.Root, new() { Input = Frames() });
        Assert.Empty(PipelineHost.Run("Import-TrainingSet .", folder.Root).Warnings);
        File.WriteAllText(folder.Path("a.extxyz"), File.ReadAllText(folder.Path("a.extxyz")).Replace("REF_energy=-", "REF_energy=-1", StringComparison.Ordinal));
        File.AppendAllText(folder.Path("deep", "Al2O2", "type_map.raw"), "\n");
        PipelineResult result = PipelineHost.Run("Import-TrainingSet .", folder.Root);
        Assert.Equal(2, result.Warnings.Count);
        Assert.All(result.Warnings, w => Assert.Contains("not the one that dataset.json beside it describes", w, StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_file_is_an_error_of_its_own_and_the_rest_goes_on()
    {
        using var folder = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet a.extxyz", folder.Root, new() { Input = Frames() });
        PipelineHost.Run("Export-TrainingSet c.extxyz", folder.Root, new() { Input = Frames() });
        string text = File.ReadAllText(folder.Path("a.extxyz"));
        File.WriteAllText(folder.Path("b.extxyz"), text[..(text.Length * 2 / 3)]);
        File.WriteAllText(folder.Path("d.npz"), "no zip");
        PipelineResult result = PipelineHost.Run("Import-TrainingSet *", folder.Root);
        Assert.InRange(result.Output.Count, 16 + 4, 16 + 6);
        // dataset.json, whose name says nothing, the cut file and the damaged one.
        Assert.Equal(3, result.Errors.Count);
        Assert.Contains(result.Errors, e => e.FullyQualifiedErrorId.StartsWith("NpzDamaged,", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet a.extxyz", folder.Root, new() { Input = Frames() });
        PipelineResult result = PipelineHost.Run("Convert-TrainingSet a.extxyz b.npz -WhatIf", folder.Root);
        Assert.Empty(result.Output);
        Assert.Single(result.WhatIf);
        Assert.Equal(["a.extxyz", "dataset.json"], folder.Names);
    }

    [Fact]
    public void A_type_map_helps_where_a_system_has_none()
    {
        using var folder = new TemporaryFolder();
        PipelineHost.Run("Export-TrainingSet deep -Format DeepMD", folder.Root, new() { Input = Frames()[..1] });
        File.Delete(folder.Path("deep", "Al2O2", "type_map.raw"));
        Assert.StartsWith("DeepMDTypeMapMissing,", Assert.Single(PipelineHost.Run("Import-TrainingSet deep", folder.Root).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        PipelineResult result = PipelineHost.Run("Import-TrainingSet deep -TypeMap O,Al", folder.Root);
        Assert.Equal("Al2O2", Assert.Single(result.Output.Cast<Frame>()).Structure.Composition.Formula);
        Assert.NotEmpty(PipelineHost.Run("Import-TrainingSet deep -TypeMap O,Xx", folder.Root).Errors);
    }

    private static Frame[] Frames()
    {
        var random = new Random(21);
        return [.. Enumerable.Range(0, 8).Select(i => SyntheticFrames.Random(random, atoms: i % 2 == 0 ? 4 : 6))];
    }
}
