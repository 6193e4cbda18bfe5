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
    public static void Replace(string from, string to, string backup) =>
        Replace(from, to, backup, () => System.IO.File.Replace(from, to, backup, ignoreMetadataErrors: true), OperatingSystem.IsWindows(), Wait);

    /// <summary>
    /// The same with what does it. Windows gives the old file its second name first; where the new one cannot follow, that alone is left to
    /// do, and where it never can, the old one gets its name back.
    /// </summary>
    internal static void Replace(string from, string to, string backup, Action replace, bool isWindows, Action<int> wait)
    {
        bool IsHalfDone() => isWindows && !System.IO.File.Exists(to) && System.IO.File.Exists(backup);
        try
        {
            Try(() =>
            {
                if (IsHalfDone())
                {
                    System.IO.File.Move(from, to);
                }
                else
                {
                    replace();
                }
            }, isWindows, wait);
        }
        catch when (IsHalfDone())
        {
            System.IO.File.Move(backup, to);
            throw;
        }
    }

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

    /// <summary>A file in use is a sharing violation, a locked one, a denied access or a replacement that could not be renamed; a missing one, a taken name or a full disk is not.</summary>
    private static bool IsInUse(Exception e) => e is UnauthorizedAccessException
        || (e is IOException and not FileNotFoundException and not DirectoryNotFoundException && (e.HResult & 0xFFFF) is 5 or 32 or 33 or 1175 or 1176 or 1177 or 1224);

    private static void Wait(int attempt) => Thread.Sleep(10 << Math.Min(attempt - 1, 5));
}
