using System.Globalization;
using System.Text;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;
using BenchmarkDotNet.Attributes;

namespace AtomProNet.Benchmarks;

/// <summary>How fast OUTCARs are read: one file of many ionic steps, in memory.</summary>
[MemoryDiagnoser]
public class OutcarBenchmarks
{
    private byte[] file = [];

    /// <summary>How many atoms a step has.</summary>
    [Params(80, 1000)]
    public int Atoms { get; set; }

    /// <summary>How many electronic steps stand before each ionic one, each with a table of eigenvalues: what a real file has besides.</summary>
    [Params(0, 10)]
    public int ElectronicSteps { get; set; }

    /// <summary>The size of the file in MB; the time per operation divided by it is the speed.</summary>
    public double Megabytes => file.Length / 1e6;

    [GlobalSetup]
    public void Setup()
    {
        file = Make(Atoms, ElectronicSteps, bytes: 32_000_000);
        Console.WriteLine(FormattableString.Invariant($"The file has {Megabytes:F1} MB."));
    }

    [Benchmark]
    public double Read()
    {
        double sum = 0;
        using var reader = new OutcarReader(new MemoryStream(file, writable: false), "OUTCAR");
        foreach (Frame frame in reader.ReadFrames())
        {
            sum += frame.FreeEnergy!.Value;
        }

        return reader.Report.LeftOut.Count == 0 ? sum : throw new InvalidOperationException(reader.Report.LeftOut[0].ToString());
    }

    /// <summary>An OUTCAR of one ionic step, repeated.</summary>
    public static byte[] Make(int atoms, int electronicSteps, int bytes)
    {
        var text = new StringBuilder(bytes + 1_000_000);
        text.Append(" vasp.6.3.0 20Jan22 (build SYNTHETIC) complex\n POTCAR:    PAW_PBE Al 04Jan2001\n POTCAR:    PAW_PBE Al 04Jan2001\n   VRHFIN =Al: s2p1\n   TITEL  = PAW_PBE Al 04Jan2001\n");
        text.Append(CultureInfo.InvariantCulture, $"   number of dos      NEDOS =    301   number of ions     NIONS = {atoms,6}\n   ions per type =            {atoms,4}\n   NELM   =    100;   NELMIN=  2; NELMDL= -5     # of ELM steps \n   EDIFF  = 0.1E-05   stopping-criterion for ELM\n   NSW    = 100000    number of steps for IOM\n   IBRION =      0    ionic relax: 0-MD 1-quasi-New 2-CG\n   ISIF   =      2    stress and relaxation\n   ISMEAR =     0;   SIGMA  =   0.05  broadening in eV -4-tet -1-fermi 0-gaus\n");
        var random = new Random(1);
        var positions = new double[atoms, 3];
        for (int i = 0; i < atoms; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                positions[i, k] = Math.Round(random.NextDouble() * 20, 5);
            }
        }

        const string Cell = "  energy-cutoff  :      400.00\n  volume of cell :     8000.00\n      direct lattice vectors                 reciprocal lattice vectors\n    20.000000000  0.000000000  0.000000000     0.050000000  0.000000000  0.000000000\n     0.000000000 20.000000000  0.000000000     0.000000000  0.050000000  0.000000000\n     0.000000000  0.000000000 20.000000000     0.000000000  0.000000000  0.050000000\n\n  length of vectors\n    20.000000000 20.000000000 20.000000000     0.050000000  0.050000000  0.050000000\n\n\n";
        text.Append(Cell);
        for (int step = 1; text.Length < bytes; step++)
        {
            int loops = Math.Max(1, electronicSteps);
            for (int k = 1; k <= loops; k++)
            {
                text.Append(CultureInfo.InvariantCulture, $"--------------------------------------- Iteration {step,6}({k,4})  ---------------------------------------\n\n\n    POTLOK:  cpu time      0.3144: real time      0.3157\n\n free energy    TOTEN  =      -591.75296546 eV\n\n  energy without entropy =     -591.75296546  energy(sigma->0) =     -591.75296546\n");
                for (int band = 1; electronicSteps > 0 && band <= 2 * atoms; band++)
                {
                    text.Append(CultureInfo.InvariantCulture, $"  {band,5}  {band * 0.0713 - 12,12:F4}      2.00000\n");
                }
            }

            text.Append("------------------------ aborting loop because EDIFF is reached ----------------------------------------\n\n  FORCE on cell =-STRESS in cart. coord.  units (eV):\n  Total      -0.07694    -0.12847    -0.17970     0.00000     0.00000     0.00000\n  in kB      -0.01541    -0.02573    -0.03599     0.00000     0.00000     0.00000\n\n VOLUME and BASIS-vectors are now :\n -----------------------------------------------------------------------------\n").Append(Cell);
            text.Append(" POSITION                                       TOTAL-FORCE (eV/Angst)\n -----------------------------------------------------------------------------------\n");
            for (int i = 0; i < atoms; i++)
            {
                // Opposite forces in pairs add up to nothing.
                double force = (i % 2 == 0 ? 1 : -1) * (i / 2 * 0.00123 + 0.000007);
                text.Append(CultureInfo.InvariantCulture, $"{positions[i, 0],13:F5}{positions[i, 1],13:F5}{positions[i, 2],13:F5}   {force,14:F6}{-force,14:F6}{force,14:F6}\n");
            }

            text.Append(" -----------------------------------------------------------------------------------\n    total drift:                                0.004978     -0.002377     -0.000781\n\n  FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)\n  ---------------------------------------------------\n  free  energy   TOTEN  =      -591.75296546 eV\n\n  energy  without entropy=     -591.75296546  energy(sigma->0) =     -591.75296546\n\n     LOOP+:  cpu time    790.7435: real time    798.1218\n\n");
        }

        text.Append(" General timing and accounting informations for this job:\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
