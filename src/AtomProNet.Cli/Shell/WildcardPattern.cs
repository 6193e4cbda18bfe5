using System.Text;

namespace System.Management.Automation;

/// <summary>How a pattern is compared.</summary>
[Flags]
public enum WildcardOptions
{
    None = 0,
    Compiled = 1,
    IgnoreCase = 2,
    CultureInvariant = 4,
}

/// <summary>PowerShell's wildcards: * ? [abc] [a-z], and a backtick before a character that stands for itself.</summary>
public sealed class WildcardPattern
{
    private const char Escaper = '`';
    private readonly Element[] _elements;

    public WildcardPattern(string pattern, WildcardOptions options = WildcardOptions.None)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        _elements = Parse(pattern, (options & WildcardOptions.IgnoreCase) != 0);
    }

    public static WildcardPattern Get(string pattern, WildcardOptions options) => new(pattern, options);

    public static bool ContainsWildcardCharacters(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == Escaper)
            {
                i++;
            }
            else if (IsWildcard(pattern[i]))
            {
                return true;
            }
        }

        return false;
    }

    public static string Escape(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 4);
        foreach (var c in pattern)
        {
            if (IsWildcard(c) || c == Escaper)
            {
                text.Append(Escaper);
            }

            text.Append(c);
        }

        return text.ToString();
    }

    public static string Unescape(string pattern)
    {
        var text = new StringBuilder(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == Escaper && i + 1 < pattern.Length && (IsWildcard(pattern[i + 1]) || pattern[i + 1] == Escaper))
            {
                i++;
            }

            text.Append(pattern[i]);
        }

        return text.ToString();
    }

    public bool IsMatch(string? input)
    {
        if (input is null)
        {
            return false;
        }

        // The usual two-pointer walk: on a mismatch go back to the last star and let it take one character more.
        int text = 0, element = 0, star = -1, starText = 0;
        while (text < input.Length)
        {
            if (element < _elements.Length && _elements[element].IsStar)
            {
                star = element++;
                starText = text;
            }
            else if (element < _elements.Length && _elements[element].Matches(input[text]))
            {
                element++;
                text++;
            }
            else if (star >= 0)
            {
                element = star + 1;
                text = ++starText;
            }
            else
            {
                return false;
            }
        }

        while (element < _elements.Length && _elements[element].IsStar)
        {
            element++;
        }

        return element == _elements.Length;
    }

    private static bool IsWildcard(char c) => c is '*' or '?' or '[' or ']';

    private static Element[] Parse(string pattern, bool ignoreCase)
    {
        List<Element> elements = [];
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*':
                    elements.Add(new Element(null, IsStar: true, ignoreCase));
                    break;
                case '?':
                    elements.Add(new Element(null, IsStar: false, ignoreCase));
                    break;
                case '[':
                    elements.Add(new Element(ParseSet(pattern, ref i), IsStar: false, ignoreCase));
                    break;
                case Escaper when i + 1 < pattern.Length:
                    i++;
                    elements.Add(One(pattern[i], ignoreCase));
                    break;
                default:
                    elements.Add(One(pattern[i], ignoreCase));
                    break;
            }
        }

        return [.. elements];
    }

    private static Element One(char c, bool ignoreCase) => new([(c, c)], IsStar: false, ignoreCase);

    private static (char First, char Last)[] ParseSet(string pattern, ref int i)
    {
        var start = i;
        List<(char, char)> ranges = [];
        for (i++; i < pattern.Length; i++)
        {
            if (pattern[i] == ']' && ranges.Count > 0)
            {
                return [.. ranges];
            }

            var first = Next(pattern, ref i);
            if (i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']')
            {
                i += 2;
                ranges.Add((first, Next(pattern, ref i)));
            }
            else
            {
                ranges.Add((first, first));
            }
        }

        throw new RuntimeException($"The wildcard pattern '{pattern}' is not valid: the bracket at character {start + 1} is not closed. Put a backtick before a bracket that stands for itself.");
    }

    private static char Next(string pattern, ref int i)
    {
        if (pattern[i] == Escaper && i + 1 < pattern.Length)
        {
            i++;
        }

        return pattern[i];
    }

    /// <summary>A star, any character (no ranges), or one out of some ranges.</summary>
    private sealed record Element((char First, char Last)[]? Ranges, bool IsStar, bool IgnoreCase)
    {
        public bool Matches(char c)
        {
            if (Ranges is null)
            {
                return true;
            }

            foreach (var (first, last) in Ranges)
            {
                if ((c >= first && c <= last) || (IgnoreCase && (InRange(char.ToUpperInvariant(c)) || InRange(char.ToLowerInvariant(c)))))
                {
                    return true;
                }

                bool InRange(char x) => x >= first && x <= last;
            }

            return false;
        }
    }
}
