using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Calculations;

/// <summary>What all cmdlets that write inputs say of the job script, whatever the code.</summary>
public abstract class JobScriptCommand : PSCmdlet
{
    /// <summary>A template of one's own for the job script, with placeholders such as {{COMMAND}}.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JobScript { get; set; }

    /// <summary>The walltime in the job script, as 24:00:00 or 2-00:00:00. Default 24:00:00.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string WallTime { get; set; } = "24:00:00";

    /// <summary>The partition in the job script; default the cluster's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <summary>The account in the job script; default the user's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>Modules that the job script loads.</summary>
    [Parameter]
    public string[] Module { get; set; } = [];

    /// <summary>What starts the program in the job script, word by word; the word {tasks} is their number. Default srun.</summary>
    [Parameter]
    public string[] Launcher { get; set; } = ["srun"];

    /// <summary>The program that the job script starts; default the one that the input needs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Executable { get; set; }

    /// <summary>Replaces folders that are there already. A folder with results of a run is never replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The job script that the parameters ask for.</summary>
    /// <param name="builtIn">The code's own, whose template is taken unless the user has one.</param>
    /// <param name="tasks">The number of MPI tasks.</param>
    private protected JobScript ReadJobScript(JobScript builtIn, int tasks)
    {
        JobScript script = builtIn with
        {
            Tasks = tasks,
            WallTime = WallTime,
            Partition = Partition,
            Account = Account,
            Modules = [.. Module],
            Launcher = [.. Launcher.Where(word => word.Length > 0).Select(word => word == "{tasks}" ? FormattableString.Invariant($"{tasks}") : word)],
            Executable = Executable,
        };
        return JobScript is null ? script : script with { Template = File.ReadAllText(Resolved(JobScript)) };
    }

    /// <summary>The absolute path of a file or folder that need not exist.</summary>
    private protected string Resolved(string path) => new InputPaths(this).Output(path) ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "PathNotUsable", $"'{path}' is no path of the file system.", value: path);
}
