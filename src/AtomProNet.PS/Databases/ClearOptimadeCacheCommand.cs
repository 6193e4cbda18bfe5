using System.Management.Automation;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Optimade;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Databases;

/// <summary>Removes the answers that Get-OptimadeStructure keeps on the disk.</summary>
[Cmdlet(VerbsCommon.Clear, "OptimadeCache", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Clear-OptimadeCache.md")]
[OutputType(typeof(QueryCacheContent))]
public sealed class ClearOptimadeCacheCommand : PSCmdlet
{
    protected override void ProcessRecord()
    {
        try
        {
            var cache = QueryCache.ForUser(OptimadeClient.CacheName);
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
