using System.Diagnostics;
using System.Globalization;

namespace AtomProNet.Jobs;

/// <summary>
/// The steps of the journal, for tests of what a process leaves behind that is killed there. Where the environment variable
/// ATOMPRONET_KILL_AT names a step (<c>BatchPlanned</c>, or <c>BatchPlanned:3</c> for the third time), the process ends itself there as by SIGKILL. Without it
/// nothing happens.
/// </summary>
internal static class FaultPoint
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "ATOMPRONET_KILL_AT";

    /// <summary>Jobs are written down; nothing else has happened.</summary>
    public const string JobsPlanned = nameof(JobsPlanned);

    /// <summary>A batch and its token are written down; nothing has left.</summary>
    public const string BatchPlanned = nameof(BatchPlanned);

    /// <summary>All files are over there; the store does not know yet.</summary>
    public const string FilesSent = nameof(FilesSent);

    /// <summary>It is written down that the scheduler will be asked.</summary>
    public const string SubmissionNoted = nameof(SubmissionNoted);

    /// <summary>The scheduler has answered; the store does not know yet.</summary>
    public const string SubmissionAnswered = nameof(SubmissionAnswered);

    /// <summary>The scheduler's answer is written down.</summary>
    public const string SubmissionStored = nameof(SubmissionStored);

    /// <summary>The answer to a poll is there; the store does not know yet.</summary>
    public const string PollAnswered = nameof(PollAnswered);

    /// <summary>Results are here; the store does not know yet.</summary>
    public const string FilesReceived = nameof(FilesReceived);

    /// <summary>The folder was made ready for a restart; the store does not know yet.</summary>
    public const string RestartPrepared = nameof(RestartPrepared);

    /// <summary>All of them.</summary>
    public static readonly string[] All = [JobsPlanned, BatchPlanned, FilesSent, SubmissionNoted, SubmissionAnswered, SubmissionStored, PollAnswered, FilesReceived, RestartPrepared];

    private static readonly (string? Step, int Times) Chosen = Read(Environment.GetEnvironmentVariable(Variable));
    private static int reached;

    /// <summary>A step is done.</summary>
    public static void Reach(string step)
    {
        if (step == Chosen.Step && Interlocked.Increment(ref reached) == Chosen.Times)
        {
            using var me = Process.GetCurrentProcess();
            me.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static (string? Step, int Times) Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (null, 0);
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, 1) : (text[..colon], int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 1);
    }
}
