using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AtomProNet.Jobs.Schedulers;

/// <summary>What is asked of a batch system for one submission: a single job or an array. Immutable.</summary>
public sealed partial record JobRequest
{
    /// <summary>The file for standard output unless another is named.</summary>
    public const string DefaultOutputName = "job.out";

    /// <summary>The file for standard error unless another is named.</summary>
    public const string DefaultErrorName = "job.err";

    private readonly string name = "", token = "", workDirectory = "";
    private readonly string outputName = DefaultOutputName, errorName = DefaultErrorName;

    /// <summary>The job's name, by which it is found again: it begins with a letter; letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, at most 64.</summary>
    /// <exception cref="AtomProNetException">It is none.</exception>
    public required string Name
    {
        get => name;
        init => name = NamePattern().IsMatch(value) ? value : throw Invalid("JobNameInvalid", "The name of a job begins with a letter and holds letters, digits, '_', '-' and '.', at most 64.", value);
    }

    /// <summary>The token of this submission, which goes into the comment where there is one: letters, digits, <c>_</c>, <c>-</c>.</summary>
    /// <exception cref="AtomProNetException">It is none.</exception>
    public required string Token
    {
        get => token;
        init => token = TokenPattern().IsMatch(value) ? value : throw Invalid("JobTokenInvalid", "A token holds letters, digits, '_' and '-', at most 64.", value);
    }

    /// <summary>Where the script lies and starts: an absolute path on the host, of any characters but NUL.</summary>
    /// <exception cref="AtomProNetException">It is not absolute.</exception>
    public required string WorkDirectory
    {
        get => workDirectory;
        init => workDirectory = value.StartsWith('/') && !value.Contains('\0', StringComparison.Ordinal) ? value : throw Invalid("JobDirectoryNotAbsolute", "The work directory on the host has to be an absolute path.", value);
    }

    /// <summary>What the job needs.</summary>
    public JobResources Resources { get; init; } = new();

    /// <summary>The tasks; null for a single job.</summary>
    public JobArray? Array { get; init; }

    /// <summary>The ids of the jobs that this one waits for (whole arrays).</summary>
    public ImmutableArray<SchedulerJobId> DependsOn { get; init; } = [];

    /// <summary>How the jobs that this one waits for have to end.</summary>
    public DependencyKind Dependency { get; init; } = DependencyKind.AfterSuccess;

    /// <summary>How long before the walltime is over the script gets SIGUSR1; null for no signal. Ignored where the batch system has none (see <see cref="SchedulerFeatures.WarningSignal"/>).</summary>
    public TimeSpan? WarnBefore { get; init; }

    /// <summary>The file in the work directory for what the batch system and the script print: a plain name. In an array each task's index is appended behind a dot.</summary>
    /// <exception cref="AtomProNetException">It is no plain name.</exception>
    public string OutputName { get => outputName; init => outputName = FileName(value); }

    /// <summary>The same for standard error.</summary>
    /// <exception cref="AtomProNetException">It is no plain name.</exception>
    public string ErrorName { get => errorName; init => errorName = FileName(value); }

    internal static string FileName(string value) => FileNamePattern().IsMatch(value) ? value
        : throw Invalid("JobFileNameInvalid", "The name of a job's file in its work directory is a plain word.", value);

    private static AtomProNetException Invalid(string id, string problem, string value) => new(ErrorKind.InvalidArgument, id, problem, value: value);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_.-]{0,63}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\z")]
    private static partial Regex FileNamePattern();
}

/// <summary>How the jobs that another waits for have to end.</summary>
public enum DependencyKind
{
    /// <summary>With exit code 0.</summary>
    AfterSuccess,
    /// <summary>Somehow.</summary>
    AfterEnd,
}

/// <summary>The tasks of an array. Indices begin at 1 or above, since SGE and LSF know no 0.</summary>
/// <param name="First">The first index.</param>
/// <param name="Last">The last index, inclusive. Slurm's MaxArraySize 1001 means that it is at most 1000.</param>
/// <param name="MaxRunning">How many tasks may run at a time; null for no limit of our own.</param>
public sealed record JobArray(int First, int Last, int? MaxRunning = null)
{
    /// <summary>The number of tasks.</summary>
    public int Count => Last - First + 1;
}
