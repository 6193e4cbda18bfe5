namespace AtomProNet.Formats.Cif;

/// <summary>A data block: its single values and its loops, by data name.</summary>
internal sealed class CifBlock(string name, long line)
{
    private readonly Dictionary<string, CifColumn> columns = new(StringComparer.Ordinal);

    /// <summary>What stands behind <c>data_</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The line of <c>data_</c>.</summary>
    public long Line { get; } = line;

    /// <summary>The values of a data name, one or those of a loop; null where the block does not have it.</summary>
    public CifColumn? Find(params string[] names)
    {
        foreach (string candidate in names)
        {
            if (columns.TryGetValue(candidate, out CifColumn? column))
            {
                return column;
            }
        }

        return null;
    }

    /// <summary>The single value of the first of these names that has one other than <c>.</c> and <c>?</c>.</summary>
    public CifToken? Value(params string[] names)
    {
        foreach (string candidate in names)
        {
            if (columns.TryGetValue(candidate, out CifColumn? column) && column.Values.Count > 0 && !CifColumn.IsUnknown(column.Values[0]))
            {
                return column.Values[0];
            }
        }

        return null;
    }

    /// <summary>Reads all blocks of a file.</summary>
    public static List<CifBlock> ReadAll(ReadOnlySpan<byte> text, string source)
    {
        var lexer = new CifLexer(text, source);
        var blocks = new List<CifBlock>();
        CifToken token = lexer.Read();
        while (token.Kind != CifTokenKind.End)
        {
            if (token.Kind == CifTokenKind.Data)
            {
                blocks.Add(new(token.Text, token.Line));
                token = lexer.Read();
            }
            else if (blocks.Count == 0)
            {
                throw Syntax("Before the first 'data_' there may be nothing but remarks.", token, source, "This is no CIF, or its beginning is missing.");
            }
            else if (token.Kind == CifTokenKind.Loop)
            {
                token = ReadLoop(ref lexer, blocks[^1], source);
            }
            else if (token.Kind == CifTokenKind.Name)
            {
                CifToken value = lexer.Read();
                if (value.Kind != CifTokenKind.Value)
                {
                    throw Syntax($"The data name {token.Text} has no value.", token, source, "Write ? where it is not known.");
                }

                blocks[^1].Add(new(token.Text, [value]), token, source);
                token = lexer.Read();
            }
            else
            {
                throw Syntax("A data name is expected here.", token, source, "Quote values that hold blanks; the file may be damaged.");
            }
        }

        return blocks;
    }

    private static CifToken ReadLoop(ref CifLexer lexer, CifBlock block, string source)
    {
        var names = new List<CifToken>();
        CifToken token = lexer.Read();
        for (; token.Kind == CifTokenKind.Name; token = lexer.Read())
        {
            names.Add(token);
        }

        var loop = names.ConvertAll(n => new CifColumn(n.Text, []));
        int count = 0;
        for (; token.Kind == CifTokenKind.Value; token = lexer.Read())
        {
            if (names.Count == 0)
            {
                throw Syntax("A loop has no data names.", token, source, "The file may be damaged.");
            }

            loop[count++ % names.Count].Values.Add(token);
        }

        if (names.Count == 0 || count == 0 || count % names.Count != 0)
        {
            throw Syntax(names.Count == 0 || count == 0 ? "A loop is empty." : FormattableString.Invariant($"A loop of {names.Count} data names has {count} values: the last row is not whole."), token, source, "The file is cut, or a value with blanks is not quoted.");
        }

        for (int i = 0; i < names.Count; i++)
        {
            block.Add(loop[i], names[i], source);
        }

        return token;
    }

    private void Add(CifColumn column, CifToken token, string source)
    {
        if (!columns.TryAdd(column.Name, column))
        {
            throw Syntax($"The data name {column.Name} stands twice in the block '{Name}'.", token, source, "Take one of them out.");
        }
    }

    private static AtomProNetException Syntax(string problem, CifToken token, string source, string remedy) =>
        new(ErrorKind.InvalidData, "CifSyntax", problem, source, token.Line, token.Kind == CifTokenKind.End ? null : token.Text, remedy);
}

/// <summary>The values of one data name.</summary>
/// <param name="Name">The data name, in lower case.</param>
/// <param name="Values">One value, or those of a loop.</param>
internal sealed record CifColumn(string Name, List<CifToken> Values)
{
    /// <summary>Whether a value is <c>.</c> (does not apply) or <c>?</c> (not known).</summary>
    public static bool IsUnknown(CifToken token) => !token.IsQuoted && token.Text is "." or "?";
}
