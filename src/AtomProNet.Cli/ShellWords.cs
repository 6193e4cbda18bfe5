using System.Text;

namespace AtomProNet.Cli;

/// <summary>
/// Makes a pipeline's text of words that a shell has already split. A word with blanks, quotes or other signs that mean something
/// in a pipeline was quoted by the user for the shell, so it is one text; lists, tables and constants stay what they are.
/// </summary>
internal static class ShellWords
{
    public static string ToPipeline(IReadOnlyList<string> words)
    {
        var text = new StringBuilder();
        var startsCommand = true;
        foreach (var word in words)
        {
            if (text.Length > 0)
            {
                text.Append(' ');
            }

            var isSeparator = word is "|" or ";";
            text.Append(isSeparator || startsCommand || IsSyntax(word) ? word : Quote(word));
            startsCommand = isSeparator;
        }

        return text.ToString();
    }

    private static bool IsSyntax(string word) =>
        word.Length > 0 && (word[0] == '(' || word.StartsWith(",(", StringComparison.Ordinal) || word.StartsWith("@(", StringComparison.Ordinal) || word.StartsWith("@{", StringComparison.Ordinal)
            || !word.Any(NeedsQuotes) || IsParameterWithConstant(word));

    private static bool NeedsQuotes(char c) =>
        char.IsWhiteSpace(c) || c is '|' or ';' or '&' or '(' or ')' or '{' or '}' or '\'' or '"' or '`' or '$' or '#' or '<' or '>';

    /// <summary>$true, -Confirm:$false and the like.</summary>
    private static bool IsParameterWithConstant(string word)
    {
        var value = word.StartsWith('-') && word.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? word[(colon + 1)..] : word;
        return value.StartsWith("@(", StringComparison.Ordinal) || value.StartsWith("@{", StringComparison.Ordinal) || value.StartsWith('(')
            || value.Equals("$true", StringComparison.OrdinalIgnoreCase)
            || value.Equals("$false", StringComparison.OrdinalIgnoreCase)
            || value.Equals("$null", StringComparison.OrdinalIgnoreCase);
    }

    private static string Quote(string word)
    {
        // -Name:some text keeps its name outside the quotes.
        var start = word.StartsWith('-') && word.Length > 1 && char.IsLetter(word[1]) && word.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? colon + 1 : 0;
        return word[..start] + "'" + word[start..].Replace("'", "''", StringComparison.Ordinal) + "'";
    }
}
