using System.Collections;
using AtomProNet.Cli.Language;

namespace AtomProNet.Tests.Cli;

public class ParserTests
{
    [Fact]
    public void Reads_commands_names_values_and_pipes()
    {
        var pipeline = Assert.Single(PipelineParser.Parse("Get-MPStructure Al2O3 | New-StrainSeries -Range 0.1 -Flag | Out"));
        Assert.Equal(["Get-MPStructure", "New-StrainSeries", "Out"], pipeline.Commands.Select(command => command.Name));
        var arguments = pipeline.Commands[1].Arguments;
        Assert.Equal(["Range", null, "Flag"], arguments.Select(argument => argument.ParameterName));
        Assert.Equal(new Word("0.1", 0.1), arguments[1].Value);
    }

    [Theory]
    [InlineData("X 1", 1)]
    [InlineData("X -1", -1)]
    [InlineData("X -.5", "-.5")]
    [InlineData("X .5", 0.5)]
    [InlineData("X (-.5)", -0.5)]
    [InlineData("X 1e-5", 1e-5)]
    [InlineData("X -1.5E+3", -1500.0)]
    [InlineData("X 3000000000", 3000000000L)]
    [InlineData("X 10L", 10L)]
    [InlineData("X 0x1F", 31)]
    [InlineData("X 4GB", 4294967296L)]
    [InlineData("X 1.5kb", 1536.0)]
    [InlineData("X \u20130.1", -0.1)] // an en dash from a document
    [InlineData("X Al2O3", "Al2O3")]
    [InlineData("X 2x2x1", "2x2x1")]
    [InlineData("X 1e", "1e")]
    [InlineData("X mp-1143", "mp-1143")]
    [InlineData("X NaN", "NaN")]
    [InlineData("X .", ".")]
    [InlineData("X ./a", "./a")]
    [InlineData("X *.xyz", "*.xyz")]
    [InlineData("X [ab]?", "[ab]?")]
    [InlineData("X 'it''s'", "it's")]
    [InlineData("X \"a \"\"b\"\" `t `\"\"", "a \"b\" \t \"")]
    [InlineData("X \u201cquoted\u201d", "quoted")]
    [InlineData("X a' b'c", "a bc")]
    [InlineData("X a` b", "a b")]
    [InlineData("X a$", "a$")]
    [InlineData("X \"costs 5$\"", "costs 5$")]
    [InlineData("X a#b", "a#b")]
    [InlineData("X ''", "")]
    [InlineData("X $true", true)]
    [InlineData("X $FALSE", false)]
    [InlineData("X $null", null)]
    [InlineData("X (-2)", -2)]
    [InlineData("X ('a')", "a")]
    public void Reads_a_value(string text, object? expected) => Assert.Equal(expected, Word.Unwrap(Value(text)));

    [Theory]
    [InlineData("X 1,2,3")]
    [InlineData("X 1, 2 ,3")]
    [InlineData("X 1,\n2,3")]
    [InlineData("X (1,2,3)")]
    [InlineData("X ( 1 ,\n 2, 3 )")]
    [InlineData("X @(1,2,3)")]
    [InlineData("X @(1;2\n3)")]
    [InlineData("X @(1,2\n3)")]
    [InlineData("X -Y:1,2,3")]
    [InlineData("X -Y: 1,2,3")]
    public void Reads_a_list(string text) => Assert.Equal([1, 2, 3], Assert.IsType<object?[]>(Value(text)));

    [Theory]
    [InlineData("X ((1,0,-1),(0,1,0))")]
    [InlineData("X (1,0,-1),(0,1,0)")]
    [InlineData("X @((1,0,-1),(0,1,0))")]
    [InlineData("X @(@(1,0,-1),@(0,1,0))")]
    [InlineData("X @(\n (1,0,-1)\n ,(0,1,0))")]
    public void Reads_a_list_of_lists(string text)
    {
        if (text.Contains("\n ,", StringComparison.Ordinal))
        {
            // As in PowerShell, the second line starts a list of its own: a comma before one value.
            Assert.Equal(4, Assert.IsType<object?[]>(Value(text)).Length);
            return;
        }

        var rows = Assert.IsType<object?[]>(Value(text));
        Assert.Equal(2, rows.Length);
        Assert.Equal([1, 0, -1], Assert.IsType<object?[]>(rows[0]));
        Assert.Equal([0, 1, 0], Assert.IsType<object?[]>(rows[1]));
    }

    [Fact]
    public void Reads_one_row_with_a_comma_before_it()
    {
        var rows = Assert.IsType<object?[]>(Value("X (,(1,2))"));
        Assert.Equal([1, 2], Assert.IsType<object?[]>(Assert.Single(rows)));
    }

    [Fact]
    public void Reads_an_empty_list() => Assert.Empty(Assert.IsType<object?[]>(Value("X @()")));

