using System.IO.Compression;
using AtomProNet.Cli;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;
using AtomProNet.Tests.Vasp;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>Import-DftResult on trees with runs of pw.x: the standard output and the XML of one run are one result, wherever the XML lies.</summary>
public sealed class PwResultTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("data-file-schema.xml")]
    [InlineData("tmp/x.save/data-file-schema.xml")]
    [InlineData("x.save/data-file-schema.xml")]
    [InlineData("tmp/x.save/data-file-schema.xml.gz")]
    public void TheXmlOfARunAddsDigitsAndNoFrames(string place)
    {
        Write("run/pw.out", "si_relax", "pw.out");
        Frame[] printed = Frames("Import-DftResult run");
        Write("run/" + place, "si_relax", "data-file-schema.xml");
        Frame[] merged = Frames("Import-DftResult run");
        Assert.Equal([1, 2, 3, 4, 5, 6], merged.Select(f => f.Source!.Step));
        Assert.All(merged, f => Assert.EndsWith("pw.out", f.Source!.File, StringComparison.Ordinal));
        // pw.out prints eight decimals, the XML sixteen digits.
        Assert.All(printed.Zip(merged), p => Assert.True(p.First.FreeEnergy != p.Second.FreeEnergy && Math.Abs(p.First.FreeEnergy!.Value - p.Second.FreeEnergy!.Value) < 1e-7));
        Assert.All(merged, f => Assert.Equal("4x4x4", f.Method!.KPointMesh));
        // The stress of each step stands in pw.out alone.
        Assert.All(merged, f => Assert.NotNull(f.Stress));
        // Named itself, the XML still stands for its run.
        Assert.Equal(6, Frames("Import-DftResult run/" + place).Length);
        Assert.Equal(6, Frames($"Import-DftResult run/pw.out,run/{place}").Length);
    }

    [Fact]
    public void AnXmlWhoseOutputIsGoneStandsForItself()
    {
        Write("run/tmp/x.save/data-file-schema.xml", "si_relax", "data-file-schema.xml");
        Write("run/pw.out", "al_scf_metal", "pw.out");
        Assert.Equal(["pw.out", "data-file-schema.xml"], Frames("Import-DftResult . -IonicStep Last").Select(f => Path.GetFileName(f.Source!.File)));
    }

    [Fact]
    public void AMixedTreeGivesEveryRunOnceAndTellsTheMethods()
    {
        Write("qe/a/pw.out", "si_scf", "pw.out");
        Write("qe/a/tmp/x.save/data-file-schema.xml", "si_scf", "data-file-schema.xml");
        Write("qe/b/relax.pwo.gz", "si_relax", "pw.out");
        Write("qe/c/slurm-17.out", "si_badinput", "pw.out");
        folder.Write("qe/a/ph.out", "     Program PHONON v.6.7MaX starts on 22Nov2026\n");
        folder.Write("vasp/OUTCAR", SyntheticRuns.Relaxation(3, 2).ToText());
        folder.Write("vasp/vasp.out", "running on    4 total cores\n");
        folder.Write("vasp/vasprun.xml", SyntheticRuns.Relaxation(3, 2).ToVasprun());
        PipelineResult result = Run("Import-DftResult .");
        Assert.Empty(result.Errors);
        Assert.Equal(["qe/a/pw.out#1", .. Enumerable.Range(1, 6).Select(i => $"qe/b/relax.pwo.gz#{i}"), "vasp/OUTCAR#1", "vasp/OUTCAR#2"], result.Output.Cast<Frame>().Select(f => $"{Path.GetRelativePath(folder.FullName, f.Source!.File).Replace('\\', '/')}#{f.Source.Step}"));
        string mixed = Assert.Single(result.Warnings, w => w.Contains("do not belong in one set", StringComparison.Ordinal));
        Assert.Contains("Code: pw.x (7), VASP (2)", mixed, StringComparison.Ordinal);
        Assert.Contains("CutoffEnergy: 272.1139 eV (7), 400 eV (2)", mixed, StringComparison.Ordinal);
        Assert.Contains(result.Warnings, w => w.Contains("nonsense=3", StringComparison.Ordinal));
    }

    [Fact]
    public void APotentialWithoutItsChecksumIsTheSameOne()
    {
        // The XML does not tell the MD5 sums that pw.out prints.
        Write("a/pw.out", "si_scf", "pw.out");
        Write("b/data-file-schema.xml", "si_relax", "data-file-schema.xml");
        PipelineResult result = Run("Import-DftResult .");
        Assert.Equal(7, result.Output.Count);
        Assert.DoesNotContain(result.Warnings, w => w.Contains("do not belong in one set", StringComparison.Ordinal));
    }

    [Fact]
    public void TheCoresAreRecordedForBothCodes()
    {
        Assert.Equal(1, Frames($"Import-DftResult {SharedData.Path("data", "qe", "made", "si_scf")}")[0].Method!.CoreCount);
        // 128 mpi-ranks, with 18 threads/rank; 64 total cores.
        Assert.Equal(2304, Frames($"Import-DftResult {SharedData.Path("data", "vasp", "relaxation")}")[0].Method!.CoreCount);
    }

    [Fact]
    public void WhatIsLeftOutIsCounted()
    {
        PipelineResult result = PipelineHost.Run("Import-DftResult si_noconv,si_killed,si_maxseconds", SharedData.Path("data", "qe", "made"));
        Assert.Contains(result.Warnings, w => w.Contains("si_noconv", StringComparison.Ordinal) && w.Contains("1 of 1 frames left out", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.Contains("si_killed", StringComparison.Ordinal) && w.Contains("1 of 34 frames left out", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.Contains("si_maxseconds", StringComparison.Ordinal) && w.Contains("1 of 22 frames left out", StringComparison.Ordinal));
        // None of them has labels that could be let through.
        Assert.DoesNotContain(result.Warnings, w => w.Contains("-IncludeUnconverged", StringComparison.Ordinal));
    }

    private void Write(string name, string run, string file)
    {
        string path = folder.PathTo(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] bytes = File.ReadAllBytes(SharedData.Path("data", "qe", "made", run, file));
        using FileStream target = File.Create(path);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(target, CompressionLevel.Fastest) : target;
        stream.Write(bytes);
    }

    private Frame[] Frames(string pipeline)
    {
        PipelineResult result = Run(pipeline);
        Assert.Empty(result.Errors);
        return [.. result.Output.Cast<Frame>()];
    }

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder.FullName, cancellationToken: TestContext.Current.CancellationToken);
}
