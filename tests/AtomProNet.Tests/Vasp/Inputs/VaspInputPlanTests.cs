using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Formats.Poscar;
using AtomProNet.Generation;
using AtomProNet.Structures;
using AtomProNet.Tests.Generation;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.Tests.Vasp.Inputs;

public sealed class VaspInputPlanTests
{
    private static readonly Structure Hematite = SampleCrystals.Make(Lattice.FromParameters(5.0, 5.0, 13.7, 90, 90, 120), "Fe 0 0 .355", "O .31 0 .25", "Fe 0 0 .145", "O 0 .31 .25", "Fe 0 0 .645", "O .69 0 .75");

    [Fact]
    public void Species_are_gathered_and_everything_moves_along()
    {
        VaspInputPlan plan = Plan(Hematite, new() { Set = VaspInputSets.Get(VaspPreset.MPStatic), SiteMagneticMoments = [5, 0, -5, 0.1, 4, 0.2] });

        Assert.Equal("Fe Fe Fe O O O", string.Join(' ', plan.Structure.Species));
        Assert.Equal([0, 2, 4, 1, 3, 5], plan.SiteOrder.Sites);
        Assert.Equal("5 -5 4 0 0.1 0.2", plan.Incar["MAGMOM"]!.Text);
        Assert.Equal(["Fe_pv", "O"], plan.Potentials.Select(p => p.Name));
        Assert.Equal("5.3 0", plan.Incar["LDAUU"]!.Text);
        Assert.Equal("2 0", plan.Incar["LDAUL"]!.Text);
        Assert.Equal(6 * 5e-5, plan.Incar["EDIFF"]!.AsNumber!.Value, 1e-18);
        Assert.Equal(4, plan.Incar["LMAXMIX"]!.AsInteger);
        Assert.Equal(Hematite.ContentHash, plan.Record.ContentHash);
        Assert.Equal([0, 2, 4, 1, 3, 5], plan.Record.SiteOrder!.Sites);
    }

    [Theory]
    [InlineData("Fe .5 .5 .5", "S 0 0 0", false)] // the most electronegative element is neither O nor F
    [InlineData("Fe .5 .5 .5", "O 0 0 0", true)]
    [InlineData("Co .5 .5 .5", "F 0 0 0", true)]
    [InlineData("Ti .5 .5 .5", "O 0 0 0", false)] // no U for titanium
    [InlineData("Fe .5 .5 .5", "N 0 0 0", false)]
    public void U_only_in_oxides_and_fluorides_of_the_listed_metals(string metal, string anion, bool expected)
    {
        VaspInputPlan plan = Plan(SampleCrystals.Make(Lattice.Cubic(4.2), metal, anion), new() { Set = VaspInputSets.Get(VaspPreset.MPRelax) });

        Assert.Equal(expected, plan.Incar.Contains("LDAU"));
        Assert.Equal(expected, plan.Incar.Contains("LDAUU"));
    }

