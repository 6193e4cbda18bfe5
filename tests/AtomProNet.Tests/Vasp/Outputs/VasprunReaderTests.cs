using System.IO.Compression;
using System.Text.Json;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>The pitfalls of vasprun.xml, each in a file made up for it.</summary>
public sealed class VasprunReaderTests
{
    [Theory]
    [InlineData("Vasp630", 0)]
    [InlineData("Vasp544", 0)]
    [InlineData("Vasp630", -1.7)]
    [InlineData("Vasp544", -1.7)]
    public void TheThreeEnergiesAreRightWhateverTheVersionAndTheDispersion(string dialect, double dispersion) =>
        AssertAll(SyntheticRuns.Relaxation(1, 4) with { Dialect = Enum.Parse<OutcarDialect>(dialect), Dispersion = dispersion });

    [Fact]
    public void MolecularDynamics()
    {
        List<Frame> frames = AssertAll(SyntheticRuns.Dynamics(2, 3));
        Assert.Equal(0.1163, frames[0].KineticEnergy!.Value, 1e-9);
        Assert.All(frames, f => Assert.Equal(ElectronicConvergence.Converged, f.Convergence.Electronic));
    }

    [Fact]
    public void TheFramesAreThoseOfTheOutcar()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(3, 3);
        List<Frame> xml = VasprunText.Read(run.ToVasprunBytes()).Frames, outcar = OutcarText.Read(run.ToBytes()).Frames;
        Assert.Equal(outcar.Count, xml.Count);
        for (int i = 0; i < xml.Count; i++)
        {
            Assert.Equal(outcar[i].FreeEnergy, xml[i].FreeEnergy);
            Assert.Equal(outcar[i].Source!.Step, xml[i].Source!.Step);
            Assert.Equal(outcar[i].Convergence, xml[i].Convergence);
            Assert.Equal(outcar[i].Method!.Fingerprint, xml[i].Method!.Fingerprint);
            Assert.Equal(outcar[i].Method!.Potentials, xml[i].Method!.Potentials);
            Assert.Equal(outcar[i].BasisVolumeRatio!.Value, xml[i].BasisVolumeRatio!.Value, 1e-7);
        }
    }

    [Fact]
    public void StepsWithoutElectronicOnesAreThoseOfAMachineLearnedForceField()
    {
        List<SyntheticStep> walk = SyntheticRuns.Walk(4, 3);
        SyntheticOutcar run = SyntheticRuns.Dynamics(4, 3) with { Steps = [walk[0], walk[1] with { IsMachineLearned = true }, walk[2]] };
        List<Frame> frames = AssertAll(run);
        Assert.Equal([LabelOrigin.AbInitio, LabelOrigin.MachineLearned, LabelOrigin.AbInitio], frames.Select(f => f.Origin));
    }

    [Fact]
    public void SpeciesMayStandTwice()
    {
        SyntheticOutcar run = new() { Types = [new("Ti", 3), new("O", 2), new("Ti", 3)], Steps = [SyntheticRuns.Disordered(5, atoms: 8, displacement: 0.5)] };
        Assert.Equal("Ti Ti Ti O O Ti Ti Ti", string.Join(' ', AssertAll(run)[0].Structure.Species));
    }

    [Theory]
    [InlineData("X", "PAW_PBE Xe 07Sep2000", "Xe", false)]
    [InlineData("r", "PAW_PBE Zr_sv 07Sep2000", "Zr", true)]
    public void SpeciesComeFromTheListOrTheTitle(string listed, string title, string symbol, bool isNoticed)
    {
        SyntheticOutcar run = new() { Types = [new(symbol, 4, title, listed)], Steps = [SyntheticRuns.Disordered(5)] };
        (List<Frame> frames, CalculationReport report) = VasprunText.Read(run.ToVasprunBytes());
        Assert.Equal(symbol, Assert.Single(frames).Structure.Species[0].Symbol);
        Assert.Equal(isNoticed, report.Findings.Any(f => f.Code == "SpeciesNamesDisagree"));
    }

    [Theory]
    [InlineData(60, 4e-7, ElectronicConvergence.Ambiguous)]
    [InlineData(59, 4e-7, ElectronicConvergence.Converged)]
    [InlineData(59, 4e-4, ElectronicConvergence.Ambiguous)]
    public void ConvergenceIsBelievedOnlyWhereItIsProven(int steps, double lastChange, object expected)
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(6) with { ElectronicSteps = steps, LastChange = lastChange });
        Assert.Equal(expected, Assert.Single(VasprunText.Read(run.ToVasprunBytes()).Frames).Convergence.Electronic);
    }

    [Theory]
    [InlineData(2, ElectronicConvergence.Converged)]
    [InlineData(11, ElectronicConvergence.NotConverged)]
    public void WithAFixedDensityNothingIsALabel(int icharg, object expected)
    {
        string text = SyntheticRuns.Static(SyntheticRuns.Disordered(15)).ToVasprun().Replace("   <i name=\"EDIFF\">", $"   <i type=\"int\" name=\"ICHARG\">{icharg,6}</i>\n   <i name=\"EDIFF\">", StringComparison.Ordinal);
        Assert.Equal(expected, Assert.Single(VasprunText.Read(text).Frames).Convergence.Electronic);
    }

    /// <summary>Linear response lists its own electronic steps behind those of the ground state, whose last one lists the terms of its energy.</summary>
    [Fact]
    public void TheStepsOfAResponseAreNotThoseOfTheGroundState()
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(16));
        const string End = "   </energy>\n  </scstep>\n", Term = "    <i name=\"bandstr\">    -12.00000000 </i>\n";
        string text = run.ToVasprun().Replace("   <i name=\"EDIFF\">", "   <i type=\"logical\" name=\"LEPSILON\"> T  </i>\n   <i name=\"EDIFF\">", StringComparison.Ordinal);
        int first = text.IndexOf(End, StringComparison.Ordinal), last = text.LastIndexOf(End, StringComparison.Ordinal) + End.Length;
        string response = string.Concat(Enumerable.Range(1, 90).Select(k => $"  <scstep>\n   <energy>\n    <i name=\"e_fr_energy\">{-0.4 * k,16:F8} </i>\n    <i name=\"e_wo_entrp\">{-0.4 * k,16:F8} </i>\n    <i name=\"e_0_energy\">{-0.4 * k,16:F8} </i>\n{End}"));
        text = text.Insert(last, response).Insert(last - End.Length, Term).Insert(first, Term);
        Frame frame = Assert.Single(VasprunText.Read(text).Frames);
        VasprunText.AssertSame(run.Steps[0], frame, run);
        Assert.Equal((ElectronicConvergence.Converged, 7), (frame.Convergence.Electronic, frame.Convergence.ElectronicSteps));
    }

    /// <summary>VASP removes no drift from the force on a single atom: it would be all of it.</summary>
    [Fact]
    public void TheForceOnASingleAtomIsNoDrift()
    {
        SyntheticStep step = SyntheticRuns.Disordered(17, atoms: 1) with { Forces = [new(0.00002293, 0.00002294, -0.00000041)] };
        AssertAll(SyntheticRuns.Static(step) with { Nsw = 20, Ibrion = 1 });
    }

    [Fact]
    public void AnEnergyThatNothingConfirmsIsRefused()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(7, 2);
        string text = run.ToVasprun();
        int last = text.LastIndexOf("   <i name=\"e_fr_energy\">", StringComparison.Ordinal);
        int digit = text.IndexOf('.', last) + 3;
        text = text[..digit] + (text[digit] == '5' ? '6' : '5') + text[(digit + 1)..];
        (List<Frame> frames, CalculationReport report) = VasprunText.Read(text);
        Assert.Single(frames);
        Assert.Equal("EnergiesContradict", Assert.Single(report.LeftOut).Code);
    }

    [Fact]
    public void ForcesThatDoNotAddUpAreRefusedWhereTheDriftIsRemoved()
    {
        SyntheticStep step = SyntheticRuns.Disordered(8);
        step = step with { Forces = [step.Forces[0] + new Vector3D(0, 0.0001, 0), .. step.Forces[1..]] };
        Assert.Equal("ForcesContradictDrift", Assert.Single(VasprunText.Read(SyntheticRuns.Static(step).ToVasprunBytes()).Report.LeftOut).Code);
    }

    [Theory]
    [InlineData("forces", "ForcesUnreadable")]
    [InlineData("stress", "StressUnreadable")]
    [InlineData("energy", "EnergyUnreadable")]
    [InlineData("cell", "StructureUnreadable")]
    public void StarsInALabelRejectTheFrame(string which, string code)
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(9, 3);
        SyntheticStep bad = run.Steps[1];
        bad = which switch
        {
            "forces" => bad with { Forces = [new(-1e9, 0, 0), new(1e9, 0, 0), default, default] },
            "stress" => bad with { Stress = bad.Stress!.Value with { XX = 1e9 } },
            "energy" => bad with { FreeEnergy = -1e12 },
            _ => bad with { Lattice = new(bad.Lattice.A * 1e9, bad.Lattice.B, bad.Lattice.C) },
        };
        (List<Frame> frames, CalculationReport report) = VasprunText.Read((run with { Steps = [run.Steps[0], bad, run.Steps[2]] }).ToVasprunBytes());
        Assert.Equal([1, 3], frames.Select(f => f.Source!.Step));
        Assert.Equal(code, Assert.Single(report.LeftOut).Code);
    }

    [Fact]
    public void MissingStressIsNull() => AssertAll(SyntheticRuns.Static(SyntheticRuns.Disordered(10) with { Stress = null }));

    [Fact]
    public void CarriageReturnsAndGzipChangeNothing()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(11, 3);
        List<Frame> plain = VasprunText.Read(run.ToVasprunBytes()).Frames, windows = VasprunText.Read(run.ToVasprun().Replace("\n", "\r\n", StringComparison.Ordinal)).Frames;
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(run.ToVasprunBytes());
        }

        List<Frame> zipped = VasprunText.Read(memory.ToArray()).Frames;
        for (int i = 0; i < 3; i++)
        {
            FrameEquality.AssertSame(plain[i], windows[i]);
            FrameEquality.AssertSame(plain[i], zipped[i]);
        }
    }

    /// <summary>VASP writes the file anew each time; somebody joined two, or a restart was cut off and another appended.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.6)]
    public void TwoRunsInOneFileAreNotMixed(double part)
    {
        byte[] first = SyntheticRuns.Relaxation(14, 3).ToVasprunBytes(), second = SyntheticRuns.Relaxation(15, 4).ToVasprunBytes();
        byte[] cut = first[..(int)(part * first.Length)];
        List<Frame> truth = [.. VasprunText.Read(cut).Frames, .. VasprunText.Read(second).Frames];
        (List<Frame> frames, CalculationReport report) = VasprunText.Read([.. cut, .. second]);
        foreach (Frame frame in frames)
        {
            Assert.Contains(truth, t => t.FreeEnergy == frame.FreeEnergy && t.Forces!.Value.SequenceEqual(frame.Forces!.Value) && t.Structure.FractionalPositions.SequenceEqual(frame.Structure.FractionalPositions) && t.Structure.Lattice!.Equals(frame.Structure.Lattice));
        }

        Assert.True(frames.Count == truth.Count || report.LeftOut.Count > 0 || report.Errors.Count > 0 || report.Findings.Any(f => f.Severity >= FindingSeverity.Warning), $"{truth.Count - frames.Count} frames went without a word");
    }

    [Fact]
    public void CutAnywhereTheWholeCalculationsStayRight()
    {
        byte[] bytes = SyntheticRuns.Relaxation(12, 5).ToVasprunBytes();
        List<Frame> truth = VasprunText.Read(bytes).Frames;
        var random = new Random(1);
        string text = System.Text.Encoding.ASCII.GetString(bytes);
        for (int i = 0; i < TestEffort.Of(200, 2000, 100_000); i++)
        {
            int cut = random.Next(bytes.Length);
            (List<Frame> frames, CalculationReport report) = VasprunText.Read(bytes[..cut]);
            string before = text[..cut];
            int complete = before.Split("</calculation>\n").Length - 1, begun = before.Split(" <calculation>\n").Length - 1;
            Assert.Equal(complete, frames.Count);
            Assert.Equal(begun > complete ? 1 : 0, report.LeftOut.Count);
            Assert.Equal(begun == 0, report.Errors.Count > 0);
            for (int k = 0; k < complete; k++)
            {
                Assert.Null(FrameEquality.Difference(truth[k], frames[k]));
            }
        }
    }

    [Fact]
    public void NoChangedByteMakesAWrongLabelThatTheFileCouldTell()
    {
        byte[] bytes = SyntheticRuns.Relaxation(13, 4).ToVasprunBytes();
        List<Frame> truth = VasprunText.Read(bytes).Frames;
        var random = new Random(2);
        for (int i = 0; i < TestEffort.Of(2000, 50_000, 1_000_000); i++)
        {
            int at = random.Next(bytes.Length);
            byte old = bytes[at];
            bytes[at] = old is >= (byte)'0' and <= (byte)'9' && i % 2 == 0 ? (byte)('0' + random.Next(10)) : (byte)random.Next(256);
            (List<Frame> frames, CalculationReport report) = VasprunText.Read(bytes);
            byte changed = bytes[at];
            bytes[at] = old;
            string place = $"byte {at} '{(char)old}' → {changed} in '{System.Text.Encoding.Latin1.GetString(bytes, Math.Max(0, at - 40), Math.Min(80, bytes.Length - Math.Max(0, at - 40)))}'";
            Assert.True(frames.Count + report.LeftOut.Count >= truth.Count || report.Errors.Count > 0, "1: " + place);
            foreach (Frame frame in frames)
            {
                Frame own = truth.MinBy(t => Math.Abs(t.FreeEnergy!.Value - frame.FreeEnergy!.Value))!;
                Assert.True(Math.Abs(own.FreeEnergy!.Value - frame.FreeEnergy!.Value) < 3e-8, "2: " + place);
                Assert.True(frame.EnergySigmaToZero is null || Math.Abs(own.EnergySigmaToZero!.Value - frame.EnergySigmaToZero.Value) < 5e-8, "3: " + place);
                Assert.True(own.Structure.Species.SequenceEqual(frame.Structure.Species), "4: " + place);
                for (int k = 0; k < 4; k++)
                {
                    Assert.True((own.Forces!.Value[k] - frame.Forces!.Value[k]).Length < 2e-7, "5: " + place);
                    Assert.True(k == 3 || (own.Structure.Lattice!.Rows[k] - frame.Structure.Lattice!.Rows[k]).Length < 1e-5, "6: " + place);
                    Assert.True(frame.Source!.Step != 1 || IsSameSite(own.Structure.FractionalPositions[k] - frame.Structure.FractionalPositions[k]), "7: " + place);
                }

                // The diagonal of the stress and the positions of later steps stand in the file once: nothing confirms them.
            }
        }
    }

    [Fact]
    public void WhatIsNoVasprunIsSaidToBeNone()
    {
        Assert.Equal("VasprunNotRecognised", Assert.Single(VasprunText.Read("hello\n").Report.Errors).ErrorId);
        string text = SyntheticRuns.Static(SyntheticRuns.Disordered(1)).ToVasprun();
        Assert.Equal("VasprunHoldsNoStep", Assert.Single(VasprunText.Read(text[..text.IndexOf(" <calculation>", StringComparison.Ordinal)]).Report.Errors).ErrorId);
        Assert.Equal("VasprunAtomsContradict", Assert.Single(VasprunText.Read(text.Replace("<atoms>       4 ", "<atoms>       5 ", StringComparison.Ordinal)).Report.Errors).ErrorId);
    }

    [Fact]
    public void AseReadsTheSameNumbers()
    {
        SystemPython.SkipUnlessThere("ase");
        using var folder = new ScratchFolder();
        SyntheticOutcar run = SyntheticRuns.Relaxation(14, 3);
        // An ampersand is no XML; VASP writes it all the same, and ASE's parser does not take it.
        string file = folder.Write("vasprun.xml", run.ToVasprun().Replace("SYNTHETIC & no", "SYNTHETIC no", StringComparison.Ordinal));
        JsonElement ase = SystemPython.Run("""
            from ase.io import read
            result = [dict(free=a.calc.results['free_energy'], forces=a.get_forces().tolist(), cell=a.cell.tolist(), positions=a.get_scaled_positions(wrap=False).tolist(), stress=a.get_stress().tolist()) for a in read(data, index=':')]
            """, file);
        using VasprunReader reader = VasprunReader.Open(file);
        List<Frame> frames = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];
        Assert.Equal(ase.GetArrayLength(), frames.Count);
        foreach ((Frame frame, JsonElement other) in frames.Zip(ase.EnumerateArray()))
        {
            Assert.Equal(other.GetProperty("free").GetDouble(), frame.FreeEnergy);
            for (int i = 0; i < 4; i++)
            {
                for (int k = 0; k < 3; k++)
                {
                    Assert.Equal(other.GetProperty("forces")[i][k].GetDouble(), frame.Forces!.Value[i][k]);
                    Assert.Equal(other.GetProperty("positions")[i][k].GetDouble(), frame.Structure.FractionalPositions[i][k], 1e-12);
                }
            }

            double[] stress = frame.Stress!.Value.ToVoigt();
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal(other.GetProperty("stress")[i].GetDouble(), stress[i], 1e-7 * Math.Abs(stress[i]) + 1e-12);
            }
        }
    }

    [Fact]
    public void ImportVasprunReadsFoldersAndSelects()
    {
        using var folder = new ScratchFolder();
        folder.Write("a/vasprun.xml", SyntheticRuns.Relaxation(15, 2).ToVasprun());
        folder.Write("b/vasprun.xml", SyntheticRuns.Relaxation(16, 3).ToVasprun());
        PipelineResult result = PipelineHost.Run("Import-Vasprun . -IonicStep Last", folder.FullName, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(result.Errors);
        Assert.Equal([2, 3], result.Output.Cast<Frame>().Select(f => f.Source!.Step));
    }

    // A whole lattice vector away is the same crystal.
    private static bool IsSameSite(Vector3D d) => (d - new Vector3D(Math.Round(d.X), Math.Round(d.Y), Math.Round(d.Z))).Length < 2.1e-8;

    private static List<Frame> AssertAll(SyntheticOutcar run)
    {
        (List<Frame> frames, CalculationReport report) = VasprunText.Read(run.ToVasprunBytes());
        Assert.Empty(report.Errors);
        Assert.Empty(report.LeftOut);
        Assert.True(report.IsFinished);
        Assert.Equal(run.Steps.Count, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            VasprunText.AssertSame(run.Steps[i], frames[i], run);
        }

        return frames;
    }
}
