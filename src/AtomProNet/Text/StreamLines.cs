using System.Buffers;

namespace AtomProNet.Text;

/// <summary>
/// Reads a stream line by line as bytes, through one pooled buffer: a line is valid until the next one is read. LF and CRLF
/// both end a line; a UTF-8 byte order mark at the beginning is skipped. The stream is left open.
/// </summary>
internal sealed class StreamLines : IDisposable
{
    private const int InitialSize = 1 << 17;
    private const int LongestLine = 1 << 27;

    private readonly Stream stream;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int start, end, lineStart;
    private bool ended;

    public StreamLines(Stream stream)
    {
        this.stream = stream;
        while (end < 3 && Fill())
        {
        }

        if (buffer.AsSpan(0, end).StartsWith("\uFEFF"u8))
        {
            start = 3;
        }
    }

    /// <summary>The number of the line that was read last, counted from 1; 0 before the first.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Whether the line that was read last had an end. A last line without one may have been cut.</summary>
    public bool LineIsTerminated { get; private set; }

    /// <summary>
    /// The line that was read last together with what the buffer holds behind it: a number can be read in words of eight bytes up
    /// to the end of the line, where its line end (or the end of the buffer) stops it.
    /// </summary>
    public ReadOnlySpan<byte> FromLineOn => buffer.AsSpan(lineStart, end - lineStart);

    /// <summary>How many bytes are left; null where the stream does not tell.</summary>
    public long? RemainingBytes => ended ? end - start : stream.CanSeek ? end - start + Math.Max(0, stream.Length - stream.Position) : null;

    /// <summary>Reads the next line, without its end.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="AtomProNetException">The line is absurdly long: this is no text.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                length += searched;
                line = buffer.AsSpan(start, length);
                lineStart = start;
                start += length + 1;
                LineIsTerminated = true;
                break;
            }

            searched = end - start;
            if (!Fill())
            {
                line = buffer.AsSpan(start, searched);
                lineStart = start;
                start = end;
                LineIsTerminated = false;
                if (searched == 0)
                {
                    return false;
                }

                break;
            }
        }

        LineNumber++;
        if (line.Length > 0 && line[^1] == '\r')
        {
            line = line[..^1];
        }

        return true;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            start = end = 0;
            ended = true;
        }
    }

    private bool Fill()
    {
        if (ended)
        {
            return false;
        }

        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
        {
            if (buffer.Length >= LongestLine)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "LineTooLong", "The file holds a line of more than 128 MB.", line: LineNumber + 1, remedy: "This is no text file of a known format.");
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        ended = read == 0;
        return !ended;
    }
}
