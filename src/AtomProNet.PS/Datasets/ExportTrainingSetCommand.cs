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
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
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

    /// <summary>By what to split: Group, Blocked or Frame. Default: Group where that can be done, else Blocked.</summary>
    [Parameter]
    public SplitMethod? SplitBy { get; set; }

    /// <summary>How many frames are left out where a group is cut. Default: one in a hundred of the group, at least one.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? GapFrameCount { get; set; }

    /// <summary>The seed of the split.</summary>
    [Parameter]
    public long Seed { get; set; }

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
        Split = Split(),
        IncludeUnconverged = IncludeUnconverged,
        AllowMixedMethods = AllowMixedMethods,
        Overwrite = Force,
        IgnoreErrors = Force,
    });

    protected override void ProcessRecord() => _output?.Add(InputObject);

    protected override void EndProcessing() => _output?.Complete(_cancellation.Token);

    protected override void StopProcessing() => _cancellation.Stop();

    private SplitRequest Split()
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
            Seed = Seed,
        };
        return split.IsSplit || (SplitBy is null && GapFrameCount is null)
            ? split
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitSizesMissing", "It was said how to split, but not into what.", remedy: "Add sizes, such as -TrainFraction 0.8 -ValidationFraction 0.1 -TestFraction 0.1.");
    }
}
