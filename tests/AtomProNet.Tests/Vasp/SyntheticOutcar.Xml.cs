using System.Globalization;
using System.Text;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp;

/// <summary>The same run as a vasprun.xml, in the layout of VASP 5.4.4 and 6.3.0.</summary>
internal sealed partial record SyntheticOutcar
{
    /// <summary>
    /// What a classical dispersion correction adds to the energy of the calculation, eV; the last electronic step lacks it.
    /// </summary>
    public double Dispersion { get; init; }

    /// <summary>The vasprun.xml's bytes.</summary>
    public byte[] ToVasprunBytes() => Encoding.ASCII.GetBytes(ToVasprun());

    /// <summary>The vasprun.xml's text.</summary>
    public string ToVasprun()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<modeling>\n <generator>\n  <i name=\"program\" type=\"string\">vasp </i>\n  <i name=\"version\" type=\"string\">{(Dialect == OutcarDialect.Vasp630 ? "6.3.0" : "5.4.4.18Apr17-6-g9f103f2a35")}  </i>\n </generator>\n <incar>\n  <i type=\"string\" name=\"SYSTEM\">SYNTHETIC & no run of VASP</i>\n  <i name=\"ENCUT\">{F(Encut, 16, 8)}</i>\n </incar>\n <structure name=\"primitive_cell\" >\n  <crystal>\n   <varray name=\"basis\" >\n    <v>       1.00000000       0.00000000       0.00000000 </v>\n   </varray>\n  </crystal>\n </structure>\n <kpoints>\n  <generation param=\"Monkhorst-Pack\">\n   <v type=\"int\" name=\"divisions\">       4        4        4 </v>\n   <v name=\"shift\">      0.50000000       0.50000000       0.50000000 </v>\n  </generation>\n </kpoints>\n <parameters>\n  <separator name=\"electronic\" >\n   <i type=\"string\" name=\"PREC\">normal</i>\n   <i name=\"ENMAX\">{F(Encut, 16, 8)}</i>\n   <i name=\"EDIFF\">      0.00000100</i>\n   <separator name=\"electronic smearing\" >\n    <i type=\"int\" name=\"ISMEAR\">{I(Ismear, 6)}</i>\n    <i name=\"SIGMA\">{F(Sigma, 16, 8)}</i>\n   </separator>\n   <separator name=\"electronic convergence\" >\n    <i type=\"int\" name=\"NELM\">{I(Nelm, 6)}</i>\n   </separator>\n   <separator name=\"electronic spin\" >\n    <i type=\"int\" name=\"ISPIN\">{I(Ispin, 6)}</i>\n    <i type=\"logical\" name=\"LNONCOLLINEAR\"> F  </i>\n   </separator>\n  </separator>\n  <separator name=\"ionic\" >\n   <i type=\"int\" name=\"NSW\">{I(Nsw, 6)}</i>\n   <i type=\"int\" name=\"IBRION\">{I(Ibrion, 6)}</i>\n   <i type=\"int\" name=\"ISIF\">{I(Isif, 6)}</i>\n  </separator>\n  <i type=\"logical\" name=\"LASPH\"> F  </i>\n  <separator name=\"response functions\" >\n   <i type=\"int\" name=\"NELM\">     1</i>\n  </separator>\n  <i type=\"logical\" name=\"ML_LMLFF\"> {(Steps.Any(s => s.IsMachineLearned) ? "T" : "F")}  </i>\n </parameters>\n <atominfo>\n  <atoms>{I(AtomCount, 8)} </atoms>\n  <types>{I(Types.Count, 8)} </types>\n  <array name=\"atoms\" >\n   <dimension dim=\"1\">ion</dimension>\n   <field type=\"string\">element</field>\n   <field type=\"int\">atomtype</field>\n   <set>\n");
        for (int i = 0; i < Types.Count; i++)
        {
            for (int k = 0; k < Types[i].Count; k++)
            {
                text.Append(CultureInfo.InvariantCulture, $"    <rc><c>{PrintedSymbol(Types[i]),-2}</c><c>{I(i + 1, 4)}</c></rc>\n");
            }
        }

        text.Append("   </set>\n  </array>\n  <array name=\"atomtypes\" >\n   <dimension dim=\"1\">type</dimension>\n   <field type=\"int\">atomspertype</field>\n   <set>\n");
        foreach (SyntheticType type in Types)
        {
            text.Append(CultureInfo.InvariantCulture, $"    <rc><c>{I(type.Count, 4)}</c><c>{PrintedSymbol(type),-2}</c><c>     26.98000000</c><c>      3.00000000</c><c>  {type.PrintedTitle,-38}</c></rc>\n");
        }

        text.Append("   </set>\n  </array>\n </atominfo>\n");
        XmlStructure(text, Steps[0], "initialpos");
        foreach (SyntheticStep step in Steps)
        {
            Calculation(text, step);
        }

        if (IsFinished)
        {
            XmlStructure(text, Steps[^1], "finalpos");
            text.Append("</modeling>\n");
        }

        return text.ToString();
    }

    private static string PrintedSymbol(SyntheticType type) => type.Configuration?.Split(':')[0].Trim() ?? type.Symbol;

    private void Calculation(StringBuilder text, SyntheticStep step)
    {
        text.Append(" <calculation>\n");
        for (int k = 1; !step.IsMachineLearned && k <= step.ElectronicSteps; k++)
        {
            double off = k == step.ElectronicSteps ? 0 : (k == step.ElectronicSteps - 1 ? 1 : Math.Pow(10, 1 - k)) * step.LastChange;
            double f = step.FreeEnergy - Dispersion + off;
            text.Append("  <scstep>\n   <time name=\"total\">    3.43    3.43</time>\n   <energy>\n");
            Item(text, "e_fr_energy", f, 4);
            Item(text, "e_wo_entrp", f - step.MinusEntropy, 4);
            Item(text, "e_0_energy", f - step.MinusEntropy / (2 + Math.Max(Ismear, 0)), 4);
            text.Append("   </energy>\n  </scstep>\n");
        }

        XmlStructure(text, step, null);
        if (!step.WithoutForces)
        {
            Table(text, "forces", step.Forces, 2);
        }

        if (step.Stress is { } s)
        {
            Matrix3x3 kilobar = s.ToMatrix() * -KilobarOfVasp;
            Table(text, "stress", [kilobar.Row1, kilobar.Row2, kilobar.Row3], 2);
        }

        text.Append("  <energy>\n");
        Item(text, "e_fr_energy", step.FreeEnergy, 3);
        if (!step.IsMachineLearned)
        {
            // Before VASP 6.1 these two hold the one for σ→0 and the entropy.
            bool isOld = Dialect != OutcarDialect.Vasp630;
            double zero = step.FreeEnergy - step.MinusEntropy / (2 + Math.Max(Ismear, 0));
            Item(text, "e_wo_entrp", isOld ? zero : step.FreeEnergy - step.MinusEntropy, 3);
            Item(text, "e_0_energy", isOld ? step.MinusEntropy : zero, 3);
        }

        if (step.Dynamics is { } dynamics)
        {
            Item(text, "kinetic", dynamics.KineticEnergy, 3);
            Item(text, "total", step.FreeEnergy + dynamics.KineticEnergy, 3);
        }

        text.Append("  </energy>\n  <eigenvalues>\n   <array>\n    <set>\n     <r>  -19.5000    1.0000 </r>\n    </set>\n   </array>\n  </eigenvalues>\n </calculation>\n");
    }

    private static void Item(StringBuilder text, string name, double value, int indent) =>
        text.Append(' ', indent).Append(CultureInfo.InvariantCulture, $"<i name=\"{name}\">{F(value, 16, 8)} </i>\n");

    private static void XmlStructure(StringBuilder text, SyntheticStep step, string? name)
    {
        text.Append(name is null ? "  <structure>\n" : $"  <structure name=\"{name}\" >\n").Append("   <crystal>\n");
        Table(text, "basis", [step.Lattice.A, step.Lattice.B, step.Lattice.C], 4);
        text.Append(CultureInfo.InvariantCulture, $"    <i name=\"volume\">{F(step.Lattice.Volume, 16, 8)} </i>\n");
        Matrix3x3 reciprocal = step.Lattice.Reciprocal;
        Table(text, "rec_basis", [reciprocal.Row1, reciprocal.Row2, reciprocal.Row3], 4);
        text.Append("   </crystal>\n");
        Table(text, "positions", [.. step.Positions.Select(r => Wrapped(step.Lattice.ToFractional(r)))], 3);
        text.Append("  </structure>\n");

        static Vector3D Wrapped(Vector3D f) => new(f.X - Math.Floor(f.X), f.Y - Math.Floor(f.Y), f.Z - Math.Floor(f.Z));
    }

    private static void Table(StringBuilder text, string name, Vector3D[] rows, int indent)
    {
        text.Append(' ', indent).Append(CultureInfo.InvariantCulture, $"<varray name=\"{name}\" >\n");
        foreach (Vector3D row in rows)
        {
            text.Append(' ', indent + 1).Append(CultureInfo.InvariantCulture, $"<v>{F(row.X, 17, 8)}{F(row.Y, 17, 8)}{F(row.Z, 17, 8)} </v>\n");
        }

        text.Append(' ', indent).Append("</varray>\n");
    }
}
