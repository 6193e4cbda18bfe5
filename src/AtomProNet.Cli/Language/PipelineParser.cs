namespace AtomProNet.Cli.Language;

/// <summary>
/// Reads pipelines as PowerShell would, as far as they consist of commands and constants; anything more is refused with a word
/// on what to use instead.
/// </summary>
internal sealed class PipelineParser
{
    private readonly Scanner _scanner;
    private readonly ConstantParser _constants;

    private PipelineParser(string text)
    {
        _scanner = new Scanner(text);
        _constants = new ConstantParser(_scanner);
    }

    /// <summary>The statements of a text, which a semicolon or a line end separates.</summary>
    /// <exception cref="SyntaxException">The text is no such thing; nothing of it should run.</exception>
    public static IReadOnlyList<Pipeline> Parse(string text) => new PipelineParser(text).ReadStatements();

    private List<Pipeline> ReadStatements()
    {
        List<Pipeline> statements = [];
        while (true)
        {
            _scanner.SkipBlanks(lineEnds: true);
            if (_scanner.Current == ';')
            {
                _scanner.Position++;
            }
            else if (_scanner.AtEnd)
            {
                return statements;
            }
            else
            {
                statements.Add(ReadPipeline());
            }
        }
    }

    private Pipeline ReadPipeline()
    {
        List<CommandCall> commands = [ReadCommand()];
        while (AtPipe())
        {
            var pipe = _scanner.Position++;
            if (_scanner.Current == '|')
            {
                throw _scanner.Error($"|| is not known here: {SyntaxException.UsePowerShell}", pipe);
            }

            _scanner.SkipBlanks(lineEnds: true);
            if (_scanner.AtEnd || _scanner.Current is '|' or ';')
            {
                throw _scanner.Error("A command is missing after the |", pipe);
            }

            commands.Add(ReadCommand());
        }

        return new Pipeline(commands);
    }

    /// <summary>A pipe may also stand at the start of the next line.</summary>
    private bool AtPipe()
    {
        _scanner.SkipBlanks(lineEnds: false);
        if (_scanner.Current is '\r' or '\n')
        {
            var lineEnd = _scanner.Position;
            _scanner.SkipBlanks(lineEnds: true);
            if (_scanner.Current != '|')
            {
                _scanner.Position = lineEnd;
            }
        }

        return _scanner.Current == '|';
    }

    private CommandCall ReadCommand()
    {
        var start = _scanner.Position;
        var name = ReadCommandName();
        List<Argument> arguments = [];
        while (true)
        {
            _scanner.SkipBlanks(lineEnds: false);
            if (_scanner.AtEnd || _scanner.Current is '|' or ';' or '\r' or '\n')
            {
                return new CommandCall(name, start, arguments);
            }

            arguments.Add(AtParameter() ? ReadParameter() : new Argument(null, true, ReadValues(), _scanner.Position));
        }
    }

    private string ReadCommandName()
    {
        var start = _scanner.Position;
        switch (_scanner.Current)
        {
            case '|':
                throw _scanner.Error("A command is missing before the |");
            case '$':
                _scanner.RefuseVariable(start, "");
                break;
            case '&':
                throw _scanner.Error($"The call operator & is not known here: {SyntaxException.UsePowerShell}");
            case '{' or '}' or '(' or ')' or '[' or '@' or ',':
                throw _scanner.Error($"A statement starts with the name of a cmdlet; for expressions {SyntaxException.UsePowerShell}");
        }

        if (Scanner.IsDash(_scanner.Current))
        {
            throw _scanner.Error(_scanner.Text[_scanner.Position..].StartsWith("--", StringComparison.Ordinal)
                ? "Options such as --json stand outside the pipeline's text, as a word of their own"
                : "A statement starts with the name of a cmdlet, not with a parameter");
        }

        if (Scanner.IsSingleQuote(_scanner.Current) || Scanner.IsDoubleQuote(_scanner.Current))
        {
            throw _scanner.Error("A statement starts with the name of a cmdlet, without quotes");
        }

        return _scanner.ReadWord(out _);
    }

    private bool AtParameter() =>
        Scanner.IsDash(_scanner.Current) && (Scanner.IsNameStart(_scanner.Ahead(1)) || Scanner.IsDash(_scanner.Ahead(1)));

