using System.Runtime.InteropServices;
using System.Text;

namespace AtomProNet.Files;

/// <summary>
/// Puts a finished folder in the place of another. Where the system can exchange two folders in one step (Linux, macOS), there is no moment
/// without the old one or the new one; elsewhere it takes two renamings. What is left to do after either (files of the old folder that are to
/// be kept, the old folder itself) stands in a journal beside the folder: where a process is killed, the next one that wants the folder
/// brings it to its end.
/// </summary>
/// <remarks>The journal is <c>.NAME.swap</c>; as long as its process lives, it is locked, and others are told to wait.</remarks>
internal sealed partial class FolderSwap : IDisposable
{
    /// <summary>Lies in the new folder until all is done, by which the two are told apart.</summary>
    internal const string Marker = ".atompronet-new";

    private readonly string path, former, journalPath;
    private readonly bool exchanged;
    private readonly FileStream journal;
    private bool settled;

    private FolderSwap(string path, string former, bool exchanged, string journalPath, FileStream journal)
    {
        (this.path, this.former, this.exchanged, this.journalPath, this.journal) = (path, former, exchanged, journalPath, journal);
    }

    /// <summary>The journal of a folder.</summary>
    public static string JournalOf(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.swap");

    /// <summary>Gives <paramref name="fresh"/> the name of the folder that stands at <paramref name="path"/>; both lie in one parent.</summary>
    /// <param name="fresh">The finished folder, under a temporary name.</param>
    /// <param name="path">The folder that is there.</param>
    /// <param name="inOneStep">False for tests of systems that cannot exchange folders.</param>
    /// <returns>What is left to do: <see cref="Finish"/>, or <see cref="Undo"/>.</returns>
    /// <exception cref="AtomProNetException">Another process is replacing this folder.</exception>
    public static FolderSwap Replace(string fresh, string path, bool inOneStep = true)
    {
        string journalPath = JournalOf(path), aside = fresh + ".old";
        FileStream journal;
        try
        {
            journal = new FileStream(journalPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(journalPath))
        {
            throw Busy(path, e);
        }

        try
        {
            journal.Write(Encoding.UTF8.GetBytes(Path.GetFileName(fresh)));
            journal.Flush(flushToDisk: true);
            File.WriteAllBytes(Path.Combine(fresh, Marker), []);
            if (inOneStep && TryExchange(fresh, path))
            {
                return new(path, fresh, exchanged: true, journalPath, journal);
            }

            PatientMove.Folder(path, aside);
            try
            {
                PatientMove.Folder(fresh, path);
            }
            catch
            {
                PatientMove.Folder(aside, path);
                throw;
            }

            return new(path, aside, exchanged: false, journalPath, journal);
        }
        catch
        {
            Remove(journal, journalPath);
            File.Delete(Path.Combine(fresh, Marker));
            throw;
        }
    }

    /// <summary>Brings to its end what a process that was killed has left of a replacement of this folder, if there is anything.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="judge">What is to become of the files of the old folder; by default all of them go.</param>
    /// <exception cref="AtomProNetException">Another process is replacing this folder now.</exception>
    public static void Mend(string path, Func<string, FormerFile>? judge = null)
    {
        string journalPath = JournalOf(path);
        if (!File.Exists(journalPath))
        {
            return;
        }

        FileStream journal;
        try
        {
            journal = new FileStream(journalPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            return;
        }
        catch (IOException e)
        {
            throw Busy(path, e);
        }

        using (journal)
        {
            using var reader = new StreamReader(journal, Encoding.UTF8, leaveOpen: true);
            string name = reader.ReadToEnd();
            // The other one may have come to its end while we waited for its lock, and a third one may have begun.
            if (!StandsAt(journal, journalPath))
            {
                return;
            }

            // Killed before the name was on the disk: nothing had been moved by then.
            if (name.Length > 1 && name[0] == '.' && name.IndexOfAny(['/', '\\']) < 0)
            {
                Mend(path, Path.Combine(Path.GetDirectoryName(path)!, name), judge);
            }

            Remove(journal, journalPath);
        }
    }

    /// <summary>Moves what is to be kept out of the old folder into the new one, and removes the old one.</summary>
    /// <param name="judge">What is to become of each file or folder in the old folder; by default all of them go.</param>
    public void Finish(Func<string, FormerFile>? judge = null)
    {
        Clear(path, former, judge);
        Settle();
    }

    /// <summary>Puts the old folder back; the new one has its temporary name again.</summary>
    public void Undo()
    {
        if (!exchanged)
        {
            PatientMove.Folder(path, former[..^".old".Length]);
            PatientMove.Folder(former, path);
        }
        else if (!TryExchange(former, path))
        {
            string aside = former + ".new";
            PatientMove.Folder(path, aside);
            PatientMove.Folder(former, path);
            PatientMove.Folder(aside, former);
        }

        Settle();
    }

    /// <summary>Lets go of the journal; one that is not settled stays on the disk for the next process.</summary>
    public void Dispose() => journal.Dispose();

    private static void Mend(string path, string fresh, Func<string, FormerFile>? judge)
    {
        string aside = fresh + ".old";
        bool freshIsNew = File.Exists(Path.Combine(fresh, Marker));
        if (!Directory.Exists(path) && freshIsNew)
        {
            // Between the two renamings. The new folder is whole, or there would be no journal.
            PatientMove.Folder(fresh, path);
        }
        else if (!Directory.Exists(path) && Directory.Exists(aside))
        {
            PatientMove.Folder(aside, path);
            return;
        }
        else if (!Directory.Exists(path) && Directory.Exists(fresh))
        {
            // The old folder was about to be put back.
            PatientMove.Folder(fresh, path);
        }

        if (Directory.Exists(fresh + ".new"))
        {
            Directory.Delete(fresh + ".new", recursive: true);
        }

        if (File.Exists(Path.Combine(path, Marker)))
        {
            Clear(path, Directory.Exists(aside) ? aside : fresh, judge);
        }
        else if (freshIsNew)
        {
            // Not yet exchanged: the old folder stands, and the new one has to be made again.
            Directory.Delete(fresh, recursive: true);
        }
    }

    private static void Clear(string path, string former, Func<string, FormerFile>? judge)
    {
        foreach (FileSystemInfo entry in Directory.Exists(former) ? new DirectoryInfo(former).GetFileSystemInfos() : [])
        {
            string target = Path.Combine(path, entry.Name);
            if (judge is null || judge(entry.Name) != FormerFile.Keep || Path.Exists(target))
            {
                continue;
            }

            if (entry is DirectoryInfo folder)
            {
                PatientMove.Folder(folder.FullName, target);
            }
            else
            {
                PatientMove.File(entry.FullName, target, overwrite: false);
            }
        }

        if (Directory.Exists(former))
        {
            Directory.Delete(former, recursive: true);
        }

        File.Delete(Path.Combine(path, Marker));
    }

    private static AtomProNetException Busy(string path, Exception inner) =>
        new(ErrorKind.Unavailable, "FolderBusy", "Another process is replacing this folder.", file: path, remedy: "Try again when it has ended.", inner: inner);

    private void Settle()
    {
        if (!settled)
        {
            settled = true;
            Remove(journal, journalPath);
        }
    }

    /// <summary>
    /// Takes a journal away and lets go of it. It is deleted while it is locked, so that nobody finds one that is at its end; where the system does not delete what
    /// is open (Windows), somebody may have opened it in between, and then it is theirs to delete.
    /// </summary>
    private static void Remove(FileStream journal, string journalPath)
    {
        if (OperatingSystem.IsWindows())
        {
            journal.Dispose();
            try
            {
                File.Delete(journalPath);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }

            return;
        }

        if (StandsAt(journal, journalPath))
        {
            File.Delete(journalPath);
        }

        journal.Dispose();
    }

    /// <summary>Whether this journal is still the one that lies there, rather than that of somebody who came later; told by its times, since nobody can open what is locked.</summary>
    private static bool StandsAt(FileStream journal, string journalPath) =>
        // Nobody could take it away while it is open on Windows.
        OperatingSystem.IsWindows()
        || (File.Exists(journalPath)
            && File.GetLastWriteTimeUtc(journalPath) == File.GetLastWriteTimeUtc(journal.SafeFileHandle)
            && File.GetCreationTimeUtc(journalPath) == File.GetCreationTimeUtc(journal.SafeFileHandle));

    /// <summary>Exchanges two folders in one step; false where system or file system cannot (NFS and others, Windows).</summary>
    private static bool TryExchange(string first, string second)
    {
        const int Here = -100, Exchange = 2;
        try
        {
            return OperatingSystem.IsLinux() ? RenameAt2(Here, first, Here, second, Exchange) == 0
                : OperatingSystem.IsMacOS() && RenameX(first, second, Exchange) == 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl before 1.2.5 and others have no such function.
            return false;
        }
    }

    // Linux, renameat2(2): RENAME_EXCHANGE is 2. macOS, renamex_np(2): RENAME_SWAP is 2.
    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameAt2(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);

    [LibraryImport("libSystem", EntryPoint = "renamex_np", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameX(string from, string to, uint flags);
}
