using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Writes frames as a training set, whole or split into training, validation and test.</summary>
[Cmdlet(VerbsData.Export, "TrainingSet", SupportsShouldProcess = true, DefaultParameterSetName = FractionSet, HelpUri = HelpPages.Root + "Export-TrainingSet.md")]
[OutputType(typeof(TrainingSetFile))]
public sealed class ExportTrainingSetCommand : PSCmdlet, IDisposable
{
    private const string FractionSet = "Fraction";
    private const string CountSet = "Count";

    private readonly CmdletCancellation _cancellation = new();
    private TrainingSetOutput? _output;

    /// <summary>The frames.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

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

    /// <summary>Which energy becomes the label: Free, WithoutEntropy, SigmaToZero. Default: the free energy, or the one whose kind the file did not tell.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>The fraction of the frames to train on.</summary>
    [Parameter(ParameterSetName = FractionSet)]
    public double? TrainFraction { get; set; }

    /// <summary>The fraction of the frames to validate on.</summary>
    [Parameter(ParameterSetName = FractionSet)]
    public double? ValidationFraction { get; set; }

    /// <summary>The fraction of the frames to test on.</summary>
    [Parameter(ParameterSetName = FractionSet)]
    public double? TestFraction { get; set; }

    /// <summary>The number of frames to train on.</summary>
    [Parameter(ParameterSetName = CountSet)]
    public int? TrainCount { get; set; }

    /// <summary>The number of frames to validate on.</summary>
    [Parameter(ParameterSetName = CountSet)]
    public int? ValidationCount { get; set; }

    /// <summary>The number of frames to test on.</summary>
    [Parameter(ParameterSetName = CountSet)]
    public int? TestCount { get; set; }

    /// <summary>By what to split: Group, Blocked, Composition, Cluster, StratifiedEnergy, StratifiedConfigType, or Frame (at random). Default: Group where that can be done, else Blocked.</summary>
    [Parameter]
    public SplitMethod? SplitBy { get; set; }

    /// <summary>How many frames are left out where a group is cut. Default: one in a hundred of the group, at least one.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? GapFrameCount { get; set; }

    /// <summary>How many clusters are made by -SplitBy Cluster. Default: as few as meet the sizes within a quarter.</summary>
    [Parameter]
    [ValidateRange(2, 1000)]
    public int? ClusterCount { get; set; }

    /// <summary>The seed of the split.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>A CSV file for the distance of each validation and test frame to its nearest training frame.</summary>
    [Parameter]
    public string? LeakReport { get; set; }

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
        Split = Request(),
        LeakReportPath = LeakReport is null ? null : new InputPaths(this).Output(LeakReport),
        IncludeUnconverged = IncludeUnconverged,
        AllowMixedMethods = AllowMixedMethods,
        Overwrite = Force,
        IgnoreErrors = Force,
    });

    protected override void ProcessRecord() => _output?.Add(InputObject, Part, Split);

    protected override void EndProcessing() => _output?.Complete(_cancellation.Token);

    protected override void StopProcessing() => _cancellation.Stop();

    private SplitRequest Request()
    {
        var split = new SplitRequest
        {
            TrainFraction = TrainFraction,
            ValidationFraction = ValidationFraction,
            TestFraction = TestFraction,
            TrainCount = TrainCount,
            ValidationCount = ValidationCount,
            TestCount = TestCount,
            Method = SplitBy,
            GapFrameCount = GapFrameCount,
            ClusterCount = ClusterCount,
            Seed = Seed,
        };
        return split.IsSplit || (SplitBy is null && GapFrameCount is null && ClusterCount is null)
            ? split
            : throw SplitRequest.SizesMissing();
    }
}
