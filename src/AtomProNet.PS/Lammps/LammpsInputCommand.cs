using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Lammps.Inputs;
using AtomProNet.PS.Calculations;

namespace AtomProNet.PS.Lammps;

/// <summary>What cmdlets that write LAMMPS inputs have in common: where folders go, and warnings that are said once.</summary>
public abstract class LammpsInputCommand : JobScriptCommand
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>The folder in which the inputs' folders are made.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>The job script for so many MPI tasks.</summary>
    private protected JobScript Script(int tasks) => ReadJobScript(LammpsJobScript.Default, tasks);

    /// <summary>Writes one folder, unless -WhatIf.</summary>
    private protected void Write(LammpsInputPlan plan, string relative)
    {
        string folder = Path.Combine(Resolved(Destination), relative);
        LammpsInputWriter.ThrowIfTaken(folder, Force);
        foreach (Finding finding in plan.Findings)
        {
            // Many inputs share their warnings: each is said once.
            if (_told.Add(finding.Code))
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
