using System.Globalization;
using System.Text;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp;

/// <summary>The text: the layouts are those of files that VASP 5.2.2, 5.4.4 and 6.3.0 wrote.</summary>
internal sealed partial record SyntheticOutcar
{
    /// <summary>VASP's own constant for eV/Å³ in kB, 4e-7 above CODATA's.</summary>
    private const double KilobarOfVasp = 1602.17733;
    private const string Rule = "--------------------------------------------------------------------------------------------------------";

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => Encoding.ASCII.GetBytes(ToText());

    /// <summary>The file's text.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        Header(text);
        int number = 0;
        for (int i = 0; i < Steps.Count; i++)
        {
            if (!Steps[i].IsMachineLearned)
            {
                Step(text, Steps[i], ++number);
                if (i + 1 < Steps.Count && Steps[i + 1].IsMachineLearned)
                {
                    // The machine-learned frame of the next geometry stands before the end of the step.
                    MachineLearned(text, Steps[++i]);
                }

                text.Append("     LOOP+:  cpu time    790.7435: real time    798.1218\n\n\n");
            }
            else
            {
                MachineLearned(text, Steps[i]);
                text.Append(number == 0 ? "" : "     LOOP+:  cpu time    790.7435: real time    798.1218\n\n\n");
            }
        }

        if (IsFinished)
        {
            text.Append(" General timing and accounting informations for this job:\n ========================================================\n  \n                  Total CPU time used (sec):        1.000\n");
        }

