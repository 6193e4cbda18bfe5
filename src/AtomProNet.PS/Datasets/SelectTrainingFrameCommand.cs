using System.Management.Automation;
using AtomProNet.Datasets.Selection;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Selects frames of a training set by their labels, their geometry, their place in a trajectory, or as a diverse subset.</summary>
[Cmdlet(VerbsCommon.Select, "TrainingFrame", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Select-TrainingFrame.md")]
[OutputType(typeof(Frame))]
public sealed partial class SelectTrainingFrameCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation _cancellation = new();
    private ThrottledProgress? _progress;
    private FrameSelection? _selection;

    /// <summary>The frames.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>Leaves out frames that are not converged, or whose output does not prove it.</summary>
    [Parameter]
    public SwitchParameter Converged { get; set; }

    /// <summary>The largest force that a frame may hold, eV/Å.</summary>
    [Parameter]
    [Numbers]
    public double? MaximumForce { get; set; }

    /// <summary>The largest component of the stress, of either sign, GPa.</summary>
    [Parameter]
    [Numbers]
    public double? MaximumStress { get; set; }

    /// <summary>How far above the least energy of its composition a frame may lie, eV per atom.</summary>
    [Parameter]
    [Numbers]
    public double? EnergyAboveMinimum { get; set; }

    /// <summary>How close two atoms may come, Å.</summary>
    [Parameter]
    [Numbers]
    public double? MinimumDistance { get; set; }

    /// <summary>Formulas that are wanted: Al2O3 (of any cell), or with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Composition { get; set; }

    /// <summary>Config types that are wanted, wildcards allowed; '' for frames without.</summary>
    [Parameter]
    [SupportsWildcards]
    [AllowEmptyString]
    [ValidateNotNull]
    public string[]? ConfigType { get; set; }

    /// <summary>Keeps every n-th frame of each trajectory, beginning with the first.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? Every { get; set; }

    /// <summary>Picks so many frames that lie as far apart as can be.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? Farthest { get; set; }

    /// <summary>An extended XYZ file for the frames that are left out, each with its reason.</summary>
    [Parameter]
    public string? RejectedPath { get; set; }

    /// <summary>Which energy is the label. Default: the free energy, or what a frame has.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>Replaces the file of rejected frames.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    public void Dispose()
    {
        _selection?.Dispose();
        _cancellation.Dispose();
    }

    protected override void BeginProcessing()
    {
        _progress = new(this, "Selecting frames");
        try
        {
            string? path = RejectedPath is null ? null : new InputPaths(this).Output(RejectedPath);
            _selection = new(
                new()
                {
                    Converged = Converged,
                    Composition = Composition is { } formulas ? FormulaPatterns.Matcher(formulas) : null,
                    ConfigType = ConfigType is { } types ? FormulaPatterns.TextMatcher(types) : null,
                    Every = Every,
                    MaximumForce = MaximumForce,
                    MaximumStress = MaximumStress,
                    MinimumDistance = MinimumDistance,
                    EnergyAboveMinimum = EnergyAboveMinimum,
                    Farthest = Farthest,
                    EnergyKind = EnergyKind,
                },
                path is not null && ShouldProcess(path, "Write rejected frames") ? path : null,
                Force);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, RejectedPath));
        }
    }

    protected override void ProcessRecord()
    {
        try
        {
            if (_selection!.Add(InputObject, Further) is { } kept)
            {
                WriteObject(kept);
            }

            _progress!.Report(InputObject.Source?.File ?? "", _selection.FrameCount);
        }
        catch (AtomProNetException e)
        {
            WriteError(ErrorRecords.From(e, InputObject));
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            // Not the frame but the disk: nothing that follows could be kept.
            ThrowTerminatingError(ErrorRecords.From(e, RejectedPath));
        }
    }

    protected override void EndProcessing()
    {
        try
        {
            foreach (Frame kept in _selection!.Complete(_cancellation.Token, picked => _progress!.Report("Picking diverse frames", picked, Farthest)))
            {
                WriteObject(kept);
            }
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, RejectedPath));
        }

        _progress!.Complete();
        foreach (Finding finding in _selection!.Findings)
        {
            WriteWarning(finding.ToString());
        }

        if (!_selection.Rejected.IsEmpty)
        {
            WriteWarning(FormattableString.Invariant($"{_selection.FrameCount - _selection.KeptCount} of {_selection.FrameCount} frames were left out: {string.Join(", ", _selection.Rejected)}."));
        }

        Publish([.. _selection.Rejected]);
    }

    protected override void StopProcessing() => _cancellation.Stop();

    // A script block is PowerShell's, and so are variables.
    private Rejection? Further(Frame frame)
    {
        Rejection? rejection = null;
        AskScript(frame, ref rejection);
        return rejection;
    }

    partial void AskScript(Frame frame, ref Rejection? rejection);

    partial void Publish(RejectionCount[] counts);
}
