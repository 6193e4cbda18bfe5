using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Writes frames as a training set, whole or split into training, validation and test.</summary>
[Cmdlet(VerbsData.Export, "TrainingSet", SupportsShouldProcess = true, DefaultParameterSetName = FractionSet, HelpUri = HelpPages.Root + "Export-TrainingSet.md")]
[OutputType(typeof(TrainingSetFile))]
public sealed class ExportTrainingSetCommand : SplitCommand, IDisposable
{
    private readonly CmdletCancellation _cancellation = new();
    private TrainingSetOutput? _output;

    /// <summary>The file, such as set.extxyz; the parts of a split become set_train.extxyz, set_validation.extxyz and set_test.extxyz.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>The format: ExtendedXyz, Npz (AtomProNet's layout), SgdmlNpz (NequIP's), DeepMD, DeepMDMixed, Csv. Default: by the name.</summary>
    [Parameter]
    public TrainingSetFormat? Format { get; set; }

    /// <summary>Whose names the labels of extended XYZ get: Mace (default), NequIP, Ase, Seed.</summary>
    [Parameter]
    public KeyStyle KeyStyle { get; set; } = KeyStyle.Mace;

    /// <summary>The part of the frame, as Split-TrainingSet tells it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public DatasetPart? Part { get; set; }

    /// <summary>How the frames were split, as Split-TrainingSet tells it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SplitDescription? Split { get; set; }

    /// <summary>Lets frames in that are not converged.</summary>
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

    protected override void BeginProcessing() => _output = TrainingSetOutput.Open(this, Path, path => new()
    {
        Path = path,
        Format = Format,
        KeyStyle = KeyStyle,
        EnergyKind = EnergyKind,
        Split = RequestWithSizes(),
        LeakReportPath = LeakReport is null ? null : new InputPaths(this).Output(LeakReport),
        IncludeUnconverged = IncludeUnconverged,
        AllowMixedMethods = AllowMixedMethods,
        Overwrite = Force,
        IgnoreErrors = Force,
    });

    protected override void ProcessRecord() => _output?.Add(InputObject, Part, Split);

    protected override void EndProcessing() => _output?.Complete(_cancellation.Token);

    protected override void StopProcessing() => _cancellation.Stop();

    private SplitRequest RequestWithSizes()
    {
        SplitRequest split = Request();
        return split.IsSplit || (SplitBy is null && GapFrameCount is null && ClusterCount is null)
            ? split
            : throw SplitRequest.SizesMissing();
    }
}
