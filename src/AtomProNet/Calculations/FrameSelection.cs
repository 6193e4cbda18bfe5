using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>Which ionic steps of a calculation are wanted.</summary>
public enum IonicStepSelection
{
    /// <summary>Every step.</summary>
    All,
    /// <summary>The last step that can be trusted.</summary>
    Last,
}

/// <summary>Which frames of a calculation go on into a training set: by default the converged ones of the DFT code itself.</summary>
/// <param name="Steps">Every ionic step, or the last.</param>
/// <param name="IncludeUnconverged">Lets frames through whose self-consistency was not reached or not proven; they stay marked.</param>
/// <param name="IncludeMachineLearned">Lets frames of a machine-learned force field (VASP's ML_FF) through; they stay marked.</param>
public sealed record FrameSelection(IonicStepSelection Steps = IonicStepSelection.All, bool IncludeUnconverged = false, bool IncludeMachineLearned = false)
{
    /// <summary>The code of a frame that has labels, but was not converged.</summary>
    public const string NotConvergedCode = "NotConverged";

    /// <summary>The code of a frame that has labels, but is not proven to be converged.</summary>
    public const string UnprovenCode = "ConvergenceUnproven";

    /// <summary>Passes the wanted frames on as they come; what it leaves out is added to the report with the reason.</summary>
    /// <param name="frames">The frames of one calculation, in order.</param>
    /// <param name="report">The report of the reader that they come from.</param>
    public IEnumerable<Frame> Apply(IEnumerable<Frame> frames, CalculationReport report)
    {
        Frame? last = null;
        foreach (Frame frame in frames)
        {
            if (Objection(frame) is { } objection)
            {
                report.Add(objection);
            }
            else if (Steps == IonicStepSelection.All)
            {
                yield return frame;
            }
            else
            {
                if (last is not null)
                {
                    report.Add(NotLast(last));
                }

                last = frame;
            }
        }

        if (last is not null)
        {
            yield return last;
        }
    }

    private static int StepOf(Frame frame) => frame.Source?.Step ?? 0;

    private static LeftOutFrame NotLast(Frame frame) => new(StepOf(frame), LeftOutReason.NotLast, "NotLastStep", "It is not the last ionic step.");

    private LeftOutFrame? Objection(Frame frame)
    {
        if (frame.Origin == LabelOrigin.MachineLearned && !IncludeMachineLearned)
        {
            return new(StepOf(frame), LeftOutReason.MachineLearned, "MachineLearned", "Its labels come from a machine-learned force field.");
        }

        if (frame.Convergence.IsTrusted || IncludeUnconverged)
        {
            return null;
        }

        return frame.Convergence.Electronic == ElectronicConvergence.Ambiguous
            ? new(StepOf(frame), LeftOutReason.ConvergenceUnproven, UnprovenCode, frame.Convergence.Reason ?? "The output does not prove that the self-consistency was reached.")
            : new(StepOf(frame), LeftOutReason.NotConverged, NotConvergedCode, frame.Convergence.Reason ?? "The electronic self-consistency was not reached.");
    }
}
