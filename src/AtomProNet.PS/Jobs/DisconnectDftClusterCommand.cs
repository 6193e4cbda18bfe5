using System.Management.Automation;
using AtomProNet.Jobs.Clusters;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Disconnect-DftCluster: closes the connection to a cluster and forgets the secrets that it was opened with. Jobs go on.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "DftCluster", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Disconnect-DftCluster.md")]
[OutputType(typeof(void))]
public sealed class DisconnectDftClusterCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation cancellation = new();

    /// <summary>The cluster's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    [Alias("Cluster")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    public void Dispose() => cancellation.Dispose();

    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            try
            {
                ClusterProfile profile = ClusterProfiles.Get(name);
                if (ShouldProcess(profile.ToString(), "Close the connection"))
                {
                    using var work = new JobWork(this, cancellation.Token);
                    bool stood = work.Run((_, _) => ClusterConnection.CloseAsync(profile));
                    WriteVerbose(stood ? $"The connection to {profile.Name} is closed." : $"No connection to {profile.Name} stood.");
                }
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, name));
            }
        }
    }

    protected override void StopProcessing() => cancellation.Stop();
}
