using System.IO.Compression;
using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>Files as they lie about: several runs in one, cut off, zipped, with a CONTCAR beside them.</summary>
public sealed class OutcarFileTests
{
    [Fact]
    public void TwoRunsInOneFileAreNotMixed()
    {
        SyntheticOutcar first = SyntheticRuns.Relaxation(19, 2), second = SyntheticRuns.Dynamics(20, 2) with { Types = [new("Cu", 4)] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read([.. first.ToBytes(), .. second.ToBytes()]);
        Assert.Equal("Al4#1 Al4#2 Cu4#3 Cu4#4", string.Join(' ', frames.Select(f => $"{f.Structure.Composition.Formula}#{f.Source!.Step}")));
        OutcarText.AssertSame(first.Steps[1], frames[1], first);
        OutcarText.AssertSame(second.Steps[0], frames[2], second);
        Assert.Contains(report.Findings, f => f.Code == "SeveralRunsInFile");
    }

    [Fact]
    public void ARunThatWasCutOffAndStartedAgainLosesOnlyTheStepThatWasCut()
    {
        SyntheticOutcar first = SyntheticRuns.Relaxation(21, 2), second = SyntheticRuns.Relaxation(22, 2);
        string whole = first.ToText();
        string cut = whole[..whole.LastIndexOf("FREE ENERGIE", StringComparison.Ordinal)];
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(cut + "\n" + second.ToText());
        Assert.Equal([1, 3, 4], frames.Select(f => f.Source!.Step));
        Assert.Equal(2, Assert.Single(report.LeftOut).Step);
        OutcarText.AssertSame(second.Steps[0], frames[1], second);
    }

    [Fact]
    public void CarriageReturnsAndGzipChangeNothing()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(23, 3);
        (List<Frame> plain, _) = OutcarText.Read(run.ToBytes());
        (List<Frame> windows, _) = OutcarText.Read(run.ToText().Replace("\n", "\r\n", StringComparison.Ordinal));
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(run.ToBytes());
        }

        (List<Frame> zipped, _) = OutcarText.Read(memory.ToArray());
        Assert.Equal(3, plain.Count);
        for (int i = 0; i < 3; i++)
        {
            FrameEquality.AssertSame(plain[i], windows[i]);
            FrameEquality.AssertSame(plain[i], zipped[i]);
        }
    }

    [Fact]
    public void ADamagedGzipFileGivesWhatCameBefore()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(24, 30);
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(run.ToBytes());
        }

        byte[] zipped = memory.ToArray();
        (List<Frame> cut, CalculationReport cutReport) = OutcarText.Read(zipped[..(zipped.Length / 2)]);
        Assert.InRange(cut.Count, 5, 29);
        Assert.Contains(cutReport.LeftOut, f => f.Reason == LeftOutReason.CutOff);
        for (int i = 0; i < cut.Count; i++)
        {
            OutcarText.AssertSame(run.Steps[i], cut[i], run);
        }
    }

    [Fact]
    public void WhatIsNoOutcarIsSaidToBeNone()
    {
        (List<Frame> frames, CalculationReport report) = OutcarText.Read("hello\nworld\n");
        Assert.Empty(frames);
        Assert.Equal("OutcarNotRecognised", Assert.Single(report.Errors).ErrorId);
        (_, report) = OutcarText.Read("");
        Assert.Equal("OutcarNotRecognised", Assert.Single(report.Errors).ErrorId);
        string header = SyntheticRuns.Static(SyntheticRuns.Disordered(1)).ToText();
        (_, report) = OutcarText.Read(header[..header.IndexOf("--- Iteration", StringComparison.Ordinal)]);
        Assert.Equal("OutcarHoldsNoStep", Assert.Single(report.Errors).ErrorId);
    }

    [Fact]
    public void FilesAreRecognisedByTheirNames()
    {
        Assert.All((string[])["OUTCAR", "outcar", "OUTCAR.gz", "OUTCAR.3", "OUTCAR_12", "OUTCAR.relax1.gz", "OUTCAR.static"], name => Assert.True(VaspFileNames.IsOutcar(name), name));
        Assert.All((string[])["OUTCAR.bak", "OUTCAR.json", "OUTCARS", "my-OUTCAR", "OUTCAR.xyz.gz", "OUTCAR."], name => Assert.False(VaspFileNames.IsOutcar(name), name));
        Assert.True(VaspFileNames.IsVasprun("vasprun.xml.gz"));
        Assert.False(VaspFileNames.IsVasprun("vasprun.xsd"));
    }

    [Fact]
    public void AStaticRunTakesTheDigitsBesideItWhereTheyFit()
    {
        SyntheticStep step = SyntheticRuns.Disordered(26);
        using var folder = new ScratchFolder();
        folder.Write("OUTCAR", SyntheticRuns.Static(step).ToText());
        folder.Write("CONTCAR", Poscar(step, shift: 0));
        Frame exact = ReadOne(folder);
        Assert.Equal(step.Positions[2].X, exact.Structure.CartesianPositions[2].X, 1e-14);
        Assert.Equal(step.Lattice.A.Y, exact.Structure.Lattice!.A.Y, 1e-15);

        // A geometry that is off by more than the rounding of the OUTCAR is another geometry.
        folder.Write("CONTCAR", Poscar(step, shift: 1.2e-5));
        Frame rounded = ReadOne(folder);
        Assert.Equal(Math.Round(step.Positions[2].X, 5), rounded.Structure.CartesianPositions[2].X);

        // After one step of motion the CONTCAR is the next geometry: the POSCAR serves.
        folder.Write("OUTCAR", (SyntheticRuns.Static(step) with { Nsw = 1, Ibrion = 2 }).ToText());
        folder.Write("CONTCAR", Poscar(step, shift: 0));
        folder.Write("POSCAR", Poscar(step, shift: 0));
        Assert.Equal(step.Positions[2].X, ReadOne(folder).Structure.CartesianPositions[2].X, 1e-14);

        // And where there are more steps, neither belongs to them.
        folder.Write("OUTCAR", (SyntheticRuns.Relaxation(26, 2) with { Isif = 2, Steps = [step, step] }).ToText());
        using OutcarReader reader = OutcarReader.Open(folder.PathTo("OUTCAR"));
        Assert.All(reader.ReadFrames(TestContext.Current.CancellationToken), f => Assert.Equal(Math.Round(step.Positions[2].X, 5), f.Structure.CartesianPositions[2].X));

        static Frame ReadOne(ScratchFolder folder)
        {
            using OutcarReader reader = OutcarReader.Open(folder.PathTo("OUTCAR"));
            return Assert.Single(reader.ReadFrames(TestContext.Current.CancellationToken));
        }

        static string Poscar(SyntheticStep step, double shift) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"synthetic\n1.0\n{step.Lattice.A:R}\n{step.Lattice.B:R}\n{step.Lattice.C:R}\nAl\n4\nCartesian\n{string.Join('\n', step.Positions.Select((r, i) => i == 2 ? r + new Vector3D(shift, 0, 0) : r))}\n");
    }
}
