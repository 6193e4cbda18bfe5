namespace AtomProNet.Files;

/// <summary>
/// A file for what memory has no room for, in the folder for temporary files (<see cref="Path.GetTempPath"/>: TMPDIR, TEMP). It is gone with its
/// process, even where that is killed: it loses its name as soon as it is open, or on Windows with its handle.
/// </summary>
internal static class ScratchFile
{
    /// <summary>Opens one, empty.</summary>
    /// <exception cref="ScratchFileException">The folder for temporary files is not there, or may not be written to.</exception>
    public static FileStream Open()
    {
        try
        {
            return Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScratchFileException(e);
        }
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where they go.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="ScratchFileException">The disk that holds temporary files is full.</exception>
    public static void WriteAt(FileStream file, long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, bytes, offset);
        }
        catch (IOException e)
        {
            throw new ScratchFileException(e);
        }
    }

    /// <summary>Reads bytes that were written before.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="bytes">Where they go; all of it is filled.</param>
    public static void ReadAt(FileStream file, long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(file.SafeFileHandle, bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"A temporary file in {Path.GetTempPath()} is shorter than what was written to it.");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }

    private static FileStream Create()
    {
        string path = Path.Combine(Path.GetTempPath(), $"atompronet-{Guid.NewGuid():N}.tmp");
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
        });
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return stream;
    }
}
