using System.Collections;

namespace AtomProNet.Cli.Language;

/// <summary>
/// Reads what stands in parentheses, @(…) and @{…}: constants only. As in PowerShell, text must be quoted there, since a bare
/// word would be a command.
/// </summary>
internal sealed class ConstantParser(Scanner scanner)
{
    /// <summary>Reads (…); stands on the parenthesis.</summary>
    public object? ReadParenthesised()
    {
        var start = scanner.Position++;
        scanner.SkipBlanks(lineEnds: true);
        if (scanner.Current == ')')
        {
            throw scanner.Error("Nothing stands between the parentheses; an empty list is @()", start);
        }

        var value = ReadList();
        Close(')', start);
        return value;
    }

    /// <summary>Reads @(…); stands on the @.</summary>
    public object?[] ReadArray()
    {
        var start = scanner.Position;
        scanner.Position += 2;
        List<object?> items = [];
        while (true)
        {
            SkipSeparators();
            if (scanner.Current == ')' || scanner.AtEnd)
            {
                break;
            }

            var value = ReadList();
            if (value is object?[] list)
            {
                items.AddRange(list);
            }
            else
            {
                items.Add(value);
            }

            if (!AtSeparator() && scanner.Current != ')' && !scanner.AtEnd)
            {
                throw Unexpected();
            }
        }

        Close(')', start);
        return [.. items];
    }

    /// <summary>Reads @{key = value; …}; stands on the @.</summary>
    public Hashtable ReadTable()
    {
        var start = scanner.Position;
        scanner.Position += 2;
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            SkipSeparators();
            if (scanner.Current == '}' || scanner.AtEnd)
            {
                break;
            }

            var keyStart = scanner.Position;
            var key = ReadKey();
            scanner.SkipBlanks(lineEnds: false);
            if (scanner.Current != '=')
            {
                throw scanner.Error($"The entry '{key}' has no value: write @{{{key} = …}}", keyStart);
            }

            scanner.Position++;
            scanner.SkipBlanks(lineEnds: true);
            if (scanner.Current is ';' or '}')
            {
                throw scanner.Error($"A value is missing: write @{{{key} = …}}");
            }

            var value = ReadList();
            if (table.ContainsKey(key))
            {
                throw scanner.Error($"The key '{key}' stands there twice", keyStart);
            }

            table.Add(key, value);
            if (!AtSeparator() && scanner.Current != '}' && !scanner.AtEnd)
            {
                throw Unexpected();
            }
        }

