using Microsoft.Win32.SafeHandles;

namespace AtomProNet.Files;

/// <summary>
/// Files and folders that belong together and appear together: all are written under temporary names first and renamed by <see cref="Commit"/>,
/// in the order in which they were added, so that a file that describes the others is added last. Where a renaming fails, those
/// already done are taken back. A process that is killed between two renamings leaves each file whole, old or new.
/// </summary>
/// <remarks>
/// Against a power failure: where an earlier file or folder goes, all of the new ones are on the disk before that. A set that replaces nothing is left to the
/// system to put there in its time, as any program's output is; only the file that describes the others is waited for, so that it tells whether they are whole.
/// </remarks>
public sealed class AtomicFileSet : IDisposable
{
    private readonly List<Entry> entries = [];
    private readonly List<string> obsolete = [];
    private readonly bool overwrite;
    private bool finished;

    /// <summary>Begins a set of files.</summary>
    /// <param name="overwrite">Whether files that are already there may be replaced.</param>
    public AtomicFileSet(bool overwrite) => this.overwrite = overwrite;

    /// <summary>Called before each renaming with the file's place; for tests that let one fail.</summary>
    internal Action<string>? BeforeRename { get; set; }

    /// <summary>Told of each file that is put on the disk before any has its name; for tests.</summary>
    internal Action<string>? OnDisk { get; set; }

    /// <summary>When two names are the same file; for tests of file systems without regard to case.</summary>
    internal StringComparer Names { get; init; } = PathNames.Comparer;

