using System.Management.Automation;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.MaterialsProject;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Databases;

/// <summary>Removes the answers of the Materials Project that Get-MPStructure keeps on the disk.</summary>
[Cmdlet(VerbsCommon.Clear, "MPCache", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Clear-MPCache.md")]
[OutputType(typeof(QueryCacheContent))]
public sealed class ClearMPCacheCommand : PSCmdlet
{
    protected override void ProcessRecord()
    {
        try
        {
            var cache = QueryCache.ForUser(MaterialsProjectClient.CacheName);
            var content = cache.Measure();
            if (ShouldProcess(cache.Folder, CacheText.Removal(content)))
            {
                WriteObject(cache.Clear());
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, null));
        }
    }
}
