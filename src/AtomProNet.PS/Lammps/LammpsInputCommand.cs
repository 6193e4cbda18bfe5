using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Lammps.Inputs;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Lammps;

/// <summary>What cmdlets that write LAMMPS inputs have in common: where folders go, and the job script.</summary>
public abstract class LammpsInputCommand : PSCmdlet
{
    private readonly Dictionary<string, int> _told = new(StringComparer.Ordinal);

    /// <summary>The folder in which the inputs' folders are made.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

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

    /// <summary>What starts LAMMPS in the job script, word by word. Default srun.</summary>
    [Parameter]
    public string[] Launcher { get; set; } = ["srun"];

    /// <summary>The LAMMPS that the job script starts. Default lmp.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Executable { get; set; }

    /// <summary>Replaces folders that are there already. A folder with results of a run is never replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The job script for so many MPI tasks.</summary>
    private protected JobScript Script(int tasks)
    {
        JobScript script = LammpsJobScript.Default with
        {
            Tasks = tasks,
            WallTime = WallTime,
            Partition = Partition,
            Account = Account,
            Modules = [.. Module],
            Launcher = [.. Launcher.Where(word => word.Length > 0).Select(word => word == "{tasks}" ? FormattableString.Invariant($"{tasks}") : word)],
            Executable = Executable,
        };
        return JobScript is null ? script : script with { Template = File.ReadAllText(SessionState.Path.GetUnresolvedProviderPathFromPSPath(JobScript)) };
    }

    /// <summary>Writes one folder, unless -WhatIf.</summary>
    private protected void Write(LammpsInputPlan plan, string relative)
    {
        string folder = Path.Combine(SessionState.Path.GetUnresolvedProviderPathFromPSPath(Destination), relative);
        LammpsInputWriter.ThrowIfTaken(folder, Force);
        foreach (Finding finding in plan.Findings)
        {
            // Many inputs share their warnings: each is said once.
            if (_told.TryAdd(finding.Code, 1))
            {
                WriteWarning(finding.ToString());
            }
        }

        if (ShouldProcess(folder, "Write LAMMPS input"))
        {
            WriteObject(LammpsInputWriter.Write(plan, folder, Force));
        }
    }
}
