using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Checks;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Checks a training set: units, signs, labels that belong elsewhere, mixed methods, copies, leaks.</summary>
[Cmdlet(VerbsDiagnostic.Test, "TrainingSet", HelpUri = HelpPages.Root + "Test-TrainingSet.md")]
[OutputType(typeof(TrainingSetFinding))]
public sealed class TestTrainingSetCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation _cancellation = new();
    private ThrottledProgress? _progress;
    private TrainingSetCheck? _check;
    private bool _hasParts;

    /// <summary>The frames; the training part, where the others are given, too.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>The frames of the validation part, or files that hold them: neighbours and copies in two parts are found.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNull]
    public object[] ValidationSet { get; set; } = [];

    /// <summary>The frames of the test part, or files that hold them.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNull]
    public object[] TestSet { get; set; } = [];

    /// <summary>Which energy is the label. Default: the free energy, or what a frame has.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    public void Dispose()
    {
        _check?.Dispose();
        _cancellation.Dispose();
    }

    protected override void BeginProcessing()
    {
        _check = new(EnergyKind);
        _hasParts = ValidationSet.Length + TestSet.Length > 0;
        _progress = new(this, "Checking the training set");
    }

    protected override void ProcessRecord()
    {
        try
        {
            _check!.Add(InputObject, _hasParts ? DatasetPart.Train : null);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            // Not the frame's fault: without what is kept of it no rule holds.
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }

        _progress!.Report(InputObject.Source?.File ?? "", _check!.FrameCount);
    }

    protected override void EndProcessing()
    {
        ImmutableArray<TrainingSetFinding> findings = [];
        try
        {
            var inputs = new FrameInputs(this, _cancellation.Token);
            foreach ((object[] set, DatasetPart part) in new[] { (ValidationSet, DatasetPart.Validation), (TestSet, DatasetPart.Test) })
            {
                foreach (Frame frame in inputs.Frames(set))
                {
                    _check!.Add(frame, part);
                    _progress!.Report(frame.Source?.File ?? "", _check.FrameCount);
                }
            }

            findings = _check!.Conclude();
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
        WriteVerbose($"{_check!.FrameCount} frames checked, {findings.Length} findings.");
        WriteObject(findings, enumerateCollection: true);
    }

    protected override void StopProcessing() => _cancellation.Stop();
}
