using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>What the cmdlets that split a training set have in common: the frames, and how they are to be split.</summary>
public abstract class SplitCommand : PSCmdlet
{
    /// <summary>The name of the parameter set in which sizes are fractions.</summary>
    protected const string FractionSet = "Fraction";

    /// <summary>The name of the parameter set in which sizes are numbers of frames.</summary>
    protected const string CountSet = "Count";

    /// <summary>The frames.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>The fraction of the frames to train on.</summary>
    [Parameter(ParameterSetName = FractionSet)]
    [Numbers]
    public double? TrainFraction { get; set; }

    /// <summary>The fraction of the frames to validate on.</summary>
    [Parameter(ParameterSetName = FractionSet)]
    [Numbers]
    public double? ValidationFraction { get; set; }

    /// <summary>The fraction of the frames to test on.</summary>
    [Parameter(ParameterSetName = FractionSet)]
    [Numbers]
    public double? TestFraction { get; set; }

    /// <summary>The number of frames to train on.</summary>
    [Parameter(ParameterSetName = CountSet)]
    [Numbers(AreWhole = true)]
    public int? TrainCount { get; set; }

    /// <summary>The number of frames to validate on.</summary>
    [Parameter(ParameterSetName = CountSet)]
    [Numbers(AreWhole = true)]
    public int? ValidationCount { get; set; }

    /// <summary>The number of frames to test on.</summary>
    [Parameter(ParameterSetName = CountSet)]
    [Numbers(AreWhole = true)]
    public int? TestCount { get; set; }

    /// <summary>By what to split: Group, Blocked, Composition, Cluster, StratifiedEnergy, StratifiedConfigType, or Frame (at random). Default: Group where that can be done, else Blocked.</summary>
    [Parameter]
    public SplitMethod? SplitBy { get; set; }

    /// <summary>How many frames are left out where a group is cut. Default: one in a hundred of the group, at least one.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? GapFrameCount { get; set; }

    /// <summary>How many clusters are made by -SplitBy Cluster. Default: as few as meet the sizes within a quarter.</summary>
    [Parameter]
    [ValidateRange(2, 1000)]
    [Numbers(AreWhole = true)]
    public int? ClusterCount { get; set; }

    /// <summary>The seed of the split.</summary>
    [Parameter]
    [Numbers(AreWhole = true)]
    public long Seed { get; set; }

    /// <summary>Which energy is the label. Default: the free energy, or the one whose kind the file did not tell.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>A CSV file for the distance of each validation and test frame to its nearest training frame.</summary>
    [Parameter]
    public string? LeakReport { get; set; }

    /// <summary>What these parameters ask for.</summary>
    protected SplitRequest Request() => new()
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
}
