using System.Text.Json;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

/// <summary>
/// How far −dE/dV of a fit and the pressure of the labels may lie apart, on series of a Birch–Murnaghan equation of state: fit and
/// error come from NumPy.
/// </summary>
public class SeriesToleranceTests
{
    private const double Kilobar = 1602.176634, V0 = 76.77, B0 = 160 / 160.2176634, B1 = 4.2, E0 = -48;

    // A cubic in V^(−2/3) is what a Birch–Murnaghan curve is; the covariance of its coefficients gives the error of the derivative.
    private const string Fit = """
        import numpy as np
        v, e = np.array(data['v']), np.array(data['e'])
        x = v ** (-2 / 3) / np.mean(v ** (-2 / 3)) - 1
        c, cov = np.polyfit(x, e, 3, cov='unscaled')
        s2 = np.sum((e - np.polyval(c, x)) ** 2) / (len(v) - 4)
        dxdv = -2 / 3 * (x + 1) / v
        g = np.array([[3 * t * t, 2 * t, 1, 0] for t in x])
        p = -(g @ c) * dxdv * 1602.176634
        error = np.sqrt(np.maximum(0, np.einsum('ij,jk,ik->i', g, cov, g) * s2)) * np.abs(dxdv) * 1602.176634
        result = [p.tolist(), np.maximum(5, 3 * error).tolist()]
        """;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.02)]
    public void Five_kilobar_or_three_errors_of_the_fit_are_allowed_and_no_more(double noise)
    {
        SystemPython.SkipUnlessThere("numpy");
        var random = new Random(8);
        double[] volumes = [.. Enumerable.Range(0, 21).Select(i => V0 * Math.Pow(1 + 0.005 * (i - 10), 3))];
        double[] energies = [.. volumes.Select(v => Energy(v) + noise * (2 * random.NextDouble() - 1))];
        JsonElement fit = SystemPython.Run(Fit, new { v = volumes, e = energies });
        double[] pressures = Numbers(fit[0]), tolerances = Numbers(fit[1]);
        Assert.Equal(noise == 0, tolerances.Max() < 5.001);

        // All of them nearly as far off as they may be, then one of them a little farther.
        double[] allowed = [.. pressures.Select((p, i) => p + (i % 2 == 0 ? 0.97 : -0.97) * tolerances[i])];
        Assert.Empty(Check(Frames(volumes, energies, allowed)));
        double[] beyond = [.. pressures.Select((p, i) => p + (i == 7 ? 1.05 * tolerances[i] : 0))];
        TrainingSetFinding finding = Assert.Single(Check(Frames(volumes, energies, beyond)));
        Assert.Equal(("StressContradictsEnergy", FindingSeverity.Warning, 1, 8), (finding.Code, finding.Severity, finding.FrameCount, finding.Frames[0].Index));
    }

    [Fact]
    public void Five_frames_with_one_mesh_make_a_series_and_four_do_not()
    {
        Assert.Contains(Check(Turned(5, "4x4x4")), f => f.Code == "StressSign");
        Assert.DoesNotContain(Check(Turned(4, "4x4x4")), f => f.Code == "StressSign");
        // Energies jump where the mesh changes: two halves of four are no series of eight.
        Frame[] halves = [.. Turned(8, "4x4x4").Select((f, i) => i % 2 == 0 ? f : f with { Method = f.Method! with { KPointMesh = "5x5x5" } })];
        Assert.DoesNotContain(Check(halves), f => f.Code is "StressSign" or "StressContradictsEnergy");
        Assert.Contains(Check(Turned(8, "4x4x4")), f => f.Code == "StressSign");

        static Frame[] Turned(int count, string mesh)
        {
            double[] volumes = [.. Enumerable.Range(0, count).Select(i => V0 * (0.9 + 0.02 * i))];
            return [.. Frames(volumes, [.. volumes.Select(Energy)], [.. volumes.Select(v => -Pressure(v))]).Select(f => f with { Method = new() { Code = "VASP", KPointMesh = mesh } })];
        }
    }

    /// <summary>Each waits for its partner until 5000 others have come, and is forgotten then.</summary>
    [Theory]
    [InlineData(1000, true)]
    [InlineData(5100, false)]
    public void Series_are_found_among_thousands_of_other_steps(int between, bool isFound)
    {
        var random = new Random(9);
        double[] volumes = [.. Enumerable.Range(0, 7).Select(i => V0 * (0.9 + 0.02 * i))];
        Frame[] series = Frames(volumes, [.. volumes.Select(Energy)], [.. volumes.Select(v => -Pressure(v))]);
        Frame parent = series[3];
        var register = new FrameRegister();
        var check = new SeriesStressCheck();
        Add(series[0]);
        for (int i = 0; i < between; i++)
        {
            // Near enough for the same few places of the grid.
            Structure moved = parent.Structure.With(positions: [.. parent.Structure.FractionalPositions.Select(r => r + SyntheticFrames.Vector(random, 0.01))], kind: CoordinateKind.Fractional);
            Add(new(moved) { FreeEnergy = parent.FreeEnergy, Stress = parent.Stress });
        }

        foreach (Frame frame in series[1..])
        {
            Add(frame);
        }

        TrainingSetFinding finding = Assert.Single(check.Conclude());
        Assert.Equal(("StressSign", isFound ? 7 : 6), (finding.Code, finding.FrameCount));

        void Add(Frame frame)
        {
            register.Add(frame, null);
            check.Add(new(frame, register.Count, null, frame.EnergyKind, new ShortestDistances(), register));
        }
    }

    [Fact]
    public void What_is_beyond_the_limit_of_memory_is_said_to_be_left_out()
    {
        double[] volumes = [.. Enumerable.Range(0, 9).Select(i => V0 * (0.9 + 0.02 * i))];
        var register = new FrameRegister();
        var check = new SeriesStressCheck(maximumPoints: 6);
        foreach (Frame frame in Frames(volumes, [.. volumes.Select(Energy)], [.. volumes.Select(v => -Pressure(v))]))
        {
            register.Add(frame, null);
            check.Add(new(frame, register.Count, null, frame.EnergyKind, new ShortestDistances(), register));
        }

        TrainingSetFinding[] findings = [.. check.Conclude()];
        Assert.Equal([("StressSign", 7), ("SeriesNotCompared", 2)], findings.Select(f => (f.Code, f.FrameCount)));
        Assert.Equal((FindingSeverity.Warning, 8), (findings[1].Severity, findings[1].Frames[0].Index));
        Assert.Contains("of 2 frames", findings[1].Message);
        Assert.Contains("the 7 frames", findings[1].Message);
    }

    [Fact]
    public void A_series_behind_thousands_of_other_frames_is_looked_at_too()
    {
        var random = new Random(3);
        Structure cell = CleanSet.RockSalt();
        // As long as trajectories are: each of their steps is a series of one.
        IEnumerable<Frame> trajectory = Enumerable.Range(0, 2100).Select(i => new Frame(CleanSet.Rattled(cell, random, 0.05))
        {
            FreeEnergy = E0 + 0.01 * random.NextDouble(),
            Stress = new(0.01 * random.NextDouble(), 0.01, 0.01, 0, 0, 0.001),
            Source = new("/runs/md/OUTCAR", i + 1),
        });
        double[] volumes = [.. Enumerable.Range(0, 7).Select(i => V0 * (0.94 + 0.02 * i))];
        Frame[] strains = Frames(volumes, [.. volumes.Select(Energy)], [.. volumes.Select(v => -Pressure(v))]);
        TrainingSetFinding finding = Assert.Single(Check(trajectory.Concat(strains)), f => f.Code == "StressSign");
        Assert.Equal(7, finding.FrameCount);
    }

    [Fact]
    public void A_hundred_and_fifty_gigapascal_of_compression_are_no_fault()
    {
        double low = 0.5 * V0, high = V0;
        for (int i = 0; i < 60; i++)
        {
            (low, high) = Pressure((low + high) / 2) > 1500 ? ((low + high) / 2, high) : (low, (low + high) / 2);
        }

        Assert.Equal(1500, Pressure(low), 6);
        double[] volumes = [.. Enumerable.Range(0, 31).Select(i => low + (1.05 * V0 - low) * i / 30)];
        Assert.Empty(Check(Frames(volumes, [.. volumes.Select(Energy)], [.. volumes.Select(Pressure)])));
        // One alone among frames about the equilibrium.
        // Not at V0 itself: a stress of exactly 0 is a fault of its own.
        double[] about = [low, .. Enumerable.Range(0, 40).Select(i => V0 * (0.9901 + 0.0005 * i))];
        Assert.Empty(Check(Frames(about, [.. about.Select(Energy)], [.. about.Select(Pressure)])));
    }

    [Fact]
    public void Forces_need_not_sum_to_zero_where_atoms_are_held()
    {
        Frame free = BinaryMorse.Label(CleanSet.Rattled(CleanSet.RockSalt(), new Random(2), 0.1));
        Frame pulled = free with { Forces = free.Forces!.Value.SetItem(0, free.Forces.Value[0] + new Vector3D(2, 0, 0)) };
        Assert.Equal("ForcesDoNotSumToZero", Assert.Single(Check([pulled])).Code);
        Frame held = pulled.WithStructure(pulled.Structure.With(siteProperties: pulled.Structure.SiteProperties.SetItem("selective_dynamics", SiteProperty.Logical(3, [.. Enumerable.Range(0, 24).Select(i => i >= 3)]))));
        Assert.Empty(Check([held]));
    }

    [Fact]
    public void Isolated_atoms_have_a_band_of_their_own()
    {
        Element cu = Element.FromSymbol("Cu");
        Frame[] crystals = [.. Enumerable.Range(0, 12).Select(i => new Frame(new Structure(Lattice.Cubic(3.55 + 0.01 * i), [cu, cu, cu, cu], [new(0, 0, 0), new(0, 0.5, 0.5), new(0.5, 0, 0.5), new(0.5, 0.5, 0)], CoordinateKind.Fractional))
        {
            FreeEnergy = -14.8 + 0.5 * Math.Pow(0.01 * (i - 8), 2),
        })];
        // As far from a crystal's energy as Ry from eV.
        Frame atom = new(new Structure(Lattice.Cubic(14), [cu], [Vector3D.Zero], CoordinateKind.Cartesian)) { FreeEnergy = -3.7 / 13.605693, ConfigType = "IsolatedAtom" };
        Assert.Empty(Check([.. crystals, atom]));
        // The same energy in a crystal is a fault.
        Assert.Contains(Check([.. crystals, crystals[0] with { FreeEnergy = -14.8 / 13.605693, Source = new("/other", 1) }]), f => f.Code == "EnergyUnitMixed");
    }

    [Fact]
    public void A_basis_of_another_volume_is_named_from_one_per_cent_on()
    {
        double[] volumes = [.. Enumerable.Range(0, 6).Select(i => V0 * (1.0002 + 0.001 * i))];
        Frame[] frames = [.. Frames(volumes, [.. volumes.Select(Energy)], [.. volumes.Select(Pressure)]).Select(f => f with { BasisLattice = f.Structure.Lattice })];
        Assert.Empty(Check([.. frames, Drifted(1.0099), Drifted(1 / 1.0099)]));
        TrainingSetFinding finding = Assert.Single(Check([.. frames, Drifted(1.0099), Drifted(1.0101), Drifted(0.9899)]));
        Assert.Equal(("BasisDrifted", FindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Equal([8, 9], finding.Frames.Select(f => f.Index));

        Frame Drifted(double ratio)
        {
            Structure s = CleanSet.RockSalt(Math.Cbrt(V0) * (1 + 0.001 * ratio));
            return Frames([s.Volume!.Value], [Energy(s.Volume.Value)], [Pressure(s.Volume.Value)])[0] with { BasisLattice = Lattice.Cubic(Math.Cbrt(s.Volume.Value / ratio)), Source = new(FormattableString.Invariant($"/npt{ratio}"), 9) };
        }
    }

    /// <summary>The pressures of the shared runs, fitted by NumPy: what the finding says must be that.</summary>
    [Fact]
    public void The_Pulay_stress_of_the_sample_runs_is_that_of_an_independent_fit()
    {
        SystemPython.SkipUnlessThere("numpy");
        string reference = SharedData.Path("reference", "vasp.json");
        JsonElement runs = SystemPython.Run(
            """
            runs = [r['frames'][-1] for name, r in json.load(open(data)).items() if '/strain/' in name]
            result = sorted([abs(r['lattice'][0][0] * r['lattice'][1][1] * r['lattice'][2][2]), r['toten'], r['ext_kB']] for r in runs)
            """,
            reference);
        double[][] rows = [.. runs.EnumerateArray().Select(Numbers)];
        Assert.Equal(8, rows.Length);
        JsonElement fit = SystemPython.Run(Fit, new { v = rows.Select(r => r[0]), e = rows.Select(r => r[1]) });
        double[] differences = [.. Numbers(fit[0]).Zip(rows, (p, r) => p - r[2])];
        // The fit over all 25 runs gives 73 kB at 0 strain.
        Assert.InRange(differences[Array.FindIndex(rows, r => Math.Abs(r[0] - 666.805197) < 1e-3)], 68, 78);

        var check = new TrainingSetCheck();
        foreach (string folder in Directory.GetDirectories(SharedData.Path("data", "vasp", "strain")).Order(StringComparer.Ordinal))
        {
            using var reader = AtomProNet.Vasp.Outputs.OutcarReader.Open(Path.Combine(folder, "OUTCAR"));
            foreach (Frame frame in reader.ReadFrames())
            {
                check.Add(frame);
            }
        }

        TrainingSetFinding finding = Assert.Single(check.Conclude());
        Assert.Equal("PulayStress", finding.Code);
        System.Text.RegularExpressions.Match told = System.Text.RegularExpressions.Regex.Match(finding.Message, "lies (\\d+) to (\\d+) kB above");
        Assert.Equal(differences.Min(), double.Parse(told.Groups[1].Value, null), 1.0);
        Assert.Equal(differences.Max(), double.Parse(told.Groups[2].Value, null), 1.0);
        Assert.Contains("ENCUT at least 1.3 × the largest ENMAX", finding.Advice, StringComparison.Ordinal);
        Assert.Contains("leave the stress out", finding.Advice, StringComparison.Ordinal);
    }

    // The third-order equation of state, by hand: E and −dE/dV.
    private static double Energy(double v)
    {
        double f = (Math.Pow(V0 / v, 2.0 / 3) - 1) / 2;
        return E0 + 4.5 * B0 * V0 * f * f * (1 + (B1 - 4) * f);
    }

    private static double Pressure(double v)
    {
        double f = (Math.Pow(V0 / v, 2.0 / 3) - 1) / 2;
        return 3 * B0 * f * Math.Pow(1 + 2 * f, 2.5) * (1 + 1.5 * (B1 - 4) * f) * Kilobar;
    }

    private static Frame[] Frames(double[] volumes, double[] energies, double[] pressures) =>
    [
        .. volumes.Select((v, i) =>
        {
            double s = -pressures[i] / Kilobar;
            return new Frame(CleanSet.RockSalt(Math.Cbrt(v))) { FreeEnergy = energies[i], Stress = new(s, s, s, 0, 0, 0), Source = new(FormattableString.Invariant($"/runs/{i}/{v:F6}/OUTCAR"), 1) };
        }),
    ];

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetDouble())];

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
