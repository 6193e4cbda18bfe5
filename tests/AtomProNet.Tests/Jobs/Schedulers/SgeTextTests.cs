using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Sge;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>From text that Son of Grid Engine 8.1.9 printed.</summary>
public sealed class SgeTextTests
{
    private readonly SgeScheduler sge = new();

    [Theory]
    [InlineData("qw", false, SchedulerState.Pending)]
    [InlineData("hqw", false, SchedulerState.Held)]
    [InlineData("hqw", true, SchedulerState.Pending)]
    [InlineData("hRwq", false, SchedulerState.Held)]
    [InlineData("r", false, SchedulerState.Running)]
    [InlineData("t", false, SchedulerState.Running)]
    [InlineData("Rr", false, SchedulerState.Running)]
    [InlineData("Rt", false, SchedulerState.Running)]
    [InlineData("hr", false, SchedulerState.Running)]
    [InlineData("s", false, SchedulerState.Suspended)]
    [InlineData("ts", false, SchedulerState.Suspended)]
    [InlineData("S", false, SchedulerState.Suspended)]
    [InlineData("tS", false, SchedulerState.Suspended)]
    [InlineData("T", false, SchedulerState.Suspended)]
    [InlineData("Eqw", false, SchedulerState.Held)]
    [InlineData("Ehqw", false, SchedulerState.Held)]
    [InlineData("EhRqw", false, SchedulerState.Held)]
    [InlineData("dr", false, SchedulerState.Completing)]
    [InlineData("dt", false, SchedulerState.Completing)]
    [InlineData("dRr", false, SchedulerState.Completing)]
    [InlineData("ds", false, SchedulerState.Completing)]
    [InlineData("z", false, SchedulerState.Ended)]
    [InlineData("?", false, SchedulerState.Unknown)]
    public void Every_state_has_its_meaning(string raw, bool waits, SchedulerState state)
    {
        string text = $"<?xml version='1.0'?>\n<job_info><queue_info/><job_info><job_list state=\"pending\"><JB_job_number>3</JB_job_number><JB_name>apx</JB_name><JB_owner>me</JB_owner><state>{raw}</state><slots>1</slots>{(waits ? "<predecessor_jobs>2</predecessor_jobs>" : "")}</job_list></job_info></job_info>";
        Assert.Equal(state, Assert.Single(sge.ParseQuery(new("apx", default), HostAnswer.Of(text)).Jobs).State);
    }

