using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Elasticity;
using AtomProNet.Generation;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;
using AtomProNet.Tests.Datasets.Checks;
using AtomProNet.Tests.Structures.Symmetry;
using AtomProNet.Tests.Vasp;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Evaluation;

public sealed class ElasticConstantTests
{
    private const double GPa = 160.2176634;

    // Least squares written down once more: all 21 constants and six intercepts, one equation for each component of each frame.
    private const string LeastSquares = """
        import numpy as np
        names = [(i, j) for i in range(6) for j in range(i, 6)]
        rows, right = [], []
        for e, s in zip(data['strain'], data['stress']):
            for i in range(6):
                row = np.zeros(27)
                row[i] = 1
                for k, (a, b) in enumerate(names):
                    if a == i: row[6 + k] += e[b]
                    elif b == i: row[6 + k] += e[a]
                rows.append(row); right.append(s[i])
        a, b = np.array(rows), np.array(right)
        x, _, rank, _ = np.linalg.lstsq(a, b, rcond=None)
        r = b - a @ x
        cov = np.linalg.inv(a.T @ a) * (r @ r) / (len(b) - 27)
        c, err = np.zeros((6, 6)), np.zeros((6, 6))
        for k, (i, j) in enumerate(names):
            c[i, j] = c[j, i] = x[6 + k]
            err[i, j] = err[j, i] = np.sqrt(cov[6 + k, 6 + k])
        from pymatgen.analysis.elasticity import ElasticTensor
        t = ElasticTensor.from_voigt(np.array(data['stiffness']))
        result = dict(c=c.tolist(), err=err.tolist(), s0=x[:6].tolist(), eigen=np.sort(np.linalg.eigvalsh(np.array(data['stiffness']))).tolist(),
            moduli=[float(m) for m in (t.k_voigt, t.k_reuss, t.g_voigt, t.g_reuss, t.universal_anisotropy, t.homogeneous_poisson, t.y_mod / 1e9)],
            r2=1 - float(r @ r) / float(sum(((np.array(data['stress'])[:, i] - np.mean(np.array(data['stress'])[:, i])) ** 2).sum() for i in range(6))))
        """;

    /// <summary>
    /// For pairs of one kind with every atom a centre of inversion and no stress, C_ijkl = (1/2Ω) Σ (φ″ − φ′/r) xᵢxⱼxₖxₗ/r² (Born and Huang,
    /// Dynamical Theory of Crystal Lattices, §11): a sum over neighbours, with no strain in it.
    /// </summary>
    [Theory]
    [InlineData(StrainMeasure.Infinitesimal)]
    [InlineData(StrainMeasure.GreenLagrange)]
    public void A_pair_potential_gives_the_lattice_sums(StrainMeasure measure)
    {
        double a = RestingLattice();
        Structure crystal = Aluminium.With(lattice: Lattice.Cubic(a), positions: Aluminium.FractionalPositions, kind: CoordinateKind.Fractional);
        Frame[] frames = Label(crystal, 0.001m);
        ElasticConstants c = ElasticConstants.Fit(Assert.Single(FrameSeries.Split(frames)), new() { Measure = measure });
        (double c11, double c12) = LatticeSums(a);
        Assert.Equal(c11, c.C11, c11 * 1e-4);
        Assert.Equal(c12, c.C12, c12 * 1e-4);
        // Cauchy's relation of central forces.
        Assert.Equal(c12, c.C44, c12 * 1e-4);
        Assert.Equal(["C11", "C12", "C44"], c.IndependentConstants);
        Assert.Equal((LaueClass.CubicHigh, IonRelaxation.Clamped, measure), (c.LaueClass, c.Ions, c.Measure));
        Assert.True(c.IsStable);
        Assert.Equal((c11 + 2 * c12) / 3, c.Moduli!.Bulk, 0.01);
        Assert.All(c.ResidualStress, s => Assert.InRange(s, -1e-3, 1e-3));
        Assert.True(c.R2 > 0.9999);
        Assert.Empty(c.Findings);
    }