    private Argument ReadParameter()
    {
        var start = _scanner.Position++;
        if (Scanner.IsDash(_scanner.Current))
        {
            throw _scanner.Error("Parameters have one dash; options such as --json stand outside the pipeline's text, as a word of their own", start);
        }

        var nameStart = _scanner.Position;
        while (char.IsLetterOrDigit(_scanner.Current) || _scanner.Current is '_')
        {
            _scanner.Position++;
        }

        var name = _scanner.Text[nameStart.._scanner.Position];
        if (_scanner.Current == ':')
        {
            _scanner.Position++;
            _scanner.SkipBlanks(lineEnds: false);
            return _scanner.AtEnd || _scanner.Current is '|' or ';' or '\r' or '\n'
                ? throw _scanner.Error($"A value is missing after -{name}:")
                : new Argument(name, true, ReadValues(), start);
        }

        if (!_scanner.AtEnd && !Scanner.EndsWord(_scanner.Current))
        {
            throw _scanner.Error(_scanner.Current == '='
                ? $"Write -{name} value or -{name}:value, without the ="
                : $"A blank is missing after -{name}");
        }

        return new Argument(name, false, null, start);
    }

    /// <summary>One value, or several with commas between them.</summary>
    private object? ReadValues()
    {
        var first = ReadValue(mayBeDashed: false);
        if (!AtComma())
        {
            return first;
        }

        List<object?> items = [Word.Unwrap(first)];
        do
        {
            _scanner.Position++;
            _scanner.SkipBlanks(lineEnds: true);
            if (_scanner.AtEnd)
            {
                throw _scanner.Error("A value is missing after the comma");
            }

            items.Add(Word.Unwrap(ReadValue(mayBeDashed: true)));
        }
        while (AtComma());
        return items.ToArray();
    }

    private bool AtComma()
    {
        var position = _scanner.Position;
        _scanner.SkipBlanks(lineEnds: false);
        if (_scanner.Current == ',')
        {
            return true;
        }

        _scanner.Position = position;
        return false;
    }

    private object? ReadValue(bool mayBeDashed)
    {
        var c = _scanner.Current;
        if (Scanner.IsSingleQuote(c) || Scanner.IsDoubleQuote(c))
        {
            var text = _scanner.ReadQuoted();
            return _scanner.AtEnd || Scanner.EndsWord(_scanner.Current)
                ? text
                : throw _scanner.Error("Text goes on after the closing quote: a blank or a comma is missing, or a quote inside must be written twice");
        }

        switch (c)
        {
            case '(':
                return _constants.ReadParenthesised();
            case '@' when _scanner.Ahead(1) == '(':
                return _constants.ReadArray();
            case '@' when _scanner.Ahead(1) == '{':
                return _constants.ReadTable();
            case '@' when Scanner.IsSingleQuote(_scanner.Ahead(1)) || Scanner.IsDoubleQuote(_scanner.Ahead(1)):
                throw _scanner.Error($"Here-strings are not known here: {SyntaxException.UsePowerShell}");
            case '@' when Scanner.IsNameStart(_scanner.Ahead(1)):
                throw _scanner.Error($"Splatting is not known here: {SyntaxException.UsePowerShell}");
            case '$':
                return _constants.ReadNamedConstant();
            case '{':
                throw _scanner.Error($"Script blocks are not known here: {SyntaxException.UsePowerShell}");
            case '&':
                throw _scanner.Error($"& is not known here: {SyntaxException.UsePowerShell}");
            case ')' or '}':
                throw _scanner.Error($"This '{c}' closes nothing");
            case ',':
                throw _scanner.Error("A value is missing before the comma");
            case '>' or '<':
                throw Redirection();
            case '|' or ';' or '\r' or '\n':
                throw _scanner.Error("A value is missing");
        }

        return ReadWord(mayBeDashed);
    }

    private Word ReadWord(bool mayBeDashed)
    {
        var start = _scanner.Position;
        if (Scanner.IsDash(_scanner.Current) && !mayBeDashed && _scanner.Ahead(1) is not ('.' or (>= '0' and <= '9')))
        {
            throw _scanner.Error("A lone dash is no value; put it in quotes");
        }

        var text = _scanner.ReadWord(out var isPlain);
        if (isPlain && text.Length > 1 && text[^1] == '>' && text[..^1].TrimEnd('>') is "1" or "2" or "3" or "4" or "5" or "6" or "*")
        {
            _scanner.Position = start;
            throw Redirection();
        }

        // PowerShell takes -.5 for text here; a parameter that wants a number converts it all the same.
        var number = !isPlain || (text.Length > 1 && text[1] == '.' && Scanner.IsDash(text[0])) ? null : NumberLiteral.Parse(Scanner.IsDash(text[0]) ? "-" + text[1..] : text);
        return new Word(text, number);
    }

    private SyntaxException Redirection() =>
        _scanner.Error("Redirection is not known here: redirect the whole command outside the pipeline's text, or " + SyntaxException.UsePowerShell);
}
