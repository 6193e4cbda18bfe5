using System.Buffers;

namespace AtomProNet.Text;

/// <summary>
/// Lines of a byte stream as spans over one large pooled buffer: no string per line, no copy. Only what ends in a newline is a
/// line: the rest of a file that was cut off in the middle of a number is never taken for a shorter number.
/// </summary>
internal sealed class Utf8LineReader : IDisposable
{
    private const int InitialSize = 1 << 20;
    private const int MaximumLineLength = 1 << 26;
    private readonly Stream stream;
    private readonly CancellationToken cancellation;
    private byte[] buffer;
    private int start, end, lineStart, lineLength;
    private bool ended, pushedBack;

    /// <summary>Reads from where the stream stands. The stream stays open.</summary>
    internal Utf8LineReader(Stream stream, CancellationToken cancellation = default)
    {
        this.stream = stream;
        this.cancellation = cancellation;
        buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    }

    /// <summary>The number of the line that was read last, counted from 1.</summary>
    internal long LineNumber { get; private set; }

    /// <summary>Whether bytes were left after the last newline when the stream ended.</summary>
    internal bool EndsWithinLine => ended && end > start;

    /// <summary>Why the stream broke off before its end; null where it did not.</summary>
    internal Exception? BrokenBy { get; private set; }

    /// <summary>The line that was read last, without its line end (LF or CRLF). Valid until the next read.</summary>
    internal ReadOnlySpan<byte> Line => buffer.AsSpan(lineStart, lineLength);

    /// <summary>What stands after the last newline, once <see cref="Read"/> has returned false.</summary>
    internal ReadOnlySpan<byte> Rest => buffer.AsSpan(start, end - start);

    /// <summary>Makes the next <see cref="Read"/> give the same line again.</summary>
    internal void PushBack() => pushedBack = true;

    /// <summary>Goes to the next line.</summary>
    /// <returns>False where no further whole line stands.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    internal bool Read()
    {
        if (pushedBack)
        {
            pushedBack = false;
            return true;
        }

        int length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
        if (length < 0)
        {
            length = ReadMore();
            if (length < 0)
            {
                return false;
            }
        }

        lineStart = start;
        lineLength = length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length;
        start += length + 1;
        LineNumber++;
        return true;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        byte[] rented = buffer;
        buffer = [];
        start = end = lineStart = lineLength = 0;
        ended = true;
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private int ReadMore()
    {
        while (!ended)
        {
            cancellation.ThrowIfCancellationRequested();
            int rest = end - start;
            if (start > 0)
            {
                buffer.AsSpan(start, rest).CopyTo(buffer);
                start = 0;
                end = rest;
            }

            if (end == buffer.Length)
            {
                Grow();
            }

            int count = Fill();
            if (count == 0)
            {
                ended = true;
                return -1;
            }

            int found = buffer.AsSpan(end, count).IndexOf((byte)'\n');
            end += count;
            if (found >= 0)
            {
                return rest + found;
            }
        }

        return -1;
    }

    private int Fill()
    {
        try
        {
            return stream.Read(buffer, end, buffer.Length - end);
        }
        catch (InvalidDataException e)
        {
            // A damaged gzip stream: what came before it is good.
            BrokenBy = e;
            return 0;
        }
    }

    private void Grow()
    {
        if (buffer.Length >= MaximumLineLength)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "LineTooLong", "A line is longer than any that this kind of file has.", line: LineNumber + 1, remedy: "Check that it is a text file, and fetch it again if it is damaged.");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(start, end - start).CopyTo(larger);
        end -= start;
        start = 0;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
