using System.Diagnostics;
using System.Management.Automation;

namespace AtomProNet.PS.Hosting;

/// <summary>Progress that costs nothing: shown only when an activity takes more than a moment, and then a few times a second.</summary>
/// <remarks>To be called, like everything that writes, from the thread that runs the cmdlet.</remarks>
internal sealed class ThrottledProgress(Cmdlet cmdlet, string activity, int activityId = 1)
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = FirstAfter;
    private bool _shown;

    /// <summary>Tells how far things are; most calls return at once.</summary>
    /// <param name="status">What is being done, such as the present file.</param>
    /// <param name="done">How many items are done.</param>
    /// <param name="total">How many there are; null where nobody knows.</param>
    public void Report(string status, long done, long? total = null)
    {
        if (_watch.Elapsed < _next)
        {
            return;
        }

        _next = _watch.Elapsed + Interval;
        _shown = true;
        var record = new ProgressRecord(activityId, activity, status.Length > 0 ? status : " ");
        if (total is > 0)
        {
            record.PercentComplete = (int)(Math.Clamp(done / (double)total, 0, 1) * 100);
            record.CurrentOperation = FormattableString.Invariant($"{done} of {total}");
        }
        else
        {
            record.CurrentOperation = FormattableString.Invariant($"{done}");
        }

        cmdlet.WriteProgress(record);
    }

    /// <summary>Takes the progress away, where it was shown.</summary>
    public void Complete()
    {
        if (_shown)
        {
            _shown = false;
            cmdlet.WriteProgress(new ProgressRecord(activityId, activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
