namespace AtomProNet.Tests;

/// <summary>How long the tests may take: ATOMPRONET_TEST=full for the long ones, soak for those that run for hours.</summary>
internal static class TestEffort
{
    private static readonly string Level = Environment.GetEnvironmentVariable("ATOMPRONET_TEST")?.ToLowerInvariant() ?? "";

    /// <summary>Whether the long variants run.</summary>
    public static bool IsFull => Level is "full" or "soak";

    /// <summary>Whether the soak runs run.</summary>
    public static bool IsSoak => Level == "soak";

    /// <summary>How many repetitions a test makes.</summary>
    public static int Of(int quick, int full, int soak) => IsSoak ? soak : IsFull ? full : quick;
}
