using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AtomProNet.Text;

/// <summary>
/// Lines of a byte stream as spans over one large pooled buffer: no string per line, no copy. Only what ends in a newline is a
/// line: the rest of a file that was cut off in the middle of a number is never taken for a shorter number.
/// </summary>
internal sealed class Utf8LineReader : IDisposable
{
    // Stays in the processor's second cache, and an output of one step fits into it.
    private const int InitialSize = 1 << 18;
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

    /// <summary>What the buffer holds of the lines to come; empty where the last one is to be read again.</summary>
    internal ReadOnlySpan<byte> Ahead => pushedBack ? [] : buffer.AsSpan(start, end - start);

    /// <summary>Goes to the next line, whose length is known: no line end stands within, and one behind it.</summary>
    internal void Take(int length)
    {
        lineStart = start;
        lineLength = length;
        start += length + 1;
        LineNumber++;
    }

    /// <summary>Goes to the last of some lines that <see cref="Ahead"/> begins with.</summary>
    /// <param name="lines">The lines, each with its LF.</param>
    internal void TakeLines(ReadOnlySpan<byte> lines)
    {
        for (int length; !lines.IsEmpty; lines = lines[(length + 1)..])
        {
            length = lines.IndexOf((byte)'\n');
            Take(length);
        }
    }

    /// <summary>
    /// Passes over rows of numbers that are as long as the first one and begin with three blanks and a number; stops at the first line that does
    /// not: for tables of which nothing is wanted.
    /// </summary>
    /// <param name="most">How many rows at the most.</param>
    internal void PassOverRows(int most)
    {
        ReadOnlySpan<byte> rows = Ahead;
        int length = rows.IndexOf((byte)'\n'), count = 0;
        for (; count < most && length >= 8 && rows.IndexOf((byte)'\n') == length; count++)
        {
            if (!rows.StartsWith("   "u8) || !((uint)(rows[3] - '0') <= 9 || rows[3] == '-') || !((uint)(rows[4] - '0') <= 9 || rows[4] == '.'))
            {
                break;
            }

            rows = rows[(length + 1)..];
        }

        start += count * (length + 1);
        LineNumber += count;
    }

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

    /// <summary>
    /// Goes on to the next line that begins, after blanks, with one of <paramref name="starts"/> and is no rule of strokes alone (-----), or that holds
    /// their sign; counts the lines that it passes over. It may stop at others, too: whoever asks looks at the line as if <see cref="Read"/> had given it.
    /// </summary>
    /// <returns>False where no further whole line stands.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    internal bool ReadNext(LineStarts starts)
    {
        if (!pushedBack && Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            PassOver(starts);
        }

        return Read();
    }

    // Moves to the first line whose beginning fits, or to the last one that begins within what the buffer holds.
    private void PassOver(LineStarts starts)
    {
        const int Block = 64;
        // The beginning of the last block's last line may be looked at with eight bytes, and a bit that is not there stands for the byte behind the block.
        int last = end - Block - LineStarts.Length;
        ref byte bytes = ref MemoryMarshal.GetArrayDataReference(buffer);
        LineStarts.Table table = starts.Entries;
        byte sign = starts.Sign ?? 0;
        ulong indent = 1, signs = 0;
        int at = start, lines = 0, found = -1;
        for (; at <= last; at += Block)
        {
            ref byte block = ref Unsafe.Add(ref bytes, at);
            ulong ends = Where(ref block, (byte)'\n'), blanks = Where(ref block, (byte)' ');
            if (blanks == ulong.MaxValue)
            {
                continue;
            }

            // The first byte of each line that is no blank: a one is added to the blanks at a beginning, and its carry comes out behind them.
            ulong begins = ends << 1 | indent, words = ~(blanks | ends), firsts = (blanks + (blanks & begins) | begins) & words;
            // What stands highest of the two decides whether the next block begins within the blanks of a line's beginning.
            indent = ends > words ? 1UL : 0;
            // Few blocks hold a third one.
            ulong others = firsts & (firsts - 1);
            if (sign != 0)
            {
                signs = Where(ref block, sign);
            }

            if ((table.Fits(ref Unsafe.Add(ref block, (uint)BitOperations.TrailingZeroCount(firsts))) | table.Fits(ref Unsafe.Add(ref block, (uint)BitOperations.TrailingZeroCount(others)))
                | (others & (others - 1)) != 0 | signs != 0) && (found = Find(table, at, firsts, signs)) >= 0)
            {
                lines += BitOperations.PopCount(ends & ((1UL << (found - at)) - 1));
                break;
            }

            lines += BitOperations.PopCount(ends);
        }

        LineNumber += lines;
        start = BeginningOf(found >= 0 ? found : at);
    }

    // The first of some places in a block at which a line begins that fits, or a sign stands; -1 where there is none.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Find(LineStarts.Table table, int block, ulong beginnings, ulong signs)
    {
        for (ulong places = beginnings | signs; places != 0; places &= places - 1)
        {
            int place = block + BitOperations.TrailingZeroCount(places);
            if ((places & (0 - places) & signs) != 0 || (table.Fits(ref buffer[place]) && !IsRule(place)))
            {
                return place;
            }
        }

        return -1;
    }

    // Whether nothing but strokes stands up to the end of the line: such rules are as many as headings.
    private bool IsRule(int place)
    {
        if (buffer[place] != '-')
        {
            return false;
        }

        ReadOnlySpan<byte> text = buffer.AsSpan(place, end - place);
        int other = text.IndexOfAnyExcept((byte)'-');
        return other > 0 && text[other] == '\n';
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Where(ref byte block, byte wanted) => Vector512.IsHardwareAccelerated
        ? Vector512.Equals(Vector512.LoadUnsafe(ref block), Vector512.Create(wanted)).ExtractMostSignificantBits()
        : Vector256.Equals(Vector256.LoadUnsafe(ref block), Vector256.Create(wanted)).ExtractMostSignificantBits()
            | (ulong)Vector256.Equals(Vector256.LoadUnsafe(ref block, 32), Vector256.Create(wanted)).ExtractMostSignificantBits() << 32;

    // Of the line that a place, which was reached from the present one, lies in.
    private int BeginningOf(int place) => start + buffer.AsSpan(start, place - start).LastIndexOf((byte)'\n') + 1;

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
