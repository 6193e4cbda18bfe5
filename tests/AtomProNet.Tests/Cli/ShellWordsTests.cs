using AtomProNet.Cli;
using AtomProNet.Cli.Language;

namespace AtomProNet.Tests.Cli;

public class ShellWordsTests
{
    [Theory]
    [InlineData("Get-MPStructure Al2O3 | New-StrainSeries -Range 0.1", "Get-MPStructure", "Al2O3", "|", "New-StrainSeries", "-Range", "0.1")]
    [InlineData("A ; B", "A", ";", "B")]
    [InlineData("A 'my file.txt'", "A", "my file.txt")]
    [InlineData("A 'it''s'", "A", "it's")]
    [InlineData("A 'a|b' 'c;d'", "A", "a|b", "c;d")]
    [InlineData("A mp-1,mp-2", "A", "mp-1,mp-2")]
    [InlineData("A (1,0,0),(0,1,0)", "A", "(1,0,0),(0,1,0)")]
    [InlineData("A @{ENCUT = 600; GGA = 'PE'}", "A", "@{ENCUT = 600; GGA = 'PE'}")]
    [InlineData("A -Confirm:$false $true", "A", "-Confirm:$false", "$true")]
    [InlineData("A '$HOME'", "A", "$HOME")]
    [InlineData("A -Path:'my file.txt'", "A", "-Path:my file.txt")]
    [InlineData("A ''", "A", "")]
    [InlineData("A 'Al(OH)3'", "A", "Al(OH)3")]
    [InlineData("A '# no comment'", "A", "# no comment")]
    public void Words_become_a_pipeline(string expected, params string[] words) => Assert.Equal(expected, ShellWords.ToPipeline(words));

    [Theory]
    [InlineData("my file (1).xyz")]
    [InlineData("a'b\"c`d$e")]
    [InlineData("{x}|y;z&w")]
    [InlineData("")]
    public void A_word_arrives_as_it_was(string word)
    {
        var command = Assert.Single(Assert.Single(PipelineParser.Parse(ShellWords.ToPipeline(["A", word]))).Commands);
        Assert.Equal(word, Word.Unwrap(Assert.Single(command.Arguments).Value));
    }
}
