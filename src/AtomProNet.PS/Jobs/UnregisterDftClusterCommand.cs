using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Unregister-DftCluster: forgets clusters.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "DftCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Unregister-DftCluster.md")]
[OutputType(typeof(void))]
public sealed class UnregisterDftClusterCommand : PSCmdlet
{
    /// <summary>The cluster's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Forgets a cluster although jobs are out on it: nobody will ask about them any more.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            try
            {
                ClusterProfile profile = ClusterProfiles.Get(name);
                using var jobs = new DftJobs([]);
                int open = jobs.List(new() { Clusters = [profile.Name] }).Count(j => !j.IsFinal);
                if (open > 0 && !Force)
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "ClusterInUse", FormattableString.Invariant($"{open} jobs of {profile.Name} have not ended."), value: profile.Name, remedy: "Wait for them or stop them; -Force forgets the cluster all the same.");
                }

                if (ShouldProcess(profile.ToString(), "Forget cluster"))
                {
                    ClusterProfiles.Remove(profile.Name);
                }
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, name));
            }
        }
    }
}
