using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Slurm;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>From text that Slurm 22.05 printed, and the messages of its sources.</summary>
public sealed class SlurmTextTests
{
    private readonly SlurmScheduler slurm = new();

    [Theory]
    [InlineData("BOOT_FAIL", "BF", SchedulerState.NodeFailed)]
    [InlineData("CANCELLED", "CA", SchedulerState.Cancelled)]
    [InlineData("COMPLETED", "CD", SchedulerState.Completed)]
    [InlineData("CONFIGURING", "CF", SchedulerState.Running)]
    [InlineData("COMPLETING", "CG", SchedulerState.Completing)]
    [InlineData("DEADLINE", "DL", SchedulerState.TimedOut)]
    [InlineData("FAILED", "F", SchedulerState.Failed)]
    [InlineData("NODE_FAIL", "NF", SchedulerState.NodeFailed)]
    [InlineData("OUT_OF_MEMORY", "OOM", SchedulerState.OutOfMemory)]
    [InlineData("PENDING", "PD", SchedulerState.Pending)]
    [InlineData("PREEMPTED", "PR", SchedulerState.Preempted)]
    [InlineData("RUNNING", "R", SchedulerState.Running)]
    [InlineData("RESV_DEL_HOLD", "RD", SchedulerState.Held)]
    [InlineData("REQUEUE_FED", "RF", SchedulerState.Pending)]
    [InlineData("REQUEUE_HOLD", "RH", SchedulerState.Held)]
    [InlineData("REQUEUED", "RQ", SchedulerState.Pending)]
    [InlineData("RESIZING", "RS", SchedulerState.Running)]
    [InlineData("REVOKED", "RV", SchedulerState.Cancelled)]
    [InlineData("SIGNALING", "SI", SchedulerState.Running)]
    [InlineData("SPECIAL_EXIT", "SE", SchedulerState.Held)]
    [InlineData("STAGE_OUT", "SO", SchedulerState.Completing)]
    [InlineData("STOPPED", "ST", SchedulerState.Suspended)]
    [InlineData("SUSPENDED", "S", SchedulerState.Suspended)]
    [InlineData("TIMEOUT", "TO", SchedulerState.TimedOut)]
    [InlineData("CANCELLED by 1000", "CANCELLED+", SchedulerState.Cancelled)]
    [InlineData("NEWFANGLED", "??", SchedulerState.Unknown)]
    public void Every_state_has_its_meaning(string longName, string shortName, SchedulerState state)
    {
        Assert.Equal(state, SlurmStates.Of(longName, null));
        Assert.Equal(state, SlurmStates.Of(shortName, null));
    }

    [Theory]
    [InlineData("Priority", SchedulerState.Pending)]
    [InlineData("Resources", SchedulerState.Pending)]
    [InlineData("Dependency", SchedulerState.Pending)]
    [InlineData("JobArrayTaskLimit", SchedulerState.Pending)]
    [InlineData("AssocGrpCpuLimit", SchedulerState.Pending)]
    [InlineData("QOSMaxJobsPerUserLimit", SchedulerState.Pending)]
    [InlineData("PartitionDown", SchedulerState.Pending)]
    [InlineData("JobHeldAdmin", SchedulerState.Held)]
    [InlineData("PartitionTimeLimit", SchedulerState.Held)]
    [InlineData("PartitionNodeLimit", SchedulerState.Held)]
    [InlineData("QOSMaxWallDurationPerJobLimit", SchedulerState.Held)]
    [InlineData("AssocMaxCpuPerJobLimit", SchedulerState.Held)]
    [InlineData("InvalidAccount", SchedulerState.Held)]
    public void What_no_waiting_helps_is_told_from_what_waits(string reason, SchedulerState state) => Assert.Equal(state, SlurmStates.Of("PENDING", reason));

