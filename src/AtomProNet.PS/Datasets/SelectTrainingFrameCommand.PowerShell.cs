using System.Management.Automation;
using AtomProNet.Datasets.Selection;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

public sealed partial class SelectTrainingFrameCommand
{
    /// <summary>A script block that says whether a frame ($_) is wanted.</summary>
    [Parameter(Position = 0)]
    public ScriptBlock? FilterScript { get; set; }

    /// <summary>The name of a variable that receives how many frames were left out, and why.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RejectedVariable { get; set; }

    partial void AskScript(Frame frame, ref Rejection? rejection)
    {
        if (FilterScript is null)
        {
            return;
        }

        try
        {
            var result = FilterScript.InvokeWithContext(null, [new PSVariable("_", frame)]);
            bool wanted = result.Count switch { 0 => false, 1 => LanguagePrimitives.IsTrue(result[0]), _ => true };
            rejection = wanted ? null : new Rejection(RejectionReason.FilterScript);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // As Where-Object: the error is shown, and the frame does not pass.
            WriteError(new ErrorRecord(e, "FilterScriptFailed", ErrorCategory.InvalidOperation, frame));
            rejection = new Rejection(RejectionReason.FilterScript, e.Message);
        }
    }

    partial void Publish(RejectionCount[] counts)
    {
        if (RejectedVariable is not null)
        {
            SessionState.PSVariable.Set(RejectedVariable, counts);
        }
    }
}
