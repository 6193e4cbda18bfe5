using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Slurm;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>Against a real Slurm, without and with accounting.</summary>
public abstract class SlurmRealTests
{
    private readonly SlurmRig rig;
    private readonly SlurmScheduler slurm = new();
    private readonly IHost host;
    private readonly string prefix = "t" + Guid.NewGuid().ToString("N")[..10];
    private readonly DateTimeOffset since = DateTimeOffset.UtcNow;

    protected SlurmRealTests(SlurmRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        host = rig.LocalHost;
    }

    private JobQuery Query => new(prefix, since);

    [Fact]
    public async Task Jobs_go_through_all_states()
    {
        string folder = Directory.CreateDirectory(rig.File("work " + prefix)).FullName;
        JobRequest Request(string name) => new() { Name = $"{prefix}-{name}", OutputName = name + ".out", ErrorName = name + ".err", Token = "token-" + name, WorkDirectory = folder, Resources = new() { WallTime = TimeSpan.FromMinutes(5), MemoryPerNode = 20 } };
        string good = await SubmitAsync(Request("good"), "echo \"$ATOMPRONET_JOB_ID/$ATOMPRONET_ARRAY_INDEX\"");
        string bad = await SubmitAsync(Request("bad"), "exit 3");
        string killed = await SubmitAsync(Request("killed"), "kill -9 $$");
        string array = await SubmitAsync(Request("array") with { Array = new(1, 3) }, "echo \"$ATOMPRONET_JOB_ID/$ATOMPRONET_ARRAY_INDEX\" >index.$ATOMPRONET_ARRAY_INDEX; [ \"$ATOMPRONET_ARRAY_INDEX\" != 2 ]");
        string after = await SubmitAsync(Request("after") with { DependsOn = [new(good), new(array)], Dependency = DependencyKind.AfterEnd }, "true");
        string never = await SubmitAsync(Request("never") with { DependsOn = [new(bad)] }, "touch never");
        string cancelled = await SubmitAsync(Request("cancelled"), "sleep 300");
        string long1 = await SubmitAsync(Request("limited") with { Array = new(1, 3, MaxRunning: 1) }, "sleep 300");
        SchedulerAnswer queue = await UntilAsync(a => One(a, good).State == SchedulerState.Completed && One(a, cancelled).State == SchedulerState.Running && One(a, long1, 1).State == SchedulerState.Running);
        Assert.Equal(SchedulerState.Pending, One(queue, long1, 2).State);
        Assert.Equal("JobArrayTaskLimit", One(queue, long1, 3).Reason);
        Assert.True((await host.RunAsync(slurm.BuildCancel([new(cancelled), new(long1), new(good)]))).IsSuccess);
        queue = await UntilAsync(a => a.Jobs.All(j => j.State.IsFinal()));

        Assert.Equal(SchedulerState.Completed, One(queue, good).State);
        Assert.Equal(SchedulerState.Failed, One(queue, bad).State);
        Assert.Equal(SchedulerState.Failed, One(queue, killed).State);
        Assert.Equal([SchedulerState.Completed, SchedulerState.Failed, SchedulerState.Completed], Enumerable.Range(1, 3).Select(i => One(queue, array, i).State));
        Assert.Equal(SchedulerState.Completed, One(queue, after).State);
        Assert.Equal(SchedulerState.Cancelled, One(queue, never).State);
        Assert.Equal(SchedulerState.Cancelled, One(queue, cancelled).State);
        Assert.All(Enumerable.Range(1, 3), i => Assert.Equal(SchedulerState.Cancelled, One(queue, long1, i).State));
        Assert.Equal("token-good", One(queue, good).Comment);
        Assert.Equal(prefix + "-good", One(queue, good).Name);
        Assert.All(queue.Jobs, j => Assert.Equal(Environment.UserName, j.User));
        Assert.InRange(One(queue, good).Submitted!.Value, since.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(2));
        Assert.InRange(One(queue, good).Ended!.Value, since.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(2));

        Assert.Equal($"{good}/\n", await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "good.out"), TestContext.Current.CancellationToken));
        Assert.Equal([$"{array}/1\n", $"{array}/2\n", $"{array}/3\n"], Enumerable.Range(1, 3).Select(i => System.IO.File.ReadAllText(Path.Combine(folder, $"index.{i}"))));
        Assert.True(System.IO.File.Exists(Path.Combine(folder, "array.err.3")));
        Assert.False(System.IO.File.Exists(Path.Combine(folder, "never")));

        // The history tells the same, with the codes.
        SchedulerAnswer history = await HistoryAsync(a => a.Jobs.Length == queue.Jobs.Length && a.Jobs.All(j => j.State.IsFinal()));
        Assert.Equal(rig is SlurmAccountingRig ? AnswerScope.Accounting : AnswerScope.Recent, history.Scope);
        Assert.Equal((0, null), (One(history, good).ExitCode, One(history, good).Signal));
        Assert.Equal((3, null), (One(history, bad).ExitCode, One(history, bad).Signal));
        Assert.Equal((null, 9), (One(history, killed).ExitCode, One(history, killed).Signal));
        Assert.Equal(1, One(history, array, 2).ExitCode);
        Assert.Equal(queue.Jobs.Select(j => (j.Id, j.State)).OrderBy(x => x.ToString()), history.Jobs.Select(j => (j.Id, j.State)).OrderBy(x => x.ToString()));
        Assert.Equal("token-good", One(history, good).Comment);
        Assert.InRange(One(history, good).Ended!.Value, since.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(2));
    }

    [Fact]
    public async Task A_hostile_work_directory_is_only_a_directory()
    {
        string folder = Directory.CreateDirectory(rig.File($"-{prefix} $(touch owned) `id` ;'\"\n\u00e9\u4e2d #SBATCH|x JobState=COMPLETED JobName={prefix}z ")).FullName;
        string id = await SubmitAsync(new JobRequest { Name = prefix + "-hostile", Token = "t1", WorkDirectory = folder, Array = new(1, 2) }, "pwd; echo \"$ATOMPRONET_ARRAY_INDEX\" >done.$ATOMPRONET_ARRAY_INDEX");
        SchedulerAnswer queue = await UntilAsync(a => a.Jobs.Length == 2 && a.Jobs.All(j => j.State.IsFinal()));
        Assert.All(queue.Jobs, j => Assert.Equal((SchedulerState.Completed, id), (j.State, j.Id.Id)));
        Assert.Equal(["done.1", "done.2", "job.err.1", "job.err.2", "job.out.1", "job.out.2", "job.sh"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(folder + "\n", await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "job.out.1"), TestContext.Current.CancellationToken));
        SchedulerAnswer history = await HistoryAsync(a => a.Jobs.Length == 2 && a.Jobs.All(j => j.State.IsFinal()));
        Assert.All(history.Jobs, j => Assert.Equal((prefix + "-hostile", 0), (j.Name, j.ExitCode)));
    }

    [Fact]
    public async Task What_is_refused_is_told()
    {
        string folder = Directory.CreateDirectory(rig.File("refused" + prefix)).FullName;
        var request = new JobRequest { Name = prefix + "-r", Token = "t", WorkDirectory = folder };
        foreach ((JobRequest asked, string reason) in new[]
        {
            (request with { Resources = new() { Partition = "nosuch" } }, "Invalid partition name specified"),
            (request with { Resources = new() { Options = ["--nosuchoption"] } }, "unrecognized option"),
            (request with { Array = new(1, 1001) }, "Invalid job array specification"),
        })
        {
            SubmitAnswer answer = await TrySubmitAsync(asked, "true");
            Assert.Equal(SubmitOutcome.Refused, answer.Outcome);
            Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        }

        SubmitAnswer nowhere = slurm.ParseSubmit(await host.RunAsync(slurm.BuildSubmit(request with { WorkDirectory = folder + "/nowhere" }, "job.sh")));
        Assert.Equal(SubmitOutcome.NotRun, nowhere.Outcome);
        SubmitAnswer missing = slurm.ParseSubmit(await host.RunAsync("PATH=/nowhere\n" + slurm.BuildSubmit(request, "job.sh")));
        Assert.Equal(SubmitOutcome.NotRun, missing.Outcome);
        Assert.Empty((await QueryAsync()).Jobs);
    }

    [Fact]
    public void A_directory_that_Slurm_takes_for_a_pattern_is_written_to_by_the_script_itself()
    {
        foreach (string folder in new[] { "/scratch/100%", "/scratch/a\\b" })
        {
            string script = slurm.BuildScript(new JobRequest { Name = "a", Token = "t", WorkDirectory = folder, Array = new(1, 2) }, "true");
            Assert.Contains("#SBATCH --output=/dev/null\n", script, StringComparison.Ordinal);
            Assert.Contains("\nexec >\"job.out.$ATOMPRONET_ARRAY_INDEX\" 2>\"job.err.$ATOMPRONET_ARRAY_INDEX\"\ntrue\n", script, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_users_own_variables_change_nothing()
    {
        string folder = Directory.CreateDirectory(rig.File("variables" + prefix)).FullName;
        const string Variables = "SBATCH_REQUEUE=1 SBATCH_JOB_NAME=other SBATCH_OUTPUT=elsewhere SBATCH_ARRAY_INX=1-9 SQUEUE_STATES=CG SQUEUE_FORMAT=%i SQUEUE_NAMES=x SQUEUE_USERS=nobody SACCT_FORMAT=jobid SLURM_TIME_FORMAT=relative; export SBATCH_REQUEUE SBATCH_JOB_NAME SBATCH_OUTPUT SBATCH_ARRAY_INX SQUEUE_STATES SQUEUE_FORMAT SQUEUE_NAMES SQUEUE_USERS SACCT_FORMAT SLURM_TIME_FORMAT\n";
        var request = new JobRequest { Name = prefix + "-v", Token = "t", WorkDirectory = folder };
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "job.sh"), slurm.BuildScript(request, "echo here; sleep 2"));
        SubmitAnswer answer = slurm.ParseSubmit(await host.RunAsync(Variables + slurm.BuildSubmit(request, "job.sh")));
        Assert.Equal(SubmitOutcome.Accepted, answer.Outcome);
        SchedulerAnswer queue = slurm.ParseQuery(Query, await host.RunAsync(Variables + slurm.BuildQuery(Query)));
        Assert.Equal(answer.Id, Assert.Single(queue.Jobs).Id.ToString());
        Assert.Contains("Requeue=0", await rig.RunAsync($"scontrol show job {answer.Id}"), StringComparison.Ordinal);
        await UntilAsync(a => a.Jobs.All(j => j.State.IsFinal()));
        Assert.Equal("here\n", await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "job.out"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Limits_are_those_of_the_configuration()
    {
        SchedulerLimits limits = slurm.ParseLimits(await host.RunAsync(slurm.BuildLimits()));
        Assert.Equal((1000, 1000, 20_000), (limits.MaxArrayIndex, limits.MaxArrayTasks, limits.MaxJobs));
        Assert.Matches(@"^\d+\.\d+", limits.Version);
    }

    [Fact]
    public async Task The_signal_comes_before_the_walltime()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Slurm looks at its times twice a minute: ATOMPRONET_TEST=full.");
        string folder = Directory.CreateDirectory(rig.File("signal" + prefix)).FullName;
        await SubmitAsync(new JobRequest { Name = prefix + "-s", Token = "t", WorkDirectory = folder, Resources = new() { WallTime = TimeSpan.FromMinutes(1) }, WarnBefore = TimeSpan.FromSeconds(58) }, "trap 'echo warned; exit 0' USR1; i=0; while [ $i -lt 300 ]; do i=$((i+1)); sleep .2; done");
        await UntilAsync(a => a.Jobs is [{ State: SchedulerState.Completed }]);
        Assert.Equal("warned\n", await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "job.out"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task While_the_server_is_down_nothing_is_known()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        string folder = Directory.CreateDirectory(rig.File("down" + prefix)).FullName;
        var request = new JobRequest { Name = prefix + "-d", Token = "t", WorkDirectory = folder };
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "job.sh"), slurm.BuildScript(request, "true"));
        await rig.StopControllerAsync();
        try
        {
            Task<HostAnswer> submitting = host.RunAsync(new HostCommand("SLURM_CONF=" + rig.ImpatientConfigFile + "\n" + slurm.BuildSubmit(request, "job.sh")));
            SchedulerAnswer queue = slurm.ParseQuery(Query, await host.RunAsync("SLURM_CONF=" + rig.ImpatientConfigFile + "\n" + slurm.BuildQuery(Query)));
            Assert.False(queue.IsKnown);
            Assert.Contains("Unable to contact slurm controller", queue.Problem, StringComparison.Ordinal);
            SubmitAnswer answer = slurm.ParseSubmit(await submitting);
            Assert.Equal(SubmitOutcome.Unknown, answer.Outcome);
        }
        finally
        {
            await rig.StartControllerAsync();
        }

        Assert.Empty((await QueryAsync()).Jobs);
    }

    private async Task<SubmitAnswer> TrySubmitAsync(JobRequest request, string body)
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(request.WorkDirectory, "job.sh"), slurm.BuildScript(request, body));
        return slurm.ParseSubmit(await host.RunAsync(slurm.BuildSubmit(request, "job.sh")));
    }

    private async Task<string> SubmitAsync(JobRequest request, string body)
    {
        SubmitAnswer answer = await TrySubmitAsync(request, body);
        Assert.True(answer.Outcome == SubmitOutcome.Accepted, answer.Reason);
        return answer.Id!;
    }

    private async Task<SchedulerAnswer> QueryAsync()
    {
        SchedulerAnswer answer = slurm.ParseQuery(Query, await host.RunAsync(slurm.BuildQuery(Query)));
        Assert.True(answer.IsKnown, answer.Problem);
        return answer;
    }

    private Task<SchedulerAnswer> UntilAsync(Func<SchedulerAnswer, bool> condition) => Waiting.UntilAsync(QueryAsync, condition);

    private Task<SchedulerAnswer> HistoryAsync(Func<SchedulerAnswer, bool> condition) => Waiting.UntilAsync(async () => slurm.ParseHistory(Query, await host.RunAsync(slurm.BuildHistory(Query))), condition);

    private static SchedulerJob One(SchedulerAnswer answer, string id, int? index = null) => Assert.Single(answer.Jobs, j => j.Id == new SchedulerJobId(id, index));
}

