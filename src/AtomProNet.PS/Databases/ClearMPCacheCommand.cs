using System.Management.Automation;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.MaterialsProject;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Databases;

/// <summary>Removes the answers of the Materials Project that Get-MPStructure keeps on the disk.</summary>
[Cmdlet(VerbsCommon.Clear, "MPCache", SupportsShouldProcess = true)]
[OutputType(typeof(QueryCacheContent))]
public sealed class ClearMPCacheCommand : PSCmdlet
{
    protected override void ProcessRecord()
    {
        try
        {
            var cache = QueryCache.ForUser(MaterialsProjectClient.CacheName);
            var content = cache.Measure();
            var megabytes = (content.ByteCount / 1e6).ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
            if (ShouldProcess(cache.Folder, $"Remove the answers to {content.QueryCount} queries ({content.FileCount} files, {megabytes} MB)"))
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
