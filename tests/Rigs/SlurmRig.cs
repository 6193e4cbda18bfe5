using System.Globalization;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Tests.Rigs;

/// <summary>What a Slurm is to be like.</summary>
public sealed record SlurmRigOptions
{
    /// <summary>Whether slurmdbd and MariaDB run, so that sacct answers.</summary>
    public bool HasAccounting { get; init; }

    /// <summary>The processors that the node claims to have.</summary>
    public int Processors { get; init; } = 256;

    /// <summary>Whether jobs above their memory are ended.</summary>
    public bool WatchesMemory { get; init; }

    /// <summary>How long the server remembers jobs that have ended, seconds.</summary>
    public int MinJobAge { get; init; } = 3600;

    /// <summary>Slurm's MaxArraySize: one above the greatest index.</summary>
    public int MaxArraySize { get; init; } = 1001;

    /// <summary>Why it is not started at all; null where it may be.</summary>
    public string? NotNow { get; init; }

    /// <summary>How long a client waits for the server, seconds.</summary>
    public int MessageTimeout { get; init; } = 30;
}

/// <summary>A real Slurm of one node on loopback, and a real sshd that leads to it. Slurm's programs find it by SLURM_CONF, which logins and <see cref="LocalHost"/> set.</summary>
public class SlurmRig : IAsyncLifetime
{
    private readonly SlurmRigOptions options;
    private RigScript? script;

    public SlurmRig() : this(new SlurmRigOptions())
    {
    }

    private protected SlurmRig(SlurmRigOptions options)
    {
        this.options = options;
        Missing = options.NotNow ?? RigScript.WhyMissing(
            options.HasAccounting ? "slurmctld slurmd slurm-client munge slurmdbd slurm-wlm-mysql-plugin mariadb-server" : "slurmctld slurmd slurm-client munge",
            options.HasAccounting ? ["slurmctld", "slurmd", "sbatch", "munged", "slurmdbd", "mariadbd"] : ["slurmctld", "slurmd", "sbatch", "munged"]);
    }

    /// <summary>Why it is not there; null where it is.</summary>
    public string? Missing { get; }

    /// <summary>One like no other, for a single test; to be disposed of by it.</summary>
    public static async Task<SlurmRig> StartAsync(SlurmRigOptions options)
    {
        var rig = new SlurmRig(options);
        rig.SkipUnlessThere();
        await rig.InitializeAsync();
        return rig;
    }

    /// <summary>The sshd.</summary>
    public SshRig Ssh { get; } = new();

    /// <summary>Slurm's configuration.</summary>
    public string ConfigFile => script!.File("slurm.conf");

    /// <summary>The same configuration, by which clients wait for a server that is away for a moment only.</summary>
    public string ImpatientConfigFile => script!.File("impatient.conf");

    /// <summary>What logins through ssh go by: the patient configuration, or the impatient one while the server is away.</summary>
    public bool LoginsAreImpatient
    {
        set => Ssh.Environment = $"export SLURM_CONF={PosixShell.Quote(value ? ImpatientConfigFile : ConfigFile)}\n";
    }

    /// <summary>A path in Slurm's folder (its logs lie in log).</summary>
    public string File(params string[] parts) => script!.File(parts);

    /// <summary>This computer, where Slurm's programs find this Slurm.</summary>
    public IHost LocalHost => new PreparedHost(new LocalHost(), $"SLURM_CONF={PosixShell.Quote(ConfigFile)}; export SLURM_CONF\n");

    /// <summary>Skips the test where the rig cannot be had.</summary>
    public void SkipUnlessThere()
    {
        Assert.SkipUnless(Missing is null, Missing ?? "");
        Ssh.SkipUnlessThere();
    }

    /// <summary>Ends all jobs, so that none of a test that failed takes the place of the next test's.</summary>
    public void CancelAll() => LocalHost.RunAsync("scancel -u \"$(id -un)\"; n=300; while [ $((n-=1)) -gt 0 ] && squeue -h -o %T | grep -q .; do sleep 0.2; done; true").GetAwaiter().GetResult();

    /// <summary>Ends slurmctld.</summary>
    public Task StopControllerAsync() => script!.RunAsync("stop-controller");

    /// <summary>Starts slurmctld with the state that it left.</summary>
    public Task StartControllerAsync() => script!.RunAsync("start-controller");

    /// <summary>Ends slurmdbd.</summary>
    public Task StopAccountingAsync() => script!.RunAsync("stop-accounting");

    /// <summary>Starts slurmdbd again.</summary>
    public Task StartAccountingAsync() => script!.RunAsync("start-accounting");

    /// <summary>Runs one of Slurm's programs by a line for the shell; it must succeed. Returns what it printed.</summary>
    public async Task<string> RunAsync(string line)
    {
        HostAnswer answer = await LocalHost.RunAsync(line);
        Assert.True(answer.IsSuccess, $"{line}: {answer.Describe()}");
        return answer.Output;
    }

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null || Ssh.Missing is not null)
        {
            return;
        }

        script = await RigScript.StartAsync("slurm.sh", () =>
        {
            string[] ports = [.. RigScript.FreePorts(4).Select(p => p.ToString(CultureInfo.InvariantCulture))];
            return new()
            {
                ["CONTROLLER_PORT"] = ports[0],
                ["NODE_PORT"] = ports[1],
                ["ACCOUNTING"] = options.HasAccounting ? "1" : "",
                ["ACCOUNTING_PORT"] = ports[2],
                ["DATABASE_PORT"] = ports[3],
                ["CPUS"] = options.Processors.ToString(CultureInfo.InvariantCulture),
                ["WATCH_MEMORY"] = options.WatchesMemory ? "1" : "",
                ["MIN_JOB_AGE"] = options.MinJobAge.ToString(CultureInfo.InvariantCulture),
                ["MAX_ARRAY_SIZE"] = options.MaxArraySize.ToString(CultureInfo.InvariantCulture),
                ["MESSAGE_TIMEOUT"] = options.MessageTimeout.ToString(CultureInfo.InvariantCulture),
            };
        });
        await System.IO.File.WriteAllTextAsync(ImpatientConfigFile, (await System.IO.File.ReadAllTextAsync(ConfigFile)).Replace(FormattableString.Invariant($"\nMessageTimeout={options.MessageTimeout}\n"), "\nMessageTimeout=2\n", StringComparison.Ordinal));
        await Ssh.InitializeAsync();
        LoginsAreImpatient = false;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (script is not null)
        {
            await Ssh.DisposeAsync();
            await script.RunAsync("down");
            script.Dispose();
        }
    }
}

/// <summary>A Slurm with accounting, which brings a database with it and is for the full set.</summary>
public sealed class SlurmAccountingRig() : SlurmRig(new SlurmRigOptions
{
    HasAccounting = true,
    WatchesMemory = true,
    NotNow = Environment.GetEnvironmentVariable("ATOMPRONET_TEST")?.ToLowerInvariant() is "full" or "soak" ? null : "Slurm with accounting; runs with ATOMPRONET_TEST=full.",
});