    [Fact]
    public void A_queue_is_read()
    {
        const string Text = """
            <?xml version='1.0'?>
            <job_info  xmlns:xsd="http://arc.liv.ac.uk/repos/darcs/sge/source/dist/util/resources/schemas/qstat/qstat.xsd">
              <queue_info>
                <job_list state="running">
                  <JB_job_number>6</JB_job_number>
                  <JAT_prio>0.50000</JAT_prio>
                  <JB_name>apx-array</JB_name>
                  <JB_owner>root</JB_owner>
                  <state>r</state>
                  <JAT_start_time>2026-11-29T08:21:32</JAT_start_time>
                  <queue_name>all.q@localhost</queue_name>
                  <slots>1</slots>
                  <tasks>1</tasks>
                  <full_job_name>apx-array</full_job_name>
                  <binding>NONE</binding>
                </job_list>
              </queue_info>
              <job_info>
                <job_list state="pending">
                  <JB_job_number>4</JB_job_number>
                  <JAT_prio>0.75000</JAT_prio>
                  <JB_name>apx-err</JB_name>
                  <JB_owner>root</JB_owner>
                  <state>Eqw</state>
                  <JB_submission_time>2026-11-29T08:21:31</JB_submission_time>
                  <queue_name></queue_name>
                  <slots>1</slots>
                  <full_job_name>apx-err</full_job_name>
                  <binding>NONE</binding>
                </job_list>
                <job_list state="pending">
                  <JB_job_number>6</JB_job_number>
                  <JB_name>apx-array</JB_name>
                  <JB_owner>root</JB_owner>
                  <state>qw</state>
                  <JB_submission_time>2026-11-29T08:21:32</JB_submission_time>
                  <queue_name></queue_name>
                  <slots>1</slots>
                  <tasks>2-4:1,7</tasks>
                  <full_job_name>apx-array</full_job_name>
                </job_list>
                <job_list state="pending">
                  <JB_job_number>9</JB_job_number>
                  <JB_name>other &lt;x&gt;</JB_name>
                  <JB_owner>root</JB_owner>
                  <state>qw</state>
                </job_list>
              </job_info>
            </job_info>
            """;
        SchedulerAnswer answer = sge.ParseQuery(new("apx", default), HostAnswer.Of(Text));
        Assert.Equal(AnswerScope.Active, answer.Scope);
        Assert.Equal([("6_1", SchedulerState.Running), ("4", SchedulerState.Held), ("6_2", SchedulerState.Pending), ("6_3", SchedulerState.Pending), ("6_4", SchedulerState.Pending), ("6_7", SchedulerState.Pending)], answer.Jobs.Select(j => (j.Id.ToString(), j.State)));
        Assert.Equal("localhost", answer.Jobs[0].Nodes);
        Assert.Equal(new DateTimeOffset(2026, 11, 29, 8, 21, 32, TimeSpan.Zero), answer.Jobs[0].Started);
        for (int cut = 1; cut < Text.TrimEnd().Length; cut += 37)
        {
            Assert.False(sge.ParseQuery(new("apx", default), HostAnswer.Of(Text[..cut])).IsKnown);
        }

        Assert.False(sge.ParseQuery(new("apx", default), HostAnswer.Of("", 1, "error: commlib error: got select error (Connection refused)\nerror: unable to send message to qmaster using port 6444 on host \"master\": got send error")).IsKnown);
    }

