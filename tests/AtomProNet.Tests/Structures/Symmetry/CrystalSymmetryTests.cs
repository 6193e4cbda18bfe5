using System.Text.Json;
using AtomProNet.Generation;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Structures.Symmetry;

public sealed class CrystalSymmetryTests
{
    [Fact]
    public void Textbook_numbers()
    {
        // Orders of the point groups times lattice points: m-3m 48, -3m 12, 4/mmm 16.
        Assert.Equal(48 * 4, CrystalSymmetry.Find(Aluminium).OperationCount);
        Assert.Equal(48, CrystalSymmetry.Find(SiliconPrimitive).OperationCount);
        Assert.Equal(48 * 4, CrystalSymmetry.Find(Silicon).OperationCount);
        Assert.Equal(12 * 3, CrystalSymmetry.Find(Corundum).OperationCount);
        Assert.Equal(16, CrystalSymmetry.Find(Rutile).OperationCount);
        Assert.Equal([0, 0, 2, 2, 2, 2], CrystalSymmetry.Find(Rutile).EquivalentSites);
        Assert.Equal(2, CrystalSymmetry.Find(Corundum).EquivalentSites.Distinct().Count());
    }

    [Fact]
    public void Operations_map_the_crystal_onto_itself()
    {
        foreach (Structure s in new[] { Aluminium, SiliconPrimitive, RockSalt, Rutile, Corundum, Supercell.Repeat(Rutile, 2, 1, 1) })
        {
            CrystalSymmetry symmetry = CrystalSymmetry.Find(s, 1e-4);
            foreach (SymmetryOperation rotation in symmetry.Rotations)
            {
                foreach (Vector3D translation in symmetry.Translations)
                {
                    for (int i = 0; i < s.AtomCount; i++)
                    {
                        Vector3D image = rotation.Apply(s.FractionalPositions[i]) + translation;
                        Assert.Contains(Enumerable.Range(0, s.AtomCount), j => s.Species[i] == s.Species[j] && Modulo(image - s.FractionalPositions[j]).Length < 1e-6);
                    }
                }
            }
        }
    }

