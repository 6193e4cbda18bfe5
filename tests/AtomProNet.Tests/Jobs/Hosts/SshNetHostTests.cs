using System.Diagnostics;
using System.Security;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Hosts;

/// <summary>SSH.NET against a real sshd: all that OpenSSH has to do, and what it does by itself where OpenSSH's client would.</summary>
[Collection(SshCollection.Name)]
public sealed class SshNetHostTests(SshRig rig) : SshHostSuite(rig), IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Rig.CloseSshNetAsync();

    protected override IHost Open(string alias = "login", string? config = null, bool isKept = true, TimeSpan? shellWithin = null) => Rig.SshNet(alias, o => o with
    {
        ConfigFile = config ?? o.ConfigFile,
        Persist = isKept ? o.Persist : TimeSpan.Zero,
        ShellTimeout = shellWithin ?? o.ShellTimeout,
    });

    [Theory]
    [InlineData("hashed")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    [InlineData("wildcard")]
    [InlineData("portless")]
    public async Task A_host_is_known_in_whatever_way_its_key_is_written_down(string alias)
    {
        HostAnswer answer = await Open(alias).RunAsync("echo in");
        Assert.Equal("in\n", answer.Output);
    }

    [Theory]
    [InlineData("revoked", HostFailureKind.HostKeyChanged, "REVOKED")]
    [InlineData("impostor", HostFailureKind.HostKeyChanged, "NOT THE ONE")]
    [InlineData("unknown", HostFailureKind.HostKeyUnknown, "SHA256:")]
    [InlineData("otherkind", HostFailureKind.HostKeyUnknown, "SHA256:")]
    [InlineData("authority", HostFailureKind.HostKeyUnknown, "SHA256:")]
    public async Task A_key_that_proves_nothing_is_refused_with_its_fingerprint(string alias, HostFailureKind kind, string said)
    {
        HostAnswer answer = await Open(alias).RunAsync($"touch {Rig.File("ran")}");
        Assert.Equal((HostOutcome.NotReached, kind), (answer.Outcome, answer.Failure!.Kind));
        Assert.Contains(said, answer.Failure.Problem, StringComparison.Ordinal);
        Assert.Contains(await FingerprintAsync("host"), answer.Failure.Problem + answer.Failure.Detail, StringComparison.Ordinal);
        Assert.Equal(alias == "authority", answer.Failure.Detail?.Contains("@cert-authority", StringComparison.Ordinal) ?? false);
        Assert.False(File.Exists(Rig.File("ran")));
    }

    [Fact]
    public async Task A_new_key_is_taken_when_its_fingerprint_was_compared()
    {
        string known = Rig.File("fresh_known_hosts"), config = Rig.File("fresh");
        await File.WriteAllTextAsync(config, $"Host login\n  UserKnownHostsFile {known}\n" + await File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
        string wrong = await FingerprintAsync("other"), right = await FingerprintAsync("host");
        HostAnswer refused = await Rig.SshNet(change: o => o with { ConfigFile = config, AcceptedFingerprint = wrong }).RunAsync("true");
        Assert.Equal(HostFailureKind.HostKeyUnknown, refused.Failure!.Kind);
        Assert.False(File.Exists(known));
        Assert.True((await Rig.SshNet(change: o => o with { ConfigFile = config, AcceptedFingerprint = right }).RunAsync("true")).IsSuccess);
        await Rig.CloseSshNetAsync();
        Assert.True((await Rig.SshNet(change: o => o with { ConfigFile = config }).RunAsync("true")).IsSuccess);
        // OpenSSH reads it, too.
        Assert.True((await Rig.Host(change: o => o with { ConfigFile = config, Persist = TimeSpan.Zero }).RunAsync("true")).IsSuccess);
        // A changed key is not taken, whatever fingerprint is given.
        HostAnswer changed = await Rig.SshNet("impostor", o => o with { AcceptedFingerprint = right }).RunAsync("true");
        Assert.Equal(HostFailureKind.HostKeyChanged, changed.Failure!.Kind);
    }

    [Fact]
    public async Task The_key_of_a_jump_host_is_taken_when_its_fingerprint_was_compared()
    {
        string known = Rig.File("jump_known_hosts"), config = Rig.File("jump");
        await File.WriteAllTextAsync(config, $"Host login\n  UserKnownHostsFile {known}\n" + await File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
        string right = await FingerprintAsync("host");
        HostAnswer refused = await Rig.SshNet("compute", o => o with { ConfigFile = config }).RunAsync("true");
        Assert.Equal(HostFailureKind.HostKeyUnknown, refused.Failure!.Kind);
        Assert.Contains("-HostKeyFingerprint " + right, refused.Failure.Remedy, StringComparison.Ordinal);
        HostAnswer answer = await Rig.SshNet("compute", o => o with { ConfigFile = config, AcceptedFingerprint = right }).RunAsync("echo in");
        Assert.Equal("in\n", answer.Output);
    }

    [Fact]
    public async Task A_new_key_is_written_down_once_however_often_it_is_shown()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        using RigScript often = await RigScript.StartAsync("sshd.sh", () => new() { ["PORT"] = RigScript.FreePorts(1)[0].ToString(System.Globalization.CultureInfo.InvariantCulture), ["REKEY"] = "1M none" });
        try
        {
            string known = often.File("fresh_known_hosts"), config = often.File("fresh");
            await File.WriteAllTextAsync(config, $"Host login\n  UserKnownHostsFile {known}\n" + await File.ReadAllTextAsync(often.File("config"), TestContext.Current.CancellationToken));
            string fingerprint = (await new LocalHost().RunAsync($"ssh-keygen -l -f {often.File("host.pub")}")).Output.Split(' ')[1];
            HostAnswer answer = await Rig.SshNet(change: o => o with { ConfigFile = config, AcceptedFingerprint = fingerprint }).RunAsync("head -c 5000000 /dev/zero | wc -c; head -c 5000000 /dev/zero");
            Assert.StartsWith("5000000\n", answer.Output, StringComparison.Ordinal);
            Assert.Single(await File.ReadAllLinesAsync(known, TestContext.Current.CancellationToken));
        }
        finally
        {
            await often.RunAsync("down");
        }
    }

    [Fact]
    public async Task A_slow_way_up_is_not_taken_for_a_silent_host()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        using var way = new SlowWay(Rig.Port, bytesPerSecond: 400_000);
        string config = Rig.File("slow");
        await File.WriteAllTextAsync(config, $"Host login\n  HostKeyAlias {Rig.KnownName}\n  Port {way.Port}\n" + await File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
        IHost host = Rig.SshNet(change: o => o with { ConfigFile = config, AliveInterval = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(3) });
        Assert.Equal("in\n", (await host.RunAsync("echo in")).Output);
        Task<HostAnswer> upload = host.RunAsync(new HostCommand("cat >/dev/null; echo done") { Input = new MemoryStream(new byte[4_000_000]) });
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        // What is asked meanwhile waits behind the upload, and does not end it.
        HostAnswer between = await host.RunAsync("echo between");
        Assert.Equal((HostOutcome.Finished, "between\n"), (between.Outcome, between.Output));
        HostAnswer answer = await upload;
        Assert.Equal((HostOutcome.Finished, "done\n"), (answer.Outcome, answer.Output));
    }

    [Fact]
    public async Task Who_reads_slowly_does_not_lose_the_connection_to_another_command()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        IHost host = Rig.SshNet(change: o => o with { ConnectTimeout = TimeSpan.FromSeconds(3) });
        Assert.True((await host.RunAsync("true")).IsSuccess);
        int before = Connections();
        using var slow = new HeldStream();
        Task<HostAnswer> running = host.RunAsync(new HostCommand("head -c 20000000 /dev/zero") { Output = slow });
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Task<HostAnswer> other = host.RunAsync("echo in");
        await Task.Delay(9000, TestContext.Current.CancellationToken);
        slow.Release();
        Assert.Equal("in\n", (await other).Output);
        HostAnswer answer = await running;
        Assert.True(answer.IsSuccess, answer.Describe());
        Assert.Equal(20_000_000, slow.Count);
        Assert.Equal(before, Connections());
    }

    [Fact]
    public async Task A_passphrase_is_asked_for_once_and_a_wrong_one_again()
    {
        var answers = new Answers("wrong", "open sesame");
        IHost host = Rig.SshNet("locked", o => o with { Answers = answers });
        Assert.Equal("in\n", (await host.RunAsync("echo in")).Output);
        Assert.Equal("in\n", (await host.RunAsync("echo in")).Output);
        Assert.Equal([(SshQuestionKind.Passphrase, 1), (SshQuestionKind.Passphrase, 2)], answers.Asked.Select(q => (q.Kind, q.Attempt)));
        Assert.All(answers.Asked, q => Assert.Equal(Rig.File("locked"), q.Target));
        // What was typed is wiped where it was used.
        Assert.All(answers.Given, s => Assert.Throws<ObjectDisposedException>(() => s.Length));
        // The connection breaks; the passphrase is still known.
        await Rig.CutAsync();
        Assert.Equal("in\n", (await host.RunAsync("echo in")).Output);
        Assert.Equal(2, answers.Asked.Count);
        // After it was closed it is not.
        await Rig.CloseSshNetAsync();
        HostAnswer refused = await Rig.SshNet("locked").RunAsync("true");
        Assert.Equal(HostFailureKind.AuthenticationFailed, refused.Failure!.Kind);
        Assert.Contains("passphrase", refused.Failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_agent_signs()
    {
        ProcessStartInfo Start(string program, params string[] words) => new(program, words) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["SSH_AUTH_SOCK"] = Rig.File("agent") } };
        HostAnswer without = await Open("agent").RunAsync("true");
        Assert.Equal(HostFailureKind.AuthenticationFailed, without.Failure!.Kind);
        using Process agent = Process.Start(Start("/usr/bin/ssh-agent", "-D", "-a", Rig.File("agent")))!;
        try
        {
            await UntilAsync(() => File.Exists(Rig.File("agent")));
            // Another key that the host does not know, too: IdentitiesOnly leaves it out.
            foreach (string key in new[] { "other", "carried" })
            {
                using Process add = Process.Start(Start("/usr/bin/ssh-add", Rig.File(key)))!;
                await add.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(0, add.ExitCode);
            }

            Assert.Equal("in\n", (await Open("agent").RunAsync("echo in")).Output);
        }
        finally
        {
            agent.Kill();
        }
    }

    [Fact]
    public async Task Two_jump_hosts_lead_to_a_third()
    {
        using RigScript far = await RigScript.StartAsync("sshd.sh", () => new() { ["PORT"] = RigScript.FreePorts(1)[0].ToString(System.Globalization.CultureInfo.InvariantCulture) });
        try
        {
            string config = Rig.File("chain");
            string farConfig = (await File.ReadAllTextAsync(far.File("config"), TestContext.Current.CancellationToken)).Split("Host *\n")[^1];
            await File.WriteAllTextAsync(config, $"Host far\n  ProxyJump login,login2\n{farConfig}\n  IdentityFile {far.File("id")}\nHost login2\n  ProxyJump none\n" + await File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
            int before = Connections();
            IHost host = Open("far", config);
            HostAnswer answer = await host.RunAsync("pwd");
            Assert.True(answer.IsSuccess, answer.Failure?.ToString());
            Assert.Equal(far.File("home") + "\n", answer.Output);
            Assert.Equal(before + 2, Connections());
            await far.RunAsync("stop");
            await far.RunAsync("cut");
            HostAnswer gone = await host.RunAsync("true");
            Assert.Equal(HostOutcome.NotReached, gone.Outcome);
            Assert.Contains("login2", gone.Failure!.Problem, StringComparison.Ordinal);
        }
        finally
        {
            await far.RunAsync("down");
        }
    }

    [Fact]
    public async Task What_only_ssh_can_do_is_refused_with_the_place()
    {
        string config = Rig.File("program");
        await File.WriteAllTextAsync(config, "Host login\n  ProxyCommand nc %h %p\n" + await File.ReadAllTextAsync(Rig.ConfigFile, TestContext.Current.CancellationToken));
        HostAnswer answer = await Open("login", config).RunAsync("true");
        Assert.Equal(HostOutcome.NotReached, answer.Outcome);
        Assert.Contains("OpenSsh", answer.Failure!.Remedy, StringComparison.Ordinal);
        Assert.Equal($"{config}, line 2", answer.Failure.Detail);
    }

    [Fact]
    public async Task A_host_that_falls_silent_is_given_up()
    {
        IHost host = Rig.SshNet(change: o => o with { AliveInterval = TimeSpan.FromMilliseconds(300) });
        string begun = Rig.File("silent");
        Task<HostAnswer> running = host.RunAsync($"touch {begun}; sleep 300");
        await UntilAsync(() => File.Exists(begun));
        await Rig.FreezeAsync();
        try
        {
            HostAnswer answer = await running;
            Assert.Equal((HostOutcome.Lost, HostFailureKind.ConnectionLost), (answer.Outcome, answer.Failure!.Kind));
        }
        finally
        {
            await Rig.ThawAsync();
            await Rig.CutAsync();
        }
    }

    [Fact]
    public async Task A_host_that_has_nothing_to_say_is_waited_for()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds of waiting; runs with ATOMPRONET_TEST=full.");
        IHost host = Rig.SshNet(change: o => o with { AliveInterval = TimeSpan.FromSeconds(2) });
        Assert.Equal("late\n", (await host.RunAsync("sleep 8; echo late")).Output);
    }

    [Fact]
    public async Task A_connection_that_nobody_uses_is_closed_after_a_while()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds of waiting; runs with ATOMPRONET_TEST=full.");
        IHost host = Rig.SshNet(change: o => o with { Persist = TimeSpan.FromSeconds(2) });
        int before = Connections();
        for (int i = 0; i < 4; i++)
        {
            // The last use counts, not the first.
            Assert.True((await host.RunAsync("true")).IsSuccess);
            await Task.Delay(900, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before + 1, Connections());
        // A command that takes longer is a use, too.
        Assert.Equal("late\n", (await host.RunAsync("sleep 3; echo late")).Output);
        Assert.True((await host.RunAsync("true")).IsSuccess);
        Assert.Equal(before + 1, Connections());
        int closed = Closed();
        await UntilAsync(() => Closed() > closed);
        Assert.True((await host.RunAsync("true")).IsSuccess);
        Assert.Equal(before + 2, Connections());

        int Closed() => File.ReadAllText(Rig.File("sshd.log")).Split("Disconnected from").Length;
    }

    [Fact]
    public async Task Whoever_reads_slowly_slows_the_host_down()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        string progress = Rig.File("progress");
        using var slow = new HeldStream();
        // 100 MB, of which nobody takes anything for now.
        Task<HostAnswer> running = Open().RunAsync(new HostCommand($"i=0; while [ $i -lt 100 ]; do head -c 1000000 /dev/zero; i=$((i+1)); echo $i >{progress}.new; mv {progress}.new {progress}; done") { Output = slow, Timeout = TimeSpan.FromMinutes(5) });
        await UntilAsync(() => File.Exists(progress));
        string last = "";
        while (last != await File.ReadAllTextAsync(progress, TestContext.Current.CancellationToken))
        {
            last = await File.ReadAllTextAsync(progress, TestContext.Current.CancellationToken);
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }

        Assert.InRange(int.Parse(last, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        // What has come and waits here is little: the rest is still over there.
        Assert.InRange(MostThatWaited(), 1_000_000, 8_000_000);
        slow.Release();
        HostAnswer answer = await running;
        Assert.True(answer.IsSuccess, answer.Describe());
        Assert.Equal(100_000_000, slow.Count);
    }

    [Fact]
    public async Task Cancellation_leaves_the_connection_to_the_others()
    {
        IHost host = Open();
        Assert.True((await host.RunAsync("true")).IsSuccess);
        int before = Connections();
        Task<HostAnswer> other = host.RunAsync($"while [ ! -e {Rig.File("go")} ]; do sleep .1; done; echo done");
        using var soon = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync("sleep 300", soon.Token));
        await File.WriteAllTextAsync(Rig.File("go"), "");
        Assert.Equal("done\n", (await other).Output);
        Assert.Equal(before, Connections());
    }

    [Fact]
    public void The_library_stays_out_of_the_default_context()
    {
        Assert.SkipWhen(SshNetTransport.Instance is null, "AtomProNet.SshNet is left out: the package SSH.NET could not be restored.");
        Assert.StartsWith("SSH.NET ", SshNetTransport.Instance!.Description, StringComparison.Ordinal);
        Assert.DoesNotContain(System.Runtime.Loader.AssemblyLoadContext.Default.Assemblies, a => a.GetName().Name is "Renci.SshNet" or "BouncyCastle.Cryptography" or "AtomProNet.SshNet");
    }

    /// <summary>The most bytes that a command of the standing connections has let wait for its reader. The transport's types are its own, so that they are reached by name.</summary>
    private static long MostThatWaited()
    {
        static object? Field(object from, string name) => from.GetType().GetField(name, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(from);
        IEnumerable<object> connections = ((System.Collections.IDictionary)Field(SshNetTransport.Instance!, "connections")!).Values.Cast<object>().Select(s => Field(s, "current")).OfType<object>();
        IEnumerable<object> streams = connections.SelectMany(c => ((System.Collections.IDictionary)Field(c, "receiving")!).Keys.Cast<object>());
        return streams.Max(s => (long)s.GetType().GetProperty("Peak")!.GetValue(s)!);
    }

    private async Task<string> FingerprintAsync(string key)
    {
        // As ssh-keygen tells it: bits, fingerprint, comment, kind.
        HostAnswer answer = await new LocalHost().RunAsync($"ssh-keygen -l -f {Rig.File(key + ".pub")}");
        return answer.Output.Split(' ')[1];
    }

    /// <summary>Answers one after the other.</summary>
    internal sealed class Answers(params string[] texts) : ISshAnswers
    {
        public List<SshQuestion> Asked { get; } = [];

        public List<SecureString> Given { get; } = [];

        public Task<SecureString?> AnswerAsync(SshQuestion question, CancellationToken cancellation)
        {
            Asked.Add(question);
            SecureString? answer = Asked.Count <= texts.Length ? Secret(texts[Asked.Count - 1]) : null;
            if (answer is not null)
            {
                Given.Add(answer);
            }

            return Task.FromResult(answer);
        }

        public static SecureString? Secret(string text)
        {
            var secret = new SecureString();
            foreach (char c in text)
            {
                secret.AppendChar(c);
            }

            return secret;
        }
    }

    /// <summary>A way to sshd on which little fits: what goes up comes slowly, what comes down does not wait.</summary>
    private sealed class SlowWay : IDisposable
    {
        private readonly System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        private readonly int target, bytesPerSecond;

        public SlowWay(int target, int bytesPerSecond)
        {
            (this.target, this.bytesPerSecond) = (target, bytesPerSecond);
            listener.Start();
            Port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
            _ = AcceptAsync();
        }

        public int Port { get; }

        public void Dispose() => listener.Dispose();

        private async Task AcceptAsync()
        {
            while (true)
            {
                System.Net.Sockets.TcpClient near = await listener.AcceptTcpClientAsync();
                var far = new System.Net.Sockets.TcpClient();
                await far.ConnectAsync(System.Net.IPAddress.Loopback, target);
                _ = PassAsync(near, far, bytesPerSecond);
                _ = PassAsync(far, near, int.MaxValue);
            }
        }

        private static async Task PassAsync(System.Net.Sockets.TcpClient from, System.Net.Sockets.TcpClient to, int bytesPerSecond)
        {
            try
            {
                var buffer = new byte[16384];
                int count;
                while ((count = await from.GetStream().ReadAsync(buffer)) > 0)
                {
                    await Task.Delay((int)(1000L * count / bytesPerSecond));
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over.
            }
            finally
            {
                from.Dispose();
                to.Dispose();
            }
        }
    }

    /// <summary>Takes nothing before it is let go.</summary>
    private sealed class HeldStream : MemoryStream
    {
        private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Count { get; private set; }

        public void Release() => held.TrySetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await held.Task.WaitAsync(cancellationToken);
            Count += buffer.Length;
        }
    }
}
