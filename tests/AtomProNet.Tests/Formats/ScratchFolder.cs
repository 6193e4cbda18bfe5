namespace AtomProNet.Tests.Formats;

/// <summary>A folder for one test, gone at its end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atompronet-");

    public string FullName => folder.FullName;

    public string PathTo(string name) => Path.Combine(folder.FullName, name);

    public string Write(string name, string text)
    {
        string path = PathTo(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
