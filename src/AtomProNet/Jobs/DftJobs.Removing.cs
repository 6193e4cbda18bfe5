using System.Text;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Store;
using AtomProNet.Shell;

namespace AtomProNet.Jobs;

public sealed partial class DftJobs
{
    /// <summary>Forgets jobs that have ended, and deletes what they have on their cluster. Local folders stay.</summary>
    /// <param name="ids">The jobs; those that have not ended stay.</param>
    /// <param name="keepRemote">Whether what lies on the cluster stays.</param>
    /// <param name="problem">Told of a cluster that was not reached: its jobs stay.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RemoveAsync(IReadOnlyCollection<long> ids, bool keepRemote, Action<string, AtomProNetException> problem, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        using var store = JobStore.Open(cancellation);
        foreach (var group in store.Read(t => t.JobsById(ids)).Where(j => j.State.IsFinal()).GroupBy(j => j.Cluster))
        {
            try
            {
                StoredJob[] sent = [.. group.Where(j => j.BatchFolder is not null || j.Restarts.Any(r => r.BatchFolder is not null))];
                if (sent.Length > 0 && !keepRemote)
                {
                    await using ClusterLink link = await ClusterLink.OpenAsync(ClusterProfiles.Get(group.Key), access, store, cancellation).ConfigureAwait(false);
                    HostAnswer answer = await link.Host.RunAsync(DeleteCommand(sent), cancellation).ConfigureAwait(false);
                    if (!answer.IsSuccess)
                    {
                        throw answer.Failure?.ToException() ?? new AtomProNetException(ErrorKind.Unavailable, "RemoteFolderNotDeleted", $"Folders on {group.Key} could not be deleted ({answer.Describe()}).", value: sent[0].RemoteFolder, remedy: "Mend its rights and try again, or use -KeepRemote.");
                    }
                }

                long[] gone = [.. group.Select(j => j.Id)];
                store.Write(t =>
                {
                    foreach (long id in gone)
                    {
                        t.Execute("DELETE FROM event WHERE job = ?1", id);
                        t.Execute("DELETE FROM job WHERE id = ?1", id);
                    }

                    t.Execute("DELETE FROM event WHERE batch IN (SELECT id FROM batch b WHERE phase IN (3, 4) AND NOT EXISTS (SELECT 1 FROM job j WHERE j.batch = b.id))");
                    t.Execute("DELETE FROM batch WHERE phase IN (3, 4) AND NOT EXISTS (SELECT 1 FROM job j WHERE j.batch = batch.id)");
                    t.Execute("DELETE FROM request WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.request = request.id) AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.request = request.id)");
                });
            }
            catch (AtomProNetException e)
            {
                problem(group.Key, e);
            }
        }
    }

    /// <summary>Deletes jobs' folders, and their batch's where nothing of it is left. The guards stay until then: a copy that is late must find them.</summary>
    private static string DeleteCommand(IEnumerable<StoredJob> jobs)
    {
        var text = new StringBuilder("failed=0\ncheck() { for one in \"$1\"/[0-9][0-9][0-9][0-9][0-9]-*; do [ -e \"$one\" ] && return; done; rm -rf -- \"$1\" || failed=1; }\n");
        foreach (StoredJob job in jobs)
        {
            foreach (string folder in job.Restarts.Select(r => r.RemoteFolder).Append(job.RemoteFolder).OfType<string>())
            {
                text.Append("rm -rf -- ").Append(PosixShell.Quote(folder)).Append(" || failed=1\n");
            }
        }

        foreach (string folder in jobs.SelectMany(j => j.Restarts.Select(r => r.BatchFolder).Append(j.BatchFolder)).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            text.Append("check ").Append(PosixShell.Quote(folder)).Append('\n');
        }

        return text.Append("exit $failed\n").ToString();
    }
}
