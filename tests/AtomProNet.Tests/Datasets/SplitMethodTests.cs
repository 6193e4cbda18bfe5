using System.Text.Json;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets;

/// <summary>Splits by composition, by cluster and in strata. (By group, blocked and at random: TrainingSetSplitTests.)</summary>
public class SplitMethodTests
{
    private static readonly SplitRequest Usual = new() { TrainFraction = 0.6, ValidationFraction = 0.2, TestFraction = 0.2 };

    [Fact]
    public void Compositions_stay_whole_over_cells_groups_and_files()
    {
        string[] formulas = ["Al2O3", "Al4O6", "TiO2", "MgO", "CaO", "SiO2"];
        SplitItem[] items = [.. Enumerable.Range(0, 120).Select(i => Item(i, group: "g" + i % 7) with { Composition = Composition.Parse(formulas[i % 6]).ReducedFormula })];
        SplitPlan plan = TrainingSetSplit.Split(items, Usual with { Method = SplitMethod.Composition });
        Assert.Equal(5, items.Select(i => i.Composition).Distinct().Count());
        Assert.All(items.Zip(plan.Parts).GroupBy(p => p.First.Composition), g => Assert.Single(g.Select(p => p.Second).Distinct()));
        Assert.All([DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test], p => Assert.True(plan.Count(p) > 0));
        Assert.Equal("SplitTooFewGroups", Assert.Throws<AtomProNetException>(() => TrainingSetSplit.Split([.. items.Where(i => i.Composition is "MgO" or "CaO")], Usual with { Method = SplitMethod.Composition })).ErrorId);
        AssertOrderOfInputDoesNotMatter(items, Usual with { Method = SplitMethod.Composition });
    }

    [Fact]
    public void Strata_of_config_types_have_their_share_in_every_part()
    {
        var random = new Random(1);
        string?[] types = ["bulk", "bulk", "bulk", "bulk", "surface", "surface", "liquid", null];
        SplitItem[] items = [.. Enumerable.Range(0, 500).Select(i => Item(i) with { ConfigType = types[random.Next(types.Length)] })];
        SplitPlan plan = TrainingSetSplit.Split(items, Usual with { Method = SplitMethod.StratifiedConfigType });
        AssertShares(plan, items.GroupBy(i => i.ConfigType ?? "none").ToDictionary(g => g.Key, g => g.ToArray()), items);
        AssertOrderOfInputDoesNotMatter(items, Usual with { Method = SplitMethod.StratifiedConfigType });
    }

    [Fact]
    public void Strata_of_energies_have_their_share_in_every_part()
    {
        var random = new Random(2);
        SplitItem[] items = [.. Enumerable.Range(0, 600).Select(i => Item(i) with { Composition = i % 3 == 0 ? "Al2O3" : "MgO", EnergyPerAtom = i % 50 == 0 ? null : Math.Exp(3 * random.NextDouble()) - (i % 3) * 40 })];
        SplitPlan plan = TrainingSetSplit.Split(items, Usual with { Method = SplitMethod.StratifiedEnergy });
        // Deciles of each formula, cut here anew.
        var strata = items.Where(i => i.EnergyPerAtom is not null).GroupBy(i => i.Composition!).SelectMany(g => g.OrderBy(i => i.EnergyPerAtom).Chunk((g.Count() + 9) / 10).Select((c, n) => (Name: $"{g.Key}{n}", Items: c)))
            .ToDictionary(s => s.Name, s => s.Items);
        AssertShares(plan, strata, items, slack: 3);
        AssertOrderOfInputDoesNotMatter(items, Usual with { Method = SplitMethod.StratifiedEnergy });
    }

    [Fact]
    public void Strata_keep_the_sizes_exactly()
    {
        SplitItem[] items = [.. Enumerable.Range(0, 163).Select(i => Item(i) with { ConfigType = "t" + i % 11 })];
        SplitPlan plan = TrainingSetSplit.Split(items, new() { TrainCount = 100, ValidationCount = 31, TestCount = 17, Method = SplitMethod.StratifiedConfigType });
        Assert.Equal((100, 31, 17, 15), (plan.Count(DatasetPart.Train), plan.Count(DatasetPart.Validation), plan.Count(DatasetPart.Test), plan.Count(DatasetPart.LeftOut)));
    }