    [Fact]
    public void Moments_come_from_site_then_parameter_then_table()
    {
        Structure sites = Hematite.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal).Add("magmom", SiteProperty.Real(1, [3, 0.5, -3, 0.5, 3, 0.5])));
        Structure ions = Hematite.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal).Add("oxidation_state", SiteProperty.Real(1, [3, -2, 3, -2, 3, -2])));
        VaspInputSet mp = VaspInputSets.Get(VaspPreset.MPStatic);
        ImmutableDictionary<string, double> table = ImmutableDictionary<string, double>.Empty.Add("Fe", 2.5);

        Assert.Equal("3*5 3*0.6", Plan(Hematite, new() { Set = mp }).Incar["MAGMOM"]!.Text);
        Assert.Equal("3*2.5 3*0.6", Plan(Hematite, new() { Set = mp, MagneticMoments = table }).Incar["MAGMOM"]!.Text);
        Assert.Equal("3 -3 3 3*0.5", Plan(sites, new() { Set = mp, MagneticMoments = table }).Incar["MAGMOM"]!.Text);
        Assert.Equal("3*5 3*0.6", Plan(ions, new() { Set = mp }).Incar["MAGMOM"]!.Text); // Fe3+ is not in the table of ions
        Assert.Equal("2*4 3*0.6", Plan(SampleCrystals.Make(Lattice.Cubic(5), "Mn 0 0 0", "Mn .5 .5 .5", "O .25 .25 .25", "O .75 .75 .25", "O .75 .25 .75").With(siteProperties: ions.SiteProperties.SetItem("oxidation_state", SiteProperty.Real(1, [3, 3, -2, -2, -2]))), new() { Set = mp }).Incar["MAGMOM"]!.Text);
        Assert.Equal("0 0 5 0 0 5 0 0 5 0 0 0.6 0 0 0.6 0 0 0.6", Plan(Hematite, new() { Set = mp, Overrides = [new("LSORBIT", IncarValue.Of(true))] }).Incar["MAGMOM"]!.Text.Replace("2*0", "0 0", StringComparison.Ordinal));
        Assert.Null(Plan(Hematite, new() { Set = mp, Overrides = [new("ISPIN", IncarValue.Of(1))] }).Incar["MAGMOM"]);
        Assert.Null(Plan(Hematite, new() { Set = mp, Overrides = [new("MAGMOM", null)] }).Incar["MAGMOM"]);
        Assert.Equal("SiteMomentCount", Fails(Hematite, new() { Set = mp, SiteMagneticMoments = [1, 2] }));
        Assert.Equal("IncarListLength", Fails(Hematite, new() { Set = mp, Overrides = [new("MAGMOM", IncarValue.Parse("5*0.6"))] }));
        Assert.Equal("IncarListLength", Fails(Hematite, new() { Set = mp, BaseIncar = Incar.Empty.With("LDAUU", "5.3 0 0") }));
    }

    [Fact]
    public void Overrides_go_before_all_and_are_recorded()
    {
        VaspInputPlan plan = Plan(Hematite, new()
        {
            Set = VaspInputSets.Get(VaspPreset.MPStatic),
            Overrides = [new("encut", IncarValue.Of(600)), new("LCHARG", IncarValue.Of(true)), new("LORBIT", null), new("ISMAER", IncarValue.Of(0))],
        });

        Assert.Equal(600, plan.Incar["ENCUT"]!.AsNumber);
        Assert.True(plan.Incar["LCHARG"]!.AsLogical);
        Assert.False(plan.Incar.Contains("LORBIT"));
        Assert.StartsWith("520 → 600", plan.Record.Method.Deviations["ENCUT"], StringComparison.Ordinal);
        Assert.Contains("LORBIT", plan.Record.Method.Deviations.Keys);
        Assert.Contains(plan.Findings, f => f.Code == "IncarTagUnknown" && f.Advice!.Contains("ISMEAR", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(VaspPreset.AtomProNet)]
    [InlineData(VaspPreset.MPStatic)]
    [InlineData(VaspPreset.MPRelax)]
    [InlineData(VaspPreset.MatPESStatic)]
    public void Label_runs_write_no_large_files(VaspPreset preset)
    {
        VaspInputPlan plan = Plan(SampleCrystals.Aluminium, new() { Set = VaspInputSets.Get(preset) });

        Assert.False(plan.Incar["LWAVE"]!.AsLogical);
        Assert.False(plan.Incar["LCHARG"]!.AsLogical);
        Assert.True(plan.Incar["LAECHG"]?.AsLogical is null or false);
        Assert.Contains("LCHARG", plan.Record.Method.Deviations.Keys);
        Assert.Contains(plan.Findings, f => f.Code == "FilesNotWritten");
    }

    [Fact]
    public void MatPES_is_as_published()
    {
        VaspInputPlan plan = Plan(Hematite, new() { Set = VaspInputSets.Get(VaspPreset.MatPESStatic) });

        Assert.Equal(
            "ALGO=Normal EDIFF=1e-05 ENAUG=1360 ENCUT=680 GGA=PE ISMEAR=0 ISPIN=2 KSPACING=0.22 LAECHG=.FALSE. LASPH=.TRUE. LCHARG=.FALSE. LDAU=.FALSE. LMAXMIX=6 LMIXTAU=.TRUE. LORBIT=11 LREAL=.FALSE. LWAVE=.FALSE. NELM=200 NSW=0 PREC=Accurate SIGMA=0.05 MAGMOM=3*5 3*0.6",
            string.Join(' ', plan.Incar.Without("SYSTEM").Select(p => $"{p.Key}={p.Value}")));
        Assert.Null(plan.KPointMesh);
        Assert.Equal(0.22, plan.KPoints.Spacing);
        // |b| = 1/(5·sin 60°): ⌈2π·0.23094/0.22⌉ = 7; ⌈2π/13.7/0.22⌉ = 3.
        Assert.Equal([7, 7, 3], plan.EffectiveMesh.Divisions);
    }

    [Fact]
    public void A_mesh_that_is_asked_for_takes_the_place_of_KSPACING()
    {
        VaspInputPlan plan = Plan(Hematite, new() { Set = VaspInputSets.Get(VaspPreset.MatPESStatic), KPoints = new KPointRule.Spacing(0.22) });

        Assert.Equal([7, 7, 3], plan.KPointMesh!.Value.Divisions);
        Assert.False(plan.Incar.Contains("KSPACING"));
        Assert.Contains("KSPACING", plan.Record.Method.Deviations.Keys);
    }

    [Fact]
    public void A_left_handed_cell_is_turned_and_stays_the_same_crystal()
    {
        Lattice l = Hematite.Lattice!;
        Structure left = new(new Lattice(l.B, l.A, l.C), Hematite.Species, Hematite.CartesianPositions, CoordinateKind.Cartesian);
        left = left.With(kind: CoordinateKind.Fractional, siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal).Add("selective_dynamics", SiteProperty.Logical(3, [.. Enumerable.Range(0, 18).Select(i => i % 3 == 0)])));

        VaspInputPlan plan = Plan(left, new() { Set = VaspInputSets.Get(VaspPreset.AtomProNet), KPoints = new KPointRule.Mesh([2, 4, 6]) });

        Assert.True(plan.Structure.Lattice!.IsRightHanded);
        Assert.Equal([1, 0, 2], plan.SiteOrder.LatticeVectors);
        Assert.Equal([4, 2, 6], plan.KPointMesh!.Value.Divisions); // the mesh belongs to the vectors as they were given
        Assert.Equal([false, true, false], plan.Structure.SiteProperties["selective_dynamics"].Logicals[..3].ToArray());
        for (int i = 0; i < 6; i++)
        {
            Vector3D there = left.CartesianPositions[plan.SiteOrder.Sites[i]];
            Assert.True((plan.Structure.CartesianPositions[i] - there).Length < 1e-12);
        }
    }

    [Fact]
    public void Strained_copies_keep_the_mesh_of_their_parent_where_that_is_asked_for()
    {
        Structure parent = SampleCrystals.Corundum.With(name: "c", provenance: Provenance.Root("Bundled", "bundled:x"));
        Structure[] series = [.. StrainSeries.ByMode([StrainMode.Hydrostatic, StrainMode.Shear]).Apply(parent)];
        VaspInputOptions own = new() { Set = VaspInputSets.Get(VaspPreset.MatPESStatic) }, parents = own with { KPointsFrom = KPointSource.Parent };
        KPointMesh wanted = KPointMeshes.Make(new KPointRule.Spacing(0.22), parent);
        var watch = new MeshWatch();

        Assert.True(series.Select(s => Plan(s, own).EffectiveMesh).Distinct().Count() > 1);
        Assert.Equal([wanted], series.Select(s => Plan(s, parents).KPointMesh!.Value).Distinct());
        Assert.Equal("MeshChangesInSeries", Assert.Single(series.Select(s => Plan(s, own)).Select(p => watch.Next(p.Structure, p.EffectiveMesh, p.Name)).OfType<Finding>()).Code);
        watch = new MeshWatch();
        Assert.Empty(series.Select(s => Plan(s, parents)).Select(p => watch.Next(p.Structure, p.EffectiveMesh, p.Name)).OfType<Finding>());
        Assert.All(series, s => Assert.True(Close(parent.Lattice!, ParentLattice.Of(s))));

        static bool Close(Lattice a, Lattice b) => a.Rows.ToRowMajor().Zip(b.Rows.ToRowMajor()).All(p => Math.Abs(p.First - p.Second) < 1e-12);
    }

    [Fact]
    public void A_parent_that_cannot_be_known_is_no_guess()
    {
        Provenance root = Provenance.Root("File", "f");
        Structure s = SampleCrystals.Aluminium;
        VaspInputOptions options = new() { Set = VaspInputSets.Get(VaspPreset.MPStatic), KPointsFrom = KPointSource.Parent };

        Assert.Equal("ParentLatticeUnknown", Fails(s.With(provenance: root.Derive("Strain", "x", new Dictionary<string, string> { ["voigt"] = "1 2" })), options));
        Assert.Equal("ParentLatticeUnknown", Fails(s.With(provenance: root.Derive("Strain", "x")), options));
        Assert.Equal("ParentLatticeUnknown", Fails(s.With(provenance: root.Derive("Rattle", "x", new Dictionary<string, string> { ["cellNoise"] = "0.02" })), options));
        Plan(s.With(provenance: root.Derive("Rattle", "x", new Dictionary<string, string> { ["cellNoise"] = "0", ["sigma"] = "0.1" })), options);
    }

    [Fact]
    public void Too_few_points_for_tetrahedra_are_noticed()
    {
        VaspInputSet mp = VaspInputSets.Get(VaspPreset.MPStatic);
        VaspInputPlan plan = Plan(SampleCrystals.Silicon, new() { Set = mp, KPoints = new KPointRule.Mesh([2, 2, 2]) });
        Assert.Equal(4, CrystalOperations.Of(SampleCrystals.Silicon, 1e-5).IrreducibleCount(new(2, 2, 2, true)));
        Assert.Equal(-5, plan.Incar["ISMEAR"]!.AsInteger);

        plan = Plan(SampleCrystals.Silicon, new() { Set = mp, KPoints = new KPointRule.Mesh([2, 2, 2], GammaCentred: false) });
        Assert.Equal(0, plan.Incar["ISMEAR"]!.AsInteger); // one irreducible point
        Assert.Contains(plan.Findings, f => f.Code == "TetrahedraReplaced");
        Assert.Contains("ISMEAR", plan.Record.Method.Deviations.Keys);

        plan = Plan(SampleCrystals.Silicon, new() { Set = mp, KPoints = new KPointRule.Mesh([1, 1, 1]), Overrides = [new("ISMEAR", IncarValue.Of(-5))] });
        Assert.Equal(-5, plan.Incar["ISMEAR"]!.AsInteger);
        Assert.Contains(plan.Findings, f => f.Code == "TooFewKPointsForTetrahedra");
    }

    [Fact]
    public void Moments_lower_the_symmetry()
    {
        Structure iron = SampleCrystals.Make(Lattice.FromParameters(2.87, 2.87, 2.87, 90, 90, 90), "Fe 0 0 0", "Fe .5 .5 .5");
        Structure tilted = SampleCrystals.Make(new Lattice(new(2.87, 0, 0), new(0, 2.87, 0), new(0, 0, 5.74)), "Fe 0 0 0", "Fe .5 .5 .25", "Fe 0 0 .5", "Fe .5 .5 .75");
        Structure antiferromagnetic = tilted.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal).Add("magmom", SiteProperty.Real(1, [5, 5, -5, -5])));

        Assert.Equal(2, CrystalOperations.Of(iron, 1e-5).Translations.Length);
        Assert.Equal(4, CrystalOperations.Of(tilted, 1e-5).Translations.Length);
        Assert.Single(CrystalOperations.Of(antiferromagnetic, 1e-5).Translations);
    }

    [Fact]
    public void Tetrahedra_in_a_metal_are_noticed()
    {
        VaspInputSet mp = VaspInputSets.Get(VaspPreset.MPStatic);

        Assert.Contains(Plan(SampleCrystals.Aluminium, new() { Set = mp }).Findings, f => f.Code == "TetrahedronForcesInMetal");
        Assert.DoesNotContain(Plan(SampleCrystals.Corundum, new() { Set = mp }).Findings, f => f.Code == "TetrahedronForcesInMetal");
    }

    [Fact]
    public void Atoms_in_one_place_are_refused_and_near_ones_told()
    {
        VaspInputOptions options = new() { Set = VaspInputSets.Get(VaspPreset.AtomProNet) };

        Assert.Equal("AtomsCoincide", Fails(SampleCrystals.Make(Lattice.Cubic(4), "Al .001 0 0", "O .999 0 0"), options));
        Assert.Contains(Plan(SampleCrystals.Make(Lattice.Cubic(4), "Al 0 0 0", "O .2 0 0"), options).Findings, f => f.Code == "AtomsTooClose");
        Assert.DoesNotContain(Plan(SampleCrystals.Corundum, options).Findings, f => f.Code == "AtomsTooClose");
        Assert.Equal("LatticeMissing", Fails(new Structure(null, [Element.FromSymbol("O")], [default], CoordinateKind.Cartesian), options));
        Assert.Equal("StructureEmpty", Fails(new Structure(Lattice.Cubic(3), [], [], CoordinateKind.Cartesian), options));
    }

    [Theory]
    [InlineData(VaspEnsemble.NvtNoseHoover, "MDALGO=2 SMASS=0 ISIF=2")]
    [InlineData(VaspEnsemble.NvtLangevin, "MDALGO=3 LANGEVIN_GAMMA=10 10 ISIF=2")]
    [InlineData(VaspEnsemble.NptLangevin, "MDALGO=3 LANGEVIN_GAMMA=10 10 LANGEVIN_GAMMA_L=1 PMASS=10 ISIF=3")]
    public void Molecular_dynamics_is_laid_over_the_method(VaspEnsemble ensemble, string expected)
    {
        VaspInputPlan plan = Plan(SampleCrystals.RockSalt, new() { Set = VaspInputSets.Get(VaspPreset.MPStatic), Dynamics = new(VaspInputSets.Get(ensemble), 300, 600, Steps: 5000) });

        foreach (string pair in expected.Split(' ').Aggregate(new List<string>(), (all, word) => { if (word.Contains('=', StringComparison.Ordinal)) { all.Add(word); } else { all[^1] += " " + word; } return all; }))
        {
            Assert.Equal(pair.Split('=')[1], plan.Incar[pair.Split('=')[0]]!.Text);
        }

        Assert.Equal("0 0 5000 2 300 600 0 .FALSE. .FALSE.", string.Join(' ', new[] { "IBRION", "ISYM", "NSW", "POTIM", "TEBEG", "TEEND", "ISMEAR", "LWAVE", "LCHARG" }.Select(k => plan.Incar[k]!.Text)));
        Assert.Equal(ensemble == VaspEnsemble.NptLangevin ? 676 : 520, plan.Incar["ENCUT"]!.AsNumber); // 1.3 × 520 where ENMAX is not known
        Assert.Equal(ensemble == VaspEnsemble.NptLangevin, plan.Findings.Any(f => f.Code == "CutoffRaised"));
    }

    [Fact]
    public void Hydrogen_takes_short_steps()
    {
        VaspInputPlan plan = Plan(SampleCrystals.Make(Lattice.Cubic(4), "Li 0 0 0", "H .5 .5 .5"), new() { Set = VaspInputSets.Get(VaspPreset.MPStatic), Dynamics = new(VaspInputSets.Get(VaspEnsemble.NvtLangevin), 300) });

        Assert.Equal(0.5, plan.Incar["POTIM"]!.AsNumber);
    }

    [Fact]
    public void An_isolated_atom_is_computed_as_one()
    {
        VaspInputPlan plan = Plan(IsolatedAtoms.Create(Element.FromSymbol("Fe")), new() { Set = VaspInputSets.Get(VaspPreset.MatPESStatic), KPoints = new KPointRule.Mesh([4, 4, 4]) });

        Assert.Equal("0 0 2 4 .FALSE. 0 680", string.Join(' ', new[] { "ISMEAR", "ISYM", "ISPIN", "MAGMOM", "LREAL", "NSW", "ENCUT" }.Select(k => plan.Incar[k]!.Text)));
        Assert.True(plan.KPointMesh!.Value.IsGammaOnly);
        Assert.False(plan.Incar.Contains("KSPACING"));
        Assert.Equal("IsolatedAtom", plan.Record.ConfigType);
        Assert.Equal(["12", "13", "14"], plan.Structure.Lattice!.Lengths.ToString().Split(' '));
    }

    /// <summary>VASP reads LDAUU only where LDAU is on, and where LDAU is on without LDAUU it takes U = J = 1 eV, an effective U of 0 (VASP manual, LDAUU and LDAUJ).</summary>
    [Fact]
    public void A_U_that_would_not_be_used_is_refused()
    {
        VaspInputOptions paper = new() { Set = VaspInputSets.Get(VaspPreset.AtomProNet) }, matpes = new() { Set = VaspInputSets.Get(VaspPreset.MatPESStatic) }, mp = new() { Set = VaspInputSets.Get(VaspPreset.MPStatic) };
        KeyValuePair<string, IncarValue?> u = new("ldauu", IncarValue.Parse("4 0")), on = new("LDAU", IncarValue.Of(true)), off = new("LDAU", IncarValue.Of(false));

        Assert.Equal("HubbardWithoutSwitch", Fails(Hematite, paper with { Overrides = [u] }));
        Assert.Equal("HubbardWithoutSwitch", Fails(Hematite, matpes with { Overrides = [u] })); // its LDAU is off
        Assert.Equal("HubbardWithoutSwitch", Fails(Hematite, paper with { BaseIncar = Incar.Empty.With("LDAUU", "4 0") }));
        Assert.Equal("HubbardWithoutSwitch", Fails(Hematite, paper with { BaseIncar = Incar.Empty.With("LDAU", false), Overrides = [u] }));
        Assert.Equal("HubbardValuesMissing", Fails(Hematite, matpes with { Overrides = [on] }));

        Assert.Equal("4 0", Plan(Hematite, matpes with { Overrides = [u, on] }).Incar["LDAUU"]!.Text);
        Assert.False(Plan(Hematite, mp with { Overrides = [off] }).Incar["LDAU"]!.AsLogical); // said to be off
        Assert.False(Plan(Hematite, paper with { BaseIncar = Incar.Empty.With("LDAU", false).With("LDAUU", "4 0") }).Incar["LDAU"]!.AsLogical);
    }

    /// <summary>A list for Fe O, laid over a structure whose species are O Fe, is a U on the d states of oxygen.</summary>
    [Fact]
    public void A_U_for_states_that_the_element_does_not_have_is_refused()
    {
        Structure reversed = SampleCrystals.Make(Lattice.Cubic(4.3), "O 0 0 0", "Fe .5 .5 .5"), ceria = SampleCrystals.Make(Lattice.Cubic(4.3), "Fe 0 0 0", "Ce .5 .5 .5");
        VaspInputOptions file = new() { Set = VaspInputSets.Get(VaspPreset.AtomProNet), BaseIncar = IncarReader.Read("LDAU = T; LDAUL = 2 -1; LDAUU = 5.3 0; LDAUJ = 2*0; LASPH = T") };

        Assert.Equal("HubbardStatesMissing", Fails(reversed, file));
        Assert.Equal("HubbardStatesMissing", Fails(reversed, file with { BaseIncar = file.BaseIncar!.Without("LDAUL") })); // 2 for all (VASP manual, LDAUL)
        Assert.Equal("HubbardStatesMissing", Fails(ceria, file with { BaseIncar = file.BaseIncar!.With("LDAUL", "3 3") }));
        Assert.Equal("2 -1", Plan(Hematite, file).Incar["LDAUL"]!.Text);
        Assert.Equal("-1 3", Plan(ceria, file with { BaseIncar = file.BaseIncar!.With("LDAUL", "-1 3").With("LDAUU", "0 5") }).Incar["LDAUL"]!.Text);
        Assert.Equal("1 2", Plan(reversed, file with { BaseIncar = file.BaseIncar!.With("LDAUL", "1 2").With("LDAUU", "5 4") }).Incar["LDAUL"]!.Text); // oxygen has p states
    }

    /// <summary>VASP reads MAGMOM only where ISPIN = 2.</summary>
    [Fact]
    public void Moments_of_a_run_without_spin_are_told()
    {
        VaspInputOptions paper = new() { Set = VaspInputSets.Get(VaspPreset.AtomProNet) };
        Structure ordered = WithMoments(5, 0, -5, 0, 5, 0), faint = WithMoments(0.02, 0, -0.01, 0, 0, 0);

        Assert.Contains(Plan(ordered, paper).Findings, f => f.Code == "MomentsNotUsed");
        Assert.Contains(Plan(Hematite, paper with { Overrides = [new("magmom", IncarValue.Parse("3*5 3*0"))] }).Findings, f => f.Code == "MomentsNotUsed");
        Assert.DoesNotContain(Plan(Hematite, paper).Findings, f => f.Code == "MomentsNotUsed");
        Assert.DoesNotContain(Plan(faint, paper).Findings, f => f.Code == "MomentsNotUsed"); // what a database has of a crystal without magnetism
        Assert.DoesNotContain(Plan(ordered, paper with { Overrides = [new("ISPIN", IncarValue.Of(1))] }).Findings, f => f.Code == "MomentsNotUsed"); // it is meant
        Assert.DoesNotContain(Plan(ordered, paper with { Overrides = [new("ISPIN", IncarValue.Of(2))] }).Findings, f => f.Code == "MomentsNotUsed");

        static Structure WithMoments(params double[] moments) => Hematite.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal).Add("magmom", SiteProperty.Real(1, [.. moments])));
    }

    [Fact]
    public void A_MAGMOM_in_another_order_than_the_structure_is_told()
    {
        VaspInputOptions mp = new() { Set = VaspInputSets.Get(VaspPreset.MPStatic) };
        Structure gathered = SampleCrystals.Make(Lattice.Cubic(4.3), "Fe 0 0 0", "O .5 .5 .5");

        Assert.Contains("3 Fe, 3 O", Assert.Single(Plan(Hematite, mp with { Overrides = [new("MAGMOM", IncarValue.Parse("5 0 -5 0 5 0"))] }).Findings, f => f.Code == "MomentsInFileOrder").Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Plan(Hematite, mp with { Overrides = [new("MAGMOM", IncarValue.Parse("6*1"))] }).Findings, f => f.Code == "MomentsInFileOrder"); // the same in any order
        Assert.DoesNotContain(Plan(gathered, mp with { Overrides = [new("MAGMOM", IncarValue.Parse("5 0"))] }).Findings, f => f.Code == "MomentsInFileOrder");
        Assert.DoesNotContain(Plan(Hematite, mp with { SiteMagneticMoments = [5, 0, -5, 0, 5, 0] }).Findings, f => f.Code == "MomentsInFileOrder");
    }

    /// <summary>ALGO = Fast, which the Materials Project's sets have, "is not properly supported" with hybrids, and VASP says nothing (VASP manual, LHFCALC); U values belong to the functional that they were fitted to.</summary>
    [Theory]
    [InlineData("LHFCALC=T", true, true)]
    [InlineData("LHFCALC=T;ALGO=Normal;LDAU=F", false, false)]
    [InlineData("LHFCALC=T;ALGO=All;LDAUU=2 0", false, false)] // a U of one's own
    [InlineData("METAGGA=R2SCAN", false, true)]
    [InlineData("GGA=PS", false, true)]
    [InlineData("GGA=PE", false, false)]
    [InlineData("LUSE_VDW=T", false, true)]
    [InlineData("IVDW=12", false, false)]
    public void What_does_not_go_with_another_functional_is_told(string incar, bool algorithm, bool hubbard)
    {
        VaspInputPlan plan = Plan(Hematite, new() { Set = VaspInputSets.Get(VaspPreset.MPStatic), Overrides = [.. IncarReader.Read(incar).Select(p => new KeyValuePair<string, IncarValue?>(p.Key, p.Value))] });

        Assert.Equal(algorithm, plan.Findings.Any(f => f.Code == "HybridAlgorithm"));
        Assert.Equal(hubbard, plan.Findings.Any(f => f.Code == "HubbardOfAnotherFunctional"));
    }

    [Theory]
    [InlineData("LSORBIT", "1")]
    [InlineData("LDAU", "yes")]
    [InlineData("LASPH", "on")]
    [InlineData("lhfcalc", ".TRUE. .TRUE.")]
    public void A_truth_value_that_is_none_is_refused(string key, string value)
    {
        Assert.Equal("IncarValueKind", Fails(Hematite, new() { Set = VaspInputSets.Get(VaspPreset.MPStatic), Overrides = [new(key, IncarValue.Parse(value))] }));
    }

    private static VaspInputPlan Plan(Structure s, VaspInputOptions options) => VaspInputPlan.Create("x", s, options);

    private static string Fails(Structure s, VaspInputOptions options) => Assert.Throws<AtomProNetException>(() => Plan(s, options)).ErrorId;
}
