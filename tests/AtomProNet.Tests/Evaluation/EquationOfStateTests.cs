using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.EquationsOfState;
using AtomProNet.Generation;
using AtomProNet.Structures;
using AtomProNet.Tests.Vasp;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Evaluation;

public sealed class EquationOfStateTests
{
    private const double GPa = 160.2176634;

    // The published forms, written down once more, and fitted by scipy; ASE's own fit beside them.
    private const string Reference = """
        import numpy as np
        from scipy.optimize import curve_fit
        from ase.eos import EquationOfState
        v, e = np.array(data['v']), np.array(data['e'])
        def BirchMurnaghan(v, e0, v0, b, bp):
            x = (v0 / v) ** (2 / 3)
            return e0 + 9 * v0 * b / 16 * ((x - 1) ** 3 * bp + (x - 1) ** 2 * (6 - 4 * x))
        def Vinet(v, e0, v0, b, bp):
            y = (v / v0) ** (1 / 3)
            return e0 + 2 * b * v0 / (bp - 1) ** 2 * (2 - (5 + 3 * bp * (y - 1) - 3 * y) * np.exp(-1.5 * (bp - 1) * (y - 1)))
        def Murnaghan(v, e0, v0, b, bp):
            return e0 + b * v / bp * ((v0 / v) ** bp / (bp - 1) + 1) - v0 * b / (bp - 1)
        result = {}
        for f, name in ((BirchMurnaghan, 'birchmurnaghan'), (Vinet, 'vinet'), (Murnaghan, 'murnaghan')):
            eos = EquationOfState(v, e, eos=name)
            v0, e0, b = eos.fit(warn=False)
            p, c = curve_fit(f, v, e, p0=[e0, v0, b, 4.0], xtol=1e-15, ftol=1e-15, maxfev=20000)
            c = curve_fit(f, v, e, p0=p, jac=lambda x, *q: np.array([(f(x, *[a + (1e-5 * abs(a) if i == k else 0) for i, a in enumerate(q)]) - f(x, *[a - (1e-5 * abs(a) if i == k else 0) for i, a in enumerate(q)])) / (2e-5 * abs(q[k])) for k in range(4)]).T)[1]
            result[f.__name__] = dict(ase=[float(e0), float(v0), float(b)], scipy=[float(x) for x in p], error=[float(x) for x in np.sqrt(np.diag(c))])
        """;

    /// <summary>The eight calculations that lie in the sample data, against ASE's fit to 1e-6 and SciPy's covariance.</summary>
    [Fact]
    public void Shared_strain_series_against_ase_and_scipy()
    {
        string folder = SharedData.Path("data", "vasp", "strain");
        PipelineResult result = PipelineHost.Run("Import-Outcar . | Measure-EquationOfState -Form BirchMurnaghan,Vinet,Murnaghan", folder);
        Assert.Empty(result.Errors);
        EquationOfState[] fits = [.. result.Output.Cast<EquationOfState>()];
        Assert.Equal(3, fits.Length);
        Assert.All(fits, f =>
        {
            Assert.Equal(("Al32O48", 80, 8, EnergyKind.Free), (f.Formula, f.AtomCount, f.Points.Length, f.EnergyKind));
            Assert.True(f.IsBracketed);
        });
        // The table of the sample data has the fit of all 25 calculations: 686.22 Å³, 235.0 GPa, 3.98; eight of them come near.
        Assert.Equal(686.22, fits[0].V0, 0.2);
        Assert.Equal(235.0, fits[0].B0, 0.5);
        Assert.Equal(3.98, fits[0].B0Prime, 0.1);
        // Known of these data: stresses hold Pulay stress, some 5 to 9 GPa.
        Assert.InRange(fits[0].MeanPressureDifference!.Value, -9, -5);
        Assert.Contains(result.Warnings, w => w.Contains("contradict", StringComparison.Ordinal));
        // All cells of the series have one shape: the lattice at the minimum scales with it.
        Assert.Equal(fits[0].V0, fits[0].Lattice!.Volume, 1e-9);
        AssertAgrees(fits, [.. fits[0].Points.Select(p => p.Volume)], [.. fits[0].Points.Select(p => p.Energy)]);
    }

    [Fact]
    public void Silicon_from_pw_x_against_ase_and_scipy()
    {
        string folder = SharedData.Path("data", "qe", "made", "strain");
        PipelineResult result = PipelineHost.Run("Import-QEOutput . | Measure-EquationOfState -Form BirchMurnaghan,Vinet,Murnaghan", folder);
        Assert.Empty(result.Errors);
        EquationOfState[] fits = [.. result.Output.Cast<EquationOfState>()];
        Assert.Equal((11, "Si2"), (fits[0].Points.Length, fits[0].Formula));
        AssertAgrees(fits, [.. fits[0].Points.Select(p => p.Volume)], [.. fits[0].Points.Select(p => p.Energy)]);
    }

