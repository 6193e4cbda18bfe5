using System.IO.Compression;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>The pitfalls of OUTCAR, each in a file made up for it.</summary>
public sealed class OutcarReaderTests
{
    public static readonly TheoryData<string> Dialects = new(Enum.GetNames<OutcarDialect>());

    [Theory]
    [MemberData(nameof(Dialects))]
    public void EveryOrderOfBlocksGivesTheSameFrames(string dialect)
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(1, 4) with { Dialect = Enum.Parse<OutcarDialect>(dialect) };
        AssertAll(run);
    }

    [Fact]
    public void MolecularDynamicsHasTwoCellsBeforeItsFirstStepAndKeepsKineticPartsOutOfTheLabels()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(2, 3);
        List<Frame> frames = AssertAll(run);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(300 + 7.25 * i, frames[i].Temperature!.Value, 1e-9);
            Assert.Equal(0.1163 + 0.01 * i, frames[i].KineticEnergy!.Value, 1e-9);
            Assert.Equal(ElectronicConvergence.Converged, frames[i].Convergence.Electronic);
        }
    }

    [Fact]
    public void ForcesMayAddUpToTheDrift()
    {
        SyntheticStep step = SyntheticRuns.Disordered(3);
        var drift = new Vector3D(0.112164, -0.0914, 1.06979);
        step = step with { Drift = drift, Forces = [.. step.Forces.Select(f => f + drift * 0.25)] };
        AssertAll(SyntheticRuns.Static(step));
    }

    [Fact]
    public void ForcesThatAddUpToNeitherAreRefused()
    {
        SyntheticStep step = SyntheticRuns.Disordered(3);
        step = step with { Forces = [step.Forces[0] + new Vector3D(0, 0.002, 0), .. step.Forces[1..]] };
        AssertLeftOut(SyntheticRuns.Static(step).ToText(), "ForcesContradictDrift");
    }

    [Fact]
    public void SpeciesMayStandTwice()
    {
        SyntheticStep step = SyntheticRuns.Disordered(4, atoms: 8, displacement: 0.5);
        SyntheticOutcar run = new() { Types = [new("Ti", 3), new("O", 2), new("Ti", 3)], Steps = [step] };
        List<Frame> frames = AssertAll(run);
        Assert.Equal("Ti Ti Ti O O Ti Ti Ti", string.Join(' ', frames[0].Structure.Species));
    }

    [Theory]
    [InlineData("X: 5s2 5p6", "PAW_PBE Xe 07Sep2000", "Xe", false)]
    [InlineData("r: 4s4p5s4d", "PAW_PBE Zr_sv 07Sep2000", "Zr", true)]
    [InlineData("Sn: s2p2", "PAW_PBE Sn_d 06Sep2000", "Sn", false)]
    [InlineData("Ag : s1 d10", "PAW_PBE Ag 06Sep2000", "Ag", false)]
    [InlineData("H: ultrasoft test", "PAW_PBE H1.25 07Sep2000", "H", false)]
    [InlineData("O: s2p4", "PAW O/hash 1", "O", false)]
    public void SpeciesComeFromTheConfigurationOrTheTitle(string configuration, string title, string symbol, bool isNoticed)
    {
        SyntheticOutcar run = new() { Types = [new(symbol, 4, title, configuration)], Steps = [SyntheticRuns.Disordered(5)] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Assert.Equal(symbol, Assert.Single(frames).Structure.Species[0].Symbol);
        Assert.Equal(isNoticed, report.Findings.Any(f => f.Code == "SpeciesNamesDisagree"));
    }

    [Fact]
    public void AWrongConfigurationIsOutvotedAndTold()
    {
        string text = SyntheticRuns.Static(SyntheticRuns.Disordered(5)).ToText().Replace("VRHFIN =Al", "VRHFIN =Ag", StringComparison.Ordinal);
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(text);
        Assert.Equal("Al", Assert.Single(frames).Structure.Species[0].Symbol);
        Assert.Contains(report.Findings, f => f.Code == "SpeciesNamesDisagree");
    }

    [Fact]
    public void ElevenSpeciesGoOnInTheNextLine()
    {
        string[] symbols = ["H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na"];
        SyntheticStep step = SyntheticRuns.Disordered(6, atoms: 11, displacement: 1.2);
        List<Frame> frames = AssertAll(new() { Types = [.. symbols.Select(s => new SyntheticType(s, 1))], Steps = [step] });
        Assert.Equal(symbols, frames[0].Structure.Species.Select(e => e.Symbol));
    }

    [Fact]
    public void FewerCountsThanPotentialsIsAClearError()
    {
        string text = new SyntheticOutcar { Types = [new("Ti", 2), new("O", 1), new("Ti", 1)], Steps = [SyntheticRuns.Disordered(7)] }.ToText()
            .Replace("   2   1   1", "   3   1", StringComparison.Ordinal);
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(text);
        Assert.Empty(frames);
        AtomProNetException error = Assert.Single(report.Errors);
        Assert.Equal("OutcarSpeciesCountMismatch", error.ErrorId);
        Assert.Contains("vasprun.xml", error.Remedy, StringComparison.Ordinal);
    }

    /// <summary>The three energies of a step agree with each other wherever they stand; only the electronic loop tells whose they are.</summary>
    [Fact]
    public void EnergiesOfAnotherStepAreRefused()
    {
        string text = SyntheticRuns.Relaxation(9, 3).ToText();
        const string Marker = "  free  energy   TOTEN";
        int first = text.IndexOf(Marker, StringComparison.Ordinal), second = text.IndexOf(Marker, first + 1, StringComparison.Ordinal);
        string own = Block(first), other = Block(second);
        Assert.NotEqual(own, other);
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(string.Concat(text.AsSpan(0, first), other, text.AsSpan(first + own.Length)));
        Assert.Equal([2, 3], frames.Select(f => f.Source!.Step));
        Assert.Equal("EnergyContradictsLoop", Assert.Single(report.LeftOut).Code);

        string Block(int start) => text[start..text.IndexOf('\n', text.IndexOf("energy(sigma->0)", start, StringComparison.Ordinal))];
    }

    [Fact]
    public void ColumnsMayTouch()
    {
        // 100 Å and more leave no blank between the vectors' columns; a minus closes the gap of the positions.
        var lattice = new Lattice(new(104, 100.5, 0.25), new(-11.25, 130, -10.125), new(0, -0.5, 110));
        Vector3D[] positions = [new(-10.12345, -100.54321, 50), new(-13.12345, -100.54321, 50)];
        SyntheticOutcar run = new() { Types = [new("Al", 2)], Steps = [SyntheticStep.Of(MorsePotential.Aluminium, lattice, positions)] };
        string text = run.ToText();
        Assert.Contains("104.000000000100.500000000  0.250000000", text, StringComparison.Ordinal);
        Assert.Contains("-11.250000000130.000000000-10.125000000", text, StringComparison.Ordinal);
        AssertAll(run);
    }

    [Theory]
    [InlineData("TOTEN  =       ", "TOTEN  =")]
    public void TheEqualsSignMayTouchTheNumber(string from, string to)
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(8));
        string text = run.ToText();
        Assert.Contains(from, text, StringComparison.Ordinal);
        (List<Frame> frames, _) = OutcarText.Read(text.Replace(from, to, StringComparison.Ordinal));
        OutcarText.AssertSame(run.Steps[0], Assert.Single(frames), run);
    }

    [Theory]
    [InlineData("free energy", "EnergyUnreadable")]
    [InlineData("force", "ForcesUnreadable")]
    [InlineData("stress", "StressUnreadable")]
    [InlineData("cell", "LatticeUnreadable")]
    public void StarsInALabelRejectTheFrameWithAReason(string which, string code)
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(9, 3);
        SyntheticStep bad = run.Steps[1];
        bad = which switch
        {
            "free energy" => bad with { FreeEnergy = -1e12 },
            "force" => bad with { Forces = [new(-1e8, 0, 0), new(1e8, 0, 0), default, default] },
            "stress" => bad with { Stress = bad.Stress!.Value with { XY = 1e8 } },
            _ => bad with { Lattice = new(bad.Lattice.A * 1e4, bad.Lattice.B, bad.Lattice.C) },
        };
        run = run with { Steps = [run.Steps[0], bad, run.Steps[2]] };
        Assert.Contains("****", run.ToText(), StringComparison.Ordinal);
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Assert.Equal([1, 3], frames.Select(f => f.Source!.Step));
        LeftOutFrame leftOut = Assert.Single(report.LeftOut);
        Assert.Equal((2, code), (leftOut.Step, leftOut.Code));
        Assert.NotNull(leftOut.Line);
    }

    [Theory]
    [InlineData("aborting loop EDIFF was not reached (unconverged)", 60, ElectronicConvergence.NotConverged)]
    [InlineData("aborting loop because EDIFF is reached", 60, ElectronicConvergence.Ambiguous)]
    [InlineData("aborting loop because EDIFF is reached", 59, ElectronicConvergence.Converged)]
    [InlineData("aborting loop because hard stop was set", 12, ElectronicConvergence.NotConverged)]
    [InlineData(null, 12, ElectronicConvergence.Ambiguous)]
    public void ConvergenceIsBelievedOnlyWhereItIsProven(string? end, int steps, object expected)
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(10) with { LoopEnd = end, ElectronicSteps = steps }) with { Nelm = 60, Dialect = OutcarDialect.Vasp544 };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Frame frame = Assert.Single(frames);
        Assert.Equal(expected, frame.Convergence.Electronic);
        Assert.Equal(steps, frame.Convergence.ElectronicSteps);
        bool isTaken = new FrameSelection().Apply(frames, report).Any();
        Assert.Equal(frame.Convergence.IsTrusted, isTaken);
        Assert.Equal(isTaken ? 0 : 1, report.LeftOut.Count);
        Assert.Single(new FrameSelection(IncludeUnconverged: true).Apply(frames, report));
    }

    [Theory]
    [InlineData(9e-7, ElectronicConvergence.Converged)]
    [InlineData(2.4e-6, ElectronicConvergence.Ambiguous)]
    [InlineData(-0.002, ElectronicConvergence.Ambiguous)]
    public void AnEnergyThatStillChangesIsNotConvergedWhateverTheFileSays(double lastChange, object expected)
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(10) with { LastChange = lastChange });
        Assert.Equal(expected, Assert.Single(OutcarText.Read(run.ToBytes()).Frames).Convergence.Electronic);
    }

    [Fact]
    public void MachineLearnedFramesAreMarkedAndLeftOutByDefault()
    {
        List<SyntheticStep> walk = SyntheticRuns.Walk(11, 5);
        SyntheticStep Learned(int i) => walk[i] with { IsMachineLearned = true, FreeEnergy = walk[i].FreeEnergy + 0.01 };
        SyntheticOutcar run = SyntheticRuns.Dynamics(11, 5) with { Steps = [Learned(0), walk[0], Learned(1), walk[1], Learned(2), Learned(3), Learned(4)] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());

        Assert.Equal("M1 A1 M2 A2 M3 M4 M5", string.Join(' ', frames.Select(f => $"{(f.Origin == LabelOrigin.MachineLearned ? 'M' : 'A')}{f.Source!.Step}")));
        for (int i = 0; i < frames.Count; i++)
        {
            OutcarText.AssertSame(run.Steps[i], frames[i], run);
        }

        Assert.Equal([1, 2], new FrameSelection().Apply(frames, report).Select(f => f.Source!.Step));
        Assert.Equal(5, report.LeftOut.Count(f => f.Reason == LeftOutReason.MachineLearned));
    }

    [Fact]
    public void MomentsAreTheLastTableOfTheStep()
    {
        double[] moments = [2.111, -1.25, 0.004, 3.0];
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(12) with { Moments = moments }) with { Ispin = 2 };
        Frame frame = Assert.Single(AssertAll(run));
        Assert.Equal(moments, frame.MagneticMoments!.Value);
        Assert.Equal(moments.Sum(), frame.TotalMagneticMoment!.Value, 1e-9);
        Assert.True(frame.Method!.SpinPolarised);
    }

    [Fact]
    public void AMomentTableThatDoesNotAddUpIsNotTaken()
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(12) with { Moments = [2.111, -1.25, 0.004, 3.0] }) with { Ispin = 2 };
        (List<Frame> frames, _) = OutcarText.Read(run.ToText().Replace("  2.111\n", "  2.711\n", StringComparison.Ordinal));
        Assert.Null(Assert.Single(frames).MagneticMoments);
    }

    [Fact]
    public void ThePressureOfPstressIsNoLabel()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(13, 2) with { Pstress = 50 };
        Assert.Contains("enthalpy is  TOTEN", run.ToText(), StringComparison.Ordinal);
        AssertAll(run);
    }

    [Fact]
    public void MissingStressIsNull() => AssertAll(SyntheticRuns.Static(SyntheticRuns.Disordered(14) with { Stress = null }));

    [Fact]
    public void MissingForcesRejectTheFrame()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(15, 3);
        run = run with { Steps = [run.Steps[0], run.Steps[1] with { WithoutForces = true }, run.Steps[2]] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Assert.Equal([1, 3], frames.Select(f => f.Source!.Step));
        Assert.Equal("ForcesMissing", Assert.Single(report.LeftOut).Code);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void AMissingCellIsTheStartingOneOnlyWhereItCannotChange(int isif, bool isTaken)
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(16, 2) with { Isif = isif };
        run = run with { Steps = [run.Steps[0], run.Steps[1] with { WithoutCell = true }] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Assert.Equal(isTaken ? 2 : 1, frames.Count);
        Assert.Equal(isTaken ? [] : ["LatticeMissing"], report.LeftOut.Select(f => f.Code));
    }

    [Fact]
    public void ARepeatedGeometryIsKeptOnceTheLastTime()
    {
        SyntheticStep step = SyntheticRuns.Disordered(17);
        SyntheticOutcar run = SyntheticRuns.Static(step) with { Nsw = 3, Steps = [step, step with { FreeEnergy = step.FreeEnergy - 0.001 }, step with { FreeEnergy = step.FreeEnergy - 0.002 }] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        OutcarText.AssertSame(run.Steps[2], Assert.Single(frames), run);
        Assert.Equal(3, frames[0].Source!.Step);
        Assert.Equal([1, 2], report.LeftOut.Where(f => f.Reason == LeftOutReason.Repeated).Select(f => f.Step));
    }

    [Fact]
    public void TheBasisIsTheStartingCell()
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(18, 3);
        List<Frame> frames = AssertAll(run);
        Assert.Equal(1.0, frames[0].BasisVolumeRatio);
        Assert.Equal(run.Steps[2].Lattice.Volume / run.Steps[0].Lattice.Volume, frames[2].BasisVolumeRatio!.Value, 1e-8);
    }

    [Fact]
    public void TwoRunsInOneFileAreNotMixed()
    {
        SyntheticOutcar first = SyntheticRuns.Relaxation(19, 2), second = SyntheticRuns.Dynamics(20, 2) with { Types = [new("Cu", 4)] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read([.. first.ToBytes(), .. second.ToBytes()]);
        Assert.Equal("Al4#1 Al4#2 Cu4#3 Cu4#4", string.Join(' ', frames.Select(f => $"{f.Structure.Composition.Formula}#{f.Source!.Step}")));
        OutcarText.AssertSame(first.Steps[1], frames[1], first);
        OutcarText.AssertSame(second.Steps[0], frames[2], second);
        Assert.Contains(report.Findings, f => f.Code == "SeveralRunsInFile");
    }

    [Fact]
    public void ARunThatWasCutOffAndStartedAgainLosesOnlyTheStepThatWasCut()
    {
        SyntheticOutcar first = SyntheticRuns.Relaxation(21, 2), second = SyntheticRuns.Relaxation(22, 2);
        string whole = first.ToText();
        string cut = whole[..whole.LastIndexOf("FREE ENERGIE", StringComparison.Ordinal)];
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(cut + "\n" + second.ToText());
        Assert.Equal([1, 3, 4], frames.Select(f => f.Source!.Step));
        Assert.Equal(2, Assert.Single(report.LeftOut).Step);
        OutcarText.AssertSame(second.Steps[0], frames[1], second);
    }

    [Fact]
    public void CarriageReturnsAndGzipChangeNothing()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(23, 3);
        (List<Frame> plain, _) = OutcarText.Read(run.ToBytes());
        (List<Frame> windows, _) = OutcarText.Read(run.ToText().Replace("\n", "\r\n", StringComparison.Ordinal));
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(run.ToBytes());
        }

        (List<Frame> zipped, _) = OutcarText.Read(memory.ToArray());
        Assert.Equal(3, plain.Count);
        for (int i = 0; i < 3; i++)
        {
            FrameEquality.AssertSame(plain[i], windows[i]);
            FrameEquality.AssertSame(plain[i], zipped[i]);
        }
    }

    [Fact]
    public void ADamagedGzipFileGivesWhatCameBefore()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(24, 30);
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(run.ToBytes());
        }

        byte[] zipped = memory.ToArray();
        (List<Frame> cut, CalculationReport cutReport) = OutcarText.Read(zipped[..(zipped.Length / 2)]);
        Assert.InRange(cut.Count, 5, 29);
        Assert.Contains(cutReport.LeftOut, f => f.Reason == LeftOutReason.CutOff);
        for (int i = 0; i < cut.Count; i++)
        {
            OutcarText.AssertSame(run.Steps[i], cut[i], run);
        }
    }

    [Fact]
    public void WhatIsNoOutcarIsSaidToBeNone()
    {
        (List<Frame> frames, CalculationReport report) = OutcarText.Read("hello\nworld\n");
        Assert.Empty(frames);
        Assert.Equal("OutcarNotRecognised", Assert.Single(report.Errors).ErrorId);
        (_, report) = OutcarText.Read("");
        Assert.Equal("OutcarNotRecognised", Assert.Single(report.Errors).ErrorId);
        string header = SyntheticRuns.Static(SyntheticRuns.Disordered(1)).ToText();
        (_, report) = OutcarText.Read(header[..header.IndexOf("--- Iteration", StringComparison.Ordinal)]);
        Assert.Equal("OutcarHoldsNoStep", Assert.Single(report.Errors).ErrorId);
    }

    [Fact]
    public void TheMethodHasHybridsMetaGgaDispersionAndHubbard()
    {
        SyntheticStep step = SyntheticRuns.Disordered(25);
        SyntheticOutcar run = new() { Types = [new("Fe", 2), new("O", 2)], Steps = [step], MoreParameters = ["   LASPH  =      T    aspherical Exc in radial PAW", " LDA+U is selected, type is set to LDAUTYPE =  2", "   angular momentum for each species LDAUL =     2   -1", "   U (eV)           for each species LDAUU =   5.3  0.0", "   J (eV)           for each species LDAUJ =   0.3  0.0", "   METAGGA = R2SCAN  some words"] };
        string text = run.ToText().Replace("   LASPH  =      F", "   LASPHX =      F", StringComparison.Ordinal).Replace(" Exchange correlation", "   IVDW = 12\n Exchange correlation", StringComparison.Ordinal);
        DftMethod method = Assert.Single(OutcarText.Read(text).Frames).Method!;
        Assert.Equal("R2SCAN", method.Functional);
        Assert.Equal("D3(BJ)", method.Dispersion);
        Assert.True(method.AsphericalCorrections);
        Assert.Equal(5.0, method.HubbardU["Fe"], 1e-12);
        Assert.False(method.HubbardU.ContainsKey("O"));

        text = run.ToText().Replace("   METAGGA = R2SCAN  some words", "", StringComparison.Ordinal).Replace("LHFCALC =     F", "LHFCALC =     T", StringComparison.Ordinal).Replace("AEXX    =    0.0000", "HFSCREEN=    0.2000\n   AEXX    =    0.2500", StringComparison.Ordinal);
        Assert.Equal("HSE06", Assert.Single(OutcarText.Read(text).Frames).Method!.Functional);
    }

    [Fact]
    public void FilesAreRecognisedByTheirNames()
    {
        Assert.All((string[])["OUTCAR", "outcar", "OUTCAR.gz", "OUTCAR.3", "OUTCAR_12", "OUTCAR.relax1.gz", "OUTCAR.static"], name => Assert.True(VaspFileNames.IsOutcar(name), name));
        Assert.All((string[])["OUTCAR.bak", "OUTCAR.json", "OUTCARS", "my-OUTCAR", "OUTCAR.xyz.gz", "OUTCAR."], name => Assert.False(VaspFileNames.IsOutcar(name), name));
        Assert.True(VaspFileNames.IsVasprun("vasprun.xml.gz"));
        Assert.False(VaspFileNames.IsVasprun("vasprun.xsd"));
    }

    [Fact]
    public void AStaticRunTakesTheDigitsBesideItWhereTheyFit()
    {
        SyntheticStep step = SyntheticRuns.Disordered(26);
        using var folder = new ScratchFolder();
        folder.Write("OUTCAR", SyntheticRuns.Static(step).ToText());
        folder.Write("CONTCAR", Poscar(step, shift: 0));
        Frame exact = ReadOne(folder);
        Assert.Equal(step.Positions[2].X, exact.Structure.CartesianPositions[2].X, 1e-14);
        Assert.Equal(step.Lattice.A.Y, exact.Structure.Lattice!.A.Y, 1e-15);

        // A geometry that is off by more than the rounding of the OUTCAR is another geometry.
        folder.Write("CONTCAR", Poscar(step, shift: 1.2e-5));
        Frame rounded = ReadOne(folder);
        Assert.Equal(Math.Round(step.Positions[2].X, 5), rounded.Structure.CartesianPositions[2].X);

        // After one step of motion the CONTCAR is the next geometry: the POSCAR serves.
        folder.Write("OUTCAR", (SyntheticRuns.Static(step) with { Nsw = 1, Ibrion = 2 }).ToText());
        folder.Write("CONTCAR", Poscar(step, shift: 0));
        folder.Write("POSCAR", Poscar(step, shift: 0));
        Assert.Equal(step.Positions[2].X, ReadOne(folder).Structure.CartesianPositions[2].X, 1e-14);

        // And where there are more steps, neither belongs to them.
        folder.Write("OUTCAR", (SyntheticRuns.Relaxation(26, 2) with { Isif = 2, Steps = [step, step] }).ToText());
        using OutcarReader reader = OutcarReader.Open(folder.PathTo("OUTCAR"));
        Assert.All(reader.ReadFrames(TestContext.Current.CancellationToken), f => Assert.Equal(Math.Round(step.Positions[2].X, 5), f.Structure.CartesianPositions[2].X));

        static Frame ReadOne(ScratchFolder folder)
        {
            using OutcarReader reader = OutcarReader.Open(folder.PathTo("OUTCAR"));
            return Assert.Single(reader.ReadFrames(TestContext.Current.CancellationToken));
        }

        static string Poscar(SyntheticStep step, double shift) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"synthetic\n1.0\n{step.Lattice.A:R}\n{step.Lattice.B:R}\n{step.Lattice.C:R}\nAl\n4\nCartesian\n{string.Join('\n', step.Positions.Select((r, i) => i == 2 ? r + new Vector3D(shift, 0, 0) : r))}\n");
    }

    private static List<Frame> AssertAll(SyntheticOutcar run)
    {
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Assert.Empty(report.Errors);
        Assert.Empty(report.LeftOut);
        Assert.True(report.IsFinished);
        Assert.Equal(run.Steps.Count, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            Assert.Equal(i + 1, frames[i].Source!.Step);
            OutcarText.AssertSame(run.Steps[i], frames[i], run);
        }

        return frames;
    }

    private static void AssertLeftOut(string text, string code)
    {
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(text);
        Assert.Empty(frames);
        Assert.Equal(code, Assert.Single(report.LeftOut).Code);
    }
}
