namespace AtomProNet.Files;

/// <summary>What is to become of a file that lies in a folder which is about to be replaced.</summary>
public enum FormerFile
{
    /// <summary>It goes into the new folder, too: notes, scripts of the user's own.</summary>
    Keep,
    /// <summary>It is one of the files that the new folder brings anew (or brings no more).</summary>
    Replace,
    /// <summary>It must neither be lost nor stand beside the new files (results of a run): the folder cannot be replaced.</summary>
    Refuse,
}

/// <summary>
/// A folder that appears whole or not at all: its files are written into a folder with a temporary name beside it, which gets its
/// name by <see cref="Commit"/>. A full disk, an exception or a disposal without commit leaves nothing of it, and an old folder as it was.
/// A kill while an old folder is replaced leaves the old or the new one (see <see cref="FolderSwap"/>).
/// </summary>
public sealed class AtomicFolder : IDisposable
{
    private readonly string temporaryPath;
    private readonly Func<string, FormerFile> judge;
    private readonly Func<string, Stream> open;
    private readonly string? createdParent;
    private readonly SortedSet<string> names = new(StringComparer.Ordinal);
    private bool finished;

    /// <summary>Makes a temporary folder beside <paramref name="path"/>.</summary>
    /// <param name="path">Where the folder will stand, as a full path.</param>
    /// <param name="overwrite">Whether a folder that is already there may be replaced.</param>
    /// <param name="judge">Says for the name of each file or folder in an old folder what is to become of it; by default all is replaced.</param>
    /// <exception cref="AtomProNetException">Something of this name is there and may not be replaced.</exception>
    public AtomicFolder(string path, bool overwrite, Func<string, FormerFile>? judge = null)
        : this(path, overwrite, judge, open: null)
    {
    }

    /// <summary>For tests: with a way of one's own to open a file, which may fail.</summary>
    internal AtomicFolder(string path, bool overwrite, Func<string, FormerFile>? judge, Func<string, Stream>? open)
    {
        FolderPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Overwrite = overwrite;
        string parent = Path.GetDirectoryName(FolderPath) ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "FolderIsRoot", "The root of a drive cannot be written as a folder.", file: FolderPath, remedy: "Name a folder below it.");
        this.judge = judge ?? (_ => FormerFile.Replace);
        FolderSwap.Mend(FolderPath, this.judge);
        this.open = open ?? (file => new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None));
        ThrowIfTaken(FolderPath, overwrite, this.judge);
        createdParent = FirstMissing(parent);
        if (createdParent is not null)
        {
            OutputFolder.Create(parent);
        }

        temporaryPath = Path.Combine(parent, $".{Path.GetFileName(FolderPath)}.{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(temporaryPath);
    }

    /// <summary>Where the folder will stand.</summary>
    public string FolderPath { get; }

    /// <summary>Whether a folder that is already there may be replaced.</summary>
    public bool Overwrite { get; }

    /// <summary>The names of the files that were written, in ordinal order.</summary>
    public IReadOnlyCollection<string> FileNames => names;

    /// <summary>Where its contents lie until it has its name, for what writes files by itself.</summary>
    internal string WorkPath => temporaryPath;

    /// <summary>Throws what the constructor would throw, without touching anything.</summary>
    /// <exception cref="AtomProNetException">Something of this name is there and may not be replaced.</exception>
    public static void ThrowIfTaken(string path, bool overwrite, Func<string, FormerFile>? judge = null)
    {
        // Mostly nothing is there, and whoever writes thousands of folders asks the system once for each.
        if (!Path.Exists(path))
        {
            return;
        }

        if (File.Exists(path))
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FileInTheWay", "There is a file where the folder should stand.", file: path, remedy: "Remove it, or choose another name or destination.");
        }

        if (!Directory.Exists(path))
        {
            return;
        }

        if (!overwrite)
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FolderExists", "There is a folder of this name already.", file: path, remedy: "Use -Force to replace it, or choose another name or destination.");
        }

        if (judge is not null && Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).FirstOrDefault(name => judge(name!) == FormerFile.Refuse) is { } result)
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FolderHoldsResults", $"The folder holds results of a run ({result}), which would be lost, or stand beside an input that they do not belong to.", file: path, remedy: "Move or delete the results yourself, or choose another name or destination.");
        }
    }

    /// <summary>Opens a new file in the folder; its name must not be taken.</summary>
    public Stream Create(string name)
    {
        names.Add(name);
        return open(Path.Combine(temporaryPath, name));
    }

    /// <summary>Copies a file into the folder.</summary>
    public void Copy(string path, string name)
    {
        using FileStream from = SharedFile.OpenRead(path);
        using Stream to = Create(name);
        from.CopyTo(to);
    }

    /// <summary>Writes all of a file: UTF-8 without BOM.</summary>
    public void WriteAllText(string name, string text)
    {
        using Stream stream = Create(name);
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes a script, which is executable where the system knows of that.</summary>
    public void WriteScript(string name, string text)
    {
        WriteAllText(name, text);
        if (!OperatingSystem.IsWindows())
        {
            string file = Path.Combine(temporaryPath, name);
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Gives the folder its name. What the old folder holds and is to be kept moves into it.</summary>
    /// <exception cref="AtomProNetException">Something of this name is there by now and may not be replaced.</exception>
    public void Commit()
    {
        ThrowIfTaken(FolderPath, Overwrite, judge);
        if (!Overwrite || !Directory.Exists(FolderPath))
        {
            PatientMove.Folder(temporaryPath, FolderPath);
            finished = true;
            return;
        }

        using FolderSwap swap = FolderSwap.Replace(temporaryPath, FolderPath);
        finished = true;
        swap.Finish(judge);
    }

    /// <summary>Removes the temporary folder unless it was committed, and parents that were made for it alone.</summary>
    public void Dispose()
    {
        if (finished)
        {
            return;
        }

        finished = true;
        try
        {
            Directory.Delete(temporaryPath, recursive: true);
            for (string? parent = Path.GetDirectoryName(FolderPath); createdParent is not null && parent is not null && parent.Length >= createdParent.Length; parent = Path.GetDirectoryName(parent))
            {
                Directory.Delete(parent, recursive: false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left behind under its temporary name, or a parent that others use by now: a nuisance, but no half-written input.
        }
    }

    private static string? FirstMissing(string path)
    {
        string? missing = null;
        for (string? folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing = folder;
        }

        return missing;
    }
}
