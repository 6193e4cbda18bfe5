using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Jobs.Clusters;

/// <summary>A way to a cluster while it is used: its host, its batch system, and the directory that the jobs lie in.</summary>
internal sealed class ClusterLink : IAsyncDisposable
{
    private ClusterLink(ClusterProfile profile, IHost host, IScheduler scheduler, string workDirectory)
    {
        Profile = profile;
        Host = host;
        Scheduler = scheduler;
        WorkDirectory = workDirectory;
    }

    public ClusterProfile Profile { get; }

    public IHost Host { get; }

    public IScheduler Scheduler { get; }

    /// <summary>An absolute path on the host.</summary>
    public string WorkDirectory { get; }

    /// <summary>
    /// Why the batch system did not answer when it was asked for its queue; null while it does. A server that is down lets each of its programs wait for a while,
    /// so that after the first such answer nothing more is asked of it through this link: the next call asks again.
    /// </summary>
    public string? Silence { get; private set; }

    /// <summary>Whether the batch system has told its queue through this link, so that it need not be asked once more whether it is there.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Notes whether the batch system told its queue.</summary>
    public void Note(SchedulerAnswer queue)
    {
        HasAnswered = queue.IsKnown;
        Silence = queue.IsKnown ? null : queue.Problem ?? "no answer";
    }

    /// <summary>Reaches a cluster.</summary>
    /// <exception cref="AtomProNetException">It was not reached, or its work directory cannot be used.</exception>
    public static async Task<ClusterLink> OpenAsync(ClusterProfile profile, IClusterAccess access, JobStore store, CancellationToken cancellation)
    {
        IHost host = access.OpenHost(profile);
        try
        {
            string directory = await Clusters.WorkDirectory.ResolveAsync(profile, host, store, cancellation).ConfigureAwait(false);
            return new(profile, host, access.OpenScheduler(profile, directory), directory);
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>Makes hosts and batch systems from profiles; tests put their own in its place.</summary>
internal interface IClusterAccess
{
    /// <summary>The host; nothing is connected yet.</summary>
    IHost OpenHost(ClusterProfile profile);

    /// <summary>The batch system.</summary>
    IScheduler OpenScheduler(ClusterProfile profile, string workDirectory);
}
