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
public sealed class SplitTrainingSetCommand : SplitCommand, IDisposable
{
    private readonly CmdletCancellation _cancellation = new();
    private ThrottledProgress? _progress;
    private FrameSplitter? _splitter;

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

            _splitter = new(Request(), EnergyKind, !SkipLeakReport);
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