    /// <summary>Under stress the two measures differ as Wallace's relations say: B = C + the stress terms; for a cubic crystal under pressure P, B11 = C11 − P, B12 = C12 + P, B44 = C44 − P.</summary>
    [Fact]
    public void Under_pressure_the_measures_differ_by_the_pressure()
    {
        double a = RestingLattice() * 0.97;
        Structure crystal = Aluminium.With(lattice: Lattice.Cubic(a), positions: Aluminium.FractionalPositions, kind: CoordinateKind.Fractional);
        FrameSeries series = Assert.Single(FrameSeries.Split(Label(crystal, 0.001m)));
        ElasticConstants b = ElasticConstants.Fit(series), c = ElasticConstants.Fit(series, new() { Measure = StrainMeasure.GreenLagrange });
        double pressure = MorsePotential.Aluminium.Evaluate(crystal.Lattice!, crystal.CartesianPositions).Stress.Pressure * GPa;
        Assert.True(pressure > 5);
        Assert.Equal(c.C11 - pressure, b.C11, 0.01);
        Assert.Equal(c.C12 + pressure, b.C12, 0.01);
        Assert.Equal(c.C44 - pressure, b.C44, 0.01);
        // The sums are second derivatives of the energy by the Lagrangian strain, whatever the stress.
        (double c11, double c12) = LatticeSums(a);
        Assert.Equal(c11, c.C11, c11 * 1e-4);
        Assert.Equal(c12, c.C44, c12 * 1e-4);
        Assert.All(b.ResidualStress.Take(3), s => Assert.Equal(-pressure, s, 0.01));
        Assert.Equal("ResidualStressLarge", Assert.Single(b.Findings).Code);
    }

    [Fact]
    public void Numpy_and_pymatgen_compute_the_same_of_a_crystal_of_low_symmetry()
    {
        SystemPython.SkipUnlessThere("numpy", "pymatgen");
        Frame[] frames = [.. StrainSeries.ByMode([StrainMode.Elastic]).Apply(Rutile).Select(BinaryMorse.Label)];
        ElasticConstants c = ElasticConstants.Fit(Assert.Single(FrameSeries.Split(frames)), new() { IgnoreSymmetry = true });
        Assert.Equal(21, c.IndependentConstants.Length);
        Assert.Null(c.LaueClass);
        double[][] strains = [.. frames.Select(f => Enumerable.Range(0, 6).Select(i => (double)VoigtStrain.AppliedTo(f.Structure)!.Value[i]).ToArray())];
        JsonElement theirs = SystemPython.Run(LeastSquares, new
        {
            strain = strains,
            stress = frames.Select(f => f.Stress!.Value.ToVoigt().Select(s => s * GPa)),
            stiffness = c.Stiffness.Select(row => row.ToArray()),
        });
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(theirs.GetProperty("s0")[i].GetDouble(), c.ResidualStress[i], 1e-8);
            Assert.Equal(theirs.GetProperty("eigen")[i].GetDouble(), c.Eigenvalues[i], 1e-8);
            for (int j = 0; j < 6; j++)
            {
                Assert.Equal(theirs.GetProperty("c")[i][j].GetDouble(), c.Stiffness[i, j], 1e-6);
                Assert.Equal(theirs.GetProperty("err")[i][j].GetDouble(), c.StandardErrors![i, j], 1e-6);
            }
        }

