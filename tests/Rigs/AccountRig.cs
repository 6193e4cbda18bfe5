using System.Globalization;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.Tests.Rigs;

/// <summary>A real sshd that wants a password, or asks questions, of a user who is there only meanwhile: see accounts.sh.</summary>
public sealed class AccountRig : IAsyncLifetime
{
    private readonly List<SshNetOptions> opened = [];
    private RigScript? script;

    /// <summary>Why it is not there; null where it is.</summary>
    public string? Missing { get; } = RigScript.WhyMissing("openssh-server passwd", "sshd", "ssh-keygen", "useradd", "userdel", "chpasswd", "pkill")
        ?? (Environment.UserName != "root" ? "Making a user for a moment takes root."
            : Environment.GetEnvironmentVariable("CI") != "true" ? "A user is made for a moment: in CI alone (CI=true)."
            : SshNetTransport.Instance is null ? "AtomProNet.SshNet is left out: the package SSH.NET could not be restored." : null);

    /// <summary>The user's name.</summary>
    public string User { get; } = "apn" + Guid.NewGuid().ToString("N")[..10];

    /// <summary>The user's password, with what a shell or an encoding could spoil.</summary>
    public string Password { get; } = "p w'\"$é" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>What sshd wrote.</summary>
    public string Log => File.ReadAllText(script!.File("sshd.log"));

    /// <summary>The configuration.</summary>
    public string ConfigFile => script!.File("config");

    /// <summary>A host by an alias: password, interactive, both (a key and then a question), either (a question or a password), through (a password, through one that asks).</summary>
    public IHost Host(string alias, ISshAnswers? answers)
    {
        opened.Add(new() { Destination = alias, ConfigFile = ConfigFile, Answers = answers });
        return SshNetTransport.Instance!.Open(opened[^1]);
    }

    /// <summary>Closes all connections.</summary>
    public async Task CloseAsync()
    {
        foreach (SshNetOptions options in opened)
        {
            await SshNetTransport.Instance!.CloseAsync(options);
        }

        opened.Clear();
    }

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            script = await RigScript.StartAsync("accounts.sh", () => new()
            {
                ["USERNAME"] = User,
                ["SECRET"] = Password,
                ["PORTS"] = string.Join(' ', RigScript.FreePorts(4).Select(p => p.ToString(CultureInfo.InvariantCulture))),
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (script is not null)
        {
            await CloseAsync();
            await script.RunAsync("down");
            script.Dispose();
        }
    }
}