    [Fact]
    public void Generators_are_permutations_of_sites_of_one_kind()
    {
        CrystalSymmetry symmetry = CrystalSymmetry.Find(Corundum);
        Assert.All(symmetry.Generators, p =>
        {
            Assert.Equal(Enumerable.Range(0, 30), p.Order());
            Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(Corundum.Species[i], Corundum.Species[p[i]]));
        });
    }

    [Fact]
    public void A_supercell_shape_breaks_what_it_breaks()
    {
        // Doubled along a, rutile loses the fourfold axis: the oxygens fall into two kinds.
        CrystalSymmetry symmetry = CrystalSymmetry.Find(Supercell.Repeat(Rutile, 2, 1, 1));
        Assert.Equal(2, symmetry.Translations.Length);
        Assert.Equal(8, symmetry.Rotations.Length);
    }

    [Fact]
    public void Labels_tell_sites_apart()
    {
        // Up and down spins in layers.
        Structure iron = Make(Lattice.Cubic(2.87), "Fe 0 0 0", "Fe .5 .5 .5");
        Assert.Equal([0, 0], CrystalSymmetry.Find(iron).EquivalentSites);
        Assert.Equal([0, 1], CrystalSymmetry.Find(iron, siteLabels: [1, -1]).EquivalentSites);
    }

    [Fact]
    public void A_direction_that_does_not_repeat_has_no_images()
    {
        // A slab of two layers and a third that is off: with images along c the outer two would be equivalent.
        Structure slab = new(Lattice.Cubic(4), [.. Enumerable.Repeat(Element.FromNumber(13), 2)], [new(0, 0, 0.1), new(0, 0, 0.6)], CoordinateKind.Fractional, new Periodicity(true, true, false));
        Assert.Equal([0, 0], CrystalSymmetry.Find(slab).EquivalentSites); // by the mirror between them
        Assert.Single(CrystalSymmetry.Find(slab).Translations);
        Structure three = new(Lattice.Cubic(4), [.. Enumerable.Repeat(Element.FromNumber(13), 3)], [new(0, 0, 0), new(0, 0, 1.0 / 3), new(0, 0, 2.0 / 3)], CoordinateKind.Fractional, new Periodicity(true, true, false));
        Assert.Equal([0, 1, 0], CrystalSymmetry.Find(three).EquivalentSites);
        Structure crystal = new(three.Lattice, three.Species, three.FractionalPositions, CoordinateKind.Fractional);
        Assert.Equal([0, 0, 0], CrystalSymmetry.Find(crystal).EquivalentSites);
    }

    [Fact]
    public void A_molecule_has_the_rotations_that_its_axes_allow()
    {
        Structure water = new(null, [Element.FromSymbol("O"), Element.FromSymbol("H"), Element.FromSymbol("H")], [new(0, 0, 0), new(0.76, 0.59, 0), new(-0.76, 0.59, 0)], CoordinateKind.Cartesian);
        CrystalSymmetry symmetry = CrystalSymmetry.Find(water);
        Assert.Equal(4, symmetry.OperationCount);
        Assert.Equal([0, 1, 1], symmetry.EquivalentSites);
    }

    [Fact]
    public void Noise_below_the_tolerance_does_not_matter_and_noise_above_it_does()
    {
        var random = new Random(1);
        Structure Shaken(double amplitude) => Corundum.With(
            positions: [.. Corundum.CartesianPositions.Select(p => p + new Vector3D(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5) * (2 * amplitude))], kind: CoordinateKind.Cartesian);

        Assert.Equal(36, CrystalSymmetry.Find(Shaken(0.001), 0.01).OperationCount);
        Assert.Equal(1, CrystalSymmetry.Find(Shaken(0.05), 0.001).OperationCount);
    }

    [Fact]
    public void Atoms_on_top_of_each_other_are_refused()
    {
        Structure doubled = Make(Lattice.Cubic(4), "Al 0 0 0", "Al 0 0 .001", "O .5 .5 .5");
        Assert.Equal("SitesCoincide", Assert.Throws<AtomProNetException>(() => CrystalSymmetry.Find(doubled)).ErrorId);
        Assert.Equal("SymmetryToleranceInvalid", Assert.Throws<AtomProNetException>(() => CrystalSymmetry.Find(RockSalt, 0)).ErrorId);
    }

    [Fact]
    public void A_large_supercell_has_all_its_translations()
    {
        CrystalSymmetry symmetry = CrystalSymmetry.Find(Supercell.Repeat(Aluminium, 5, 5, 5));
        Assert.Equal(500, symmetry.Translations.Length);
        Assert.Equal(48 * 500, symmetry.OperationCount);
        Assert.Single(symmetry.EquivalentSites.Distinct());
    }

    [Fact]
    public void Space_groups_agree_with_spglib()
    {
        // One group in seven; all 230 in a full run.
        bool full = TestEffort.IsFull;
        SystemPython.SkipUnlessThere("ase", "spglib", "numpy");
        JsonElement cases = SystemPython.Run(Script, full ? 1 : 7);
        Assert.True(cases.GetArrayLength() > (full ? 900 : 110), $"Only {cases.GetArrayLength()} cases were made.");
        var differ = new List<string>();
        foreach (JsonElement c in cases.EnumerateArray())
        {
            double[] cell = c.GetProperty("cell").EnumerateArray().Select(v => v.GetDouble()).ToArray();
            Structure s = new(
                new Lattice(Matrix3x3.FromRowMajor(cell)),
                [.. c.GetProperty("z").EnumerateArray().Select(v => Element.FromNumber(v.GetInt32()))],
                [.. c.GetProperty("f").EnumerateArray().Select(r => new Vector3D(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble()))],
                CoordinateKind.Fractional);
            CrystalSymmetry ours = CrystalSymmetry.Find(s, 1e-3);
            int count = c.GetProperty("count").GetInt32();
            int[] orbits = c.GetProperty("orbits").EnumerateArray().Select(v => v.GetInt32()).ToArray();
            if (ours.OperationCount != count || !SamePartition(orbits, ours.EquivalentSites))
            {
                differ.Add($"{c.GetProperty("name")} {s.AtomCount} atoms: {ours.OperationCount} operations, {ours.EquivalentSites.Distinct().Count()} orbits; spglib {count}, {orbits.Distinct().Count()}");
            }
        }

        Assert.True(differ.Count == 0, $"{differ.Count} of {cases.GetArrayLength()}: " + string.Join("; ", differ.Take(20)));
    }

    // Space groups, each with a random cell of its system and random sites; then in a skewed setting, as a supercell, sheared a little
    // and with one atom out of place. The orbits are made from spglib's own operations.
    private const string Script = """
        import numpy as np, spglib
        from ase.spacegroup import crystal
        rng = np.random.RandomState(5)

        def cellpar(n):
            a, b, c = 4 + 4 * rng.rand(3)
            if n <= 2: return [a, b, c, 75 + 10 * rng.rand(), 95 + 10 * rng.rand(), 100 + 10 * rng.rand()]
            if n <= 15: return [a, b, c, 90, 95 + 20 * rng.rand(), 90]
            if n <= 74: return [a, b, c, 90, 90, 90]
            if n <= 142: return [a, a, c, 90, 90, 90]
            if n <= 194: return [a, a, c, 90, 90, 120]
            return [a, a, a, 90, 90, 90]

        def answer(name, cell, f, z):
            s = spglib.get_symmetry((cell, f, z), symprec=1e-3)
            if s is None: return
            parent = list(range(len(z)))
            def find(i):
                while parent[i] != i: i = parent[i]
                return i
            for R, t in zip(s['rotations'], s['translations']):
                image = f @ R.T + t
                for i in range(len(z)):
                    d = f - image[i]; d -= np.round(d)
                    j = int(np.argmin(np.where(z == z[i], np.linalg.norm(d @ cell, axis=1), 1e9)))
                    a, b = find(i), find(j)
                    if a != b: parent[max(a, b)] = min(a, b)
            result.append({'name': name, 'cell': np.asarray(cell).ravel().tolist(), 'f': f.tolist(), 'z': [int(x) for x in z], 'count': len(s['rotations']), 'orbits': [find(i) for i in range(len(z))]})

        def unimodular():
            m = np.eye(3, dtype=int)
            for _ in range(4):
                i = rng.randint(3); j = (i + rng.randint(1, 3)) % 3
                m[i] += rng.randint(-2, 3) * m[j]
            return m

        result = []
        special = [0.0, 0.25, 0.5]
        for n in range(data, 231, data):
            if n <= 74 or 75 <= n <= 194 and n % 2 == 0:
                basis = [rng.rand(3), [special[rng.randint(3)] for _ in range(3)]]
            else:
                basis = [[special[rng.randint(3)], special[rng.randint(3)], rng.rand()], [0, 0, 0]] if n < 195 else [[0, 0, 0], [rng.rand()] * 3]
            a = crystal(['O', 'Al'], [tuple(x) for x in basis], spacegroup=n, cellpar=cellpar(n), primitive_cell=bool(n % 3), onduplicates='replace', symprec=1e-3)
            d = a.get_all_distances(mic=True) + 10 * np.eye(len(a))
            if d.min() < 0.3 or len(a) > 120: continue
            cell, f, z = a.cell.array, a.get_scaled_positions(), a.numbers
            answer('%d' % n, cell, f, z)
            m = unimodular()
            answer('%d skewed' % n, m @ cell, f @ np.linalg.inv(m), z)
            if len(z) <= 30:
                b = a.repeat([(2, 1, 1), (1, 2, 2), (1, 1, 2), (2, 2, 2)][n % 4])
                answer('%d supercell' % n, b.cell.array, b.get_scaled_positions(), b.numbers)
            strain = np.eye(3); strain[n % 3, n % 3] += 0.05; strain[0, 1] += 0.03 * (n % 2)
            answer('%d strained' % n, cell @ strain, f, z)
            g = f.copy(); g[0] += np.array([0.0, 0.0, 0.02])
            answer('%d displaced' % n, cell, g, z)
        """;

    private static bool SamePartition(IReadOnlyList<int> a, IReadOnlyList<int> b) =>
        a.Count == b.Count && a.Zip(b).Distinct().Count() == a.Distinct().Count() && a.Distinct().Count() == b.Distinct().Count();

    private static Vector3D Modulo(Vector3D d) => new(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z));
}
