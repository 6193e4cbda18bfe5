namespace AtomProNet.Jobs.Store;

/// <summary>Folders and files that are the user's alone, from the moment they are there.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder that nobody else can look into; one that is there stays as it is, but for the rights of others to what is in it.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // The user's data directory is the user's already.
            Directory.CreateDirectory(path);
            return;
        }

        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Makes an empty file that nobody else can read; one that is there loses what others may do with it.</summary>
    public static void CreateFile(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (File.Exists(path))
        {
            if ((File.GetUnixFileMode(path) & ~Owner) != 0)
            {
                File.SetUnixFileMode(path, Owner);
            }

            return;
        }

        try
        {
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Owner });
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
    }
}
