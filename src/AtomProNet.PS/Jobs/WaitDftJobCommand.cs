using System.Collections.Immutable;
using System.Diagnostics;
using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Submission;
using AtomProNet.PS.Hosting;
using JobState = AtomProNet.Jobs.JobState;

namespace AtomProNet.PS.Jobs;

/// <summary>Wait-DftJob: waits until jobs have come to an end, and gives each as soon as it has.</summary>
[Cmdlet(VerbsLifecycle.Wait, "DftJob", HelpUri = HelpPages.Root + "Wait-DftJob.md")]
[OutputType(typeof(DftJob))]
public sealed class WaitDftJobCommand : SelectedJobsCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, string> told = new(StringComparer.OrdinalIgnoreCase);
    private ThrottledProgress progress = null!;

    /// <summary>The jobs' numbers, or jobs; default all that are not at an end.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [ValidateNotNull]
    [Numbers(AreWhole = true)]
    public override long[] Id { get; set; } = [];

    /// <summary>Returns as soon as one of them has ended.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <summary>Waits no longer than so many seconds.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(0, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? Timeout { get; set; }

    /// <summary>Seconds between two questions to a cluster. Default: 1 for this machine, elsewhere 5 and, while nothing changes, up to 30.</summary>
    [Parameter]
    [ValidateRange(1, 86_400)]
    [Numbers(AreWhole = true)]
    public int? PollInterval { get; set; }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        progress = new(this, MyInvocation.MyCommand.Name);
    }

    protected override void EndProcessing()
    {
        try
        {
            base.EndProcessing();
        }
        finally
        {
            progress.Complete();
        }
    }

    private protected override void Act() => Wait(Selected.FindOr(Work.Jobs, new() { States = [.. Enum.GetValues<JobState>().Where(s => !s.IsFinal())] }, Cancellation));

    private void Wait(ImmutableArray<DftJob> jobs)
    {
        var watch = Stopwatch.StartNew();
        var open = new HashSet<long>();
        int total = jobs.Length;
        foreach (DftJob job in jobs)
        {
            if (job.IsFinal)
            {
                WriteObject(job);
            }
            else
            {
                open.Add(job.Id);
            }
        }

        if (open.Count == 0 || (Any && open.Count < total))
        {
            return;
        }

        TimeSpan interval = First(jobs);
        while (true)
        {
            string[] clusters = [.. jobs.Where(j => open.Contains(j.Id)).Select(j => j.Cluster).Distinct(StringComparer.OrdinalIgnoreCase)];
            ImmutableArray<QueueReport> reports = Work.Run((room, token) => room.RefreshAsync(clusters, (cluster, e) => Work.Do(() => Tell(cluster, e)), token));
            jobs = Work.Jobs.ListOf(open, Cancellation);
            bool ended = false;
            // A job that was removed meanwhile is waited for no longer.
            open.IntersectWith(jobs.Select(j => j.Id));
            foreach (DftJob job in jobs.Where(j => j.IsFinal))
            {
                open.Remove(job.Id);
                ended = true;
                WriteObject(job);
            }

            TellHeld(jobs);
            progress.Report(Status(jobs, reports), total - open.Count, total);
            if (open.Count == 0 || (Any && ended))
            {
                return;
            }

            TimeSpan left = Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) - watch.Elapsed : System.Threading.Timeout.InfiniteTimeSpan;
            if (Timeout is not null && left <= TimeSpan.Zero)
            {
                WriteError(ErrorRecords.From(new AtomProNetException(ErrorKind.LimitExceeded, "WaitTimedOut", FormattableString.Invariant($"{open.Count} of {total} jobs have not ended within {Timeout} s."), remedy: "They go on; wait again."), null));
                return;
            }

            interval = PollInterval is { } given ? TimeSpan.FromSeconds(given) : ended ? First(jobs) : TimeSpan.FromTicks(Math.Min(Longest.Ticks, interval.Ticks * 5 / 4));
            Pause(Timeout is null || interval < left ? interval : left);
        }
    }

    private TimeSpan First(ImmutableArray<DftJob> jobs) => PollInterval is { } given ? TimeSpan.FromSeconds(given)
        : jobs.All(j => j.Cluster.Equals(ClusterProfile.LocalName, StringComparison.OrdinalIgnoreCase)) ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(5);

    private void Pause(TimeSpan time)
    {
        if (Cancellation.WaitHandle.WaitOne(time))
        {
            throw new OperationCanceledException(Cancellation);
        }
    }

    // A cluster that stays out of reach for a night is told of once, and again when it says something else.
    private void Tell(string cluster, AtomProNetException error)
    {
        if (told.GetValueOrDefault(cluster) != error.Message)
        {
            told[cluster] = error.Message;
            WriteWarning($"{cluster}: {error.Message} Waiting goes on.");
        }
    }

    // Whoever waits for what will never start would wait for ever: it is said once a reason.
    private void TellHeld(ImmutableArray<DftJob> jobs)
    {
        foreach (var group in jobs.Where(j => j is { State: JobState.Queued, Cause: JobCauses.Held }).GroupBy(j => (j.Cluster, j.Message)))
        {
            string key = group.Key.Cluster + "\n" + group.Key.Message;
            if (told.TryAdd(key, ""))
            {
                int count = group.Count();
                WriteWarning(FormattableString.Invariant($"{group.Key.Cluster}: {count} {(count == 1 ? "job waits" : "jobs wait")} (the first is {group.First().Id}). {group.Key.Message}"));
            }
        }
    }

    private static string Status(ImmutableArray<DftJob> jobs, ImmutableArray<QueueReport> reports)
    {
        string states = string.Join(", ", jobs.GroupBy(j => j.State).OrderBy(g => g.Key).Select(g => FormattableString.Invariant($"{g.Count()} {g.Key}")));
        int waiting = reports.Sum(r => r.Waiting);
        return waiting > 0 ? FormattableString.Invariant($"{states}; {waiting} wait in the store") : states;
    }
}
