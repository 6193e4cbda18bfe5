using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Pbs;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>From text in the form that the manuals of OpenPBS and Torque show, and that Slurm's substitutes for their commands print.</summary>
public sealed class PbsTextTests
{
    private readonly PbsScheduler pbs = new();

    [Fact]
    public void What_OpenPBS_tells_is_read()
    {
        const string Text = """
            Job Id: 68350.mycluster
                Job_Name = apx-one
                Job_Owner = me@login.cluster
                resources_used.walltime = 00:10:13
                job_state = F
                queue = normal
                server = mycluster
                exec_host = b141/0*16+b142/0*16
                Hold_Types = n
                stime = Sat Apr 20 01:36:59 2013
                substate = 92
                Variable_List = PBS_O_SYSTEM=Linux,PBS_O_SHELL=/bin/bash,
            	PBS_O_HOME=/home/me,ATOMPRO
            	NET_TOKEN=tok_1,PBS_O_WORKDIR=/home/me/x Job_Name = trap,
            	PBS_O_LANG=en_US.UTF-8
                comment = Job run at Sat Apr 20 at 01:36 on (b141:ncpus=16)+(b142:ncpus=16)
            	 and finished
                Exit_status = 0
                Submit_arguments = -N apx-one job.sh
                project = _pbs_project_default

            Job Id: 68351[].mycluster
                Job_Name = apx-array
                Job_Owner = me@login.cluster
                job_state = B
                array = True
                array_indices_submitted = 1-4
                Variable_List = ATOMPRONET_TOKEN=tok_2

            Job Id: 68351[1].mycluster
                Job_Name = apx-array
                Job_Owner = me@login.cluster
                job_state = X
                Exit_status = 2
                Variable_List = ATOMPRONET_TOKEN=tok_2

            Job Id: 68351[2].mycluster
                Job_Name = apx-array
                job_state = X
                Exit_status = -29

            Job Id: 68351[3].mycluster
                Job_Name = apx-array
                job_state = R

            Job Id: 68351[4].mycluster
                Job_Name = apx-array
                job_state = Q

            Job Id: 68352[].mycluster
                Job_Name = apx-waiting
                job_state = Q
                array_indices_submitted = 1-5:2

            Job Id: 68353.mycluster
                Job_Name = apx-after
                job_state = H
                depend = afterok:68350.mycluster@mycluster
                Hold_Types = s

            Job Id: 68354.mycluster
                Job_Name = apx-held
                job_state = H
                Hold_Types = u

            Job Id: 68355.mycluster
                Job_Name = apx-killed
                job_state = F
                Exit_status = 265
                substate = 93

            Job Id: 68356.mycluster
                Job_Name = apx-deleted
                job_state = F
                substate = 91

            Job Id: 68357.mycluster
                Job_Name = other
                job_state = R

            """;
        SchedulerAnswer answer = pbs.ParseQuery(new("apx", default), HostAnswer.Of(Text));
        Assert.True(answer.IsKnown, answer.Problem);
        Assert.Equal(
            [
                ("68350.mycluster", SchedulerState.Completed, 0, null), ("68351[].mycluster_1", SchedulerState.Failed, 2, null), ("68351[].mycluster_2", SchedulerState.TimedOut, null, null), ("68351[].mycluster_3", SchedulerState.Running, null, null),
                ("68351[].mycluster_4", SchedulerState.Pending, null, null), ("68353.mycluster", SchedulerState.Pending, null, null), ("68354.mycluster", SchedulerState.Held, null, null), ("68355.mycluster", SchedulerState.Failed, null, 9),
                ("68356.mycluster", SchedulerState.Cancelled, null, null), ("68352[].mycluster_1", SchedulerState.Pending, null, null), ("68352[].mycluster_3", SchedulerState.Pending, null, null), ("68352[].mycluster_5", SchedulerState.Pending, null, (int?)null),
            ],
            answer.Jobs.Select(j => (j.Id.ToString(), j.State, j.ExitCode, j.Signal)));
        Assert.Equal("tok_1", answer.Jobs[0].Comment);
        Assert.Equal("me", answer.Jobs[0].User);
        Assert.EndsWith("and finished", answer.Jobs[0].Reason, StringComparison.Ordinal);
        Assert.Equal("68351[2].mycluster", PbsScheduler.TaskId(answer.Jobs[2].Id));
    }

    [Fact]
    public void What_Torque_tells_is_read()
    {
        const string Text = """
            Job Id: 522083.barnacle
                Job_Name = apx-one
                Job_Owner = me@barnacle
                job_state = C
                exit_status = 271
                Variable_List = PBS_O_QUEUE=batch,ATOMPRONET_TOKEN=t1

            Job Id: 522084[7].barnacle
                Job_Name = apx-array-7
                Job_Owner = me@barnacle
                job_state = C
                exit_status = -11

            Job Id: 522085.barnacle
                Job_Name = apx-mem
                job_state = C
                exit_status = -10

            """;
        SchedulerAnswer answer = pbs.ParseQuery(new("apx", default), HostAnswer.Of(Text));
        Assert.Equal([("522083.barnacle", "apx-one", SchedulerState.Failed, 15), ("522084[].barnacle_7", "apx-array", SchedulerState.TimedOut, null), ("522085.barnacle", "apx-mem", SchedulerState.OutOfMemory, (int?)null)], answer.Jobs.Select(j => (j.Id.ToString(), j.Name, j.State, j.Signal)));
    }

