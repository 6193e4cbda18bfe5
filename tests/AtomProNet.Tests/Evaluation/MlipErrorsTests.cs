using System.Text.Json;
using AtomProNet.Evaluation;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets;

namespace AtomProNet.Tests.Evaluation;

public class MlipErrorsTests
{
    /// <summary>The same statistics from NumPy, in its own words, for frames of several sizes and compositions.</summary>
    [Fact]
    public void NumPy_finds_the_same()
    {
        SystemPython.SkipUnlessThere("numpy");
        var random = new Random(11);
        Frame[] reference = [.. Enumerable.Range(0, 30).Select(i => SyntheticFrames.Random(random, atoms: 4 + i % 5, formula: i % 2 == 0 ? "AlO" : "TiO2"))];
        Frame[] predicted = [.. reference.Select(f => SyntheticFrames.Predict(f, random))];
        MlipError[] errors = [.. MlipErrors.Measure(FrameMatching.ByOrder(reference, predicted), new() { Percents = [50, 80, 90, 95] })];
        JsonElement expected = SystemPython.Run(
            """
            import numpy as np
            def stats(r, p, pairs=True):
                r, p = np.asarray(r, float).ravel(), np.asarray(p, float).ravel()
                e = np.abs(p - r)
                return dict(n=int(e.size), r2=float(1 - ((p - r)**2).sum() / ((r - r.mean())**2).sum()) if pairs else None,
                            mae=float(e.mean()), rmse=float(np.sqrt((e**2).mean())), max=float(e.max()),
                            percentiles=[float(x) for x in np.percentile(e, [50, 80, 90, 95])])
            R, P = data['reference'], data['prediction']
            n = np.array([len(x['forces']) for x in R])
            er, ep = np.array([x['energy'] for x in R]), np.array([x['energy'] for x in P])
            fr, fp = np.vstack([x['forces'] for x in R]), np.vstack([x['forces'] for x in P])
            z = np.array(sum([x['species'] for x in R], []))
            result = dict(
                EnergyPerAtom=stats(er / n, ep / n), TotalEnergy=stats(er, ep), ForceComponent=stats(fr, fp),
                ForceVector=stats(0 * fr[:, 0], np.linalg.norm(fp - fr, axis=1), False),
                RootMeanSquareForce=stats(np.sqrt((fr**2).mean(axis=1)), np.sqrt((fp**2).mean(axis=1))),
                Stress=stats(160.2176634 * np.array([x['stress'] for x in R]), 160.2176634 * np.array([x['stress'] for x in P])),
                species={s: stats(fr[z == s], fp[z == s]) for s in set(z)})
            """,
            new { reference = reference.Select(ToPlain), prediction = predicted.Select(ToPlain) });
        Assert.Equal(Enum.GetValues<ErrorQuantity>(), errors.Select(e => e.Quantity));
        foreach (MlipError error in errors)
        {
            AssertSame(expected.GetProperty(error.Quantity.ToString()), error.Statistics);
        }

        MlipError components = errors.Single(e => e.Quantity == ErrorQuantity.ForceComponent);
        Assert.Equal(["O", "Al", "Ti"], components.BySpecies.Select(p => p.Name));
        Assert.All(components.BySpecies, p => AssertSame(expected.GetProperty("species").GetProperty(p.Name), p.Statistics));
    }

    [Fact]
    public void Labels_that_are_missing_are_counted_and_not_compared()
    {
        var random = new Random(5);
        Frame[] reference = [.. Enumerable.Range(0, 6).Select(_ => SyntheticFrames.Random(random))];
        Frame[] predicted = [.. reference.Select(f => SyntheticFrames.Predict(f, random))];
        reference[0] = reference[0] with { Stress = null };
        predicted[1] = predicted[1] with { Stress = null };
        predicted[2] = predicted[2] with { Forces = null };
        MlipError[] errors = [.. MlipErrors.Measure(FrameMatching.ByOrder(reference, predicted))];
        Assert.Equal((4, 24L, 1, 1), Counts(errors, ErrorQuantity.Stress));
        Assert.Equal((5, 120L, 0, 1), Counts(errors, ErrorQuantity.ForceComponent));
        Assert.Equal((6, 6L, 0, 0), Counts(errors, ErrorQuantity.EnergyPerAtom));

        static (int, long, int, int) Counts(MlipError[] errors, ErrorQuantity quantity)
        {
            MlipError e = errors.Single(e => e.Quantity == quantity);
            return (e.FrameCount, e.Count, e.MissingReference, e.MissingPrediction);
        }
    }

    [Fact]
    public void A_quantity_that_one_side_never_has_is_empty_and_one_that_nobody_has_is_left_out()
    {
        var random = new Random(5);
        Frame reference = SyntheticFrames.Random(random) with { Stress = null };
        Frame predicted = new(reference.Structure) { UnspecifiedEnergy = 1 };
        MlipError[] errors = [.. MlipErrors.Measure(FrameMatching.ByOrder([reference], [predicted]))];
        Assert.DoesNotContain(errors, e => e.Quantity == ErrorQuantity.Stress);
        MlipError forces = errors.Single(e => e.Quantity == ErrorQuantity.ForceComponent);
        Assert.Equal((0L, null, null), (forces.Count, forces.MAE, forces.R2));
        Assert.Equal(1, forces.MissingPrediction);
    }

