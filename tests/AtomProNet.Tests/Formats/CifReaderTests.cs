using System.Text;
using AtomProNet.Formats.Cif;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

public class CifReaderTests
{
    private const string Cubic = "_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n";
    private const string Sites = "loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n";

    [Fact]
    public void Reads_quotes_text_fields_remarks_and_uncertainties()
    {
        Structure s = Single("""
            # a remark before the first block
            data_Test_1   # and one behind
            _publ_author_name 'O'Neil, J. # no remark'
            _note
            ;a text with loop_ and data_x
             'unclosed quote
            ;
            _CELL_LENGTH_A 4.000(5)
            _cell.length_b 5.0(12)
            _cell_length_c	"6"
            _cell_angle_alpha 90
            _cell_angle_beta 90.000(0)
            _cell_angle_gamma 120
            LOOP_ _atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z _atom_site_occupancy
            Al1 0.25(1) .5 -1.5e-1 1.0 # remark
            O1A 0 0 0 .
            OW2 0 0 0.5 ?
            _other 'last one'
            """.ReplaceLineEndings("\r\n"));
        Assert.Equal("Test_1", s.Name);
        Assert.Equal(["Al", "O", "O"], s.Species.Select(e => e.Symbol));
        Assert.Equal(new Vector3D(0.25, 0.5, -0.15), s.FractionalPositions[0]);
        Assert.Equal(4, s.Lattice!.Lengths.X, 1e-12);
        Assert.Equal(120, s.Lattice.Angles.Z, 1e-12);
        Assert.Equal(4 * 5 * 6 * Math.Sqrt(3) / 2, s.Volume!.Value, 1e-9);
    }

    [Fact]
    public void Applies_operations_and_merges_special_positions()
    {
        // Rock salt from a few operations that make a group: the face-centring translations and the inversion.
        Structure s = Single("data_x\n" + Cubic + """
            loop_
            _symmetry_equiv_pos_site_id
            _symmetry_equiv_pos_as_xyz
            1 x,y,z
            2 'x, y+1/2, z+1/2'
            3 '1/2+X, Y, Z+0.5'
            4 x+1/2,y+1/2,z
            5 -x,-y,-z
            6 '-x, -y+1/2, -z+1/2'
            7 '-x+1/2, -y, -z+1/2'
            8 '-x+1/2, -y+1/2, -z'

            """ + Sites + "Na1 Na1+ 0 0 0\nCl1 Cl1- 0.5 0.5 0.5\n");
        Assert.Equal(["Na", "Na", "Na", "Na", "Cl", "Cl", "Cl", "Cl"], s.Species.Select(e => e.Symbol));
        Assert.Equal(
            new Vector3D[] { new(0, 0, 0), new(0, .5, .5), new(.5, 0, .5), new(.5, .5, 0), new(.5, .5, .5), new(.5, 0, 0), new(0, .5, 0), new(0, 0, .5) },
            s.FractionalPositions);
        Assert.Equal([1.0, 1, 1, 1, -1, -1, -1, -1], s.SiteProperties["oxidation_state"].Reals);
    }

    [Theory]
    [InlineData("0.3333", 1.0 / 3)]
    [InlineData("0.66667", 2.0 / 3)]
    [InlineData("0.6666(2)", 2.0 / 3)]
    [InlineData("-0.33333", -1.0 / 3)]
    [InlineData("0.333", 0.333)]
    [InlineData("0.3334", 0.3334)]
    [InlineData("0.33330", 0.3333)]
    [InlineData("0.3333333333333333", 1.0 / 3)]
    [InlineData("0.1667", 0.1667)]
    public void Takes_rounded_thirds_for_thirds(string text, double expected)
    {
        Structure s = Single("data_x\n" + Cubic + Sites + $"Al1 Al {text} 0 0\n");
        Assert.Equal(expected, s.FractionalPositions[0].X);
    }

    [Fact]
    public void Reads_all_blocks_that_have_sites_and_oxidation_numbers()
    {
        IReadOnlyList<Structure> all = Read("data_global\n_journal_name x\ndata_a\n" + Cubic + "loop_\n_atom_type_symbol\n_atom_type_oxidation_number\nAl 3\nO -2\n" + Sites + "Al1 Al 0 0 0\nO1 O .5 .5 .5\ndata_b\n" + Cubic + Sites + "Fe1 Fe+2 0 0 0\nO O2- .5 0 0\nH1 H .2 0 0\n");
        Assert.Equal(["a", "b"], all.Select(s => s.Name));
        Assert.Equal([3.0, -2.0], all[0].SiteProperties["oxidation_state"].Reals);
        Assert.Empty(all[1].SiteProperties);
    }

