using AtomProNet.Files;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Local;
using AtomProNet.Jobs.Schedulers.Lsf;
using AtomProNet.Jobs.Schedulers.Pbs;
using AtomProNet.Jobs.Schedulers.Sge;
using AtomProNet.Jobs.Schedulers.Slurm;

namespace AtomProNet.Jobs.Clusters;

/// <summary>Hosts and batch systems as profiles name them.</summary>
internal sealed class ClusterAccess : IClusterAccess
{
    /// <inheritdoc/>
    public IHost OpenHost(ClusterProfile profile) => profile.SshHost is null ? new LocalHost() : new OpenSshHost(new() { Destination = profile.SshHost, ConfigFile = profile.SshConfig });

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
