using AtomProNet.Jobs.Hosts;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Hosts;

/// <summary>Against a real sshd.</summary>
[Collection(SshCollection.Name)]
public sealed class OpenSshHostTests(SshRig rig) : SshHostSuite(rig)
{
    protected override IHost Open(string alias = "login", string? config = null, bool isKept = true, TimeSpan? shellWithin = null) => Rig.Host(alias, o => o with
    {
        ConfigFile = config ?? o.ConfigFile,
        Persist = isKept ? o.Persist : TimeSpan.Zero,
        // The limit is twice this and twenty seconds.
        ConnectTimeout = shellWithin is { } limit ? (limit - TimeSpan.FromSeconds(20)) / 2 : o.ConnectTimeout,
    });

    [Fact]
    public async Task Without_sharing_each_command_has_its_own_connection()
    {
        OpenSshHost host = Rig.Host(change: o => o with { Persist = TimeSpan.Zero });
        int before = Connections();
        Assert.True((await host.RunAsync("true")).IsSuccess);
        Assert.True((await host.RunAsync("true")).IsSuccess);
        Assert.Equal(before + 2, Connections());
    }

    [Fact]
    public async Task A_connection_of_the_users_own_is_used()
    {
        OpenSshHost host = Rig.Host("mux");
        Assert.True((await host.RunAsync("true")).IsSuccess);
        Assert.Contains(Directory.GetFiles(Path.GetDirectoryName(Rig.ConfigFile)!), f => Path.GetFileName(f).StartsWith("mux-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_of_the_users_own_is_not_closed_and_ours_is()
    {
        OpenSshHost theirs = Rig.Host("mux"), ours = Rig.Host();
        Assert.True((await theirs.RunAsync("true")).IsSuccess);
        Assert.True((await ours.RunAsync("true")).IsSuccess);
        int before = Connections();
        Assert.False(await theirs.CloseSharedAsync());
        await theirs.CloseAsync();
        Assert.True((await theirs.RunAsync("true")).IsSuccess);
        Assert.Equal(before, Connections());
        // An object that has run nothing yet finds ours, too: another process may have opened it.
        Assert.True(await Rig.Host().CloseSharedAsync());
        Assert.True((await ours.RunAsync("true")).IsSuccess);
        Assert.Equal(before + 1, Connections());
    }

    [Fact]
    public async Task The_socket_lies_where_nobody_else_can_reach_it()
    {
        OpenSshHost host = Rig.Host(change: o => o with { Persist = TimeSpan.FromSeconds(33) });
        Assert.True((await host.RunAsync("true")).IsSuccess);
        string folder = OpenSshConfig.SocketFolder()!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(folder).UnixFileMode);
    }

    [Fact]
    public async Task A_client_that_is_not_there_is_named()
    {
        HostAnswer answer = await Rig.Host(change: o => o with { Program = "/nowhere/ssh" }).RunAsync("true");
        Assert.Equal((HostOutcome.NotReached, HostFailureKind.ProgramMissing), (answer.Outcome, answer.Failure!.Kind));
    }

    [Theory]
    [InlineData("-oProxyCommand=touch owned")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("host\nProxyCommand x")]
    public void A_destination_that_could_be_an_option_is_refused(string destination) =>
        Assert.Equal("SshDestinationInvalid", Assert.Throws<AtomProNetException>(() => new OpenSshOptions { Destination = destination }).ErrorId);
}
