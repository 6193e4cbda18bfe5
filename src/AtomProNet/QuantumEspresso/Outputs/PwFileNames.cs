using AtomProNet.Calculations;
using AtomProNet.Files;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Recognises the output files of pw.x. Its standard output has any name, so that the content decides.</summary>
public static class PwFileNames
{
    // Launchers and schedulers print before pw.x does, but not much.
    private const int Head = 1 << 16;

    private static readonly string[] Endings = [".out", ".pwo", ".pwout", ".log"];

    /// <summary>Whether a file may be a standard output of pw.x: <c>pw.out</c>, <c>si.scf.out.gz</c>, <c>relax.pwo</c>, <c>slurm-123.out</c>, <c>pw.out.2</c>.</summary>
    /// <param name="fileName">The name, without its folder.</param>
    public static bool IsOutputName(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        ReadOnlySpan<char> name = fileName.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? fileName.AsSpan(0, fileName.Length - 3) : fileName;
        int point = name.LastIndexOf('.');
        if (point > 0 && name[(point + 1)..] is { Length: > 0 and < 6 } number && number.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            name = name[..point]; // outputs of earlier tries are numbered
        }

        foreach (string ending in Endings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a file is data-file-schema.xml, as pw.x names it, perhaps packed.</summary>
    /// <param name="fileName">The name, without its folder.</param>
    public static bool IsXmlName(string fileName) =>
        fileName is not null && (fileName.Equals(PwXmlSearch.FileName, StringComparison.OrdinalIgnoreCase) || fileName.Equals(PwXmlSearch.FileName + ".gz", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the beginning of a file says that pw.x wrote it. The standard output of other programs of the suite is not meant.</summary>
    /// <param name="path">The file, as a full path.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static bool IsOutput(string path) => ReadHead(path).AsSpan().IndexOf("Program PWSCF"u8) >= 0;

    /// <summary>Opens either kind of file with the reader for it.</summary>
    /// <param name="path">A standard output or a data-file-schema.xml, as a full path; either may be packed with gzip.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static IFrameReader OpenReader(string path)
    {
        byte[] head = ReadHead(path);
        ReadOnlySpan<byte> text = head.AsSpan().TrimStart("\uFEFF \r\n\t"u8);
        return text.StartsWith("<?xml"u8) || text.StartsWith("<qes:espresso"u8) ? PwXmlReader.Open(path) : PwOutputReader.Open(path);
    }

    private static byte[] ReadHead(string path)
    {
        using Stream stream = CompressedFile.OpenRead(path);
        var head = new byte[Head];
        try
        {
            return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            // A damaged gzip file: its reader says so.
            return head;
        }
    }
}
