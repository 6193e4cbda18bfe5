using System.Text.Json;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>Every ionic step of the real OUTCARs against values that scripts sharing no code with this project took from them.</summary>
public sealed class OutcarReferenceTests
{
    public static readonly TheoryData<string> Folders = new(
        "vasp/relaxation",
        "vasp/strain/strain_-0.0100", "vasp/strain/strain_-0.0300", "vasp/strain/strain_-0.0500", "vasp/strain/strain_0.0000",
        "vasp/strain/strain_0.0005", "vasp/strain/strain_0.0100", "vasp/strain/strain_0.0500", "vasp/strain/strain_0.1000");

    [Theory]
    [MemberData(nameof(Folders))]
    public void EveryFrameHasThePrintedNumbers(string folder)
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("reference", "vasp.json")));
        JsonElement expected = reference.RootElement.GetProperty(folder);
        JsonElement meta = expected.GetProperty("meta");
        using OutcarReader reader = OutcarReader.Open(SharedData.Path(["data", .. folder.Split('/'), "OUTCAR"]));
        List<Frame> frames = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];

        Assert.Empty(reader.Report.Errors);
        Assert.Empty(reader.Report.LeftOut);
        Assert.Empty(reader.Report.Findings);
        Assert.Equal(expected.GetProperty("frames").GetArrayLength(), frames.Count);
        Assert.Equal(meta.GetProperty("done").GetBoolean(), reader.Report.IsFinished);
        Assert.Equal(meta.GetProperty("ver").GetString(), "vasp." + reader.Report.Version);
        foreach ((Frame frame, JsonElement values) in frames.Zip(expected.GetProperty("frames").EnumerateArray()))
        {
            Assert.Equal(values.GetProperty("step").GetInt32(), frame.Source!.Step);
            Assert.Equal(meta.GetProperty("n").GetInt32(), frame.Structure.AtomCount);
            Assert.Equal(values.GetProperty("toten").GetDouble(), frame.FreeEnergy);
            Assert.Equal(values.GetProperty("e_wo_entropy").GetDouble(), frame.EnergyWithoutEntropy);
            Assert.Equal(values.GetProperty("e_sigma0").GetDouble(), frame.EnergySigmaToZero);
            Assert.Equal(values.GetProperty("nscf").GetInt32(), frame.Convergence.ElectronicSteps);
            Assert.Equal(meta.GetProperty("nelm").GetInt32(), frame.Convergence.MaximumElectronicSteps);
            Assert.Equal(values.GetProperty("scf_converged").GetBoolean(), frame.Convergence.Electronic == ElectronicConvergence.Converged);

            // XX YY ZZ XY YZ ZX, compression positive, to σ in Voigt order, tension positive.
            double[] kilobar = Numbers(values, "kB_xx_yy_zz_xy_yz_zx");
            double[] sigma = [kilobar[0], kilobar[1], kilobar[2], kilobar[4], kilobar[5], kilobar[3]];
            double[] found = frame.Stress!.Value.ToVoigt();
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal(-sigma[i] / 1602.176634, found[i], 1e-15);
            }

            JsonElement lattice = values.GetProperty("lattice");
            for (int i = 0; i < 3; i++)
            {
                Near(lattice[i], frame.Structure.Lattice!.Rows[i], 0.51e-9);
            }

            Near(values.GetProperty("pos_first"), frame.Structure.CartesianPositions[0], 0.51e-5);
            Near(values.GetProperty("pos_last"), frame.Structure.CartesianPositions[^1], 0.51e-5);
            Near(values.GetProperty("f_first"), frame.Forces!.Value[0], 0);
            Near(values.GetProperty("f_last"), frame.Forces!.Value[^1], 0);
            Assert.Equal(values.GetProperty("f_abs_max").GetDouble(), frame.Forces.Value.Max(f => Math.Max(Math.Abs(f.X), Math.Max(Math.Abs(f.Y), Math.Abs(f.Z)))));
            Assert.Equal(values.GetProperty("f_norm_max").GetDouble(), frame.MaximumForce!.Value, 1e-12);
            Assert.Equal(values.GetProperty("f_norm_mean").GetDouble(), frame.Forces.Value.Average(f => f.Length), 1e-12);
        }
    }

    [Fact]
    public void TheStaticRunTakesTheDigitsOfItsContcar()
    {
        using OutcarReader reader = OutcarReader.Open(SharedData.Path("data", "vasp", "strain", "strain_0.0000", "OUTCAR"));
        Frame frame = Assert.Single(reader.ReadFrames(TestContext.Current.CancellationToken));

        Assert.Equal(1.2121121328, frame.Structure.CartesianPositions[0].X, 5e-11);
        Assert.Equal(0.1551123661, frame.Structure.CartesianPositions[0].Y, 5e-11);
        Assert.Equal(2.7388802635, frame.Structure.CartesianPositions[0].Z, 5e-11);
        Assert.Equal(666.805197, frame.Structure.Volume!.Value, 1e-6);
        Assert.Equal(1.0, frame.BasisVolumeRatio);
    }

    [Fact]
    public void TheMethodIsTheOneOfTheHeader()
    {
        using OutcarReader reader = OutcarReader.Open(SharedData.Path("data", "vasp", "strain", "strain_0.0000", "OUTCAR"));
        DftMethod method = Assert.Single(reader.ReadFrames(TestContext.Current.CancellationToken)).Method!;

        Assert.Equal("VASP", method.Code);
        Assert.Equal("6.3.0", method.Version);
        Assert.Equal("PBE", method.Functional);
        Assert.Null(method.Dispersion);
        Assert.Equal(400, method.CutoffEnergy);
        Assert.Equal("Normal", method.Precision);
        Assert.Equal("MethfesselPaxton1", method.Smearing);
        // Printed as 0.03; the INCAR in the header says 0.026.
        Assert.Equal(0.026, method.SmearingWidth);
        Assert.False(method.AsphericalCorrections);
        Assert.False(method.SpinPolarised);
        Assert.Equal(1e-6, method.ElectronicTolerance);
        Assert.Equal("4x4x4 shift 0.5,0.5,0.5", method.KPointMesh);
        Assert.Equal("PAW_PBE Al 04Jan2001", method.Potentials["Al"]);
        Assert.Equal("PAW_PBE O 08Apr2002", method.Potentials["O"]);
        Assert.Empty(method.HubbardU);
    }

    [Fact]
    public void TheRelaxationKeepsTheCellOfItsPlaneWaves()
    {
        using OutcarReader reader = OutcarReader.Open(SharedData.Path("data", "vasp", "relaxation", "OUTCAR"));
        List<Frame> frames = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];

        Assert.True(reader.Report.IonicConverged);
        Assert.Equal(1.0, frames[0].BasisVolumeRatio);
        Assert.All(frames, f => Assert.Equal(frames[0].Structure.Lattice, f.BasisLattice));
        Assert.NotEqual(1.0, frames[^1].BasisVolumeRatio);
        // One file is one family, recognised from the data.
        Assert.Single(frames.Select(f => f.GroupId).Distinct());
        Assert.All(frames, f => Assert.True(f.Structure.Provenance!.GroupInferred));
        Assert.Equal("IonicStep", frames[3].Structure.Provenance!.Operation);
    }

    private static double[] Numbers(JsonElement values, string name) => [.. values.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private static void Near(JsonElement expected, Vector3D found, double tolerance)
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.True(Math.Abs(expected[i].GetDouble() - found[i]) <= tolerance, $"{expected} and {found} differ.");
        }
    }
}
