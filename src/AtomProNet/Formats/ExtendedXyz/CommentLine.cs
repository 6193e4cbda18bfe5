using System.Text;
using AtomProNet.Text;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>One <c>key=value</c> of the second line.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">long, double, bool, string, or an array (also of rank 2) of one of them.</param>
/// <param name="Text">A scalar as it stands in the file, without quotes.</param>
internal readonly record struct CommentEntry(string Key, object Value, string? Text);

/// <summary>
/// Reads the <c>key=value</c> pairs of the second line (extended XYZ specification, "key=value pairs"): bare and quoted words,
/// old arrays <c>"1 2 3"</c> and <c>{1 2 3}</c>, new arrays <c>[1, 2]</c> and <c>[[1, 2], [3, 4]]</c>.
/// </summary>
/// <remarks>
/// Beyond the specification, as ASE writes or reads it: a key without a value is true; a word in single quotes; bare lists <c>1,2,3</c>;
/// a bare value may hold <c>=</c> where no blank stands around the first one.
/// A quoted word with an escape in it is always text, so that the text 12 can be told from the number.
/// </remarks>
internal ref struct CommentLine(ReadOnlySpan<byte> line, string source, long lineNumber)
{
    private readonly ReadOnlySpan<byte> line = line;
    private readonly string source = source;
    private readonly long lineNumber = lineNumber;
    private int position;

    /// <summary>Whether a line has a key of that name, in whatever case, which tells extended XYZ from a remark in plain XYZ.</summary>
    public static bool Mentions(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key)
    {
        while (line.IndexOf((byte)'=') is >= 0 and int at)
        {
            ReadOnlySpan<byte> before = line[..at].TrimEnd("\" \t"u8);
            int start = before.Length - key.Length;
            if (start >= 0 && Ascii.EqualsIgnoreCase(before[start..], key) && (start == 0 || IsBlank(before[start - 1]) || before[start - 1] == '"'))
            {
                return true;
            }

            line = line[(at + 1)..];
        }

        return false;
    }

    /// <summary>Reads the next pair.</summary>
    /// <returns>False at the end of the line.</returns>
    /// <exception cref="AtomProNetException">The line breaks the format's rules.</exception>
    public bool TryRead(out CommentEntry entry)
    {
        SkipBlanks();
        entry = default;
        if (position == line.Length)
        {
            return false;
        }

        int start = position;
        string key = ReadKey();
        if (key.Length == 0)
        {
            throw Error("A key is missing before '='.", line[start..]);
        }

        int keyEnd = position;
        SkipBlanks();
        if (position == line.Length || line[position] != '=')
        {
            position = keyEnd;
            entry = new(key, true, "T");
            return true;
        }

        position++;
        int afterEquals = position;
        SkipBlanks();
        bool spaced = position > afterEquals || keyEnd < afterEquals - 1;
        if (position == line.Length)
        {
            throw Error($"The key '{key}' has no value behind its '='.", line[start..]);
        }

        int valueStart = position;
        entry = line[position] switch
        {
            (byte)'"' => Quoted(key, (byte)'"'),
            (byte)'\'' when HasClosing((byte)'\'') => Quoted(key, (byte)'\''),
            (byte)'{' => Braces(key),
            (byte)'[' => new(key, Brackets(), null),
            _ => Bare(key, spaced),
        };
        if (position < line.Length && !IsBlank(line[position]))
        {
            throw Error($"Something stands directly behind the value of '{key}'.", line[valueStart..]);
        }

        return true;
    }

    private string ReadKey()
    {
        if (line[position] == '"')
        {
            return Text(ReadQuoted((byte)'"', out _));
        }

        int start = position;
        while (position < line.Length && line[position] != '=' && !IsBlank(line[position]))
        {
            position++;
        }

        return Text(line[start..position]);
    }

    private CommentEntry Quoted(string key, byte quote)
    {
        ReadOnlySpan<byte> content = ReadQuoted(quote, out bool escaped);
        string text = Text(content);
        return !escaped && ValueParser.TryParseList(content, out object? value) ? new(key, value!, text) : new(key, text, text);
    }

    /// <summary>A bare word. Where blanks stand around '=', a further '=' means that a value is missing, not that it belongs to the word.</summary>
    private CommentEntry Bare(string key, bool spaced)
    {
        int start = position;
        bool escaped = false;
        while (position < line.Length && !IsBlank(line[position]))
        {
            if (line[position] == '"' || (line[position] == '=' && spaced))
            {
                throw Error($"The value of '{key}' holds a {(line[position] == '=' ? "'='" : "quote")} but is not quoted.", line[start..]);
            }

            if (line[position] == '\\' && position + 1 < line.Length && line[position + 1] is (byte)' ' or (byte)'\t' or (byte)'=' or (byte)'"' or (byte)',' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}' or (byte)'\\')
            {
                escaped = true;
                position++;
            }

            position++;
        }

        ReadOnlySpan<byte> word = line[start..position];
        if (escaped)
        {
            string unescaped = Text(Unescape(word));
            return new(key, unescaped, unescaped);
        }

        string text = Text(word);
        return ValueParser.TryParseList(word, out object? value) ? new(key, value!, text) : new(key, text, text);
    }

    /// <summary>An old array in braces, which may also hold words.</summary>
    private CommentEntry Braces(string key)
    {
        int start = ++position;
        List<Word> words = ReadWords((byte)'}');
        if (words.Count == 0)
        {
            throw Error($"The braces of '{key}' hold nothing.", line[(start - 1)..]);
        }

        object array = ToArray(words);
        // A single element is a scalar, as in files from before there were new arrays.
        return words.Count == 1 ? new(key, ((Array)array).GetValue(0)!, words[0].Text) : new(key, array, null);
    }

    /// <summary>A new array of one or two dimensions.</summary>
    private object Brackets()
    {
        int start = position++;
        SkipBlanks();
        if (position == line.Length || line[position] != '[')
        {
            List<Word> words = ReadWords((byte)']');
            return words.Count > 0 ? ToArray(words) : throw Error("An array holds nothing.", line[start..]);
        }

        var all = new List<Word>();
        int rows = 0, columns = 0;
        while (true)
        {
            position++; // the row's bracket
            List<Word> row = ReadWords((byte)']');
            columns = rows == 0 ? row.Count : columns;
            if (row.Count == 0 || row.Count != columns)
            {
                throw Error("The rows of a two-dimensional array must have the same number of elements.", line[start..]);
            }

            all.AddRange(row);
            rows++;
            SkipBlanks();
            if (position < line.Length && line[position] == ',')
            {
                position++;
                SkipBlanks();
            }

            if (position < line.Length && line[position] == '[')
            {
                continue;
            }

            if (position < line.Length && line[position] == ']' && line[position - 1] != ',')
            {
                position++;
                return ToMatrix(ToArray(all), rows, columns);
            }

            throw Error("A two-dimensional array is not closed.", line[start..]);
        }
    }

    /// <summary>The words of an array up to its closing bracket, which is passed over.</summary>
    private List<Word> ReadWords(byte closing)
    {
        int start = position;
        var words = new List<Word>();
        bool comma = false;
        while (true)
        {
            SkipBlanks();
            if (position == line.Length)
            {
                throw Error("An array is not closed.", line[Math.Max(0, start - 1)..]);
            }

            if (line[position] == closing)
            {
                position++;
                return comma ? throw Error("A comma stands before the end of an array.", line[(start - 1)..position]) : words;
            }

            if (line[position] == ',')
            {
                if (comma || words.Count == 0)
                {
                    throw Error("An element of an array is missing.", line[(start - 1)..]);
                }

                comma = true;
                position++;
                continue;
            }

            comma = false;
            if (line[position] == '"')
            {
                words.Add(new(Text(ReadQuoted((byte)'"', out _)), true));
                continue;
            }

            int wordStart = position;
            while (position < line.Length && !IsBlank(line[position]) && line[position] is not ((byte)',' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}' or (byte)'"' or (byte)'='))
            {
                position += line[position] == '\\' && position + 1 < line.Length ? 2 : 1;
            }

            ReadOnlySpan<byte> word = line[wordStart..position];
            words.Add(word.IsEmpty
                ? throw Error("An array holds a character that must be quoted.", line[wordStart..])
                : new(Text(word.Contains((byte)'\\') ? Unescape(word) : word), word.Contains((byte)'\\')));
        }
    }

    private ReadOnlySpan<byte> ReadQuoted(byte quote, out bool escaped)
    {
        int start = ++position;
        escaped = false;
        while (position < line.Length && line[position] != quote)
        {
            if (line[position] == '\\')
            {
                escaped = true;
                position++;
            }

            position++;
        }

        if (position >= line.Length)
        {
            position = line.Length;
            throw Error("A quote is not closed.", line[(start - 1)..]);
        }

        ReadOnlySpan<byte> content = line[start..position++];
        return escaped ? Unescape(content) : content;
    }

    private readonly bool HasClosing(byte quote) => line[(position + 1)..].Contains(quote);

    /// <summary>A backslash stands for the character behind it, \n for a line end.</summary>
    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        var result = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == '\\' && i + 1 < text.Length)
            {
                b = text[++i] == 'n' ? (byte)'\n' : text[i];
            }

            result[length++] = b;
        }

        return result[..length];
    }

    private static Array ToArray(List<Word> words)
    {
        if (words.TrueForAll(w => !w.IsQuoted))
        {
            if (TryAll(words, ValueParser.TryParseInteger, out long[] integers))
            {
                return integers;
            }

            if (TryAll(words, ValueParser.TryParseReal, out double[] reals))
            {
                return reals;
            }

            if (TryAll(words, ValueParser.TryParseLogical, out bool[] logicals))
            {
                return logicals;
            }
        }

        return words.ConvertAll(w => w.Text).ToArray();
    }

    private delegate bool TryParse<T>(ReadOnlySpan<byte> word, out T value);

    private static bool TryAll<T>(List<Word> words, TryParse<T> parse, out T[] values)
    {
        values = new T[words.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (!parse(Encoding.UTF8.GetBytes(words[i].Text), out values[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static Array ToMatrix(Array values, int rows, int columns)
    {
        Array matrix = Array.CreateInstance(values.GetType().GetElementType()!, rows, columns);
        for (int i = 0; i < values.Length; i++)
        {
            matrix.SetValue(values.GetValue(i), i / columns, i % columns);
        }

        return matrix;
    }

    private void SkipBlanks()
    {
        while (position < line.Length && IsBlank(line[position]))
        {
            position++;
        }
    }

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t';

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private readonly AtomProNetException Error(string problem, ReadOnlySpan<byte> value) =>
        new(ErrorKind.InvalidData, "ExtendedXyzCommentLine", problem, source, lineNumber, Utf8Fields.ToText(value), "The second line of a frame holds key=value pairs; quote values that hold blanks or any of = \" , [ ] { } \\.");

    private readonly record struct Word(string Text, bool IsQuoted);
}
