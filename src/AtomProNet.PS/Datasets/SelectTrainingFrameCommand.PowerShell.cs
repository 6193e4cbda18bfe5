using System.Management.Automation;
using AtomProNet.Datasets.Selection;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

public sealed partial class SelectTrainingFrameCommand
{
    private RepeatedErrors? _scriptErrors;

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
            (_scriptErrors ??= new(this)).Write(new AtomProNetException(ErrorKind.InvalidArgument, "FilterScriptFailed", $"The filter fails at {frame}: {e.Message.TrimEnd('.')}.", remedy: "The frame is left out. Mend the script; $_ is a frame.", inner: e), frame);
            rejection = new Rejection(RejectionReason.FilterScript, e.Message);
        }
    }

    partial void Publish(RejectionCount[] counts)
    {
        _scriptErrors?.WriteRest();
        if (RejectedVariable is not null)
        {
            SessionState.PSVariable.Set(RejectedVariable, counts);
        }
    }
}
