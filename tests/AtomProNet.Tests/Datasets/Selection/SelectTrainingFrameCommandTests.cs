using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Datasets.Selection;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets.Selection;

public class SelectTrainingFrameCommandTests
{
    [Fact]
    public void Without_a_criterion_everything_passes_in_its_order()
    {
        Frame[] frames = CleanSet.All;
        PipelineResult result = Run("", frames);
        Assert.Equal(frames, result.Output.Cast<Frame>());
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Unconverged_frames_fall_out_and_those_of_unknown_convergence_stay()
    {
        Frame frame = SyntheticFrames.Random(new Random(1));
        Frame[] frames = [frame, frame with { Convergence = new(ElectronicConvergence.NotConverged, "NELM") }, frame with { Convergence = new(ElectronicConvergence.Ambiguous) }, frame with { Convergence = FrameConvergence.Unknown }];
        PipelineResult result = Run("-Converged", frames);
        Assert.Equal([frames[0], frames[3]], result.Output.Cast<Frame>());
        Assert.Equal("2 of 4 frames were left out: 2 Unconverged.", Assert.Single(result.Warnings));
    }

    [Fact]
    public void The_largest_force_decides()
    {
        Frame[] frames = [.. CleanSet.All, Atom("Mg") with { Forces = null }];
        // By hand, component by component.
        Frame[] expected = [.. frames.Where(f => f.Forces is null || f.Forces.Value.All(v => v.X * v.X + v.Y * v.Y + v.Z * v.Z <= 2.5 * 2.5))];
        Assert.InRange(expected.Length, 20, frames.Length - 20);
        Assert.Equal(expected, Run("-MaximumForce 2.5", frames).Output.Cast<Frame>());
        Frame without = CleanSet.All[3] with { Forces = null };
        Assert.Contains("1 ForcesMissing", Assert.Single(Run("-MaximumForce 1000", [without]).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_component_of_the_stress_decides_in_gigapascal()
    {
        Frame[] frames = CleanSet.All;
        // Half of them.
        double[] largest = [.. frames.Where(f => f.Stress is not null).Select(f => f.Stress!.Value).Select(s => new[] { s.XX, s.YY, s.ZZ, s.YZ, s.XZ, s.XY }.Max(Math.Abs)).Order()];
        double limit = (largest[largest.Length / 2] + largest[largest.Length / 2 + 1]) / 2;
        Frame[] expected = [.. frames.Where(f => f.Stress is not { } s || new[] { s.XX, s.YY, s.ZZ, s.YZ, s.XZ, s.XY }.All(c => Math.Abs(c) <= limit))];
        Assert.InRange(expected.Length, 20, frames.Length - 5);
        Assert.Equal(expected, Run(FormattableString.Invariant($"-MaximumStress {limit * 160.2176634}"), frames).Output.Cast<Frame>());
        Assert.Contains("1 StressMissing", Assert.Single(Run("-MaximumStress 15", [frames[1] with { Stress = null }]).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_smallest_distance_is_that_of_ASE()
    {
        SystemPython.SkipUnlessThere("ase");
        var random = new Random(2);
        Frame[] frames = [.. Enumerable.Range(0, 12).Select(i => SyntheticFrames.Random(random, atoms: 1 + i % 5, cheap: true)), Atom("O")];
        JsonElement distances = SystemPython.Run(
            """
            from ase import Atoms
            from ase.neighborlist import neighbor_list
            result = []
            for s, p, c, b in data:
                d = neighbor_list('d', Atoms(numbers=s, positions=p, cell=c, pbc=b), 6.0)
                result.append(float(d.min()) if len(d) else 99.0)
            """,
            frames.Select(f => new object[]
            {
                f.Structure.Species.Select(e => e.Number).ToArray(),
                f.Structure.CartesianPositions.Select(p => new[] { p.X, p.Y, p.Z }).ToArray(),
                new[] { f.Structure.Lattice!.A, f.Structure.Lattice.B, f.Structure.Lattice.C }.Select(p => new[] { p.X, p.Y, p.Z }).ToArray(),
                true,
            }));
        double[] least = [.. distances.EnumerateArray().Select(d => d.GetDouble())];
        foreach (double limit in new[] { 2.0, 2.4, 2.6, 3.0 })
        {
            Assert.Equal(frames.Where((_, i) => least[i] >= limit), Run(FormattableString.Invariant($"-MinimumDistance {limit}"), frames).Output.Cast<Frame>());
        }
    }

    [Fact]
    public void Energies_are_held_against_the_least_of_their_formula()
    {
        Frame[] frames = [.. CleanSet.All, .. CleanSet.All.Where(f => CleanSet.IsOf(f, "md")).Select(Doubled), CleanSet.All[0] with { FreeEnergy = null }];
        var floor = frames.Where(f => f.FreeEnergy is not null).GroupBy(Like).ToDictionary(g => g.Key, g => g.Min(f => f.FreeEnergy!.Value / f.Structure.AtomCount));
        Frame[] expected = [.. frames.Where(f => f.FreeEnergy is { } e && e / f.Structure.AtomCount - floor[Like(f)] <= 0.3)];
        Assert.InRange(expected.Length, 20, frames.Length - 5);
        PipelineResult result = Run("-EnergyAboveMinimum 0.3", frames);
        Assert.Equal(expected, result.Output.Cast<Frame>());
        Assert.Contains("1 EnergyMissing", result.Warnings[^1], StringComparison.Ordinal);

        // Wurtzite and rock salt are one formula; a vacancy and single atoms are others.
        static string Like(Frame f) => f.Structure.AtomCount == 1 ? "atom " + f.Structure.Composition.Formula : f.Structure.ReducedFormula;
        static Frame Doubled(Frame f)
        {
            Structure s = f.Structure;
            return new Frame(new Structure(new(s.Lattice!.A * 2, s.Lattice.B, s.Lattice.C), [.. s.Species, .. s.Species], [.. s.CartesianPositions, .. s.CartesianPositions.Select(p => p + s.Lattice.A)], CoordinateKind.Cartesian)) { FreeEnergy = f.FreeEnergy * 2, Method = f.Method };
        }
    }

    [Fact]
    public void A_wrong_energy_far_below_all_others_is_told()
    {
        Frame[] frames = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "md"))];
        frames[7] = frames[7] with { FreeEnergy = frames[7].FreeEnergy * 8 };
        PipelineResult result = Run("-EnergyAboveMinimum 1", frames);
        Assert.Same(frames[7], Assert.Single(result.Output));
        Assert.Contains("/runs/md/OUTCAR#8", result.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_and_kinds_of_energy_have_a_zero_of_their_own()
    {
        Frame frame = CleanSet.All[0];
        Frame[] frames = [frame, frame with { Method = new() { Code = "VASP", CutoffEnergy = 700 }, FreeEnergy = frame.FreeEnergy + 50 }, frame with { FreeEnergy = null, UnspecifiedEnergy = 7 }];
        Assert.Equal(frames, Run("-EnergyAboveMinimum 0", frames).Output.Cast<Frame>());
        Assert.Equal([frames[0], frames[1]], Run("-EnergyAboveMinimum 0 -EnergyKind Free", frames).Output.Cast<Frame>());
    }

    [Theory]
    [InlineData("-Composition Al2O3", "Al4O6 Al2O3")]
    [InlineData("-Composition O3Al2,TiO2", "Al4O6 Al2O3 Ti2O4")]
    [InlineData("-Composition Al*", "Al4O6 Al2O3 Al1")]
    [InlineData("-Composition 'Al4*'", "Al4O6")]
    [InlineData("-Composition '*O?'", "Al4O6 Al2O3 Ti2O4")]
    [InlineData("-ConfigType bulk", "Al4O6")]
    [InlineData("-ConfigType B*,SURF", "Al4O6 Al2O3")]
    [InlineData("-ConfigType ''", "Ti2O4 Al1")]
    public void Compositions_and_config_types_are_named_or_matched(string parameters, string formulas)
    {
        Frame[] frames = [Of("Al4O6", "bulk"), Of("Al2O3", "surf"), Of("Ti2O4", null), Of("Al1", null)];
        Assert.Equal(formulas.Split(' '), Run(parameters, frames).Output.Cast<Frame>().Select(f => f.Structure.Name));

        static Frame Of(string formula, string? type)
        {
            Element[] species = [.. Composition.Parse(formula).Counts.SelectMany(c => Enumerable.Repeat(c.Key, c.Value))];
            return new Frame(new Structure(Lattice.Cubic(5), [.. species], [.. species.Select((_, i) => new Vector3D(i * 0.1, 0, 0))], CoordinateKind.Fractional, name: formula)) { ConfigType = type };
        }
    }

    [Fact]
    public void Every_nth_of_each_trajectory_is_evenly_spaced_whatever_else_falls_out()
    {
        Frame[] a = [.. Enumerable.Range(1, 10).Select(i => Step("/a", i))], b = [.. Enumerable.Range(1, 7).Select(i => Step("/b", i))];
        // Two files read at once.
        Frame[] frames = [.. a.Take(4), .. b, .. a.Skip(4)];
        frames[0] = frames[0] with { Convergence = new(ElectronicConvergence.NotConverged) };
        PipelineResult result = Run("-Every 3 -Converged", frames);
        Assert.Equal(["/a#4", "/b#1", "/b#4", "/b#7", "/a#7", "/a#10"], result.Output.Cast<Frame>().Select(f => f.Source!.ToString()));
        Assert.Equal("11 of 17 frames were left out: 1 Unconverged, 10 Every.", Assert.Single(result.Warnings));

        static Frame Step(string file, int step) => SyntheticFrames.Random(new Random(step), atoms: 2, source: new(file, step), cheap: true);
    }

    [Fact]
    public void The_most_diverse_are_those_of_farthest_point_sampling_in_any_order_of_input()
    {
        Frame[] frames = CleanSet.All, shuffled = [.. frames];
        new Random(3).Shuffle(shuffled);
        Frame[] picked = [.. Run("-Farthest 12", frames).Output.Cast<Frame>()];
        Assert.Equal(12, picked.Length);
        // In the order in which they came, and the same ones from a shuffled set.
        Assert.Equal(frames.Where(picked.Contains), picked);
        Assert.Equal(picked.Select(f => f.Source!.ToString()).Order(), Run("-Farthest 12", shuffled).Output.Cast<Frame>().Select(f => f.Source!.ToString()).Order());
        // They cover the set at least as well as twelve taken by chance.
        var random = new Random(4);
        double own = Radius(picked);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(own <= Radius([.. random.GetItems(frames, 12)])));

        double Radius(Frame[] chosen)
        {
            var descriptor = new FrameDescriptor();
            double[][] all = [.. frames.Select(f => descriptor.Compute(f.Structure))], some = [.. chosen.Select(f => descriptor.Compute(f.Structure))];
            return all.Max(a => some.Min(b => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum())));
        }
    }

    [Fact]
    public void Fewer_different_structures_than_asked_for_is_told()
    {
        Frame frame = CleanSet.All[0], other = CleanSet.All[5];
        PipelineResult result = Run("-Farthest 3", [frame, frame, other, frame]);
        Assert.Equal(2, result.Output.Count);
        Assert.Contains("only 2 different structures", result.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_falls_out_is_kept_with_its_reason()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = CleanSet.All;
        frames[3] = frames[3] with { FreeEnergy = null };
        PipelineResult result = PipelineHost.Run("Select-TrainingFrame -MaximumForce 2.5 -EnergyAboveMinimum 0.5 -Farthest 15 -RejectedPath out/rejected.extxyz", folder.Root, new() { Input = frames });
        Assert.Empty(result.Errors);
        Assert.Equal(15, result.Output.Count);
        Frame[] rejected = [.. TrainingSetFormats.Read(folder.Path("out", "rejected.extxyz"))];
        Assert.Equal(frames.Length - 15, rejected.Length);
        string[] reasons = [.. rejected.Select(f => (string)f.Information["rejected"])];
        Assert.Equal(["EnergyAboveMinimum", "EnergyMissing", "Farthest", "MaximumForce"], reasons.Distinct().Order());
        // The warning counts what the file holds.
        Assert.All(reasons.GroupBy(r => r), g => Assert.Contains(FormattableString.Invariant($"{g.Count()} {g.Key}"), result.Warnings[^1], StringComparison.Ordinal));
        Frame forced = rejected.First(f => (string)f.Information["rejected"] == "MaximumForce");
        Assert.Equal(FormattableString.Invariant($"{forced.MaximumForce:G6} eV/Å"), forced.Information["rejected_value"]);
        Assert.Equal(frames.Select(f => f.Source!.ToString()).Order(), result.Output.Cast<Frame>().Concat(rejected).Select(f => f.Source!.ToString()).Order());
        Assert.Equal(["rejected.extxyz"], Directory.GetFiles(folder.Path("out")).Select(Path.GetFileName));
    }

    [Fact]
    public void The_file_of_rejected_frames_is_replaced_only_by_force()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Path("r.extxyz"), "mine");
        Assert.StartsWith("FileExists,", Assert.Single(At("-MaximumForce 1 -RejectedPath r.extxyz").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.Path("r.extxyz")));
        Assert.StartsWith("RejectedFormat,", Assert.Single(At("-MaximumForce 1 -RejectedPath r.npz").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        PipelineResult dry = At("-MaximumForce 1 -RejectedPath r.extxyz -Force -WhatIf");
        Assert.Single(dry.WhatIf);
        Assert.NotEmpty(dry.Output);
        Assert.Equal("mine", File.ReadAllText(folder.Path("r.extxyz")));
        At("-MaximumForce 1 -RejectedPath r.extxyz -Force");
        Assert.StartsWith("8\n", File.ReadAllText(folder.Path("r.extxyz")), StringComparison.Ordinal);
        // Nothing falls out any more: the old file would tell a wrong tale.
        At("-MaximumForce 1e9 -RejectedPath r.extxyz -Force");
        Assert.Empty(folder.Names);

        PipelineResult At(string parameters) => PipelineHost.Run("Select-TrainingFrame " + parameters, folder.Root, new() { Input = CleanSet.All[..40] });
    }

    [Theory]
    [InlineData("-MaximumForce 0", "LimitOutOfRange")]
    [InlineData("-MinimumDistance -1", "LimitOutOfRange")]
    [InlineData("-EnergyAboveMinimum -0.1", "LimitOutOfRange")]
    [InlineData("-Composition Qx2", "FormulaInvalid")]
    [InlineData("-Every 0", "ParameterArgumentValidationError")]
    public void Limits_without_sense_are_errors(string parameters, string id) =>
        Assert.Contains(id, Assert.Single(Run(parameters, CleanSet.All[..1]).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Frames_leave_at_once_unless_the_whole_set_must_be_seen()
    {
        Frame frame = CleanSet.All[0];
        using FrameSelection streaming = new(new() { MaximumForce = 1e6, MinimumDistance = 0.1, Every = 1, Converged = true }), whole = new(new() { MaximumForce = 1e6, EnergyAboveMinimum = 1 });
        Assert.Same(frame, streaming.Add(frame));
        Assert.Null(whole.Add(frame));
        Assert.Empty(streaming.Complete());
        Assert.Same(frame, Assert.Single(whole.Complete()));
    }

    private static Frame Atom(string symbol) => new(new Structure(Lattice.Cubic(14), [Element.FromSymbol(symbol)], [Vector3D.Zero], CoordinateKind.Cartesian)) { FreeEnergy = -1 };

    private static PipelineResult Run(string parameters, IEnumerable<Frame> frames) => PipelineHost.Run("Select-TrainingFrame " + parameters, Path.GetTempPath(), new() { Input = [.. frames] });
}