    [Fact]
    public void Exact_curves_are_found_again()
    {
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            EquationOfStateForm form = (EquationOfStateForm)(i % 3);
            double v0 = Math.Exp(2 + 6 * random.NextDouble()), b0 = (5 + 500 * random.NextDouble()) / GPa, prime = 2 + 6 * random.NextDouble(), e0 = -10000 * random.NextDouble();
            double width = 0.03 + 0.12 * random.NextDouble(), shift = 0.5 * width * (2 * random.NextDouble() - 1);
            double[] v = [.. Enumerable.Range(0, 4 + i % 9).Select(k => v0 * (1 + shift + width * (2.0 * k / (3 + i % 9) - 1)))];
            double[] e = [.. v.Select(x => e0 + Energy(form, x, v0, b0, prime))];
            EquationOfState fit = EquationOfState.Fit(form, v, e);
            // Energies of 10⁴ eV have lost their digits behind the twelfth.
            double depth = e.Max() - e.Min(), lost = 1e-11 + 1e-15 * Math.Abs(e0) / depth;
            Assert.Equal(v0, fit.V0, v0 * lost * 1e3);
            Assert.Equal(b0 * GPa, fit.B0, b0 * GPa * lost * 1e6);
            Assert.Equal(prime, fit.B0Prime, prime * lost * 1e7);
            Assert.Equal(e0, fit.E0, depth * lost * 1e4);
            Assert.Equal(v.Length > 4, fit.V0Error is not null);
            Assert.True(fit.RMSE <= depth * 1e-6);
            // P = −dE/dV by a difference of the energies.
            double at = v[1], h = at * 1e-4;
            double slope = -(Energy(form, at + h, v0, b0, prime) - Energy(form, at - h, v0, b0, prime)) / (2 * h) * GPa;
            Assert.Equal(slope, fit.PressureAt(at), 1e-3 * Math.Max(1, Math.Abs(slope)));
        }

