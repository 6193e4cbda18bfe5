using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Shell;

namespace AtomProNet.Calculations;

/// <summary>The script that runs a calculation: a template with <c>{{PLACEHOLDERS}}</c> and what goes into them. Immutable.</summary>
/// <remarks>
/// Placeholders: NAME (the folder's name), JOB_NAME (the same in ASCII, for a scheduler), TASKS, THREADS, WALL_TIME, HEADER (further
/// #SBATCH lines), SETUP (module lines), COMMAND (launcher and program; the environment variable ATOMPRONET_LAUNCH takes the launcher's place), EXECUTABLE (the program alone).
/// All that reaches the shell goes through <see cref="PosixShell.Quote"/>; header lines, which no shell reads, take plain words only.
/// </remarks>
public sealed partial record JobScript
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "job.sh";

    private readonly string template = "{{COMMAND}}\n";
    private readonly string wallTime = "24:00:00";
    private readonly string? partition, account;

    /// <summary>The template; the rooms of the codes have one for Slurm each.</summary>
    /// <exception cref="AtomProNetException">It has a placeholder that there is nothing for.</exception>
    public string Template
    {
        get => template;
        init
        {
            template = value.TrimStart('\uFEFF').ReplaceLineEndings("\n");
            foreach (Match match in Placeholder().Matches(template))
            {
                if (!Names.Contains(match.Groups[1].Value))
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "JobScriptPlaceholderUnknown", "The job script's template has a placeholder that there is nothing for.", value: match.Value, remedy: $"Known are {string.Join(", ", Names.Select(n => "{{" + n + "}}"))}.");
                }
            }
        }
    }

    /// <summary>The number of MPI tasks.</summary>
    public int Tasks { get; init; } = 16;

    /// <summary>OMP_NUM_THREADS.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The walltime as Slurm reads it: <c>24:00:00</c>, <c>2-00:00:00</c>.</summary>
    /// <exception cref="AtomProNetException">It is no time.</exception>
    public string WallTime
    {
        get => wallTime;
        init => wallTime = Time().IsMatch(value) ? value : throw new AtomProNetException(ErrorKind.InvalidArgument, "WallTimeInvalid", "This is no walltime.", value: value, remedy: "Write it as 24:00:00 or 2-00:00:00.");
    }

    /// <summary>The partition; null for the cluster's default.</summary>
    /// <exception cref="AtomProNetException">It is no plain word.</exception>
    public string? Partition { get => partition; init => partition = HeaderWord(value, "partition"); }

    /// <summary>The account; null for the user's default.</summary>
    /// <exception cref="AtomProNetException">It is no plain word.</exception>
    public string? Account { get => account; init => account = HeaderWord(value, "account"); }

    /// <summary>Modules to load.</summary>
    public ImmutableArray<string> Modules { get; init; } = [];

    /// <summary>What starts the program, word by word; empty for none.</summary>
    public ImmutableArray<string> Launcher { get; init; } = ["srun"];

    /// <summary>The program; null for the one that the input needs.</summary>
    public string? Executable { get; init; }

    /// <summary>What the scheduler's name of a job begins with where its own beginning is no letter.</summary>
    public string NamePrefix { get; init; } = "job_";

    private static string[] Names { get; } = ["NAME", "JOB_NAME", "TASKS", "THREADS", "WALL_TIME", "HEADER", "SETUP", "COMMAND", "EXECUTABLE"];

    /// <summary>The script for one calculation.</summary>
    /// <param name="name">The name of its folder.</param>
    /// <param name="neededExecutable">The program, words and all, unless <see cref="Executable"/> names another.</param>
    /// <param name="arguments">What stands behind the program.</param>
    public string ToText(string name, string neededExecutable, params string[] arguments)
    {
        string executable = Executable ?? neededExecutable;
        var header = new StringBuilder();
        if (Partition is not null)
        {
            header.Append(CultureInfo.InvariantCulture, $"#SBATCH --partition={Partition}\n");
        }

        if (Account is not null)
        {
            header.Append(CultureInfo.InvariantCulture, $"#SBATCH --account={Account}\n");
        }

        string setup = string.Concat(Modules.Select(m => $"module load {PosixShell.Quote(m)}\n"));
        string text = Placeholder().Replace(template, match => match.Groups[1].Value switch
        {
            "NAME" => PosixShell.Quote(name),
            "JOB_NAME" => AsciiName(name),
            "TASKS" => Tasks.ToString(CultureInfo.InvariantCulture),
            "THREADS" => Threads.ToString(CultureInfo.InvariantCulture),
            "WALL_TIME" => WallTime,
            "HEADER" => header.ToString(),
            "SETUP" => setup,
            // Where jobs are submitted to a cluster that has a launch line of its own, that takes the launcher's place.
            "COMMAND" => $"${{ATOMPRONET_LAUNCH-{PosixShell.Join(Launcher)}}} {PosixShell.Join([executable, .. arguments])}",
            "EXECUTABLE" => PosixShell.Quote(executable),
            _ => match.Value,
        });
        return text.EndsWith('\n') ? text : text + "\n";
    }

    private string AsciiName(string name)
    {
        // Slurm takes nearly anything, PBS and SGE no name that begins with a digit; 15 characters was PBS's limit and is no more.
        string ascii = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '+' ? c : '_'));
        return char.IsAsciiLetter(ascii.FirstOrDefault()) ? ascii : NamePrefix + ascii;
    }

    private static string? HeaderWord(string? value, string what) => value is null || Word().IsMatch(value) ? value
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "JobHeaderInvalid", $"The {what} of a job is one plain word.", value: value, remedy: "Letters, digits and . _ , + - are possible.");

    [GeneratedRegex(@"\{\{([A-Z_]+)\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^(\d{1,3}-)?\d{1,3}(:\d{2}){0,2}\z")]
    private static partial Regex Time();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._,+-]*\z")]
    private static partial Regex Word();
}
