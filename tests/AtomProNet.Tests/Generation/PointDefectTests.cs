using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Generation;
using AtomProNet.Structures;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Generation;

public sealed class PointDefectTests
{
    private static readonly Element Al = Element.FromSymbol("Al"), O = Element.FromSymbol("O"), H = Element.FromSymbol("H");

    [Fact]
    public void Corundum_has_one_vacancy_of_each_element()
    {
        Structure cell = Supercell.Repeat(Corundum, 2, 2, 1);

        Structure[] vacancies = Make(cell, "New-PointDefect -Vacancy Al,O");

        Assert.Equal(["vacancy_Al1", "vacancy_O49"], vacancies.Select(v => v.Name!));
        Assert.Equal(["Al47O72", "Al48O71"], vacancies.Select(v => v.Composition.Formula));
        Assert.Equal(["48", "72"], vacancies.Select(v => v.Provenance!.Parameters["multiplicity"]));
        Assert.Equal(cell.FractionalPositions.Skip(1), vacancies[0].FractionalPositions);
        Assert.Equal(120, Make(cell, "New-PointDefect -Vacancy * -IncludeEquivalent").Length);
        Assert.Equal(2, Make(cell, "New-PointDefect *").Length);
    }

    // The alumina of the paper: 20 atoms, doubled twice to 80; O, Al and Al-O vacancies.
    [Fact]
    public void The_vacancies_of_the_80_atom_alumina_cell()
    {
        Structure alumina = AtomProNet.Formats.Poscar.PoscarReader.Read(File.ReadAllBytes(SharedData.Path("data", "structures", "Al2O3.poscar")), "Al2O3.poscar");
        int factor = 80 / alumina.AtomCount;
        Structure cell = factor == 4 ? Supercell.Repeat(alumina, 2, 2, 1) : alumina;
        Assert.Equal(80, cell.AtomCount);

        Structure[] defects = Make(cell, "New-PointDefect -Vacancy O,Al,Al-O");

        Assert.Contains(defects, d => d.Composition.Formula == "Al32O47");
        Assert.Contains(defects, d => d.Composition.Formula == "Al31O48");
        Assert.Contains(defects, d => d.Composition.Formula == "Al31O47");
        SystemPython.SkipUnlessThere("spglib");
        JsonElement orbits = SpglibOrbits(cell, 0.01);
        int[] sites = orbits.GetProperty("sites").EnumerateArray().Select(v => v.GetInt32()).ToArray();
        Assert.Equal(sites.Distinct().Count(), defects.Count(d => d.Provenance!.Operation == "Vacancy"));
        AssertPairs(cell, defects.Where(d => d.Provenance!.Operation == "Divacancy").ToArray(), orbits);
    }

    [Fact]
    public void Defects_are_the_classes_of_spglib()
    {
        SystemPython.SkipUnlessThere("spglib");
        Structure[] crystals = [Supercell.Repeat(Rutile, 2, 1, 1), Supercell.Repeat(Rutile, 2, 2, 2), Corundum, Supercell.Build(SiliconPrimitive, new(-2, 2, 2, 2, -2, 2, 2, 2, -2)), Supercell.Repeat(RockSalt, 1, 2, 1)];
        foreach (Structure crystal in crystals)
        {
            JsonElement orbits = SpglibOrbits(crystal, 0.001);
            int[] sites = orbits.GetProperty("sites").EnumerateArray().Select(v => v.GetInt32()).ToArray();
            Structure[] vacancies = Make(crystal, "New-PointDefect -Vacancy * -SymmetryTolerance 0.001");
            int[] removed = vacancies.Select(v => int.Parse(v.Provenance!.Parameters["sites"], System.Globalization.CultureInfo.InvariantCulture) - 1).ToArray();
            Assert.Equal(sites.Distinct().Order(), removed.Select(i => sites[i]).Order());
            Assert.All(vacancies.Zip(removed), x => Assert.Equal(sites.Count(s => s == sites[x.Second]), int.Parse(x.First.Provenance!.Parameters["multiplicity"], System.Globalization.CultureInfo.InvariantCulture)));

            Element[] elements = crystal.Composition.Elements.ToArray();
            string pair = $"{elements[0]}-{elements[^1]}";
            Structure[] divacancies = Make(crystal, $"New-PointDefect -Vacancy {pair} -MaximumDistance 4.5 -SymmetryTolerance 0.001");
            AssertPairs(crystal, divacancies, orbits);
        }
    }

