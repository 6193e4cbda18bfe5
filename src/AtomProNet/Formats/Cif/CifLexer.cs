using AtomProNet.Text;

namespace AtomProNet.Formats.Cif;

/// <summary>What a word of a CIF is.</summary>
internal enum CifTokenKind
{
    /// <summary>The end of the file.</summary>
    End,
    /// <summary><c>data_name</c>; the text is the name.</summary>
    Data,
    /// <summary><c>loop_</c>.</summary>
    Loop,
    /// <summary>A data name, such as <c>_cell_length_a</c>, in lower case.</summary>
    Name,
    /// <summary>A value.</summary>
    Value,
    /// <summary><c>save_…</c>, <c>global_</c> or <c>stop_</c>, which have no place in a crystal's file.</summary>
    Reserved,
}

/// <summary>A word of a CIF.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text, without quotes.</param>
/// <param name="Line">The line it begins on.</param>
/// <param name="IsQuoted">Whether it was quoted, so that <c>'.'</c> and <c>'?'</c> are text.</param>
internal readonly record struct CifToken(CifTokenKind Kind, string Text, long Line, bool IsQuoted);

/// <summary>
/// Splits a CIF into words (CIF 1.1 syntax, Hall, Allen and Brown, Acta Cryst. A 47, 655 (1991)): quotes end only before a
/// blank, text fields stand between lines that begin with a semicolon, remarks begin with # at the beginning of a word.
/// </summary>
internal ref struct CifLexer
{
    private readonly string source;
    private Utf8Lines lines;
    private ReadOnlySpan<byte> line;
    private int position;
    private bool atEnd;

    public CifLexer(ReadOnlySpan<byte> text, string source)
    {
        this.source = source;
        lines = new Utf8Lines(text);
        NextLine();
    }

    /// <summary>The next word.</summary>
    public CifToken Read()
    {
        while (true)
        {
            while (position < line.Length && IsBlank(line[position]))
            {
                position++;
            }

            if (atEnd)
            {
                return new(CifTokenKind.End, "", lines.LineNumber, false);
            }

            if (position < line.Length && line[position] != '#')
            {
                break;
            }

            NextLine();
        }

        byte first = line[position];
        if (first == ';' && position == 0)
        {
            return ReadTextField();
        }

        return first is (byte)'\'' or (byte)'"' ? ReadQuoted(first) : ReadBare();
    }

    private CifToken ReadBare()
    {
        int start = position;
        while (position < line.Length && !IsBlank(line[position]))
        {
            position++;
        }

        string text = Utf8Fields.ToText(line[start..position]);
        if (text[0] == '_')
        {
            // Newer dictionaries put a point between category and item.
            return new(CifTokenKind.Name, text.ToLowerInvariant().Replace('.', '_'), lines.LineNumber, false);
        }

        bool Is(string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
        bool Begins(string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);
        return Is("loop_") ? new(CifTokenKind.Loop, text, lines.LineNumber, false)
            : Begins("data_") ? new(CifTokenKind.Data, text[5..], lines.LineNumber, false)
            : Begins("save_") || Is("global_") || Is("stop_") ? new(CifTokenKind.Reserved, text, lines.LineNumber, false)
            : new(CifTokenKind.Value, text, lines.LineNumber, false);
    }

    private CifToken ReadQuoted(byte quote)
    {
        int start = ++position;
        while (position < line.Length && !(line[position] == quote && (position + 1 == line.Length || IsBlank(line[position + 1]))))
        {
            position++;
        }

        if (position == line.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "CifSyntax", "A quote is not closed on its line.", source, lines.LineNumber, Utf8Fields.ToText(line), "Close it, or put a longer text between lines that begin with a semicolon.");
        }

        return new(CifTokenKind.Value, Utf8Fields.ToText(line[start..position++]), lines.LineNumber, true);
    }

    private CifToken ReadTextField()
    {
        long begin = lines.LineNumber;
        var text = new System.Text.StringBuilder(Utf8Fields.ToText(line[1..]));
        while (true)
        {
            NextLine();
            if (atEnd)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "CifSyntax", "The file ends within a text field.", source, begin, remedy: "The file is cut, or the line with the closing semicolon is missing.");
            }

            if (line.Length > 0 && line[0] == ';')
            {
                position = 1;
                return new(CifTokenKind.Value, text.ToString(), begin, true);
            }

            text.Append('\n').Append(Utf8Fields.ToText(line));
        }
    }

    private void NextLine()
    {
        position = 0;
        atEnd = !lines.TryRead(out line);
    }

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\v' or (byte)'\f';
}