        return text.ToString();
    }

    /// <summary>Fortran's F format: as wide as the column, or stars.</summary>
    internal static string F(double value, int width, int decimals)
    {
        string number = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return number.Length <= width ? number.PadLeft(width) : new string('*', width);
    }

    private static string I(int value, int width) => value.ToString(CultureInfo.InvariantCulture).PadLeft(width);

    private void Header(StringBuilder text)
    {
        string version = Dialect switch
        {
            OutcarDialect.Vasp522 => "vasp.5.2.2 15Apr09 complex",
            OutcarDialect.Vasp544 => "vasp.5.4.4.18Apr17-6-g9f103f2a35 (build SYNTHETIC not a run of VASP) complex",
            _ => "vasp.6.3.0 20Jan22 (build SYNTHETIC not a run of VASP) complex",
        };
        text.Append(CultureInfo.InvariantCulture, $" {version}\n executed on             synthetic date 2000.01.01  00:00:00\n running    1 mpi-ranks, with    1 threads/rank\n\n\n{Rule}\n\n\n INCAR:\n");
        if (Dialect == OutcarDialect.Vasp630)
        {
            text.Append(CultureInfo.InvariantCulture, $"   SYSTEM = SYNTHETIC - an analytic pair potential in the form of an OUTCAR\n   ENCUT = {Encut}\n   NSW = {Nsw}\n   ISMEAR = {Ismear}\n   SIGMA = {Sigma}\n   ISIF = {Isif}\n\n");
        }

        foreach (SyntheticType type in Types)
        {
            text.Append(CultureInfo.InvariantCulture, $" POTCAR:    {type.PrintedTitle,-35}\n");
        }

        foreach (SyntheticType type in Types)
        {
            text.Append(CultureInfo.InvariantCulture, $" POTCAR:    {type.PrintedTitle,-35}\n   VRHFIN ={type.Configuration ?? type.Symbol + ": synthetic"}\n   LEXCH  = PE\n   EATOM  =    53.5387 eV,    3.9350 Ry\n\n   TITEL  = {type.PrintedTitle}\n   POMASS =   26.981; ZVAL   =    3.000    mass and valenz\n   ENMAX  =  240.300; ENMIN  =  180.225 eV\n");
        }

        text.Append("\n\n");
        if (Dialect == OutcarDialect.Vasp630)
        {
            // The primitive cell: here half of the true one, so that a reader who takes it is found out.
            text.Append("                                     Primitive cell                                     \n\n").Append(CultureInfo.InvariantCulture, $"  volume of cell :{F(Steps[0].Lattice.Volume / 2, 13, 4)}\n\n  direct lattice vectors                    reciprocal lattice vectors\n");
            Matrix3x3 half = new(Steps[0].Lattice.A * 0.5, Steps[0].Lattice.B, Steps[0].Lattice.C);
            Rows(text, half);
        }

        text.Append(" KPOINTS: synthetic\n\nAutomatic generation of k-mesh.\n generate k-points for:    4    4    4\n\n Found      8 irreducible k-points:\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Rule}\n\n\n Dimension of arrays:\n   k-points           NKPTS =      8   k-points in BZ     NKDIM =      8   number of bands    NBANDS=     12\n   number of dos      NEDOS =    301   number of ions     NIONS ={I(AtomCount, 7)}\n");
        text.Append("   ions per type =            ");
        for (int i = 0; i < Types.Count; i++)
        {
            text.Append(i > 0 && i % 10 == 0 ? "\n                              " : "").Append(I(Types[i].Count, 4));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n   NGX,Y,Z   is equivalent  to a cutoff of   8.30,  8.08,  8.52 a.u.\n\n SYSTEM =  SYNTHETIC\n POSCAR =  SYNTHETIC\n\n Startparameter for this run:\n   NWRITE =      2    write-flag & timer\n   PREC   = {(Dialect == OutcarDialect.Vasp630 ? "normal" : "accura")}    normal or accurate (medium, high low for compatibility)\n   ISPIN  = {I(Ispin, 6)}    spin polarized calculation?\n   LNONCOLLINEAR =      F non collinear calculations\n   LASPH  =      F    aspherical Exc in radial PAW\n");
        if (Dialect != OutcarDialect.Vasp630)
        {
            text.Append("   METAGGA=      F    non-selfconsistent MetaGGA calc.\n");
        }

        text.Append(CultureInfo.InvariantCulture, $" Electronic Relaxation 1\n   ENCUT  ={F(Encut, 7, 1)} eV  29.40 Ry    5.42 a.u.  15.67 16.11 11.45*2*pi/ulx,y,z\n   NELM   ={I(Nelm, 7)};   NELMIN=  2; NELMDL= -5     # of ELM steps \n   EDIFF  = 0.1E-05   stopping-criterion for ELM\n Ionic relaxation\n   NSW    ={I(Nsw, 7)}    number of steps for IOM\n   IBRION ={I(Ibrion, 7)}    ionic relax: 0-MD 1-quasi-New 2-CG\n   ISIF   ={I(Isif, 7)}    stress and relaxation\n   PSTRESS={F(Pstress, 7, 1)} pullay stress\n DOS related values:\n   ISMEAR ={I(Ismear, 6)};   SIGMA  ={F(Sigma, 7, 2)}  broadening in eV -4-tet -1-fermi 0-gaus\n");
        foreach (string line in MoreParameters)
        {
            text.Append(line).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $" Exchange correlation treatment:\n   GGA     =    --    GGA type\n   LEXCH   =     8    internal setting for exchange type\n   LHFCALC =     F    Hartree Fock is set to\n   AEXX    =    0.0000 exact exchange contribution\n\n{Rule}\n\n");
        for (int i = 0; i < (SecondStartingCell ? 2 : 1); i++)
        {
            text.Append(SecondStartingCell ? " VOLUME and BASIS-vectors are now :\n -----------------------------------------------------------------------------\n" : "");
            Cell(text, Steps[0].Lattice, withCutoff: true);
        }

        if (WavecarCell is { } old)
        {
            text.Append(" old parameters found on file WAVECAR:\n");
            Cell(text, old, withCutoff: true);
        }

        text.Append(" k-points in reciprocal lattice and weights: synthetic\n");
        for (int i = 0; i < 8; i++)
        {
            text.Append(F(i % 2 * 0.25 + 0.125, 13, 8)).Append(F(i / 2 % 2 * 0.25 + 0.125, 12, 8)).Append(F(i / 4 * 0.25 + 0.125, 12, 8)).Append(F(0.125, 12, 3)).Append('\n');
        }

        text.Append("\n position of ions in fractional coordinates (direct lattice) \n");
        foreach (Vector3D r in Steps[0].Positions)
        {
            Vector3D f = Steps[0].Lattice.ToFractional(r);
            text.Append(F(f.X, 13, 8)).Append(F(f.Y, 12, 8)).Append(F(f.Z, 12, 8)).Append('\n');
        }

        text.Append("\n position of ions in cartesian coordinates  (Angst):\n");
        foreach (Vector3D r in Steps[0].Positions)
        {
            text.Append(F(r.X, 13, 8)).Append(F(r.Y, 12, 8)).Append(F(r.Z, 12, 8)).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"\n\n\n{Rule}\n\n\n");
    }

    private void Step(StringBuilder text, SyntheticStep step, int number)
    {
        for (int k = 1; k <= step.ElectronicSteps; k++)
        {
            // The last change is below EDIFF in a loop that converges, and above it in one that does not.
            double off = k == step.ElectronicSteps ? 0 : (k == step.ElectronicSteps - 1 ? 1 : Math.Pow(10, 1 - k)) * step.LastChange;
            text.Append(CultureInfo.InvariantCulture, $"--------------------------------------- Iteration {I(number, 6)}({I(k, 4)})  ---------------------------------------\n\n\n    POTLOK:  cpu time      0.3144: real time      0.3157\n\n number of electron      12.0000000 magnetization {(Ispin == 2 ? F(step.Moments?.Sum() ?? 0, 15, 7) : "")}\n\n Free energy of the ion-electron system (eV)\n  ---------------------------------------------------\n");
            Energies(text, step.FreeEnergy + off, step.MinusEntropy, isIonic: false);
            text.Append(CultureInfo.InvariantCulture, $"{Rule}\n\n\n");
        }

        if (step.LoopEnd is { } end)
        {
            text.Append(CultureInfo.InvariantCulture, $"------------------------ {end} ----------------------------------------\n\n\n");
        }

        if (step.Moments is { } moments)
        {
            MomentTable(text, moments);
        }

        text.Append("    CHARGE:  cpu time      1.4009: real time      1.4118\n");
        if (Dialect == OutcarDialect.Vasp522)
        {
            IonicEnergies(text, step);
            Stress(text, step, isMachineLearned: false);
            CellBlock(text, step);
            Forces(text, step, isMachineLearned: false);
        }
        else
        {
            Stress(text, step, isMachineLearned: false);
            CellBlock(text, step);
            Forces(text, step, isMachineLearned: false);
            IonicEnergies(text, step);
        }

        if (step.Dynamics is { } dynamics)
        {
            text.Append(CultureInfo.InvariantCulture, $"  ENERGY OF THE ELECTRON-ION-THERMOSTAT SYSTEM (eV)\n  ---------------------------------------------------\n% ion-electron   TOTEN  =  {F(step.FreeEnergy, 16, 6)}  see above\n  kinetic energy EKIN   =  {F(dynamics.KineticEnergy, 15, 6)}\n  kin. lattice  EKIN_LAT=  {F(0, 15, 6)}  (temperature{F(dynamics.Temperature, 8, 2)} K)\n  nose potential ES     =  {F(0, 15, 6)}\n  nose kinetic   EPS    =  {F(0, 15, 6)}\n  ---------------------------------------------------\n  total energy   ETOTAL =  {F(step.FreeEnergy + dynamics.KineticEnergy, 15, 6)} eV\n\n");
        }
    }

    private void IonicEnergies(StringBuilder text, SyntheticStep step)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{Rule}\n\n\n\n  FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)\n  ---------------------------------------------------\n");
        Energies(text, step.FreeEnergy, step.MinusEntropy, isIonic: true);
        if (Pstress != 0)
        {
            double pv = Pstress * step.Lattice.Volume / KilobarOfVasp;
            text.Append(CultureInfo.InvariantCulture, $"  enthalpy is  TOTEN    ={F(step.FreeEnergy + pv, 20, 8)} eV   P V={F(pv, 18, 8)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n\n{Rule}\n\n\n");
    }

    private void Energies(StringBuilder text, double free, double minusEntropy, bool isIonic)
    {
        int decimals = Dialect == OutcarDialect.Vasp522 ? 6 : 8;
        double without = free - minusEntropy, zero = free - minusEntropy / (2 + Math.Max(Ismear, 0));
        text.Append(isIonic ? "  free  energy   TOTEN  =" : "  free energy    TOTEN  =").Append(F(free, decimals + 10, decimals)).Append(" eV\n\n");
        text.Append(isIonic ? "  energy  without entropy=" : "  energy without entropy =").Append(F(without, decimals + 9, decimals)).Append("  energy(sigma->0) =").Append(F(zero, decimals + 9, decimals)).Append("\n\n");
    }

    private void MachineLearned(StringBuilder text, SyntheticStep step)
    {
        Stress(text, step, isMachineLearned: true);
        Cell(text, step.Lattice, withCutoff: false);
        Forces(text, step, isMachineLearned: true);
        text.Append(CultureInfo.InvariantCulture, $"  ML FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)\n  ---------------------------------------------------\n  free  energy ML TOTEN  ={F(step.FreeEnergy, 19, 8)} eV\n\n  ML energy  without entropy={F(step.FreeEnergy, 18, 8)}  ML energy(sigma->0) ={F(step.FreeEnergy, 18, 8)}\n\n");
    }

    private void Stress(StringBuilder text, SyntheticStep step, bool isMachineLearned)
    {
        if (step.Stress is not { } s)
        {
            return;
        }

        double[] order = [s.XX, s.YY, s.ZZ, s.XY, s.YZ, s.XZ];
        text.Append(isMachineLearned ? "  ML FORCE on cell =-STRESS in cart. coord. units (eV/cell)\n" : "\n  FORCE on cell =-STRESS in cart. coord.  units (eV):\n");
        text.Append("  Direction    XX          YY          ZZ          XY          YZ          ZX\n  --------------------------------------------------------------------------------------\n").Append(isMachineLearned ? "  Total: " : "  Total  ");
        foreach (double component in order)
        {
            text.Append(F(-component * step.Lattice.Volume, 12, 5));
        }

        text.Append("\n  in kB  ");
        foreach (double component in order)
        {
            text.Append(F(-component * KilobarOfVasp, 12, 5));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n  external pressure ={F(s.Pressure * KilobarOfVasp - Pstress, 12, 2)} kB  Pullay stress ={F(Pstress, 12, 2)} kB\n\n");
        if (step.Dynamics is not null)
        {
            // With the kinetic part: not the label.
            text.Append("  kinetic pressure (ideal gas correction) =    123.00 kB\n  total pressure  =    456.00 kB\n  Total+kin.   777.000     777.000     777.000       0.000       0.000       0.000\n\n");
        }
    }

    private void CellBlock(StringBuilder text, SyntheticStep step)
    {
        if (!step.WithoutCell)
        {
            text.Append("\n VOLUME and BASIS-vectors are now :\n -----------------------------------------------------------------------------\n");
            Cell(text, step.Lattice, withCutoff: true);
        }
    }

    private void Cell(StringBuilder text, Lattice lattice, bool withCutoff)
    {
        text.Append(withCutoff ? $"  energy-cutoff  :  {F(Encut, 10, 2)}\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"  volume of cell :{F(lattice.Volume, 12, 2)}\n      direct lattice vectors                 reciprocal lattice vectors\n");
        Rows(text, lattice.Rows);
    }

    private static void Rows(StringBuilder text, Matrix3x3 rows)
    {
        Matrix3x3 reciprocal = rows.Inverse().Transpose();
        for (int i = 0; i < 3; i++)
        {
            text.Append("   ").Append(F(rows[i].X, 13, 9)).Append(F(rows[i].Y, 13, 9)).Append(F(rows[i].Z, 13, 9)).Append("   ").Append(F(reciprocal[i].X, 13, 9)).Append(F(reciprocal[i].Y, 13, 9)).Append(F(reciprocal[i].Z, 13, 9)).Append('\n');
        }

        text.Append("\n  length of vectors\n   ");
        for (int i = 0; i < 3; i++)
        {
            text.Append(F(rows[i].Length, 13, 9));
        }

        text.Append("   ");
        for (int i = 0; i < 3; i++)
        {
            text.Append(F(reciprocal[i].Length, 13, 9));
        }

        text.Append("\n\n\n");
    }

    private void Forces(StringBuilder text, SyntheticStep step, bool isMachineLearned)
    {
        if (step.WithoutForces)
        {
            return;
        }

        text.Append(isMachineLearned ? "  POSITION                                       TOTAL-FORCE (eV/Angst) (ML)\n" : " POSITION                                       TOTAL-FORCE (eV/Angst)\n");
        text.Append(" -----------------------------------------------------------------------------------\n");
        for (int i = 0; i < step.Positions.Length; i++)
        {
            Vector3D r = step.Positions[i], f = step.Forces[i];
            text.Append(F(r.X, 13, 5)).Append(F(r.Y, 13, 5)).Append(F(r.Z, 13, 5)).Append("   ").Append(F(f.X, 14, 6)).Append(F(f.Y, 14, 6)).Append(F(f.Z, 14, 6)).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $" -----------------------------------------------------------------------------------\n    total drift:                      {F(step.Drift.X, 18, 6)}{F(step.Drift.Y, 14, 6)}{F(step.Drift.Z, 14, 6)}\n\n");
    }

    private static void MomentTable(StringBuilder text, double[] moments)
    {
        text.Append("\n\n magnetization (x)\n\n# of ion       s       p       d       tot\n------------------------------------------\n");
        for (int i = 0; i < moments.Length; i++)
        {
            text.Append(I(i + 1, 5)).Append("    ").Append(F(0.001, 8, 3)).Append(F(0.002, 8, 3)).Append(F(moments[i] - 0.003, 8, 3)).Append(F(moments[i], 8, 3)).Append('\n');
        }

        if (moments.Length > 1)
        {
            text.Append("--------------------------------------------------\ntot      ").Append(F(0, 8, 3)).Append(F(0, 8, 3)).Append(F(0, 8, 3)).Append(F(moments.Sum(), 8, 3)).Append('\n');
        }

        text.Append('\n');
    }
}
