using System.Text;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Stopping;

/// <summary>
/// Takes jobs back. What has not left ends in the store; for what has, the job's guard is taken on the cluster first: if that succeeds it has not begun and
/// never will, whatever becomes of the scheduler's own cancelling, which follows.
/// </summary>
internal static class JobStopping
{
    /// <summary>Marks jobs in the store, and ends those that have not left.</summary>
    /// <param name="store">The store.</param>
    /// <param name="ids">The jobs.</param>
    /// <returns>The clusters that have to be told.</returns>
    public static List<string> Mark(JobStore store, IReadOnlyCollection<long> ids) => store.Write(t =>
    {
        var clusters = new HashSet<string>(StringComparer.Ordinal);
        var dissolve = new HashSet<long>();
        foreach (StoredJob job in t.JobsById(ids))
        {
            if (job.State == JobState.Planned)
            {
                End(t, job);
            }
            else if (!job.State.IsFinal())
            {
                t.Execute("UPDATE job SET stop_asked = 1 WHERE id = ?1", job.Id);
                t.Note("is to be stopped", job.BatchId, job.Id, job.Attempt);
                if (job.State == JobState.Uploading)
                {
                    dissolve.Add(job.BatchId!.Value);
                }
                else
                {
                    clusters.Add(job.Cluster);
                }
            }
        }

        foreach (long id in dissolve)
        {
            // The scheduler has not been asked. While another process sends the files it goes on, and the jobs are stopped over there.
            StoredBatch batch = t.Batches("b.id = ?1", id).Single();
            if (StoreOwner.IsAlive(batch.Owner, t.StoreIsLocal))
            {
                clusters.Add(batch.Cluster);
                continue;
            }

            t.Execute("UPDATE batch SET phase = ?2, owner = NULL WHERE id = ?1", id, BatchPhase.Abandoned);
            foreach (StoredJob job in t.Jobs("j.batch = ?1 AND j.state = 1", id))
            {
                if (job.StopAsked)
                {
                    End(t, job);
                }
                else
                {
                    t.Execute("UPDATE job SET state = 0, batch = NULL, place = NULL, changed = ?2 WHERE id = ?1", job.Id, t.Now);
                }
            }
        }

        return clusters.ToList();
    });

    /// <summary>Stops over there what is marked, and has a place there.</summary>
    public static async Task StopAsync(JobStore store, ClusterLink link, CancellationToken cancellation)
    {
        (List<StoredJob> jobs, Dictionary<long, StoredBatch> batches, Dictionary<(long Batch, int Task), int> alive) = store.Read(t =>
        {
            var marked = t.Jobs("j.cluster = ?1 AND j.stop_asked = 1 AND j.state IN (3, 4, 10) AND b.phase = 2", link.Profile.Name);
            return (
                marked,
                t.Batches("b.cluster = ?1 AND b.phase = 2", link.Profile.Name).ToDictionary(b => b.Id),
                t.Query(
                    "SELECT j.batch, j.place / b.bundle + 1, COUNT(*) FROM job j JOIN batch b ON b.id = j.batch WHERE j.cluster = ?1 AND j.state IN (3, 4, 10) GROUP BY 1, 2",
                    r => (Key: (r.Long(0), r.Int(1)), Count: r.Int(2)),
                    link.Profile.Name).ToDictionary(x => x.Key, x => x.Count));
        });
        if (jobs.Count == 0)
        {
            return;
        }

        var bundle = new CommandBundle();
        bundle.Add(FenceCommand(jobs));
        // What has not begun never will, whether the scheduler answers or not.
        bundle.Add(link.Silence is { } silence ? $"printf '%s\\n' {PosixShell.Quote(silence)} >&2; exit {CommandBundle.NotRun}" : link.Scheduler.BuildCancel(ToCancel(jobs, batches, alive)));
        IReadOnlyList<HostAnswer> answers = bundle.Split(await link.Host.RunAsync(bundle.ToText(), cancellation).ConfigureAwait(false));
        if (!answers[0].IsSuccess)
        {
            throw answers[0].Failure?.ToException() ?? new AtomProNetException(ErrorKind.Unavailable, "StopFailed", $"The jobs could not be stopped ({answers[0].Describe()}).", value: link.Profile.Name, remedy: "They are marked in the store: the next Get-, Wait- or Stop-DftJob tries again.");
        }

        var fenced = new HashSet<string>(answers[0].Output.Split('\n'), StringComparer.Ordinal);
        store.Write(t =>
        {
            foreach (StoredJob job in jobs.Where(j => fenced.Contains(j.Token!)))
            {
                t.Execute("UPDATE job SET state = ?2, cause = ?3, message = ?4, changed = ?5 WHERE id = ?1", job.Id, JobState.Cancelled, JobCauses.Stopped, "Stop-DftJob took it back before it began.", t.Now);
                t.Note("Cancelled: it had not begun", job.BatchId, job.Id, job.Attempt);
            }
        });
        if (!answers[1].IsSuccess)
        {
            throw answers[1].Failure?.ToException() ?? new AtomProNetException(ErrorKind.Unavailable, "StopFailed", $"The scheduler did not cancel the jobs ({answers[1].Describe()}).", value: link.Profile.Name, remedy: "They are marked in the store: the next Get-, Wait- or Stop-DftJob tries again.");
        }
    }

