using AtomProNet.Files;

namespace AtomProNet.Tests.Files;

public sealed class AtomicFileSetTests
{
    /// <summary>Set.train.xyz of an earlier export is set.train.xyz of this one, where case does not matter.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_just_written_is_not_removed_under_another_spelling(bool ignoresCase)
    {
        using var folder = new TemporaryFolder();
        string former = folder.Write("Set.train.xyz", "old");
        using (var files = new AtomicFileSet(overwrite: true) { Names = ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal })
        {
            files.Add(folder.Path("set.train.xyz")).Write("new"u8);
            files.Remove(former);
            files.Commit();
        }

        Assert.Contains("set.train.xyz", folder.Names);
        Assert.Equal(ignoresCase, folder.Names.Contains("Set.train.xyz"));
    }
}
