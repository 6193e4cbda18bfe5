using System.Management.Automation;
using AtomProNet.Jobs.Imports;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>New-ImportJob: folders for Submit-DftJob that read a cluster's own outputs there, part by part, into one training set.</summary>
[Cmdlet(VerbsCommon.New, "ImportJob", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-ImportJob.md")]
[OutputType(typeof(ImportJob))]
public sealed class NewImportJobCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation cancellation = new();

    /// <summary>The tree of outputs, as an absolute path on the cluster.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("RemotePath")]
    [ValidateNotNullOrEmpty]
    public string SourcePath { get; set; } = "";

    /// <summary>The extended XYZ file to make, as an absolute path on the cluster.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string OutputPath { get; set; } = "";

    /// <summary>Where the folders of the jobs go, here.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>How many jobs share the tree. Default 10.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    [Numbers(AreWhole = true)]
    public int Shards { get; set; } = 10;

    /// <summary>The cmdlet that reads: Import-DftResult (default), Import-Outcar, Import-Vasprun, Import-QEOutput.</summary>
    [Parameter]
    [ValidateSet("Import-DftResult", "Import-Outcar", "Import-Vasprun", "Import-QEOutput")]
    public string Cmdlet { get; set; } = "Import-DftResult";

    /// <summary>The launcher on the cluster: a name on its PATH, or an absolute path. Default atompronet.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Executable { get; set; } = "atompronet";

    /// <summary>Replaces older folders of the same names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    public void Dispose() => cancellation.Dispose();

    protected override void EndProcessing()
    {
        if (new InputPaths(this).Output(Destination) is not { } folder || !ShouldProcess(folder, $"Write {Shards} jobs that import {SourcePath}, and one that merges"))
        {
            return;
        }

        try
        {
            var plan = new ImportJobPlan { SourcePath = SourcePath, OutputPath = OutputPath, Shards = Shards, Cmdlet = Cmdlet, Executable = Executable };
            foreach (ImportJob job in plan.Write(folder, Force, cancellation.Token))
            {
                WriteObject(job);
            }
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, folder));
        }
    }

    protected override void StopProcessing() => cancellation.Stop();
}
