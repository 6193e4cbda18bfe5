using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Converts training sets from any format into any other, frame by frame.</summary>
[Cmdlet(VerbsData.Convert, "TrainingSet", SupportsShouldProcess = true, DefaultParameterSetName = PathSet, HelpUri = HelpPages.Root + "Convert-TrainingSet.md")]
[OutputType(typeof(TrainingSetFile))]
public sealed class ConvertTrainingSetCommand : PSCmdlet, IDisposable
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly CmdletCancellation _cancellation = new();
    private TrainingSetInput? _input;
    private TrainingSetOutput? _output;

    /// <summary>Files, wildcards, or folders to convert; all go into one set.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files or folders to convert, no character taken for a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The file or folder to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public string Destination { get; set; } = "";

    /// <summary>The format to write. Default: by the name.</summary>
    [Parameter]
    public TrainingSetFormat? Format { get; set; }

    /// <summary>Whose names the labels of extended XYZ get: Mace (default), NequIP, Ase, Seed.</summary>
    [Parameter]
    public KeyStyle KeyStyle { get; set; } = KeyStyle.Mace;

    /// <summary>The format to read. Default: by the name.</summary>
    [Parameter]
    public TrainingSetFormat? SourceFormat { get; set; }

    /// <summary>Whose names hold the labels of the extended XYZ that is read. Default: every known name.</summary>
    [Parameter]
    public KeyStyle? SourceKeyStyle { get; set; }

    /// <summary>The elements of DeePMD's types in their order, where a system has no type_map.raw.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] TypeMap { get; set; } = [];

    /// <summary>Which energy becomes the label. Default: the free energy, or the one whose kind the file did not tell.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>Lets frames through that are marked as not converged.</summary>
    [Parameter]
    public SwitchParameter IncludeUnconverged { get; set; }

    /// <summary>Writes frames of different methods into one set, which is refused otherwise.</summary>
    [Parameter]
    public SwitchParameter AllowMixedMethods { get; set; }

    /// <summary>Replaces an earlier set of the same name, and writes a set in which errors are found.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    public void Dispose()
    {
        _output?.Dispose();
        _cancellation.Dispose();
    }

    protected override void BeginProcessing()
    {
        try
        {
            _input = new(this, _cancellation.Token) { Format = SourceFormat, KeyStyle = SourceKeyStyle, TypeMap = TypeMapText.Parse(TypeMap) };
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, TypeMap));
        }

        _output = TrainingSetOutput.Open(this, Destination, path => new()
        {
            Path = path,
            Format = Format,
            KeyStyle = KeyStyle,
            EnergyKind = EnergyKind,
            IncludeUnconverged = IncludeUnconverged,
            AllowMixedMethods = AllowMixedMethods,
            Overwrite = Force,
            IgnoreErrors = Force,
        });
    }

    protected override void ProcessRecord()
    {
        if (_output is null)
        {
            return;
        }

        bool literal = ParameterSetName == LiteralPathSet;
        foreach (Frame frame in _input!.Read(literal ? LiteralPath : Path, literal))
        {
            _output.Add(frame);
        }
    }

    protected override void EndProcessing() => _output?.Complete(_cancellation.Token);

    protected override void StopProcessing() => _cancellation.Stop();
}