    /// <summary>The parts of a random and of a stratified split, worked out a second time in another language: so they are the same on every machine.</summary>
    [Theory]
    [InlineData(SplitMethod.Frame)]
    [InlineData(SplitMethod.StratifiedConfigType)]
    public void Python_gets_the_same_parts(SplitMethod method)
    {
        SystemPython.SkipUnlessThere("hashlib");
        SplitItem[] items = [.. Enumerable.Range(0, 50).Select(i => Item(i) with { ConfigType = "abc"[i * i % 3].ToString() })];
        const long seed = 42;
        SplitPlan plan = TrainingSetSplit.Split(items, new() { TrainCount = 30, ValidationCount = 12, TestCount = 8, Method = method, Seed = seed });
        JsonElement expected = SystemPython.Run(
            """
            M = (1 << 64) - 1
            class R:
                def __init__(self, s): self.s = s
                def next(self):
                    self.s = (self.s + 0x9E3779B97F4A7C15) & M
                    z = self.s
                    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
                    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
                    return z ^ (z >> 31)
                def below(self, n):
                    while True:
                        p = self.next() * n
                        if (p & M) >= (1 << 64) % n: return p >> 64
                def shuffle(self, v):
                    for i in range(len(v) - 1, 0, -1):
                        j = self.below(i + 1)
                        v[i], v[j] = v[j], v[i]
            r, counts = R(data['seed']), [30, 12, 8]
            # Each frame is a group of its own: the canonical order is that of the keys.
            frames = sorted(data['frames'], key=lambda f: int(f['key'], 16))
            part = {}
            if data['method'] == 'Frame':
                line = [f['key'] for f in frames]
                r.shuffle(line)
                for p, c in enumerate(counts):
                    for _ in range(c): part[line.pop(0)] = p
            else:
                strata = [[f['key'] for f in frames if f['type'] == t] for t in sorted({f['type'] for f in frames})]
                r.shuffle(strata)
                done, dealt, total = 0, [0, 0, 0], sum(map(len, strata))
                for s in strata:
                    r.shuffle(s)
                    for k in s:
                        done += 1
                        p = max((q for q in range(3) if dealt[q] < counts[q]), key=lambda q: (counts[q] * done - dealt[q] * total, -q))
                        dealt[p] += 1
                        part[k] = p
            result = [part[f['key']] for f in data['frames']]
            """,
            new { seed, method = method.ToString(), frames = items.Select(i => new { key = i.Key.ToString(), type = i.ConfigType }) });
        Assert.Equal(expected.EnumerateArray().Select(p => (DatasetPart)p.GetInt32()), plan.Parts);
    }

    /// <summary>Six crystals, each in many variants that stand in files of mixed content: every crystal ends up in one part, and nothing tested on is as near to training as it is to its like.</summary>
    [Fact]
    public void Clusters_put_what_is_alike_into_one_part()
    {
        (Frame[] frames, int[] family) = Families();
        SplitPlan plan = Cluster(frames, Usual with { Method = SplitMethod.Cluster });
        Assert.All(Enumerable.Range(0, frames.Length).GroupBy(i => family[i]), g => Assert.Single(g.Select(i => plan.Parts[i]).Distinct()));
        Assert.All([DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test], p => Assert.InRange(plan.Count(p), 1, frames.Length - 2));
        Assert.InRange(plan.ClusterCount!.Value, 3, 6);
        var descriptor = new FrameDescriptor();
        double[][] d = [.. frames.Select(f => descriptor.Compute(f.Structure))];
        double across = Pairs((i, j) => plan.Parts[i] != plan.Parts[j]).Min(), inside = Pairs((i, j) => family[i] == family[j]).Max();
        Assert.True(across > inside, $"{across} {inside}");

        IEnumerable<double> Pairs(Func<int, int, bool> which) =>
            from i in Enumerable.Range(0, d.Length) from j in Enumerable.Range(0, i) where which(i, j) select FrameDescriptor.Distance(d[i], d[j]);
    }

