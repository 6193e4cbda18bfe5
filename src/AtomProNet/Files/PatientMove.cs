namespace AtomProNet.Files;

/// <summary>
/// Renames files and folders. On Windows whoever looks into a file that has just been written (a virus scanner, an indexer, a viewer) keeps it
/// from being renamed or replaced for some milliseconds: there it is tried again for a second before that is an error.
/// </summary>
internal static class PatientMove
{
    private const int Attempts = 8;

    /// <summary>Gives a file another name.</summary>
    public static void File(string from, string to, bool overwrite) => Try(() => System.IO.File.Move(from, to, overwrite), OperatingSystem.IsWindows(), Wait);

    /// <summary>Puts a file in the place of another, which gets a second name.</summary>
    public static void Replace(string from, string to, string backup) => Try(() => System.IO.File.Replace(from, to, backup, ignoreMetadataErrors: true), OperatingSystem.IsWindows(), Wait);

    /// <summary>Gives a folder another name.</summary>
    public static void Folder(string from, string to) => Try(() => Directory.Move(from, to), OperatingSystem.IsWindows(), Wait);

    /// <summary>Does it, and again where another program may be in the way.</summary>
    /// <param name="rename">What is tried.</param>
    /// <param name="isWindows">Elsewhere open files are in nobody's way, and the first error counts.</param>
    /// <param name="wait">Waits before the next attempt, whose number it gets.</param>
    internal static void Try(Action rename, bool isWindows, Action<int> wait)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                rename();
                return;
            }
            catch (Exception e) when (isWindows && attempt < Attempts && IsInUse(e))
            {
                wait(attempt);
            }
        }
    }

    /// <summary>A file in use is a sharing violation, a locked one or a denied access; a missing one, a taken name or a full disk is not.</summary>
    private static bool IsInUse(Exception e) => e is UnauthorizedAccessException
        || (e is IOException and not FileNotFoundException and not DirectoryNotFoundException && (e.HResult & 0xFFFF) is 5 or 32 or 33 or 1224);

    private static void Wait(int attempt) => Thread.Sleep(10 << Math.Min(attempt - 1, 5));
}
