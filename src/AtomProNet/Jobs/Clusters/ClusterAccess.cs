using AtomProNet.Files;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Local;
using AtomProNet.Jobs.Schedulers.Lsf;
using AtomProNet.Jobs.Schedulers.Pbs;
using AtomProNet.Jobs.Schedulers.Sge;
using AtomProNet.Jobs.Schedulers.Slurm;

namespace AtomProNet.Jobs.Clusters;

/// <summary>Hosts and batch systems as profiles name them.</summary>
/// <param name="answers">Answers what hosts ask; null: nobody does.</param>
internal sealed class ClusterAccess(ISshAnswers? answers = null) : IClusterAccess
{
    /// <inheritdoc/>
    public IHost OpenHost(ClusterProfile profile) => profile.EffectiveTransport switch
    {
        null => new LocalHost(),
        SshTransport.SshNet => SshNetTransport.Instance?.Open(SshNetOptions(profile) with { Answers = answers }) ?? (IHost)new MissingHost(profile.SshHost + " (SSH.NET)", SshNetTransport.Missing),
        _ => new OpenSshHost(new() { Destination = profile.SshHost!, ConfigFile = profile.SshConfig }),
    };

    /// <summary>How SSH.NET reaches a cluster.</summary>
    public static SshNetOptions SshNetOptions(ClusterProfile profile) => new() { Destination = profile.SshHost!, ConfigFile = profile.SshConfig };

    /// <inheritdoc/>
    public IScheduler OpenScheduler(ClusterProfile profile, string workDirectory) => profile.Scheduler switch
    {
        SchedulerKind.Slurm => new SlurmScheduler(),
        SchedulerKind.PBS => new PbsScheduler(),
        SchedulerKind.SGE => new SgeScheduler(),
        SchedulerKind.LSF => new LsfScheduler(),
        // A home directory may be that of several machines; a queue is one machine's.
        _ => new LocalScheduler(profile.MaxRunning, queueFolder: profile.SshHost is null ? Path.Combine(UserDirectory.Path, "queue-" + Environment.MachineName) : null),
    };
}
