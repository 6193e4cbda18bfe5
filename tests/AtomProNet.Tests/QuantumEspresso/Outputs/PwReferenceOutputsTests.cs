using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>
/// 298 outputs of pw.x 4.0 to 6.6: each energy and each table of forces that a plain search of the text finds is that of a frame, or
/// the report says why not; and each frame has the geometry that was printed before its energy.
/// </summary>
public sealed class PwReferenceOutputsTests
{
    [Fact]
    public void EveryEnergyAndEveryForceTableIsAFrameOrHasAReason()
    {
        int files = 0, frames = 0, energies = 0, forces = 0, stresses = 0, leftOut = 0;
        foreach ((string path, string text) in DebianReferenceOutputs.All)
        {
            files++;
            PwTextSearch found = PwTextSearch.Of(text);
            using PwOutputReader reader = PwOutputReader.Open(path, mergeXml: false);
            List<Frame> read = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];
            Assert.Empty(reader.Report.Errors);
            frames += read.Count;
            leftOut += reader.Report.LeftOut.Count;
            energies += found.Energies.Count + found.ExchangeEnergies.Count;
            forces += found.Forces.Count;
            stresses += found.Stresses.Count;

            // None of these files is damaged: what is left out is an energy that is no label.
            Assert.All(reader.Report.LeftOut, l => Assert.True(l.Reason == LeftOutReason.Intermediate, $"{path}: {l}"));
            int labels = 0;
            foreach ((int line, double rydberg) in found.Energies.Concat(found.ExchangeEnergies).Order())
            {
                bool explained = reader.Report.LeftOut.Any(l => l.Line == line);
                if (!explained)
                {
                    Assert.True(labels < read.Count && Math.Abs(read[labels].FreeEnergy!.Value - (rydberg * PwTextSearch.Rydberg)) < 1e-9, $"{path}, line {line}: the energy {rydberg} Ry is neither a frame nor explained.");
                    labels++;
                }
            }

            Assert.Equal(read.Count, labels);
            CompareForces(path, found, [.. read.Where(f => f.Forces is not null)]);
            CompareStresses(path, found, [.. read.Where(f => f.Stress is not null)]);
            CompareGeometries(path, found, read, reader.Report);
        }

