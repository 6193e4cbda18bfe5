using System.Collections.Immutable;
using AtomProNet.Generation;
using AtomProNet.Structures;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Generation;

public sealed class StrainSeriesTests
{
    private static StrainSeries Hydrostatic(decimal range, decimal step) => StrainSeries.ByMode([StrainMode.Hydrostatic], StrainRange.Symmetric(range, step));

    [Fact]
    public void Ten_per_cent_is_twenty_one_structures()
    {
        Structure[] series = StrainSeries.ByMode([StrainMode.Hydrostatic]).Apply(Corundum).ToArray();

        Assert.Equal(21, series.Length);
        Assert.Equal("strain_-0.1000", series[0].Name);
        Assert.Equal("strain_-0.0900", series[1].Name);
        Assert.Equal("strain_+0.0000", series[10].Name);
        Assert.Equal("strain_+0.0100", series[11].Name);
        Assert.Equal("strain_+0.1000", series[20].Name);
        for (int i = 0; i < 21; i++)
        {
            double factor = 1 + (i - 10) / 100.0;
            Assert.Equal(Corundum.Volume!.Value * factor * factor * factor, series[i].Volume!.Value, 1e-9);
            Assert.True(series[i].FractionalPositions == Corundum.FractionalPositions, "The fractional positions are the parent's own.");
        }
    }

    [Theory]
    [InlineData("0.1", "0.0001", 2001)]
    [InlineData("0.1", "0.01", 21)]
    [InlineData("0.3", "0.1", 7)]
    [InlineData("0.07", "0.001", 141)]
    [InlineData("0", "0.01", 1)]
    [InlineData("0.1", "0.00001", 20001)]
    public void The_count_is_exact_and_zero_is_zero(string range, string step, int count)
    {
        var values = StrainRange.Symmetric(Decimal(range), Decimal(step));

        Assert.Equal(count, values.Count);
        Assert.Equal(count, values.Values.Distinct().Count());
        Assert.Equal(0m, values[count / 2]);
        Assert.Equal(Decimal(range), values.Last);
    }

    [Fact]
    public void Every_value_is_the_double_that_its_decimal_reads_as()
    {
        foreach (VoigtStrain strain in Hydrostatic(0.1m, 0.0001m).Strains)
        {
            int i = (int)(strain.XX * 10000);
            string text = (i < 0 ? "-" : "") + "0." + Math.Abs(i).ToString("0000", System.Globalization.CultureInfo.InvariantCulture);
            double expected = double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(BitConverter.DoubleToInt64Bits(i == 0 ? 0.0 : expected), BitConverter.DoubleToInt64Bits(strain.ToMatrix()[0, 0]));
            Assert.Equal(expected / 2, new VoigtStrain(0, 0, 0, strain.XX, 0, 0).ToMatrix()[1, 2], 1e-17);
        }
    }

    [Fact]
    public void The_unstrained_structure_keeps_every_bit()
    {
        var random = new Random(1);
        for (int i = 0; i < 40; i++)
        {
            Structure parent = AtomProNet.Tests.Formats.RandomStructures.Any(random);
            Structure unstrained = Hydrostatic(0.01m, 0.01m).Apply(parent).ElementAt(1);
            Assert.Equal(parent.Lattice!.Rows, unstrained.Lattice!.Rows);
            Assert.Equal(parent.ContentHash, unstrained.ContentHash);
            Assert.Equal(parent, unstrained);
        }
    }

