using System.Collections.Immutable;
using System.Diagnostics;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.Tests.Jobs.Hosts.Ssh;

/// <summary>What the configuration says of a host, held against what <c>ssh -G</c> makes of the same file.</summary>
public sealed class SshConfigurationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private SshHostSettings Resolve(string text, string host, string? user = null)
    {
        folder.Write("config", text);
        return SshConfiguration.Resolve(host, folder.Path("config"), user, home: folder.Root);
    }

    public static TheoryData<string, string> Configurations => new()
    {
        { "Host a\n  HostName one.example\nHost *\n  HostName two.example\n", "a" },
        { "Host a\n  HostName one.example\nHost *\n  HostName two.example\n", "b" },
        { "Port 2222\nHost a\n  Port 22\n", "a" },
        { "Host *.example !bad.example\n  User good\n", "fine.example" },
        { "Host *.example !bad.example\n  User good\n", "bad.example" },
        { "Host a? b* c\n  User u\n", "ab" },
        { "Host a? b* c\n  User u\n", "a" },
        { "Host a\n  HostName %h.cluster.example\n", "a" },
        { "HOST=a\nhostname = \"quoted.example\" # a comment\n  PORT\t77\n", "a" },
        { "Host a\n  ProxyJump first,second:23\n", "a" },
        { "Host a\n  ProxyJump none\nHost *\n  ProxyJump first\n", "a" },
        { "Host a\n  IdentityFile /k/one\nHost *\n  IdentityFile \"/k/two three\"\n", "a" },
        { "Host a\n  IdentityFile /k/%h-%p-%r\n  Port 24\n  User me\n", "a" },
        { "Host a\n  UserKnownHostsFile /k/one /k/two\n  GlobalKnownHostsFile none\n", "a" },
        { "Host a\n  HostKeyAlias other\n  IdentitiesOnly yes\n", "a" },
        { "Match host a\n  Port 25\nMatch all\n  Port 26\n", "a" },
        { "Match host a\n  Port 25\nMatch all\n  Port 26\n", "b" },
        { "Host a\n  HostName real\nMatch host real\n  Port 25\n", "a" },
        { "Host a\n  HostName real\nMatch originalhost a user me\n  Port 25\n", "me@a" },
        { "Match originalhost \"b,!a\"\n  Port 25\nMatch !host a\n  Port 27\n", "a" },
        { "User early\nHost a\n  User late\n", "a" },
        { "User early\n", "mine@a" },
        { "Host a\n  PreferredAuthentications password,publickey\n  PubkeyAuthentication no\n", "a" },
        { "Host a\\ b\n  Port 3\n", "a" },
        { "Host 'a' \"b\"\n  Port 3\n", "b" },
        // What stands under 'final' counts last, and makes ssh read all again with the name that it found.
        { "Match final all\n  User last\n  Port 25\nHost a\n  HostName real.example\n  Port 26\n", "a" },
        { "Match final\n  HostName other\n  User last\n", "a" },
        { "Match !final\n  Port 25\nMatch final\n  Port 26\n", "a" },
        { "Match final host real.example\n  Port 25\nMatch final originalhost a\n  User last\nHost a\n  HostName real.example\n", "a" },
        { "Host a\n  HostName real.example\nHost *.example\n  User cluster\n", "a" },
        { "Host a\n  HostName %h.example\nHost *.example\n  User cluster\n  IdentityFile /k/%h\nMatch final user nobody\n  Port 27\n", "a" },
        { "Match canonical\n  Port 25\n", "a" },
        { "Match canonical\n  Port 25\nMatch final\n  User last\n", "a" },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task It_reads_what_ssh_reads(string text, string host)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh"), "ssh is missing (Debian: openssh-client).");
        await CompareAsync(text, host);
    }

    [Theory]
    [InlineData("Include FOLDER/conf/*/hosts\n")]
    [InlineData("Include FOLDER/co?f/o*/hosts FOLDER/conf/two/*\n")]
    [InlineData("Include FOLDER/conf/.*/hosts\n")]
    [InlineData("Include FOLDER/missing/*/hosts FOLDER/conf/*/missing\n")]
    [InlineData("Match final all\n  Include FOLDER/conf/two/hosts\nHost a\n  Port 9\n")]
    public async Task It_includes_what_ssh_includes(string text)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh"), "ssh is missing (Debian: openssh-client).");
        folder.Write("conf/one/hosts", "Host a\n  Port 31\n");
        folder.Write("conf/two/hosts", "Host a\n  Port 32\n  User two\n");
        folder.Write("conf/.three/hosts", "Host a\n  Port 33\n  HostName three\n");
        await CompareAsync(text.Replace("FOLDER", folder.Root, StringComparison.Ordinal), "a");
    }

    private async Task CompareAsync(string text, string host)
    {
        SshHostSettings ours = Resolve(text, host);
        using Process ssh = Process.Start(new ProcessStartInfo("/usr/bin/ssh", ["-T", "-F", folder.Path("config"), "-G", host]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = ssh.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        ILookup<string, string> theirs = (await ssh.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n').Select(l => l.Split(' ', 2)).Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1]);
        Assert.Equal("", await error);
        Assert.Equal(theirs["hostname"].Single(), ours.HostName);
        Assert.Equal(theirs["port"].Single(), ours.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(theirs["user"].Single(), ours.User);
        Assert.Equal(theirs["identitiesonly"].Single() == "yes", ours.IdentitiesOnly);
        Assert.Equal(theirs["hostkeyalias"].FirstOrDefault(), ours.HostKeyAlias);
        Assert.Equal(theirs["proxyjump"].FirstOrDefault() ?? "", string.Join(',', ours.Jumps));
        if (text.Contains("IdentityFile", StringComparison.Ordinal))
        {
            string[] expanded = [.. theirs["identityfile"].Select(f => f.Replace("%h", ours.HostName, StringComparison.Ordinal).Replace("%p", "24", StringComparison.Ordinal).Replace("%r", "me", StringComparison.Ordinal))];
            Assert.Equal(expanded, ours.IdentityFiles);
        }

        if (text.Contains("UserKnownHostsFile", StringComparison.Ordinal))
        {
            Assert.Equal(theirs["userknownhostsfile"].Single(), string.Join(' ', ours.KnownHostsFiles));
        }

        Assert.Equal(theirs["pubkeyauthentication"].Single() is not "false" and not "no", ours.Authentications.Contains("publickey"));
    }

    [Fact]
    public void Without_a_configuration_it_is_as_ssh_does_it()
    {
        SshHostSettings settings = Resolve("", "login.example");
        Assert.Equal(("login.example", 22, Environment.UserName), (settings.HostName, settings.Port, settings.User));
        Assert.Equal(ImmutableArray.Create("publickey", "keyboard-interactive", "password"), settings.Authentications.AsEnumerable());
        Assert.Contains(folder.Path(".ssh", "id_ed25519"), settings.IdentityFiles);
        Assert.Equal(folder.Path(".ssh", "known_hosts"), settings.NewKeysFile);
        Assert.Equal("given", Resolve("", "login.example", "given").User);
        Assert.Equal("mine", Resolve("", "mine@login.example", "given").User);
    }

    [Fact]
    public void Files_are_included_where_they_stand()
    {
        folder.Write(".ssh/conf.d/b", "Host inner\n  Port 5\nHost *\n  User late\n");
        folder.Write(".ssh/conf.d/a", "  Port 4\n");
        folder.Write(".ssh/conf.d/.hidden", "Port 6\n");
        SshHostSettings inner = Resolve("Host x inner\n  Include conf.d/*\nHost inner other\n  User mine\n  Port 7\n", "inner");
        Assert.Equal((4, "late"), (inner.Port, inner.User));
        SshHostSettings other = Resolve("Host x inner\n  Include conf.d/*\nHost inner other\n  User mine\n  Port 7\n", "other");
        Assert.Equal((7, "mine"), (other.Port, other.User));
        Assert.Equal("SshConfigNotSupported", Assert.Throws<AtomProNetException>(() => Resolve($"Include {folder.Path("config")}\n", "x")).ErrorId);
    }

    [Fact]
    public void The_place_of_an_included_file_may_hold_tokens_and_variables()
    {
        folder.Write("conf/a", "Port 31\n");
        Environment.SetEnvironmentVariable("ATOMPRONET_TEST_FOLDER", folder.Path("conf"));
        Assert.Equal(31, Resolve("Include %d/conf/a\n", "a").Port);
        Assert.Equal(31, Resolve("Include ${ATOMPRONET_TEST_FOLDER}/a\n", "a").Port);
        Assert.Equal(31, Resolve("Include ~/conf/%n\n", "a").Port);
    }

    [Theory]
    [InlineData("Host a\n  ProxyCommand nc %h %p\n", 2)]
    [InlineData("Port 1\nMatch exec \"test -e /x\"\n  User evil\n", 3)]
    [InlineData("Match final exec true\n  HostName other\n", 2)]
    [InlineData("Include conf.d/[ab]*\n", 1)]
    [InlineData("Include ~other/config\n", 1)]
    [InlineData("Include %C/config\n", 1)]
    [InlineData("Include ${ATOMPRONET_NOT_SET}/config\n", 1)]
    [InlineData("Host a\n  HostName\n", 2)]
    [InlineData("User \"\"\n", 1)]
    [InlineData("IdentityFile # none\n", 1)]
    [InlineData("Match host a exec true\n  IdentityFile /k\n", 2)]
    [InlineData("CanonicalizeHostname yes\n", 1)]
    [InlineData("Host a\n  HostName %C\n", 2)]
    [InlineData("Port many\n", 1)]
    public void What_would_lead_elsewhere_is_refused_with_its_line(string text, int line)
    {
        AtomProNetException error = Assert.Throws<AtomProNetException>(() => Resolve(text, "a"));
        Assert.Equal(("SshConfigNotSupported", folder.Path("config"), (long?)line), (error.ErrorId, error.File, error.Line));
        Assert.Contains("OpenSsh", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Match exec \"test -e /x\"\n  ForwardX11 yes\nHost a\n  Port 3\n")]
    [InlineData("Host a\n  Port 3\nMatch exec false\n  Port 4\n")]
    [InlineData("Match host b exec true\n  User evil\nHost *\n  Port 3\n")]
    [InlineData("Host b\n  ProxyCommand nc\nHost a\n  Port 3\n  ControlMaster auto\n  SomethingNew yes\n  StrictHostKeyChecking no\n")]
    [InlineData("Host a\n  Port 3\n  ProxyCommand none\nHost *\n  ProxyJump x\n")]
    public void What_does_not_matter_is_passed_over(string text)
    {
        SshHostSettings settings = Resolve(text, "a");
        Assert.Equal((3, 0), (settings.Port, settings.Jumps.Length));
    }

    [Fact]
    public void A_configuration_that_others_can_write_to_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        folder.Write(".ssh/config", "Port 3\n");
        Assert.Equal(3, SshConfiguration.Resolve("a", null, home: folder.Root).Port);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.Path(".ssh", "config"), UnixFileMode.UserRead | UnixFileMode.GroupWrite);
        }

        Assert.Equal("SshConfigWritable", Assert.Throws<AtomProNetException>(() => SshConfiguration.Resolve("a", null, home: folder.Root)).ErrorId);
    }

    [Fact]
    public void A_route_goes_through_its_jump_hosts_in_order()
    {
        folder.Write("config", "Host far\n  ProxyJump near,you@mid:23\nHost near\n  ProxyJump gate\nHost mid\n  ProxyJump loop\n  HostName mid.example\nHost loop\n  ProxyJump loop\n");
        var options = new SshNetOptions { Destination = "far", ConfigFile = folder.Path("config") };
        Assert.Equal(["gate:22", "near:22", "mid.example:23", "far:22"], SshRoute.Resolve(options, folder.Root).Select(h => $"{h.HostName}:{h.Port}"));
        Assert.Equal("you", SshRoute.Resolve(options, folder.Root)[2].User);
        Assert.Equal("SshJumpLoop", Assert.Throws<AtomProNetException>(() => SshRoute.Resolve(options with { Destination = "loop" }, folder.Root)).ErrorId);
    }
}
