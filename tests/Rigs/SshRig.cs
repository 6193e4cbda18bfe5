using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.Tests.Rigs;

/// <summary>A real sshd on loopback with a configuration for ssh: see sshd.sh for its aliases, banner and hook.</summary>
public class SshRig : IAsyncLifetime
{
    private readonly List<OpenSshHost> hosts = [];
    private readonly List<SshNetOptions> opened = [];
    private RigScript? script;

    /// <summary>Why it is not there; null where it is.</summary>
    public string? Missing { get; } = RigScript.WhyMissing("openssh-server openssh-client", "sshd", "ssh", "ssh-keygen", "pgrep");

    /// <summary>The configuration for <c>ssh -F</c>.</summary>
    public string ConfigFile => script!.File("config");

    /// <summary>What the host is called in its files of known hosts.</summary>
    public string KnownName => System.IO.File.ReadAllText(File("known_hosts")).Split(' ')[0];

    /// <summary>The port.</summary>
    public int Port => int.Parse(KnownName.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A path in the rig's folder.</summary>
    public string File(params string[] parts) => script!.File(parts);

    /// <summary>Skips the test where the rig cannot be had.</summary>
    public void SkipUnlessThere() => Assert.SkipUnless(Missing is null, Missing ?? "");

    /// <summary>A host by an alias: login, compute (ProxyJump), mux (the user's own ControlMaster), stranger, impostor, unknown, nobody, nowhere.</summary>
    public OpenSshHost Host(string alias = "login", Func<OpenSshOptions, OpenSshOptions>? change = null)
    {
        var options = new OpenSshOptions { Destination = alias, ConfigFile = ConfigFile, Persist = TimeSpan.FromSeconds(30) };
        var host = new OpenSshHost(change?.Invoke(options) ?? options);
        hosts.Add(host);
        return host;
    }

    /// <summary>The same by SSH.NET. Skips the test where this build has none.</summary>
    public IHost SshNet(string alias = "login", Func<SshNetOptions, SshNetOptions>? change = null)
    {
        Assert.SkipWhen(SshNetTransport.Instance is null, "AtomProNet.SshNet is left out: the package SSH.NET could not be restored.");
        var options = new SshNetOptions { Destination = alias, ConfigFile = ConfigFile };
        opened.Add(change?.Invoke(options) ?? options);
        return SshNetTransport.Instance!.Open(opened[^1]);
    }

    /// <summary>Closes the connections that were made by SSH.NET.</summary>
    public async Task CloseSshNetAsync()
    {
        foreach (SshNetOptions options in opened)
        {
            await SshNetTransport.Instance!.CloseAsync(options);
        }

        opened.Clear();
    }

    /// <summary>What every login prints, to both streams; null for nothing.</summary>
    public string? Banner
    {
        set => Put("banner", value);
    }

    /// <summary>What every login does before the command, in bash; null for nothing.</summary>
    public string? Hook
    {
        set => Put("hook", value);
    }

    /// <summary>What every login sets, in bash.</summary>
    public string Environment
    {
        set => Put("environment", value);
    }

    /// <summary>Puts a program before those of the system on the path of every login.</summary>
    public void PutProgram(string name, string? text)
    {
        Put(Path.Combine("bin", name), text);
        if (text is not null && !OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File("bin", name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Takes no new connections; those that stand, stand.</summary>
    public Task StopAsync() => script!.RunAsync("stop");

    /// <summary>Takes connections again.</summary>
    public Task StartAsync() => script!.RunAsync("start");

    /// <summary>Breaks the connections that stand.</summary>
    public Task CutAsync() => script!.RunAsync("cut");

    /// <summary>The processes that serve connections stand still: a host that is silent.</summary>
    public Task FreezeAsync() => script!.RunAsync("freeze");

    /// <summary>They go on.</summary>
    public Task ThawAsync() => script!.RunAsync("thaw");

    /// <summary>Everything as it was at first.</summary>
    public void Reset()
    {
        Banner = Hook = null;
        foreach (string program in Directory.GetFiles(File("bin")))
        {
            System.IO.File.Delete(program);
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            script = await RigScript.StartAsync("sshd.sh", () => new() { ["PORT"] = RigScript.FreePorts(1)[0].ToString(System.Globalization.CultureInfo.InvariantCulture) });
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (script is not null)
        {
            await CloseSshNetAsync();
            foreach (OpenSshHost host in hosts)
            {
                await host.CloseAsync();
            }

            await script.RunAsync("down");
            script.Dispose();
        }
    }

    private void Put(string name, string? text)
    {
        if (text is null)
        {
            System.IO.File.Delete(File(name));
        }
        else
        {
            string temporary = File("put");
            System.IO.File.WriteAllText(temporary, text);
            System.IO.File.Move(temporary, File(name), overwrite: true);
        }
    }
}
