using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Jobs.Restarting;

/// <summary>What the next try of a job does otherwise. Decided from its cause, the verdict on its files and its earlier restarts; pure.</summary>
/// <param name="Input">Changes to its input, for its code to make.</param>
/// <param name="Job">Changes to what it is given.</param>
/// <param name="Resources">What it is given.</param>
internal sealed record RestartDecision(ImmutableArray<RestartChange> Input, ImmutableArray<RestartChange> Job, JobResources Resources)
{
    private const double More = 2;

    /// <summary>Causes for which nothing is to be changed: the job itself was not at fault.</summary>
    private static readonly HashSet<string> Innocent = new(StringComparer.Ordinal)
    {
        JobCauses.NodeFailure, JobCauses.Preempted, JobCauses.Vanished, JobCauses.NeverStarted, JobCauses.BundleEnded, JobCauses.GuardNotMade, JobCauses.FolderGone, JobCauses.Refused,
        JobCauses.DependencyFailed, JobCauses.InputChanged, JobCauses.Stopped, JobCauses.CancelledOutside,
    };

    /// <summary>All changes.</summary>
    public ImmutableArray<RestartChange> Changes => [.. Input, .. Job];

    /// <summary>Decides.</summary>
    /// <param name="job">The job.</param>
    /// <param name="request">What it was given.</param>
    /// <param name="verdict">The verdict on its files; null where there are none, or no code that knows them.</param>
    /// <param name="options">What is allowed.</param>
    /// <exception cref="AtomProNetException">A restart would end the same way, or needs what was not allowed or not said.</exception>
    public static RestartDecision Of(StoredJob job, StoredRequest request, CalculationVerdict? verdict, RestartOptions options)
    {
        string cause = job.Cause ?? job.State.ToString();
        JobResources given = WithWishes(request.Resources, options);
        ImmutableArray<RestartChange> geometry = [.. (verdict?.RestartChanges ?? []).Where(c => c.Key == "Geometry")];
        if (options.Unchanged)
        {
            return Checked(job, new([], Differences(request.Resources, given), given), options);
        }

        if (Innocent.Contains(cause))
        {
            return Checked(job, new(geometry, Differences(request.Resources, given), given), options);
        }

        if (cause == JobCauses.TimeLimit)
        {
            JobResources longer = Longer(job, request.Resources, given, options);
            return Checked(job, new(geometry, Differences(request.Resources, longer), longer), options);
        }

        if (cause == JobCauses.OutOfMemory)
        {
            JobResources larger = Larger(job, request.Resources, given, options);
            return Checked(job, new(geometry, Differences(request.Resources, larger), larger), options);
        }

        return Checked(job, ByVerdict(job, request, verdict, given, options), options);
    }

    private static RestartDecision ByVerdict(StoredJob job, StoredRequest request, CalculationVerdict? verdict, JobResources given, RestartOptions options)
    {
        string cause = job.Cause ?? job.State.ToString();
        ImmutableArray<RestartChange> all = verdict?.RestartChanges ?? [];
        ImmutableArray<RestartChange> input = [.. all.Where(c => c.Target != "Job")];
        foreach (RestartChange change in all.Where(c => c.Target == "Job"))
        {
            given = change.Key switch
            {
                "Walltime" => Longer(job, request.Resources, given, options),
                "Memory" => Larger(job, request.Resources, given, options),
                "Tasks" when options.Resources.Tasks is null => given with { Tasks = Math.Max(1, given.Tasks / 2) },
                _ => given,
            };
        }

        int before = job.Restarts.Count(r => r.Cause == cause);
        if (verdict?.Exit == ExitKind.ElectronicNotConverged)
        {
            input = Rung(job, input, before);
        }
        else if (before > 0 && verdict?.Exit is not (ExitKind.IonicNotConverged or ExitKind.Unfinished) && job.Restarts.Any(r => r.Cause == cause && input.All(c => r.Changes.Any(done => done.Target == c.Target && done.Key == c.Key))))
        {
            throw Refusal(job, "RestartLadderEnded", $"It has been restarted for {cause} with all that is known to help, and ended the same way.", verdict?.Cause?.Remedy ?? "Look at its output.");
        }

        ImmutableArray<RestartChange> differences = Differences(request.Resources, given);
        return input.IsEmpty && differences.IsEmpty
            ? throw Refusal(job, "RestartWouldRepeat", $"It ended by {cause}, and nothing is known that a restart should change.", (verdict?.Cause?.Remedy ?? "Mend its input.") + " -Unchanged runs it again as it is.")
            : new(input, differences, given);
    }

