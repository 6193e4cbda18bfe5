using AtomProNet.Databases.Cache;

namespace AtomProNet.Tests.Databases;

public sealed class QueryCacheTests
{
    /// <summary>Windows drops a dot at the end of a name, and has the name CON for a device.</summary>
    [Theory]
    [InlineData("2025.09.25")]
    [InlineData("v1.")]
    [InlineData("..")]
    [InlineData("con")]
    [InlineData("a/b\\c:d*e")]
    public void Versions_of_databases_are_names_that_each_system_takes(string version)
    {
        string name = QueryCache.FolderNameOf(version);
        Assert.False(name.EndsWith('.'));
        Assert.DoesNotContain(name, c => "<>:\"/\\|?*".Contains(c, StringComparison.Ordinal));
        Assert.Equal("version-" + version, Uri.UnescapeDataString(name));
    }
}
