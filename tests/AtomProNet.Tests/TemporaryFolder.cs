using System.Text;

namespace AtomProNet.Tests;

/// <summary>A folder that is gone when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"atompronet-{Guid.NewGuid():N}");

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>The names of what lies in it, in ordinal order.</summary>
    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Root).Select(p => System.IO.Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    /// <summary>Writes a file, replacing what was there.</summary>
    public string Write(string name, string text)
    {
        string path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
