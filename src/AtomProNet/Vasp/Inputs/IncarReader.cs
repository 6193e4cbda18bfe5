using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Files;

namespace AtomProNet.Vasp.Inputs;

/// <summary>
/// Reads an INCAR as VASP does (VASP manual, INCAR): <c>KEY = value</c>, several on a line with <c>;</c> between, comments after
/// <c>#</c> or <c>!</c>, a backslash at the end of a line that goes on, quoted text over several lines, and groups in braces (VASP 6).
/// Where a key stands twice VASP takes the first; so does this, and says so.
/// </summary>
public static partial class IncarReader
{
    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="findings">Where doubts go: keys that stand twice, lines that say nothing.</param>
    /// <exception cref="AtomProNetException">A quote or a brace is left open, or a name is none.</exception>
    public static Incar Read(string text, string? source = null, ICollection<Finding>? findings = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var incar = Incar.Empty;
        foreach (Statement statement in Split(text.TrimStart('\uFEFF').ReplaceLineEndings("\n"), source))
        {
            int equals = statement.Text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                findings?.Add(new(FindingSeverity.Warning, "IncarLineIgnored", $"The line {statement.Line} is no 'KEY = value': VASP passes it over, and so it is left out here: '{statement.Text}'.", source));
                continue;
            }

            string key = statement.Group + statement.Text[..equals].Trim();
            string value = statement.Text[(equals + 1)..].Trim();
            if (value.StartsWith('"') && value.EndsWith('"') && value.Length > 1)
            {
                // Quoted text keeps its quotes: it may hold what would be a comment without them.
                value = value.Replace("\n", " ", StringComparison.Ordinal);
            }

            if (value.Length == 0)
            {
                findings?.Add(new(FindingSeverity.Warning, "IncarValueMissing", $"'{key}' in line {statement.Line} has no value and is left out.", source));
                continue;
            }

            IncarValue parsed = IncarValue.Parse(value);
            if (parsed.Kind == IncarValueKind.Text && !IsText(key, value))
            {
                foreach (Match other in KeyWithEquals().Matches(value).Where(m => IncarTags.IsKnown(m.Groups[1].Value)))
                {
                    findings?.Add(new(FindingSeverity.Warning, "IncarKeyInValue", $"'{other.Groups[1].Value.ToUpperInvariant()}' in line {statement.Line} stands behind the value of '{key}', where VASP passes it over; a semicolon between them, or a line of its own, makes it a key.", source));
                }

                // VASP takes the numbers and truth values at the beginning: ISPIN = 2 spin polarised.
                parsed = IncarValue.ParseBeginning(value) ?? parsed;
            }

            try
            {
                if (incar[key] is { } first)
                {
                    if (!first.Equals(parsed))
                    {
                        findings?.Add(new(FindingSeverity.Warning, "IncarKeyTwice", $"'{key.ToUpperInvariant()}' stands twice with different values; VASP takes the first one ({first}), and so it is here.", source));
                    }

                    continue;
                }

                incar = incar.With(key, parsed);
            }
            catch (AtomProNetException e)
            {
                throw new AtomProNetException(e.Kind, e.ErrorId, e.Problem, source, statement.Line, e.Value, e.Remedy, e);
            }
        }

        return incar;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="AtomProNetException">The file is not there, or is no INCAR.</exception>
    public static Incar ReadFile(string path, ICollection<Finding>? findings = null)
    {
        if (!File.Exists(path))
        {
            throw new AtomProNetException(ErrorKind.NotFound, "IncarNotFound", "There is no such INCAR.", file: path, remedy: "Check the path.");
        }

        return Read(SharedFile.ReadAllText(path, Encoding.UTF8), path, findings);
    }

    private static IEnumerable<Statement> Split(string text, string? source)
    {
        var current = new StringBuilder();
        string group = "";
        bool quoted = false;
        int line = 1, startLine = 1;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : '\n';
            bool atEnd = i == text.Length;
            if (quoted && !atEnd)
            {
                current.Append(c);
                quoted = c != '"';
                line += c == '\n' ? 1 : 0;
                continue;
            }

            switch (c)
            {
                case '"' when !quoted:
                    quoted = true;
                    current.Append(c);
                    break;
                case '#' or '!':
                    while (i + 1 < text.Length && text[i + 1] != '\n')
                    {
                        i++;
                    }

                    break;
                case '\\' when text.AsSpan(i + 1).TrimStart(" \t").StartsWith("\n"):
                    i = text.IndexOf('\n', i);
                    line++;
                    current.Append(' ');
                    break;
                case '{':
                    if (group.Length > 0)
                    {
                        throw Open("A group in braces stands inside another.", line);
                    }

                    group = current.ToString().Trim() + "/";
                    current.Clear();
                    break;
                case ';' or '\n' or '}':
                    string statement = current.ToString().Trim();
                    if (statement.Length > 0)
                    {
                        yield return new(statement, startLine, group);
                    }

                    current.Clear();
                    line += c == '\n' ? 1 : 0;
                    startLine = line;
                    if (c == '}')
                    {
                        group = group.Length > 0 ? "" : throw Open("A brace is closed that was not opened.", line);
                    }

                    break;
                default:
                    if (current.Length == 0 && !char.IsWhiteSpace(c))
                    {
                        startLine = line;
                    }

                    current.Append(c);
                    break;
            }
        }

        if (quoted || group.Length > 0)
        {
            throw Open(quoted ? "A quote is left open at the end of the file." : "A brace is left open at the end of the file.", startLine);
        }

        AtomProNetException Open(string problem, int at) => new(ErrorKind.InvalidData, "IncarDamaged", problem, source, at);
    }

    /// <summary>Whether a value is text as a whole, whatever it begins with.</summary>
    private static bool IsText(string key, string value) =>
        key.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase) || key.Equals("LOCPROJ", StringComparison.OrdinalIgnoreCase) || value.StartsWith('"');

    [GeneratedRegex(@"(?<!\S)([A-Za-z][A-Za-z0-9_]*)\s*=", RegexOptions.CultureInvariant)]
    private static partial Regex KeyWithEquals();

    private readonly record struct Statement(string Text, int Line, string Group);
}