    /// <summary>Makes sure that jobs of which nothing is heard neither begin nor go on: their guards are taken, and the scheduler is told to cancel them.</summary>
    /// <exception cref="AtomProNetException">That could not be made sure.</exception>
    public static async Task MakeSureAsync(ClusterLink link, IReadOnlyList<StoredJob> jobs, JobStore store, CancellationToken cancellation)
    {
        if (jobs.Count == 0)
        {
            return;
        }

        Dictionary<long, StoredBatch> batches = store.Read(t => t.Batches("b.id IN (SELECT value FROM json_each(?1))", System.Text.Json.JsonSerializer.Serialize(jobs.Select(j => j.BatchId).Distinct()))).ToDictionary(b => b.Id);
        // In a bundle the others may be alive; there the guard and the job's own script have to do.
        List<SchedulerJobId> ids = [.. jobs.Select(j => (Job: j, Batch: batches[j.BatchId!.Value])).Where(x => x.Batch.SchedulerId is not null && x.Batch.Bundle == 1)
            .Select(x => new SchedulerJobId(x.Batch.SchedulerId!, x.Batch.Tasks > 1 ? x.Batch.TaskOf(x.Job.Place!.Value) : null))];
        var bundle = new CommandBundle();
        bundle.Add(FenceCommand([.. jobs]));
        bundle.Add(ids.Count == 0 ? "true" : link.Scheduler.BuildCancel(ids));
        IReadOnlyList<HostAnswer> answers = bundle.Split(await link.Host.RunAsync(bundle.ToText(), cancellation).ConfigureAwait(false));
        if (answers.FirstOrDefault(a => !a.IsSuccess) is { } failed)
        {
            throw failed.Failure?.ToException() ?? new AtomProNetException(ErrorKind.Unavailable, "LastTryNotClosed", $"It could not be made sure that the last try is over ({failed.Describe()}).", value: link.Profile.Name, remedy: "Try again when the cluster answers.");
        }
    }

    private static void End(StoreTransaction t, StoredJob job)
    {
        t.Execute("UPDATE job SET state = ?2, cause = ?3, message = ?4, batch = NULL, place = NULL, changed = ?5 WHERE id = ?1", job.Id, JobState.Cancelled, JobCauses.Stopped, "Stop-DftJob took it back before it was sent.", t.Now);
        t.Note("Cancelled: nothing had left", job.BatchId, job.Id, job.Attempt);
    }

    private static string FenceCommand(List<StoredJob> jobs)
    {
        var list = new StringBuilder();
        foreach (StoredJob job in jobs)
        {
            list.Append("fence ").Append(job.Place).Append(' ').Append(PosixShell.Quote(job.BatchFolder!)).Append('\n');
        }

        // Answers with the tokens of those that had not begun. Of a bundle one job alone can be ended by its own script only.
        return $$"""
            fence() {
                place=$1 state=$2/{{RunnerScript.StateFolder}} token=${2##*/}
                if mkdir "$state/$place.run" 2>/dev/null; then
                    true >"$state/$place.run/stopped"
                    echo "$token.$place"
                else
                    if [ -e "$state/$place.run/stopped" ]; then echo "$token.$place"; fi
                    true >"$state/$place.kill"
                fi
            }
            {{list}}
            """.ReplaceLineEndings("\n");
    }

    private static List<SchedulerJobId> ToCancel(List<StoredJob> jobs, Dictionary<long, StoredBatch> batches, Dictionary<(long Batch, int Task), int> alive)
    {
        var ids = new List<SchedulerJobId>();
        foreach (var group in jobs.GroupBy(j => j.BatchId!.Value))
        {
            StoredBatch batch = batches[group.Key];
            if (batch.SchedulerId is null)
            {
                continue;
            }

            if (group.Count() == alive.Where(a => a.Key.Batch == batch.Id).Sum(a => a.Value))
            {
                ids.Add(new(batch.SchedulerId));
                continue;
            }

            // An allocation is cancelled where all that still lives in it is to be stopped.
            ids.AddRange(group.GroupBy(j => batch.TaskOf(j.Place!.Value)).Where(g => g.Count() == alive.GetValueOrDefault((batch.Id, g.Key))).Select(g => new SchedulerJobId(batch.SchedulerId, batch.Tasks > 1 ? g.Key : null)));
        }

        return ids;
    }
}
