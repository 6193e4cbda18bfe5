namespace AtomProNet.Files;

/// <summary>
/// A file that appears whole or not at all: it is written under a temporary name beside its place and renamed by
/// <see cref="Commit"/>. A crash, a full disk or a disposal without commit leaves the old file as it was.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private readonly string temporaryPath;
    private bool finished;

    /// <summary>Opens a temporary file beside <paramref name="path"/>.</summary>
    /// <param name="path">Where the file will stand, as a full path.</param>
    /// <param name="overwrite">Whether a file that is already there may be replaced.</param>
    /// <exception cref="AtomProNetException">There is a file, and it may not be replaced.</exception>
    public AtomicFile(string path, bool overwrite)
    {
        Path = System.IO.Path.GetFullPath(path);
        Overwrite = overwrite;
        ThrowIfTaken();
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        OutputFolder.Create(folder);
        temporaryPath = System.IO.Path.Combine(folder, $".{Stem(System.IO.Path.GetFileName(Path))}{Guid.NewGuid():N}.tmp");
        Stream = new FileStream(temporaryPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 1 << 16,
        });
    }

    /// <summary>Where the file will stand.</summary>
    public string Path { get; }

    /// <summary>Whether a file that is already there may be replaced.</summary>
    public bool Overwrite { get; }

    /// <summary>What to write to.</summary>
    public FileStream Stream { get; }

    /// <summary>Writes all of a text (UTF-8 without BOM) or nothing.</summary>
    public static void WriteAllText(string path, string text, bool overwrite) => WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(text), overwrite);

    /// <summary>Writes all bytes or nothing.</summary>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes, bool overwrite)
    {
        using var file = new AtomicFile(path, overwrite);
        file.Stream.Write(bytes);
        file.Commit();
    }

    /// <summary>Puts what was written on the disk and gives it its name.</summary>
    /// <exception cref="AtomProNetException">There is a file by now, and it may not be replaced.</exception>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        ThrowIfTaken();
        PatientMove.File(temporaryPath, Path, Overwrite);
        finished = true;
    }

    /// <summary>Removes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        if (finished)
        {
            return;
        }

        finished = true;
        Abandoned.Close(Stream);

        try
        {
            File.Delete(temporaryPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left behind under its temporary name: a nuisance, but no wrong data.
        }
    }

    /// <summary>The name with a dot, unless the temporary name would be longer than the 255 bytes that file systems take.</summary>
    private static string Stem(string name) => System.Text.Encoding.UTF8.GetByteCount(name) <= 200 ? name + "." : "";

    private void ThrowIfTaken()
    {
        if (!Overwrite && File.Exists(Path))
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FileExists", "There is a file of this name already.", file: Path, remedy: "Use -Force to replace it, or choose another name.");
        }
    }
}
