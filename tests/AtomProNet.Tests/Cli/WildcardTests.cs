using System.Management.Automation;
using AtomProNet.Cli;

namespace AtomProNet.Tests.Cli;

public sealed class WildcardTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atompronet-").FullName;

    public WildcardTests()
    {
        foreach (var file in new[] { "a.xyz", "b.xyz", "c[1].xyz", "run1/OUTCAR", "run2/OUTCAR", "run10/OUTCAR", "run2/CONTCAR" })
        {
            var path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("*", "abc", true)]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*c", "abbbd", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("[ab]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[a-c]x", "cx", true)]
    [InlineData("a`*", "a*", true)]
    [InlineData("a`*", "ab", false)]
    [InlineData("*.XYZ", "a.xyz", true)]
    [InlineData("*a*b*c*", "xxaxxbxxcxx", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    public void Matches_as_PowerShell_does(string pattern, string text, bool expected) =>
        Assert.Equal(expected, new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(text));

    [Fact]
    public void Case_counts_where_it_is_not_ignored() => Assert.False(new WildcardPattern("A*").IsMatch("abc"));

    [Theory]
    [InlineData("a[b]*?")]
    [InlineData("plain")]
    [InlineData("tick`s")]
    public void Escape_and_unescape_undo_each_other(string text)
    {
        Assert.Equal(text, WildcardPattern.Unescape(WildcardPattern.Escape(text)));
        Assert.True(new WildcardPattern(WildcardPattern.Escape(text)).IsMatch(text));
        Assert.False(WildcardPattern.ContainsWildcardCharacters(WildcardPattern.Escape(text)));
    }

    [Theory]
    [InlineData("*.xyz", "a.xyz", "b.xyz", "c[1].xyz")]
    [InlineData("[ab].xyz", "a.xyz", "b.xyz")]
    [InlineData("c`[1`].xyz", "c[1].xyz")]
    [InlineData("run*/OUTCAR", "run1/OUTCAR", "run10/OUTCAR", "run2/OUTCAR")]
    [InlineData("run?/*CAR", "run1/OUTCAR", "run2/CONTCAR", "run2/OUTCAR")]
    [InlineData("./run1/../a.xyz", "a.xyz")]
    [InlineData("RUN1*/OUTCAR", "run1/OUTCAR", "run10/OUTCAR")]
    [InlineData("nothing*")]
    [InlineData("run1\\OUTCAR", "run1/OUTCAR")]
    public void Expands_paths_from_the_sessions_location(string pattern, params string[] expected)
    {
        var result = Run($"Resolve-Fake '{pattern}'");
        Assert.Empty(result.Errors);
        Assert.Equal(expected.Select(Full), result.Output);
    }

    [Fact]
    public void A_path_without_wildcards_must_lead_somewhere()
    {
        var error = Assert.Single(Run("Resolve-Fake missing.xyz").Errors);
        Assert.IsType<ItemNotFoundException>(error.Exception);
    }

    [Fact]
    public void An_open_bracket_is_told() => Assert.Contains("not closed", Assert.Single(Run("Resolve-Fake 'a[b'").Errors).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("new/file.txt", "new/file.txt")]
    [InlineData("c[1].xyz", "c[1].xyz")]
    [InlineData(".", "")]
    public void A_literal_path_need_not_exist(string path, string expected) =>
        Assert.Equal(Full(expected), Assert.Single(Run($"Resolve-Fake '{path}' -Literal").Output));

    [Fact]
    public void The_home_folder_is_known() =>
        Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "x"), Assert.Single(Run("Resolve-Fake ~/x -Literal").Output));

    [Fact]
    public void The_providers_name_may_stand_before_a_path() =>
        Assert.Equal(Full("a.xyz"), Assert.Single(Run($@"Resolve-Fake 'Microsoft.PowerShell.Core\FileSystem::{Full("a.xyz")}'").Output));

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, _folder, new PipelineOptions { Assemblies = [typeof(Fake).Assembly] });

    private string Full(string relative) => Path.GetFullPath(Path.Combine(_folder, relative)).TrimEnd(Path.DirectorySeparatorChar);
}
