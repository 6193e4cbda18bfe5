using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Reads training sets: extended XYZ, npz, DeePMD.</summary>
[Cmdlet(VerbsData.Import, "TrainingSet", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Root + "Import-TrainingSet.md")]
[OutputType(typeof(Frame))]
public sealed class ImportTrainingSetCommand : PSCmdlet, IDisposable
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly CmdletCancellation _cancellation = new();
    private TrainingSetInput? _input;

    /// <summary>Files, wildcards, or folders that hold them.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files or folders, no character taken for a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The format. Default: by the name, and folders with a type.raw are DeePMD's.</summary>
    [Parameter]
    public TrainingSetFormat? Format { get; set; }

    /// <summary>Whose names hold the labels of extended XYZ. Default: every known name; two that contradict each other are an error.</summary>
    [Parameter]
    public KeyStyle? KeyStyle { get; set; }

    /// <summary>The elements of DeePMD's types in their order, where a system has no type_map.raw.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] TypeMap { get; set; } = [];

    public void Dispose() => _cancellation.Dispose();

    protected override void BeginProcessing()
    {
        try
        {
            _input = new(this, _cancellation.Token) { Format = Format, KeyStyle = KeyStyle, TypeMap = TypeMapText.Parse(TypeMap) };
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, TypeMap));
        }
    }

    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        foreach (Frame frame in _input!.Read(literal ? LiteralPath : Path, literal))
        {
            WriteObject(frame);
        }
    }

    protected override void StopProcessing() => _cancellation.Stop();
}
