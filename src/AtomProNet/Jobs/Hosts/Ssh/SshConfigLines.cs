using System.Collections.Immutable;
using System.Text;

namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>One setting of a configuration file, with the conditions that it stands under.</summary>
/// <param name="Keyword">The keyword, in lower case.</param>
/// <param name="Arguments">What stands behind it.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The line, counted from 1.</param>
internal sealed record SshConfigLine(string Keyword, ImmutableArray<string> Arguments, string File, int Line)
{
    /// <summary>All arguments as one, for keywords that take the rest of the line.</summary>
    public string Text => string.Join(' ', Arguments);
}

/// <summary>Reads the lines of OpenSSH's client configuration (ssh_config(5); readconf.c, misc.c of OpenSSH 9): one keyword each, blanks or <c>=</c>, quotes, comments.</summary>
internal static class SshConfigLines
{
    /// <summary>The lines of a file; none where it is not there.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isUsers">Whether it is the user's own, which nobody else may write to.</param>
    /// <exception cref="AtomProNetException">It cannot be read, or others can write to it.</exception>
    internal static IEnumerable<SshConfigLine> Read(string file, bool isUsers)
    {
        string[] lines;
        try
        {
            if (!File.Exists(file))
            {
                yield break;
            }

            if (isUsers && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            {
                throw new AtomProNetException(ErrorKind.PermissionDenied, "SshConfigWritable", "Others can write to the SSH configuration.", file, remedy: "Take that right away (chmod go-w).");
            }

            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtomProNetException(ErrorKind.PermissionDenied, "SshConfigUnreadable", e.Message, file, inner: e);
        }

        for (int i = 0; i < lines.Length; i++)
        {
            if (Parse(lines[i], file, i + 1) is { } line)
            {
                yield return line;
            }
        }
    }

    private static SshConfigLine? Parse(string text, string file, int number)
    {
        string line = text.Trim(' ', '\t', '\r', '\f');
        if (line.Length == 0 || line[0] == '#')
        {
            return null;
        }

        int end = line.AsSpan().IndexOfAny(" \t=");
        string keyword = (end < 0 ? line : line[..end]).Trim('"').ToLowerInvariant();
        string rest = end < 0 ? "" : line[end..].TrimStart(' ', '\t');
        if (rest.StartsWith('='))
        {
            rest = rest[1..];
        }

        return new(keyword, Split(rest, file, number), file, number);
    }

    private static ImmutableArray<string> Split(string text, string file, int number)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        int i = 0;
        while (true)
        {
            while (i < text.Length && text[i] is ' ' or '\t')
            {
                i++;
            }

            // A comment ends the line where a word could begin.
            if (i == text.Length || text[i] == '#')
            {
                return words.ToImmutable();
            }

            var word = new StringBuilder();
            char quote = '\0';
            for (; i < text.Length && (quote != '\0' || text[i] is not (' ' or '\t')); i++)
            {
                char c = text[i];
                if (c == '\\' && i + 1 < text.Length && (text[i + 1] is '\'' or '"' or '\\' || (quote == '\0' && text[i + 1] == ' ')))
                {
                    word.Append(text[++i]);
                }
                else if (quote == '\0' && c is '"' or '\'')
                {
                    quote = c;
                }
                else if (quote != '\0' && c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(c);
                }
            }

            if (quote != '\0')
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "SshConfigInvalid", "A quote is not closed.", file, number, remedy: "Mend the line.");
            }

            words.Add(word.ToString());
        }
    }
}
