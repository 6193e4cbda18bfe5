namespace AtomProNet.Files;

/// <summary>The folder for temporary files is full, or cannot be written to. No frame is to blame: whatever needed the file cannot go on.</summary>
/// <param name="inner">What the system said.</param>
public sealed class ScratchFileException(Exception inner)
    : IOException($"What memory has no room for cannot be written to the folder for temporary files, {Path.GetTempPath()}: {inner.Message}", inner)
{
    /// <summary>What to do next.</summary>
    public static string Remedy { get; } = $"Free some space there, or let {(OperatingSystem.IsWindows() ? "TEMP" : "TMPDIR")} name a folder on a disk that has some.";
}