    [Theory]
    [InlineData("PartialOccupancy", "_atom_site_occupancy", "Al1 Al 0 0 0 0.5\n", "Al1")]
    [InlineData("PartialOccupancy", "_atom_site_occupancy", "Al1 Al 0 0 0 1\nFe1 Fe 1.0 0 0 1\n", "Fe1")]
    [InlineData("CifNumber", "_atom_site_occupancy", "Al1 Al 0 0 ? 1\n", "Al1")]
    [InlineData("CifNumber", "_atom_site_occupancy", "Al1 Al 0 0 1..2 1\n", "Al1")]
    [InlineData("CifElementUnknown", "_atom_site_occupancy", "M1 M 0 0 0 1\n", "M1")]
    [InlineData("CifElementUnknown", "_atom_site_occupancy", "CA1 ? 0 0 0 1\n", "CA1")]
    [InlineData("CifSitesTooClose", "_atom_site_occupancy", "Al1 Al 0 0 0 1\nAl2 Al 0.01 0 0 1\n", "Al2")]
    [InlineData("CifImplicitHydrogen", "_atom_site_attached_hydrogens", "O1 O 0 0 0 2\n", "O1")]
    public void Names_the_site_that_cannot_be_used(string id, string column, string rows, string name)
    {
        var e = Assert.Throws<AtomProNetException>(() => Read("data_x\n" + Cubic + Sites + column + "\n" + rows));
        Assert.Equal(id, e.ErrorId);
        Assert.Contains(name, e.Message);
        Assert.Equal("a.cif", e.File);
        Assert.NotNull(e.Line);
    }

    [Theory]
    [InlineData("CifOperationsMissing", "data_x\n_symmetry_space_group_name_H-M 'R -3 c'\n" + Cubic + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifOperationsMissing", "data_x\n_space_group_IT_number 225\n" + Cubic + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifOperationsMissing", "data_x\n_space_group_name_Hall '-F 4 2 3'\n" + Cubic + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifOperationsIncomplete", "data_x\n" + Cubic + "loop_\n_space_group_symop_operation_xyz\nx,y,z\n-y,x,z\n" + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifOperation", "data_x\n" + Cubic + "loop_\n_space_group_symop_operation_xyz\nx,y\n" + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifOperation", "data_x\n" + Cubic + "loop_\n_space_group_symop_operation_xyz\nx,y,2x\n" + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifOperation", "data_x\n" + Cubic + "loop_\n_space_group_symop_operation_xyz\nx,x,z\n" + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifCartesian", "data_x\n" + Cubic + "loop_\n_atom_site_label\n_atom_site_Cartn_x\n_atom_site_Cartn_y\n_atom_site_Cartn_z\nAl1 0 0 0\n")]
    [InlineData("CifCellMissing", "data_x\n_cell_length_a 4\n" + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifNumber", "data_x\n_cell_length_a four\n" + Sites + "Al1 Al 0 0 0\n")]
    [InlineData("CifSitesMissing", "data_x\n" + Cubic)]
    [InlineData("CifSitesMissing", "")]
    [InlineData("CifSitesMissing", "data_x\n" + Cubic + "loop_\n_atom_site_label\nAl1\n")]
    [InlineData("CifSyntax", "4 atoms\n")]
    [InlineData("CifSyntax", "data_x\n_a 'open\n")]
    [InlineData("CifSyntax", "data_x\n_a\n;open\n")]
    [InlineData("CifSyntax", "data_x\n_a\n")]
    [InlineData("CifSyntax", "data_x\n_a 1\n_a 2\n")]
    [InlineData("CifSyntax", "data_x\n_a 1 2\n")]
    [InlineData("CifSyntax", "data_x\nloop_\n_a\n_b\n1 2 3\n")]
    [InlineData("CifSyntax", "data_x\nloop_\n_a\n")]
    [InlineData("CellParametersImpossible", "data_x\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 20\n_cell_angle_beta 30\n_cell_angle_gamma 90\n" + Sites + "Al1 Al 0 0 0\n")]
    public void Refuses_with_a_reason(string id, string text)
    {
        var e = Assert.Throws<AtomProNetException>(() => Read(text));
        Assert.Equal(id, e.ErrorId);
        Assert.Equal("a.cif", e.File);
        Assert.True(e.Remedy is not null);
    }

    [Fact]
    public void Tells_of_contradictions()
    {
        var findings = new List<Finding>();
        CifReader.Read(Encoding.UTF8.GetBytes("data_x\n_chemical_formula_sum 'Al2 O3'\n_cell_formula_units_Z 2\n_symmetry_Int_Tables_number 167\n" + Cubic + "_symmetry_equiv_pos_as_xyz x,y,z\n" + Sites + "_atom_site_symmetry_multiplicity\nAl1 Al 0 0 0 12\n"), "a.cif", new() { Report = findings.Add });
        Assert.Equal(["CifSymmetryContradicts", "CifMultiplicityContradicts", "CifFormulaContradicts"], findings.Select(f => f.Code));
        findings.Clear();
        CifReader.Read(Encoding.UTF8.GetBytes("data_x\n_chemical_formula_sum 'Al'\n_cell_formula_units_Z 1\n_symmetry_space_group_name_H-M 'P 1'\n" + Cubic + Sites + "Al1 Al 0 0 0\n"), "a.cif", new() { Report = findings.Add });
        Assert.Empty(findings);
    }

    [Fact]
    public void A_list_of_all_atoms_with_all_operations_gives_each_atom_once() =>
        Assert.Equal(2, Single("data_x\n" + Cubic + "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-x,-y,-z\n" + Sites + "Al1 Al .1 .2 .3\nAl2 Al -.1 -.2 -.3\n").AtomCount);

    private static Structure Single(string text) => Assert.Single(Read(text));

    private static IReadOnlyList<Structure> Read(string text) => CifReader.Read(Encoding.UTF8.GetBytes(text), "a.cif");
}
