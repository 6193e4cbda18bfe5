using System.Text;

namespace AtomProNet.Shell;

/// <summary>Text on its way into a POSIX shell: the one place where it is quoted.</summary>
public static class PosixShell
{
    /// <summary>
    /// A word that <c>/bin/sh</c> (and bash, dash, zsh, ksh) takes as exactly this text: no expansion, no splitting, no option of the
    /// shell. Plain words stay as they are; everything else stands in single quotes, in which nothing is special but the quote itself
    /// (POSIX.1-2017, Shell Command Language, 2.2.2). The two halves of a DOS line break are kept apart by an empty pair of quotes, since sbatch
    /// refuses every script that holds one, wherever it stands.
    /// </summary>
    /// <param name="text">What the program shall get as one argument. A leading <c>-</c> is kept: whether the program takes it for an option is the program's business.</param>
    /// <exception cref="AtomProNetException">The text holds a NUL, which no argument can hold, or is no Unicode.</exception>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool plain = text.Length > 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\0')
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ShellTextHoldsNul", "The text holds a NUL character, which no command can be given.", value: text.Replace("\0", "\\0", StringComparison.Ordinal));
            }

            if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]))
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "ShellTextNotUnicode", "The text holds half of a character, which cannot be written as UTF-8.");
                }

                i++;
                plain = false;
                continue;
            }

            plain &= IsPlain(c, first: i == 0);
        }

        return plain ? text : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal).Replace("\r\n", "\r''\n", StringComparison.Ordinal) + "'";
    }

    /// <summary>Several words, quoted and separated by blanks.</summary>
    public static string Join(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var text = new StringBuilder();
        foreach (string word in words)
        {
            if (text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(Quote(word));
        }

        return text.ToString();
    }

    /// <summary>Characters without a meaning for any shell. A word such as <c>a=1</c> would be an assignment and ~x a home directory, so = and ~ are not among them.</summary>
    private static bool IsPlain(char c, bool first) =>
        char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '@' or ':' || (!first && c is '-' or '+' or ',');
}