[Collection(SlurmCollection.Name)]
public sealed class SlurmWithoutAccountingTests(SlurmRig rig) : SlurmRealTests(rig);

[Collection(SlurmAccountingCollection.Name)]
public sealed class SlurmWithAccountingTests(SlurmAccountingRig rig) : SlurmRealTests(rig)
{
    private readonly SlurmAccountingRig rig = rig;

    [Fact]
    public async Task While_the_accounting_is_down_it_says_nothing_and_later_it_knows()
    {
        var slurm = new SlurmScheduler();
        var query = new JobQuery("t" + Guid.NewGuid().ToString("N")[..10], DateTimeOffset.UtcNow);
        string folder = Directory.CreateDirectory(rig.File("accounting" + query.NamePrefix)).FullName;
        var request = new JobRequest { Name = query.NamePrefix + "-a", Token = "t", WorkDirectory = folder };
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "job.sh"), slurm.BuildScript(request, "exit 3"));
        await rig.StopAccountingAsync();
        try
        {
            // Slurm keeps the records until it can tell them: gone from the queue, say, and the accounting has not heard of it.
            Assert.Equal(SubmitOutcome.Accepted, slurm.ParseSubmit(await rig.LocalHost.RunAsync(slurm.BuildSubmit(request, "job.sh"))).Outcome);
            await Waiting.UntilAsync(async () => slurm.ParseQuery(query, await rig.LocalHost.RunAsync(slurm.BuildQuery(query))), a => a.Jobs is [{ State: SchedulerState.Failed }]);
            SchedulerAnswer none = slurm.ParseHistory(query, await rig.LocalHost.RunAsync(slurm.BuildHistory(query)));
            Assert.False(none.IsKnown);
            Assert.NotNull(none.Problem);
        }
        finally
        {
            await rig.StartAccountingAsync();
        }

        SchedulerAnswer late = await Waiting.UntilAsync(async () => slurm.ParseHistory(query, await rig.LocalHost.RunAsync(slurm.BuildHistory(query))), a => a.Jobs is [{ State: SchedulerState.Failed }]);
        Assert.Equal(3, late.Jobs[0].ExitCode);
    }
}