    [Fact]
    public void The_lattice_is_multiplied_from_the_right_with_all_nine_entries()
    {
        Lattice lattice = new(new Vector3D(4, 0.5, 0.25), new Vector3D(-1, 5, 0.125), new Vector3D(0.75, 1, 6));
        Structure parent = Make(lattice, "Al .1 .2 .3");

        // By hand: xx = 0.02, yy = -0.04, zz = 0.06, γyz = 0.02, γxz = 0.04, γxy = 0.08.
        Structure strained = StrainSeries.OfList([new(0.02m, -0.04m, 0.06m, 0.02m, 0.04m, 0.08m)]).Apply(parent).Single();

        double[,] e = { { 0.02, 0.04, 0.02 }, { 0.04, -0.04, 0.01 }, { 0.02, 0.01, 0.06 } };
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double expected = lattice.Rows[i, j];
                for (int k = 0; k < 3; k++)
                {
                    expected += lattice.Rows[i, k] * e[k, j];
                }

                Assert.Equal(expected, strained.Lattice!.Rows[i, j], 1e-15);
            }
        }

        Assert.Equal(parent.FractionalPositions, strained.FractionalPositions);
        Assert.Equal("strain_xx+0.0200_yy-0.0400_zz+0.0600_yz+0.0200_xz+0.0400_xy+0.0800", strained.Name);
        Assert.Equal("0.02 -0.04 0.06 0.02 0.04 0.08", strained.Provenance!.Parameters["voigt"]);
        Assert.Equal(new VoigtStrain(0.02m, -0.04m, 0.06m, 0.02m, 0.04m, 0.08m), VoigtStrain.AppliedTo(strained));
    }

    [Fact]
    public void Straining_back_is_the_identity()
    {
        var random = new Random(2);
        for (int n = 0; n < 300; n++)
        {
            Structure parent = AtomProNet.Tests.Formats.RandomStructures.Any(random, atoms: 3);
            double E() => random.NextDouble() * 0.3 - 0.15;
            Matrix3x3 strain = new(new(E(), E(), E()), new(E(), E(), E()), new(E(), E(), E()));
            Matrix3x3 back = (Matrix3x3.Identity + strain).Inverse() - Matrix3x3.Identity;

            Structure same = StrainSeries.Strain(StrainSeries.Strain(parent, strain), back);

            Assert.All(parent.Lattice!.Rows.ToRowMajor().Zip(same.Lattice!.Rows.ToRowMajor()), p => Assert.Equal(p.First, p.Second, 1e-12 * 20));
            Assert.Equal(parent.FractionalPositions, same.FractionalPositions);
        }
    }

    [Theory]
    [InlineData(StrainMode.Hydrostatic, 5, "strain_-0.0200 strain_-0.0100 strain_+0.0000 strain_+0.0100 strain_+0.0200")]
    [InlineData(StrainMode.Uniaxial, 13, "strain_xx-0.0200 strain_xx-0.0100 strain_+0.0000 strain_xx+0.0100 strain_xx+0.0200 strain_yy-0.0200 strain_yy-0.0100 strain_yy+0.0100")]
    [InlineData(StrainMode.Biaxial, 13, "strain_yy-0.0200_zz-0.0200 strain_yy-0.0100_zz-0.0100 strain_+0.0000")]
    [InlineData(StrainMode.Shear, 13, "strain_yz-0.0200 strain_yz-0.0100 strain_+0.0000")]
    [InlineData(StrainMode.Volumetric, 125, "strain_xx-0.0200_yy-0.0200_zz-0.0200 strain_xx-0.0200_yy-0.0200_zz-0.0100")]
    public void Modes_have_their_counts_order_and_names(StrainMode mode, int count, string beginning)
    {
        Structure[] series = StrainSeries.ByMode([mode], StrainRange.Symmetric(0.02m, 0.01m)).Apply(RockSalt).ToArray();

        Assert.Equal(count, series.Length);
        Assert.StartsWith(beginning, string.Join(' ', series.Select(s => s.Name)), StringComparison.Ordinal);
        Assert.Equal(count, series.Select(s => s.Name).Distinct().Count());
        Assert.Equal(count, series.Select(s => s.ContentHash).Distinct().Count());
        Assert.Single(series, s => s.ContentHash == RockSalt.ContentHash);
        Assert.All(series, s => Assert.Equal(mode.ToString(), s.Provenance!.Parameters["mode"]));
    }

    [Fact]
    public void A_shear_value_is_the_engineering_strain()
    {
        Structure sheared = StrainSeries.ByMode([StrainMode.Shear], StrainRange.Symmetric(0.02m, 0.02m), planes: [StrainPlane.XY]).Apply(Make(Lattice.Cubic(10), "Al 0 0 0")).Last();

        // γ = 0.02 turns the right angle by 0.02 in all: a = (10, 0.1, 0), b = (0.1, 10, 0).
        Assert.Equal(new Vector3D(10, 0.1, 0), sheared.Lattice!.A);
        Assert.Equal(new Vector3D(0.1, 10, 0), sheared.Lattice.B);
        Assert.Equal("strain_xy+0.0200", sheared.Name);
    }

    [Fact]
    public void Several_modes_share_the_unstrained_structure_and_whatever_else_they_share()
    {
        StrainRange range = StrainRange.Symmetric(0.02m, 0.01m);
        StrainMode[] modes = Enum.GetValues<StrainMode>();

        Structure[] two = StrainSeries.ByMode([StrainMode.Uniaxial, StrainMode.Shear], range).Apply(RockSalt).ToArray();
        Structure[] all = StrainSeries.ByMode(modes, range).Apply(RockSalt).ToArray();
        Structure[] again = StrainSeries.ByMode([StrainMode.Volumetric, StrainMode.Biaxial, StrainMode.Uniaxial, StrainMode.Hydrostatic, StrainMode.Volumetric], range).Apply(RockSalt).ToArray();

        Assert.Equal(25, two.Length);
        Assert.Single(two, s => s.Name == "strain_+0.0000");
        Assert.Equal(all.Length, all.Select(s => VoigtStrain.AppliedTo(s)).Distinct().Count());
        // The grid, the shears, and the elastic set's six components at ±0.5 %: those at ±1 % are there already.
        Assert.Equal(125 + 12 + 12, all.Length);
        Assert.Equal(125, again.Length);
    }

    [Fact]
    public void The_elastic_set_is_six_components_at_two_values_of_each_sign_and_the_unstrained_structure()
    {
        Structure[] set = StrainSeries.ByMode([StrainMode.Elastic]).Apply(RockSalt).ToArray();

        Assert.Equal(25, set.Length);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal([-0.01m, -0.005m, 0.005m, 0.01m], set.Select(s => VoigtStrain.AppliedTo(s)!.Value).Where(v => v[i] != 0).Select(v => v[i]));
        }

        Assert.Equal("strain_xx-0.0050", set[1].Name);
    }

    [Fact]
    public void Axes_and_planes_can_be_chosen()
    {
        StrainRange range = StrainRange.Symmetric(0.01m, 0.01m);

        Assert.Equal(["strain_zz-0.0100", "strain_+0.0000", "strain_zz+0.0100"], StrainSeries.ByMode([StrainMode.Uniaxial], range, axes: [StrainAxis.Z]).Apply(RockSalt).Select(s => s.Name!));
        Assert.Equal(["strain_xx-0.0100_yy-0.0100", "strain_+0.0000", "strain_xx+0.0100_yy+0.0100"], StrainSeries.ByMode([StrainMode.Biaxial], range, planes: [StrainPlane.XY]).Apply(RockSalt).Select(s => s.Name!));
    }

    [Fact]
    public void A_range_need_not_be_symmetric()
    {
        StrainRange range = StrainRange.Between(-0.02m, 0.05m, 0.01m);
        Assert.Equal([-0.02m, -0.01m, 0, 0.01m, 0.02m, 0.03m, 0.04m, 0.05m], range.Values);

        // Zero that is not on the grid does not appear.
        Structure[] series = StrainSeries.ByMode([StrainMode.Hydrostatic], StrainRange.Between(0.005m, 0.025m, 0.01m)).Apply(RockSalt).ToArray();
        Assert.Equal(["strain_+0.0050", "strain_+0.0150", "strain_+0.0250"], series.Select(s => s.Name!));
    }

    [Fact]
    public void Digits_follow_the_step()
    {
        Assert.Equal("strain_+0.00010", Hydrostatic(0.0002m, 0.00005m).Apply(RockSalt).ElementAt(6).Name);
        Assert.Equal("strain_+0.5000", Hydrostatic(0.5m, 0.5m).Apply(RockSalt).Last().Name);
    }

    [Theory]
    [InlineData("0.1", "0.03", "StrainStepMismatch")]
    [InlineData("0.005", "0.01", "StrainStepMismatch")]
    [InlineData("-0.1", "0.01", "StrainRangeInvalid")]
    [InlineData("0.1", "0", "StrainStepInvalid")]
    [InlineData("0.1", "-0.01", "StrainStepInvalid")]
    public void A_range_that_cannot_be_met_is_refused(string range, string step, string id) =>
        Assert.Equal(id, Assert.Throws<AtomProNetException>(() => StrainRange.Symmetric(Decimal(range), Decimal(step))).ErrorId);

    [Fact]
    public void The_advice_names_ranges_that_work()
    {
        var e = Assert.Throws<AtomProNetException>(() => StrainRange.Symmetric(0.1m, 0.03m));
        Assert.Contains("0.09 or 0.12", e.Message, StringComparison.Ordinal);
        Assert.Equal("StrainRangeInvalid", Assert.Throws<AtomProNetException>(() => StrainRange.Between(0.1m, -0.1m, 0.01m)).ErrorId);
        Assert.Equal("StrainStepMismatch", Assert.Throws<AtomProNetException>(() => StrainRange.Between(-0.1m, 0.105m, 0.01m)).ErrorId);
    }

    [Theory]
    [InlineData(StrainMode.Hydrostatic, "-1 -1 -1 0 0 0")]
    [InlineData(StrainMode.Biaxial, "0 -1 -1 0 0 0")]
    [InlineData(StrainMode.Volumetric, "-1 -1 -1 0 0 0")]
    public void A_strain_that_leaves_no_cell_is_refused_and_named(StrainMode mode, string value)
    {
        var e = Assert.Throws<AtomProNetException>(() => StrainSeries.ByMode([mode], StrainRange.Symmetric(1, 0.5m)));
        Assert.Equal("StrainTooLarge", e.ErrorId);
        Assert.Equal(value, e.Value);
    }

    [Fact]
    public void Shear_is_limited_too_and_turning_inside_out_twice_does_not_help()
    {
        Assert.Equal("0 0 0 -2 0 0", Assert.Throws<AtomProNetException>(() => StrainSeries.ByMode([StrainMode.Shear], StrainRange.Symmetric(2, 1))).Value);
        // Two negative stretches make a positive determinant, but no crystal.
        Assert.Throws<AtomProNetException>(() => StrainSeries.OfList([new(-1.5m, -1.5m, 0, 0, 0, 0)]));
        Assert.Throws<AtomProNetException>(() => StrainSeries.Strain(RockSalt, Matrix3x3.Diagonal(-1, 0, 0)));
        Assert.Throws<AtomProNetException>(() => StrainSeries.Strain(RockSalt, Matrix3x3.Diagonal(double.NaN, 0, 0)));
    }

    [Fact]
    public void A_list_takes_rows_of_six_each_once()
    {
        Assert.Equal("VoigtStrainInvalid", Assert.Throws<AtomProNetException>(() => VoigtStrain.FromList([0.1m, 0, 0])).ErrorId);
        Assert.Equal("VoigtStrainInvalid", Assert.Throws<AtomProNetException>(() => StrainSeries.OfList([])).ErrorId);
        Assert.Equal("VoigtStrainRepeated", Assert.Throws<AtomProNetException>(() => StrainSeries.OfList([default, new(0.1m, 0, 0, 0, 0, 0), default])).ErrorId);
        // 0.10 and 0.1 are one number.
        Assert.Throws<AtomProNetException>(() => StrainSeries.OfList([new(0.10m, 0, 0, 0, 0, 0), new(0.1m, 0, 0, 0, 0, 0)]));
    }

    [Fact]
    public void Site_properties_and_periodicity_stay()
    {
        Structure parent = new(Lattice.Cubic(4), [Element.FromNumber(26)], [new(0.1, 0.2, 0.3)], CoordinateKind.Cartesian, new Periodicity(true, true, false),
            ImmutableSortedDictionary<string, SiteProperty>.Empty.Add("magmom", SiteProperty.Real(1, [2.2])));

        Structure strained = Hydrostatic(0.01m, 0.01m).Apply(parent).Last();

        Assert.Equal(2.2, strained.SiteProperties["magmom"].Reals[0]);
        Assert.Equal(parent.Periodicity, strained.Periodicity);
        Assert.Equal(parent.FractionalPositions, strained.FractionalPositions);
    }

    /// <summary>Forces that a file keeps under a name of its own are those of the parent's geometry.</summary>
    [Fact]
    public void Results_of_the_parent_do_not_go_along()
    {
        var vectors = SiteProperty.Real(3, [.. Enumerable.Range(0, 24).Select(i => 0.1 * i)]);
        Structure parent = RockSalt.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty
            .Add("force", vectors).Add("MACE_forces", vectors).Add("local_energy", SiteProperty.Real(1, [.. new double[8]])).Add("velocities", vectors).Add("force_group", SiteProperty.Integer(1, [.. new long[8]])));

        Structure[] children =
        [
            Hydrostatic(0.01m, 0.01m).Apply(parent).Last(),
            RattleSeries.Make(parent, 1, new RattleOptions()).Single(),
            .. PointDefects.Make(parent, [new DefectRequest.Vacancy(Element.FromSymbol("Na")), new DefectRequest.Substitution(Element.FromSymbol("Na"), Element.FromSymbol("K"))], new()),
        ];

        Assert.Equal(4, children.Length);
        Assert.All(children, c => Assert.DoesNotContain(c.SiteProperties.Keys, k => k is "force" or "MACE_forces" or "local_energy"));
        Assert.All(children, c => Assert.True(c.SiteProperties.ContainsKey("velocities")));
        // The structure without a strain is the parent itself.
        Assert.True(Hydrostatic(0.01m, 0.01m).Apply(parent).ElementAt(1).SiteProperties.ContainsKey("force"));
    }

    [Fact]
    public void A_strain_keeps_the_group_and_remembers_the_parent()
    {
        Structure parent = RockSalt.With(provenance: Provenance.Root("Test", "id-1"));
        Structure cell = Supercell.Repeat(parent, 2, 1, 1);

        Structure a = Hydrostatic(0.01m, 0.01m).Apply(parent).Last(), b = Hydrostatic(0.01m, 0.01m).Apply(cell).Last();

        Assert.Equal("id-1", a.GroupOf());
        Assert.Equal(cell.GroupOf(), b.GroupOf());
        Assert.NotEqual(a.GroupOf(), b.GroupOf());
        Assert.Equal("id-1", b.Provenance!.RootId);
        Assert.Equal(parent.ContentHash, a.Provenance!.ParentHash);
        Assert.Equal("Strain", a.Provenance.Operation);
        Assert.Equal("0.01", a.Provenance.Parameters["value"]);
        Assert.Equal("0.01 0.01 0.01 0 0 0", a.Provenance.Parameters["voigt"]);
        Assert.Equal("id-1 → Supercell → Strain", b.Provenance.ToString());
    }

    [Fact]
    public void Two_parents_without_provenance_have_two_groups()
    {
        Assert.Equal(RockSalt.ContentHash, Hydrostatic(0.01m, 0.01m).Apply(RockSalt).First().GroupOf());
        Assert.Equal(Rutile.ContentHash, Hydrostatic(0.01m, 0.01m).Apply(Rutile).First().GroupOf());
    }

    [Fact]
    public void A_strained_structure_strained_again_has_both_in_its_name()
    {
        Structure once = Hydrostatic(0.01m, 0.01m).Apply(RockSalt).Last();
        Assert.Equal("strain_+0.0100_strain_xy-0.0200", StrainSeries.ByMode([StrainMode.Shear], StrainRange.Symmetric(0.02m, 0.02m), planes: [StrainPlane.XY]).Apply(once).First().Name);
    }

    [Fact]
    public void A_grid_of_a_hundred_thousand_streams()
    {
        // 47³ = 103,823. Nothing of what was made stays alive: one in a thousand is watched from afar.
        StrainSeries series = StrainSeries.ByMode([StrainMode.Volumetric], StrainRange.Symmetric(0.023m, 0.001m));
        Structure parent = Make(Lattice.Cubic(4.05), "Al 0 0 0", "Al 0 .5 .5", "Al .5 0 .5", "Al .5 .5 0");
        var watched = new List<WeakReference>();
        int count = 0;
        foreach (Structure s in series.Apply(parent))
        {
            count++;
            if (count % 1000 == 0)
            {
                watched.Add(new WeakReference(s));
            }
        }

        GC.Collect();
        Assert.Equal(103_823, count);
        Assert.True(watched.Count(w => w.IsAlive) <= 5, "The structures made are still held.");
    }

    [Fact]
    public void The_first_of_a_huge_grid_comes_at_once()
    {
        // 20001³ structures: only what is asked for is made.
        Assert.Equal(3, StrainSeries.ByMode([StrainMode.Volumetric], StrainRange.Symmetric(0.1m, 0.00001m)).Apply(RockSalt).Take(3).Count());
    }

    [Fact]
    public void A_molecule_cannot_be_strained()
    {
        Structure molecule = new(null, [Element.FromNumber(1)], [Vector3D.Zero], CoordinateKind.Cartesian);
        Assert.Equal("LatticeMissing", Assert.Throws<AtomProNetException>(() => StrainSeries.ByMode([StrainMode.Hydrostatic]).Apply(molecule)).ErrorId);
    }

    [Fact]
    public void The_same_cells_as_pymatgen()
    {
        SystemPython.SkipUnlessThere("pymatgen", "numpy");
        Structure[] series = StrainSeries.ByMode([StrainMode.Elastic, StrainMode.Hydrostatic]).Apply(Corundum).ToArray();
        // pymatgen's Deformation multiplies column vectors from the left; our strains are symmetric, so that the cells are the same.
        var result = SystemPython.Run("""
            import numpy as np
            from pymatgen.core import Lattice, Structure
            from pymatgen.analysis.elasticity.strain import Strain, Deformation
            s = Structure(Lattice(np.array(data['s']['cell']).reshape(3, 3)), data['s']['numbers'], np.array(data['s']['positions']).reshape(-1, 3))
            result = []
            for v in data['voigt']:
                d = Deformation(np.eye(3) + Strain.from_voigt(v))
                result.append(d.apply_to_structure(s).lattice.matrix.ravel().tolist())
            """, new { s = ForPython(Corundum), voigt = series.Select(x => { VoigtStrain v = VoigtStrain.AppliedTo(x)!.Value; return new[] { v.XX, v.YY, v.ZZ, v.YZ, v.XZ, v.XY }; }) });
        for (int i = 0; i < series.Length; i++)
        {
            Assert.All(result[i].EnumerateArray().Select(x => x.GetDouble()).Zip(series[i].Lattice!.Rows.ToRowMajor()), p => Assert.Equal(p.First, p.Second, 1e-12));
        }
    }

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

internal static class GroupExtensions
{
    internal static string GroupOf(this Structure structure) => structure.Provenance!.GroupId;
}
