using System.Security.Cryptography;
using System.Text;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Tests.Jobs.Hosts;

/// <summary>What every host has to do, whichever way commands come to it.</summary>
public abstract class HostSuite
{
    /// <summary>The host.</summary>
    protected abstract IHost Open();

    [Fact]
    public async Task Output_error_and_exit_code_are_those_of_the_script()
    {
        HostAnswer answer = await Open().RunAsync("echo out; echo err >&2; printf 'no line break'; exit 7");
        Assert.Equal((HostOutcome.Finished, 7, "out\nno line break", "err\n"), (answer.Outcome, answer.ExitCode, answer.Output, answer.Error));
        Assert.False(answer.IsSuccess);
        Assert.Equal("exit code 7: err", answer.Describe());
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -9 $$", -1)]
    [InlineData("(kill -TERM $(sh -c 'echo $PPID'))", 143)]
    [InlineData("if", 2)]
    [InlineData("echo 'unclosed", 2)]
    [InlineData("nosuchprogram", 127)]
    [InlineData("", 0)]
    [InlineData("exec true", 0)]
    [InlineData("cat <<E\n'\\n'\nE\nexit 3 # \\\\", 3)]
    public async Task Whatever_the_script_does_the_end_is_told(string text, int code)
    {
        HostAnswer answer = await Open().RunAsync(text);
        if (code < 0)
        {
            // The shell of the conversation itself was killed: nothing is known.
            Assert.Equal(HostOutcome.Lost, answer.Outcome);
            return;
        }

        Assert.Equal((HostOutcome.Finished, code), (answer.Outcome, answer.ExitCode));
    }

    [Fact]
    public async Task Words_arrive_as_they_were_meant()
    {
        var random = new Random(3);
        const string Alphabet = "ab'\"\\$`!*?[]{}()<>|&;#~= \t\n\r%^-+,.:/@_éÅ中\u0001\u001b\u00a0n0c";
        string[] words = [.. Enumerable.Range(0, 2000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Alphabet[random.Next(Alphabet.Length)])))];
        HostAnswer answer = await Open().RunAsync(string.Concat(words.Select(w => $"printf '%s\\000' {PosixShell.Quote(w)}\n")));
        Assert.Equal(words, answer.Output.Split('\0')[..^1]);
        Assert.Equal("", answer.Error);
    }

    [Fact]
    public async Task Input_and_output_pass_byte_by_byte()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(3_000_000);
        using var output = new MemoryStream();
        HostAnswer answer = await Open().RunAsync(new HostCommand("cat; cat >/dev/null; printf x; exit 5") { Input = new MemoryStream(bytes), Output = output });
        Assert.Equal(5, answer.ExitCode);
        Assert.Equal([.. bytes, (byte)'x'], output.ToArray());
        Assert.Equal(0, answer.OutputBytes.Length);
    }

    [Fact]
    public async Task A_command_that_does_not_read_its_input_ends_all_the_same()
    {
        HostAnswer answer = await Open().RunAsync(new HostCommand("exit 4") { Input = new MemoryStream(new byte[5_000_000]) });
        Assert.Equal((HostOutcome.Finished, 4), (answer.Outcome, answer.ExitCode));
    }

    [Fact]
    public async Task A_process_that_the_script_leaves_behind_is_not_waited_for()
    {
        HostAnswer answer = await Open().RunAsync("sleep 300 & echo $!");
        Assert.Equal((HostOutcome.Finished, 0), (answer.Outcome, answer.ExitCode));
        await Open().RunAsync($"kill {answer.Output.Trim()}");
    }

    [Fact]
    public async Task What_takes_too_long_is_not_known()
    {
        HostAnswer answer = await Open().RunAsync(new HostCommand("echo begun; sleep 300") { Timeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal((HostOutcome.TimedOut, null, HostFailureKind.TimedOut), (answer.Outcome, answer.ExitCode, answer.Failure!.Kind));
    }

    [Fact]
    public async Task More_output_than_allowed_is_an_error_not_a_cut_answer()
    {
        HostAnswer answer = await Open().RunAsync(new HostCommand("yes | head -c 3000000") { MaxOutput = 1_000_000 });
        Assert.Equal((HostOutcome.Lost, HostFailureKind.TooMuchOutput), (answer.Outcome, answer.Failure!.Kind));
    }

    [Fact]
    public async Task Cancellation_ends_the_waiting()
    {
        IHost host = Open();
        using var soon = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync("sleep 300", soon.Token));
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_an_exception()
    {
        IHost host = Open();
        await Assert.ThrowsAsync<IOException>(() => host.RunAsync(new HostCommand("yes | head -c 100000") { Output = new FullStream() }));
    }

    [Fact]
    public async Task No_process_list_shows_the_text()
    {
        string secret = "secret" + Guid.NewGuid().ToString("N");
        HostAnswer answer = await Open().RunAsync($"x={secret}; ps -eo args; exit 0");
        Assert.NotEmpty(answer.Output);
        Assert.DoesNotContain(secret, answer.Output, StringComparison.Ordinal);
    }

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("No space left on device");
    }
}