    [Fact]
    public void A_queue_is_read()
    {
        const string Text = """
            1|1|N/A|FAILED|root|2026-11-29T07:34:57|2026-11-29T07:34:58|2026-11-29T07:34:58|vm|NonZeroExitCode|apx1|tok1
            2|2|3|PENDING|root|2026-11-29T07:34:57|N/A|N/A||JobArrayTaskLimit|apx2|tok2
            5|5|N/A|PENDING|root|2026-11-29T07:34:57|N/A|N/A||JobHeldUser|apx-held|(null)
            8|8|N/A|PENDING|root|2026-11-29T07:34:57|N/A|N/A||DependencyNeverSatisfied|apx-never|(null)
            6|2|1|RUNNING|root|2026-11-29T07:34:57|2026-11-29T07:34:58|2026-11-29T08:34:58|vm|None|apx2|tok2
            9|9|N/A|RUNNING|root|2026-11-29T07:34:57|2026-11-29T07:34:58|2026-11-29T08:34:58|vm|None|somebody's|of the user
            with a line break|and a | in it
            """;
        SchedulerAnswer answer = slurm.ParseQuery(new("apx", default), HostAnswer.Of(Text));
        Assert.True(answer.IsKnown, answer.Problem);
        Assert.Equal([("1", SchedulerState.Failed), ("2_3", SchedulerState.Pending), ("5", SchedulerState.Held), ("8", SchedulerState.Held), ("2_1", SchedulerState.Running)], answer.Jobs.Select(j => (j.Id.ToString(), j.State)));
        Assert.Equal(new DateTimeOffset(2026, 11, 29, 7, 34, 58, TimeSpan.Zero), answer.Jobs[4].Started);
        Assert.Null(answer.Jobs[4].Ended);
        Assert.Equal("tok2", answer.Jobs[4].Comment);
        Assert.Null(answer.Jobs[2].Comment);
    }

    [Theory]
    [InlineData("", 1, "slurm_load_jobs error: Unable to contact slurm controller (connect failure)")]
    [InlineData("", 1, "slurm_load_jobs error: Socket timed out on send/recv operation")]
    [InlineData("", 127, "sh: 1: exec: squeue: not found")]
    [InlineData("6|2|1|RUNNING|root|apx1", 0, "")]
    [InlineData("6|2|1|RUNNING|root|2026-11-29T07:34:57|2026-11-29T07:34:58|2026-11-29T08:34:58|vm|apx2", 0, "")]
    public void What_is_no_answer_is_not_an_empty_queue(string output, int code, string error)
    {
        SchedulerAnswer answer = slurm.ParseQuery(new("apx", default), HostAnswer.Of(output, code, error));
        Assert.False(answer.IsKnown);
        Assert.NotNull(answer.Problem);
        Assert.False(slurm.ParseQuery(new("apx", default), new HostAnswer { Outcome = HostOutcome.Lost, Failure = new(HostFailureKind.ConnectionLost, "gone") }).IsKnown);
    }

    [Fact]
    public void An_accounting_is_read()
    {
        const string Text = """
            1|1|FAILED|3:0|root|2026-11-29T07:34:57|2026-11-29T07:34:58|2026-11-29T07:34:58|vm|None|apx1|tok1
            3|3|FAILED|0:9|root|2026-11-29T07:34:57|2026-11-29T07:34:58|2026-11-29T07:34:58|vm|None|apx3|
            5|3_1|CANCELLED by 0|0:0|root|2026-11-29T07:50:37|2026-11-29T07:50:37|2026-11-29T07:50:40|vm|None|apx4|t
            3|3_[2-4,7%1]|CANCELLED by 0|0:0|root|2026-11-29T07:50:37|None|2026-11-29T07:50:40|None assigned|None|apx4|t
            9|9|OUT_OF_MEMORY|0:125|root|2026-11-29T07:50:37|2026-11-29T07:50:37|2026-11-29T07:50:40|vm|None|apx5|t
            """;
        SchedulerAnswer answer = slurm.ParseHistory(new("apx", default), HostAnswer.Of(Text));
        Assert.Equal(AnswerScope.Accounting, answer.Scope);
        Assert.Equal(["1", "3", "3_1", "3_2", "3_3", "3_4", "3_7", "9"], answer.Jobs.Select(j => j.Id.ToString()));
        Assert.Equal((3, null), (answer.Jobs[0].ExitCode, answer.Jobs[0].Signal));
        Assert.Equal((null, 9), (answer.Jobs[1].ExitCode, answer.Jobs[1].Signal));
        Assert.Equal(SchedulerState.OutOfMemory, answer.Jobs[^1].State);
        Assert.Null(answer.Jobs[4].Started);
        Assert.Null(answer.Jobs[4].Nodes);
        Assert.False(slurm.ParseHistory(new("apx", default), HostAnswer.Of("1|1_[x-3]|CANCELLED|0:0|r|||||None|apx1|t")).IsKnown);
        Assert.False(slurm.ParseHistory(new("apx", default), HostAnswer.Of("", 1, "sacct: error: slurm_persist_conn_open_without_init: failed to open persistent connection to host:localhost:6819: Connection refused")).IsKnown);
    }

