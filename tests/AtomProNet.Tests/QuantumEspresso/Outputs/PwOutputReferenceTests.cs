using System.Text.Json;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>Every frame of the real pw.x outputs against values that share no code with this project.</summary>
public sealed class PwOutputReferenceTests
{
    private const double Rydberg = PwTextSearch.Rydberg;
    private const double Bohr = PwTextSearch.Bohr;

    public static readonly TheoryData<string> Finished = new(
        "al_scf_metal", "fe_magnetic", "h2o_gamma", "ni_magnetic", "ni_noncolin_soc", "si_killed", "si_maxseconds", "si_md", "si_relax", "si_relax_nstep_hit",
        "si_scf", "si_scf_highverb", "si_vcmd", "si_vcrelax",
        "strain/strain_+0.000", "strain/strain_+0.010", "strain/strain_+0.020", "strain/strain_+0.030", "strain/strain_+0.040", "strain/strain_+0.050",
        "strain/strain_-0.010", "strain/strain_-0.020", "strain/strain_-0.030", "strain/strain_-0.040", "strain/strain_-0.050");

    [Fact]
    public void TheFiftyFramesOfTheVariableCellRelaxationHaveTheReferenceValues()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("reference", "qe.json")));
        JsonElement expected = reference.RootElement.GetProperty("qe/mp-1094129");
        (List<Frame> frames, CalculationReport report) = Read(SharedData.Path("data", "qe", "mp-1094129", "pw.out"));

        Assert.Empty(report.Errors);
        Assert.Empty(report.LeftOut);
        Assert.True(report.IsFinished);
        Assert.False(report.IonicConverged);
        Assert.Equal("7.4", report.Version);
        Assert.Equal(expected.GetProperty("n").GetInt32(), frames.Count);
        string[] species = [.. expected.GetProperty("species").EnumerateArray().Select(s => s.GetString()!)];
        foreach ((Frame frame, JsonElement values) in frames.Zip(expected.GetProperty("frames").EnumerateArray()))
        {
            Assert.Equal(species, frame.Structure.Species.Select(s => s.Symbol));
            Assert.Equal(values.GetProperty("E_eV").GetDouble(), frame.FreeEnergy!.Value, 1e-11);
            Assert.Equal(frame.FreeEnergy, frame.Energy);
            Near(values.GetProperty("F0_eVA"), frame.Forces!.Value[0], 1e-9);
            Assert.Equal(values.GetProperty("Fmax_abs").GetDouble(), frame.Forces.Value.Max(f => Math.Max(Math.Abs(f.X), Math.Max(Math.Abs(f.Y), Math.Abs(f.Z)))), 1e-6);
            for (int i = 0; i < 3; i++)
            {
                Near(values.GetProperty("cell")[i], frame.Structure.Lattice!.Rows[i], 1e-9);
                for (int j = 0; j < 3; j++)
                {
                    // Compression positive there, tension positive here; the columns in Ry/bohr³ have more digits than those in kbar.
                    Assert.Equal(-values.GetProperty("stress_kbar")[i][j].GetDouble(), frame.Stress!.Value.ToMatrix()[i, j] * 1602.176634, 6e-3);
                }
            }

            Near(values.GetProperty("pos0"), frame.Structure.CartesianPositions[0], 1e-9);
            Assert.Equal(values.GetProperty("P_kbar").GetDouble(), frame.Stress!.Value.Pressure * 1602.176634, 1.1e-2);
        }
    }

    [Fact]
    public void EnergiesOfASmearedRunAreKeptApart()
    {
        (List<Frame> frames, _) = Read(SharedData.Path("data", "qe", "mp-1094129", "pw.out"));

        // The file: ! -70.52264608, smearing contrib. (-TS) -0.00247517, E=F+TS -70.52017091 Ry; Gaussian smearing.
        Assert.Equal(-70.52264608 * Rydberg, frames[0].FreeEnergy!.Value, 1e-10);
        Assert.Equal(-70.52017091 * Rydberg, frames[0].EnergyWithoutEntropy!.Value, 1e-10);
        Assert.Equal((-70.52264608 - 70.52017091) / 2 * Rydberg, frames[0].EnergySigmaToZero!.Value, 1e-10);

        // Marzari–Vanderbilt: the energy for σ→0 is not (F + E)/2, so there is none. −TS is positive there.
        (List<Frame> metal, _) = Read(SharedData.Path("data", "qe", "made", "al_scf_metal", "pw.out"));
        Assert.Equal(-4.18778593 * Rydberg, metal[0].EnergyWithoutEntropy!.Value, 1e-7);
        Assert.Null(metal[0].EnergySigmaToZero);
    }

    [Theory]
    [MemberData(nameof(Finished))]
    public void EveryFrameHasThePrintedNumbersOfItsOwnGeometry(string folder)
    {
        string path = SharedData.Path(["data", "qe", "made", .. folder.Split('/'), "pw.out"]);
        var text = PwTextSearch.Of(File.ReadAllText(path));
        foreach (bool mergeXml in new[] { false, true })
        {
            using PwOutputReader reader = PwOutputReader.Open(path, mergeXml);
            List<Frame> frames = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];

            Assert.Empty(reader.Report.Errors);
            Assert.Equal(text.Energies.Count, frames.Count);
            Assert.All(reader.Report.LeftOut, l => Assert.Contains(l.Reason, new[] { LeftOutReason.CutOff, LeftOutReason.NotConverged }));
            for (int k = 0; k < frames.Count; k++)
            {
                (double[][] positions, double[][] cell) = text.GeometryBefore(text.Energies[k].Line);
                // Half of the last printed digit, once for each factor that the number was made of.
                double rounding = k == 0 && !mergeXml ? 1e-9 : 1.5e-5;
                Assert.Equal(text.Energies[k].Rydberg * Rydberg, frames[k].FreeEnergy!.Value, 0.51e-8 * Rydberg);
                for (int i = 0; i < positions.Length; i++)
                {
                    Near(positions[i], frames[k].Structure.CartesianPositions[i], rounding);
                    Near(text.Forces[k].RydbergPerBohr[i], frames[k].Forces!.Value[i] * (Bohr / Rydberg), 0.51e-8);
                }

                for (int i = 0; i < 3; i++)
                {
                    Near(cell[i], frames[k].Structure.Lattice!.Rows[i], rounding);
                    for (int j = 0; j < 3; j++)
                    {
                        Assert.Equal(-text.Stresses[k].RydbergPerCubicBohr[i][j], frames[k].Stress!.Value.ToMatrix()[i, j] * (Bohr * Bohr * Bohr / Rydberg), 1.01e-8);
                    }
                }

                Assert.Equal(ElectronicConvergence.Converged, frames[k].Convergence.Electronic);
                Assert.Equal(LabelOrigin.AbInitio, frames[k].Origin);
            }
        }
    }

    [Theory]
    [InlineData("si_noconv", "NotConvergedWithoutEnergy", LeftOutReason.NotConverged, true, 0)]
    [InlineData("si_noconv_relax", "NotConvergedWithoutEnergy", LeftOutReason.NotConverged, true, 0)]
    [InlineData("si_maxseconds", "StoppedWithinScf", LeftOutReason.NotConverged, true, 21)]
    [InlineData("si_killed", "StepCutOff", LeftOutReason.CutOff, false, 33)]
    public void WhatFailedIsLeftOutWithItsReason(string folder, string code, LeftOutReason reason, bool finished, int frames)
    {
        (List<Frame> found, CalculationReport report) = Read(SharedData.Path("data", "qe", "made", folder, "pw.out"));

        Assert.Equal(frames, found.Count);
        LeftOutFrame left = Assert.Single(report.LeftOut);
        Assert.Equal((frames + 1, reason, code), (left.Step, left.Reason, left.Code));
        Assert.NotNull(left.Line);
        Assert.Equal(finished, report.IsFinished);
    }

    [Theory]
    [InlineData("si_badinput", "read_namelists", "nonsense=3")]
    [InlineData("si_badpseudo", "readpp", "Si.missing.UPF not found")]
    public void ARunThatStoppedAtItsStartSaysWhy(string folder, string routine, string text)
    {
        (List<Frame> frames, CalculationReport report) = Read(SharedData.Path("data", "qe", "made", folder, "pw.out"));

        Assert.Empty(frames);
        Assert.False(report.IsFinished);
        Finding finding = Assert.Single(report.Findings, f => f.Severity == FindingSeverity.Error);
        Assert.Equal("RunStoppedWithError", finding.Code);
        Assert.Contains(routine, finding.Message, StringComparison.Ordinal);
        Assert.Contains(text, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheRelaxationsSayWhetherTheyReachedTheirGoal()
    {
        Assert.True(Read(SharedData.Path("data", "qe", "made", "si_relax", "pw.out")).Report.IonicConverged);
        Assert.True(Read(SharedData.Path("data", "qe", "made", "si_vcrelax", "pw.out")).Report.IonicConverged);
        Assert.False(Read(SharedData.Path("data", "qe", "made", "si_relax_nstep_hit", "pw.out")).Report.IonicConverged);
        Assert.Null(Read(SharedData.Path("data", "qe", "made", "si_md", "pw.out")).Report.IonicConverged);
        Assert.Null(Read(SharedData.Path("data", "qe", "made", "si_scf", "pw.out")).Report.IonicConverged);
    }

    [Fact]
    public void TheLastScfOfAVariableCellRelaxationHasPlaneWavesOfItsOwn()
    {
        (List<Frame> frames, _) = Read(SharedData.Path("data", "qe", "made", "si_vcrelax", "pw.out"));

        Assert.Equal(9, frames.Count);
        Assert.Equal(1.0, frames[0].BasisVolumeRatio);
        Assert.All(frames.Take(8), f => Assert.Equal(frames[0].Structure.Lattice, f.BasisLattice));
        Assert.Equal(1.0, frames[8].BasisVolumeRatio);
        Assert.Equal(frames[8].Structure.Lattice, frames[8].BasisLattice);
        // The input: a face-centred cell of half edges 2.79645 Å. The output: 39.42934 Å³ at the end.
        Assert.Equal(39.42934 / (2 * Math.Pow(2.79645, 3)), frames[7].BasisVolumeRatio!.Value, 1e-6);
        // 10 meV an atom between the last step and the same cell with plane waves of its own.
        Assert.Equal(0.0099, (frames[8].FreeEnergy!.Value - frames[7].FreeEnergy!.Value) / 2, 1e-3);
    }

    [Fact]
    public void DynamicsHasTemperatureAndKineticEnergyOfTheSameStep()
    {
        (List<Frame> frames, _) = Read(SharedData.Path("data", "qe", "made", "si_md", "pw.out"));

        Assert.Equal(600.0, frames[0].Temperature);
        Assert.Equal(0.00570026 * Rydberg, frames[0].KineticEnergy!.Value, 1e-12);
        Assert.Equal(510.68839909, frames[19].Temperature);
        // The conserved quantity that pw.x prints: Ekin + Etot.
        Assert.Equal(-15.62722602 * Rydberg, frames[19].KineticEnergy!.Value + frames[19].FreeEnergy!.Value, 2e-7);
        Assert.All(frames, f => Assert.Equal(1.0, f.BasisVolumeRatio));
    }

    [Fact]
    public void MagneticRunsHaveTheirMoments()
    {
        Frame fe = Assert.Single(Read(SharedData.Path("data", "qe", "made", "fe_magnetic", "pw.out")).Frames);
        Assert.Equal(2.29, fe.TotalMagneticMoment);
        Assert.Equal(2.3691, Assert.Single(fe.MagneticMoments!.Value));
        Assert.Equal(2.46, fe.Information["absolute_magnetization"]);
        // atom:    1    charge:    6.4815    magn:    2.3691: electrons in a sphere, no net charge.
        Assert.Equal([6.4815], Assert.IsType<double[]>(fe.Information["sphere_electrons"]));
        Assert.Null(fe.Charges);
        Assert.True(fe.Method!.SpinPolarised);

        Frame ni = Assert.Single(Read(SharedData.Path("data", "qe", "made", "ni_noncolin_soc", "pw.out")).Frames);
        Assert.Equal([1.30, 0.0, 0.0], Assert.IsType<double[]>(ni.Information["total_magnetization"]));
        Assert.Null(ni.MagneticMoments);
        Assert.Single(ni.MagneticMomentVectors!.Value);
    }

    [Fact]
    public void HeldAtomsKeepTheirTrueForces()
    {
        // The third atom is held: zero in the XML, 0.0142 Ry/bohr along z in the output.
        Frame frame = Assert.Single(Read(SharedData.Path("data", "qe", "made", "h2o_gamma", "pw.out")).Frames);
        Assert.Equal(0.01416416 * Rydberg / Bohr, frame.Forces!.Value[2].Z, 1e-6);
        Assert.Equal([true, true, true, true, true, true, false, false, false], frame.Structure.SiteProperties["selective_dynamics"].Logicals.ToArray());
    }

    [Fact]
    public void TheMethodIsTheOneOfTheSummary()
    {
        DftMethod method = Read(SharedData.Path("data", "qe", "mp-1094129", "pw.out")).Frames[0].Method!;
        Assert.Equal(("pw.x", "7.4", "PBE"), (method.Code, method.Version, method.Functional));
        Assert.Equal(40 * Rydberg, method.CutoffEnergy!.Value, 1e-9);
        Assert.Equal(320 * Rydberg, method.DensityCutoffEnergy!.Value, 1e-9);
        Assert.Equal("Gaussian", method.Smearing);
        Assert.Equal(0.02 * Rydberg, method.SmearingWidth!.Value, 1e-12);
        Assert.Equal(1e-8 * Rydberg, method.ElectronicTolerance!.Value, 1e-18);
        Assert.Equal("36 points", method.KPointMesh);
        Assert.False(method.SpinPolarised);
        Assert.Equal("li_pbe_v1.4.uspp.F.UPF MD5 e912e257baa3777c20ea3d68f190483c", method.Potentials["Li"]);
        Assert.Equal("O.pbe-n-kjpaw_psl.0.1.UPF MD5 0234752ac141de4415c5fc33072bef88", method.Potentials["O"]);
        Assert.Empty(method.HubbardU);

        // The XML knows the mesh; nothing that must agree within a set depends on whether it is there.
        string al = SharedData.Path("data", "qe", "made", "al_scf_metal", "pw.out");
        DftMethod with = Read(al).Frames[0].Method!, without = Read(al, mergeXml: false).Frames[0].Method!;
        Assert.Equal("8x8x8", with.KPointMesh);
        Assert.Equal(with.Fingerprint, without.Fingerprint);
        Assert.Equal("MarzariVanderbilt", with.Smearing);
        Assert.Equal("LDA", with.Functional);
    }

    [Fact]
    public void ARunWithoutDescentIsAFamilyOfItsOwn()
    {
        (List<Frame> frames, _) = Read(SharedData.Path("data", "qe", "made", "si_relax", "pw.out"));
        Assert.Single(frames.Select(f => f.GroupId).Distinct());
        Assert.All(frames, f => Assert.True(f.Structure.Provenance!.GroupInferred));
        Assert.Equal("IonicStep", frames[2].Structure.Provenance!.Operation);
        Assert.Equal([1, 2, 3, 4, 5, 6], frames.Select(f => f.Source!.Step));
    }

    internal static (List<Frame> Frames, CalculationReport Report) Read(string path, bool mergeXml = true)
    {
        using PwOutputReader reader = PwOutputReader.Open(path, mergeXml);
        return ([.. reader.ReadFrames(TestContext.Current.CancellationToken)], reader.Report);
    }

    private static void Near(JsonElement expected, Vector3D found, double tolerance) => Near([.. expected.EnumerateArray().Select(v => v.GetDouble())], found, tolerance);

    private static void Near(double[] expected, Vector3D found, double tolerance)
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance, $"{string.Join(' ', expected)} and {found} differ by more than {tolerance}.");
        }
    }
}
