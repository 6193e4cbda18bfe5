using System.Reflection;
using System.Text;

namespace AtomProNet.Files;

/// <summary>Texts that stand beside the code and are compiled into it: templates of scripts, tables, styles.</summary>
internal static class EmbeddedText
{
    /// <summary>One text, with LF, however the sources were checked out.</summary>
    /// <param name="name">Its name: the folders from AtomProNet on and the file, with dots between.</param>
    /// <exception cref="AtomProNetException">It is not in this build.</exception>
    public static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new AtomProNetException(ErrorKind.Internal, "ResourceMissing", "A text that belongs to the program is missing from this build.", value: name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
