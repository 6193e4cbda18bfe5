using System.Collections.Concurrent;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Calculations;

/// <summary>Import-DftResult: the frames of whatever DFT outputs a folder holds, from the richest source of each run.</summary>
[Cmdlet(VerbsData.Import, "DftResult", DefaultParameterSetName = "Path", HelpUri = HelpPages.Root + "Import-DftResult.md")]
[OutputType(typeof(Frame))]
public sealed class ImportDftResultCommand : ImportFrameCommand
{
    private readonly ConcurrentDictionary<string, DftResult> results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DftResult?> found = new(StringComparer.Ordinal);

    /// <summary>Lets frames of a machine-learned force field through; they stay marked.</summary>
    [Parameter]
    public SwitchParameter IncludeMachineLearned { get; set; }

    private protected override FrameSelection Selection => new(IonicStep, IncludeUnconverged, IncludeMachineLearned);

    private protected override string WantedNames => "VASP: OUTCAR, vasprun.xml; Quantum ESPRESSO: the standard output of pw.x as *.out, *.pwo, *.pwout or *.log, data-file-schema.xml";

    private protected override bool IsWanted(string fileName) => DftCodes.All.Any(code => code.IsResultName(fileName));

    private protected override bool Holds(string file) => Find(file) is not null;

    // Two files of one run are one result.
    private protected override string? Main(string file) => Find(file) is not { } result ? file : results.TryAdd(result.Id, result) ? result.Id : null;

    private protected override IFrameReader Open(string file) => results.TryGetValue(file, out DftResult? result)
        ? result.Open()
        : throw new AtomProNetException(ErrorKind.NotSupported, "ResultNotRecognised", "This is no output of a known DFT code.", file, remedy: "VASP: OUTCAR, vasprun.xml; Quantum ESPRESSO: the standard output of pw.x, data-file-schema.xml.");

    // Some codes have to look into files to tell whose they are.
    private DftResult? Find(string file)
    {
        if (!found.TryGetValue(file, out DftResult? result))
        {
            found[file] = result = Look(file);
        }

        return result;
    }

    private static DftResult? Look(string file)
    {
        string name = System.IO.Path.GetFileName(file);
        foreach (IDftCode code in DftCodes.All)
        {
            try
            {
                if (code.FindResult(file) is { } result)
                {
                    return result;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && code.IsResultName(name))
            {
                // It gets its error when it is opened.
                return new(code.Code, file, [file], () => throw e);
            }
        }

        return null;
    }
}
