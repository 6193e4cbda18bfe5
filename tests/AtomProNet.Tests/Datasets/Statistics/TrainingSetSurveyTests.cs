using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Datasets.Statistics;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets.Statistics;

public class TrainingSetSurveyTests
{
    /// <summary>Everything that ASE and NumPy can tell of the same file, by themselves.</summary>
    [Fact]
    public void Agrees_with_ase_and_numpy()
    {
        SystemPython.SkipUnlessThere("ase");
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Root, "set.extxyz");
        Frame[] frames = CleanSet.All;
        using (FileStream stream = File.Create(path))
        {
            ExtendedXyzWriter.WriteAll(stream, frames, new() { KeyStyle = KeyStyle.Ase });
        }

        JsonElement expected = SystemPython.Run(
            """
            import numpy as np
            from ase.io import read
            from ase.neighborlist import neighbor_list
            all = [a for a in read(data, ':') if len(a) > 1]
            p = [1, 5, 25, 50, 75, 95, 99]
            def of(x):
                x = np.array(x, dtype=float).ravel()
                return [len(x), x.min(), x.max(), x.mean(), x.std(), *np.percentile(x, p)]
            def nearest(a):
                d = neighbor_list('d', a, 4.5)
                return d.min()
            pairs = {}
            for a in all:
                i, j, d = neighbor_list('ijd', a, 4.5)
                for x, y, z in zip(i, j, d):
                    key = '-'.join(sorted([a.symbols[x], a.symbols[y]]))
                    pairs[key] = min(pairs.get(key, 99), z)
            forces = [a.get_forces() for a in all]
            GPa = 160.2176634
            result = dict(
                AtomCount=of([len(a) for a in read(data, ':')]),
                EnergyPerAtom=of([a.get_potential_energy() / len(a) for a in all]),
                VolumePerAtom=of([a.get_volume() / len(a) for a in all]),
                MinimumDistance=of([nearest(a) for a in all]),
                ForceComponent=of(np.concatenate(forces)),
                ForceMagnitude=of(np.linalg.norm(np.concatenate(forces), axis=1)),
                MaximumForce=of([np.linalg.norm(f, axis=1).max() for f in forces]),
                StressComponent=of([a.get_stress() * GPa for a in all]),
                Pressure=of([-a.get_stress()[:3].mean() * GPa for a in all]),
                pairs=pairs,
                rms={e: float(np.sqrt(np.mean(np.concatenate([a.get_forces()[[s == e for s in a.symbols]] for a in all]) ** 2))) for e in ('Mg', 'O')},
                atoms={e: sum(list(a.symbols).count(e) for a in read(data, ':')) for e in ('Mg', 'O')},
                formulas={f: sum(a.get_chemical_formula() == f for a in all) for f in set(a.get_chemical_formula() for a in all)})
            """,
            path);
        TrainingSetStatistics found = Measure(frames);
        Assert.Equal(frames.Length, found.FrameCount);
        Assert.Equal(2, found.IsolatedAtomCount);
        Assert.Equal(9, found.Distributions.Length);
        foreach (Distribution d in found.Distributions)
        {
            double[] numbers = [.. expected.GetProperty(d.Quantity).EnumerateArray().Select(e => e.GetDouble())];
            double[] ours = [d.Count, d.Minimum, d.Maximum, d.Mean, d.StandardDeviation, .. d.Percentiles.Select(p => p.Value)];
            for (int i = 0; i < numbers.Length; i++)
            {
                Assert.Equal(numbers[i], ours[i], 1e-9 * Math.Max(1, Math.Abs(numbers[i])));
            }

            Assert.Equal(d.Count, d.Histogram.Sum(b => b.Count));
            Assert.Equal(0, d.RankError);
        }

        foreach (PairDistance pair in found.MinimumDistances)
        {
            string key = string.Join('-', new[] { pair.First.Symbol, pair.Second.Symbol }.Order(StringComparer.Ordinal));
            Assert.Equal(expected.GetProperty("pairs").GetProperty(key).GetDouble(), pair.Distance, 1e-9);
        }

        foreach (ElementStatistics e in found.Elements)
        {
            Assert.Equal(expected.GetProperty("rms").GetProperty(e.Element.Symbol).GetDouble(), e.ForceRms!.Value, 1e-10);
            Assert.Equal(expected.GetProperty("atoms").GetProperty(e.Element.Symbol).GetInt64(), e.AtomCount);
        }

        // ASE writes formulas by Hill's order: Mg4O4 is the same there.
        foreach (CompositionStatistics c in found.Compositions)
        {
            Assert.Equal(expected.GetProperty("formulas").GetProperty(c.Formula).GetInt64(), c.FrameCount);
        }

