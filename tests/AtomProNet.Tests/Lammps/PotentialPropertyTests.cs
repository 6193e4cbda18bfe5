using AtomProNet.Cli;
using AtomProNet.Lammps.Properties;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Lammps;

/// <summary>Relaxed lattice, elastic constants, energies and vacancies by real runs, against what was published for each potential.</summary>
public sealed class PotentialPropertyTests
{
    /// <summary>Y. Mishin, D. Farkas, M. J. Mehl and D. A. Papaconstantopoulos, Phys. Rev. B 59, 3393 (1999), tables of the paper.</summary>
    [Fact]
    public void Aluminium_of_Mishin_and_others()
    {
        SystemLammps.SkipUnlessThere(SystemLammps.Mishin);
        Dictionary<string, double> p = Measure("Al", "kim:" + SystemLammps.Mishin);
        Assert.Equal(4.05, p["a"], 0.001);
        Assert.Equal(4.05, p["c"], 0.001);
        Assert.Equal(90, p["alpha"], 1e-4);
        Assert.Equal(-3.36, p["E/N"], 0.001);
        Assert.Equal(-3.36, p["cohesive energy"], 0.001);
        Assert.Equal(113.8, p["C11"], 0.6);
        Assert.Equal(61.6, p["C12"], 0.4);
        Assert.Equal(31.6, p["C44"], 0.2);
        Assert.Equal(0.68, p["vacancy formation energy Al"], 0.01);
    }