    [Fact]
    public void Pairs_of_one_class_have_the_same_distances_and_those_of_others_do_not()
    {
        Structure[] all = Make(Corundum, "New-PointDefect -Vacancy Al-O -MaximumDistance 3.5 -IncludeEquivalent");
        Structure[] distinct = Make(Corundum, "New-PointDefect -Vacancy Al-O -MaximumDistance 3.5");

        string[] prints = all.Select(Fingerprint).ToArray();
        Assert.Equal(prints.Distinct().Count(), distinct.Length);
        Assert.Equal(distinct.Length, distinct.Select(Fingerprint).Distinct().Count());
        Assert.All(distinct, d => Assert.Equal(prints.Count(p => p == Fingerprint(d)), int.Parse(d.Provenance!.Parameters["multiplicity"], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(all.Length, distinct.Sum(d => int.Parse(d.Provenance!.Parameters["multiplicity"], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_nearest_pairs_are_the_default()
    {
        // In corundum each Al has three O at 1.856 Å and three at 1.969 Å (Lewis et al. 1982).
        Structure[] pairs = Make(Corundum, "New-PointDefect -Vacancy Al-O");
        Assert.Equal([1.8551, 1.9715], pairs.Select(p => double.Parse(p.Provenance!.Parameters["distance"], System.Globalization.CultureInfo.InvariantCulture)), (a, b) => Math.Abs(a - b) < 0.01);
        Assert.All(pairs, p => Assert.Equal("Al11O17", p.Composition.Formula));
        Assert.Equal("Al O", pairs[0].Provenance!.Parameters["elements"]);
        Assert.Equal("Al O", Assert.Single(Make(RockSaltLike(), "New-PointDefect -Vacancy Al-O")).Provenance!.Parameters["elements"]);
        Assert.Equal("O Al", Assert.Single(Make(RockSaltLike(), "New-PointDefect -Vacancy O-Al")).Provenance!.Parameters["elements"]);
    }

    [Fact]
    public void Substitutions_and_antisites()
    {
        Structure[] chromium = Make(Corundum, "New-PointDefect -Substitution @{Al='Cr'}");
        Structure[] both = Make(Corundum, "New-PointDefect -Substitution @{Al='Cr','Ga'; O='N'}");
        Structure[] antisites = Make(Corundum, "New-PointDefect -Antisite");

        Structure single = Assert.Single(chromium);
        Assert.Equal("substitution_Al1_Cr", single.Name);
        Assert.Equal("Substitution", single.Provenance!.Operation);
        Assert.Equal("Cr", single.Species[0].Symbol);
        Assert.Equal(Corundum.FractionalPositions, single.FractionalPositions);
        Assert.Equal(["substitution_Al1_Cr", "substitution_Al1_Ga", "substitution_O13_N"], both.Select(s => s.Name!));
        Assert.Equal(["antisite_Al1_O", "antisite_O13_Al"], antisites.Select(s => s.Name!));
        Assert.All(antisites, a => Assert.Equal("Antisite", a.Provenance!.Operation));
    }

    [Fact]
    public void Given_sites_are_used_whatever_symmetry_says()
    {
        Assert.Equal(["vacancy_O13", "vacancy_O14"], Make(Corundum, "New-PointDefect -Vacancy O -Site 13,14").Select(s => s.Name!));
        Assert.Equal(["vacancy_Al1-O30"], Make(Corundum, "New-PointDefect -Vacancy Al-O -Site 1,30").Select(s => s.Name!));
        Assert.Equal("SiteUnknown", Error(Corundum, "New-PointDefect -Vacancy O -Site 31"));
        Assert.Equal("SiteUnknown", Error(Corundum, "New-PointDefect -Vacancy O -Site 0"));
        // Site 1 is Al: nothing to remove, and that is said.
        Assert.Contains("No place or site", Run(Corundum, "New-PointDefect -Vacancy O -Site 1").Warnings[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-PointDefect", "DefectMissing")]
    [InlineData("New-PointDefect -Vacancy Fe", "ElementNotInStructure")]
    [InlineData("New-PointDefect -Vacancy Xx", "ElementUnknown")]
    [InlineData("New-PointDefect -Vacancy Al-O-O", "VacancyInvalid")]
    [InlineData("New-PointDefect -Vacancy Al-O -MaximumDistance 0.5", "DefectPairMissing")]
    [InlineData("New-PointDefect -Vacancy Al-O -MaximumDistance 0", "PairDistanceInvalid")]
    [InlineData("New-PointDefect -Vacancy Al -MaximumDistance 3", "DefectParameterUnused")]
    [InlineData("New-PointDefect -Vacancy Al -Position 0,0,0", "DefectParameterUnused")]
    [InlineData("New-PointDefect -Substitution @{Al='Al'}", "SubstitutionIdentical")]
    [InlineData("New-PointDefect -Substitution @{Fe='Al'}", "ElementNotInStructure")]
    [InlineData("New-PointDefect -Interstitial O -Position 0,0,0.352", "InterstitialTooClose")]
    [InlineData("New-PointDefect -Interstitial O -Position (0,0),(1,1)", "PositionInvalid")]
    [InlineData("New-PointDefect -Interstitial O -InterstitialSearch Grid -GridSpacing 0.001", "GridSpacingInvalid")]
    [InlineData("New-PointDefect -Interstitial O -GridSpacing 0.4", "DefectParameterUnused")]
    [InlineData("New-PointDefect -Interstitial O -MinimumDistance -1", "MinimumDistanceInvalid")]
    [InlineData("New-PointDefect -Vacancy O -SymmetryTolerance 0", "SymmetryToleranceInvalid")]
    public void What_cannot_be_made_is_refused(string pipeline, string id) => Assert.Equal(id, Error(Corundum, pipeline));

    [Fact]
    public void The_only_atom_cannot_be_removed() =>
        Assert.Equal("DefectLeavesNothing", Error(Make(Lattice.Cubic(3), "Al 0 0 0"), "New-PointDefect -Vacancy Al"));

    [Fact]
    public void A_small_cell_is_warned_of()
    {
        Assert.Contains("4.05 Å apart", Assert.Single(Run(Aluminium, "New-PointDefect -Vacancy Al").Warnings), StringComparison.Ordinal);
        Assert.Empty(Run(Supercell.Repeat(Aluminium, 2, 2, 2), "New-PointDefect -Vacancy Al").Warnings);
    }

    [Fact]
    public void Defects_open_groups_and_keep_the_root()
    {
        Structure parent = Corundum.With(provenance: Provenance.Root("Test", "id"));
        Structure[] defects = Make(parent, "New-PointDefect -Vacancy Al,O,Al-O -Antisite");
        Assert.Equal(defects.Length, defects.Select(d => d.Provenance!.GroupId).Append("id").Distinct().Count() - 1);
        Assert.All(defects, d => Assert.Equal("id", d.Provenance!.RootId));
        Assert.All(defects, d => Assert.Equal(parent.ContentHash, d.Provenance!.ParentHash));
    }

    [Fact]
    public void Interstitial_places_are_those_of_the_textbooks()
    {
        // Face-centred cubic: the octahedral place in the middle, four to a cell, and the tetrahedral one, eight.
        Structure[] fcc = Make(Aluminium, "New-PointDefect -Interstitial H");
        Assert.Equal(["4", "8"], fcc.Select(s => s.Provenance!.Parameters["multiplicity"]));
        AssertNear(fcc[0], [new(0.5, 0.5, 0.5), new(0, 0, 0.5), new(0, 0.5, 0), new(0.5, 0, 0)]);
        Assert.All(new[] { fcc[1].FractionalPositions[4].X, fcc[1].FractionalPositions[4].Y, fcc[1].FractionalPositions[4].Z }, x => Assert.Equal(0.25, Math.Abs(x - 0.5), 1e-9));
        Assert.Equal("interstitial_H_1", fcc[0].Name);
        Assert.Equal("Al4H", fcc[0].Composition.Formula.Replace("HAl4", "Al4H", StringComparison.Ordinal));

        // Body-centred cubic: the tetrahedral place (1/2 1/4 0), twelve to a cell.
        Structure bcc = Assert.Single(Make(SampleCrystals.Make(Lattice.Cubic(2.87), "Fe 0 0 0", "Fe .5 .5 .5"), "New-PointDefect -Interstitial H"));
        Assert.Equal("12", bcc.Provenance!.Parameters["multiplicity"]);
        Assert.Equal(2.87 * Math.Sqrt(5) / 4, Enumerable.Range(0, 2).Min(i => bcc.Distance(i, 2)), 1e-6);

        // Diamond: the tetrahedral place, as far from four neighbours as atoms are from each other.
        Structure diamond = Make(Silicon, "New-PointDefect -Interstitial H")[0];
        Assert.Equal("8", diamond.Provenance!.Parameters["multiplicity"]);
        Assert.Equal(5.43 * Math.Sqrt(3) / 4, Enumerable.Range(0, 8).Min(i => diamond.Distance(i, 8)), 1e-6);

        // Corundum: the empty octahedron of oxygen at 6b, 0 0 0.
        Assert.Contains(Make(Corundum, "New-PointDefect -Interstitial O"), s => s.Provenance!.Parameters["multiplicity"] == "6" && s.FractionalPositions[^1] is var f && Math.Abs(f.X - Math.Round(f.X * 3) / 3) < 1e-6);
    }

    [Fact]
    public void Interstitial_places_of_a_supercell_are_those_of_its_cell()
    {
        Structure[] places = Make(Supercell.Repeat(Aluminium, 2, 2, 2), "New-PointDefect -Interstitial H");
        Assert.Equal(["32", "64"], places.Select(s => s.Provenance!.Parameters["multiplicity"]));
    }

    [Fact]
    public void Interstitial_places_are_the_tops_among_the_corners_of_the_Voronoi_cells()
    {
        SystemPython.SkipUnlessThere("scipy", "numpy");
        Structure[] crystals = [Aluminium, Rutile, Corundum, RockSalt, SampleCrystals.Make(Lattice.FromParameters(5.1, 6.2, 5.8, 84, 97, 104), "Si 0 0 0", "O .31 .17 .42", "O .71 .63 .88")];
        JsonElement result = SystemPython.Run("""
            import numpy as np, itertools
            from scipy.spatial import Voronoi
            from scipy.optimize import linprog
            result = []
            for s in data:
                cell, f = np.array(s['cell']).reshape(3, 3), np.array(s['positions']).reshape(-1, 3)
                r = np.concatenate([(f + np.array(t)) @ cell for t in itertools.product((-2, -1, 0, 1, 2), repeat=3)])
                tops = []
                for v in Voronoi(r).vertices:
                    w = np.linalg.solve(cell.T, v)
                    if not ((w > -1e-9) & (w < 1 - 1e-9)).all(): continue
                    d = np.linalg.norm(r - v, axis=1)
                    # A top: it is a mean of its nearest atoms with all weights positive (the largest least weight is found by linear programming).
                    u = (r[d < d.min() + 1e-6] - v) / d.min()
                    n = len(u)
                    lp = linprog([0] * n + [-1], A_ub=np.hstack([-np.eye(n), np.ones((n, 1))]), b_ub=np.zeros(n),
                                 A_eq=np.vstack([np.hstack([u.T, np.zeros((3, 1))]), [1] * n + [0]]), b_eq=[0, 0, 0, 1], bounds=[(0, 1)] * n + [(-1, 1)])
                    inside = n >= 4 and lp.status == 0 and -lp.fun > 1e-4 and np.linalg.matrix_rank(u, tol=1e-3) == 3
                    if inside: tops.append(w.tolist() + [float(d.min())])
                result.append(tops)
            """, crystals.Select(ForPython));
        for (int n = 0; n < crystals.Length; n++)
        {
            Structure crystal = crystals[n];
            Vector3D[] ours = Make(crystal, "New-PointDefect -Interstitial H -IncludeEquivalent -MinimumDistance 0").Select(x => x.CartesianPositions[^1]).ToArray();
            Vector3D[] theirs = result[n].EnumerateArray().Select(w => crystal.Lattice!.ToCartesian(new(w[0].GetDouble(), w[1].GetDouble(), w[2].GetDouble()))).ToArray();
            var image = new MinimumImage(crystal.Lattice, crystal.Periodicity);
            Assert.NotEmpty(theirs);
            // Tops within 0.25 Å of each other count as one void, so that the one may lie that far from the other.
            Assert.All(ours, x => Assert.True(theirs.Min(y => image.Distance(x, y)) < 0.26, $"{crystal}: {crystal.Lattice!.ToFractional(x)} is no top."));
            Assert.All(theirs, y => Assert.True(ours.Min(x => image.Distance(x, y)) < 0.26, $"{crystal}: {crystal.Lattice!.ToFractional(y)} was missed."));
        }
    }

    [Fact]
    public void Interstitial_places_do_not_depend_on_the_size_of_the_cell()
    {
        string Voids(Structure s, int factor) => string.Join("; ", Make(s, "New-PointDefect -Interstitial O").Select(x =>
            $"{int.Parse(x.Provenance!.Parameters["multiplicity"], System.Globalization.CultureInfo.InvariantCulture) / factor} at {Enumerable.Range(0, s.AtomCount).Min(i => x.Distance(i, s.AtomCount)):F4}"));

        Assert.Equal(Voids(Corundum, 1), Voids(Supercell.Repeat(Corundum, 2, 2, 1), 4));
        Assert.Equal(Make(Corundum, "New-PointDefect -Interstitial O").Sum(s => int.Parse(s.Provenance!.Parameters["multiplicity"], System.Globalization.CultureInfo.InvariantCulture)), Make(Corundum, "New-PointDefect -Interstitial O -IncludeEquivalent").Length);
    }

    [Fact]
    public void Places_can_be_given()
    {
        Structure placed = Assert.Single(Make(Aluminium, "New-PointDefect -Interstitial H -Position 0.5,0.5,0.5"));
        Assert.Equal(new Vector3D(0.5, 0.5, 0.5), placed.FractionalPositions[4]);
        Assert.Equal(2, Make(Aluminium, "New-PointDefect -Interstitial H -Position (0.5,0.5,0.5),(0.25,0.25,0.25)").Length);
    }

    [Fact]
    public void A_grid_gives_every_class_of_points()
    {
        SystemPython.SkipUnlessThere("spglib");
        // Spacing 0.35 Å: 12 points along 4.05 Å. Points are counted by spglib's operations, those near atoms left out.
        Structure[] points = Make(Aluminium, "New-PointDefect -Interstitial H -InterstitialSearch Grid -GridSpacing 0.35 -MinimumDistance 0.7");
        JsonElement result = SystemPython.Run("""
            import numpy as np, spglib
            cell, f = 4.05 * np.eye(3), np.array([[0, 0, 0], [0, .5, .5], [.5, 0, .5], [.5, .5, 0]])
            s = spglib.get_symmetry((cell, f, [13] * 4))
            seen, count = set(), 0
            for p in np.ndindex(12, 12, 12):
                if p in seen: continue
                images = np.round((s['rotations'] @ (np.array(p) / 12) + s['translations']) * 12).astype(int) % 12
                seen |= set(map(tuple, images.tolist()))
                d = f - np.array(p) / 12; d -= np.round(d)
                if np.linalg.norm(4.05 * d, axis=1).min() >= 0.7 * (1.21 + 0.31): count += 1
            result = count
            """);
        Assert.Equal(result.GetInt32(), points.Length);
        Assert.All(points, s => Assert.True(Enumerable.Range(0, 4).Min(i => s.Distance(i, 4)) >= 0.7 * (1.21 + 0.31)));
    }

    [Fact]
    public void A_slab_takes_interstitials_inside_only()
    {
        Structure slab = SurfaceSlab.Build(Aluminium, 1, 0, 0, 3, 10);
        double low = slab.CartesianPositions.Min(p => p.Z), high = slab.CartesianPositions.Max(p => p.Z);
        Structure[] places = Make(slab, "New-PointDefect -Interstitial H");
        Assert.NotEmpty(places);
        Assert.All(places, s => Assert.InRange(s.CartesianPositions[^1].Z, low - 1, high + 1));
    }

    [Fact]
    public void Properties_that_are_not_known_for_a_new_atom_are_left_out_with_a_warning()
    {
        var properties = ImmutableSortedDictionary<string, SiteProperty>.Empty
            .Add("magmom", SiteProperty.Real(1, [1.0, 1, 1, 1, 0.5, 0.5, 0.5, 0.9]))
            .Add("selective_dynamics", SiteProperty.Logical(3, [.. Enumerable.Repeat(false, 24)]));
        Structure parent = RockSalt.With(siteProperties: properties);

        PipelineResult potassium = Run(parent, "New-PointDefect -Substitution @{Na='K'}");
        Structure sodium = Make(parent, "New-PointDefect -Interstitial Na -Position 0.25,0.25,0.25")[0];
        Structure vacancy = Make(parent, "New-PointDefect -Vacancy Na")[0];

        Assert.Contains(potassium.Warnings, w => w.Contains("magmom", StringComparison.Ordinal));
        Assert.Equal(["selective_dynamics"], ((Structure)potassium.Output[0]!).SiteProperties.Keys);
        // Every Na has moment 1, so the new one has, too; and it may move.
        Assert.Equal(1, sodium.SiteProperties["magmom"].Reals[8]);
        Assert.Equal([true, true, true], sodium.SiteProperties["selective_dynamics"].Logicals[24..].ToArray());
        Assert.Equal(2, vacancy.SiteProperties.Count);
        Assert.Equal(7, vacancy.SiteProperties["magmom"].SiteCount);
        // The moments of three Cl are alike and the fourth is apart: at least two kinds of site, whatever the lattice says.
        Structure[] chlorine = Make(parent, "New-PointDefect -Vacancy Cl");
        Assert.Equal(2, chlorine.Length);
        Assert.Equal(["1", "3"], chlorine.Select(v => v.Provenance!.Parameters["multiplicity"]).Order());
    }

    private static Structure RockSaltLike() => SampleCrystals.Make(Lattice.Cubic(4.2), "O 0 0 0", "Al .5 .5 .5", "O .5 .5 0", "Al 0 0 .5", "O .5 0 .5", "Al 0 .5 0", "O 0 .5 .5", "Al .5 0 0");

    private static void AssertNear(Structure s, Vector3D[] allowed) =>
        Assert.Contains(allowed, a => (s.FractionalPositions[^1] - a).Length < 1e-9);

    private static string Fingerprint(Structure s)
    {
        var image = new MinimumImage(s.Lattice, s.Periodicity);
        var distances = new List<string>();
        for (int i = 0; i < s.AtomCount; i++)
        {
            for (int j = i + 1; j < s.AtomCount; j++)
            {
                distances.Add($"{s.Species[i].Number + s.Species[j].Number}:{image.Distance(s.CartesianPositions[i], s.CartesianPositions[j]):F3}");
            }
        }

        distances.Sort(StringComparer.Ordinal);
        return string.Join(' ', distances);
    }

    // The classes of sites and of pairs of sites under spglib's operations, by brute force.
    private static JsonElement SpglibOrbits(Structure s, double tolerance) => SystemPython.Run("""
        import numpy as np, spglib
        s, tolerance = data
        cell, f, z = np.array(s['cell']).reshape(3, 3), np.array(s['positions']).reshape(-1, 3), np.array(s['numbers'])
        ops = spglib.get_symmetry((cell, f, z), symprec=tolerance)
        n = len(z)
        maps = set()
        for R, t in zip(ops['rotations'], ops['translations']):
            d = (f @ R.T + t)[:, None, :] - f[None, :, :]
            d -= np.round(d)
            d = np.linalg.norm(d @ cell, axis=2)
            d[z[:, None] != z[None, :]] = 1e9
            maps.add(tuple(np.argmin(d, axis=1).tolist()))
        maps = np.array(sorted(maps))
        sites = maps.min(axis=0).tolist()
        lo = np.minimum(maps[:, :, None], maps[:, None, :]); hi = np.maximum(maps[:, :, None], maps[:, None, :])
        pairs = (lo * n + hi).min(axis=0).tolist()
        result = {'sites': sites, 'pairs': pairs}
        """, new object[] { ForPython(s), tolerance });

    private static void AssertPairs(Structure crystal, Structure[] defects, JsonElement orbits)
    {
        int[][] pairs = orbits.GetProperty("pairs").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetInt32()).ToArray()).ToArray();
        (int I, int J)[] removed = defects.Select(d => d.Provenance!.Parameters["sites"].Split(' ').Select(x => int.Parse(x, System.Globalization.CultureInfo.InvariantCulture) - 1).ToArray()).Select(x => (x[0], x[1])).ToArray();
        double reach = defects.Max(d => double.Parse(d.Provenance!.Parameters["distance"], System.Globalization.CultureInfo.InvariantCulture)) + 1e-3;
        Element a = crystal.Species[removed[0].I], b = crystal.Species[removed[0].J];
        var image = new MinimumImage(crystal.Lattice, crystal.Periodicity);
        int[] expected = (from i in Enumerable.Range(0, crystal.AtomCount)
                          from j in Enumerable.Range(0, crystal.AtomCount)
                          where i != j && crystal.Species[i] == a && crystal.Species[j] == b && image.Distance(crystal.CartesianPositions[i], crystal.CartesianPositions[j]) <= reach
                          select pairs[i][j]).Distinct().Order().ToArray();
        Assert.Equal(expected, removed.Select(r => pairs[r.I][r.J]).Order());
    }

    private static Structure[] Make(Structure parent, string pipeline)
    {
        PipelineResult result = Run(parent, pipeline);
        Assert.Empty(result.Errors);
        return [.. result.Output.Cast<Structure>()];
    }

    private static Structure Make(Lattice lattice, params string[] sites) => SampleCrystals.Make(lattice, sites);

    private static string Error(Structure parent, string pipeline) => Assert.Single(Run(parent, pipeline).Errors).FullyQualifiedErrorId.Split(',')[0];

    private static PipelineResult Run(Structure parent, string pipeline) => PipelineHost.Run(pipeline, Path.GetTempPath(), new PipelineOptions { Input = [parent] });
}
