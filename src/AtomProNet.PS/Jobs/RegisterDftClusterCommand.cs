using System.Management.Automation;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Register-DftCluster: writes down how a cluster is reached and what jobs get there.</summary>
[Cmdlet(VerbsLifecycle.Register, "DftCluster", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Register-DftCluster.md")]
[OutputType(typeof(ClusterProfile))]
public sealed class RegisterDftClusterCommand : PSCmdlet
{
    /// <summary>The name that the cluster shall have.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The batch system. Default Slurm where a host is given, else Local.</summary>
    [Parameter]
    public SchedulerKind Scheduler { get; set; }

    /// <summary>The host as ssh knows it: an alias of ~/.ssh/config, or user@host. Without it the cluster is this machine.</summary>
    [Parameter(Position = 1)]
    [Alias("Host", "HostName")]
    public string? SshHost { get; set; }

    /// <summary>An ssh configuration file to be used instead of ~/.ssh/config.</summary>
    [Parameter]
    public string? SshConfig { get; set; }

    /// <summary>What speaks SSH: OpenSsh (the system's ssh), or SshNet (no ssh program needed; can ask for passwords). Default OpenSsh; on Windows SshNet.</summary>
    [Parameter]
    public SshTransport Transport { get; set; }

    /// <summary>Where jobs lie over there: /scratch/me/jobs, ~/jobs, '$SCRATCH/jobs'. Default ~/atompronet.</summary>
    [Parameter]
    public string? WorkDirectory { get; set; }

    /// <summary>The account or project that pays.</summary>
    [Parameter]
    public string? Account { get; set; }

    /// <summary>The partition or queue.</summary>
    [Parameter]
    [Alias("Queue")]
    public string? Partition { get; set; }

    /// <summary>Slurm's quality of service.</summary>
    [Parameter]
    [Alias("Qos")]
    public string? QualityOfService { get; set; }

    /// <summary>SGE's parallel environment.</summary>
    [Parameter]
    public string? ParallelEnvironment { get; set; }

    /// <summary>The walltime of an allocation, as 24:00:00 or 2-00:00:00.</summary>
    [Parameter]
    public string? WallTime { get; set; }

    /// <summary>Memory of each node, MiB.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? MemoryMB { get; set; }

    /// <summary>Nodes of each allocation.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    [Numbers(AreWhole = true)]
    public int? Nodes { get; set; }

    /// <summary>MPI tasks of each job; without it those that the job's script asks for.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int? Tasks { get; set; }

    /// <summary>Threads of each task.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    [Numbers(AreWhole = true)]
    public int? Threads { get; set; }

    /// <summary>Modules to load before a job's script.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Module { get; set; } = [];

    /// <summary>Lines for the shell before a job's script, as they are.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Setup { get; set; } = [];

    /// <summary>What starts a parallel program, such as 'mpirun -np {tasks}'; empty for nothing. Default srun.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? LaunchLine { get; set; }

    /// <summary>Further options as the batch system writes them, such as --constraint=avx512.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] SchedulerOption { get; set; } = [];

    /// <summary>The greatest number of tasks of an array; default what the batch system says.</summary>
    [Parameter]
    [ValidateRange(1, 10_000_000)]
    [Numbers(AreWhole = true)]
    public int? MaxArrayTasks { get; set; }

    /// <summary>How many jobs may be out at a time.</summary>
    [Parameter]
    [ValidateRange(1, 10_000_000)]
    [Numbers(AreWhole = true)]
    public int? MaxQueued { get; set; }

    /// <summary>How many may run at a time.</summary>
    [Parameter]
    [ValidateRange(1, 10_000_000)]
    [Numbers(AreWhole = true)]
    public int? MaxRunning { get; set; }

    /// <summary>Seconds to wait for late news of a job before it is called lost. Default 60.</summary>
    [Parameter]
    [ValidateRange(0, 86_400)]
    [Numbers(AreWhole = true)]
    public int? SettleTime { get; set; }

    /// <summary>Changes a cluster that is there: what is not given stays.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void EndProcessing()
    {
        try
        {
            bool exists = ClusterProfiles.Exists(Name);
            ClusterProfile start = exists && Force ? ClusterProfiles.Get(Name) : Name.Equals(ClusterProfile.LocalName, StringComparison.OrdinalIgnoreCase) ? ClusterProfile.Local : new() { Name = Name };
            ClusterProfile profile = Apply(start);
            if (profile.Transport == SshTransport.SshNet && !SshNetTransport.IsPresent)
            {
                throw new AtomProNetException(ErrorKind.NotSupported, "SshNetMissing", "This build of the module has no SSH.NET.", remedy: "Leave -Transport out: the system's ssh is used then.");
            }

            if (profile.Scheduler == SchedulerKind.Local && profile.SshHost is not null)
            {
                WriteWarning($"{profile.Name} has no batch system: its jobs will run on {profile.SshHost} itself. Where that is a login node, give -Scheduler.");
            }

            if (ShouldProcess(profile.ToString(), exists ? "Change cluster" : "Register cluster"))
            {
                ClusterProfiles.Save(profile, Force || (!exists && profile.Name.Equals(ClusterProfile.LocalName, StringComparison.OrdinalIgnoreCase)));
                WriteObject(profile);
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, Name));
        }
    }

    private ClusterProfile Apply(ClusterProfile p)
    {
        bool Given(string name) => MyInvocation.BoundParameters.ContainsKey(name);
        JobResources r = p.Resources with
        {
            Account = Given(nameof(Account)) ? Nothing(Account) : p.Resources.Account,
            Partition = Given(nameof(Partition)) ? Nothing(Partition) : p.Resources.Partition,
            QualityOfService = Given(nameof(QualityOfService)) ? Nothing(QualityOfService) : p.Resources.QualityOfService,
            ParallelEnvironment = Given(nameof(ParallelEnvironment)) ? Nothing(ParallelEnvironment) : p.Resources.ParallelEnvironment,
            WallTime = WallTimes.Parse(Nothing(WallTime)) ?? p.Resources.WallTime,
            MemoryPerNode = MemoryMB ?? p.Resources.MemoryPerNode,
            Nodes = Nodes ?? p.Resources.Nodes,
            Tasks = Tasks ?? p.Resources.Tasks,
            ThreadsPerTask = Threads ?? p.Resources.ThreadsPerTask,
            Options = Given(nameof(SchedulerOption)) ? [.. SchedulerOption] : p.Resources.Options,
        };
        return p with
        {
            SshHost = Given(nameof(SshHost)) ? Nothing(SshHost) : p.SshHost,
            SshConfig = Given(nameof(SshConfig)) ? Nothing(SshConfig) is { } config ? new InputPaths(this).Output(config) : null : p.SshConfig,
            Transport = Given(nameof(Transport)) ? Transport : p.Transport,
            Scheduler = Given(nameof(Scheduler)) ? Scheduler : Nothing(SshHost) is not null && p.SshHost is null ? SchedulerKind.Slurm : p.Scheduler,
            WorkDirectory = Given(nameof(WorkDirectory)) ? Nothing(WorkDirectory) : p.WorkDirectory,
            Resources = r,
            HasTasks = p.HasTasks || Tasks is not null,
            Modules = Given(nameof(Module)) ? [.. Module] : p.Modules,
            Setup = Given(nameof(Setup)) ? [.. Setup] : p.Setup,
            LaunchLine = Given(nameof(LaunchLine)) ? LaunchLine : p.LaunchLine,
            MaxArrayTasks = MaxArrayTasks ?? p.MaxArrayTasks,
            MaxQueued = MaxQueued ?? p.MaxQueued,
            MaxRunning = MaxRunning ?? p.MaxRunning,
            SettleTime = SettleTime is { } seconds ? TimeSpan.FromSeconds(seconds) : p.SettleTime,
        };
    }

    private static string? Nothing(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
