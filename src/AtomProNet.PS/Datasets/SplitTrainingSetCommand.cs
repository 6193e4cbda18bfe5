using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Leaks;
using AtomProNet.Files;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Splits frames into training, validation and test, and tells how near what is tested on lies to what is trained on.</summary>
[Cmdlet(VerbsCommon.Split, "TrainingSet", SupportsShouldProcess = true, DefaultParameterSetName = FractionSet, HelpUri = HelpPages.Root + "Split-TrainingSet.md")]
[OutputType(typeof(SplitFrame))]
public sealed class SplitTrainingSetCommand : PSCmdlet, IDisposable
{
    private const string FractionSet = "Fraction";
    private const string CountSet = "Count";

    private readonly CmdletCancellation _cancellation = new();
    private ThrottledProgress? _progress;
    private FrameSplitter? _splitter;

    /// <summary>The frames.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>By what to split: Group, Blocked, Composition, Cluster, StratifiedEnergy, StratifiedConfigType, or Frame (at random). Default: Group where that can be done, else Blocked.</summary>
    [Parameter]
    public SplitMethod? SplitBy { get; set; }

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

    /// <summary>Which energy is the label. Default: the free energy, or what a frame has.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>A CSV file for the distance of each validation and test frame to its nearest training frame.</summary>
    [Parameter]
    public string? LeakReport { get; set; }

    /// <summary>Does not measure how near the frames lie: faster for very large sets.</summary>
    [Parameter]
    public SwitchParameter SkipLeakReport { get; set; }

    /// <summary>Replaces the CSV file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    public void Dispose()
    {
        _splitter?.Dispose();
        _cancellation.Dispose();
    }

    protected override void BeginProcessing()
    {
        _progress = new(this, "Splitting the training set");
        try
        {
            if (SkipLeakReport && LeakReport is not null)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "LeakReportSkipped", "A leak report is asked for and skipped at once.", remedy: "Leave out -SkipLeakReport.");
            }

            _splitter = new(
                new()
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
                },
                EnergyKind,
                !SkipLeakReport);
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    protected override void ProcessRecord()
    {
        try
        {
            _splitter!.Add(InputObject);
            _progress!.Report(InputObject.Source?.File ?? "", _splitter.FrameCount);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            // A frame less would be another split: there is no going on.
            ThrowTerminatingError(ErrorRecords.From(e, InputObject));
        }
    }

    protected override void EndProcessing()
    {
        try
        {
            FrameSplit split = _splitter!.Complete(_cancellation.Token, (done, total) => _progress!.Report("Measuring distances between the parts", done, total));
            foreach (Finding finding in split.Findings)
            {
                WriteWarning(finding.ToString());
            }

            WriteVerbose(Summary(split));
            if (LeakReport is not null)
            {
                WriteTable(split.Leaks!);
            }

            foreach (SplitFrame frame in split.Frames)
            {
                WriteObject(frame);
            }
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }

        _progress!.Complete();
    }

    protected override void StopProcessing() => _cancellation.Stop();

    private static string Summary(FrameSplit split) => FormattableString.Invariant($"Split by {split.Description}: {split.Plan.Count(DatasetPart.Train)} to train on, {split.Plan.Count(DatasetPart.Validation)} to validate, {split.Plan.Count(DatasetPart.Test)} to test; {split.Plan.GroupCount} groups, {split.Plan.GapFrameCount} frames left out at cuts.")
        + (split.Description.ClusterCount is { } clusters ? FormattableString.Invariant($" {clusters} clusters.") : "")
        + (split.Leaks is { Frames: { IsEmpty: false } leaks } ? FormattableString.Invariant($" The nearest of the {leaks.Length} frames lies {leaks.Min(l => l.Distance):G3} from training.") : "");

    private void WriteTable(AtomProNet.Datasets.Leaks.LeakReport report)
    {
        if (new InputPaths(this).Output(LeakReport!) is not { } path || !ShouldProcess(path, "Write leak report"))
        {
            return;
        }

        using var file = new AtomicFile(path, Force);
        LeakTable.Write(file.Stream, report);
        file.Commit();
    }
}
