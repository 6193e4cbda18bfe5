using System.Management.Automation;
using AtomProNet.Jobs.Clusters;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Get-DftCluster: the clusters that are registered, and this machine.</summary>
[Cmdlet(VerbsCommon.Get, "DftCluster", HelpUri = HelpPages.Root + "Get-DftCluster.md")]
[OutputType(typeof(ClusterProfile))]
public sealed class GetDftClusterCommand : PSCmdlet
{
    /// <summary>Names, with wildcards; default all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        try
        {
            var all = ClusterProfiles.All(e => WriteError(ErrorRecords.From(e, e.File)));
            foreach (string name in Name)
            {
                var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
                ClusterProfile[] found = [.. all.Where(p => pattern.IsMatch(p.Name))];
                if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                {
                    // It says which ones there are.
                    found = [ClusterProfiles.Get(name)];
                }

                foreach (ClusterProfile profile in found)
                {
                    WriteObject(profile);
                }
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Name));
        }
    }
}
