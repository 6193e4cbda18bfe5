using System.Management.Automation;
using AtomProNet.Formats;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Formats;

/// <summary>Reads structures from files: POSCAR, CIF, extended XYZ.</summary>
[Cmdlet(VerbsData.Import, "Structure", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Root + "Import-Structure.md")]
[OutputType(typeof(Structure))]
public sealed class ImportStructureCommand : PSCmdlet, IDisposable
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly CmdletCancellation _cancellation = new();
    private ThrottledProgress? _progress;
    private FormatReadOptions _options = new();
    private IFormat? _format;
    private long _count;

    /// <summary>Files, wildcards, or folders to look through for files whose names tell a format.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files or folders, no character taken for a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The format, where the file's name does not tell it: Poscar, Cif, ExtendedXyz.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FormatNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Format { get; set; }

    /// <summary>The elements in the order of the file, for a POSCAR of VASP 4, which does not name them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ElementCompleter))]
    public string[] Species { get; set; } = [];

    public void Dispose() => _cancellation.Dispose();

    protected override void BeginProcessing()
    {
        _progress = new ThrottledProgress(this, "Reading structures");
        try
        {
            _format = Format is null ? null : FormatRegistry.ByName(Format);
            _options = new() { Species = [.. Species.Select(Element.FromSymbol)], Report = Tell };
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        bool IsWanted(string name) => FormatRegistry.TryForFile(name, out IFormat? told) && (_format is null || told == _format);
        string names = string.Join(", ", (_format is null ? FormatRegistry.All : [_format]).SelectMany(format => format.FileNamePatterns));
        foreach (string file in new InputPaths(this).Files(literal ? LiteralPath : Path, literal, IsWanted, names))
        {
            try
            {
                Import(file);
            }
            catch (OperationCanceledException) when (Stopping)
            {
                throw new PipelineStoppedException();
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, file));
            }
        }
    }

    protected override void EndProcessing() => _progress!.Complete();

    protected override void StopProcessing() => _cancellation.Stop();

    private void Import(string file)
    {
        bool told = false;
        foreach (Frame frame in StructureFile.Read(file, _format, _options, _cancellation.Token))
        {
            _progress!.Report(file, ++_count);
            if (!told && (frame.Energy is not null || frame.Forces is not null || frame.Stress is not null))
            {
                told = true;
                WriteVerbose($"{file} holds energies, forces or stress; Import-TrainingSet keeps them.");
            }

            WriteObject(frame.Structure);
        }
    }

    private void Tell(Finding finding)
    {
        if (finding.Severity == FindingSeverity.Information)
        {
            WriteVerbose(finding.ToString());
        }
        else
        {
            WriteWarning(finding.ToString());
        }
    }
}
