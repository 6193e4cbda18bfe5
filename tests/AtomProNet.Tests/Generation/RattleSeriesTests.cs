using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Generation;
using AtomProNet.Structures;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Generation;

public sealed class RattleSeriesTests
{
    [Fact]
    public void The_generator_is_xoshiro256_starstar()
    {
        // From the test of Rust's rand_xoshiro, which has it from the authors' C code: state 1, 2, 3, 4.
        var random = new RandomStream(1, 2, 3, 4);
        ulong[] expected = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576];
        Assert.Equal(expected, expected.Select(_ => random.NextBits()));
    }

    [Fact]
    public void Portable_functions_are_right_to_a_few_units_in_the_last_place()
    {
        var random = new Random(1);
        for (int n = 0; n < 20_000; n++)
        {
            double x = Math.Exp(random.NextDouble() * 100 - 50);
            Assert.Equal(Math.Log(x), PortableMath.Log(x), 4e-16 * Math.Max(1, Math.Abs(Math.Log(x))));
            double y = random.NextDouble() * 80 - 40;
            Assert.Equal(1, PortableMath.Exp(y) / Math.Exp(y), 2e-14);
            double z = random.NextDouble() * 12 - 6;
            Assert.Equal(MathNet.Numerics.SpecialFunctions.Erf(z), PortableMath.Erf(z), 1e-14);
        }

        Assert.Equal(0, PortableMath.Log(1));
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(0, PortableMath.Erf(0));
        Assert.Equal(1, PortableMath.Erf(double.PositiveInfinity));
    }

    [Fact]
    public void Normal_numbers_have_mean_0_variance_1_and_the_right_tails()
    {
        RandomStream random = RandomStream.For("test", 1, "", "", 1);
        double[] x = Enumerable.Range(0, 200_000).Select(_ => random.NextNormal()).ToArray();

        Assert.Equal(0, x.Average(), 0.01);
        Assert.Equal(1, x.Average(v => v * v), 0.015);
        Assert.Equal(3, x.Average(v => v * v * v * v), 0.15);
        Assert.Equal(0.6827, x.Count(v => Math.Abs(v) < 1) / 200_000.0, 0.005);
        Assert.Equal(0.0455, x.Count(v => Math.Abs(v) > 2) / 200_000.0, 0.002);
        Assert.Equal(0, x.Zip(x.Skip(1)).Average(p => p.First * p.Second), 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_independent_implementation_gives_the_same_structures(bool walk)
    {
        SystemPython.SkipUnlessThere("numpy");
        Structure parent = Rutile;
        var options = new RattleOptions { StandardDeviation = 0.12, Seed = 42, IsMonteCarlo = walk, Iterations = 6, Width = 0.15, MinimumDistance = new(0.75) };

        Structure[] ours = RattleSeries.Make(parent, 3, options).ToArray();

        // The same rules written down once more, with Python's own log and erf, and brute force over images.
        JsonElement theirs = SystemPython.Run("""
            import hashlib, struct, itertools
            import numpy as np
            M = (1 << 64) - 1
            cell = np.array(data['s']['cell']).reshape(3, 3); z = data['s']['numbers']
            start = np.array(data['positions']).reshape(-1, 3)
            radius = {22: 1.60, 8: 0.66}
            limit = np.array([[0.75 * (radius[a] + radius[b]) for b in z] for a in z])
            shifts = np.array(list(itertools.product((-2, -1, 0, 1, 2), repeat=3))) @ cell

            class Stream:
                def __init__(self, index):
                    text = 'AtomProNet.Rattle\n42\n%s\n%s\n%d' % (data['hash'], 'MonteCarlo 0.12' if data['walk'] else 'Gaussian 0.12', index)
                    self.s = list(struct.unpack('<4Q', hashlib.sha256(text.encode()).digest())); self.spare = None
                def bits(self):
                    s = self.s; rotl = lambda x, k: ((x << k) | (x >> (64 - k))) & M
                    r = rotl(s[1] * 5 & M, 7) * 9 & M; t = s[1] << 17 & M
                    s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = rotl(s[3], 45)
                    return r
                def uniform(self): return (self.bits() >> 11) * 2.0 ** -53
                def normal(self):
                    if self.spare is not None: x, self.spare = self.spare, None; return x
                    while True:
                        u, v = 2 * self.uniform() - 1, 2 * self.uniform() - 1
                        q = u * u + v * v
                        if 0 < q < 1:
                            f = math.sqrt(-2 * math.log(q) / q); self.spare = v * f; return u * f
                def vector(self, sd): return np.array([self.normal(), self.normal(), self.normal()]) * sd

            def distance(a, b): return np.linalg.norm(b - a + shifts, axis=1).min()
            n, sd, result = len(z), 0.12, []
            for index in (1, 2, 3):
                rng, r = Stream(index), start.copy()
                if not data['walk']:
                    again = list(range(n))
                    while again:
                        for i in again: r[i] = start[i] + rng.vector(sd)
                        again = sorted({k for i in range(n) for j in range(i) if distance(r[i], r[j]) < limit[i, j] for k in (i, j)})
                else:
                    for _ in range(6):
                        for i in range(n):
                            while True:
                                trial = r[i] + rng.vector(sd / math.sqrt(6))
                                if np.linalg.norm(trial - start[i]) > 5 * sd: continue
                                room = min(distance(trial, r[j]) - limit[i, j] for j in range(n) if j != i)
                                if room >= 0 and (math.erf(room / 0.15) + 1) / 2 > rng.uniform(): r[i] = trial; break
                result.append(r.ravel().tolist())
            """, new { s = ForPython(parent), positions = parent.CartesianPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }), hash = parent.ContentHash, walk });

        for (int i = 0; i < 3; i++)
        {
            double[] r = ours[i].CartesianPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }).ToArray();
            Assert.All(theirs[i].EnumerateArray().Zip(r), p => Assert.Equal(p.First.GetDouble(), p.Second, 1e-12));
        }
    }

    // Computed in Python from the documented rules: hashlib, struct, and the logarithm's series in the same order of operations.
    [Fact]
    public void Every_machine_gets_these_bits()
    {
        Assert.Equal("ba8abcd622bdc8633e5d08f1b70038f83a639dcbc32d90303a4ff417b18dcb00", Aluminium.ContentHash);
        Assert.Equal(
            ["ef03c4d5b3169c2028a80536da0e5e50c9fc85a055518dd26b88ecb41af72308", "1214aa4c0214cf06491d7ffe7cc032d5174f8597b96bf6be74392f23290f6ae0"],
            RattleSeries.Make(Aluminium, 2, new() { Seed = 2024 }).Select(s => s.ContentHash));
    }

    [Fact]
    public void Displacements_have_the_standard_deviation_asked_for()
    {
        Structure cell = Supercell.Repeat(Aluminium, 5, 5, 5);
        double[] plain = Displacements(cell, RattleSeries.Make(cell, 4, new() { StandardDeviation = 0.03 }));
        double[] walk = Displacements(cell, RattleSeries.Make(cell, 4, new() { StandardDeviation = 0.03, IsMonteCarlo = true }));

        foreach (double[] d in new[] { plain, walk })
        {
            Assert.Equal(0, d.Average(), 0.002);
            Assert.Equal(0.03, Math.Sqrt(d.Average(x => x * x)), 0.001);
        }
    }

    [Theory]
    [InlineData(false, 0.25, 0.75)]
    [InlineData(true, 0.4, 0.75)]
    public void No_two_atoms_come_closer_than_allowed(bool walk, double deviation, double fraction)
    {
        Structure cell = Corundum;
        foreach (Structure s in RattleSeries.Make(cell, 5, new() { StandardDeviation = deviation, IsMonteCarlo = walk, MinimumDistance = new(fraction), CellStandardDeviation = 0.02 }))
        {
            for (int i = 0; i < s.AtomCount; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    Assert.True(s.Distance(i, j) >= fraction * (s.Species[i].CovalentRadius + s.Species[j].CovalentRadius));
                }
            }
        }
    }

    [Fact]
    public void The_pair_search_finds_what_brute_force_finds()
    {
        var random = new Random(3);
        for (int n = 0; n < 40; n++)
        {
            Matrix3x3 rows = AtomProNet.Tests.Structures.MinimumImageTests.CompactCell(random) * random.Next(1, 5);
            Periodicity periodicity = new(random.Next(3) > 0, random.Next(3) > 0, random.Next(3) > 0);
            Lattice lattice = new(rows);
            Vector3D[] positions = Enumerable.Range(0, 40).Select(_ => lattice.ToCartesian(new(random.NextDouble() * 1.4 - 0.2, random.NextDouble() * 1.4 - 0.2, random.NextDouble() * 1.4 - 0.2))).ToArray();
            double cutoff = 1 + random.NextDouble() * 4;
            var image = new MinimumImage(lattice, periodicity);
            var expected = (from i in Enumerable.Range(0, 40) from j in Enumerable.Range(0, 40) where i < j && image.Distance(positions[i], positions[j]) < cutoff select (i, j)).ToHashSet();
            Assert.Equal(expected.Order(), new PairSearch(lattice, periodicity).Within(positions, cutoff).Select(p => (p.I, p.J)).Order());
        }
    }

    [Fact]
    public void A_structure_depends_on_seed_parent_and_index_and_on_nothing_else()
    {
        RattleOptions options = new() { Seed = 7 };
        Structure[] three = RattleSeries.Make(RockSalt, 3, options).ToArray(), five = RattleSeries.Make(RockSalt, 5, options).ToArray();

        Assert.Equal(three.Select(s => s.ContentHash), five.Take(3).Select(s => s.ContentHash));
        Assert.Equal(5, five.Select(s => s.ContentHash).Distinct().Count());
        Assert.NotEqual(three[0].ContentHash, RattleSeries.Make(RockSalt, 1, options with { Seed = 8 }).Single().ContentHash);
        // Two neighbours of a strain series are not displaced alike.
        Structure strained = StrainSeries.ByMode([StrainMode.Hydrostatic], StrainRange.Symmetric(0.01m, 0.01m)).Apply(RockSalt).Last();
        Vector3D a = three[0].CartesianPositions[0] - RockSalt.CartesianPositions[0];
        Structure other = RattleSeries.Make(strained, 1, options).Single();
        Assert.NotEqual(a, other.CartesianPositions[0] - strained.CartesianPositions[0]);
        Assert.Equal("strain_+0.0100_rattle_0.0500_0001", other.Name);
    }

    [Fact]
    public void Series_of_different_amplitudes_are_not_one_pattern_on_two_scales()
    {
        Vector3D big = RattleSeries.Make(Aluminium, 1, new() { StandardDeviation = 0.04 }).Single().CartesianPositions[1] - Aluminium.CartesianPositions[1];
        Vector3D small = RattleSeries.Make(Aluminium, 1, new() { StandardDeviation = 0.02 }).Single().CartesianPositions[1] - Aluminium.CartesianPositions[1];
        Assert.True((big - small * 2).Length > 1e-3);
    }

    [Fact]
    public void A_random_strain_deforms_the_cell_and_is_kept()
    {
        Structure[] series = RattleSeries.Make(RockSalt, 200, new() { CellStandardDeviation = 0.01, StandardDeviation = 0 }).ToArray();
        var entries = new List<double>();
        foreach (Structure s in series)
        {
            double[] v = s.Provenance!.Parameters["voigt"].Split(' ').Select(x => double.Parse(x, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            Matrix3x3 expected = Matrix3x3.Identity + new Matrix3x3(new(v[0], v[5] / 2, v[4] / 2), new(v[5] / 2, v[1], v[3] / 2), new(v[4] / 2, v[3] / 2, v[2]));
            Assert.All((RockSalt.Lattice!.Rows * expected).ToRowMajor().Zip(s.Lattice!.Rows.ToRowMajor()), p => Assert.Equal(p.First, p.Second, 1e-12));
            Assert.All(s.FractionalPositions.Zip(RockSalt.FractionalPositions), p => Assert.True((p.First - p.Second).Length < 1e-12));
            entries.AddRange([v[0], v[1], v[2], v[3] / 2, v[4] / 2, v[5] / 2]);
        }

        Assert.Equal(0.01, Math.Sqrt(entries.Average(e => e * e)), 0.0008);
    }

    [Fact]
    public void Group_seed_and_parameters_are_kept()
    {
        Structure parent = RockSalt.With(provenance: Provenance.Root("Test", "id"), siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.Add("magmom", SiteProperty.Real(1, [.. Enumerable.Repeat(2.0, 8)])));
        Structure s = RattleSeries.Make(parent, 2, new() { Seed = -3, IsMonteCarlo = true }).Last();

        Assert.Equal("id", s.Provenance!.GroupId);
        Assert.Equal(-3, s.Provenance.Seed);
        Assert.Equal("Rattle", s.Provenance.Operation);
        Assert.Equal(parent.ContentHash, s.Provenance.ParentHash);
        Assert.Equal("2", s.Provenance.Parameters["index"]);
        Assert.Equal("MonteCarlo", s.Provenance.Parameters["method"]);
        Assert.Equal("0.05", s.Provenance.Parameters["standardDeviation"]);
        Assert.Equal("rattle_0.0500_0002", s.Name);
        Assert.True(s.SiteProperties.ContainsKey("magmom"));
    }

    [Fact]
    public void Only_the_elements_asked_for_move()
    {
        Structure s = RattleSeries.Make(RockSalt, 1, new() { Elements = [Element.FromSymbol("Cl")] }).Single();
        Assert.Equal(RockSalt.CartesianPositions.Take(4), s.CartesianPositions.Take(4));
        Assert.All(Enumerable.Range(4, 4), i => Assert.NotEqual(RockSalt.CartesianPositions[i], s.CartesianPositions[i]));
    }

    [Fact]
    public void A_molecule_can_be_rattled_but_has_no_cell_to_strain()
    {
        Structure molecule = new(null, [Element.FromSymbol("H"), Element.FromSymbol("H")], [Vector3D.Zero, new(0.74, 0, 0)], CoordinateKind.Cartesian);
        Assert.Equal(2, RattleSeries.Make(molecule, 2, new()).Count());
        Assert.Equal("LatticeMissing", Assert.Throws<AtomProNetException>(() => RattleSeries.Make(molecule, 2, new() { CellStandardDeviation = 0.01 })).ErrorId);
    }

    [Fact]
    public void What_cannot_be_met_is_an_error_that_names_the_atoms()
    {
        Structure close = Make(Lattice.Cubic(5), "O 0 0 0", "O 0 0 .1");
        var e = Assert.Throws<AtomProNetException>(() => RattleSeries.Make(close, 1, new()));
        Assert.Equal("RattleTooClose", e.ErrorId);
        Assert.Contains("atoms 1 (O) and 2 (O) are 0.500 Å close", e.Message, StringComparison.Ordinal);
        // Four bonds of Si at 1.06 times the sum of the radii, and 1.05 asked for with large displacements: hopeless.
        Assert.Equal("RattleTooClose", Assert.Throws<AtomProNetException>(() => RattleSeries.Make(Silicon, 1, new() { StandardDeviation = 0.5, MinimumDistance = new(1.05) }).ToArray()).ErrorId);
    }

    [Theory]
    [InlineData("New-RattleSeries", 10, "rattle_0.0500_0001")]
    [InlineData("New-RattleSeries 3 -StandardDeviation 0.01,0.1", 6, "rattle_0.0100_0001")]
    [InlineData("New-RattleSeries -Count 2 -MonteCarlo -Iterations 4 -Width 0.2", 2, "rattle_0.0500_0001")]
    [InlineData("New-RattleSeries -Count 2 -CellStandardDeviation 0.01 -Element Na -Seed 5", 2, "rattle_0.0500_0001")]
    [InlineData("New-StrainSeries -Range 0.01 | New-RattleSeries 2", 6, "strain_-0.0100_rattle_0.0500_0001")]
    public void Pipelines(string pipeline, int count, string first)
    {
        PipelineResult result = Run(pipeline, RockSalt);
        Assert.Empty(result.Errors);
        Assert.Equal(count, result.Output.Count);
        Assert.Equal(first, ((Structure)result.Output[0]!).Name);
    }

    [Theory]
    [InlineData("New-RattleSeries -StandardDeviation -0.1", "RattleAmplitudeInvalid")]
    [InlineData("New-RattleSeries -StandardDeviation 0", "RattleAmplitudeInvalid")]
    [InlineData("New-RattleSeries -MinimumDistance 2", "MinimumDistanceInvalid")]
    [InlineData("New-RattleSeries -Element Fe", "ElementNotInStructure")]
    [InlineData("New-RattleSeries -Iterations 5", "RattleParameterUnused")]
    [InlineData("New-RattleSeries -MonteCarlo -Iterations 0", "RattleIterationsInvalid")]
    [InlineData("New-RattleSeries -MonteCarlo -Width 0", "RattleWidthInvalid")]
    public void Wrong_arguments_are_told_by_id(string pipeline, string id) =>
        Assert.StartsWith(id, Assert.Single(Run(pipeline, RockSalt).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

    private static double[] Displacements(Structure parent, IEnumerable<Structure> series) =>
        [.. series.SelectMany(s => s.CartesianPositions.Zip(parent.CartesianPositions, (a, b) => a - b)).SelectMany(d => new[] { d.X, d.Y, d.Z })];

    private static PipelineResult Run(string pipeline, Structure input) => PipelineHost.Run(pipeline, Path.GetTempPath(), new PipelineOptions { Input = [input] });
}
