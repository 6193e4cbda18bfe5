using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Schedulers;

namespace AtomProNet.Jobs.Submission;

/// <summary>
/// What the <c>#SBATCH</c> lines of a job's script ask for (sbatch(1)). The script is not submitted itself but run by one of ours, so that the
/// lines would have no effect; what they say is kept, and gives way to the cluster's profile and to the submission. Immutable.
/// </summary>
internal sealed partial record ScriptHeader
{
    public int? Tasks { get; init; }

    public int? Threads { get; init; }

    public int? Nodes { get; init; }

    public TimeSpan? WallTime { get; init; }

    public int? Memory { get; init; }

    public string? Partition { get; init; }

    public string? Account { get; init; }

    public string? QualityOfService { get; init; }

    /// <summary>How long before the end of the walltime the script wants to be warned.</summary>
    public TimeSpan? WarnBefore { get; init; }

    /// <summary>Options that have no word of their own here, such as <c>--gres=gpu:1</c>.</summary>
    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Reads the lines at the beginning of a script; as for sbatch they end where the first command stands.</summary>
    public static ScriptHeader Read(string script)
    {
        var header = new ScriptHeader();
        foreach (string raw in script.Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length > 0 && !line.StartsWith('#'))
            {
                break;
            }

            if (Directive().Match(line) is { Success: true } m)
            {
                string value = m.Groups["value"].Value.Trim().Trim('"', '\'');
                header = header.With(m.Groups["name"].Value, value, m.Groups["option"].Value.Trim());
            }
        }

        return header;
    }

    /// <summary>What a job gets on a cluster: the submission's word goes first, then the profile's, then the script's.</summary>
    public JobResources Resolve(ClusterProfile profile, ResourceWishes wishes)
    {
        JobResources from = profile.Resources;
        bool batch = profile.Scheduler != SchedulerKind.Local;
        // Without a batch system a script's header counts for nothing, but for what a launch line of the user's own asks for.
        ScriptHeader own = batch ? this : profile.LaunchLine?.Contains("{tasks}", StringComparison.OrdinalIgnoreCase) == true ? new() { Tasks = Tasks, Threads = Threads } : new();
        return new()
        {
            Tasks = wishes.Tasks ?? (profile.HasTasks ? from.Tasks : own.Tasks ?? from.Tasks),
            ThreadsPerTask = wishes.Threads ?? (from.ThreadsPerTask > 1 ? from.ThreadsPerTask : own.Threads ?? 1),
            Nodes = wishes.Nodes ?? from.Nodes ?? own.Nodes,
            WallTime = wishes.WallTime ?? from.WallTime ?? own.WallTime,
            MemoryPerNode = wishes.Memory ?? from.MemoryPerNode ?? own.Memory,
            Partition = wishes.Partition ?? from.Partition ?? own.Partition,
            Account = wishes.Account ?? from.Account ?? own.Account,
            QualityOfService = wishes.QualityOfService ?? from.QualityOfService ?? own.QualityOfService,
            ParallelEnvironment = from.ParallelEnvironment,
            Options = [.. from.Options, .. profile.Scheduler == SchedulerKind.Slurm ? own.Options : [], .. wishes.Options],
        };
    }

    private ScriptHeader With(string name, string value, string option) => name switch
    {
        "--job-name" or "-J" or "--output" or "-o" or "--error" or "-e" or "--array" or "-a" or "--chdir" or "-D" or "--requeue" or "--no-requeue" or "--open-mode" or "--parsable" or "--dependency" or "-d" or "--comment" => this,
        "--ntasks" or "-n" => this with { Tasks = Number(value) ?? Tasks },
        "--cpus-per-task" or "-c" => this with { Threads = Number(value) ?? Threads },
        "--nodes" or "-N" => this with { Nodes = Number(value) ?? Nodes },
        "--time" or "-t" => this with { WallTime = JobTime.Parse(value) ?? WallTime },
        "--mem" => this with { Memory = Megabytes(value) ?? Memory },
        "--partition" or "-p" => this with { Partition = value },
        "--account" or "-A" => this with { Account = value },
        "--qos" or "-q" => this with { QualityOfService = value },
        "--signal" => this with { WarnBefore = value.LastIndexOf('@') is >= 0 and int at && Number(value[(at + 1)..]) is { } seconds ? TimeSpan.FromSeconds(seconds) : WarnBefore },
        _ => this with { Options = Options.Add(option) },
    };

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0 ? n : null;

    private static int? Megabytes(string text)
    {
        if (MemorySize().Match(text) is not { Success: true } m)
        {
            return null;
        }

        double factor = m.Groups["unit"].Value.ToUpperInvariant() switch { "K" => 1.0 / 1024, "G" => 1024, "T" => 1024 * 1024, _ => 1 };
        return (int)Math.Ceiling(long.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture) * factor);
    }

    [GeneratedRegex(@"^#SBATCH\s+(?<option>(?<name>--[a-z-]+|-[A-Za-z])([=\s]+(?<value>\S.*?))?)\s*(\s#.*)?\z")]
    private static partial Regex Directive();

    [GeneratedRegex(@"^(?<number>\d{1,9})(?<unit>[KkMmGgTt])?[Bb]?\z")]
    private static partial Regex MemorySize();
}