    /// <summary>H. Balamane, T. Halicioglu and W. A. Tiller, Phys. Rev. B 46, 2250 (1992), tables of Stillinger and Weber's potential.</summary>
    [Fact]
    public void Silicon_of_Stillinger_and_Weber()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        Dictionary<string, double> p = Measure("Si", "sw:Si.sw -NoVacancy");
        Assert.Equal(5.431, p["a"], 0.001);
        Assert.Equal(-4.337, p["cohesive energy"], 0.001);
        Assert.Equal(151.4, p["C11"], 0.2);
        Assert.Equal(76.4, p["C12"], 0.2);
        Assert.Equal(56.4, p["C44"], 0.2);
        // With clamped ions the shear constant is far higher; the others are not.
        Dictionary<string, double> clamped = Measure("Si", "sw:Si.sw -NoVacancy -Ions Clamped");
        Assert.Equal(151.4, clamped["C11"], 0.2);
        Assert.True(clamped["C44"] > 100);
    }

    /// <summary>The linear SNAP of Y. Zuo and others, J. Phys. Chem. A 124, 731 (2020): two ways to its lattice and bulk modulus agree, and they lie where DFT's (PBE) do, 5.47 Å and some 90 GPa.</summary>
    [Fact]
    public void Silicon_by_snap_through_kim()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Some ten seconds of SNAP: ATOMPRONET_TEST=full.");
        SystemLammps.SkipUnlessThere(SystemLammps.SnapSilicon);
        Dictionary<string, double> p = Measure("Si", $"kim:{SystemLammps.SnapSilicon} -NoVacancy");
        Assert.InRange(p["a"], 5.45, 5.49);
        Assert.InRange(p["C11"], 120, 165);
        Assert.InRange(p["C12"], 55, 80);
        Assert.InRange(p["C44"], 60, 80);
        // The equation of state of the same potential has the same minimum and bulk modulus.
        using var work = new TemporaryFolder();
        var eos = (AtomProNet.Evaluation.EquationsOfState.EquationOfState)Assert.Single(PipelineHost.Run($"Get-MPStructure Si -Source Bundled | New-StrainSeries -From 0.004 -To 0.012 -Step 0.001 | Invoke-LammpsPrediction kim:{SystemLammps.SnapSilicon} | Measure-EquationOfState", work.Root).Output)!;
        Assert.Equal(p["a"], eos.Lattice!.A.Length, 1e-3);
        Assert.Equal(p["bulk modulus (Hill)"], eos.B0, 1);
    }

    /// <summary>F. H. Streitz and J. W. Mintmire, Phys. Rev. B 50, 11996 (1994): a = 4.76, c = 12.99 Å, −6.4 eV per atom (31.8 eV per Al₂O₃).</summary>
    [Fact]
    public void Alumina_of_Streitz_and_Mintmire()
    {
        Assert.SkipUnless(TestEffort.IsFull, "A minute of charges: ATOMPRONET_TEST=full.");
        SystemLammps.SkipUnlessThere("AlO.streitz", "AlO.eam.alloy");
        Dictionary<string, double> p = Measure("Al2O3", "streitz:AlO.streitz,AlO.eam.alloy -NoVacancy");
        Assert.Equal(4.76, p["a"], 0.05);
        Assert.Equal(p["a"], p["b"], 1e-3);
        Assert.Equal(120, p["gamma"], 0.01);
        Assert.Equal(12.99, p["c"], 0.06);
        Assert.Equal(-6.37, p["cohesive energy"], 0.05);
        Assert.InRange(p["C11"], 480, 650);
        Assert.InRange(p["C33"], 450, 620);
    }

    /// <summary>COMB3 with the file that comes with LAMMPS: copper. Its forces jump where neighbours come and go, so that the ions stay clamped.</summary>
    [Fact]
    public void Copper_by_comb3()
    {
        SystemLammps.SkipUnlessThere("ffield.comb3", "lib.comb3");
        Dictionary<string, double> p = Measure("Cu", "comb3:ffield.comb3 -NoVacancy -Ions Clamped");
        Assert.Equal(3.61, p["a"], 0.02);
        Assert.InRange(p["E/N"], -3.65, -3.45);
        Assert.True(p["C11"] > p["C12"] && p["C12"] > 0);
    }

    [Fact]
    public void Dft_stands_beside_it()
    {
        SystemLammps.SkipUnlessThere("Si.sw", "Si.tersoff");
        using var work = new TemporaryFolder();
        // One potential plays the reference for the other: series of strains, a vacancy and a free atom in one heap.
        Structure crystal = (Structure)Assert.Single(PipelineHost.Run("Get-MPStructure Si -Source Bundled", work.Root).Output)!;
        Frame[] frames =
        [
            .. Frames("Get-MPStructure Si -Source Bundled | New-StrainSeries -Range 0.02 -Mode Hydrostatic,Elastic -Step 0.005"),
            .. Predict([AtomProNet.Calculations.IsolatedAtoms.Create(Element.FromSymbol("Si"))]),
        ];
        PipelineResult result = PipelineHost.Run("Measure-PotentialProperty tersoff:Si.tersoff -NoVacancy", work.Root, new() { Input = [crystal] });
        Assert.Empty(result.Errors);
        var reference = ReferenceProperties.Measure(crystal, frames);
        Dictionary<string, double> direct = Measure("Si", "sw:Si.sw -NoVacancy -Ions Clamped");
        Assert.Equal(direct["a"], reference["a"], 2e-3);
        Assert.Equal(direct["E/N"], reference["E/N"], 1e-3);
        Assert.Equal(direct["C11"], reference["C11"], 3.0);
        Assert.Equal(direct["cohesive energy"], reference["cohesive energy"], 1e-3);

        Frame[] Frames(string pipeline) => Predict([.. PipelineHost.Run(pipeline, work.Root).Output.OfType<Structure>()]);

        Frame[] Predict(Structure[] structures) => [.. PipelineHost.Run("Invoke-LammpsPrediction sw:Si.sw", work.Root, new() { Input = structures }).Output.OfType<Frame>()];
    }

    private static Dictionary<string, double> Measure(string crystal, string arguments)
    {
        using var work = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run($"Get-MPStructure {crystal} -Source Bundled | Measure-PotentialProperty {arguments}", work.Root);
        Assert.True(result.Errors.Count == 0, result.Errors.FirstOrDefault()?.Exception.Message);
        return result.Output.Cast<PotentialProperty>().Where(p => p.Value is not null).ToDictionary(p => p.Property, p => p.Value!.Value);
    }
}
