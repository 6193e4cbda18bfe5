using AtomProNet.Files;

namespace AtomProNet.Tests.Files;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("atomic").FullName;

    private string Target => Path.Combine(root, "run");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_committed_folder_is_there_with_all_its_files()
    {
        using (var folder = new AtomicFolder(Target, overwrite: false))
        {
            folder.WriteAllText("a", "1\n");
            folder.WriteAllText("b", "2\n");
            Assert.False(Directory.Exists(Target));
            folder.Commit();
        }

        Assert.Equal(["a", "b"], Names(Target));
        Assert.Equal(["run"], Names(root));
    }

    [Fact]
    public void Without_commit_nothing_is_left_not_even_a_parent()
    {
        using (var folder = new AtomicFolder(Path.Combine(root, "x", "y", "run"), overwrite: false))
        {
            folder.WriteAllText("a", "1\n");
        }

        Assert.Empty(Names(root));
    }

    [Fact]
    public void A_full_disk_leaves_nothing()
    {
        for (int failing = 0; failing < 3; failing++)
        {
            int opened = 0;
            var error = Assert.Throws<IOException>(() =>
            {
                using var folder = new AtomicFolder(Target, overwrite: false, judge: null, open: path => opened++ == failing ? new FullDisk() : File.Create(path));
                folder.WriteAllText("a", "1\n");
                folder.WriteAllText("b", "2\n");
                folder.WriteAllText("c", "3\n");
                folder.Commit();
            });

            Assert.Equal("No space left on device", error.Message);
            Assert.Empty(Names(root));
        }
    }

    [Fact]
    public void An_old_folder_survives_a_failure()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "a"), "old");

        Assert.Throws<IOException>(() =>
        {
            using var folder = new AtomicFolder(Target, overwrite: true, judge: null, open: _ => new FullDisk());
            folder.WriteAllText("a", "new");
        });

        Assert.Equal("old", File.ReadAllText(Path.Combine(Target, "a")));
        Assert.Equal(["run"], Names(root));
    }

    [Fact]
    public void An_old_folder_is_replaced_only_when_asked_and_keeps_what_is_not_ours()
    {
        Directory.CreateDirectory(Path.Combine(Target, "plots"));
        File.WriteAllText(Path.Combine(Target, "a"), "old");
        File.WriteAllText(Path.Combine(Target, "stale"), "old");
        File.WriteAllText(Path.Combine(Target, "notes.txt"), "mine");
        static FormerFile Judge(string name) => name is "notes.txt" or "plots" ? FormerFile.Keep : FormerFile.Replace;

        Assert.Equal("FolderExists", Assert.Throws<AtomProNetException>(() => new AtomicFolder(Target, overwrite: false)).ErrorId);
        using (var folder = new AtomicFolder(Target, overwrite: true, Judge))
        {
            folder.WriteAllText("a", "new");
            folder.Commit();
        }

        Assert.Equal(["a", "notes.txt", "plots"], Names(Target));
        Assert.Equal("new", File.ReadAllText(Path.Combine(Target, "a")));
        Assert.Equal(["run"], Names(root));
    }

    [Fact]
    public void Results_are_never_lost_nor_mixed()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "OUTCAR"), "days of work");

        var error = Assert.Throws<AtomProNetException>(() => new AtomicFolder(Target, overwrite: true, name => name == "OUTCAR" ? FormerFile.Refuse : FormerFile.Replace));

        Assert.Equal("FolderHoldsResults", error.ErrorId);
        Assert.Equal(["run"], Names(root));
        Assert.Equal(["OUTCAR"], Names(Target));
    }

    [Fact]
    public void A_folder_that_came_in_between_is_not_overwritten()
    {
        using var folder = new AtomicFolder(Target, overwrite: false);
        folder.WriteAllText("a", "mine");
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "a"), "theirs");

        Assert.Equal("FolderExists", Assert.Throws<AtomProNetException>(folder.Commit).ErrorId);
        Assert.Equal("theirs", File.ReadAllText(Path.Combine(Target, "a")));
    }

    [Fact]
    public void A_file_in_the_way_is_named()
    {
        File.WriteAllText(Target, "");

        Assert.Equal("FileInTheWay", Assert.Throws<AtomProNetException>(() => new AtomicFolder(Target, overwrite: true)).ErrorId);
    }

    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal);

    /// <summary>Fails on the first byte, as a full disk does.</summary>
    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");
    }
}
