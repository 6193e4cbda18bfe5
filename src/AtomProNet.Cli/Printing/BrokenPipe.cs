namespace AtomProNet.Cli.Printing;

/// <summary>Tells a pipe that nobody reads any more (… | head) from an output that cannot be written (a full disk).</summary>
internal static class BrokenPipe
{
    // EPIPE, on Linux and macOS; of Windows ERROR_BROKEN_PIPE and ERROR_NO_DATA.
    private const int Unix = 32, Windows = unchecked((int)0x8007006D), WindowsClosing = unchecked((int)0x800700E8);

    /// <summary>Whether that is why a writing failed.</summary>
    public static bool Is(IOException reason) => OperatingSystem.IsWindows() ? reason.HResult is Windows or WindowsClosing : reason.HResult == Unix;
}
