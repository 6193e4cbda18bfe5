using System.Text;

namespace AtomProNet.Cli.Language;

/// <summary>Walks over the characters: blanks, comments, quoted text, words. It knows no grammar.</summary>
internal sealed class Scanner(string text)
{
    private const char End = '\0';

    public string Text { get; } = text;

    public int Position { get; set; }

    public bool AtEnd => Position >= Text.Length;

    public char Current => Ahead(0);

    public char Ahead(int count) => Position + count < Text.Length ? Text[Position + count] : End;

    public SyntaxException Error(string problem, int? position = null) => new(problem, Text, position ?? Position);

    /// <summary>Text pasted from a document may carry typographic dashes and quotes; PowerShell takes them, too.</summary>
    public static bool IsDash(char c) => c is '-' or '\u2013' or '\u2014' or '\u2015';

    public static bool IsSingleQuote(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b';

    public static bool IsDoubleQuote(char c) => c is '"' or '\u201c' or '\u201d' or '\u201e';

    public static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    /// <summary>Skips blanks, comments and escaped line ends; line ends too where they mean nothing.</summary>
    public void SkipBlanks(bool lineEnds)
    {
        while (!AtEnd)
        {
            var c = Current;
            if (c == '`' && Ahead(1) is '\r' or '\n')
            {
                Position += Ahead(1) == '\r' && Ahead(2) == '\n' ? 3 : 2;
            }
            else if (c is '\r' or '\n' ? lineEnds : char.IsWhiteSpace(c))
            {
                Position++;
            }
            else if (c == '#')
            {
                while (!AtEnd && Current is not ('\r' or '\n'))
                {
                    Position++;
                }
            }
            else if (c == '<' && Ahead(1) == '#')
            {
                var end = Text.IndexOf("#>", Position + 2, StringComparison.Ordinal);
                Position = end < 0 ? throw Error("The comment that starts with <# is not closed") : end + 2;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Reads a text in single or double quotes; stands on the opening quote.</summary>
    public string ReadQuoted()
    {
        var start = Position;
        var result = new StringBuilder();
        var isDouble = IsDoubleQuote(Text[Position++]);
        while (true)
        {
            if (AtEnd)
            {
                throw Error($"The {(isDouble ? "double" : "single")} quote is not closed", start);
            }

            var c = Text[Position++];
            if (isDouble ? IsDoubleQuote(c) : IsSingleQuote(c))
            {
                // A quote written twice stands for itself.
                if (AtEnd || !(isDouble ? IsDoubleQuote(Current) : IsSingleQuote(Current)))
                {
                    return result.ToString();
                }

                Position++;
                result.Append(c);
            }
            else if (isDouble && c == '`' && !AtEnd)
            {
                result.Append(Escaped(Text[Position++]));
            }
            else
            {
                if (isDouble && c == '$')
                {
                    RefuseVariable(Position - 1, " Write the text in single quotes where the $ stands for itself");
                }

                result.Append(c);
            }
        }
    }

    /// <summary>Reads a word up to a blank or a character that ends it; quoted parts may be inside.</summary>
    public string ReadWord(out bool isPlain)
    {
        isPlain = true;
        var result = new StringBuilder();
        while (!AtEnd && !EndsWord(Current))
        {
            var c = Current;
            if (IsSingleQuote(c) || IsDoubleQuote(c))
            {
                isPlain = false;
                result.Append(ReadQuoted());
            }
            else if (c == '`' && Position + 1 < Text.Length)
            {
                isPlain = false;
                result.Append(Escaped(Ahead(1)));
                Position += 2;
            }
            else
            {
                if (c == '$')
                {
                    RefuseVariable(Position, "");
                }

                result.Append(c);
                Position++;
            }
        }

        return result.ToString();
    }

    public static bool EndsWord(char c) => c is End or '|' or ';' or '&' or '(' or ')' or '{' or '}' or ',' || char.IsWhiteSpace(c);

    /// <summary>A $ that starts a variable or a subexpression is refused; alone it stands for itself.</summary>
    public void RefuseVariable(int position, string advice)
    {
        var next = position + 1 < Text.Length ? Text[position + 1] : End;
        if (IsNameStart(next) || next is '{' or '(' or '$' or '?' or '^')
        {
            throw Error($"Variables are not known here: {SyntaxException.UsePowerShell}.{advice}", position);
        }
    }

    private static char Escaped(char c) => c switch
    {
        '0' => '\0',
        'a' => '\a',
        'b' => '\b',
        'e' => '\u001b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        _ => c,
    };
}
