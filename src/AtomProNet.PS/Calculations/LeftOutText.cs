using System.Globalization;
using System.Text;
using AtomProNet.Calculations;

namespace AtomProNet.PS.Calculations;

/// <summary>One sentence per file about the frames that were left out.</summary>
internal static class LeftOutText
{
    /// <summary>The sentence; null where nothing was left out but what nobody asked for.</summary>
    /// <param name="report">What the reader and the selection left out.</param>
    /// <param name="selection">Whether the last step alone was asked for.</param>
    /// <param name="lastStepGiven">The step of the last frame that was given; 0 for none.</param>
    public static string? Summary(CalculationReport report, IonicStepSelection selection, int lastStepGiven)
    {
        List<LeftOutFrame> leftOut = [.. report.LeftOut.Where(f => f.Reason is not (LeftOutReason.NotLast or LeftOutReason.Intermediate))];
        if (leftOut.Count == 0)
        {
            return null;
        }

        int all = Math.Max(report.IonicStepCount, report.FrameCount + report.LeftOut.Count(f => f.Reason is LeftOutReason.Damaged or LeftOutReason.CutOff or LeftOutReason.Repeated));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.File}: {leftOut.Count} of {all} frames left out: ");
        text.AppendJoin("; ", leftOut.GroupBy(f => f.Code).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {Reason(group.First())}{Example(group.First(), group.Count())}")));
        text.Append('.');
        if (selection == IonicStepSelection.Last && leftOut.Max(f => f.Step) is var last && last > lastStepGiven && lastStepGiven > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" The frame that was given is step {lastStepGiven}, not the last one.");
        }

        // Only what has labels at all can be let through.
        if (leftOut.Exists(f => f.Code is FrameSelection.NotConvergedCode or FrameSelection.UnprovenCode))
        {
            text.Append(" -IncludeUnconverged lets unconverged frames through, marked.");
        }

        return text.ToString();
    }

    private static string Reason(LeftOutFrame frame) => frame.Reason switch
    {
        LeftOutReason.CutOff => "cut off by the end of the file",
        LeftOutReason.NotConverged => "not converged",
        LeftOutReason.ConvergenceUnproven => "not proven to be converged",
        LeftOutReason.MachineLearned => "of a machine-learned force field",
        LeftOutReason.Repeated => "repeated",
        _ => "not certain",
    };

    private static string Example(LeftOutFrame frame, int count)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"step {frame.Step}{(frame.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $", line {line}") : "")}");
        return frame.Reason switch
        {
            LeftOutReason.MachineLearned or LeftOutReason.Repeated => "",
            _ when count > 1 => $" (first {place}: {frame.Message.TrimEnd('.')})",
            _ => $" ({place}: {frame.Message.TrimEnd('.')})",
        };
    }
}
