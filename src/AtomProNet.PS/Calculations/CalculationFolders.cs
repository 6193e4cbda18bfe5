using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Calculations;

/// <summary>Finds the calculations that paths stand for: folders, those inside them, or output files.</summary>
internal sealed class CalculationFolders(PSCmdlet cmdlet)
{
    /// <summary>Each calculation with its code, in a stable order; a path that holds none is an error.</summary>
    public IEnumerable<(IDftCode Code, string Path)> Find(IEnumerable<string> paths, bool literal)
    {
        foreach (string path in new InputPaths(cmdlet).Resolve(paths, literal))
        {
            bool any = false;
            foreach ((IDftCode, string) found in Directory.Exists(path) ? InFolder(path) : OfFile(path))
            {
                any = true;
                yield return found;
            }

            if (!any)
            {
                cmdlet.WriteError(ErrorRecords.From(new AtomProNetException(ErrorKind.NotFound, "NoCalculationFound", "There is no calculation of a known code here.", path, remedy: "Give the folder of a calculation, a folder of such folders, or an output file."), path));
            }
        }
    }

    private static IEnumerable<(IDftCode, string)> OfFile(string file)
    {
        foreach (IDftCode code in DftCodes.All)
        {
            if (code.FindResult(file) is not null)
            {
                yield return (code, file);
                yield break;
            }
        }
    }

    private IEnumerable<(IDftCode, string)> InFolder(string folder)
    {
        foreach (IDftCode code in DftCodes.All)
        {
            foreach (string calculation in code.FindCalculations(folder))
            {
                yield return (code, calculation);
            }
        }

        DirectoryInfo[] inside;
        try
        {
            inside = new DirectoryInfo(folder).GetDirectories();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            cmdlet.WriteError(ErrorRecords.From(e, folder));
            yield break;
        }

        Array.Sort(inside, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (DirectoryInfo item in inside)
        {
            // A link could lead back up.
            if (item.LinkTarget is null)
            {
                foreach ((IDftCode, string) found in InFolder(item.FullName))
                {
                    yield return found;
                }
            }
        }
    }
}
