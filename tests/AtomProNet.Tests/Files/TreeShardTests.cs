using AtomProNet.Files;

namespace AtomProNet.Tests.Files;

public sealed class TreeShardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Parts_one_after_the_other_are_the_tree_in_its_order()
    {
        // Names around the separator ('-' before '/', '0' behind it), files beside folders, depths that differ.
        string[] names = ["a", "a-b", "a.b", "a0", "B", "10", "9", "é"];
        var random = new Random(4);
        for (int round = 0; round < 30; round++)
        {
            string root = folder.Path($"tree{round}");
            int count = random.Next(1, 40);
            for (int i = 0; i < count; i++)
            {
                string path = Path.Combine([root, .. Enumerable.Range(0, random.Next(0, 5)).Select(_ => names[random.Next(names.Length)])]);
                Directory.CreateDirectory(path);
                File.WriteAllText(Path.Combine(path, random.Next(3) == 0 ? "notes" : "OUTCAR"), "");
            }

            string[] expected = [.. Walk(root)];
            foreach (int parts in (int[])[1, 2, 3, 7, 50])
            {
                string[][] shards = [.. Enumerable.Range(1, parts).Select(n => new TreeShard(n, parts).FoldersOf(root, f => f == "OUTCAR").SelectMany(Walk).ToArray())];
                Assert.Equal(expected, shards.SelectMany(s => s));
            }
        }
    }

    [Fact]
    public void Flat_trees_divide_evenly()
    {
        string root = folder.Path("flat");
        for (int i = 0; i < 100; i++)
        {
            Directory.CreateDirectory(Path.Combine(root, $"run{i:D3}"));
            File.WriteAllText(Path.Combine(root, $"run{i:D3}", "OUTCAR"), "");
        }

        Assert.All(Enumerable.Range(1, 8), n => Assert.InRange(new TreeShard(n, 8).FoldersOf(root, f => f == "OUTCAR").Count, 12, 13));
    }

    [Theory]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("1")]
    [InlineData("-1/3")]
    [InlineData("1/2/3")]
    [InlineData("1/99999999999")]
    public void What_is_no_part_is_refused(string text) => Assert.Equal("ShardInvalid", Assert.Throws<AtomProNetException>(() => TreeShard.Parse(text)).ErrorId);

    [Fact]
    public void Text_comes_back() => Assert.Equal("3/100", TreeShard.Parse("3/100").ToString());

    // The order in which the importing cmdlets look through folders.
    private static IEnumerable<string> Walk(string folder) => new DirectoryInfo(folder).GetFileSystemInfos().OrderBy(i => i.Name, StringComparer.Ordinal)
        .SelectMany(i => i is DirectoryInfo ? Walk(i.FullName) : i.Name == "OUTCAR" ? [i.FullName] : []);
}
