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

    /// <summary>Nothing old is lost by a power failure: what replaces it is on the disk first. A new set waits for the file that describes it alone.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("a.npz")]
    [InlineData("systems/type.raw")]
    [InlineData("obsolete")]
    public void What_replaces_an_earlier_set_is_on_the_disk_before_any_name_changes(string earlier)
    {
        using var folder = new TemporaryFolder();
        if (earlier.Length > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Path(earlier))!);
            folder.Write(earlier, "old");
        }

        folder.Write("dataset.json", "of another set, too");
        var onDisk = new List<string>();
        using (var files = new AtomicFileSet(overwrite: true) { OnDisk = file => onDisk.Add(Path.GetFileName(file)) })
        {
            files.BeforeRename = _ => onDisk.Add("renaming");
            files.Add(folder.Path("a.npz")).Write("new"u8);
            string systems = files.AddFolder(folder.Path("systems"), _ => true);
            File.WriteAllText(Path.Combine(systems, "type.raw"), "new");
            files.Add(folder.Path("dataset.json"), describesOthers: true).Write("new"u8);
            files.Remove(folder.Path("obsolete"));
            files.Commit();
        }

        string[] expected = earlier.Length > 0 ? ["a.npz", "type.raw", "dataset.json"] : ["dataset.json"];
        Assert.Equal(expected, onDisk.TakeWhile(name => name != "renaming"));
        Assert.Equal(["renaming", "renaming", "renaming"], onDisk.Skip(expected.Length));
        Assert.Equal("new", File.ReadAllText(folder.Path("dataset.json")));
    }

    /// <summary>Only the file that describes the others may take the place of one where nothing may be replaced.</summary>
    [Fact]
    public void A_file_that_describes_others_is_replaced_and_theirs_are_not()
    {
        using var folder = new TemporaryFolder();
        folder.Write("dataset.json", "old");
        folder.Write("a.npz", "old");
        using var files = new AtomicFileSet(overwrite: false);
        files.Add(folder.Path("dataset.json"), describesOthers: true);
        Assert.Equal("FileExists", Assert.Throws<AtomProNetException>(() => files.Add(folder.Path("a.npz"))).ErrorId);
    }
}
