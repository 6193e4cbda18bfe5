using System.Diagnostics;
using AtomProNet.Cli;
using AtomProNet.Files;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets;

namespace AtomProNet.Tests.Files;

/// <summary>A kill at any moment of a replacement leaves the old folder or the new one, and the next call cleans up.</summary>
public sealed class FolderSwapTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("swap").FullName;

    private string Target => Path.Combine(root, "run");

    private string Fresh => Path.Combine(root, ".run.0123.tmp");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_new_folder_takes_the_place_and_keeps_what_is_kept(bool inOneStep)
    {
        Make(Target, "old", "notes.txt");
        Make(Fresh, "new");
        using (FolderSwap swap = FolderSwap.Replace(Fresh, Target, inOneStep))
        {
            Assert.Equal("new", Read());
            swap.Finish(name => name == "notes.txt" ? FormerFile.Keep : FormerFile.Replace);
        }

        Assert.Equal("new", Read());
        Assert.Equal(["a", "notes.txt"], Names(Target));
        Assert.Equal(["run"], Names(root));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_undone_is_as_it_was(bool inOneStep)
    {
        Make(Target, "old", "notes.txt");
        Make(Fresh, "new");
        using (FolderSwap swap = FolderSwap.Replace(Fresh, Target, inOneStep))
        {
            swap.Undo();
        }

        Assert.Equal("old", Read());
        Assert.Equal(["a", "notes.txt"], Names(Target));
        Assert.Equal("new", File.ReadAllText(Path.Combine(Fresh, "a")));
    }

    /// <summary>The states of the disk in the order in which they come about, each left as a kill would leave it.</summary>
    [Theory]
    [InlineData("the journal is empty", "old")]
    [InlineData("before the renaming", "old")]
    [InlineData("between the renamings", "new")]
    [InlineData("after the renamings", "new")]
    [InlineData("after the exchange", "new")]
    [InlineData("while files are kept", "new")]
    [InlineData("the old folder is gone", "new")]
    [InlineData("the new folder is lost", "old")]
    [InlineData("the old folder is put back", "old")]
    [InlineData("the old folder is back", "old")]
    public void Every_state_that_a_kill_can_leave_is_mended(string state, string expected)
    {
        string aside = Fresh + ".old";
        (bool isOld, bool isFresh, bool isAside) = state switch
        {
            "between the renamings" => (false, true, true),
            "after the renamings" or "while files are kept" => (false, false, true),
            "after the exchange" => (false, false, false),
            "the old folder is gone" => (false, false, false),
            "the old folder is put back" => (false, false, false),
            "the old folder is back" => (true, false, false),
            "the new folder is lost" => (false, false, true),
            _ => (true, true, false),
        };
        File.WriteAllText(FolderSwap.JournalOf(Target), state == "the journal is empty" ? "" : Path.GetFileName(Fresh));
        if (isOld)
        {
            Make(Target, "old", "notes.txt");
        }
        else if (state is not ("between the renamings" or "the new folder is lost" or "the old folder is put back"))
        {
            Make(Target, "new", FolderSwap.Marker);
        }

        if (isFresh)
        {
            Make(Fresh, "new", FolderSwap.Marker);
        }

        if (isAside)
        {
            Make(aside, "old", "notes.txt");
        }

        if (state is "the old folder is put back" or "the old folder is back")
        {
            Make(Fresh + ".new", "new", FolderSwap.Marker);
        }

        if (state is "after the exchange" or "the old folder is put back")
        {
            Make(Fresh, "old", "notes.txt");
        }

        if (state == "while files are kept")
        {
            File.Move(Path.Combine(aside, "notes.txt"), Path.Combine(Target, "notes.txt"));
        }

        FolderSwap.Mend(Target, name => name == "notes.txt" ? FormerFile.Keep : FormerFile.Replace);

        Assert.Equal(expected, Read());
        Assert.Equal(state == "the old folder is gone" ? ["a"] : ["a", "notes.txt"], Names(Target));
        Assert.Equal(state == "the journal is empty" ? [".run.0123.tmp", "run"] : ["run"], Names(root));
    }

    [Fact]
    public void The_journal_of_somebody_else_is_left_alone()
    {
        // Ours was taken away, and the next one has written its own: as it may happen where two come at once.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "What is open cannot be taken away on Windows.");
        Make(Target, "old");
        Make(Fresh, "new");
        string journal = FolderSwap.JournalOf(Target);
        using FolderSwap swap = FolderSwap.Replace(Fresh, Target);
        File.Delete(journal);
        // Times are told in steps of some milliseconds.
        Thread.Sleep(50);
        File.WriteAllText(journal, ".run.4567.tmp");
        swap.Finish();
        Assert.Equal(".run.4567.tmp", File.ReadAllText(journal));
    }

    [Fact]
    public void Nobody_interferes_while_the_other_lives()
    {
        Make(Target, "old");
        Make(Fresh, "new");
        using (FolderSwap swap = FolderSwap.Replace(Fresh, Target))
        {
            Assert.Equal("FolderBusy", Assert.Throws<AtomProNetException>(() => FolderSwap.Mend(Target)).ErrorId);
            swap.Finish();
        }

        FolderSwap.Mend(Target);
        Assert.Equal("new", Read());
    }

    [Fact]
    public void A_folder_of_systems_whose_replacement_was_broken_off_is_mended_by_the_next_export()
    {
        Frame[] frames = [.. Enumerable.Range(0, 3).Select(i => SyntheticFrames.Random(new Random(i)))];
        PipelineHost.Run("Export-TrainingSet run -Format DeepMD", root, new() { Input = frames });
        Directory.Move(Target, Fresh + ".old");
        Make(Fresh, "new", FolderSwap.Marker);
        File.WriteAllText(FolderSwap.JournalOf(Target), Path.GetFileName(Fresh));
        File.Delete(Path.Combine(Fresh, "a"));
        PipelineResult again = PipelineHost.Run("Export-TrainingSet run -Format DeepMD -Force", root, new() { Input = frames[..2] });
        Assert.Empty(again.Errors);
        Assert.Equal(2, PipelineHost.Run("Import-TrainingSet run", root).Output.Count);
        Assert.Equal(["dataset.json", "run"], Names(root));
    }

    /// <summary>A real process, really killed: after each kill a whole set stands, the one of the last export or the one of this, and the next export works.</summary>
    [Fact]
    public async Task A_killed_export_leaves_a_whole_set()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The launcher is started by its name on Linux.");
        string launcher = Path.Combine(AppContext.BaseDirectory, "AtomProNet.Cli.dll");
        Assert.SkipUnless(File.Exists(launcher), "The launcher is not beside the tests.");
        for (int size = 1; size <= 2; size++)
        {
            Frame[] frames = [.. Enumerable.Range(0, 40 * size).Select(i => SyntheticFrames.Random(new Random(i), cheap: true))];
            Assert.Empty(PipelineHost.Run($"Export-TrainingSet set{size}.extxyz -Force", root, new() { Input = frames }).Errors);
        }

        Assert.Empty(PipelineHost.Run("Convert-TrainingSet set1.extxyz run -Format DeepMD -Force", root).Errors);
        var random = new Random(1);
        int killed = 0, tries = TestEffort.Of(3, 40, 400);
        for (int i = 0; i < tries; i++)
        {
            int size = 1 + i % 2;
            using var process = Process.Start(new ProcessStartInfo("dotnet", [launcher, $"Convert-TrainingSet set{size}.extxyz run -Format DeepMD -Force"]) { WorkingDirectory = root, RedirectStandardError = true, RedirectStandardOutput = true })!;
            await Task.Delay(random.Next(50, 1500), TestContext.Current.CancellationToken);
            killed += process.HasExited ? 0 : 1;
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            FolderSwap.Mend(Target);
            Assert.Contains(PipelineHost.Run("Import-TrainingSet run", root).Output.Count, new[] { 40, 80 });
        }

        Assert.Empty(PipelineHost.Run("Convert-TrainingSet set2.extxyz run -Format DeepMD -Force", root).Errors);
        Assert.Equal(80, PipelineHost.Run("Import-TrainingSet run", root).Output.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{killed} of {tries} killed."));
    }

    private static void Make(string folder, string content, params string[] others)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "a"), content);
        foreach (string other in others)
        {
            File.WriteAllText(Path.Combine(folder, other), "");
        }
    }

    private string Read() => File.ReadAllText(Path.Combine(Target, "a"));

    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal);
}