        Assert.Equal(theirs.GetProperty("r2").GetDouble(), c.R2, 1e-9);
        ElasticModuli m = c.Moduli!;
        double[] mine = [m.BulkVoigt, m.BulkReuss, m.ShearVoigt, m.ShearReuss, m.UniversalAnisotropy, m.PoissonRatio, m.Young];
        Assert.All(mine.Zip(theirs.GetProperty("moduli").EnumerateArray()), pair => Assert.Equal(pair.Second.GetDouble(), pair.First, Math.Abs(pair.First) * 1e-8));
    }

    /// <summary>Independent constants by Laue class: Nye, Physical Properties of Crystals, table 9 (with the axes of the conventional cells).</summary>
    [Fact]
    public void Each_class_has_its_independent_constants()
    {
        Assert.Equal("C11 C12 C44", Names(RockSalt));
        Assert.Equal("C11 C12 C13 C33 C44 C66", Names(Rutile));
        Assert.Equal("C11 C12 C13 C33 C44 C14", Names(Corundum));
        Assert.Equal("C11 C12 C13 C33 C44", Names(Make(Lattice.FromParameters(3.25, 3.25, 5.2, 90, 90, 120), "Zn .33333333333333331 .66666666666666669 0", "Zn .66666666666666663 .33333333333333331 .5", "O .33333333333333331 .66666666666666669 .382", "O .66666666666666663 .33333333333333331 .882")));
        Assert.Equal("C11 C12 C13 C22 C23 C33 C44 C55 C66", Names(StrainSeries.Strain(RockSalt, Matrix3x3.Diagonal(0, 0.05, 0.1))));
        // Twofold axis along y: C15, C25, C35, C46 besides those.
        Assert.Equal("C11 C12 C13 C22 C23 C33 C44 C55 C66 C15 C25 C35 C46", Names(StrainSeries.Strain(RockSalt, new(new(0, 0, 0.03), new(0, 0.05, 0), new(0.03, 0, 0.1)))));
        Assert.Equal(21, StiffnessBasis.Of(PointGroup.Trivial).Names.Length);

        static string Names(Structure s) => string.Join(' ', StiffnessBasis.Of(PointGroup.Find(s)).Names);
    }

    [Fact]
    public void The_symmetry_of_the_fit_is_that_of_the_crystal_in_any_orientation()
    {
        Matrix3x3 turn = PointGroupTests.Turn(0.4, 0.9, -0.3);
        ElasticConstants straight = Fit(Corundum), turned = Fit(Corundum.With(lattice: new Lattice(Corundum.Lattice!.Rows * turn), positions: Corundum.FractionalPositions, kind: CoordinateKind.Fractional));
        Assert.Equal(6, straight.IndependentConstants.Length);
        Assert.Equal(6, turned.IndependentConstants.Length);
        // Handbooks have z along the threefold axis and x along a twofold one, or across it.
        Assert.True(ConventionalAxes.Has(straight) && ConventionalAxes.Has(Fit(AboutZ(90))) && ConventionalAxes.Has(Fit(AboutZ(120))));
        Assert.False(ConventionalAxes.Has(turned) || ConventionalAxes.Has(Fit(AboutZ(20))));
        // What no rotation changes: moduli, and the invariants C_iijj and C_ijij.
        Assert.Equal(straight.Moduli!.BulkVoigt, turned.Moduli!.BulkVoigt, 0.02);
        Assert.Equal(straight.Moduli.ShearReuss, turned.Moduli.ShearReuss, 0.02);
        // The tensor itself, turned component by component.
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                Assert.Equal(Turned(straight.Stiffness, turn, i, j), turned.Stiffness[i, j], 0.05);
            }
        }

        static Structure AboutZ(double degrees)
        {
            (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
            return Corundum.With(lattice: new Lattice(Corundum.Lattice!.Rows * new Matrix3x3(new(cos, sin, 0), new(-sin, cos, 0), new(0, 0, 1))), positions: Corundum.FractionalPositions, kind: CoordinateKind.Fractional);
        }

        static ElasticConstants Fit(Structure s) => ElasticConstants.Fit(Assert.Single(FrameSeries.Split(
            StrainSeries.ByMode([StrainMode.Elastic], elasticRange: StrainRange.Symmetric(0.001m, 0.001m)).Apply(s).Select(BinaryMorse.Label))));
    }

    [Fact]
    public void A_turned_cell_gives_what_the_strained_one_gives()
    {
        // A code that turns the cell (a along x) turns the stress with it; the strain is the same.
        Frame[] frames = Label(Aluminium, 0.002m);
        ElasticConstants straight = ElasticConstants.Fit(FrameSeries.Split(frames)[0], new() { Reference = Aluminium });
        Matrix3x3 turn = PointGroupTests.Turn(1, 0.2, -0.6);
        Frame[] turned = [.. frames.Select(f => new Frame(f.Structure.With(lattice: new Lattice(f.Structure.Lattice!.Rows * turn), positions: f.Structure.FractionalPositions, kind: CoordinateKind.Fractional)) { Stress = f.Stress!.Value.Rotate(turn), FreeEnergy = f.FreeEnergy, Convergence = f.Convergence })];
        ElasticConstants c = ElasticConstants.Fit(FrameSeries.Split(turned)[0], new() { Reference = Aluminium });
        Assert.Equal(straight.C11, c.C11, 1e-6);
        Assert.Equal(straight.C12, c.C12, 1e-6);
        Assert.Equal(straight.C44, c.C44, 1e-6);
    }

    [Fact]
    public void Relaxed_and_clamped_ions_are_kept_apart()
    {
        // Clamped steps, and for each a second step with moved ions and softer stress.
        Frame[] clamped = [.. Label(Rutile, 0.002m, BinaryMorse.Label).Select((f, i) => f with { Source = new($"run{i}", 1) })];
        Frame[] relaxed = [.. clamped.Select((f, i) => (f.WithStructure(Move(f.Structure, i)) with { Source = new($"run{i}", 2), Forces = [.. Enumerable.Repeat(Vector3D.Zero, 6)], Stress = Half(f.Stress!.Value) }))];
        FrameSeries both = Assert.Single(FrameSeries.Split([.. clamped, .. relaxed]));
        Assert.Equal("IonsAmbiguous", Assert.Throws<AtomProNetException>(() => ElasticConstants.Fit(both)).ErrorId);
        ElasticConstants hard = ElasticConstants.Fit(both, new() { Ions = IonRelaxation.Clamped, Reference = Rutile }), soft = ElasticConstants.Fit(both, new() { Ions = IonRelaxation.Relaxed, Reference = Rutile });
        Assert.Equal((IonRelaxation.Clamped, IonRelaxation.Relaxed), (hard.Ions, soft.Ions));
        Assert.Equal(hard.C11 / 2, soft.C11, 1e-9);
        Assert.Equal((13, 13), (hard.FrameCount, soft.FrameCount));
        Assert.Equal(IonRelaxation.Relaxed, ElasticConstants.Fit(FrameSeries.Split(relaxed)[0], new() { Reference = Rutile }).Ions);
        // One frame whose ions were not relaxed among relaxed ones.
        Frame[] mixed = [.. relaxed.Take(12), relaxed[12] with { Forces = [new(0.5, 0, 0), .. Enumerable.Repeat(Vector3D.Zero, 5)] }];
        Assert.Equal("IonsMixed", Assert.Throws<AtomProNetException>(() => ElasticConstants.Fit(FrameSeries.Split(mixed)[0], new() { Reference = Rutile })).ErrorId);

        static Structure Move(Structure s, int i) => s.With(positions: [.. s.FractionalPositions.Select((p, k) => p + new Vector3D(k * 1e-3 * (i + 1) / 13, 0, 0))], kind: CoordinateKind.Fractional);
        static StressTensor Half(StressTensor s) => new(s.XX / 2, s.YY / 2, s.ZZ / 2, s.YZ / 2, s.XZ / 2, s.XY / 2);
    }

    [Fact]
    public void Refusals_say_why()
    {
        using var work = new TemporaryFolder();
        Frame[] frames = Label(Aluminium, 0.002m);
        Assert.Equal("StrainsDoNotDetermineConstants", Id("Measure-ElasticConstant -IgnoreSymmetry", [.. frames.Take(9)]));
        Assert.Equal("StrainsMissing", Id("Measure-ElasticConstant", [frames.Single(f => VoigtStrain.AppliedTo(f.Structure)!.Value.IsZero)]));
        Assert.Equal("ElasticReferenceMissing", Id("Measure-ElasticConstant", [.. frames.Select(f => f.WithStructure(Bare(f.Structure)))]));
        Assert.Equal("ElasticNoFrames", Id("Measure-ElasticConstant", [.. frames.Select(f => f with { Stress = null })]));
        // A cell that was relaxed is not strained as its provenance says.
        Frame grown = frames[2].WithStructure(frames[2].Structure.With(lattice: new Lattice(frames[2].Structure.Lattice!.Rows * 1.002)));
        Assert.Equal("StrainNotAsTold", Id("Measure-ElasticConstant", [.. frames.Take(2), grown, .. frames.Skip(3)]));
        Assert.Equal("MethodsMixed", Id("Measure-ElasticConstant", [.. frames.Take(2), frames[2] with { Method = frames[2].Method! with { CutoffEnergy = 520 } }, .. frames.Skip(3)]));
        // Without provenance, against a reference: the lattices tell the strains.
        ElasticConstants told = ElasticConstants.Fit(FrameSeries.Split(frames)[0]), bare = ElasticConstants.Fit(FrameSeries.Split(frames.Select(f => f.WithStructure(Bare(f.Structure))))[0], new() { Reference = Aluminium });
        Assert.Equal(told.C44, bare.C44, 1e-9);
        Assert.Empty(PipelineHost.Run("Measure-ElasticConstant", work.Root, new() { Input = [] }).Errors);

        string Id(string pipeline, Frame[] input)
        {
            PipelineResult result = PipelineHost.Run(pipeline, work.Root, new() { Input = input });
            Assert.Empty(result.Output);
            return Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0];
        }

        static Structure Bare(Structure s) => new(s.Lattice, s.Species, s.FractionalPositions, CoordinateKind.Fractional);
    }

    [Fact]
    public void Wrong_signs_show_as_an_unstable_crystal()
    {
        Frame[] frames = [.. Label(Aluminium, 0.002m).Select(f => f with { Stress = Minus(f.Stress!.Value) })];
        ElasticConstants c = ElasticConstants.Fit(FrameSeries.Split(frames)[0]);
        Assert.False(c.IsStable);
        Assert.Contains(c.Findings, f => f.Code == "CrystalNotStable");

        static StressTensor Minus(StressTensor s) => new(-s.XX, -s.YY, -s.ZZ, -s.YZ, -s.XZ, -s.XY);
    }

    [Fact]
    public void A_limit_leaves_larger_strains_out()
    {
        PipelineResult result = PipelineHost.Run("Measure-ElasticConstant -MaximumStrain 0.005", Path.GetTempPath(), new() { Input = [.. StrainSeries.ByMode([StrainMode.Elastic]).Apply(Aluminium).Select(Label)] });
        Assert.Empty(result.Errors);
        ElasticConstants c = Assert.Single(result.Output.Cast<ElasticConstants>());
        Assert.Equal((13, 0.005), (c.FrameCount, Math.Round(c.MaximumStrain, 12)));
        Assert.Contains(result.Warnings, w => w.Contains("12 frames were left out", StringComparison.Ordinal));
    }

    private static Frame[] Label(Structure crystal, decimal strain, Func<Structure, Frame>? label = null) =>
        [.. StrainSeries.ByMode([StrainMode.Elastic], elasticRange: StrainRange.Symmetric(strain, strain)).Apply(crystal).Select(label ?? Label)];

    private static Frame Label(Structure structure)
    {
        (double energy, Vector3D[] forces, StressTensor stress) = MorsePotential.Aluminium.Evaluate(structure.Lattice!, structure.CartesianPositions);
        return new Frame(structure) { FreeEnergy = energy, Forces = [.. forces], Stress = stress, Convergence = new(ElectronicConvergence.Converged), Method = new() { Code = "Morse", CutoffEnergy = 400 } };
    }

    // The lattice constant without pressure, by bisection.
    private static double RestingLattice()
    {
        double low = 3.8, high = 4.3;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            Lattice lattice = Lattice.Cubic(middle);
            double pressure = MorsePotential.Aluminium.Evaluate(lattice, [.. Aluminium.FractionalPositions.Select(lattice.ToCartesian)]).Stress.Pressure;
            (low, high) = pressure > 0 ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    // C11 and C12 of a face-centred cubic crystal of the Morse potential, GPa; derivatives by differences of the potential's energy of two atoms.
    private static (double C11, double C12) LatticeSums(double a)
    {
        double c11 = 0, c12 = 0, volume = a * a * a / 4;
        for (int i = -6; i <= 6; i++)
        {
            for (int j = -6; j <= 6; j++)
            {
                for (int k = -6; k <= 6; k++)
                {
                    Vector3D r = new Vector3D(i, j, k) * (a / 2);
                    if ((i + j + k) % 2 != 0 || r.Length is 0 or > 6.5)
                    {
                        continue;
                    }

                    double length = r.Length, h = 1e-3, plus = U(length + h), minus = U(length - h), middle = U(length);
                    double factor = (plus - 2 * middle + minus) / (h * h) - (plus - minus) / (2 * h) / length;
                    c11 += factor * r.X * r.X * r.X * r.X / (length * length);
                    c12 += factor * r.X * r.X * r.Y * r.Y / (length * length);
                }
            }
        }

        return (c11 / 2 / volume * GPa, c12 / 2 / volume * GPa);

        static double U(double r) => MorsePotential.Aluminium.Evaluate(Lattice.Cubic(30), [Vector3D.Zero, new(r, 0, 0)]).Energy;
    }

    private static double Turned(ElasticMatrix c, Matrix3x3 r, int i, int j)
    {
        (int A, int B)[] index = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        (int a, int b) = index[i];
        (int d, int e) = index[j];
        double sum = 0;
        for (int m = 0; m < 81; m++)
        {
            int p = m / 27, q = m / 9 % 3, s = m / 3 % 3, t = m % 3;
            sum += r[p, a] * r[q, b] * r[s, d] * r[t, e] * c[Voigt(p, q), Voigt(s, t)];
        }

        return sum;

        static int Voigt(int x, int y) => x == y ? x : 6 - x - y;
    }
}
