using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Jobs;

public sealed partial class DftJobs
{
    /// <summary>Begins a submission: folders are added to it one by one, and written down together.</summary>
    /// <exception cref="AtomProNetException">There is no such cluster, or an option cannot be used.</exception>
    public JobSubmission BeginSubmission(SubmitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options, ClusterProfiles.Get(options.Cluster), codes);
    }

    /// <summary>Writes the jobs of a submission down. Nothing has left afterwards; <see cref="SendAsync"/> sends them.</summary>
    /// <param name="submission">The folders.</param>
    /// <param name="problem">Told of a folder that cannot have a job now; the others go on.</param>
    /// <param name="cancellation">Ends the waiting for the store.</param>
    /// <returns>The jobs, in the order of the folders: new ones, and those that a folder with the same input has already.</returns>
    public ImmutableArray<DftJob> Plan(JobSubmission submission, Action<AtomProNetException> problem, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        ArgumentNullException.ThrowIfNull(problem);
        using var store = JobStore.Open(cancellation);
        List<long> ids = store.Write(t => submission.WriteDown(t, tell, problem));
        FaultPoint.Reach(FaultPoint.JobsPlanned);
        Dictionary<long, StoredJob> jobs = store.Read(t => t.JobsById(ids)).ToDictionary(j => j.Id);
        return [.. ids.Select(id => jobs[id].ToPublic())];
    }
}

/// <summary>Folders that are to become jobs: each is looked at when it is added, so that what cannot be run is told at once.</summary>
public sealed class JobSubmission
{
    private readonly SubmitOptions options;
    private readonly ClusterProfile profile;
    private readonly IReadOnlyList<IDftCode> codes;
    private readonly List<JobPlan> plans = [];
    private readonly StringComparer folderNames;
    private readonly HashSet<string> folders;
    private ILookup<string, string>? spellings;

    internal JobSubmission(SubmitOptions options, ClusterProfile profile, IReadOnlyList<IDftCode> codes, StringComparer? folderNames = null)
    {
        this.folderNames = folderNames ?? PathNames.Comparer;
        folders = new(this.folderNames);
        this.options = options;
        this.profile = profile;
        this.codes = codes;
    }

    /// <summary>How many folders there are.</summary>
    public int Count => plans.Count;

    /// <summary>The cluster.</summary>
    public string Cluster => profile.Name;

    /// <summary>Looks at a folder and adds it.</summary>
    /// <param name="folder">The folder, as a full path.</param>
    /// <param name="input">The input that a code's room made there; null for a folder of which only the path is known.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="AtomProNetException">It cannot be run.</exception>
    public void Add(string folder, DftInput? input = null, CancellationToken cancellation = default)
    {
        JobPlan plan = InputFolder.Plan(folder, input, options.Script, codes, cancellation);
        if (!folders.Add(plan.Folder))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "JobFolderTwice", "The folder was given twice.", plan.Folder);
        }

        plans.Add(plan);
    }

    internal List<long> WriteDown(StoreTransaction t, Action<Finding> tell, Action<AtomProNetException> problem)
    {
        if (!options.DependsOn.IsDefaultOrEmpty)
        {
            // What waits for a job that is not there would not wait at all.
            HashSet<long> known = [.. t.JobsById(options.DependsOn).Select(j => j.Id)];
            foreach (long id in options.DependsOn.Where(id => !known.Contains(id)))
            {
                throw new AtomProNetException(ErrorKind.NotFound, "JobNotFound", FormattableString.Invariant($"There is no job {id} to wait for."), remedy: "Get-DftJob lists them. Nothing was submitted.");
            }
        }

        string call = Guid.NewGuid().ToString("N");
        var requests = new Dictionary<string, long>(StringComparer.Ordinal);
        var ids = new List<long>();
        int there = 0;
        foreach (JobPlan plan in plans)
        {
            (long? existing, AtomProNetException? objection) = Existing(t, plan);
            if (objection is not null)
            {
                problem(objection);
                continue;
            }

            if (existing is { } known)
            {
                there++;
                ids.Add(known);
                continue;
            }

            StoredRequest request;
            try
            {
                request = new()
                {
                    // A script's own header may ask for what cannot stand in ours: that is this job's trouble alone.
                    Resources = plan.Header.Resolve(profile, options.Resources),
                    Script = plan.Script,
                    WarnSeconds = plan.Header.WarnBefore is { } warn ? (int)warn.TotalSeconds : null,
                    Call = call,
                    MaxRunning = options.MaxRunning,
                    MaxQueued = options.MaxQueued,
                    Bundle = options.Bundle,
                    SideBySide = options.SideBySide,
                    DependsOn = options.DependsOn,
                };
            }
            catch (AtomProNetException e)
            {
                problem(new(e.Kind, e.ErrorId, e.Problem, Path.Combine(plan.Folder, plan.Script), value: e.Value, remedy: e.Remedy, inner: e));
                continue;
            }

            string json = request.ToJson();
            if (!requests.TryGetValue(json, out long id))
            {
                requests.Add(json, id = t.AddRequest(request));
            }

            ids.Add(t.AddJob(plan, profile.Name, id));
        }

        if (there > 0)
        {
            tell(new(FindingSeverity.Warning, "JobThereAlready", FormattableString.Invariant($"{there} of {plans.Count} folders have had a job with the very same input: it is given, and not sent again."), Advice: "Restart-DftJob runs what failed again; -Force makes new jobs."));
        }

        return ids;
    }

    /// <summary>The job that a folder has already with the same input: a script that is run twice does not compute twice.</summary>
    /// <returns>That job, or an objection where it is out and the input is another one by now.</returns>
    private (long? Id, AtomProNetException? Objection) Existing(StoreTransaction t, JobPlan plan)
    {
        var present = Spellings(t, plan.Folder).SelectMany(folder => t.Query("SELECT id, state, digest FROM job WHERE folder = ?1 ORDER BY id DESC LIMIT 1", r => (Id: r.Long(0), State: (JobState)r.Int(1), Digest: r.Text(2)), folder)).ToList();
        if (present.Count == 0)
        {
            return (null, null);
        }

        (long id, JobState state, string digest) = present.MaxBy(j => j.Id);
        if (digest == plan.Digest && (!options.Force || !state.IsFinal()))
        {
            return (id, null);
        }

        return state.IsFinal() ? (null, null) : (null, new AtomProNetException(ErrorKind.AlreadyExists, "JobFolderInUse", FormattableString.Invariant($"Job {id} of this folder is {state}, and its input is another one by now."), plan.Folder, remedy: "Wait for that job or stop it (Stop-DftJob), or make the new input in another folder."));
    }

    /// <summary>A folder as the store may have it: where case does not matter, Runs\A and runs\a are one.</summary>
    private IEnumerable<string> Spellings(StoreTransaction t, string folder)
    {
        if (folderNames == StringComparer.Ordinal)
        {
            return [folder];
        }

        spellings ??= t.Query("SELECT DISTINCT folder FROM job", r => r.Text(0)).ToLookup(f => f, folderNames);
        return spellings[folder];
    }
}
