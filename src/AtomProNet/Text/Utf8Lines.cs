namespace AtomProNet.Text;

/// <summary>Walks over the lines of a text in memory without copying it. LF and CRLF both end a line; a last line may stand without an end.</summary>
/// <param name="text">The text; a UTF-8 byte order mark at its beginning is skipped.</param>
public ref struct Utf8Lines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> rest = text.StartsWith("\uFEFF"u8) ? text[3..] : text;

    /// <summary>The number of the line that was read last, counted from 1; 0 before the first.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Whether the line that was read last had an end. A last line without one may have been cut.</summary>
    public bool LineIsTerminated { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public readonly int RemainingBytes => rest.Length;

    /// <summary>Reads the next line, without its end.</summary>
    /// <returns>False at the end of the text.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        if (rest.IsEmpty)
        {
            line = default;
            return false;
        }

        LineNumber++;
        int end = rest.IndexOf((byte)'\n');
        LineIsTerminated = end >= 0;
        line = end >= 0 ? rest[..end] : rest;
        rest = end >= 0 ? rest[(end + 1)..] : default;
        if (line.Length > 0 && line[^1] == '\r')
        {
            line = line[..^1];
        }

        return true;
    }
}
