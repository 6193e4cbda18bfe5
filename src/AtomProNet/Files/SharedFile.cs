using System.Text;

namespace AtomProNet.Files;

/// <summary>
/// Reads files that may be others'. On Windows whoever reads a file keeps others from writing, renaming and removing it, and cannot open what
/// is being written, unless it says otherwise: here a running job, an editor or a synchronised folder goes on as it does on Linux.
/// </summary>
internal static class SharedFile
{
    /// <summary>Opens a file for reading from its beginning.</summary>
    public static FileStream OpenRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>The whole content.</summary>
    public static byte[] ReadAllBytes(string path)
    {
        using FileStream stream = OpenRead(path);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>The whole text, without its byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">Null: UTF-8.</param>
    public static string ReadAllText(string path, Encoding? encoding = null)
    {
        using var reader = new StreamReader(OpenRead(path), encoding ?? Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
