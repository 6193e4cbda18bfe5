using AtomProNet.Calculations;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Jobs.Receiving;

/// <summary>Joins what the scheduler knows of a job's end with what the code's own files tell.</summary>
internal static class JobDiagnosis
{
    /// <summary>The job with the verdict on its files: received where it reached its goal, else failed with the cause.</summary>
    /// <param name="job">A job whose files are here.</param>
    /// <param name="code">Its code; null for none that is known, whose exit code is all there is.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static StoredJob Apply(StoredJob job, IDftCode? code, CancellationToken cancellation)
    {
        if (code is null)
        {
            return job.State == JobState.Finished ? job with { State = JobState.Received } : job;
        }

        CalculationVerdict verdict;
        try
        {
            verdict = code.Judge(job.Folder, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AtomProNetException)
        {
            return job with { Message = $"{job.Message} Its files could not be judged: {e.Message}".Trim() };
        }

        // The goal was reached, whatever the exit code or a lost marker say: the code's own last line is the best witness.
        if (verdict.Exit == ExitKind.Success)
        {
            return job with { State = JobState.Received, Cause = null, Message = job.State == JobState.Finished ? null : $"Its files say that it reached its goal ({job.Cause ?? "no exit code"})." };
        }

        // The scheduler has said why it ended the job; the files only show that it ended there.
        bool bySchedulerAlone = job.Cause is JobCauses.TimeLimit or JobCauses.OutOfMemory or JobCauses.NodeFailure or JobCauses.Preempted or JobCauses.Stopped or JobCauses.CancelledOutside or JobCauses.BundleEnded or JobCauses.NeverStarted or JobCauses.GuardNotMade;
        if (bySchedulerAlone && verdict.Exit is ExitKind.Unfinished or ExitKind.NotStarted or ExitKind.Killed or ExitKind.TimeLimit or ExitKind.OutOfMemory)
        {
            return job;
        }

        if (job.State is JobState.Lost or JobState.Cancelled)
        {
            return job;
        }

        return job with
        {
            State = JobState.Failed,
            Cause = verdict.Cause?.Code ?? verdict.Exit.ToString(),
            Message = verdict.Cause?.ToString() ?? $"The calculation ended as {verdict.Exit}.",
        };
    }
}
