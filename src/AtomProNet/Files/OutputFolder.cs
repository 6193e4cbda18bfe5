namespace AtomProNet.Files;

/// <summary>The folder that something will be written into.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder with all above it. A file in its place is named: what the system says of it ("already exists") is no help.</summary>
    /// <exception cref="AtomProNetException">There is a file of that name, or of that of a folder above.</exception>
    public static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException e) when (FileInTheWay(folder) is { } file)
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FileInTheWay", "There is a file where the folder should stand.", file: file, remedy: "Remove it, or choose another name or destination.", inner: e);
        }
    }

    private static string? FileInTheWay(string folder)
    {
        string? place = Path.GetFullPath(folder);
        while (place is not null && !File.Exists(place))
        {
            place = Path.GetDirectoryName(place);
        }

        return place;
    }
}
