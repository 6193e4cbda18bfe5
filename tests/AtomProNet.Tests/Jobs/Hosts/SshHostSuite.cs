using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Hosts;

/// <summary>What every host over SSH has to do, against a real sshd.</summary>
public abstract class SshHostSuite : HostSuite
{
    protected SshHostSuite(SshRig rig)
    {
        Rig = rig;
        rig.SkipUnlessThere();
        rig.Reset();
    }

    protected SshRig Rig { get; }

    /// <summary>A host by its alias in the rig's configuration.</summary>
    /// <param name="alias">The alias.</param>
    /// <param name="config">Another configuration.</param>
    /// <param name="isKept">Whether its connection may stand for the next command.</param>
    /// <param name="shellWithin">How long the shell over there may take to say that it is there.</param>
    protected abstract IHost Open(string alias = "login", string? config = null, bool isKept = true, TimeSpan? shellWithin = null);

    protected override IHost Open() => Open("login");

    [Fact]
    public async Task Twenty_commands_share_one_connection()
    {
        IHost host = Open();
        Assert.Equal("0", (await host.RunAsync("echo 0")).Output.Trim());
        int before = Connections();
        HostAnswer[] answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => host.RunAsync($"echo {i}; exit {i}")));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (HostOutcome.Finished, (int?)i, $"{i}\n")), answers.Select(a => (a.Outcome, a.ExitCode, a.Output)));
        Assert.Equal(before, Connections());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task Five_hundred_commands_answer_each_for_itself(int atATime)
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds and more: ATOMPRONET_TEST=full.");
        // Fifty shells that begin together on a busy machine may each take their minute.
        IHost host = Open(shellWithin: TimeSpan.FromMinutes(10));
        int count = 500, running = 0, most = 0;
        var answers = new HostAnswer[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = TestContext.Current.CancellationToken }, async (i, token) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            // A command that tells of itself in all three ways, and at its length.
            answers[i] = await host.RunAsync($"i={i}; echo out $i; echo err $i >&2; head -c $((i * 50)) /dev/zero | tr '\\000' x; exit $((i % 200))", token);
            Interlocked.Decrement(ref running);
        });
        Assert.Equal(atATime, most);
        for (int i = 0; i < count; i++)
        {
            Assert.Null(answers[i].Failure);
            Assert.Equal((HostOutcome.Finished, i % 200, $"out {i}\n" + new string('x', i * 50), $"err {i}\n"), (answers[i].Outcome, answers[i].ExitCode, answers[i].Output, answers[i].Error));
        }
    }

    [Fact]
    public async Task A_server_that_allows_two_sessions_at_a_time_answers_all()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes five seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        using RigScript small = await RigScript.StartAsync("sshd.sh", () => new() { ["PORT"] = RigScript.FreePorts(1)[0].ToString(System.Globalization.CultureInfo.InvariantCulture), ["MAXSESSIONS"] = "2" });
        try
        {
            IHost host = Open("login", small.File("config"));
            Assert.True((await host.RunAsync("true")).IsSuccess);
            HostAnswer[] answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => host.RunAsync($"echo {i}; sleep .2; exit {i}")));
            Assert.Equal(Enumerable.Range(1, 20).Select(i => (HostOutcome.Finished, (int?)i, $"{i}\n")), answers.Select(a => (a.Outcome, a.ExitCode, a.Output)));
        }
        finally
        {
            await small.RunAsync("down");
        }
    }

    [Fact]
    public async Task Commands_that_hang_over_there_do_not_shut_out_the_others()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        using RigScript small = await RigScript.StartAsync("sshd.sh", () => new() { ["PORT"] = RigScript.FreePorts(1)[0].ToString(System.Globalization.CultureInfo.InvariantCulture), ["MAXSESSIONS"] = "2" });
        try
        {
            IHost host = Open("login", small.File("config"));
            for (int i = 0; i < 3; i++)
            {
                // sshd counts a session until its process ends, whatever the client does.
                HostAnswer hanging = await host.RunAsync(new HostCommand("exec sleep 20") { Timeout = TimeSpan.FromMilliseconds(300) });
                Assert.Equal(HostOutcome.TimedOut, hanging.Outcome);
            }

            HostAnswer answer = await host.RunAsync("echo in");
            Assert.Equal("in\n", answer.Output);
        }
        finally
        {
            await small.RunAsync("down");
        }
    }

    [Fact]
    public async Task Keys_that_are_made_anew_on_the_way_lose_nothing()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        using RigScript often = await RigScript.StartAsync("sshd.sh", () => new() { ["PORT"] = RigScript.FreePorts(1)[0].ToString(System.Globalization.CultureInfo.InvariantCulture), ["REKEY"] = "1M none" });
        try
        {
            IHost host = Open("login", often.File("config"));
            byte[][] sent = [.. Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetBytes(5_000_000))];
            await Task.WhenAll(sent.Select(async bytes =>
            {
                using var output = new MemoryStream();
                HostAnswer answer = await host.RunAsync(new HostCommand("cat") { Input = new MemoryStream(bytes), Output = output });
                Assert.True(answer.IsSuccess, answer.Describe());
                Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(output.ToArray()));
            }));
        }
        finally
        {
            await often.RunAsync("down");
        }
    }

    [Fact]
    public async Task A_file_of_known_hosts_may_be_named_by_the_alias_of_the_key()
    {
        await System.IO.File.WriteAllTextAsync(Rig.File("known-filed"), "filed" + (await System.IO.File.ReadAllTextAsync(Rig.File("known_hosts"), TestContext.Current.CancellationToken))[Rig.KnownName.Length..]);
        string config = Rig.File("aliased");
        await System.IO.File.WriteAllTextAsync(config, $"Host login\n  HostKeyAlias filed\n  UserKnownHostsFile {Rig.File("known-")}%k\n" + await System.IO.File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
        HostAnswer answer = await Open("login", config).RunAsync("echo in");
        Assert.Equal("in\n", answer.Output);
    }

    [Fact]
    public async Task Key_files_that_are_none_leave_the_others_to_be_tried()
    {
        var damaged = new List<string>();
        void Damage(string name, string text)
        {
            damaged.Add(Rig.File("damaged-" + name));
            System.IO.File.WriteAllText(damaged[^1], text);
            if (!OperatingSystem.IsWindows())
            {
                System.IO.File.SetUnixFileMode(damaged[^1], UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        string whole = await System.IO.File.ReadAllTextAsync(Rig.File("id"), TestContext.Current.CancellationToken);
        string[] lines = whole.Split('\n');
        Damage("empty", "");
        Damage("text", "not a key\n");
        Damage("bytes", "\0\u0001\u0002");
        Damage("cut", string.Join('\n', [.. lines[..2], lines[^2], ""]));
        Damage("letters", string.Join('\n', [lines[0], new string('A', 70), lines[^2], ""]));
        Damage("zeros", string.Join('\n', [lines[0], Convert.ToBase64String([.. Encoding.ASCII.GetBytes("openssh-key-v1\0"), .. new byte[60]]), lines[^2], ""]));
        Damage("long", string.Join('\n', [lines[0], Convert.ToBase64String([.. Encoding.ASCII.GetBytes("openssh-key-v1\0"), .. Enumerable.Repeat((byte)255, 60)]), lines[^2], ""]));
        foreach (string kind in new[] { "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "SSH2 ENCRYPTED PRIVATE KEY" })
        {
            Damage(kind.Replace(' ', '-'), $"-----BEGIN {kind}-----\n{new string('A', 64)}\n-----END {kind}-----\n");
            Damage(kind.Replace(' ', '-') + "-der", $"-----BEGIN {kind}-----\n{Convert.ToBase64String([0x30, 0x0a, 2, 1, 0, 2, 1, 5, 2, 1, 3, 4])}\n-----END {kind}-----\n");
        }

        Damage("RSA-locked", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        string config = Rig.File("damaged");
        await System.IO.File.WriteAllTextAsync(config, "Host login\n" + string.Concat(damaged.Select(f => $"  IdentityFile {f}\n")) + await System.IO.File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
        HostAnswer answer = await Open("login", config).RunAsync("echo in");
        Assert.Equal("in\n", answer.Output);
    }

    [Theory]
    [InlineData("login")]
    [InlineData("compute")]
    public async Task Ten_megabytes_go_up_and_down(string alias)
    {
        IHost host = Open(alias);
        byte[] bytes = RandomNumberGenerator.GetBytes(10_000_000);
        using var output = new MemoryStream();
        HostAnswer answer = await host.RunAsync(new HostCommand("cat") { Input = new MemoryStream(bytes), Output = output });
        Assert.True(answer.IsSuccess, answer.Describe());
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(output.ToArray()));
    }

    [Fact]
    public async Task A_banner_on_every_login_does_no_harm()
    {
        Rig.Banner = "Welcome!\n==atompronet-begin-0\n12345\nexit 0\n" + new string('*', 100_000) + "\nno line break at the end";
        IHost host = Open("compute");
        HostAnswer answer = await host.RunAsync("echo out; echo err >&2; exit 3");
        Assert.Equal((HostOutcome.Finished, 3, "out\n", "err\n"), (answer.Outcome, answer.ExitCode, answer.Output, answer.Error));
    }

    [Theory]
    [InlineData("impostor", HostFailureKind.HostKeyChanged)]
    [InlineData("unknown", HostFailureKind.HostKeyUnknown)]
    [InlineData("stranger", HostFailureKind.AuthenticationFailed)]
    [InlineData("nobody", HostFailureKind.ConnectionRefused)]
    [InlineData("nowhere", HostFailureKind.HostUnknown)]
    public async Task What_is_in_the_way_is_said(string alias, HostFailureKind kind)
    {
        HostAnswer answer = await Open(alias).RunAsync($"touch {Rig.File("ran")}");
        Assert.Equal((HostOutcome.NotReached, null, kind), (answer.Outcome, answer.ExitCode, answer.Failure!.Kind));
        Assert.NotNull(answer.Failure.Remedy);
        Assert.Contains(alias, answer.Failure.Problem, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Rig.File("ran")));
    }

    [Fact]
    public async Task A_changed_key_is_not_accepted_because_the_configuration_would()
    {
        string config = Rig.File("careless");
        await System.IO.File.WriteAllTextAsync(config, "Host *\n  StrictHostKeyChecking no\n  BatchMode no\n" + await System.IO.File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
        foreach ((string alias, HostFailureKind kind) in new[] { ("impostor", HostFailureKind.HostKeyChanged), ("unknown", HostFailureKind.HostKeyUnknown) })
        {
            HostAnswer answer = await Open(alias, config).RunAsync("true");
            Assert.Equal((HostOutcome.NotReached, kind), (answer.Outcome, answer.Failure!.Kind));
        }
    }

    [Fact]
    public async Task What_a_configuration_for_the_terminal_says_is_left_aside()
    {
        string config = Rig.File("terminal");
        await System.IO.File.WriteAllTextAsync(config, "Host *\n  RequestTTY force\n  RemoteCommand tmux\n  LocalForward 9 127.0.0.1:9\n  ExitOnForwardFailure yes\n  LogLevel DEBUG\n" + await System.IO.File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
        HostAnswer answer = await Open("compute", config).RunAsync("echo fine; test -t 0");
        Assert.Equal((HostOutcome.Finished, 1, "fine\n", ""), (answer.Outcome, answer.ExitCode, answer.Output, answer.Error));
    }

    [Fact]
    public async Task A_server_that_stops_is_not_reached_and_then_again()
    {
        IHost host = Open(isKept: false);
        await Rig.StopAsync();
        try
        {
            HostAnswer answer = await host.RunAsync("true");
            Assert.Equal((HostOutcome.NotReached, HostFailureKind.ConnectionRefused), (answer.Outcome, answer.Failure!.Kind));
        }
        finally
        {
            await Rig.StartAsync();
        }

        Assert.True((await host.RunAsync("true")).IsSuccess);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_breaks_leaves_the_command_unknown(bool isShared)
    {
        IHost host = Open(isKept: isShared);
        string begun = Rig.File("begun" + Guid.NewGuid().ToString("N")); // several classes share the rig
        Task<HostAnswer> running = host.RunAsync($"echo some; touch {begun}; sleep 30");
        await UntilAsync(() => System.IO.File.Exists(begun));
        await Rig.CutAsync();
        HostAnswer answer = await running;
        Assert.Equal((HostOutcome.Lost, null, HostFailureKind.ConnectionLost), (answer.Outcome, answer.ExitCode, answer.Failure!.Kind));
        Assert.Equal("some\n", answer.Output);
        // The next command makes a new connection.
        Assert.True((await host.RunAsync("true")).IsSuccess);
    }

    [Fact]
    public async Task A_login_that_breaks_before_the_shell_is_there_has_run_nothing()
    {
        Rig.Hook = "kill -KILL $PPID; sleep 5";
        HostAnswer answer = await Open(isKept: false).RunAsync($"touch {Rig.File("hooked")}");
        Assert.Equal(HostOutcome.NotReached, answer.Outcome);
        Assert.False(System.IO.File.Exists(Rig.File("hooked")));
    }

    [Fact]
    public async Task A_login_without_a_shell_is_told()
    {
        Rig.Hook = "echo 'This account is for file transfer only.'; exit 1";
        HostAnswer answer = await Open(isKept: false).RunAsync("true");
        Assert.Equal(HostOutcome.NotReached, answer.Outcome);
        Assert.Contains("file transfer only", answer.Failure!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_never_comes_to_its_end_is_given_up()
    {
        Rig.Hook = "sleep 60";
        HostAnswer answer = await Open(isKept: false, shellWithin: TimeSpan.FromSeconds(2)).RunAsync("true");
        Assert.Equal((HostOutcome.NotReached, HostFailureKind.Unreachable), (answer.Outcome, answer.Failure!.Kind));
    }

    [Fact]
    public async Task No_process_list_shows_the_text_or_the_environment()
    {
        string secret = "secret" + Guid.NewGuid().ToString("N");
        string listed = Rig.File("listed" + secret[^8..]), seen = Rig.File("seen" + secret[^8..]);
        IHost host = Open("compute");
        Task<HostAnswer> running = host.RunAsync($"x={secret}; export x; touch {listed}; while [ ! -e {seen} ]; do sleep .1; done");
        await UntilAsync(() => System.IO.File.Exists(listed));
        HostAnswer list = await new LocalHost().RunAsync("ps -eo args");
        await System.IO.File.WriteAllTextAsync(seen, "");
        Assert.True((await running).IsSuccess);
        Assert.Contains("atompronet-begin", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list.Output, StringComparison.Ordinal);
    }

    protected static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "It did not happen.");
            await Task.Delay(20);
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    /// <summary>How many logins there have been.</summary>
    protected int Connections() => System.IO.File.ReadAllText(Rig.File("sshd.log"), Encoding.UTF8).Split("Accepted publickey").Length - 1;
}
