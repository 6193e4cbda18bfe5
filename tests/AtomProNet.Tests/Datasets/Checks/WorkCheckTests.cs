using AtomProNet.Datasets;
using AtomProNet.Datasets.Checks;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

/// <summary>What the work of the forces says of a whole run, and of single frames in it.</summary>
public class WorkCheckTests
{
    private static readonly Frame[] trajectory = [.. CleanSet.Trajectory("long", CleanSet.RockSalt(), 400, seed: 8).Where((_, i) => i % 4 == 0)];

    /// <summary>27.2114 and 25.7110 lie six per cent apart: the nearer one is the unit, or the advice spoils the forces, too.</summary>
    [Theory]
    [InlineData(27.211386245988, 1, "EnergyUnit")]
    [InlineData(13.605693122994, 1, "EnergyUnit")]
    [InlineData(1, 25.71104309541616, "ForceUnit")]
    [InlineData(1, -1, "ForceSign")]
    public void The_nearest_ratio_of_units_is_named(double energy, double force, string code)
    {
        TrainingSetFinding finding = Assert.Single(Check(trajectory.Select(f => f with { FreeEnergy = f.FreeEnergy / energy, Forces = [.. f.Forces!.Value.Select(v => v * force)] })), f => f.Code is "EnergyUnit" or "ForceUnit" or "ForceSign" or "EnergyPerAtom" or "ForcesContradictEnergies" or "EnergiesShifted" or "LabelsShifted");
        Assert.Equal(code, finding.Code);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
    }

    [Fact]
    public void A_correct_run_has_no_odd_frame() => Assert.Empty(Check(trajectory));

    /// <summary>0.1 eV an atom are 0.8 eV: no step of the run changes its energy by so much against its work.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(98)]
    public void The_one_frame_with_a_wrong_energy_is_named(int at)
    {
        TrainingSetFinding finding = Assert.Single(Check(trajectory.Select((f, i) => i == at ? f with { FreeEnergy = f.FreeEnergy + 0.8 } : f)));
        Assert.Equal(("LabelsContradictNeighbours", FindingSeverity.Warning, 1, at + 1), (finding.Code, finding.Severity, finding.FrameCount, finding.Frames[0].Index));
    }

    [Fact]
    public void The_first_frame_of_another_reference_is_named()
    {
        TrainingSetFinding finding = Assert.Single(Check(trajectory.Select((f, i) => i >= 60 ? f with { FreeEnergy = f.FreeEnergy - 8 } : f)), f => f.Code != "EnergyOutlier");
        Assert.Equal(("EnergyJump", FindingSeverity.Warning, 61), (finding.Code, finding.Severity, Assert.Single(finding.Frames).Index));
    }

    private static IReadOnlyList<TrainingSetFinding> Check(IEnumerable<Frame> frames)
    {
        using var check = new TrainingSetCheck();
        foreach (Frame frame in frames)
        {
            check.Add(frame);
        }

        return check.Conclude();
    }
}
