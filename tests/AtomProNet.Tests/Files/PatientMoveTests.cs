using AtomProNet.Files;

namespace AtomProNet.Tests.Files;

/// <summary>What Windows does to renamings, played by actions that fail as it lets them fail.</summary>
public sealed class PatientMoveTests
{
    private const int SharingViolation = unchecked((int)0x80070020), AlreadyExists = unchecked((int)0x800700B7);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void On_Windows_a_file_that_another_program_has_open_is_waited_for(bool denied)
    {
        var waited = new List<int>();
        int calls = 0;
        PatientMove.Try(() => _ = ++calls < 4 ? throw (denied ? new UnauthorizedAccessException() : new IOException("in use", SharingViolation)) : 0, isWindows: true, waited.Add);
        Assert.Equal(4, calls);
        Assert.Equal([1, 2, 3], waited);
    }

    [Fact]
    public void The_wait_has_an_end()
    {
        int calls = 0;
        Assert.Throws<IOException>(() => PatientMove.Try(() => { calls++; throw new IOException("in use", SharingViolation); }, isWindows: true, _ => { }));
        Assert.InRange(calls, 2, 20);
    }

    /// <summary>ReplaceFile may give the old file its second name and then fail to give the new one the first.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_replacement_that_Windows_leaves_half_done_is_finished_or_taken_back(bool isFinished)
    {
        using var folder = new TemporaryFolder();
        string from = folder.Write("new", "new"), to = folder.Write("file", "old"), backup = folder.Path("old");
        void HalfWay()
        {
            File.Move(to, backup);
            if (!isFinished)
            {
                // What keeps it from being renamed stays.
                File.Delete(from);
            }

            throw new IOException("not moved", unchecked((int)0x80070499));
        }

        Action act = () => PatientMove.Replace(from, to, backup, HalfWay, isWindows: true, _ => { });
        if (isFinished)
        {
            act();
            Assert.Equal(("new", "old"), (File.ReadAllText(to), File.ReadAllText(backup)));
        }
        else
        {
            Assert.Throws<FileNotFoundException>(act);
            Assert.Equal("old", File.ReadAllText(to));
            Assert.False(File.Exists(backup));
        }
    }

    [Fact]
    public void What_time_does_not_mend_is_told_at_once()
    {
        Assert.Throws<IOException>(() => PatientMove.Try(() => throw new IOException("taken", AlreadyExists), isWindows: true, _ => Assert.Fail("It waited.")));
        Assert.Throws<FileNotFoundException>(() => PatientMove.Try(() => throw new FileNotFoundException(), isWindows: true, _ => Assert.Fail("It waited.")));
        Assert.Throws<UnauthorizedAccessException>(() => PatientMove.Try(() => throw new UnauthorizedAccessException(), isWindows: false, _ => Assert.Fail("It waited.")));
    }
}