    [Fact]
    public void Total_energies_of_several_compositions_carry_a_note()
    {
        var random = new Random(6);
        Frame[] one = [SyntheticFrames.Random(random), SyntheticFrames.Random(random)], two = [one[0], SyntheticFrames.Random(random, atoms: 6)];
        Assert.Null(Total(one).Note);
        Assert.Contains("2 compositions", Total(two).Note, StringComparison.Ordinal);

        static MlipError Total(Frame[] frames) => MlipErrors.Measure(FrameMatching.ByOrder(frames, frames)).Single(e => e.Quantity == ErrorQuantity.TotalEnergy);
    }

    [Fact]
    public void The_worst_frames_are_named_with_source_and_atom()
    {
        var random = new Random(8);
        Frame[] reference = [.. Enumerable.Range(0, 12).Select(i => SyntheticFrames.Random(random, source: new("/data/vasprun.xml", i + 1)))];
        Frame[] predicted = [.. reference.Select(f => SyntheticFrames.Predict(f, random, noise: 0.01))];
        predicted[7] = predicted[7] with { Forces = predicted[7].Forces!.Value.SetItem(3, new(9, 9, 9)) };
        predicted[4] = predicted[4] with { Forces = predicted[4].Forces!.Value.SetItem(0, new(7, 0, 0)) };
        MlipError error = MlipErrors.Measure(FrameMatching.ByOrder(reference, predicted), new() { WorstFrameCount = 3 }).Single(e => e.Quantity == ErrorQuantity.ForceComponent);
        Assert.Equal(3, error.WorstFrames.Length);
        Assert.Equal((8, 4, new FrameSource("/data/vasprun.xml", 8)), (error.WorstFrames[0].Index, error.WorstFrames[0].Atom, error.WorstFrames[0].Source));
        Assert.Equal((5, 1), (error.WorstFrames[1].Index, error.WorstFrames[1].Atom));
        Assert.Equal(error.Maximum, error.WorstFrames[0].Maximum);
        Assert.Equal(error.WorstFrames.OrderByDescending(w => w.Maximum), error.WorstFrames);
    }

    [Fact]
    public void Groups_come_apart()
    {
        var random = new Random(9);
        Provenance first = Provenance.Root("Test", "mp-1"), second = Provenance.Root("Test", "mp-2");
        Frame[] reference = [.. Enumerable.Range(0, 6).Select(i => SyntheticFrames.Random(random, provenance: i % 2 == 0 ? first : second))];
        Frame[] predicted = [.. reference.Select((f, i) => SyntheticFrames.Predict(f, random, noise: i % 2 == 0 ? 0.001 : 0.1))];
        MlipError error = MlipErrors.Measure(FrameMatching.ByOrder(reference, predicted)).Single(e => e.Quantity == ErrorQuantity.ForceComponent);
        Assert.Equal(["mp-1", "mp-2"], error.ByGroup.Select(g => g.Name));
        Assert.All(error.ByGroup, g => Assert.Equal((3, 72L), (g.FrameCount, g.Count)));
        Assert.InRange(error.ByGroup[1].MAE!.Value / error.ByGroup[0].MAE!.Value, 50, 200);
        // The whole is the mean of its parts.
        Assert.Equal(error.MAE!.Value, error.ByGroup.Average(g => g.MAE!.Value), 12);
    }

    private static object ToPlain(Frame frame) => new
    {
        energy = frame.Energy,
        species = frame.Structure.Species.Select(e => e.Symbol),
        forces = frame.Forces!.Value.Select(f => new[] { f.X, f.Y, f.Z }),
        stress = frame.Stress!.Value.ToVoigt(),
    };

    private static void AssertSame(JsonElement expected, ErrorStatistics found)
    {
        Assert.Equal(expected.GetProperty("n").GetInt64(), found.Count);
        if (expected.GetProperty("r2").ValueKind == JsonValueKind.Null)
        {
            Assert.Null(found.R2);
        }
        else
        {
            Assert.Equal(expected.GetProperty("r2").GetDouble(), found.R2!.Value, 10);
        }

        Assert.Equal(expected.GetProperty("mae").GetDouble(), found.MAE!.Value, 11);
        Assert.Equal(expected.GetProperty("rmse").GetDouble(), found.RMSE!.Value, 11);
        Assert.Equal(expected.GetProperty("max").GetDouble(), found.Maximum!.Value, 11);
        Assert.All(expected.GetProperty("percentiles").EnumerateArray().Zip(found.Percentiles), p => Assert.Equal(p.First.GetDouble(), p.Second.Value, 11));
    }
}
