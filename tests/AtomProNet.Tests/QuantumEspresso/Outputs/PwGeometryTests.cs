using System.Text;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>Which of the printed geometries an energy belongs to.</summary>
public sealed class PwGeometryTests
{
    private const string Received = "  @ DRIVER MODE: Received positions ";

    /// <summary>The summary is of the input; what i-PI then sent through the socket was computed, and is printed nowhere.</summary>
    [Fact]
    public void PositionsFromASocketAreNotThoseOfTheSummary()
    {
        (List<Frame> frames, CalculationReport report) = Read(SyntheticPwOutput.Scf(afterSites: Received));
        Assert.Empty(frames);
        LeftOutFrame leftOut = Assert.Single(report.LeftOut);
        Assert.Equal("GeometryMissing", leftOut.Code);
        Assert.Contains("i-PI", leftOut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASummaryBehindThePositionsFromASocketIsOfThem()
    {
        (List<Frame> frames, CalculationReport report) = Read(SyntheticPwOutput.Scf(beforeSummary: Received));
        Assert.Empty(report.LeftOut);
        Assert.Equal(0.5 * 8 * PwTextSearch.Bohr, Assert.Single(frames).Structure.CartesianPositions[1].X, 1e-9);
    }

    private static (List<Frame> Frames, CalculationReport Report) Read(string text)
    {
        using PwOutputReader reader = PwOutputReader.FromStream(new MemoryStream(Encoding.ASCII.GetBytes(text)), "pw.out");
        return ([.. reader.ReadFrames(TestContext.Current.CancellationToken)], reader.Report);
    }
}