        // Counted by grep over the unpacked files.
        Assert.Equal((298, 805 + 31, 591, 147), (files, energies, forces, stresses));
        Assert.Equal(energies, frames + leftOut);
    }

    [Fact]
    public void TheGrandPotentialIsNoEnergyToBeTrusted()
    {
        (string path, _) = DebianReferenceOutputs.All.Single(f => f.Path.EndsWith("Al001_bc3_vm05.out.gz", StringComparison.Ordinal));
        (List<Frame> frames, _) = PwOutputReferenceTests.Read(path);
        Assert.Equal(6, frames.Count);
        Assert.All(frames, f => Assert.False(f.Convergence.IsTrusted));
        Assert.Contains("grand potential", frames[0].Convergence.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PW/example06/reference/fe.pen.out.gz", "ConstrainedMagnetisation")]
    [InlineData("PW/ESM_example/reference/H2O_bc1.out.gz", "EffectiveScreeningMedium")]
    [InlineData("PW/example10/reference/alas.scf.efield2.out.gz", "ElectricField")]
    [InlineData("PW/gatefield/reference/single_+0.10.out.gz", "GateField")]
    [InlineData("PW/cluster_example/reference/h2o.out-12.gz", "IsolatedSystem")]
    [InlineData("PW/example01/reference/si.band.david.out.gz", "NoTotalEnergy")]
    public void WhatChangesTheMeaningOfAnEnergyIsAFinding(string file, string code)
    {
        (string path, _) = DebianReferenceOutputs.All.Single(f => f.Path.EndsWith(file, StringComparison.Ordinal));
        Assert.Contains(PwOutputReferenceTests.Read(path).Report.Findings, f => f.Code == code);
    }

    [Theory]
    [InlineData("PP/WorkFct_example/reference/Al.bulkref.out.gz", "PBE", "MarzariVanderbilt", 0.05, null)]
    [InlineData("EPW/sic/epw/out.ref/scf.out.gz", "LDA", "MethfesselPaxton1", 0.02, null)]
    [InlineData("PW/EXX_example/reference/si.hse_nq=4.out.gz", "HSE", "Fixed", null, null)]
    [InlineData("PW/dftd3_example/reference/graphite_d3.out.gz", "PBE", null, null, "D3")]
    [InlineData("PW/dftd3_example/reference/graphite_d2.out.gz", "PBE", null, null, "D2")]
    [InlineData("PW/vdwDF_example/reference/graphite.scf.out.gz", "VDW-DF", "Fixed", null, "NonlocalVdW")]
    [InlineData("PHonon/tetra_example/reference/al.scf.out.gz", "PBE", "TetrahedronOptimized", null, null)]
    public void TheMethodIsReadFromOldReleasesToo(string file, string functional, string? smearing, double? width, string? dispersion)
    {
        (string path, _) = DebianReferenceOutputs.All.Single(f => f.Path.EndsWith(file, StringComparison.Ordinal));
        DftMethod method = PwOutputReferenceTests.Read(path).Frames[0].Method!;
        Assert.Equal(functional, method.Functional);
        Assert.Equal(smearing ?? method.Smearing, method.Smearing);
        Assert.Equal(width is { } w ? w * PwTextSearch.Rydberg : method.SmearingWidth, method.SmearingWidth);
        Assert.Equal(dispersion, method.Dispersion);
    }

    [Fact]
    public void HubbardUIsReadByElementOrByLabel()
    {
        (string path, _) = DebianReferenceOutputs.All.Single(f => f.Path.EndsWith("PW/example08/reference/feo_standard.out.gz", StringComparison.Ordinal));
        DftMethod method = PwOutputReferenceTests.Read(path).Frames[0].Method!;
        Assert.Equal(4.3, method.HubbardU["Fe"], 1e-9);
        Assert.DoesNotContain("O", method.HubbardU.Keys);
    }

    private static void CompareForces(string path, PwTextSearch found, List<Frame> frames)
    {
        Assert.True(found.Forces.Count == frames.Count, $"{path}: {found.Forces.Count} tables of forces, {frames.Count} frames with forces.");
        for (int k = 0; k < frames.Count; k++)
        {
            for (int i = 0; i < frames[k].Forces!.Value.Length; i++)
            {
                for (int axis = 0; axis < 3; axis++)
                {
                    Assert.True(Math.Abs((found.Forces[k].RydbergPerBohr[i][axis] * PwTextSearch.Rydberg / PwTextSearch.Bohr) - frames[k].Forces!.Value[i][axis]) < 1e-9, $"{path}: the force on atom {i + 1} of table {k + 1}.");
                }
            }
        }
    }

    private static void CompareStresses(string path, PwTextSearch found, List<Frame> frames)
    {
        Assert.True(found.Stresses.Count == frames.Count, $"{path}: {found.Stresses.Count} stresses, {frames.Count} frames with a stress.");
        for (int k = 0; k < frames.Count; k++)
        {
            for (int i = 0; i < 9; i++)
            {
                double kilobar = found.Stresses[k].Kilobar[i / 3][i % 3];
                Assert.True(Math.Abs(kilobar + (frames[k].Stress!.Value.ToMatrix()[i / 3, i % 3] * 1602.176634)) < 6e-3 + (1e-6 * Math.Abs(kilobar)), $"{path}: stress {k + 1}.");
            }
        }
    }

    private static void CompareGeometries(string path, PwTextSearch found, List<Frame> frames, CalculationReport report)
    {
        List<(int Line, double)> labels = [.. found.Energies.Concat(found.ExchangeEnergies).Order().Where(e => !report.LeftOut.Any(l => l.Line == e.Line))];
        for (int k = 0; k < frames.Count; k++)
        {
            (double[][] positions, double[][] cell) = found.GeometryBefore(labels[k].Line);
            Structure structure = frames[k].Structure;
            for (int i = 0; i < positions.Length; i++)
            {
                for (int axis = 0; axis < 3; axis++)
                {
                    // The final SCF prints its cell again with six decimals; whole lattice vectors do not occur.
                    Assert.True(Math.Abs(positions[i][axis] - structure.CartesianPositions[i][axis]) < 3e-5, $"{path}: atom {i + 1} of frame {k + 1} lies elsewhere.");
                }
            }

            for (int i = 0; i < 9; i++)
            {
                Assert.True(Math.Abs(cell[i / 3][i % 3] - structure.Lattice!.Rows[i / 3, i % 3]) < 3e-5, $"{path}: the cell of frame {k + 1}.");
            }
        }
    }
}
