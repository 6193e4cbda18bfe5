using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Calculations;

/// <summary>What all cmdlets that write a job script say of the job, whatever it runs.</summary>
public abstract class BatchScriptCommand : PSCmdlet
{
    private string? template;

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
    [ValidateNotNull]
    public string[] Module { get; set; } = [];

    /// <summary>A script as the parameters ask for it.</summary>
    /// <param name="builtIn">The program's own, whose template is taken unless the user has one.</param>
    private protected JobScript ReadBatchScript(JobScript builtIn)
    {
        JobScript script = builtIn with { WallTime = WallTime, Partition = Partition, Account = Account, Modules = [.. Module] };
        return JobScript is null ? script : script with { Template = template ??= File.ReadAllText(Resolved(JobScript)) };
    }

    /// <summary>The absolute path of a file or folder that need not exist.</summary>
    private protected string Resolved(string path) => new InputPaths(this).Required(path);
}
