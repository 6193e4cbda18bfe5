using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Lsf;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>From text in the form that the Command Reference of Spectrum LSF 10.1 shows; LSF itself cannot be had for tests.</summary>
public sealed class LsfTextTests
{
    private readonly LsfScheduler lsf = new();

    [Fact]
    public void A_queue_is_read()
    {
        const string Text = """
            101|0|DONE|me|hostA|-|-|-|tok1|apx-one
            102|1|EXIT|me|hostA|3|-|-|tok2|apx-array[1]
            102|2|EXIT|me|hostA|140|TERM_RUNLIMIT: job killed after reaching LSF run time limit|-|tok2|apx-array[2]
            102|3|EXIT|me|hostA|137|TERM_MEMLIMIT: job killed after reaching LSF memory usage limit|-|tok2|apx-array[3]
            102|4|EXIT|me|hostA|130|TERM_OWNER: job killed by owner|-|tok2|apx-array[4]
            102|5|RUN|me|4*hostA:4*hostB|-|-|-|tok2|apx-array[5]
            102|6|PEND|me|-|-|-|New job is waiting for scheduling;|tok2|apx-array[6]
            103|0|PSUSP|me|-|-|-|The job was suspended by the user while pending;|-|apx-held
            104|0|USUSP|me|hostA|-|-|-|-|apx-stopped
            105|0|SSUSP|me|hostA|-|-|-|-|apx-stopped
            106|0|UNKWN|me|hostA|-|-|-|-|apx-lost
            107|0|EXIT|me|hostA|139|-|-|-|apx-segv
            108|0|RUN|me|hostA|-|-|-|-|somebody's | job
            """;
        SchedulerAnswer answer = lsf.ParseQuery(new("apx", default), HostAnswer.Of(Text));
        Assert.True(answer.IsKnown, answer.Problem);
        Assert.Equal(
            [
                ("101", SchedulerState.Completed, 0, null), ("102_1", SchedulerState.Failed, 3, null), ("102_2", SchedulerState.TimedOut, null, 12), ("102_3", SchedulerState.OutOfMemory, null, 9), ("102_4", SchedulerState.Cancelled, null, 2),
                ("102_5", SchedulerState.Running, null, null), ("102_6", SchedulerState.Pending, null, null), ("103", SchedulerState.Held, null, null), ("104", SchedulerState.Suspended, null, null), ("105", SchedulerState.Suspended, null, null),
                ("106", SchedulerState.Unknown, null, null), ("107", SchedulerState.Failed, null, (int?)11),
            ],
            answer.Jobs.Select(j => (j.Id.ToString(), j.State, j.ExitCode, j.Signal)));
        Assert.Equal(("apx-array", "tok2"), (answer.Jobs[1].Name, answer.Jobs[1].Comment));
    }

    [Theory]
    [InlineData(255, "No unfinished job found", true)]
    [InlineData(0, "No job found", true)]
    [InlineData(255, "LSF is down. Please wait ...", false)]
    [InlineData(255, "batch daemon not responding ... still trying", false)]
    [InlineData(0, "", true)]
    public void An_empty_answer_is_known_only_where_LSF_says_so(int code, string error, bool isKnown) => Assert.Equal(isKnown, lsf.ParseQuery(new("apx", default), HostAnswer.Of("", code, error)).IsKnown);

    [Theory]
    [InlineData("Job <771278> is submitted to default queue <short>.\n", 0, "", SubmitOutcome.Accepted)]
    [InlineData("Your project has hours left.\nJob <771278> is submitted to queue <normal>.\n", 0, "", SubmitOutcome.Accepted)]
    [InlineData("", 0, "", SubmitOutcome.Unknown)]
    [InlineData("", 255, "nosuch: No such queue. Job not submitted.\n", SubmitOutcome.Refused)]
    [InlineData("", 255, "Request aborted by esub. Job not submitted.\n", SubmitOutcome.Refused)]
    [InlineData("", 255, "User <me>: Pending job slot limit reached. Job not submitted.\n", SubmitOutcome.LimitReached)]
    [InlineData("", 255, "LSF is down. Please wait ...\n", SubmitOutcome.Unknown)]
    [InlineData("", 127, "bsub: not found\n", SubmitOutcome.NotRun)]
    public void A_submissions_answer_is_read(string output, int code, string error, SubmitOutcome outcome)
    {
        SubmitAnswer answer = lsf.ParseSubmit(HostAnswer.Of(output, code, error));
        Assert.Equal((outcome, outcome == SubmitOutcome.Accepted ? "771278" : null), (answer.Outcome, answer.Id));
    }

    [Fact]
    public void A_script_says_all_that_was_asked_for()
    {
        var request = new JobRequest
        {
            Name = "apx-1",
            Token = "tok_1",
            WorkDirectory = "/scratch/here",
            Array = new(1, 40, MaxRunning: 7),
            DependsOn = [new("12"), new("13")],
            WarnBefore = TimeSpan.FromMinutes(2),
            Resources = new() { Account = "acc", Partition = "long", Nodes = 2, Tasks = 16, ThreadsPerTask = 2, MemoryPerNode = 4000, WallTime = TimeSpan.FromHours(30) },
        };
        Assert.Equal(
            """
            #!/bin/sh
            #BSUB -J "apx-1[1-40]%7"
            #BSUB -Jd tok_1
            #BSUB -rn
            #BSUB -o job.out.%I
            #BSUB -e job.err.%I
            #BSUB -n 32
            #BSUB -R "span[ptile=16]"
            #BSUB -M 4000MB
            #BSUB -W 1800
            #BSUB -wa USR1 -wt 2
            #BSUB -q long
            #BSUB -P acc
            #BSUB -w "done(12) && done(13)"
            ATOMPRONET_JOB_ID=$LSB_JOBID
            ATOMPRONET_ARRAY_INDEX=$LSB_JOBINDEX
            export ATOMPRONET_JOB_ID ATOMPRONET_ARRAY_INDEX
            cd /scratch/here || exit 75
            true

            """,
            lsf.BuildScript(request, "true"));
        Assert.EndsWith("exec bsub <./job.sh\n", lsf.BuildSubmit(request, "job.sh"), StringComparison.Ordinal);
    }
}
