using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.Jobs.Schedulers;

namespace AtomProNet.Jobs.Clusters;

/// <summary>
/// What there is to know of a cluster before a job can be sent to it: how it is reached, which batch system it has, what a job gets there
/// unless it asks for something else, and how much may be asked of it at a time. It holds no secret: ssh has its own keys. Immutable.
/// </summary>
public sealed partial record ClusterProfile
{
    /// <summary>The name of the cluster that is always there: this machine.</summary>
    public const string LocalName = "local";

    private readonly string name = "";
    private readonly string? sshHost, workDirectory;

    /// <summary>The name: letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, beginning with a letter or digit.</summary>
    /// <exception cref="AtomProNetException">It is none.</exception>
    public required string Name
    {
        get => name;
        init => name = NamePattern().IsMatch(value) ? value : throw new AtomProNetException(ErrorKind.InvalidArgument, "ClusterNameInvalid", "The name of a cluster holds letters, digits, '_', '-' and '.', at most 64.", value: value);
    }

    /// <summary>The batch system: Slurm, PBS, SGE, LSF, or Local, which is none.</summary>
    public SchedulerKind Scheduler { get; init; } = SchedulerKind.Local;

    /// <summary>The host as ssh knows it: an alias of the user's ssh configuration, or <c>user@host</c>; null for this machine.</summary>
    /// <exception cref="AtomProNetException">It is no name that ssh could take for a host.</exception>
    public string? SshHost
    {
        get => sshHost;
        // ssh would take host:22 for a name; an IPv6 address has more than one colon.
        init => sshHost = value is null || (HostPattern().IsMatch(value) && value.Count(c => c == ':') != 1) ? value
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "SshHostInvalid", "This is no host: an alias of your ssh configuration, host, or user@host is.", value: value, remedy: "Ports, jump hosts and keys belong into ~/.ssh/config under an alias.");
    }

    /// <summary>An ssh configuration file to be used instead of the user's own; null for that.</summary>
    public string? SshConfig { get; init; }

    /// <summary>What speaks SSH; null for the system's own choice (see <see cref="EffectiveTransport"/>).</summary>
    public SshTransport? Transport { get; init; }

    /// <summary>
    /// Where the jobs lie on the cluster: an absolute path, or one that begins with <c>~/</c> or with a variable of the login shell
    /// (<c>$SCRATCH/jobs</c>). Null: <c>~/atompronet</c>, and on this machine the user's data directory.
    /// </summary>
    /// <exception cref="AtomProNetException">It is none of these.</exception>
    public string? WorkDirectory
    {
        get => workDirectory;
        init => workDirectory = value is null || WorkDirectoryPattern().IsMatch(value) ? value
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "WorkDirectoryInvalid", "The work directory is an absolute path, or begins with ~/ or a variable such as $SCRATCH/, and has no line break in it.", value: value, remedy: "Write it as /scratch/me/jobs, ~/jobs or '$SCRATCH/jobs' (in single quotes, so that PowerShell leaves it alone).");
    }

    /// <summary>What a job gets unless it asks for something else.</summary>
    public JobResources Resources { get; init; } = new();

    /// <summary>Whether <see cref="JobResources.Tasks"/> was chosen; otherwise a job script's own number goes before it.</summary>
    public bool HasTasks { get; init; }

    /// <summary>Modules to load before a job's script runs.</summary>
    public ImmutableArray<string> Modules { get; init; } = [];

    /// <summary>Further lines for the shell before a job's script runs, as they are: <c>source …</c>, <c>export …</c>.</summary>
    public ImmutableArray<string> Setup { get; init; } = [];

    /// <summary>
    /// What starts a parallel program, such as <c>mpirun -np {tasks}</c>; it takes the place of srun in the scripts that this module writes.
    /// Null leaves srun; empty starts the program alone.
    /// </summary>
    public string? LaunchLine { get; init; }

    /// <summary>The greatest number of tasks of an array; null: what the batch system itself says.</summary>
    public int? MaxArrayTasks { get; init; }

    /// <summary>How many jobs (tasks of arrays, bundles) may be out at a time; what is beyond waits in the store. Null for no limit of ours.</summary>
    public int? MaxQueued { get; init; }

    /// <summary>How many may run at a time; on this machine without a batch system as many as there are processors unless said otherwise.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>
    /// How long to wait for news of a job that has left the queue and left no exit code, before it is called lost: accounting and network file systems
    /// tell late.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The cluster that is always there: this machine, without a batch system.</summary>
    public static ClusterProfile Local { get; } = new() { Name = LocalName, LaunchLine = "", SettleTime = TimeSpan.FromSeconds(10) };

    /// <summary>Where it is.</summary>
    public string Location => SshHost ?? "this computer";

    /// <summary>
    /// What speaks SSH: <see cref="Transport"/>, else OpenSSH; on Windows, whose OpenSSH keeps no connection open, SSH.NET where this build has it.
    /// Null for this machine.
    /// </summary>
    [JsonIgnore]
    public SshTransport? EffectiveTransport => SshHost is null ? null : Transport ?? (OperatingSystem.IsWindows() && SshNetTransport.IsPresent ? SshTransport.SshNet : SshTransport.OpenSsh);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Scheduler} on {Location})";

    /// <summary>The launch line for a number of tasks; null where there is none.</summary>
    /// <param name="tasks">The tasks of the job.</param>
    /// <param name="threads">The threads of each.</param>
    internal string? LaunchLineFor(int tasks, int threads) => LaunchLine?
        .Replace("{tasks}", tasks.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase)
        .Replace("{threads}", threads.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\z")]
    private static partial Regex NamePattern();

    // No leading dash: ssh would take it for an option. No blank, no slash.
    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._@:%+\[\]-]{0,254}\z")]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"^(/|~/|\$[A-Za-z_][A-Za-z0-9_]*(/|\z)|~\z)[^\0\r\n]*\z")]
    private static partial Regex WorkDirectoryPattern();
}

/// <summary>The batch systems that are known.</summary>
public enum SchedulerKind
{
    /// <summary>None: the jobs run on the host itself, a few at a time.</summary>
    Local,
    /// <summary>Slurm.</summary>
    Slurm,
    /// <summary>PBS Professional, OpenPBS, Torque.</summary>
    PBS,
    /// <summary>Sun, Univa, Open … Grid Engine.</summary>
    SGE,
    /// <summary>IBM Spectrum LSF.</summary>
    LSF,
}
