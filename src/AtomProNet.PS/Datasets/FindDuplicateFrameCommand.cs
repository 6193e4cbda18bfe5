using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Duplicates;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Finds frames that are copies of others, exactly or nearly, within a set and between its parts.</summary>
[Cmdlet(VerbsCommon.Find, "DuplicateFrame", HelpUri = HelpPages.Root + "Find-DuplicateFrame.md")]
[OutputType(typeof(DuplicateFrame))]
public sealed class FindDuplicateFrameCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation _cancellation = new();
    private ThrottledProgress? _progress;
    private DuplicateSearch? _search;
    private bool _hasParts;

    /// <summary>The frames; the training part, where the others are given, too.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>The frames of the validation part, or files that hold them.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNull]
    public object[] ValidationSet { get; set; } = [];

    /// <summary>The frames of the test part, or files that hold them.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNull]
    public object[] TestSet { get; set; } = [];

    /// <summary>The distance of descriptors below which frames are near; 0 for exact copies only.</summary>
    [Parameter]
    [Numbers]
    public double Threshold { get; set; } = DuplicateSearch.DefaultThreshold;

    /// <summary>Which energy is the label. Default: the free energy, or what a frame has.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    public void Dispose() => _cancellation.Dispose();

    protected override void BeginProcessing()
    {
        try
        {
            _search = new(Threshold, EnergyKind);
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Threshold));
        }

        _hasParts = ValidationSet.Length + TestSet.Length > 0;
        _progress = new(this, "Looking for copies");
    }

    protected override void ProcessRecord() => Look(InputObject, _hasParts ? DatasetPart.Train : null);

    protected override void EndProcessing()
    {
        try
        {
            var inputs = new FrameInputs(this, _cancellation.Token);
            foreach ((object[] set, DatasetPart part) in new[] { (ValidationSet, DatasetPart.Validation), (TestSet, DatasetPart.Test) })
            {
                foreach (Frame frame in inputs.Frames(set))
                {
                    Look(frame, part);
                }
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

    private void Look(Frame frame, DatasetPart? part)
    {
        if (_search!.Add(frame, part) is { } found)
        {
            WriteObject(found);
        }

        _progress!.Report(frame.Source?.File ?? "", _search.FrameCount);
    }
}
