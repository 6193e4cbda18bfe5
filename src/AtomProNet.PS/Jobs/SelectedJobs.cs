using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Gathers the jobs that a pipeline names by their numbers (parameter <c>Id</c>); one that is not there is an error, and the others go on.</summary>
internal sealed class SelectedJobs(PSCmdlet cmdlet)
{
    private readonly List<long> ids = [];
    private readonly HashSet<long> known = [];
    private bool anyNamed;

    /// <summary>Adds what one object of the pipeline named.</summary>
    public void Add(IEnumerable<long> more)
    {
        anyNamed |= cmdlet.MyInvocation.BoundParameters.ContainsKey("Id");
        ids.AddRange(more.Where(known.Add));
    }

    /// <summary>
    /// The jobs that were named, as <see cref="Find"/> gives them; where none were, all that fit a filter. A pipeline that gave nothing has named nothing: what
    /// follows a filter that nothing passes must not do it to all the others.
    /// </summary>
    public ImmutableArray<DftJob> FindOr(DftJobs jobs, JobFilter otherwise, CancellationToken cancellation) => anyNamed || cmdlet.MyInvocation.ExpectingInput ? Find(jobs, cancellation) : jobs.List(otherwise, cancellation);

    /// <summary>The jobs, as the store has them, in the order in which they were named.</summary>
    public ImmutableArray<DftJob> Find(DftJobs jobs, CancellationToken cancellation)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        Dictionary<long, DftJob> found = jobs.ListOf(ids, cancellation).ToDictionary(j => j.Id);
        foreach (long id in ids.Where(id => !found.ContainsKey(id)))
        {
            cmdlet.WriteError(ErrorRecords.From(new AtomProNetException(ErrorKind.NotFound, "JobNotFound", FormattableString.Invariant($"There is no job {id}."), remedy: "Get-DftJob lists them."), id));
        }

        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }
}
