using AtomProNet.Jobs.Submission;

namespace AtomProNet.PS.Jobs;

/// <summary>Walltimes as users write them.</summary>
internal static class WallTimes
{
    /// <summary>Reads 24:00:00, 2-00:00:00 or minutes; null stays null.</summary>
    /// <exception cref="AtomProNetException">It is no time.</exception>
    public static TimeSpan? Parse(string? text) => text is null ? null
        : JobTime.Parse(text) is { } time && time > TimeSpan.Zero ? time
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "WallTimeInvalid", "This is no walltime.", value: text, remedy: "Write it as 24:00:00 or 2-00:00:00, or in minutes.");
}
