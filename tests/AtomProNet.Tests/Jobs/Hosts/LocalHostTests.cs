using System.Text;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Tests.Jobs.Hosts;

public sealed class LocalHostTests : HostSuite
{
    private readonly LocalHost host = new();

    public LocalHostTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");

    protected override IHost Open() => host;

    [Theory]
    [InlineData("sh")]
    [InlineData("bash")]
    [InlineData("dash")]
    [InlineData("tcsh")]
    [InlineData("csh")]
    [InlineData("ksh")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Whatever_the_login_shell_is_the_conversation_begins(string shell)
    {
        string? path = new[] { "/bin", "/usr/bin", "/usr/local/bin" }.Select(f => Path.Combine(f, shell)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"There is no {shell} here.");
        // As sshd does it: the user's shell gets the words as one text.
        var conversation = new ShellConversation(isLoginShell: true);
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(path!, ["-c", conversation.StartCommand]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        HostAnswer answer = await conversation.RunAsync(
            new(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, process.StandardError.BaseStream), "printf '%s|' 'it'\\''s $HOME' \"a\nb\" '\\n'; exit 6", TimeSpan.FromSeconds(30), said => new(HostFailureKind.Other, said), default);
        Assert.Equal((HostOutcome.Finished, 6, "it's $HOME|a\nb|\\n|"), (answer.Outcome, answer.ExitCode, answer.Output));
        process.Kill();
    }

    [Fact]
    public async Task What_a_command_has_left_behind_ends_with_it_when_it_is_ended_early()
    {
        using var folder = new TemporaryFolder();
        string pid = folder.Path("pid");
        // The process whose child it was is gone, so that nobody's children lead to it any more; and it does not hear Ctrl+C.
        Task<HostAnswer> running = host.RunAsync($"(trap '' INT; sleep 300 & echo $! >{pid}.new; mv {pid}.new {pid}); sleep 300", TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        Task<HostAnswer> stopped = host.RunAsync($"sh -c '(trap \"\" INT; exec sleep 300) & echo $! >{pid}2.new; mv {pid}2.new {pid}2'; sleep 300", stop.Token);
        while (!File.Exists(pid) || !File.Exists(pid + "2"))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        int left = int.Parse(await File.ReadAllTextAsync(pid + "2", TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        for (int i = 0; Lives(left); i++)
        {
            Assert.True(i < 200, "It still runs.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        // Another command's are its own.
        int other = int.Parse(await File.ReadAllTextAsync(pid, TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Lives(other));
        await new LocalHost().RunAsync($"kill {other}");
        Assert.False(running.IsCompleted);

        static bool Lives(int process) => File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_keeps_its_commands_apart()
    {
        var bundle = new CommandBundle();
        bundle.Add("echo one; echo e1 >&2");
        bundle.Add("printf two; exit 9");
        bundle.Add("if");
        bundle.Add("cat; printf 'four\n\n'");
        IReadOnlyList<HostAnswer> answers = bundle.Split(await host.RunAsync(new HostCommand(bundle.ToText()) { Input = new MemoryStream(Encoding.ASCII.GetBytes("not for them")) }));
        Assert.Equal(["one\n", "two", "", "four\n\n"], answers.Select(a => a.Output));
        Assert.Equal([0, 9, 2, 0], answers.Select(a => a.ExitCode));
        Assert.Equal("e1\n", answers[0].Error);
        Assert.Equal("", answers[1].Error);
    }

    [Fact]
    public async Task Of_a_bundle_that_was_lost_what_had_ended_is_known()
    {
        var bundle = new CommandBundle();
        bundle.Add("echo one");
        bundle.Add("echo two");
        bundle.Add("echo three");
        HostAnswer whole = await host.RunAsync(bundle.ToText());
        int two = whole.Output.IndexOf("two", StringComparison.Ordinal);
        for (int length = 0; length <= whole.OutputBytes.Length; length++)
        {
            IReadOnlyList<HostAnswer> answers = bundle.Split(whole with { Outcome = HostOutcome.Lost, ExitCode = null, OutputBytes = whole.OutputBytes[..length] });
            Assert.Equal(3, answers.Count);
            Assert.All(answers, a => Assert.Equal(a.Outcome == HostOutcome.Finished, a.ExitCode == 0));
            Assert.Equal(length >= two, answers[0].IsSuccess);
            Assert.True(!answers[0].IsSuccess || answers[0].Output == "one\n");
            Assert.Equal(length == whole.OutputBytes.Length, answers[2].IsSuccess);
        }
    }
}
