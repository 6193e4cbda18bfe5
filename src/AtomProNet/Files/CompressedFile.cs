using System.IO.Compression;
using AtomProNet.Text;

namespace AtomProNet.Files;

/// <summary>Files that may be compressed with gzip, which is told from their first two bytes (RFC 1952), not from their name.</summary>
internal static class CompressedFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Opens a file for reading from its beginning; while it is read, others may write to it, as a running job does.</summary>
    internal static Stream OpenRead(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.SequentialScan);
        try
        {
            return Unwrap(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The content of a stream: unpacked where it is compressed, else as it is. The stream itself stays open when the result is disposed of and it cannot be rewound.</summary>
    internal static Stream Unwrap(Stream stream)
    {
        Span<byte> magic = stackalloc byte[2];
        int count = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        Stream whole;
        if (stream.CanSeek)
        {
            stream.Position -= count;
            whole = stream;
        }
        else
        {
            whole = new PrefixedStream(magic[..count].ToArray(), stream);
        }

        return count == 2 && magic[0] == 0x1F && magic[1] == 0x8B ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }
}
