using AtomProNet.Jobs;
using AtomProNet.Jobs.Polling;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Tests.Jobs.Polling;

/// <summary>What is concluded from what was seen: each row of the table is a situation that clusters bring about.</summary>
public sealed class JobEvaluationTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static StoredJob Job(JobState state = JobState.Running) => new()
    {
        Id = 1, Name = "a", Code = "pw.x", Folder = "/a", Cluster = "c", RequestId = 1, State = state, BatchId = 1, Place = 0, BatchToken = "apn0", BatchFolder = "/w/apn0", Created = Now, Changed = Now,
    };

    private static JobSighting Seen => new() { Now = Now, SettleTime = TimeSpan.FromSeconds(60), WallTime = TimeSpan.FromHours(1) };

    private static SchedulerJob Record(SchedulerState state, int? exitCode = null, string? reason = null) => new() { Id = new("7"), Name = "apn0", State = state, RawState = state.ToString().ToUpperInvariant(), ExitCode = exitCode, Reason = reason, Nodes = "n1" };

    private static ExitMarker Exit(int code, int seconds = 10) => new(code, Now.AddSeconds(-seconds - 5), Now.AddSeconds(-5));

    private static StoredJob Conclude(StoredJob job, JobSighting seen)
    {
        JobConclusion result = JobEvaluation.Conclude(job, seen);
        Assert.False(result.NeedsHistory);
        return result.Job;
    }

    [Theory]
    [InlineData(SchedulerState.Pending, false, JobState.Queued, null)]
    [InlineData(SchedulerState.Held, false, JobState.Queued, "Held")]
    [InlineData(SchedulerState.Running, false, JobState.Running, null)]
    [InlineData(SchedulerState.Running, true, JobState.Running, null)]
    [InlineData(SchedulerState.Suspended, true, JobState.Running, null)]
    [InlineData(SchedulerState.Completing, true, JobState.Running, null)]
    public void The_queue_tells(SchedulerState state, bool begun, JobState expected, string? cause)
    {
        StoredJob job = Conclude(Job(JobState.Unknown), Seen with { Queue = Record(state), HasBegun = begun });
        Assert.Equal((expected, cause), (job.State, job.Cause));
        Assert.Equal("7", job.SchedulerId);
    }

    [Fact]
    public void One_that_waits_for_what_failed_is_told_apart() =>
        Assert.Equal(JobCauses.DependencyFailed, Conclude(Job(), Seen with { Queue = Record(SchedulerState.Pending, reason: "DependencyNeverSatisfied") }).Cause);

    [Fact]
    public void In_a_bundle_that_runs_only_those_run_that_have_begun()
    {
        JobSighting bundle = Seen with { IsBundled = true, Queue = Record(SchedulerState.Running) };
        Assert.Equal(JobState.Queued, Conclude(Job(), bundle).State);
        Assert.Equal(JobState.Running, Conclude(Job(), bundle with { HasBegun = true }).State);
    }

    [Theory]
    [InlineData(SchedulerState.Completing, 143)]
    [InlineData(SchedulerState.Running, 3)]
    public void What_the_scheduler_still_completes_is_waited_for(SchedulerState state, int code)
    {
        // Slurm says COMPLETING of a cancelled job until its node is tidied up, and CANCELLED only then.
        JobSighting seen = Seen with { HasBegun = true, Exit = Exit(code), HistoryScope = AnswerScope.Recent, History = Record(state) };
        StoredJob waiting = Conclude(Job(), seen);
        Assert.Equal(JobState.Running, waiting.State);
        Assert.Equal((JobState.Cancelled, JobCauses.CancelledOutside), States(Conclude(waiting, seen with { History = Record(SchedulerState.Cancelled) })));
        Assert.Equal((JobState.Failed, JobCauses.ExitCode), States(Conclude(waiting, seen with { Now = Now.AddMinutes(2) })));

        static (JobState, string?) States(StoredJob job) => (job.State, job.Cause);
    }

    [Fact]
    public void While_the_queue_is_silent_a_bad_end_has_no_cause_yet()
    {
        JobSighting silent = Seen with { HasBegun = true, QueueProblem = "Unable to contact slurm controller." };
        StoredJob job = Conclude(Job(), silent with { Exit = Exit(137) });
        Assert.Equal((JobState.Unknown, JobCauses.NotReached), (job.State, job.Cause));
        Assert.Contains("137", job.Message, StringComparison.Ordinal);
        Assert.Equal(JobState.Finished, Conclude(Job(), silent with { Exit = Exit(0) }).State);
    }

    [Fact]
    public void An_exit_marker_goes_before_the_queue_and_before_silence()
    {
        Assert.Equal(JobState.Finished, Conclude(Job(), Seen with { HasBegun = true, Exit = Exit(0), Queue = Record(SchedulerState.Completing) }).State);
        Assert.Equal(JobState.Finished, Conclude(Job(), Seen with { HasBegun = true, Exit = Exit(0), QueueProblem = "down" }).State);
        StoredJob job = Conclude(Job(JobState.Unknown), Seen with { HasBegun = true, Exit = Exit(0) });
        Assert.Equal((JobState.Finished, 0, (string?)null), (job.State, job.ExitCode, job.Cause));
        Assert.Equal(Now.AddSeconds(-5), job.Ended);
    }

    [Theory]
    [InlineData(SchedulerState.TimedOut, JobState.Failed, "TimeLimit")]
    [InlineData(SchedulerState.OutOfMemory, JobState.Failed, "OutOfMemory")]
    [InlineData(SchedulerState.NodeFailed, JobState.Failed, "NodeFailure")]
    [InlineData(SchedulerState.Preempted, JobState.Failed, "Preempted")]
    [InlineData(SchedulerState.Cancelled, JobState.Cancelled, "CancelledOutside")]
    [InlineData(SchedulerState.Failed, JobState.Failed, "ExitCode")]
    public void The_scheduler_says_why_a_script_ended_badly(SchedulerState state, JobState expected, string cause)
    {
        JobSighting seen = Seen with { HasBegun = true, Exit = Exit(1), History = Record(state), HistoryScope = AnswerScope.Accounting };
        Assert.True(JobEvaluation.Conclude(Job(), seen with { HistoryScope = null, History = null }).NeedsHistory);
        StoredJob job = Conclude(Job(), seen);
        Assert.Equal((expected, cause, 1), (job.State, job.Cause, job.ExitCode));
        StoredJob gone = Conclude(Job() with { Missing = Now.AddMinutes(-2) }, seen with { Exit = null });
        Assert.Equal(expected, state == SchedulerState.Failed ? JobState.Failed : gone.State);
    }

    [Fact]
    public void Without_the_scheduler_the_clock_tells_a_walltime_from_a_cancelling()
    {
        JobSighting seen = Seen with { HasBegun = true, Term = Now.AddSeconds(-6), HistoryScope = AnswerScope.Recent };
        Assert.Equal((JobState.Failed, JobCauses.TimeLimit), (Conclude(Job(), seen with { Exit = Exit(143, 3600) }) is var a ? (a.State, a.Cause) : default));
        Assert.Equal((JobState.Cancelled, JobCauses.CancelledOutside), (Conclude(Job(), seen with { Exit = Exit(143, 60) }) is var b ? (b.State, b.Cause) : default));
        Assert.Equal((JobState.Cancelled, JobCauses.Stopped), (Conclude(Job() with { StopAsked = true }, seen with { Exit = Exit(143, 60) }) is var c ? (c.State, c.Cause) : default));
    }

    [Fact]
    public void One_that_was_told_to_end_has_not_finished_whatever_its_script_says()
    {
        JobSighting seen = Seen with { HasBegun = true, Exit = Exit(0), Term = Now.AddSeconds(-6), HistoryScope = AnswerScope.Accounting };
        Assert.Equal((JobState.Cancelled, JobCauses.CancelledOutside), Conclude(Job(), seen with { History = Record(SchedulerState.Cancelled) }) is var a ? (a.State, a.Cause) : default);
        Assert.Equal((JobState.Failed, JobCauses.TimeLimit), Conclude(Job(), seen with { History = Record(SchedulerState.TimedOut) }) is var b ? (b.State, b.Cause) : default);
    }

    [Fact]
    public void Not_in_the_queue_is_not_done()
    {
        // Gone from squeue before the accounting knows it: unknown first, and what comes later decides.
        JobSighting seen = Seen with { HasBegun = true, HistoryScope = AnswerScope.Accounting };
        StoredJob first = Conclude(Job(), seen);
        Assert.Equal((JobState.Unknown, JobCauses.Settling, Now), (first.State, first.Cause, first.Missing));
        StoredJob later = Conclude(first, seen with { Now = Now.AddSeconds(30) });
        Assert.Equal((JobState.Unknown, Now), (later.State, later.Missing));
        Assert.Equal(JobState.Finished, Conclude(later, seen with { Now = Now.AddSeconds(59), Exit = Exit(0) }).State);
        StoredJob lost = Conclude(later, seen with { Now = Now.AddSeconds(61) });
        Assert.Equal((JobState.Lost, JobCauses.Vanished, (DateTimeOffset?)null), (lost.State, lost.Cause, lost.Missing));
        Assert.Equal((JobState.Lost, JobCauses.NeverStarted), Conclude(later, seen with { Now = Now.AddSeconds(61), HasBegun = false }) is var n ? (n.State, n.Cause) : default);
        Assert.Equal((JobState.Cancelled, JobCauses.Stopped), Conclude(later with { StopAsked = true }, seen with { Now = Now.AddSeconds(61) }) is var s ? (s.State, s.Cause) : default);
    }

    [Theory]
    [InlineData(SchedulerState.Ended, null, true)]
    [InlineData(SchedulerState.Failed, 137, true)]
    [InlineData(SchedulerState.Failed, null, false)]
    public void One_that_was_to_be_stopped_is_stopped_where_the_scheduler_tells_only_that_it_was_killed(SchedulerState state, int? exitCode, bool begun)
    {
        JobSighting seen = Seen with { HasBegun = begun, HistoryScope = AnswerScope.Accounting, History = Record(state, exitCode), SettleTime = TimeSpan.Zero };
        StoredJob stopped = Conclude(Job() with { StopAsked = true }, seen);
        Assert.Equal((JobState.Cancelled, JobCauses.Stopped), (stopped.State, stopped.Cause));
        Assert.NotEqual(JobState.Cancelled, Conclude(Job(), seen).State);
    }

    [Fact]
    public void What_was_not_answered_proves_nothing_however_long()
    {
        StoredJob missing = Job() with { Missing = Now.AddDays(-1) };
        foreach (JobSighting seen in new[]
        {
            Seen with { QueueProblem = "Unable to contact slurm controller" },
            Seen with { MarkerProblem = "the host was lost" },
            Seen with { HistoryScope = AnswerScope.Nothing, HistoryProblem = "sacct failed" },
            Seen with { HistoryScope = AnswerScope.Nothing, HistoryProblem = "sacct failed", IsFolderGone = true },
        })
        {
            StoredJob job = Conclude(missing, seen);
            Assert.Equal((JobState.Unknown, JobCauses.NotReached), (job.State, job.Cause));
        }
    }

    [Fact]
    public void Two_answers_that_contradict_each_other_are_waited_out()
    {
        JobSighting seen = Seen with { HasBegun = true, HistoryScope = AnswerScope.Accounting, History = Record(SchedulerState.Running) };
        Assert.Equal(JobState.Unknown, Conclude(Job() with { Missing = Now.AddHours(-1) }, seen).State);
    }

    [Fact]
    public void The_schedulers_word_stands_for_a_marker_that_is_missing()
    {
        StoredJob missing = Job() with { Missing = Now.AddMinutes(-2) };
        JobSighting seen = Seen with { HasBegun = true, HistoryScope = AnswerScope.Accounting };
        Assert.Equal((JobState.Finished, 0), Conclude(missing, seen with { History = Record(SchedulerState.Completed, 0) }) is var a ? (a.State, a.ExitCode) : default);
        Assert.Equal((JobState.Failed, 3), Conclude(missing, seen with { History = Record(SchedulerState.Failed, 3) }) is var b ? (b.State, b.ExitCode) : default);
        // It says that the script ended well, but the script never took this job's guard.
        Assert.Equal((JobState.Lost, JobCauses.NeverStarted), Conclude(missing, seen with { HasBegun = false, History = Record(SchedulerState.Completed, 0) }) is var c ? (c.State, c.Cause) : default);
        Assert.Equal((JobState.Failed, JobCauses.GuardNotMade), Conclude(missing, seen with { HasBegun = false, History = Record(SchedulerState.Failed, 91) }) is var d ? (d.State, d.Cause) : default);
        // A second copy ended with its own code: that is not how the job ended.
        Assert.Equal((JobState.Lost, JobCauses.Vanished), Conclude(missing, seen with { History = Record(SchedulerState.Failed, 90) }) is var e ? (e.State, e.Cause) : default);
        // A moment earlier the marker might still come.
        Assert.Equal(JobState.Unknown, Conclude(Job(), seen with { History = Record(SchedulerState.Completed, 0) }).State);
    }

    [Fact]
    public void What_is_said_of_a_bundle_is_not_said_of_each_of_its_jobs()
    {
        JobSighting seen = Seen with { IsBundled = true, HistoryScope = AnswerScope.Accounting, History = Record(SchedulerState.TimedOut) };
        StoredJob missing = Job() with { Missing = Now.AddMinutes(-2) };
        Assert.Equal((JobState.Failed, JobCauses.TimeLimit), Conclude(missing, seen with { HasBegun = true }) is var a ? (a.State, a.Cause) : default);
        Assert.Equal((JobState.Failed, JobCauses.BundleEnded), Conclude(missing, seen) is var b ? (b.State, b.Cause) : default);
        // One that had ended badly before the walltime came was not ended by it.
        Assert.Equal((JobState.Failed, JobCauses.ExitCode), Conclude(missing, seen with { HasBegun = true, Exit = Exit(2) }) is var c ? (c.State, c.Cause) : default);
        Assert.Equal((JobState.Cancelled, JobCauses.CancelledOutside), Conclude(missing, seen with { History = Record(SchedulerState.Cancelled) }) is var d ? (d.State, d.Cause) : default);
    }

    [Fact]
    public void A_folder_that_is_gone_is_told_and_only_when_the_scheduler_has_forgotten_too()
    {
        StoredJob missing = Job() with { Missing = Now.AddMinutes(-2) };
        Assert.Equal((JobState.Lost, JobCauses.FolderGone), Conclude(missing, Seen with { IsFolderGone = true, HistoryScope = AnswerScope.Recent }) is var a ? (a.State, a.Cause) : default);
        Assert.Equal(JobState.Unknown, Conclude(Job(), Seen with { IsFolderGone = true, HistoryScope = AnswerScope.Recent }).State);
    }

    [Fact]
    public void A_signal_waits_for_the_accounting_and_not_for_ever()
    {
        JobSighting seen = Seen with { HasBegun = true, Exit = Exit(137), HistoryScope = AnswerScope.Accounting };
        StoredJob first = Conclude(Job(), seen);
        Assert.Equal(JobState.Running, first.State);
        Assert.NotNull(first.Missing);
        StoredJob later = Conclude(first, seen with { Now = Now.AddSeconds(61) });
        Assert.Equal((JobState.Failed, JobCauses.ExitCode), (later.State, later.Cause));
        Assert.Contains("signal 9", later.Message, StringComparison.Ordinal);
    }
}
