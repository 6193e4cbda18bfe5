using System.Management.Automation;
using AtomProNet.Calculations;

namespace AtomProNet.PS.Calculations;

/// <summary>What all cmdlets that write inputs of codes that run under MPI say of the job script.</summary>
public abstract class JobScriptCommand : BatchScriptCommand
{
    /// <summary>What starts the program in the job script, word by word; the word {tasks} is their number. Default srun.</summary>
    [Parameter]
    [ValidateNotNull]
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
    private protected JobScript ReadJobScript(JobScript builtIn, int tasks) => ReadBatchScript(builtIn) with
    {
        Tasks = tasks,
        Launcher = [.. Launcher.Where(word => word.Length > 0).Select(word => word == "{tasks}" ? FormattableString.Invariant($"{tasks}") : word)],
        Executable = Executable,
    };
}
