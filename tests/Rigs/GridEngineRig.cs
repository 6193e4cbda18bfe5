using System.Globalization;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Tests.Rigs;

/// <summary>A real Grid Engine of one node on loopback.</summary>
public sealed class GridEngineRig : IAsyncLifetime
{
    private RigScript? script;

    /// <summary>Why it is not there; null where it is.</summary>
    public string? Missing { get; } = RigScript.WhyMissing("gridengine-master gridengine-exec gridengine-client", "sge_qmaster", "sge_execd", "qconf", "qacct");

    /// <summary>This computer, where Grid Engine's programs find this Grid Engine.</summary>
    public IHost LocalHost => new PreparedHost(new LocalHost(), $". {script!.File("settings.sh")}\n");

    /// <summary>A path in the rig's folder.</summary>
    public string File(params string[] parts) => script!.File(parts);

    /// <summary>Skips the test where the rig cannot be had.</summary>
    public void SkipUnlessThere() => Assert.SkipUnless(Missing is null, Missing ?? "");

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            script = await RigScript.StartAsync("gridengine.sh", () =>
            {
                string[] ports = [.. RigScript.FreePorts(2).Select(p => p.ToString(CultureInfo.InvariantCulture))];
                return new() { ["MASTER_PORT"] = ports[0], ["EXEC_PORT"] = ports[1], ["SLOTS"] = "8" };
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (script is not null)
        {
            await script.RunAsync("down");
            script.Dispose();
        }
    }
}
