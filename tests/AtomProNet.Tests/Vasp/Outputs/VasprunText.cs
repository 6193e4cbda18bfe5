using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>Reads vasprun.xml files out of memory and compares frames with what was written.</summary>
internal static class VasprunText
{
    public static (List<Frame> Frames, CalculationReport Report) Read(string text) => Read(Encoding.ASCII.GetBytes(text));

    public static (List<Frame> Frames, CalculationReport Report) Read(byte[] bytes)
    {
        using var reader = new VasprunReader(new MemoryStream(bytes, writable: false), "/synthetic/vasprun.xml");
        List<Frame> frames = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];
        return (frames, reader.Report);
    }

    public static void AssertSame(SyntheticStep step, Frame frame, SyntheticOutcar run)
    {
        Assert.Equal(step.FreeEnergy, frame.FreeEnergy!.Value, 0.51e-8);
        if (step.IsMachineLearned)
        {
            Assert.Null(frame.EnergyWithoutEntropy);
            Assert.Null(frame.EnergySigmaToZero);
        }
        else
        {
            Assert.Equal(step.FreeEnergy - step.MinusEntropy, frame.EnergyWithoutEntropy!.Value, 2.1e-8);
            Assert.Equal(step.FreeEnergy - step.MinusEntropy / (2 + Math.Max(run.Ismear, 0)), frame.EnergySigmaToZero!.Value, 2.1e-8);
        }

        var image = new MinimumImage(step.Lattice, Periodicity.Full);
        for (int i = 0; i < 3; i++)
        {
            Assert.True((step.Lattice.Rows[i] - frame.Structure.Lattice!.Rows[i]).Length < 1e-8);
        }

        for (int i = 0; i < step.Positions.Length; i++)
        {
            Assert.True(image.Distance(step.Positions[i], frame.Structure.CartesianPositions[i]) < 1e-7);
            Assert.True((step.Forces[i] - frame.Forces!.Value[i]).Length < 0.9e-8);
        }

        if (step.Stress is { } stress)
        {
            double[] expected = stress.ToVoigt(), found = frame.Stress!.Value.ToVoigt();
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal(expected[i], found[i], 1e-11 + 5e-7 * Math.Abs(expected[i]));
            }
        }
        else
        {
            Assert.Null(frame.Stress);
        }
    }
}