    [Fact]
    public void A_servers_own_list_is_read()
    {
        const string Text = """
            atompronet: no accounting
            JobId=1 JobName=apx1 UserId=root(0) GroupId=root(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=FAILED Reason=NonZeroExitCode Dependency=(null) Requeue=0 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=3:0 RunTime=00:00:00 TimeLimit=01:00:00 TimeMin=N/A SubmitTime=2026-11-29T07:34:57 EligibleTime=2026-11-29T07:34:57 AccrueTime=2026-11-29T07:34:57 StartTime=2026-11-29T07:34:58 EndTime=2026-11-29T07:34:58 Deadline=N/A NodeList=vm BatchHost=vm Features=(null) Command=/tmp/a JobState=RUNNING WorkDir=/tmp/JobName=x JobId=9 Comment=tok1  StdErr=/tmp/x StdOut=/tmp/x Power=
            JobId=6 ArrayJobId=2 ArrayTaskId=1 ArrayTaskThrottle=2 JobName=apx2 UserId=root(0) JobState=RUNNING Reason=None ExitCode=0:0 SubmitTime=2026-11-29T07:34:57 StartTime=2026-11-29T07:34:58 EndTime=2026-11-29T08:34:58 NodeList=vm Command=(null) WorkDir=/tmp/with a
            line break StdOut=/tmp/x Power=
            JobId=2 ArrayJobId=2 ArrayTaskId=3-5%2 ArrayTaskThrottle=2 JobName=apx2 UserId=root(0) JobState=PENDING Reason=JobArrayTaskLimit ExitCode=0:0 SubmitTime=2026-11-29T07:34:57 StartTime=Unknown EndTime=Unknown NodeList=(null) Command=(null) WorkDir=/tmp
            JobId=7 JobName=other UserId=x(1) JobState=RUNNING Command=(null) WorkDir=/
            """;
        SchedulerAnswer answer = slurm.ParseHistory(new("apx", default), HostAnswer.Of(Text));
        Assert.Equal(AnswerScope.Recent, answer.Scope);
        Assert.Equal([("1", SchedulerState.Failed, 3), ("2_1", SchedulerState.Running, null), ("2_3", SchedulerState.Pending, null), ("2_4", SchedulerState.Pending, null), ("2_5", SchedulerState.Pending, null)], answer.Jobs.Select(j => (j.Id.ToString(), j.State, j.ExitCode)));
        Assert.Equal("tok1", answer.Jobs[0].Comment);
        Assert.Empty(slurm.ParseHistory(new("apx", default), HostAnswer.Of("atompronet: no accounting\nNo jobs in the system\n")).Jobs);
    }

