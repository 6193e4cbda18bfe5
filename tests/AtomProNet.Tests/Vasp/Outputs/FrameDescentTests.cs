using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Generation;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>The descent of frames: from the folder's provenance.json where it fits, else from the file.</summary>
public sealed class FrameDescentTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void StepsStayInTheGroupOfTheRecord()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(1, 3);
        WriteRecord(Asked(run.Steps[0]));
        (List<Frame> frames, CalculationReport report) = Read(run);
        Assert.Empty(report.Findings);
        Assert.All(frames, f => Assert.Equal("mp-134", f.GroupId));
        Assert.All(frames, f => Assert.False(f.Structure.Provenance!.GroupInferred));
        Assert.Equal("mp-134 → Strain → IonicStep", frames[2].Structure.Provenance!.ToString());
        Assert.Equal("3", frames[2].Structure.Provenance!.Parameters["step"]);
    }

    [Fact]
    public void ARecordOfAnotherFormulaIsNotUsed()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(2, 2) with { Types = [new("Cu", 4)] };
        WriteRecord(Asked(run.Steps[0]));
        (List<Frame> frames, CalculationReport report) = Read(run);
        Assert.Contains(report.Findings, f => f.Code == "ProvenanceDoesNotFit");
        Assert.All(frames, f => Assert.True(f.Structure.Provenance!.GroupInferred));
    }

    [Fact]
    public void AnOutcarThatDidNotStartFromTheInputBesideItHasNotItsDescent()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(3, 2), other = SyntheticRuns.Relaxation(4, 2);
        Structure asked = Asked(run.Steps[0]);
        WriteRecord(asked);
        WritePoscar(asked);
        Assert.Empty(Read(run).Report.Findings);
        Assert.Contains(Read(other).Report.Findings, f => f.Code == "ProvenanceDoesNotFit");

        // After a restart the POSCAR is the last geometry: the descent still holds.
        WritePoscar(Asked(other.Steps[1]));
        Assert.Empty(Read(other).Report.Findings);
    }

    [Fact]
    public void ADamagedRecordIsToldAndNotUsed()
    {
        folder.Write("provenance.json", "{");
        (List<Frame> frames, CalculationReport report) = Read(SyntheticRuns.Relaxation(5, 1));
        Assert.Contains(report.Findings, f => f.Code == "ProvenanceUnreadable");
        Assert.True(Assert.Single(frames).Structure.Provenance!.GroupInferred);
    }

    private static Structure Asked(SyntheticStep step)
    {
        var parent = new Structure(step.Lattice, [.. Enumerable.Repeat(Element.FromSymbol("Al"), 4)], [.. step.Positions.Select(step.Lattice.ToFractional)], CoordinateKind.Fractional, provenance: Provenance.Root("MaterialsProject", "mp-134"));
        return parent.With(provenance: parent.Provenance!.Derive(StrainSeries.Operation, parent.ContentHash));
    }

    private void WriteRecord(Structure structure) => folder.Write(CalculationRecord.FileName, new CalculationRecord
    {
        Formula = structure.Composition.Formula,
        ContentHash = structure.ContentHash,
        Provenance = structure.Provenance,
        Method = new() { Code = "VASP", KPoints = new([4, 4, 4], false, "explicit") },
    }.ToJson());

    private void WritePoscar(Structure structure)
    {
        Matrix3x3 rows = structure.Lattice!.Rows;
        folder.Write("POSCAR", string.Create(CultureInfo.InvariantCulture, $"Al\n1.0\n{rows.Row1}\n{rows.Row2}\n{rows.Row3}\nAl\n4\nDirect\n{string.Join('\n', structure.FractionalPositions)}\n"));
    }

    private (List<Frame> Frames, CalculationReport Report) Read(SyntheticOutcar run)
    {
        using OutcarReader reader = OutcarReader.Open(folder.Write("OUTCAR", run.ToText()));
        List<Frame> frames = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];
        return (frames, reader.Report);
    }
}
