using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Tests.Jobs.Submission;

/// <summary>The scheduler is asked once or never, whatever comes between: through a real shell.</summary>
public sealed class SubmissionScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LocalHost host = new();

    public SubmissionScriptTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The clusters' shells are POSIX.");

    public void Dispose() => folder.Dispose();

    private string Batch => Directory.CreateDirectory(folder.Path("a 'b' $(id)", "apn1")).FullName;

    // Counts how often it ran, as a scheduler would.
    private const string Submit = "echo one >>asked; echo 4711; echo 'a warning' >&2";

    private int Asked => File.Exists(Path.Combine(Batch, "asked")) ? File.ReadAllLines(Path.Combine(Batch, "asked")).Length : 0;

    private async Task<HostAnswer?> Ask(int number, string submit = Submit) =>
        SubmissionScript.ReadAsk(await host.RunAsync(SubmissionScript.Ask(Batch, number, submit), TestContext.Current.CancellationToken));

    private async Task<ProbeResult> Probe(int number) =>
        SubmissionScript.ReadProbe(await host.RunAsync(SubmissionScript.Probe(Batch, number), TestContext.Current.CancellationToken))!;

    [Fact]
    public async Task Its_answer_is_the_schedulers()
    {
        HostAnswer answer = (await Ask(1))!;
        Assert.Equal(("4711\n", "a warning\n", 0), (answer.Output, answer.Error, answer.ExitCode));
        answer = (await Ask(2, "echo no >&2; exit 3"))!;
        Assert.Equal(("", "no\n", 3), (answer.Output, answer.Error, answer.ExitCode));
    }

    [Fact]
    public async Task The_same_number_never_asks_twice()
    {
        Assert.NotNull(await Ask(1));
        Assert.Null(await Ask(1));
        Assert.Equal(1, Asked);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Ask(2)));
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task A_command_that_arrives_after_somebody_looked_does_nothing_any_more()
    {
        Assert.Equal(ProbeOutcome.NeverAsked, (await Probe(1)).Outcome);
        Assert.Null(await Ask(1));
        Assert.Equal(0, Asked);
        // However often one looks.
        Assert.Equal(ProbeOutcome.NeverAsked, (await Probe(1)).Outcome);
        Assert.NotNull(await Ask(2));
        Assert.Equal(1, Asked);
    }

    [Fact]
    public async Task Of_asking_and_looking_at_the_same_time_one_wins()
    {
        for (int i = 1; i <= 20; i++)
        {
            Task<HostAnswer?> asking = Ask(i);
            Task<ProbeResult> looking = Probe(i);
            await Task.WhenAll(asking, looking);
            Assert.Equal((await looking).Outcome == ProbeOutcome.NeverAsked, await asking is null);
        }
    }

    [Fact]
    public async Task The_answer_can_be_read_later()
    {
        await Ask(1, "echo begun state/1.run/nonsense; printf 'no newline'; exit 4");
        ProbeResult probe = await Probe(1);
        Assert.Equal(ProbeOutcome.Answered, probe.Outcome);
        Assert.Equal(("begun state/1.run/nonsense\nno newline", 4), (probe.Answer!.Output, probe.Answer.ExitCode));
        Assert.DoesNotContain(probe.BegunBy, b => b != "*");
        await Ask(2);
        probe = await Probe(2);
        Assert.Equal(("4711\n", "a warning\n", 0), (probe.Answer!.Output, probe.Answer.Error, probe.Answer.ExitCode));
    }

    [Fact]
    public async Task What_has_begun_is_told()
    {
        Directory.CreateDirectory(Path.Combine(Batch, "state", "12.run"));
        await File.WriteAllTextAsync(Path.Combine(Batch, "state", "12.run", "4711_13@node5.site"), "", TestContext.Current.CancellationToken);
        await Ask(1);
        ProbeResult probe = await Probe(1);
        Assert.Equal(["4711_13"], probe.BegunBy);
        Assert.Equal("4711\n", probe.Answer!.Output);
        Assert.Equal(["4711_13"], (await Probe(2)).BegunBy);
    }

    [Fact]
    public async Task One_that_still_asks_and_one_that_broke_off_are_told_apart()
    {
        Task<HostAnswer?> asking = Ask(1, "while ! [ -e go ]; do sleep 0.05; done; echo 5");
        while (!File.Exists(Path.Combine(Batch, "submit.1", "by")) || new FileInfo(Path.Combine(Batch, "submit.1", "by")).Length == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(ProbeOutcome.Asking, (await Probe(1)).Outcome);
        await File.WriteAllTextAsync(Path.Combine(Batch, "go"), "", TestContext.Current.CancellationToken);
        Assert.Equal("5\n", (await asking)!.Output);

        await Ask(2, "kill -9 $(cut -d@ -f1 submit.2/by)");
        Assert.Equal(ProbeOutcome.BrokenOff, (await Probe(2)).Outcome);
    }

    [Fact]
    public async Task The_connection_may_break_while_it_asks()
    {
        // The shell that asks loses its output and is told to end, as when sshd goes: the answer is left all the same.
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await shell.StandardInput.WriteAsync(SubmissionScript.Ask(Batch, 1, "sleep 0.5; echo one >>asked; echo 4711"));
        shell.StandardInput.Close();
        while (!File.Exists(Path.Combine(Batch, "submit.1", "by")))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        shell.StandardOutput.Close();
        shell.StandardError.Close();
        using (var kill = System.Diagnostics.Process.Start("kill", ["-HUP", $"{shell.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        ProbeResult probe = await Probe(1);
        Assert.Equal((ProbeOutcome.Answered, "4711\n", 1), (probe.Outcome, probe.Answer?.Output, Asked));
    }

    [Fact]
    public async Task Half_of_the_command_does_nothing()
    {
        // A connection that breaks while the command is sent gives the shell its beginning.
        string whole = SubmissionScript.Ask(Batch, 1, Submit);
        foreach (int length in new[] { whole.Length / 4, whole.Length / 2, whole.Length - 3 })
        {
            using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            await shell.StandardInput.WriteAsync(whole[..length]);
            shell.StandardInput.Close();
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, Asked);
        Assert.False(Directory.Exists(Path.Combine(Batch, "submit.1")));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told()
    {
        HostAnswer ask = await host.RunAsync(SubmissionScript.Ask(folder.Path("none"), 1, Submit), TestContext.Current.CancellationToken);
        Assert.Null(SubmissionScript.ReadAsk(ask));
        HostAnswer probe = await host.RunAsync(SubmissionScript.Probe(folder.Path("none"), 1), TestContext.Current.CancellationToken);
        Assert.Equal(ProbeOutcome.NoFolder, SubmissionScript.ReadProbe(probe)!.Outcome);
    }
}