        Assert.True(found.ReferenceEnergies.HasIsolatedAtoms);
        Assert.Equal([(-1.5 - 1, "O"), (-1.5, "Mg")], found.ReferenceEnergies.Energies.Select(e => (e.IsolatedAtom!.Value, e.Element.Symbol)));
        Assert.DoesNotContain(found.Warnings, w => w.Code.StartsWith("ReferenceEnergies", StringComparison.Ordinal));
    }

    [Fact]
    public void A_set_of_one_composition_is_refused_reference_energies_and_shown_the_way()
    {
        TrainingSetStatistics found = Measure(CleanSet.All.Where(f => CleanSet.IsOf(f, "hydrostatic") || CleanSet.IsOf(f, "md")));
        Assert.Equal(1, found.ReferenceEnergies.Rank);
        Assert.All(found.ReferenceEnergies.Energies, e => Assert.Null(e.LeastSquares));
        Finding warning = Assert.Single(found.Warnings, w => w.Code == "ReferenceEnergiesUndetermined");
        Assert.Contains("1 of 2", warning.Message, StringComparison.Ordinal);
        Assert.Contains("New-IsolatedAtom", warning.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Vacancies_determine_reference_energies_only_weakly()
    {
        TrainingSetStatistics found = Measure(CleanSet.All.Where(f => CleanSet.IsOf(f, "md") || CleanSet.IsOf(f, "vacancy")));
        Assert.Equal(2, found.ReferenceEnergies.Rank);
        Assert.True(found.ReferenceEnergies.IsDetermined);
        Assert.Single(found.Warnings, w => w.Code is "ReferenceEnergiesWeak" or "IsolatedAtomsMissing");
    }

    /// <summary>Rattled copies of three crystals, very many of the first.</summary>
    [Fact]
    public void Coverage_tells_the_crowd_from_the_lonely()
    {
        var random = new Random(1);
        Structure[] crystals = [CleanSet.RockSalt(), CleanSet.Wurtzite(), CleanSet.RockSalt(5.5)];
        int[] counts = [180, 40, 1];
        Frame[] frames = [.. crystals.SelectMany((c, i) => Enumerable.Range(0, counts[i]).Select(_ => new Frame(CleanSet.Rattled(c, random, 1e-5)) { FreeEnergy = -1 }))];
        random.Shuffle(frames);
        TrainingSetStatistics all = Measure(frames);
        DescriptorCoverage found = all.Coverage!;
        Assert.Equal([180, 40, 1], found.Regions.Select(r => r.FrameCount));
        Assert.Equal(180.0 / 221, found.LargestShare, 1e-12);
        Assert.Equal(1, found.LonelyFrameCount);
        double entropy = -new[] { 180.0, 40, 1 }.Sum(n => n / 221 * Math.Log(n / 221));
        Assert.Equal(Math.Exp(entropy), found.EffectiveRegionCount, 1e-12);
        Assert.Contains(all.Warnings, w => w.Code == "CoverageUneven");
        Assert.Contains(all.Warnings, w => w.Code == "FramesLonely");
    }

    [Fact]
    public void Coverage_takes_no_more_than_its_regions_however_many_frames_there_are()
    {
        var random = new Random(2);
        Structure cell = CleanSet.RockSalt().SelectSites([0, 4]);
        TrainingSetStatistics found = Measure(Enumerable.Range(0, 600).Select(_ => new Frame(CleanSet.Rattled(CleanSet.Deform(cell, Matrix3x3.Diagonal(0.7 + 0.3 * random.NextDouble(), 1, 1)), random, 0.3))));
        Assert.InRange(found.Coverage!.RegionCount, 32, 256);
        Assert.Equal(600, found.Coverage.Regions.Sum(r => r.FrameCount));
        Assert.InRange(found.Coverage.ExplainedVariance, 0.2, 1);
    }

    [Fact]
    public void The_cmdlet_gives_one_object_and_its_warnings()
    {
        PipelineResult result = PipelineHost.Run("Measure-TrainingSet", Path.GetTempPath(), new() { Input = CleanSet.All[..21] });
        var found = Assert.IsType<TrainingSetStatistics>(Assert.Single(result.Output));
        Assert.Equal(21, found.FrameCount);
        Assert.Contains(result.Warnings, w => w.Contains("New-IsolatedAtom", StringComparison.Ordinal));
        Assert.Null(Assert.IsType<TrainingSetStatistics>(Assert.Single(PipelineHost.Run("Measure-TrainingSet -NoCoverage", Path.GetTempPath(), new() { Input = CleanSet.All[..21] }).Output)).Coverage);
    }

    private static TrainingSetStatistics Measure(IEnumerable<Frame> frames)
    {
        var survey = new TrainingSetSurvey();
        foreach (Frame frame in frames)
        {
            survey.Add(frame);
        }

        return survey.Conclude();
    }
}