    /// <summary>
    /// The ladder for an electronic loop that did not converge: each restart takes the next step of those that the code names, in its order; the geometry that was
    /// reached goes along.
    /// </summary>
    private static ImmutableArray<RestartChange> Rung(StoredJob job, ImmutableArray<RestartChange> named, int before)
    {
        ImmutableArray<RestartChange> steps = [.. named.Where(c => c.Key != "Geometry")];
        return before < steps.Length
            ? [steps[before], .. named.Where(c => c.Key == "Geometry")]
            : throw Refusal(job, "RestartLadderEnded", string.Create(CultureInfo.InvariantCulture, $"All {steps.Length} steps of the ladder were taken ({string.Join(", ", job.Restarts.SelectMany(r => r.Changes).Where(c => c.Target != "Job" && c.Key != "Geometry"))}), and its electronic loop still does not converge."), "Look at the structure and the method: magnetism, smearing, too short a distance.");
    }

    private static JobResources Longer(StoredJob job, JobResources had, JobResources given, RestartOptions options) => options.Resources.WallTime is not null ? given
        : had.WallTime is { } time ? given with { WallTime = time * More }
        : throw Refusal(job, "RestartNeedsWallTime", "Its time was over, and how long it was is the cluster's default, which is not known here.", "Say how long it may take: -WallTime.");

    private static JobResources Larger(StoredJob job, JobResources had, JobResources given, RestartOptions options) => options.Resources.Memory is not null ? given
        : had.MemoryPerNode is { } memory ? given with { MemoryPerNode = (int)Math.Min(int.MaxValue, memory * More) }
        : throw Refusal(job, "RestartNeedsMemory", "Its memory did not suffice, and how much it had is the cluster's default, which is not known here.", "Say how much it may have: -MemoryMB.");

    private static JobResources WithWishes(JobResources had, RestartOptions options) => had with
    {
        Tasks = options.Resources.Tasks ?? had.Tasks,
        ThreadsPerTask = options.Resources.Threads ?? had.ThreadsPerTask,
        Nodes = options.Resources.Nodes ?? had.Nodes,
        WallTime = options.Resources.WallTime ?? had.WallTime,
        MemoryPerNode = options.Resources.Memory ?? had.MemoryPerNode,
        Partition = options.Resources.Partition ?? had.Partition,
        Account = options.Resources.Account ?? had.Account,
        QualityOfService = options.Resources.QualityOfService ?? had.QualityOfService,
        Options = options.Resources.Options.IsEmpty ? had.Options : options.Resources.Options,
    };

    private static ImmutableArray<RestartChange> Differences(JobResources had, JobResources given)
    {
        var changes = ImmutableArray.CreateBuilder<RestartChange>();
        void Compare(string key, object? a, object? b, string reason)
        {
            if (!Equals(a, b))
            {
                changes.Add(new("Job", key, Convert.ToString(b, CultureInfo.InvariantCulture), false, reason));
            }
        }

        Compare("Walltime", had.WallTime, given.WallTime, "More time.");
        Compare("Memory", had.MemoryPerNode, given.MemoryPerNode, "More memory, MiB of each node.");
        Compare("Tasks", had.Tasks, given.Tasks, "Another number of tasks.");
        Compare("Threads", had.ThreadsPerTask, given.ThreadsPerTask, "Another number of threads.");
        Compare("Nodes", had.Nodes, given.Nodes, "Another number of nodes.");
        Compare("Partition", had.Partition, given.Partition, "Another partition.");
        return changes.ToImmutable();
    }

    private static RestartDecision Checked(StoredJob job, RestartDecision decision, RestartOptions options)
    {
        if (job.Attempt > options.MaxRestarts)
        {
            throw Refusal(job, "RestartLimitReached", string.Create(CultureInfo.InvariantCulture, $"It has been restarted {job.Attempt - 1} times, and ended by {job.Cause ?? job.State.ToString()}."), "Look at what the tries have in common; -MaxRestarts allows more.");
        }

        RestartChange[] physics = [.. decision.Input.Where(c => c.ChangesPhysics)];
        return physics.Length == 0 || options.AllowMethodChange ? decision
            : throw Refusal(job, "RestartChangesMethod", $"What would help changes the method: {string.Join(", ", (IEnumerable<RestartChange>)physics)}. Its frames would not belong to the others of its set.", "Change the method of the whole set; or allow it with -AllowMethodChange, which marks its frames.");
    }

    private static AtomProNetException Refusal(StoredJob job, string id, string problem, string remedy) => new(ErrorKind.InvalidArgument, id, string.Create(CultureInfo.InvariantCulture, $"Job {job.Id} ({job.Name}) is not restarted. {problem}"), remedy: remedy);
}