    [Fact]
    public void Clusters_do_not_depend_on_the_order_of_input_and_copies_stay_together()
    {
        (Frame[] frames, _) = Families();
        frames = [.. frames, .. frames[..20]];
        SplitRequest request = Usual with { Method = SplitMethod.Cluster, ClusterCount = 17, Seed = 5 };
        Dictionary<string, DatasetPart> Parts(Frame[] set)
        {
            SplitPlan plan = Cluster(set, request);
            Assert.Equal(17, plan.ClusterCount);
            var parts = new Dictionary<string, DatasetPart>();
            foreach ((Frame frame, DatasetPart part) in set.Zip(plan.Parts))
            {
                // A copy stands where its original does.
                Assert.Equal(part, parts.TryGetValue(frame.Structure.ContentHash, out DatasetPart known) ? known : part);
                parts[frame.Structure.ContentHash] = part;
            }

            return parts;
        }

        Dictionary<string, DatasetPart> expected = Parts(frames);
        new Random(8).Shuffle(frames);
        Assert.Equal(expected.OrderBy(p => p.Key), Parts(frames).OrderBy(p => p.Key));
    }

    [Fact]
    public void A_continuous_series_is_cut_into_stretches()
    {
        // One crystal, stretched bit by bit: clusters are stretches of the series, so that parts meet at a few places only.
        Frame[] frames = [.. Enumerable.Range(0, 101).Select(i => BinaryMorse.Label(CleanSet.RockSalt(4.0 + 0.005 * i)) with { Source = new($"/s/{i}", 1) })];
        SplitPlan plan = Cluster(frames, Usual with { Method = SplitMethod.Cluster });
        int cuts = Enumerable.Range(1, 100).Count(i => plan.Parts[i] != plan.Parts[i - 1]);
        Assert.InRange(cuts, 2, 12);
        Assert.InRange(plan.Count(DatasetPart.Test), 16, 24);
    }

    private static (Frame[] Frames, int[] Family) Families()
    {
        var random = new Random(3);
        Structure[] crystals = [CleanSet.RockSalt(), CleanSet.Wurtzite(), CleanSet.RockSalt(5.0), CleanSet.RockSalt().SelectSites([0, 1, 2, 3, 4, 5, 6]), Swapped(CleanSet.RockSalt(), "Ca"), Swapped(CleanSet.Wurtzite(), "Zn")];
        int[] family = [.. Enumerable.Range(0, 120).Select(i => i % 6)];
        return ([.. family.Select((f, i) => new Frame(CleanSet.Rattled(crystals[f], random, 0.02)) { FreeEnergy = -i, Source = new("/mixed/" + i / 10, i) })], family);

        static Structure Swapped(Structure s, string element) => new(s.Lattice, [.. s.Species.Select(e => e.Symbol == "Mg" ? Element.FromSymbol(element) : e)], s.FractionalPositions, CoordinateKind.Fractional);
    }

    private static SplitPlan Cluster(Frame[] frames, SplitRequest request)
    {
        var descents = new FrameDescents();
        using var table = new DescriptorTable();
        foreach (Frame frame in frames)
        {
            descents.Add(frame);
            table.Add(frame.Structure);
        }

        return TrainingSetSplit.Split(descents.ToItems(), request, table, [.. Enumerable.Range(0, frames.Length)], CancellationToken.None);
    }

    private static void AssertShares(SplitPlan plan, Dictionary<string, SplitItem[]> strata, SplitItem[] items, int slack = 2)
    {
        Dictionary<FrameKey, DatasetPart> parts = items.Zip(plan.Parts).ToDictionary(p => p.First.Key, p => p.Second);
        foreach ((string name, SplitItem[] members) in strata)
        {
            foreach ((DatasetPart part, double share) in new[] { (DatasetPart.Train, 0.6), (DatasetPart.Validation, 0.2), (DatasetPart.Test, 0.2) })
            {
                int found = members.Count(m => parts[m.Key] == part);
                Assert.True(Math.Abs(found - share * members.Length) <= slack, $"{name}: {found} of {members.Length} in {part}");
            }
        }
    }

    private static void AssertOrderOfInputDoesNotMatter(SplitItem[] items, SplitRequest request)
    {
        int[] shuffle = [.. Enumerable.Range(0, items.Length)];
        new Random(11).Shuffle(shuffle);
        SplitPlan one = TrainingSetSplit.Split(items, request), other = TrainingSetSplit.Split([.. shuffle.Select(i => items[i])], request);
        Assert.Equal(shuffle.Select(i => one.Parts[i]), other.Parts);
        Assert.Equal(one.Findings, other.Findings);
    }

    private static SplitItem Item(int i, string? group = null)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i));
        return new(FrameKey.FromBytes(hash), group ?? FormattableString.Invariant($"f{i}"), new(null, null, i));
    }
}
