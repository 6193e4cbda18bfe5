using AtomProNet.Datasets;
using AtomProNet.Datasets.Checks;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Datasets.Checks;

public class CleanSetTests
{
    [Fact]
    public void The_potential_of_the_tests_is_consistent()
    {
        // Forces and stress are derivatives of the energy: by central differences.
        var random = new Random(5);
        Structure s = CleanSet.Deform(CleanSet.Rattled(CleanSet.RockSalt(), random, 0.15), new(new(1.02, 0.03, 0), new(0, 0.97, 0.01), new(-0.02, 0, 1.01)));
        (_, Vector3D[] forces, StressTensor? stress) = BinaryMorse.Evaluate(s);
        const double h = 1e-5;
        double Energy(Structure t) => BinaryMorse.Evaluate(t).Energy;
        double slope = (Energy(Move(h)) - Energy(Move(-h))) / (2 * h);
        Assert.Equal(-forces[2].Y, slope, 7);
        double work = (Energy(CleanSet.Deform(s, new(new(1, h, 0), new(0, 1, 0), new(0, 0, 1)))) - Energy(CleanSet.Deform(s, new(new(1, -h, 0), new(0, 1, 0), new(0, 0, 1))))) / (2 * h);
        Assert.Equal(stress!.Value.XY * s.Volume!.Value, work, 6);

        Structure Move(double d) => s.With(positions: s.CartesianPositions.SetItem(2, s.CartesianPositions[2] + new Vector3D(0, d, 0)), kind: CoordinateKind.Cartesian);
    }

    [Fact]
    public void Nothing_is_found_in_a_clean_set() => AssertClean(Check(CleanSet.All));

    [Fact]
    public void Nothing_is_found_in_its_parts_either()
    {
        AssertClean(Check(CleanSet.All.Where(f => CleanSet.IsOf(f, "md"))));
        AssertClean(Check(CleanSet.All.Where(f => CleanSet.IsOf(f, "npt"))));
        AssertClean(Check(CleanSet.All.Where(f => CleanSet.IsOf(f, "hydrostatic"))));
        AssertClean(Check(CleanSet.All.Where(f => CleanSet.IsOf(f, "shear"))));
        AssertClean(Check(CleanSet.All.Where(f => CleanSet.IsOf(f, "wurtzite"))));
        AssertClean(Check(CleanSet.HexagonalStrains()));
        AssertClean(Check(CleanSet.HexagonalRattles(12)));
        AssertClean(Check(CleanSet.Strains("wide", e => Matrix3x3.Diagonal(1 + e, 1 + e, 1 + e), 0.1, 201)));
    }

    [Fact]
    public void Nothing_is_found_in_a_clean_split()
    {
        var check = new TrainingSetCheck();
        foreach (Frame frame in CleanSet.All.Where(f => !CleanSet.IsOf(f, "wurtzite")))
        {
            check.Add(frame, DatasetPart.Train);
        }

        foreach (Frame frame in CleanSet.All.Where(f => CleanSet.IsOf(f, "wurtzite")))
        {
            check.Add(frame, DatasetPart.Test);
        }

        AssertClean(check.Conclude());
    }

    /// <summary>
    /// The case of the sample data: eight of 25 strain runs with ENCUT at the potential's limit. Its README gives a fit of −dE/dV that
    /// lies 87 kB above the printed pressure at −10 %, 73 at 0, about 53 at +9 %, and difference × V of 4.2 to 4.9e4 kB·Å³ (fit over all 25).
    /// </summary>
    [Fact]
    public void Pulay_stress_of_the_sample_runs_is_told()
    {
        var check = new TrainingSetCheck();
        foreach (string folder in Directory.GetDirectories(SharedData.Path("data", "vasp", "strain")).Order(StringComparer.Ordinal))
        {
            using OutcarReader reader = OutcarReader.Open(Path.Combine(folder, "OUTCAR"));
            foreach (Frame frame in reader.ReadFrames())
            {
                check.Add(frame);
            }
        }

        TrainingSetFinding finding = Assert.Single(check.Conclude());
        Assert.Equal(("PulayStress", FindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Contains("ENCUT", finding.Advice, StringComparison.Ordinal);
    }

    private static void AssertClean(IEnumerable<TrainingSetFinding> findings) => Assert.True(!findings.Any(), string.Join('\n', findings));

    private static IReadOnlyList<TrainingSetFinding> Check(IEnumerable<Frame> frames)
    {
        var check = new TrainingSetCheck();
        foreach (Frame frame in frames)
        {
            check.Add(frame);
        }

        return check.Conclude();
    }
}
