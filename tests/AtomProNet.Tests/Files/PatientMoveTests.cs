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

    [Fact]
    public void What_time_does_not_mend_is_told_at_once()
    {
        Assert.Throws<IOException>(() => PatientMove.Try(() => throw new IOException("taken", AlreadyExists), isWindows: true, _ => Assert.Fail("It waited.")));
        Assert.Throws<FileNotFoundException>(() => PatientMove.Try(() => throw new FileNotFoundException(), isWindows: true, _ => Assert.Fail("It waited.")));
        Assert.Throws<UnauthorizedAccessException>(() => PatientMove.Try(() => throw new UnauthorizedAccessException(), isWindows: false, _ => Assert.Fail("It waited.")));
    }
}
