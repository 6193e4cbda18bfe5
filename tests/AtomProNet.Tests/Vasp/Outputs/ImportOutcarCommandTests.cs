using AtomProNet.Cli;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;

namespace AtomProNet.Tests.Vasp.Outputs;

public sealed class ImportOutcarCommandTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFolderIsLookedThroughInAStableOrder()
    {
        for (int i = 0; i < 12; i++)
        {
            folder.Write($"runs/{(char)('a' + i)}/OUTCAR", SyntheticRuns.Relaxation(i, 1 + i % 4).ToText());
        }

        folder.Write("runs/a/OUTCAR.bak", "no OUTCAR");
        PipelineResult result = Run("Import-Outcar runs");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        string[] expected = [.. Enumerable.Range(0, 12).SelectMany(i => Enumerable.Range(1, 1 + i % 4).Select(k => $"{(char)('a' + i)}{k}"))];
        Assert.Equal(expected, result.Output.Cast<Frame>().Select(f => $"{Path.GetFileName(Path.GetDirectoryName(f.Source!.File))}{f.Source.Step}"));
    }

    [Theory]
    [InlineData("Import-Outcar run/OUTCAR", "1 2 3")]
    [InlineData("Import-Outcar -Path r*/OUT* -IonicStep All", "1 2 3")]
    [InlineData("Import-Outcar -LiteralPath run/OUTCAR -Step Last", "3")]
    [InlineData("Import-Outcar run/OUTCAR -IonicStep last", "3")]
    [InlineData("Import-Outcar run,run/OUTCAR", "1 2 3 1 2 3")]
    public void Pipelines(string pipeline, string steps)
    {
        folder.Write("run/OUTCAR", SyntheticRuns.Relaxation(1, 3).ToText());
        PipelineResult result = Run(pipeline);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal(steps, string.Join(' ', result.Output.Cast<Frame>().Select(f => f.Source!.Step)));
    }

    [Fact]
    public void FilesComeDownThePipeline()
    {
        string file = folder.Write("run/OUTCAR", SyntheticRuns.Relaxation(1, 2).ToText());
        PipelineResult byName = PipelineHost.Run("Import-Outcar", folder.FullName, new() { Input = [new { FullName = new[] { file } }] }, TestContext.Current.CancellationToken);
        Assert.Empty(byName.Errors);
        Assert.Equal(2, byName.Output.Count);
        PipelineResult byValue = PipelineHost.Run("Import-Outcar", folder.FullName, new() { Input = ["run", "run/OUTCAR"] }, TestContext.Current.CancellationToken);
        Assert.Equal(4, byValue.Output.Count);
    }

    [Fact]
    public void WhatIsLeftOutIsCountedInOneWarning()
    {
        List<SyntheticStep> walk = SyntheticRuns.Walk(2, 4);
        walk[1] = walk[1] with { LoopEnd = "aborting loop EDIFF was not reached (unconverged) ", ElectronicSteps = 20 };
        walk[3] = walk[3] with { LoopEnd = "aborting loop EDIFF was not reached (unconverged) ", ElectronicSteps = 20 };
        SyntheticOutcar run = SyntheticRuns.Dynamics(2, 4) with { Steps = walk, Nelm = 20 };
        folder.Write("OUTCAR", run.ToText());

        PipelineResult result = Run("Import-Outcar OUTCAR -Verbose");
        Assert.Equal([1, 3], Steps(result));
        string warning = Assert.Single(result.Warnings);
        Assert.Contains("2 of 4 frames left out", warning, StringComparison.Ordinal);
        Assert.Contains("2 not converged", warning, StringComparison.Ordinal);
        Assert.Contains("-IncludeUnconverged", warning, StringComparison.Ordinal);
        Assert.Equal(2, result.Verbose.Count(v => v.Contains("EDIFF was not reached in 20 electronic steps", StringComparison.Ordinal)));

        PipelineResult last = Run("Import-Outcar OUTCAR -IonicStep Last");
        Assert.Equal([3], Steps(last));
        Assert.Contains("step 3, not the last one", Assert.Single(last.Warnings), StringComparison.Ordinal);

        PipelineResult all = Run("Import-Outcar OUTCAR -IncludeUnconverged");
        Assert.Empty(all.Warnings);
        Assert.Equal([1, 2, 3, 4], Steps(all));
        Assert.Equal(ElectronicConvergence.NotConverged, ((Frame)all.Output[1]!).Convergence.Electronic);
    }

    [Fact]
    public void MachineLearnedFramesComeOnlyWhereAskedFor()
    {
        List<SyntheticStep> walk = SyntheticRuns.Walk(3, 3);
        SyntheticOutcar run = SyntheticRuns.Dynamics(3, 3) with { Steps = [walk[0], walk[1] with { IsMachineLearned = true }, walk[1]] };
        folder.Write("OUTCAR", run.ToText());
        PipelineResult result = Run("Import-Outcar OUTCAR");
        Assert.All(result.Output, f => Assert.Equal(LabelOrigin.AbInitio, ((Frame)f!).Origin));
        Assert.Contains("1 of a machine-learned force field", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(3, Run("Import-Outcar OUTCAR -IncludeMachineLearned").Output.Count);
    }

    [Theory]
    [InlineData("number of dos", "*umber of dos")]
    [InlineData("number of dos", "NEDOS")]
    public void TheNumberOfIonsCountsInWhateverLineItStands(string printed, string other)
    {
        folder.Write("OUTCAR", SyntheticRuns.Relaxation(4, 1).ToText().Replace("NIONS =      4", "NIONS =      5", StringComparison.Ordinal).Replace(printed, other, StringComparison.Ordinal));
        Assert.StartsWith("OutcarIonCountsContradict", Assert.Single(Run("Import-Outcar OUTCAR").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedFileIsAnErrorAndTheRestGoesOn()
    {
        folder.Write("a/OUTCAR", "no OUTCAR at all\n");
        folder.Write("b/OUTCAR", SyntheticRuns.Relaxation(4, 1).ToText().Replace("NIONS =      4", "NIONS =      5", StringComparison.Ordinal));
        folder.Write("c/OUTCAR", SyntheticRuns.Relaxation(4, 2).ToText());
        PipelineResult result = Run("Import-Outcar a,b,c,missing/OUTCAR");
        Assert.Equal([1, 2], Steps(result));
        Assert.Equal(["OutcarIonCountsContradict", "OutcarNotRecognised", "PathNotFound"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]).Order(StringComparer.Ordinal));
        Assert.All(result.Errors.Where(e => e.FullyQualifiedErrorId.StartsWith("Outcar", StringComparison.Ordinal)), e =>
        {
            Assert.Contains("OUTCAR, line", e.Exception.Message, StringComparison.Ordinal);
            Assert.NotNull(((AtomProNetException)e.Exception).Remedy);
        });
    }

    [Fact]
    public void StoppingEndsAllReaders()
    {
        for (int i = 0; i < 20; i++)
        {
            folder.Write($"{i:D2}/OUTCAR", SyntheticRuns.Relaxation(i, 2).ToText());
        }

        using var stop = new CancellationTokenSource();
        stop.Cancel();
        PipelineResult result = PipelineHost.Run("Import-Outcar .", folder.FullName, cancellationToken: stop.Token);
        Assert.True(result.Output.Count < 40);
    }

    private static IEnumerable<int> Steps(PipelineResult result) => result.Output.Cast<Frame>().Select(f => f.Source!.Step);

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder.FullName, cancellationToken: TestContext.Current.CancellationToken);
}