        static double Energy(EquationOfStateForm form, double v, double v0, double b, double bp)
        {
            double y = Math.Pow(v / v0, 1.0 / 3), x = Math.Pow(v0 / v, 2.0 / 3);
            return form switch
            {
                EquationOfStateForm.BirchMurnaghan => 9 * v0 * b / 16 * (Math.Pow(x - 1, 3) * bp + Math.Pow(x - 1, 2) * (6 - 4 * x)),
                EquationOfStateForm.Vinet => 2 * b * v0 / ((bp - 1) * (bp - 1)) * (2 - (5 + 3 * bp * (y - 1) - 3 * y) * Math.Exp(-1.5 * (bp - 1) * (y - 1))),
                _ => b * v / bp * (Math.Pow(v0 / v, bp) / (bp - 1) + 1) - v0 * b / (bp - 1),
            };
        }
    }

    [Fact]
    public void Frames_of_a_potential_whose_stress_is_exact_agree_with_the_curve()
    {
        Frame[] frames = Aluminium4(0.03m);
        EquationOfState fit = EquationOfState.Fit(Assert.Single(FrameSeries.Split(frames)));
        Assert.True(fit.IsBracketed);
        Assert.InRange(Math.Abs(fit.MeanPressureDifference!.Value), 0, 0.05);
        Assert.Empty(fit.Findings);
        // Girifalco and Weizer's potential was fitted to a₀ = 4.05 Å; cut at 6.5 Å it is a little wider.
        Assert.InRange(fit.Lattice!.A.Length, 4.0, 4.2);
    }

    [Fact]
    public void A_minimum_outside_the_volumes_is_told()
    {
        Frame[] frames = [.. Aluminium4(0.08m).Where(f => f.Structure.Volume < 63)];
        EquationOfState fit = EquationOfState.Fit(Assert.Single(FrameSeries.Split(frames)));
        Assert.False(fit.IsBracketed);
        Assert.Equal("MinimumOutsideVolumes", Assert.Single(fit.Findings).Code);
    }

    [Fact]
    public void What_is_no_point_of_the_curve_is_left_out_and_told()
    {
        Frame[] good = Aluminium4(0.03m);
        Structure crystal = StrainSeries.ByMode([StrainMode.Hydrostatic], StrainRange.Symmetric(0.01m, 0.01m)).Apply(Aluminium).First();
        Frame[] sheared = [.. StrainSeries.ByMode([StrainMode.Shear], StrainRange.Symmetric(0.02m, 0.01m)).Apply(Aluminium).Where(s => !VoigtStrain.AppliedTo(s)!.Value.IsZero).Select(Label)];
        Frame unconverged = Label(crystal) with { Convergence = new(ElectronicConvergence.NotConverged), FreeEnergy = -999 };
        Frame dynamics = Label(crystal) with { Temperature = 300, FreeEnergy = -999 };
        // Two steps of a relaxation at one volume: the last one counts.
        Frame early = good[0] with { Source = new("run", 1), FreeEnergy = good[0].FreeEnergy + 5 };
        Frame[] frames = [.. good.Skip(1), early, good[0] with { Source = new("run", 2) }, .. sheared, unconverged, dynamics];
        EquationOfState fit = EquationOfState.Fit(Assert.Single(FrameSeries.Split(frames)));
        Assert.Equal(EquationOfState.Fit(FrameSeries.Split(good)[0]).V0, fit.V0, 1e-9);
        Assert.Equal(["FrameNotConverged", "FrameNotLastStep", "FrameNotOnCurve", "FrameOfDynamics"], fit.Findings.Select(f => f.Code).Order());
    }

    [Fact]
    public void Refusals_say_why()
    {
        using var work = new TemporaryFolder();
        Assert.Equal("EquationOfStateTooFewVolumes", Id("Measure-EquationOfState -Volume 1,2,3,3 -Energy 3,1,2,2"));
        Assert.Equal("EquationOfStateNoMinimum", Id("Measure-EquationOfState -Volume 1,2,3,4,5 -Energy 5,4,3,2,1"));
        Assert.Equal("EquationOfStateNoMinimum", Id("Measure-EquationOfState -Volume 1,2,3,4,5 -Energy 1,1,1,1,1"));
        Assert.Equal("EquationOfStateCountsDiffer", Id("Measure-EquationOfState -Volume 1,2,3,4,5 -Energy 5,4"));
        Assert.Equal("EquationOfStatePointInvalid", Id("Measure-EquationOfState -Volume 1,2,-3,4,5 -Energy 5,4,3,4,5"));
        Assert.Equal("EquationOfStatePointInvalid", Id("Measure-EquationOfState -Volume 1,2,3,4,5 -Energy 5,4,NaN,4,5"));
        Frame[] good = Aluminium4(0.03m);
        Assert.Equal("MethodsMixed", Id("Measure-EquationOfState", [.. good.Take(3), .. good.Skip(3).Select(f => f with { Method = f.Method! with { CutoffEnergy = 520 } })]));
        Assert.Equal("EnergyKindMissing", Id("Measure-EquationOfState -EnergyKind SigmaToZero", good));
        Assert.Equal("EnergyKindMissing", Id("Measure-EquationOfState", [.. good.Take(3), good[3] with { FreeEnergy = null, EnergySigmaToZero = -1 }, .. good.Skip(4)]));
        // Labels of a model are a series of their own beside those of DFT.
        PipelineResult both = PipelineHost.Run("Measure-EquationOfState", work.Root, new() { Input = [.. good, .. good.Select(f => f with { Origin = LabelOrigin.Predicted })] });
        Assert.Equal(2, both.Output.Count);
        Assert.Empty(PipelineHost.Run("Measure-EquationOfState", work.Root, new() { Input = [] }).Errors);

        string Id(string pipeline, Frame[]? input = null)
        {
            PipelineResult result = PipelineHost.Run(pipeline, work.Root, input is null ? new() : new() { Input = input });
            Assert.Empty(result.Output);
            return Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0];
        }
    }

    private static Frame[] Aluminium4(decimal range) =>
        [.. StrainSeries.ByMode([StrainMode.Hydrostatic], StrainRange.Symmetric(range, 0.01m)).Apply(Aluminium).Select(Label)];

    private static Frame Label(Structure structure)
    {
        (double energy, Vector3D[] forces, StressTensor stress) = MorsePotential.Aluminium.Evaluate(structure.Lattice!, structure.CartesianPositions);
        return new Frame(structure)
        {
            FreeEnergy = energy,
            Forces = [.. forces],
            Stress = stress,
            Origin = LabelOrigin.AbInitio,
            Convergence = new(ElectronicConvergence.Converged),
            Method = new() { Code = "Morse", CutoffEnergy = 400 },
        };
    }

    private static void AssertAgrees(EquationOfState[] fits, double[] volumes, double[] energies)
    {
        SystemPython.SkipUnlessThere("ase", "scipy");
        JsonElement reference = SystemPython.Run(Reference, new { v = volumes, e = energies });
        foreach (EquationOfState fit in fits)
        {
            JsonElement theirs = reference.GetProperty(fit.Form.ToString());
            double[] ase = Numbers(theirs, "ase"), scipy = Numbers(theirs, "scipy"), errors = Numbers(theirs, "error");
            double[] mine = [fit.E0, fit.V0, fit.B0 / GPa, fit.B0Prime];
            for (int k = 0; k < 4; k++)
            {
                // Of B0′ SciPy's own tolerances leave a few digits less.
                Assert.Equal(scipy[k], mine[k], Math.Abs(scipy[k]) * (k < 3 ? 1e-6 : 1e-5));
                if (k < 3)
                {
                    Assert.Equal(ase[k], mine[k], Math.Abs(ase[k]) * 1e-6);
                }
            }

            double[] own = [fit.E0Error!.Value, fit.V0Error!.Value, fit.B0Error!.Value / GPa, fit.B0PrimeError!.Value];
            Assert.All(own.Zip(errors), pair => Assert.Equal(pair.Second, pair.First, pair.Second * 1e-3));
        }
    }

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];
}