    [Fact]
    public void An_accounting_is_read()
    {
        const string Block = """
            ==============================================================
            qname        all.q               
            hostname     localhost           
            owner        root                
            jobname      {0}
            jobnumber    {1}
            taskid       {2}
            qsub_time    Sun Nov 29 08:21:32 2026
            start_time   Sun Nov 29 08:21:32 2026
            end_time     Sun Nov  1 08:21:35 2026
            failed       {3}
            exit_status  {4}
            ru_wallclock 3s
            category     {5}
            """;
        string Of(string name, string id, string task, string failed, string status, string category) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Block, name, id, task, failed, status, category) + "\n";
        string text = Of("apx-a", "1", "undefined", "0    ", "3                   ", "NONE")
            + Of("apx-b", "2", "1", "0    ", "0                   ", "NONE")
            + Of("apx-c", "7", "undefined", "37  : qmaster enforced h_rt, h_cpu, or h_vmem limit", "137                  (Killed)", "-l h_rt=2")
            + Of("apx-d", "8", "undefined", "100 : assumedly after job", "137                  (Killed)", "NONE")
            + Of("apx-e", "9", "undefined", "37  : qmaster enforced h_rt, h_cpu, or h_vmem limit", "137                  (Killed)", "-l h_rt=3600,h_vmem=1G")
            + Of("other", "10", "undefined", "0", "0", "NONE")
            + "Total System Usage\n    WALLCLOCK         UTIME\n";
        SchedulerAnswer answer = sge.ParseHistory(new("apx", default), HostAnswer.Of(text));
        Assert.Equal(AnswerScope.Recent, answer.Scope);
        Assert.Equal([("1", SchedulerState.Failed, 3, null), ("2_1", SchedulerState.Completed, 0, null), ("7", SchedulerState.TimedOut, null, 9), ("8", SchedulerState.Failed, null, 9), ("9", SchedulerState.OutOfMemory, null, (int?)9)], answer.Jobs.Select(j => (j.Id.ToString(), j.State, j.ExitCode, j.Signal)));
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 8, 21, 35, TimeSpan.Zero), answer.Jobs[0].Ended);
        Assert.True(sge.ParseHistory(new("apx", default), HostAnswer.Of("", 1, "error: job name apx* not found\n")).IsKnown);
        Assert.False(sge.ParseHistory(new("apx", default), HostAnswer.Of("", 1, "error: error opening \"/var/lib/gridengine/default/common/accounting\": No such file or directory\n")).IsKnown);
    }

    [Theory]
    [InlineData("17\n", 0, "", SubmitOutcome.Accepted)]
    [InlineData("17.1-3:1\n", 0, "", SubmitOutcome.Accepted)]
    [InlineData("", 0, "", SubmitOutcome.Unknown)]
    [InlineData("", 1, "Unable to run job: Job was rejected because job requests unknown queue \"nosuch\"\nExiting.\n", SubmitOutcome.Refused)]
    [InlineData("", 1, "Unable to run job: job rejected: the requested parallel environment \"nosuch\" does not exist\nExiting.\n", SubmitOutcome.Refused)]
    [InlineData("", 1, "Unable to run job: unknown resource \"nosuch\"\nExiting.\n", SubmitOutcome.Refused)]
    [InlineData("", 1, "Unable to run job: job rejected: only 50 jobs are allowed per user (current job count: 50)\nExiting.\n", SubmitOutcome.LimitReached)]
    [InlineData("", 1, "error: commlib error: got select error (Connection refused)\nUnable to run job: unable to send message to qmaster using port 6444 on host \"m\": got send error\nExiting.\n", SubmitOutcome.Unknown)]
    public void A_submissions_answer_is_read(string output, int code, string error, SubmitOutcome outcome)
    {
        SubmitAnswer answer = sge.ParseSubmit(HostAnswer.Of(output, code, error));
        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(outcome == SubmitOutcome.Accepted ? "17" : null, answer.Id);
        Assert.NotEqual("Exiting.", answer.Reason);
    }

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
            Dependency = DependencyKind.AfterEnd,
            WarnBefore = TimeSpan.FromMinutes(2),
            Resources = new() { Account = "acc", Partition = "long.q", ParallelEnvironment = "mpi", Tasks = 16, MemoryPerNode = 4000, WallTime = TimeSpan.FromHours(30) },
        };
        Assert.Equal(
            """
            #!/bin/sh
            #$ -N apx-1
            #$ -S /bin/sh
            #$ -cwd
            #$ -r n
            #$ -o job.out.$TASK_ID
            #$ -e job.err.$TASK_ID
            #$ -pe mpi 16
            #$ -l h_rt=30:00:00
            #$ -l s_rt=29:58:00
            #$ -l h_vmem=250M
            #$ -q long.q
            #$ -P acc
            #$ -t 1-40
            #$ -tc 7
            #$ -hold_jid 12,13
            ATOMPRONET_JOB_ID=$JOB_ID
            ATOMPRONET_ARRAY_INDEX=$SGE_TASK_ID
            export ATOMPRONET_JOB_ID ATOMPRONET_ARRAY_INDEX
            cd '/scratch/it'\''s here' || exit 75
            true

            """,
            sge.BuildScript(request, "true"));
        Assert.Equal("SchedulerLacksAfterSuccess", Assert.Throws<AtomProNetException>(() => sge.BuildScript(request with { Dependency = DependencyKind.AfterSuccess }, "true")).ErrorId);
        Assert.Equal("SgeParallelEnvironmentMissing", Assert.Throws<AtomProNetException>(() => sge.BuildScript(request with { Resources = new() { Tasks = 2 } }, "true")).ErrorId);
        Assert.Equal("SgeDirectoryPattern", Assert.Throws<AtomProNetException>(() => sge.BuildScript(request with { WorkDirectory = "/a\nb" }, "true")).ErrorId);
        // A path that Grid Engine would take for a list of hosts, or for a variable: the script writes its files itself.
        Assert.All(["/a,b", "/a:b", "/$a"], d => Assert.Contains("\n#$ -o /dev/null\n", sge.BuildScript(request with { WorkDirectory = d }, "true"), StringComparison.Ordinal));
    }
}
