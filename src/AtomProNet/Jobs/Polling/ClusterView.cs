using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Jobs.Polling;

/// <summary>What one poll has seen of a cluster, arranged by job.</summary>
internal sealed class ClusterView
{
    private readonly TimeSpan settleTime;
    private readonly SchedulerAnswer queue;
    private readonly Dictionary<string, Records> queued;
    private readonly Dictionary<string, BatchMarkers>? markers;
    private readonly string? markerProblem;
    private SchedulerAnswer? history;
    private Dictionary<string, Records> remembered = [];
    private Dictionary<(string Token, int Place), string> ownerOf = [];
    private Dictionary<string, SchedulerState> told = [];

    public ClusterView(TimeSpan settleTime, SchedulerAnswer queue, HostAnswer markerListing)
    {
        this.settleTime = settleTime;
        this.queue = queue;
        queued = ByName(queue);
        if (markerListing.IsSuccess)
        {
            markers = BatchMarkers.Parse(markerListing.Output);
        }
        else
        {
            markerProblem = markerListing.Describe();
        }
    }

    private DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

    /// <summary>The same with what the scheduler remembers, and with the owners of the guards.</summary>
    /// <param name="answer">What the scheduler remembers.</param>
    /// <param name="owners">The listing of the guards.</param>
    /// <param name="messages">What it wrote into the files of the allocations that it ended, by <see cref="MessageKey"/>.</param>
    public ClusterView With(SchedulerAnswer answer, HostAnswer owners, Dictionary<string, SchedulerState> messages)
    {
        var view = (ClusterView)MemberwiseClone();
        view.told = messages;
        view.history = answer;
        view.remembered = ByName(answer);
        view.ownerOf = [];
        if (owners.IsSuccess)
        {
            foreach (string line in owners.Output.Split('\n'))
            {
                // apn…/state/12.run/4711_13@node5
                string[] parts = line.Split('/', 4);
                if (parts.Length == 4 && parts[2].Split('.')[0] is var place && int.TryParse(place, out int n) && parts[3].IndexOf('@', StringComparison.Ordinal) is > 0 and int at)
                {
                    view.ownerOf[(parts[0], n)] = parts[3][..at];
                }
            }
        }

        return view;
    }

    /// <summary>All that was seen of a job.</summary>
    public JobSighting SightingOf(StoredJob job, StoredBatch batch, StoredRequest request)
    {
        int place = job.Place!.Value;
        BatchMarkers? own = markers?.GetValueOrDefault(batch.Token);
        int? task = TaskOf(job, batch);
        string? owner = ownerOf.GetValueOrDefault((batch.Token, place));
        return new()
        {
            Now = Now,
            QueueProblem = queue.IsKnown ? null : queue.Problem ?? "no answer",
            Queue = Refined(Best(queued.GetValueOrDefault(batch.Token), batch, task, owner), MessageKey(batch, task)),
            MarkerProblem = own is null ? markerProblem ?? "its batch is not in the listing" : own.IsUnreachable ? "the work directory cannot be entered" : null,
            IsFolderGone = own?.IsGone == true,
            HasBegun = own?.HasBegun(place) == true,
            Exit = own?.Exit(place),
            Term = own?.Term(place),
            HistoryScope = history?.Scope,
            HistoryProblem = history?.Problem,
            History = Refined(Best(remembered.GetValueOrDefault(batch.Token), batch, task, owner), MessageKey(batch, task)),
            IsBundled = batch.Bundle > 1,
            WallTime = request.Resources.WallTime,
            SettleTime = settleTime,
        };
    }

    /// <summary>The task of an array that a job is in; null outside an array.</summary>
    public static int? TaskOf(StoredJob job, StoredBatch batch) => batch.Tasks > 1 ? batch.TaskOf(job.Place!.Value) : null;

    /// <summary>What tells allocations apart where their messages are asked for.</summary>
    public static string MessageKey(StoredBatch batch, int? task) => FormattableString.Invariant($"{batch.Token}.{task ?? 0}");

    /// <summary>The record with what the scheduler wrote elsewhere, where the record itself only says that it ended.</summary>
    private SchedulerJob? Refined(SchedulerJob? record, string key) =>
        record is { State: SchedulerState.Failed or SchedulerState.Ended or SchedulerState.Cancelled } && told.TryGetValue(key, out SchedulerState state) ? record with { State = state } : record;

    /// <summary>Of several records of one job the one that took the guard, else one that lives, else the one that the batch is known by, else the newest.</summary>
    private static SchedulerJob? Best(Records? jobs, StoredBatch batch, int? task, string? owner)
    {
        List<SchedulerJob>? own = jobs?.Of(task);
        return own is null or { Count: 0 } ? null
            : own.Count == 1 ? own[0]
            : own.OrderByDescending(j => owner is not null && (j.Id.ToString() == owner || j.Id.Id == owner))
                .ThenByDescending(j => j.State.IsActive())
                .ThenByDescending(j => j.Id.Id == batch.SchedulerId)
                .ThenByDescending(j => j.Submitted)
                .First();
    }

    private static Dictionary<string, Records> ByName(SchedulerAnswer answer)
    {
        var result = new Dictionary<string, Records>(StringComparer.Ordinal);
        foreach (SchedulerJob job in answer.Jobs)
        {
            if (!result.TryGetValue(job.Name, out Records? records))
            {
                result.Add(job.Name, records = new());
            }

            records.Add(job);
        }

        return result;
    }

    /// <summary>What a scheduler tells of one batch, by task.</summary>
    private sealed class Records
    {
        private readonly Dictionary<int, List<SchedulerJob>> byTask = [];
        private readonly List<SchedulerJob> whole = [], all = [];

        public void Add(SchedulerJob job)
        {
            all.Add(job);
            if (job.Id.ArrayIndex is not { } task)
            {
                whole.Add(job);
            }
            else if (byTask.TryGetValue(task, out List<SchedulerJob>? list))
            {
                list.Add(job);
            }
            else
            {
                byTask.Add(task, [job]);
            }
        }

        /// <summary>What is said of a task; null: of a single job. What is said of a whole array holds for each of its tasks.</summary>
        public List<SchedulerJob> Of(int? task) => task is not { } n ? all
            : !byTask.TryGetValue(n, out List<SchedulerJob>? own) ? whole
            : whole.Count == 0 ? own
            : [.. own, .. whole];
    }
}
