using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>The pitfalls of the steps of an OUTCAR, each in a file made up for it.</summary>
public sealed class OutcarReaderTests
{
    public static readonly TheoryData<string> Dialects = new(Enum.GetNames<OutcarDialect>());

    [Theory]
    [MemberData(nameof(Dialects))]
    public void EveryOrderOfBlocksGivesTheSameFrames(string dialect)
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(1, 4) with { Dialect = Enum.Parse<OutcarDialect>(dialect) };
        OutcarText.AssertAll(run);
    }

    /// <summary>With LORBIT: electrons in spheres, which are no net charges; the density along a line has a heading that begins alike.</summary>
    [Fact]
    public void ElectronsInSpheresAreKeptBesideTheLabels()
    {
        const string Table = "\n total charge     \n\n# of ion       s       p       d       tot\n------------------------------------------\n    1        0.100   0.200   0.000   0.300\n    2        0.200   0.200   0.000   0.400\n    3        1.000   2.000   0.000   3.000\n    4        1.000   2.500   0.000   3.500\n--------------------------------------------------\ntot          2.300   4.900   0.000   7.200\n\n";
        string text = SyntheticRuns.Relaxation(21, 2).ToText();
        int at = text.LastIndexOf("LOOP+:", StringComparison.Ordinal);
        at = text.LastIndexOf('\n', at) + 1;
        List<Frame> frames = OutcarText.Read(text.Insert(at, " total charge-density along one line\n\n" + Table)).Frames;
        Assert.Equal(2, frames.Count);
        Assert.Equal([0.3, 0.4, 3.0, 3.5], Assert.IsType<double[]>(frames[1].Information["sphere_electrons"]));
        Assert.DoesNotContain("sphere_electrons", frames[0].Information.Keys);
        Assert.All(frames, f => Assert.Null(f.Charges));
    }

    /// <summary>A block that is printed like the one before is taken for the same; one that differs in a digit anywhere is read for itself.</summary>
    [Fact]
    public void ACellThatIsPrintedAgainIsTheSame()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(2, 5);
        string text = run.ToText();
        List<int> blocks = [];
        for (int at = -1; (at = text.IndexOf("direct lattice vectors", at + 1, StringComparison.Ordinal)) >= 0;)
        {
            blocks.Add(at);
        }

        // A digit of a reciprocal vector, of a length, of the volume, in the last step.
        int rows = text.IndexOf('\n', blocks[^1]) + 1, lengths = text.IndexOf('\n', text.IndexOf("length of vectors", rows, StringComparison.Ordinal)) + 1, volume = text.LastIndexOf("volume of cell :", blocks[^1], StringComparison.Ordinal);
        foreach (int place in (int[])[text.IndexOf('\n', rows) - 1, text.IndexOf('.', lengths) + 3, text.IndexOf('.', volume) - 1])
        {
            char[] damaged = text.ToCharArray();
            Assert.True(char.IsAsciiDigit(damaged[place]));
            damaged[place] = damaged[place] == '5' ? '6' : '5';
            (List<Frame> frames, CalculationReport report) = OutcarText.Read(new string(damaged));
            Assert.Equal(4, frames.Count);
            LeftOutFrame left = Assert.Single(report.LeftOut);
            Assert.Equal((5, "LatticeContradicts"), (left.Step, left.Code));
            Assert.Equal(LineAt(text, blocks[^1]), left.Line);
        }
    }

    /// <summary>VASP prints what the forces are made of: rows that nobody reads, between which nothing may be lost, nor the count of lines.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void PartsOfForcesArePassedOver(int rowsLess)
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(3, 4);
        int atoms = run.Steps[0].Positions.Length;
        string parts = "  FORCES acting on ions\n    electron-ion (+dipol)            ewald-force                    non-local-force                 convergence-correction\n -----------------------------------------------------------------------------------------------\n"
            + string.Concat(Enumerable.Range(0, atoms - rowsLess).Select(i => i % 2 == 0 ? "   0.200E+02 -.483E-04 -.617E-04   -.209E+02 0.128E-04 0.352E-04\n" : "   -.200E+02 -.483E-04 -.617E-04   -.209E+02 0.128E-04 0.352E-04\n"));
        string text = run.ToText();
        for (int at = text.Length; (at = text.LastIndexOf(" POSITION  ", at - 1, StringComparison.Ordinal)) > 0;)
        {
            text = text.Insert(at, parts);
        }

        (List<Frame> frames, _) = OutcarText.Read(text);
        Assert.Equal(4, frames.Count);
        for (int i = 0; i < 4; i++)
        {
            OutcarText.AssertSame(run.Steps[i], frames[i], run);
        }

        // A damaged energy of the last step is told with its line.
        int energy = text.LastIndexOf("  free  energy   TOTEN", StringComparison.Ordinal), number = text.IndexOf('.', energy);
        (_, CalculationReport report) = OutcarText.Read(text.Remove(number, 1).Insert(number, "x"));
        Assert.Equal(LineAt(text, energy), Assert.Single(report.LeftOut).Line);
    }

    private static long LineAt(string text, int place) => text.AsSpan(0, place).Count('\n') + 1;

    [Fact]
    public void MolecularDynamicsHasTwoCellsBeforeItsFirstStepAndKeepsKineticPartsOutOfTheLabels()
    {
        SyntheticOutcar run = SyntheticRuns.Dynamics(2, 3);
        List<Frame> frames = OutcarText.AssertAll(run);
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
        OutcarText.AssertAll(SyntheticRuns.Static(step));
    }

    [Fact]
    public void ForcesThatAddUpToNeitherAreRefused()
    {
        SyntheticStep step = SyntheticRuns.Disordered(3);
        step = step with { Forces = [step.Forces[0] + new Vector3D(0, 0.002, 0), .. step.Forces[1..]] };
        AssertLeftOut(SyntheticRuns.Static(step).ToText(), "ForcesContradictDrift");
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
        OutcarText.AssertAll(run);
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

    /// <summary>Before its first training a force field prints zeros, which are no labels for those who ask for its frames.</summary>
    [Fact]
    public void AForceFieldThatHasLearnedNothingHasNoFrames()
    {
        List<SyntheticStep> walk = SyntheticRuns.Walk(27, 3);
        SyntheticStep Untrained(int i) => walk[i] with { IsMachineLearned = true, FreeEnergy = 0, Forces = new Vector3D[4], Stress = default(StressTensor) };
        SyntheticOutcar run = SyntheticRuns.Dynamics(27, 3) with { Steps = [Untrained(0), walk[0], Untrained(1), walk[1], walk[2] with { IsMachineLearned = true }] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Assert.Equal("A1 A2 M3", string.Join(' ', frames.Select(f => $"{(f.Origin == LabelOrigin.MachineLearned ? 'M' : 'A')}{f.Source!.Step}")));
        Assert.Equal([(1, LeftOutReason.MachineLearned, "ForceFieldUntrained"), (2, LeftOutReason.MachineLearned, "ForceFieldUntrained")], report.LeftOut.Select(l => (l.Step, l.Reason, l.Code)));
    }

    [Fact]
    public void MomentsAreTheLastTableOfTheStep()
    {
        double[] moments = [2.111, -1.25, 0.004, 3.0];
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(12) with { Moments = moments }) with { Ispin = 2 };
        Frame frame = Assert.Single(OutcarText.AssertAll(run));
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
        OutcarText.AssertAll(run);
    }

    [Fact]
    public void MissingStressIsNull() => OutcarText.AssertAll(SyntheticRuns.Static(SyntheticRuns.Disordered(14) with { Stress = null }));

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
        List<Frame> frames = OutcarText.AssertAll(run);
        Assert.Equal(1.0, frames[0].BasisVolumeRatio);
        Assert.Equal(run.Steps[2].Lattice.Volume / run.Steps[0].Lattice.Volume, frames[2].BasisVolumeRatio!.Value, 1e-8);
    }

    /// <summary>A run that starts from orbitals of another cell (a strain series does) prints that cell, too, behind its own.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public void TheCellOfTheWavecarIsNotTheStartingOne(string dialect)
    {
        SyntheticOutcar run = SyntheticRuns.Relaxation(22, 3) with { Dialect = Enum.Parse<OutcarDialect>(dialect), WavecarCell = Lattice.Cubic(4.4) };
        List<Frame> frames = OutcarText.AssertAll(run);
        Assert.Equal(1.0, frames[0].BasisVolumeRatio);
        Assert.Equal(run.Steps[2].Lattice.Volume / run.Steps[0].Lattice.Volume, frames[2].BasisVolumeRatio!.Value, 1e-8);

        // Where the cell cannot change and no step prints it, it is the run's own.
        SyntheticOutcar quiet = SyntheticRuns.Static(SyntheticRuns.Disordered(23) with { WithoutCell = true }) with { Dialect = Enum.Parse<OutcarDialect>(dialect), WavecarCell = Lattice.Cubic(4.4) };
        OutcarText.AssertAll(quiet);
    }

    /// <summary>Band structures keep the density of another run: their energies and forces are not self-consistent, whatever the loop says.</summary>
    [Theory]
    [InlineData(2, ElectronicConvergence.Converged)]
    [InlineData(1, ElectronicConvergence.Converged)]
    [InlineData(11, ElectronicConvergence.NotConverged)]
    [InlineData(12, ElectronicConvergence.NotConverged)]
    public void WithAFixedDensityNothingIsALabel(int icharg, object expected)
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(24)) with { MoreParameters = [$"   ICHARG ={icharg,7}    charge: 1-file 2-atom 10-const"] };
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(run.ToBytes());
        Assert.Equal(expected, Assert.Single(frames).Convergence.Electronic);
        Assert.Equal(icharg < 10, new FrameSelection().Apply(frames, report).Any());
        Assert.Equal(icharg < 10 ? [] : [$"ICHARG = {icharg}"], report.LeftOut.Select(l => l.Message[l.Message.IndexOf("ICHARG", StringComparison.Ordinal)..l.Message.IndexOf(')', StringComparison.Ordinal)]));
    }

    /// <summary>Linear response and chemical shifts have electronic loops of their own behind the labels of the ground state.</summary>
    [Theory]
    [InlineData("LEPSILON=     T    determine dielectric tensor", -1, "    1")]
    [InlineData("LEPSILON=     F    determine dielectric tensor", 8, "    4")]
    [InlineData("LCHIMAG   =     T  perturbation theory with respect to B field", -1, " ")]
    public void TheLoopsOfAResponseAreNoSteps(string tag, int ibrion, string first)
    {
        SyntheticOutcar run = SyntheticRuns.Static(SyntheticRuns.Disordered(25)) with { Ibrion = ibrion, Nsw = ibrion == 8 ? 1 : 0, MoreParameters = ["   " + tag] };
        string text = run.ToText(), loops = "";
        foreach (string number in (string[])[first, "    2", "    3", "    1"])
        {
            loops += string.Concat(Enumerable.Range(1, 9).Select(k => $"----------------------------------------- Iteration {number}({k,4})  ---------------------------------------\n\n  free energy    TOTEN  =  {-40.25 + k,16:F8} eV\n\n  energy without entropy = {-40.25 + k,16:F8}  energy(sigma->0) = {-40.25 + k,16:F8}\n"))
                + "------------------------ aborting loop EDIFF was not reached (unconverged) ----------------------------------------\n";
        }

        int end = text.IndexOf("     LOOP+:", StringComparison.Ordinal);
        // A job that is killed within the response has its ground state all the same.
        foreach (string whole in (string[])[text.Insert(end, loops), text[..end] + loops])
        {
            (List<Frame> frames, CalculationReport report) = OutcarText.Read(whole);
            Assert.Empty(report.LeftOut);
            Assert.Equal(1, report.IonicStepCount);
            Frame frame = Assert.Single(frames);
            OutcarText.AssertSame(run.Steps[0], frame, run);
            Assert.Equal((ElectronicConvergence.Converged, 7), (frame.Convergence.Electronic, frame.Convergence.ElectronicSteps));
        }
    }

    /// <summary>VASP prints five letters of the name; the INCAR that VASP 6 echoes has all of it.</summary>
    [Theory]
    [InlineData("R2SCA", null, "R2SCAN")]
    [InlineData("R2SCA", "R2scanL", "R2SCANL")]
    [InlineData("SCAN", "SCAN", "SCAN")]
    [InlineData("RSCAN", null, "RSCAN")]
    public void TheNameOfAMetaFunctionalIsWhole(string printed, string? echoed, string expected)
    {
        string text = (SyntheticRuns.Static(SyntheticRuns.Disordered(26)) with { MoreParameters = [$" METAGGA = {printed}    LMAXTAU =  6    LMIXTAU =  T"] }).ToText();
        text = echoed is null ? text : text.Replace("   ENCUT = ", $"   METAGGA = {echoed}\n   ENCUT = ", StringComparison.Ordinal);
        Assert.Equal(expected, Assert.Single(OutcarText.Read(text).Frames).Method!.Functional);
    }

    private static void AssertLeftOut(string text, string code)
    {
        (List<Frame> frames, CalculationReport report) = OutcarText.Read(text);
        Assert.Empty(frames);
        Assert.Equal(code, Assert.Single(report.LeftOut).Code);
    }
}
