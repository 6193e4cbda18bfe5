using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Hosts;

/// <summary>Against a real sshd.</summary>
[Collection(SshCollection.Name)]
public sealed class OpenSshHostTests
{
    private readonly SshRig rig;

    public OpenSshHostTests(SshRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        rig.Reset();
    }

    [Fact]
    public async Task Twenty_commands_share_one_connection()
    {
        OpenSshHost host = rig.Host(change: o => o with { Persist = TimeSpan.FromSeconds(31) });
        Assert.Equal("0", (await host.RunAsync("echo 0")).Output.Trim());
        int before = Connections();
        HostAnswer[] answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => host.RunAsync($"echo {i}; exit {i}")));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (HostOutcome.Finished, (int?)i, $"{i}\n")), answers.Select(a => (a.Outcome, a.ExitCode, a.Output)));
        Assert.Equal(before, Connections());
    }

    [Fact]
    public async Task Without_sharing_each_command_has_its_own_connection()
    {
        OpenSshHost host = rig.Host(change: o => o with { Persist = TimeSpan.Zero });
        int before = Connections();
        Assert.True((await host.RunAsync("true")).IsSuccess);
        Assert.True((await host.RunAsync("true")).IsSuccess);
        Assert.Equal(before + 2, Connections());
    }

    [Fact]
    public async Task A_connection_of_the_users_own_is_used()
    {
        OpenSshHost host = rig.Host("mux");
        Assert.True((await host.RunAsync("true")).IsSuccess);
        Assert.Contains(Directory.GetFiles(Path.GetDirectoryName(rig.ConfigFile)!), f => Path.GetFileName(f).StartsWith("mux-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("login")]
    [InlineData("compute")]
    public async Task Ten_megabytes_go_up_and_down(string alias)
    {
        OpenSshHost host = rig.Host(alias);
        byte[] bytes = RandomNumberGenerator.GetBytes(10_000_000);
        using var output = new MemoryStream();
        HostAnswer answer = await host.RunAsync(new HostCommand("cat") { Input = new MemoryStream(bytes), Output = output });
        Assert.True(answer.IsSuccess, answer.Describe());
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(output.ToArray()));
    }

    [Fact]
    public async Task A_banner_on_every_login_does_no_harm()
    {
        rig.Banner = "Welcome!\n==atompronet-begin-0\n12345\nexit 0\n" + new string('*', 100_000) + "\nno line break at the end";
        OpenSshHost host = rig.Host("compute", o => o with { Persist = TimeSpan.Zero });
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
        HostAnswer answer = await rig.Host(alias).RunAsync($"touch {rig.File("ran")}");
        Assert.Equal((HostOutcome.NotReached, null, kind), (answer.Outcome, answer.ExitCode, answer.Failure!.Kind));
        Assert.NotNull(answer.Failure.Remedy);
        Assert.Contains(alias, answer.Failure.Problem, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(rig.File("ran")));
    }

    [Fact]
    public async Task A_changed_key_is_not_accepted_because_the_configuration_would()
    {
        string config = rig.File("careless");
        await System.IO.File.WriteAllTextAsync(config, "Host *\n  StrictHostKeyChecking no\n  BatchMode no\n" + await System.IO.File.ReadAllTextAsync(rig.ConfigFile, TestContext.Current.CancellationToken));
        foreach ((string alias, HostFailureKind kind) in new[] { ("impostor", HostFailureKind.HostKeyChanged), ("unknown", HostFailureKind.HostKeyUnknown) })
        {
            HostAnswer answer = await rig.Host(alias, o => o with { ConfigFile = config }).RunAsync("true");
            Assert.Equal((HostOutcome.NotReached, kind), (answer.Outcome, answer.Failure!.Kind));
        }
    }

    [Fact]
    public async Task What_a_configuration_for_the_terminal_says_is_left_aside()
    {
        string config = rig.File("terminal");
        await System.IO.File.WriteAllTextAsync(config, "Host *\n  RequestTTY force\n  RemoteCommand tmux\n  LocalForward 9 127.0.0.1:9\n  ExitOnForwardFailure yes\n  LogLevel DEBUG\n" + await System.IO.File.ReadAllTextAsync(rig.ConfigFile, TestContext.Current.CancellationToken));
        HostAnswer answer = await rig.Host("compute", o => o with { ConfigFile = config }).RunAsync("echo fine; test -t 0");
        Assert.Equal((HostOutcome.Finished, 1, "fine\n", ""), (answer.Outcome, answer.ExitCode, answer.Output, answer.Error));
    }

    [Fact]
    public async Task A_server_that_stops_is_not_reached_and_then_again()
    {
        OpenSshHost host = rig.Host(change: o => o with { Persist = TimeSpan.Zero });
        await rig.StopAsync();
        try
        {
            HostAnswer answer = await host.RunAsync("true");
            Assert.Equal((HostOutcome.NotReached, HostFailureKind.ConnectionRefused), (answer.Outcome, answer.Failure!.Kind));
        }
        finally
        {
            await rig.StartAsync();
        }

        Assert.True((await host.RunAsync("true")).IsSuccess);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_breaks_leaves_the_command_unknown(bool isShared)
    {
        OpenSshHost host = rig.Host(change: o => o with { Persist = isShared ? TimeSpan.FromSeconds(32) : TimeSpan.Zero });
        string begun = rig.File("begun-" + isShared);
        Task<HostAnswer> running = host.RunAsync($"echo some; touch {begun}; sleep 30");
        await UntilAsync(() => System.IO.File.Exists(begun));
        await rig.CutAsync();
        HostAnswer answer = await running;
        Assert.Equal((HostOutcome.Lost, null, HostFailureKind.ConnectionLost), (answer.Outcome, answer.ExitCode, answer.Failure!.Kind));
        Assert.Equal("some\n", answer.Output);
        // The next command makes a new connection.
        Assert.True((await host.RunAsync("true")).IsSuccess);
    }

    [Fact]
    public async Task A_login_that_breaks_before_the_shell_is_there_has_run_nothing()
    {
        rig.Hook = "kill -KILL $PPID; sleep 5";
        HostAnswer answer = await rig.Host(change: o => o with { Persist = TimeSpan.Zero }).RunAsync($"touch {rig.File("hooked")}");
        Assert.Equal(HostOutcome.NotReached, answer.Outcome);
        Assert.False(System.IO.File.Exists(rig.File("hooked")));
    }

    [Fact]
    public async Task A_login_without_a_shell_is_told()
    {
        rig.Hook = "echo 'This account is for file transfer only.'; exit 1";
        HostAnswer answer = await rig.Host(change: o => o with { Persist = TimeSpan.Zero }).RunAsync("true");
        Assert.Equal(HostOutcome.NotReached, answer.Outcome);
        Assert.Contains("file transfer only", answer.Failure!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_never_comes_to_its_end_is_given_up()
    {
        rig.Hook = "sleep 60";
        HostAnswer answer = await rig.Host(change: o => o with { Persist = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(-9) }).RunAsync("true");
        Assert.Equal((HostOutcome.NotReached, HostFailureKind.Unreachable), (answer.Outcome, answer.Failure!.Kind));
    }

    [Fact]
    public async Task No_process_list_shows_the_text_or_the_environment()
    {
        string secret = "secret" + Guid.NewGuid().ToString("N");
        OpenSshHost host = rig.Host("compute");
        Task<HostAnswer> running = host.RunAsync($"x={secret}; export x; touch {rig.File("listed")}; while [ ! -e {rig.File("seen")} ]; do sleep .1; done");
        await UntilAsync(() => System.IO.File.Exists(rig.File("listed")));
        HostAnswer list = await new LocalHost().RunAsync("ps -eo args");
        await System.IO.File.WriteAllTextAsync(rig.File("seen"), "");
        Assert.True((await running).IsSuccess);
        Assert.Contains("atompronet-begin", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_socket_lies_where_nobody_else_can_reach_it()
    {
        OpenSshHost host = rig.Host(change: o => o with { Persist = TimeSpan.FromSeconds(33) });
        Assert.True((await host.RunAsync("true")).IsSuccess);
        string folder = OpenSshConfig.SocketFolder()!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(folder).UnixFileMode);
    }

    [Fact]
    public async Task A_client_that_is_not_there_is_named()
    {
        HostAnswer answer = await rig.Host(change: o => o with { Program = "/nowhere/ssh" }).RunAsync("true");
        Assert.Equal((HostOutcome.NotReached, HostFailureKind.ProgramMissing), (answer.Outcome, answer.Failure!.Kind));
    }

    [Theory]
    [InlineData("-oProxyCommand=touch owned")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("host\nProxyCommand x")]
    public void A_destination_that_could_be_an_option_is_refused(string destination) =>
        Assert.Equal("SshDestinationInvalid", Assert.Throws<AtomProNetException>(() => new OpenSshOptions { Destination = destination }).ErrorId);

    private static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "It did not happen.");
            await Task.Delay(20);
        }
    }

    private int Connections() => System.IO.File.ReadAllText(rig.File("sshd.log"), Encoding.UTF8).Split("Accepted publickey").Length - 1;
}