    [Fact]
    public void Reads_a_table()
    {
        var table = Assert.IsType<Hashtable>(Value("X @{ENCUT=600; GGA = 'PE'\n LREAL=$false; EDIFF = 1e-6; MAGMOM=1,-1; U=@{Al=0}; 'a b'=1;}"));
        Assert.Equal(7, table.Count);
        Assert.Equal(600, table["encut"]);
        Assert.Equal("PE", table["GGA"]);
        Assert.Equal(false, table["LREAL"]);
        Assert.Equal(1e-6, table["EDIFF"]);
        Assert.Equal([1, -1], Assert.IsType<object?[]>(table["MAGMOM"]));
        Assert.Equal(0, Assert.IsType<Hashtable>(table["U"])["Al"]);
        Assert.Equal(1, table["a b"]);
    }

    [Theory]
    [InlineData("A;B", 2)]
    [InlineData("A\nB\r\n;;C", 3)]
    [InlineData("A |\n B\nC", 2)]
    [InlineData("A\n  | B # comment\n  | C\nD", 2)]
    [InlineData("A `\n -X 1", 1)]
    [InlineData("# only a comment", 0)]
    [InlineData("<# a\n block #> A", 1)]
    [InlineData("  ", 0)]
    public void Separates_statements(string text, int count) => Assert.Equal(count, PipelineParser.Parse(text).Count);

    [Theory]
    [InlineData("X $a", "use PowerShell")]
    [InlineData("$a = 1", "use PowerShell")]
    [InlineData("X \"$a\"", "use PowerShell")]
    [InlineData("X a$(b)", "use PowerShell")]
    [InlineData("X $env:HOME", "use PowerShell")]
    [InlineData("X { $_ }", "use PowerShell")]
    [InlineData("X (Get-Y)", "use PowerShell")]
    [InlineData("X (1+1)", "Arithmetic")]
    [InlineData("X (1..5)", "Ranges")]
    [InlineData("X ([int]1)", "casts")]
    [InlineData("X (A | B)", "quoted")]
    [InlineData("X @splat", "Splatting")]
    [InlineData("X > out.txt", "Redirection")]
    [InlineData("X 2>&1", "Redirection")]
    [InlineData("X && Y", "use PowerShell")]
    [InlineData("X || Y", "use PowerShell")]
    [InlineData("& X", "use PowerShell")]
    [InlineData("X @'\na\n'@", "Here-strings")]
    [InlineData("X 'a", "single quote is not closed")]
    [InlineData("X \"a", "double quote is not closed")]
    [InlineData("X 'a'b", "after the closing quote")]
    [InlineData("X (1,2", "not closed")]
    [InlineData("X @{A=1", "not closed")]
    [InlineData("X 1)", "closes nothing")]
    [InlineData("X }", "closes nothing")]
    [InlineData("X ()", "@()")]
    [InlineData("X (a,b)", "must be quoted")]
    [InlineData("X @{GGA=PE}", "must be quoted")]
    [InlineData("X @{A=1, B=2}", "separated by ;")]
    [InlineData("X @{A}", "has no value")]
    [InlineData("X @{A=}", "A value is missing")]
    [InlineData("X @{A=1;a=2}", "twice")]
    [InlineData("X -Range=0.1", "without the =")]
    [InlineData("X --json", "one dash")]
    [InlineData("--json X", "outside the pipeline")]
    [InlineData("X |", "missing after the |")]
    [InlineData("| X", "missing before the |")]
    [InlineData("X | ; Y", "missing after the |")]
    [InlineData("X 1,", "missing after the comma")]
    [InlineData("X ,1", "missing before the comma")]
    [InlineData("X -Y:", "missing after -Y:")]
    [InlineData("'Get-X' 1", "without quotes")]
    [InlineData("-Path a", "not with a parameter")]
    [InlineData("(1)", "name of a cmdlet")]
    public void Says_what_is_wrong(string text, string part)
    {
        var error = Assert.Throws<SyntaxException>(() => PipelineParser.Parse(text));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_it_is_wrong()
    {
        Assert.EndsWith("(character 5, at ''c d')", Assert.Throws<SyntaxException>(() => PipelineParser.Parse("A b 'c d")).Message, StringComparison.Ordinal);
        Assert.EndsWith("(line 2, character 3, at '$x')", Assert.Throws<SyntaxException>(() => PipelineParser.Parse("A\nB $x")).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is typed, the parser answers with statements or with its own error.</summary>
    [Fact]
    public void Never_throws_anything_else()
    {
        var random = new Random(1);
        const string Alphabet = "aZ-1.,;|'\"`$@{}() \n=#<>&:e+_%";
        for (var i = 0; i < 50_000; i++)
        {
            var text = string.Create(random.Next(1, 25), random, (span, r) =>
            {
                foreach (ref var c in span)
                {
                    c = Alphabet[r.Next(Alphabet.Length)];
                }
            });
            try
            {
                PipelineParser.Parse(text);
            }
            catch (SyntaxException)
            {
            }
        }
    }

    private static object? Value(string text)
    {
        var arguments = Assert.Single(Assert.Single(PipelineParser.Parse(text)).Commands).Arguments;
        return Assert.Single(arguments).Value;
    }
}