    /// <summary>Opens a temporary file beside <paramref name="path"/>.</summary>
    /// <param name="path">Where the file will stand.</param>
    /// <param name="describesOthers">Whether it is the file that tells of the others and may be replaced whatever becomes of them: it lies on the disk before it has its name.</param>
    /// <returns>What to write to. It stays open until <see cref="Commit"/>.</returns>
    /// <exception cref="AtomProNetException">There is a file of this name, and it may not be replaced.</exception>
    public FileStream Add(string path, bool describesOthers = false)
    {
        string full = Path.GetFullPath(path);
        bool mayReplace = describesOthers || overwrite;
        ThrowIfTaken(full, mayReplace);
        string folder = Path.GetDirectoryName(full)!;
        OutputFolder.Create(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 1 << 16 });
        entries.Add(new(full, temporary, stream, mayReplace, describesOthers));
        return stream;
    }

    /// <summary>Makes a temporary folder beside <paramref name="path"/>, whose contents appear as a whole.</summary>
    /// <param name="path">Where the folder will stand.</param>
    /// <param name="mayBeReplaced">Says whether a folder that stands there may go; asked only where overwriting is allowed.</param>
    /// <returns>The temporary folder.</returns>
    /// <exception cref="AtomProNetException">Something of this name is there, and it may not be replaced.</exception>
    public string AddFolder(string path, Func<string, bool> mayBeReplaced)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        FolderSwap.Mend(full);
        ThrowIfTaken(full, overwrite);
        if (Directory.Exists(full) && !mayBeReplaced(full))
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FolderHoldsOthers", "The folder holds files that do not belong to a training set and would be lost.", file: full, remedy: "Choose another name, or move the files away.");
        }

        string temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(temporary);
        entries.Add(new(full, temporary, null, overwrite, DescribesOthers: false));
        return temporary;
    }

    /// <summary>Marks a file or folder of an earlier set, which the new one does not have, to be removed once the new files stand.</summary>
    public void Remove(string path) => obsolete.Add(Path.GetFullPath(path));

    /// <summary>Gives each file its name; where the set replaces an earlier one, what was written is on the disk by then.</summary>
    /// <exception cref="AtomProNetException">There is a file of one of the names by now, and it may not be replaced.</exception>
    public void Commit()
    {
        bool replaces = entries.Exists(e => !e.DescribesOthers && Path.Exists(e.Path)) || obsolete.Exists(Path.Exists);
        foreach (Entry entry in entries)
        {
            if (replaces || entry.DescribesOthers)
            {
                PutOnDisk(entry);
            }

            entry.Stream?.Dispose();

            ThrowIfTaken(entry.Path, entry.MayReplace);
        }

        var done = new List<(string Path, string? Backup, FolderSwap? Swap)>();
        try
        {
            foreach (Entry entry in entries)
            {
                BeforeRename?.Invoke(entry.Path);
                string old = entry.Temporary + ".old";
                if (entry.Stream is null)
                {
                    if (Directory.Exists(entry.Path))
                    {
                        done.Add((entry.Path, null, FolderSwap.Replace(entry.Temporary, entry.Path)));
                    }
                    else
                    {
                        PatientMove.Folder(entry.Temporary, entry.Path);
                        done.Add((entry.Path, null, null));
                    }
                }
                else if (File.Exists(entry.Path))
                {
                    // The old file gets a second name and stays in its place until the new one takes it in one step.
                    PatientMove.Replace(entry.Temporary, entry.Path, old);
                    done.Add((entry.Path, old, null));
                }
                else
                {
                    PatientMove.File(entry.Temporary, entry.Path, overwrite: false);
                    done.Add((entry.Path, null, null));
                }
            }
        }
        catch
        {
            foreach ((string path, string? backup, FolderSwap? swap) in Enumerable.Reverse(done))
            {
                Restore(path, backup, swap);
            }

            throw;
        }

        finished = true;
        foreach ((_, string? backup, FolderSwap? swap) in done)
        {
            Delete(backup);
            Finish(swap);
        }

        foreach (string former in obsolete.Except(entries.Select(e => e.Path), Names))
        {
            // A folder that held nothing but folders of the earlier set goes with them.
            bool wasFolder = Directory.Exists(former);
            Delete(former);
            string parent = Path.GetDirectoryName(former)!;
            if (wasFolder && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any())
            {
                Delete(parent);
            }
        }
    }

    /// <summary>Removes the temporary files unless they were committed.</summary>
    public void Dispose()
    {
        if (finished)
        {
            return;
        }

        finished = true;
        foreach (Entry entry in entries)
        {
            Abandoned.Close(entry.Stream);
            Delete(entry.Temporary);
        }
    }

    private void PutOnDisk(Entry entry)
    {
        if (entry.Stream is { } stream)
        {
            stream.Flush(flushToDisk: true);
            OnDisk?.Invoke(entry.Path);
            return;
        }

        foreach (string file in Directory.EnumerateFiles(entry.Temporary, "*", SearchOption.AllDirectories))
        {
            using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
            OnDisk?.Invoke(file);
        }
    }

    private static void Finish(FolderSwap? swap)
    {
        try
        {
            swap?.Finish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The new folder stands; what is left of the old one goes with the next replacement.
        }

        swap?.Dispose();
    }

    private static void Restore(string path, string? backup, FolderSwap? swap)
    {
        try
        {
            if (swap is not null)
            {
                swap.Undo();
                swap.Dispose();
            }
            else if (backup is not null)
            {
                PatientMove.File(backup, path, overwrite: true);
            }
            else
            {
                Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk itself has gone: the error that is on its way says more.
        }
    }

    private static void Delete(string? path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else if (path is not null)
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left behind under its temporary name: a nuisance, but no wrong data.
        }
    }

    private static void ThrowIfTaken(string path, bool mayReplace)
    {
        if (Directory.Exists(path) && !mayReplace)
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FolderExists", "There is a folder of this name already.", file: path, remedy: "Use -Force to replace it, or choose another name.");
        }

        if (!mayReplace && File.Exists(path))
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FileExists", "There is a file of this name already.", file: path, remedy: "Use -Force to replace it, or choose another name.");
        }
    }

    private sealed record Entry(string Path, string Temporary, FileStream? Stream, bool MayReplace, bool DescribesOthers);
}