    [Theory]
    [InlineData("4711\n", 0, "", SubmitOutcome.Accepted)]
    [InlineData("4711;cluster2\n", 0, "", SubmitOutcome.Accepted)]
    [InlineData("Your group has 12 hours left.\n4711\n", 0, "sbatch: lua: note\n", SubmitOutcome.Accepted)]
    [InlineData("", 0, "", SubmitOutcome.Unknown)]
    [InlineData("4711\n4712\n", 0, "", SubmitOutcome.Unknown)]
    [InlineData("", 1, "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n", SubmitOutcome.Unknown)]
    [InlineData("", 1, "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n", SubmitOutcome.Unknown)]
    [InlineData("", 1, "sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying\nsbatch: error: Batch job submission failed: Resource temporarily unavailable\n", SubmitOutcome.Unknown)]
    [InlineData("", 1, "sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received\n", SubmitOutcome.Unknown)]
    [InlineData("", 1, "sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n", SubmitOutcome.Refused)]
    [InlineData("", 1, "sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified\n", SubmitOutcome.Refused)]
    [InlineData("", 255, "sbatch: unrecognized option '--nosuchoption'\nTry \"sbatch --help\" for more information\n", SubmitOutcome.Refused)]
    [InlineData("", 1, "sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)\n", SubmitOutcome.LimitReached)]
    [InlineData("", 1, "sbatch: error: AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)\n", SubmitOutcome.LimitReached)]
    [InlineData("", 127, "sh: 3: exec: sbatch: not found\n", SubmitOutcome.NotRun)]
    [InlineData("", 75, "sh: 1: cd: can't cd to /nowhere\n", SubmitOutcome.NotRun)]
    [InlineData("", 1, "sbatch: error: Parse error in file /etc/slurm/slurm.conf line 43: \"MessageTim\"\nsbatch: fatal: Unable to process configuration file\n", SubmitOutcome.Unknown)]
    [InlineData("", 1, "sbatch: s_p_parse_file: file \"/etc/slurm/slurm.conf\" is empty\nsbatch: error: ClusterName needs to be specified\nsbatch: fatal: Unable to process configuration file\n", SubmitOutcome.Unknown)]
    [InlineData("", 1, "sbatch: error: If munged is up, restart with --num-threads=10\nsbatch: error: Munge encode failed: Failed to access \"/run/munge/munge.socket.2\": No such file or directory\nsbatch: error: Batch job submission failed: Unspecified error\n", SubmitOutcome.Unknown)]
    [InlineData("", 137, "Killed\n", SubmitOutcome.Unknown)]
    [InlineData("", 1, "something new\n", SubmitOutcome.Unknown)]
    public void A_submissions_answer_is_read(string output, int code, string error, SubmitOutcome outcome)
    {
        SubmitAnswer answer = slurm.ParseSubmit(HostAnswer.Of(output, code, error));
        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(outcome == SubmitOutcome.Accepted ? "4711" : null, answer.Id);
        Assert.Equal(outcome != SubmitOutcome.Accepted, answer.Reason is not null);
    }

    [Theory]
    [InlineData(HostOutcome.NotReached, SubmitOutcome.NotRun)]
    [InlineData(HostOutcome.Lost, SubmitOutcome.Unknown)]
    [InlineData(HostOutcome.TimedOut, SubmitOutcome.Unknown)]
    public void A_submission_on_a_lost_host_is_not_known(HostOutcome host, SubmitOutcome outcome) =>
        Assert.Equal(outcome, slurm.ParseSubmit(new HostAnswer { Outcome = host, Failure = new(HostFailureKind.Other, "x") }).Outcome);

