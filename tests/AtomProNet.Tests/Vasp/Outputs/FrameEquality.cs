using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>Whether two readings gave the same labels to the last bit.</summary>
internal static class FrameEquality
{
    public static void AssertSame(Frame expected, Frame found)
    {
        string? difference = Difference(expected, found);
        Assert.True(difference is null, difference);
    }

    /// <summary>What differs; null where nothing does.</summary>
    public static string? Difference(Frame a, Frame b) =>
        !a.Structure.Equals(b.Structure) ? "structure"
        : a.FreeEnergy != b.FreeEnergy ? "free energy"
        : a.EnergyWithoutEntropy != b.EnergyWithoutEntropy ? "energy without entropy"
        : a.EnergySigmaToZero != b.EnergySigmaToZero ? "energy for sigma to zero"
        : a.Stress != b.Stress ? "stress"
        : a.Forces is null != b.Forces is null || (a.Forces is { } f && !f.SequenceEqual(b.Forces!.Value)) ? "forces"
        : a.Origin != b.Origin ? "origin"
        : null;
}
