using System.IO.Compression;
using AtomProNet.Calculations;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>An output file as bytes, gzipped or not, and what may go wrong while it is read.</summary>
internal sealed class OutputStream : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;

    internal OutputStream(Stream stream, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.leaveOpen = leaveOpen;
    }

    /// <summary>Opens a file that others may go on writing: a job that runs. The reader has a buffer of its own.</summary>
    internal static OutputStream Open(string path) =>
        new(new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan }), leaveOpen: false);

    public void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    /// <summary>The text, whether it is gzipped or not.</summary>
    internal Stream Decompressed()
    {
        Span<byte> magic = stackalloc byte[2];
        int count = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        var whole = new PrefixedStream(magic[..count].ToArray(), stream);
        return count == 2 && magic[0] == 0x1F && magic[1] == 0x8B ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    /// <summary>The next step; where the file cannot be read on, the reason goes into the report, and there is no next step.</summary>
    internal T? Guarded<T>(CalculationReport report, Utf8LineReader lines, Func<T?> next)
        where T : class
    {
        try
        {
            return next();
        }
        catch (AtomProNetException e)
        {
            // The file stops being text.
            report.Add(e.InFile(report.File));
            return null;
        }
        catch (IOException e)
        {
            report.Add(new AtomProNetException(ErrorKind.InvalidData, "FileUnreadable", $"The file could not be read to its end: {e.Message}", report.File, lines.LineNumber, remedy: "Try again; fetch the file again if it is damaged.", inner: e));
            return null;
        }
    }

    /// <summary>Tells of a gzip stream that broke off.</summary>
    internal void Conclude(CalculationReport report, Utf8LineReader lines)
    {
        if (lines.BrokenBy is { } broken)
        {
            report.Add(new AtomProNetException(ErrorKind.InvalidData, "GzipDamaged", $"The gzip file is damaged, and only what came before could be read: {broken.Message}", report.File, lines.LineNumber, remedy: "Fetch the file again.", inner: broken));
        }
    }
}