    [Fact]
    public void What_Slurms_substitute_tells_is_read()
    {
        const string Text = "Job Id:\t1\n\tJob_Name = apx1\n\tJob_Owner = root@localhost\n\tjob_state = C\n\tqueue = test\n\tqtime = Sun Nov 29 08:34:14 2026\n\teuser = root(0)\n\n"
            + "Job Id:\t4\n\tJob_Name = apx2\n\tJob_Owner = root@localhost\n\tjob_state = R\n\tqueue = test\n\n";
        SchedulerAnswer answer = pbs.ParseQuery(new("apx", default), HostAnswer.Of(Text));
        Assert.Equal([("1", SchedulerState.Ended), ("4", SchedulerState.Running)], answer.Jobs.Select(j => (j.Id.ToString(), j.State)));
    }

    [Fact]
    public void A_job_that_went_away_between_two_commands_is_no_failure()
    {
        const string Text = "Job Id: 1.s\n    Job_Name = apx\n    job_state = R\n\n";
        Assert.Single(pbs.ParseQuery(new("apx", default), HostAnswer.Of(Text, 153, "qstat: Unknown Job Id 2.s\n")).Jobs);
        Assert.True(pbs.ParseQuery(new("apx", default), HostAnswer.Of("", 35, "qstat: 2.s Job has finished, use -x or -H to obtain historical job information\n")).IsKnown);
        Assert.False(pbs.ParseQuery(new("apx", default), HostAnswer.Of(Text, 153, "qstat: Unknown Job Id 2.s\nqstat: cannot connect to server s (errno=111)\n")).IsKnown);
        Assert.False(pbs.ParseQuery(new("apx", default), HostAnswer.Of("", 255, "Connection refused\nqstat: cannot connect to server pbs (errno=15010)\n")).IsKnown);
        Assert.False(pbs.ParseQuery(new("apx", default), HostAnswer.Of("Job Id: 1.s\n    Job_Name = apx\n")).IsKnown);
    }

    [Theory]
    [InlineData("4711.pbs01\n", 0, "", SubmitOutcome.Accepted, "4711.pbs01")]
    [InlineData("4711[].pbs01\n", 0, "", SubmitOutcome.Accepted, "4711[].pbs01")]
    [InlineData("1\n", 0, "", SubmitOutcome.Accepted, "1")]
    [InlineData("", 0, "", SubmitOutcome.Unknown, null)]
    [InlineData("", 170, "qsub: Unknown queue\n", SubmitOutcome.Refused, null)]
    [InlineData("", 188, "qsub: Job exceeds queue and/or server resource limits\n", SubmitOutcome.Refused, null)]
    [InlineData("", 15, "qsub: would exceed queue generic's per-user limit\n", SubmitOutcome.LimitReached, null)]
    [InlineData("", 178, "qsub: submit error (Maximum number of jobs already in queue MSG=total number of current user's jobs exceeds the queue limit: user me@h, queue batch)\n", SubmitOutcome.LimitReached, null)]
    [InlineData("", 255, "Connection refused\nqsub: cannot connect to server pbs (errno=15010)\n", SubmitOutcome.Unknown, null)]
    [InlineData("", 127, "qsub: not found\n", SubmitOutcome.NotRun, null)]
    [InlineData("", 1, "There was an error running the Slurm sbatch command.\nThe command was:\n'/usr/bin/sbatch -p nosuch p.sh 2>&1'\nand the output was:\n'sbatch: error: invalid partition specified: nosuch\n sbatch: error: Batch job submission failed: Invalid partition name specified\n'\n", SubmitOutcome.Refused, null)]
    public void A_submissions_answer_is_read(string output, int code, string error, SubmitOutcome outcome, string? id)
    {
        SubmitAnswer answer = pbs.ParseSubmit(HostAnswer.Of(output, code, error));
        Assert.Equal((outcome, id), (answer.Outcome, answer.Id));
        Assert.Equal(outcome != SubmitOutcome.Accepted, answer.Reason is { Length: > 3 });
    }

    [Fact]
    public async Task Each_dialect_gets_its_own_words()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");
        using var folder = new TemporaryFolder();
        var request = new JobRequest
        {
            Name = "apx-1",
            Token = "tok_1",
            WorkDirectory = folder.Root,
            Array = new(1, 40, MaxRunning: 7),
            DependsOn = [new("12.s"), new("13[].s")],
            Resources = new() { Nodes = 2, Tasks = 16, ThreadsPerTask = 2, MemoryPerNode = 4000 },
        };
        foreach ((string version, string expected) in new[]
        {
            ("pbs_version = 19.1.3", "-N apx-1 -r n -v ATOMPRONET_TOKEN=tok_1 -l select=2:ncpus=16:mpiprocs=8:ompthreads=2:mem=4000mb -o job.out.pbs.^array_index^ -J 1-40%7 -W depend=afterok:12.s:13[].s job.sh"),
            ("Version: 6.1.2", "-N apx-1 -r n -v ATOMPRONET_TOKEN=tok_1 -l nodes=2:ppn=16 -l mem=8000mb -o job.out.pbs -t 1-40%7 -W depend=afterok:12.s,afterokarray:13[].s job.sh"),
        })
        {
            HostAnswer answer = await new LocalHost().RunAsync($"qstat() {{ echo '{version}'; }}\ncd {folder.Root}; mkdir -p bin; printf '#!/bin/sh\\necho \"$@\"\\n' >bin/qsub; chmod +x bin/qsub; PATH={folder.Root}/bin:$PATH\n" + pbs.BuildSubmit(request, "job.sh"));
            Assert.Equal(expected, answer.Output.Trim());
        }

        Assert.Contains("exec >\"job.out.$ATOMPRONET_ARRAY_INDEX\" 2>\"job.err.$ATOMPRONET_ARRAY_INDEX\"\n", pbs.BuildScript(request, "true"), StringComparison.Ordinal);
        Assert.Contains("#PBS -v ATOMPRONET_TOKEN=tok_1\n", pbs.BuildScript(request, "true"), StringComparison.Ordinal);
    }
}