    [Fact]
    public void A_script_says_all_that_was_asked_for()
    {
        var request = new JobRequest
        {
            Name = "apx-1",
            Token = "tok_1",
            WorkDirectory = "/scratch/it's here",
            Array = new(1, 40, MaxRunning: 7),
            DependsOn = [new("12"), new("13")],
            WarnBefore = TimeSpan.FromMinutes(2),
            Resources = new() { Account = "acc", Partition = "long", QualityOfService = "high", Nodes = 2, Tasks = 64, ThreadsPerTask = 2, MemoryPerNode = 4000, WallTime = TimeSpan.FromHours(30), Options = ["--gres=gpu:1"] },
        };
        string script = slurm.BuildScript(request, "echo body");
        Assert.Equal(
            """
            #!/bin/sh
            #SBATCH --job-name=apx-1
            #SBATCH --comment=tok_1
            #SBATCH --no-requeue
            #SBATCH --output=job.out.%a
            #SBATCH --error=job.err.%a
            #SBATCH --ntasks=64
            #SBATCH --cpus-per-task=2
            #SBATCH --nodes=2
            #SBATCH --mem=4000M
            #SBATCH --time=30:00:00
            #SBATCH --partition=long
            #SBATCH --account=acc
            #SBATCH --qos=high
            #SBATCH --array=1-40%7
            #SBATCH --dependency=afterok:12:13
            #SBATCH --kill-on-invalid-dep=yes
            #SBATCH --signal=B:USR1@120
            #SBATCH --gres=gpu:1
            ATOMPRONET_JOB_ID=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}
            ATOMPRONET_ARRAY_INDEX=$SLURM_ARRAY_TASK_ID
            export ATOMPRONET_JOB_ID ATOMPRONET_ARRAY_INDEX
            cd '/scratch/it'\''s here' || exit 75
            echo body

            """,
            script);
    }

    [Theory]
    [InlineData("apx 1", "t", "/a", "job.out", null, null)]
    [InlineData("-apx", "t", "/a", "job.out", null, null)]
    [InlineData("a\n#SBATCH --x", "t", "/a", "job.out", null, null)]
    [InlineData("a", "t;id", "/a", "job.out", null, null)]
    [InlineData("a", "t", "relative", "job.out", null, null)]
    [InlineData("a", "t", "/a", "../job.out", null, null)]
    [InlineData("a", "t", "/a", "job.%j", null, null)]
    [InlineData("a", "t", "/a", "job.out", "long\n#SBATCH", null)]
    [InlineData("a", "t", "/a", "job.out", "$(id)", null)]
    [InlineData("a", "t", "/a", "job.out", null, "--x\n#SBATCH --y")]
    [InlineData("a", "t", "/a", "job.out", null, "no dash")]
    public void What_could_be_something_else_in_a_header_is_refused(string name, string token, string folder, string output, string? partition, string? option) =>
        Assert.Throws<AtomProNetException>(() => new JobRequest { Name = name, Token = token, WorkDirectory = folder, OutputName = output, Resources = new() { Partition = partition, Options = option is null ? [] : [option] } });

    [Fact]
    public void Ids_that_could_be_options_or_commands_are_not_cancelled()
    {
        foreach (string id in new[] { "", "-1", "1;id", "$(id)", "1 2" })
        {
            Assert.Throws<AtomProNetException>(() => slurm.BuildCancel([new(id)]));
        }
    }

    [Fact]
    public async Task Twelve_thousand_jobs_are_one_command()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");
        using var folder = new TemporaryFolder();
        // What squeue prints for twelve arrays of a thousand.
        folder.Write("squeue", "#!/bin/sh\necho \"$@\" >>" + folder.Path("calls") + "\nawk 'BEGIN { for (a = 1; a <= 12; a++) for (i = 1; i <= 1000; i++) printf \"%d|%d|%d|RUNNING|me|2026-11-29T07:34:57|2026-11-29T07:34:58|2026-11-29T08:34:58|n%d|None|apx%d|tok%d\\n\", a * 10000 + i, a, i, i, a, a }'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.Path("squeue"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        var host = new Rigs.PreparedHost(new LocalHost(), $"PATH={folder.Root}:$PATH\n");
        var query = new JobQuery("apx", default);
        SchedulerAnswer answer = slurm.ParseQuery(query, await host.RunAsync(slurm.BuildQuery(query)));
        Assert.True(answer.IsKnown, answer.Problem);
        Assert.Equal(12_000, answer.Jobs.Select(j => j.Id).Distinct().Count());
        Assert.Equal(1, host.Count);
        Assert.Single(await File.ReadAllLinesAsync(folder.Path("calls")));
    }
}
