using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AtomProNet.Jobs.Schedulers;

/// <summary>What a job needs, in words that every batch system has. What is null is left to the batch system's defaults. Immutable.</summary>
public sealed partial record JobResources
{
    private readonly string? account, partition, qualityOfService, parallelEnvironment;
    private readonly ImmutableArray<string> options = [];

    /// <summary>Who pays: Slurm's account, PBS's and SGE's project, LSF's project.</summary>
    /// <exception cref="AtomProNetException">It is no plain word.</exception>
    public string? Account { get => account; init => account = Word(value, "account"); }

    /// <summary>Slurm's partition; the queue of the others.</summary>
    /// <exception cref="AtomProNetException">It is no plain word.</exception>
    public string? Partition { get => partition; init => partition = Word(value, "partition"); }

    /// <summary>Slurm's quality of service; nothing elsewhere.</summary>
    /// <exception cref="AtomProNetException">It is no plain word.</exception>
    public string? QualityOfService { get => qualityOfService; init => qualityOfService = Word(value, "quality of service"); }

    /// <summary>SGE's parallel environment, without which SGE gives one slot; nothing elsewhere.</summary>
    /// <exception cref="AtomProNetException">It is no plain word.</exception>
    public string? ParallelEnvironment { get => parallelEnvironment; init => parallelEnvironment = Word(value, "parallel environment"); }

    /// <summary>The longest time that it may run, to the second.</summary>
    public TimeSpan? WallTime { get; init; }

    /// <summary>Memory of each node, MiB (1 MiB = 2²⁰ bytes). Where a batch system counts by slot (SGE) or by job (Torque), it is converted.</summary>
    public int? MemoryPerNode { get; init; }

    /// <summary>Nodes; null leaves it to the batch system.</summary>
    public int? Nodes { get; init; }

    /// <summary>MPI tasks, in all.</summary>
    public int Tasks { get; init; } = 1;

    /// <summary>Threads of each task.</summary>
    public int ThreadsPerTask { get; init; } = 1;

    /// <summary>Further options as the batch system itself writes them (<c>--gres=gpu:1</c>), each one line of the header.</summary>
    /// <exception cref="AtomProNetException">One has a line break, which would end the header.</exception>
    public ImmutableArray<string> Options
    {
        get => options;
        init
        {
            foreach (string option in value)
            {
                if (!OptionPattern().IsMatch(option))
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "JobOptionInvalid", "An option of the batch system is one line of visible characters that begins with '-'.", value: option, remedy: "Write it as in a script's header, such as --gres=gpu:1.");
                }
            }

            options = value;
        }
    }

    /// <summary>Tasks × threads.</summary>
    public int Cores => checked(Tasks * ThreadsPerTask);

    /// <summary>In one line for people: what is asked for, and nothing that is left to the batch system.</summary>
    public override string ToString()
    {
        var parts = new List<string> { FormattableString.Invariant($"{Tasks} {(Tasks == 1 ? "task" : "tasks")}") };
        void Add(bool given, FormattableString text)
        {
            if (given)
            {
                parts.Add(FormattableString.Invariant(text));
            }
        }

        Add(ThreadsPerTask > 1, $"{ThreadsPerTask} threads each");
        Add(Nodes is not null, $"{Nodes} {(Nodes == 1 ? "node" : "nodes")}");
        Add(WallTime is not null, $"walltime {WallTime:c}");
        Add(MemoryPerNode is not null, $"{MemoryPerNode} MiB a node");
        Add(Partition is not null, $"partition {Partition}");
        Add(Account is not null, $"account {Account}");
        Add(QualityOfService is not null, $"quality of service {QualityOfService}");
        Add(ParallelEnvironment is not null, $"parallel environment {ParallelEnvironment}");
        parts.AddRange(Options);
        return string.Join(", ", parts);
    }

    private static string? Word(string? value, string what) => value is null || WordPattern().IsMatch(value) ? value
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "JobHeaderInvalid", $"The {what} of a job is one plain word.", value: value, remedy: "Letters, digits and . _ , + @ - are possible.");

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._,+@-]*\z")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"^-[^\p{C}\u2028\u2029]*\z")]
    private static partial Regex OptionPattern();
}