        Close('}', start);
        return table;
    }

    /// <summary>Reads $true, $false or $null; stands on the $.</summary>
    public object? ReadNamedConstant()
    {
        var start = scanner.Position;
        var end = start + 1;
        while (end < scanner.Text.Length && (char.IsLetterOrDigit(scanner.Text[end]) || scanner.Text[end] is '_' or ':'))
        {
            end++;
        }

        object? value;
        switch (scanner.Text[(start + 1)..end].ToUpperInvariant())
        {
            case "TRUE":
                value = true;
                break;
            case "FALSE":
                value = false;
                break;
            case "NULL":
                value = null;
                break;
            default:
                scanner.RefuseVariable(start, "");
                throw scanner.Error("A $ alone is no value; put it in single quotes", start);
        }

        scanner.Position = end;
        return value;
    }

    /// <summary>One value, or several with commas between them.</summary>
    private object? ReadList()
    {
        if (scanner.Current == ',')
        {
            scanner.Position++;
            scanner.SkipBlanks(lineEnds: true);
            return (object?[])[ReadList()];
        }

        var first = ReadValue();
        scanner.SkipBlanks(lineEnds: false);
        if (scanner.Current != ',')
        {
            return first;
        }

        List<object?> items = [first];
        while (scanner.Current == ',')
        {
            scanner.Position++;
            scanner.SkipBlanks(lineEnds: true);
            items.Add(ReadValue());
            scanner.SkipBlanks(lineEnds: false);
        }

        return items.ToArray();
    }

    private object? ReadValue()
    {
        var c = scanner.Current;
        if (Scanner.IsSingleQuote(c) || Scanner.IsDoubleQuote(c))
        {
            return scanner.ReadQuoted();
        }

        switch (c)
        {
            case '(':
                return ReadParenthesised();
            case '@' when scanner.Ahead(1) == '(':
                return ReadArray();
            case '@' when scanner.Ahead(1) == '{':
                return ReadTable();
            case '$':
                return ReadNamedConstant();
            case '{':
                throw scanner.Error($"Script blocks are not known here: {SyntaxException.UsePowerShell}");
            case '[':
                throw scanner.Error($"Types and casts are not known here: {SyntaxException.UsePowerShell}");
        }

        return ReadNumber();
    }

    private object ReadNumber()
    {
        var start = scanner.Position;
        var end = start;
        var text = scanner.Text;
        if (end < text.Length && (Scanner.IsDash(text[end]) || text[end] == '+'))
        {
            end++;
        }

        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '_' || AtExponentSign()))
        {
            end++;
        }

        bool AtExponentSign() =>
            text[end] is '+' or '-' && end > start && text[end - 1] is 'e' or 'E' && NumberLiteral.Parse(text[start..(end - 1)]) is not null;

        var word = text[start..end];
        var number = word.Length == 0 ? null : NumberLiteral.Parse(Scanner.IsDash(word[0]) ? "-" + word[1..] : word);
        if (number is not null)
        {
            scanner.Position = end;
            return number;
        }

        if (word.Contains("..", StringComparison.Ordinal))
        {
            throw scanner.Error($"Ranges such as 1..10 are not known here: write the numbers out, or {SyntaxException.UsePowerShell}", start);
        }

        if (word.Length == 0)
        {
            throw Unexpected();
        }

        // Where a key follows a comma, somebody has put commas between the entries.
        var rest = text.AsSpan(end).TrimStart();
        throw scanner.Error(
            rest.Length > 0 && rest[0] == '=' ? "The entries of @{…} are separated by ; and not by commas"
            : rest.Length > 0 && rest[0] == '-' && char.IsUpper(word[0]) ? $"A command in parentheses is not known here: {SyntaxException.UsePowerShell}"
            : $"In parentheses and braces text must be quoted: '{word}'",
            start);
    }

    private string ReadKey()
    {
        if (Scanner.IsSingleQuote(scanner.Current) || Scanner.IsDoubleQuote(scanner.Current))
        {
            return scanner.ReadQuoted();
        }

        var start = scanner.Position;
        while (char.IsLetterOrDigit(scanner.Current) || scanner.Current is '_')
        {
            scanner.Position++;
        }

        return scanner.Position > start
            ? scanner.Text[start..scanner.Position]
            : throw scanner.Error("A key is expected here, as in @{ENCUT = 600}; put quotes around one with other characters than letters and digits");
    }

    private bool AtSeparator()
    {
        scanner.SkipBlanks(lineEnds: false);
        return scanner.Current is ';' or '\r' or '\n';
    }

    private void SkipSeparators()
    {
        scanner.SkipBlanks(lineEnds: true);
        while (scanner.Current == ';')
        {
            scanner.Position++;
            scanner.SkipBlanks(lineEnds: true);
        }
    }

    private void Close(char bracket, int start)
    {
        scanner.SkipBlanks(lineEnds: true);
        if (scanner.AtEnd)
        {
            throw scanner.Error($"A '{bracket}' is missing: what is opened here is not closed", start);
        }

        if (scanner.Current != bracket)
        {
            throw Unexpected();
        }

        scanner.Position++;
    }

    private SyntaxException Unexpected() => scanner.Current switch
    {
        '+' or '-' or '*' or '/' or '%' or '.' => scanner.Error($"Arithmetic is not known here: {SyntaxException.UsePowerShell}"),
        '|' => scanner.Error($"A pipeline in parentheses is not known here: {SyntaxException.UsePowerShell}"),
        ')' or '}' => scanner.Error($"This '{scanner.Current}' closes nothing"),
        _ when scanner.AtEnd => scanner.Error("A value is missing"),
        _ => scanner.Error("This cannot stand here: values are separated by commas"),
    };
}
