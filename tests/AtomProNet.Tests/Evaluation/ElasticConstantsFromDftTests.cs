using System.Diagnostics;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Elasticity;
using AtomProNet.Generation;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Evaluation;

/// <summary>Elastic constants from stresses of pw.x against the curvature of its energies along the same strains.</summary>
public sealed class ElasticConstantsFromDftTests
{
    private const double GPa = 160.2176634;

    [Theory]
    [InlineData("Scf", IonRelaxation.Clamped)]
    [InlineData("Relax", IonRelaxation.Relaxed)]
    public void Stress_and_energy_agree_to_two_per_cent(string calculation, IonRelaxation ions)
    {
        Assert.SkipUnless(TestEffort.IsFull, "Minutes of pw.x: ATOMPRONET_TEST=full.");
        Assert.SkipUnless(File.Exists("/usr/bin/pw.x") && File.Exists("/usr/share/espresso/pseudo/Si.pz-vbc.UPF"), "pw.x or its pseudopotentials are missing (Debian: quantum-espresso, quantum-espresso-data).");
        using var work = new TemporaryFolder();
        Structure crystal = Generation.SampleCrystals.SiliconPrimitive;
        // ε_xx and γ_yz, both signs and two sizes, and none: what a cubic crystal needs.
        PipelineResult made = PipelineHost.Run(
            "New-StrainSeries -VoigtStrain (0,0,0,0,0,0),(-0.01,0,0,0,0,0),(-0.005,0,0,0,0,0),(0.005,0,0,0,0,0),(0.01,0,0,0,0,0),(0,0,0,-0.01,0,0),(0,0,0,-0.005,0,0),(0,0,0,0.005,0,0),(0,0,0,0.01,0,0)"
            + $" | New-QEInput runs -Calculation {calculation} -PseudopotentialPath /usr/share/espresso/pseudo -Pseudopotential @{{Si='Si.pz-vbc.UPF'}} -EcutWfc 40 -EcutRho 160 -KPointMesh 4,4,4 -NoJobScript"
            + " -Namelist @{CONTROL=@{forc_conv_thr=1e-5;etot_conv_thr=1e-8}; SYSTEM=@{occupations='fixed'; smearing=$null; degauss=$null}; ELECTRONS=@{conv_thr=1e-11}}",
            work.Root,
            new() { Input = [crystal] });
        Assert.True(made.Errors.Count == 0, made.Errors.FirstOrDefault()?.Exception.Message);
        foreach (DftInput input in made.Output.Cast<DftInput>())
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "pw.x -in pw.in > pw.out 2> pw.err"]) { WorkingDirectory = input.FolderPath })!;
            process.WaitForExit();
        }

        Frame[] frames = [.. PipelineHost.Run("Import-QEOutput runs -IonicStep Last", work.Root).Output.OfType<Frame>()];
        Assert.Equal(9, frames.Length);
        // The finite strain, whose constants are the second derivatives of the energy whatever stress is left.
        ElasticConstants c = ElasticConstants.Fit(Assert.Single(FrameSeries.Split(frames)), new() { Measure = StrainMeasure.GreenLagrange, Reference = crystal });
        Assert.Equal(ions, c.Ions);
        Assert.True(c.R2 > 0.999 && c.IsStable, c.ToString());
        // What a linear fit leaves is of third order in the energy, so that it goes with the square of the strain, and its part of the variance, too:
        // with half the strains a quarter of it is left. (Sheared by γ, the clamped crystal gets a normal stress of −200 GPa·γ².)
        ElasticConstants half = ElasticConstants.Fit(Assert.Single(FrameSeries.Split(frames)), new() { Measure = StrainMeasure.GreenLagrange, Reference = crystal, MaximumStrain = 0.0051 });
        Assert.Equal(5, half.FrameCount);
        Assert.InRange((1 - c.R2) / (1 - half.R2), 3, 6);
        // xx: η = ε + ε²/2. yz: the strain [[0, γ/2], [γ/2, 0]] has η_yz = γ/2 and a second-order part γ²/8 along yy and zz.
        Assert.Equal(Curvature(0, e => e + e * e / 2), c.C11, 0.02 * c.C11);
        double normal = c.ResidualStress.Take(3).Average();
        Assert.Equal(Curvature(3, g => g) - normal / 2, c.C44, 0.02 * c.C44);

        double Curvature(int component, Func<double, double> finite)
        {
            (double X, double E)[] points = [.. frames.Select(f => (Strain: VoigtStrain.AppliedTo(f.Structure) ?? StrainOf(f), f.Energy)).Where(p => Enumerable.Range(0, 6).All(i => i == component || p.Strain[i] == 0)).Select(p => (finite((double)p.Strain[component]), p.Energy!.Value))];
            Assert.Equal(5, points.Length);
            // A quartic through five points, by hand: the second difference of the fourth order at equal steps would need equal η.
            double[] coefficients = MathNet.Numerics.Fit.Polynomial([.. points.Select(p => p.X * 100)], [.. points.Select(p => p.E)], 3);
            return 2 * coefficients[2] * 1e4 / crystal.Volume!.Value * GPa;
        }

        // A step of a relaxation descends from the strained structure.
        static VoigtStrain StrainOf(Frame f) => f.Structure.Provenance!.Chain().Where(p => p.Operation == "Strain").Select(p => VoigtStrain.TryParse(p.Parameters["voigt"], out VoigtStrain s) ? s : default).Last();
    }
}
