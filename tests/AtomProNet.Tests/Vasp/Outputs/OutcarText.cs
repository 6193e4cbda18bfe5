using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>Reads OUTCARs out of memory and compares frames with what was written.</summary>
internal static class OutcarText
{
    public static (List<Frame> Frames, CalculationReport Report) Read(string text) => Read(Encoding.ASCII.GetBytes(text));

    public static (List<Frame> Frames, CalculationReport Report) Read(byte[] bytes, string name = "/synthetic/OUTCAR")
    {
        using var reader = new OutcarReader(new MemoryStream(bytes, writable: false), name);
        List<Frame> frames = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];
        return (frames, reader.Report);
    }

    /// <summary>Whether a frame is the one that was written, to the printed digits.</summary>
    public static void AssertSame(SyntheticStep step, Frame frame, SyntheticOutcar run)
    {
        int decimals = run.Dialect == OutcarDialect.Vasp522 ? 6 : 8;
        Assert.Equal(Math.Round(step.FreeEnergy, decimals), frame.FreeEnergy!.Value, 1e-12);
        Assert.Equal(Math.Round(step.FreeEnergy - (step.IsMachineLearned ? 0 : step.MinusEntropy), decimals), frame.EnergyWithoutEntropy!.Value, 1e-12);
        Assert.Equal(Math.Round(step.FreeEnergy - (step.IsMachineLearned ? 0 : step.MinusEntropy / (2 + Math.Max(run.Ismear, 0))), decimals), frame.EnergySigmaToZero!.Value, 1.1 * Math.Pow(10, -decimals));
        for (int i = 0; i < 3; i++)
        {
            Near(step.Lattice.Rows[i], frame.Structure.Lattice!.Rows[i], 0.51e-9);
        }

        for (int i = 0; i < step.Positions.Length; i++)
        {
            Near(step.Positions[i], frame.Structure.CartesianPositions[i], 0.501e-5);
            Near(step.Forces[i], frame.Forces!.Value[i], 0.501e-6);
        }

        if (step.Stress is { } stress)
        {
            double[] expected = stress.ToVoigt(), found = frame.Stress!.Value.ToVoigt();
            for (int i = 0; i < 6; i++)
            {
                // Five decimals of kbar, and VASP's own constant.
                Assert.Equal(expected[i], found[i], 0.51e-5 / 1602 + 5e-7 * Math.Abs(expected[i]));
            }
        }
        else
        {
            Assert.Null(frame.Stress);
        }
    }

    /// <summary>Reads a run and compares every frame with what was written.</summary>
    public static List<Frame> AssertAll(SyntheticOutcar run)
    {
        (List<Frame> frames, CalculationReport report) = Read(run.ToBytes());
        Assert.Empty(report.Errors);
        Assert.Empty(report.LeftOut);
        Assert.True(report.IsFinished);
        Assert.Equal(run.Steps.Count, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            Assert.Equal(i + 1, frames[i].Source!.Step);
            AssertSame(run.Steps[i], frames[i], run);
        }

        return frames;
    }

    private static void Near(Vector3D expected, Vector3D found, double tolerance) =>
        Assert.True(Math.Abs(expected.X - found.X) <= tolerance && Math.Abs(expected.Y - found.Y) <= tolerance && Math.Abs(expected.Z - found.Z) <= tolerance, $"{expected} was written, {found} read.");
}
