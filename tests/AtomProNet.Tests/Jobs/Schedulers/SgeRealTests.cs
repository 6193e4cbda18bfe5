using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Sge;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>Against a real Grid Engine.</summary>
[Collection(GridEngineCollection.Name)]
public sealed class SgeRealTests
{
    private readonly GridEngineRig rig;
    private readonly SgeScheduler sge = new();
    private readonly IHost host;
    private readonly string prefix = "t" + Guid.NewGuid().ToString("N")[..10];
    private readonly DateTimeOffset since = DateTimeOffset.UtcNow;

    public SgeRealTests(GridEngineRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        host = rig.LocalHost;
    }

    private JobQuery Query => new(prefix, since);

    [Fact]
    public async Task Jobs_go_through_all_states()
    {
        string folder = Directory.CreateDirectory(rig.File($"-work {prefix} ;'\"`id`&é")).FullName;
        JobRequest Request(string name) => new() { Name = $"{prefix}-{name}", OutputName = name + ".out", ErrorName = name + ".err", Token = "t", WorkDirectory = folder };
        string good = await SubmitAsync(Request("good"), "echo \"$ATOMPRONET_JOB_ID/$ATOMPRONET_ARRAY_INDEX\"; pwd");
        string bad = await SubmitAsync(Request("bad"), "exit 3");
        string killed = await SubmitAsync(Request("killed"), "kill -9 $$");
        string array = await SubmitAsync(Request("array") with { Array = new(1, 3) }, "echo \"$ATOMPRONET_JOB_ID/$ATOMPRONET_ARRAY_INDEX\"; [ \"$ATOMPRONET_ARRAY_INDEX\" != 2 ]");
        string after = await SubmitAsync(Request("after") with { DependsOn = [new(good), new(array)], Dependency = DependencyKind.AfterEnd }, "ls array.out.3");
        string slow = await SubmitAsync(Request("slow") with { Resources = new() { WallTime = TimeSpan.FromSeconds(2) } }, "sleep 100");
        string warned = await SubmitAsync(Request("warned") with { WarnBefore = TimeSpan.FromSeconds(60), Resources = new() { WallTime = TimeSpan.FromSeconds(62) } }, "trap 'echo warned; exit 0' USR1; i=0; while [ $i -lt 300 ]; do i=$((i+1)); sleep .2; done");
        string wide = await SubmitAsync(Request("wide") with { Resources = new() { Tasks = 2, ThreadsPerTask = 2, ParallelEnvironment = "mpi" } }, "echo $NSLOTS");
        string limited = await SubmitAsync(Request("limited") with { Array = new(1, 3, MaxRunning: 1) }, "sleep 300");
        SchedulerAnswer queue = await UntilAsync(sge.BuildQuery(Query), a => sge.ParseQuery(Query, a), a => a.Jobs.Any(j => j.Id == new SchedulerJobId(limited, 1) && j.State == SchedulerState.Running));
        Assert.Equal(SchedulerState.Pending, One(queue, limited, 2).State);
        Assert.True((await host.RunAsync(sge.BuildCancel([new(limited, 2)]))).IsSuccess);
        queue = await UntilAsync(sge.BuildQuery(Query), a => sge.ParseQuery(Query, a), a => !a.Jobs.Any(j => j.Id == new SchedulerJobId(limited, 2)));
        Assert.Equal(SchedulerState.Pending, One(queue, limited, 3).State);
        HostAnswer cancelled = await host.RunAsync(sge.BuildCancel([new(limited), new("999999"), new(good)]));
        Assert.True(cancelled.IsSuccess, cancelled.Describe());
        await UntilAsync(sge.BuildQuery(Query), a => sge.ParseQuery(Query, a), a => a.Jobs.IsEmpty);
        SchedulerAnswer history = await UntilAsync(sge.BuildHistory(Query), a => sge.ParseHistory(Query, a), a => a.Jobs.Length >= 11);

        Assert.Equal((SchedulerState.Completed, 0), (One(history, good).State, One(history, good).ExitCode));
        Assert.Equal((SchedulerState.Failed, 3), (One(history, bad).State, One(history, bad).ExitCode));
        Assert.Equal((SchedulerState.Failed, 9), (One(history, killed).State, One(history, killed).Signal));
        Assert.Equal([SchedulerState.Completed, SchedulerState.Failed, SchedulerState.Completed], Enumerable.Range(1, 3).Select(i => One(history, array, i).State));
        Assert.Equal(SchedulerState.Completed, One(history, after).State);
        Assert.Equal(SchedulerState.TimedOut, One(history, slow).State);
        Assert.Equal(SchedulerState.Completed, One(history, warned).State);
        Assert.Equal(SchedulerState.Failed, One(history, limited, 1).State);
        Assert.InRange(One(history, good).Ended!.Value, since.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(2));
        Assert.Equal($"{good}/\n{folder}\n", await File.ReadAllTextAsync(Path.Combine(folder, "good.out"), TestContext.Current.CancellationToken));
        Assert.Equal($"{array}/2\n", await File.ReadAllTextAsync(Path.Combine(folder, "array.out.2"), TestContext.Current.CancellationToken));
        Assert.Equal("warned\n", await File.ReadAllTextAsync(Path.Combine(folder, "warned.out"), TestContext.Current.CancellationToken));
        Assert.Equal("4\n", await File.ReadAllTextAsync(Path.Combine(folder, "wide.out"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_refused_is_told_and_what_is_in_error_is_held()
    {
        string folder = Directory.CreateDirectory(rig.File("refused" + prefix)).FullName;
        var request = new JobRequest { Name = prefix + "-r", Token = "t", WorkDirectory = folder };
        foreach ((JobRequest asked, string reason) in new[]
        {
            (request with { Resources = new() { Partition = "nosuch.q" } }, "unknown queue"),
            (request with { Resources = new() { ParallelEnvironment = "nosuch" } }, "parallel environment"),
            (request with { Resources = new() { Options = ["-l nosuch=1"] } }, "unknown resource"),
        })
        {
            SubmitAnswer answer = await TrySubmitAsync(asked, "true");
            Assert.Equal(SubmitOutcome.Refused, answer.Outcome);
            Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(sge.ParseHistory(Query, await host.RunAsync(sge.BuildHistory(Query))).Jobs);
        string id = await SubmitAsync(request with { Resources = new() { Options = ["-o /nowhere/x"] } }, "true");
        SchedulerAnswer queue = await UntilAsync(sge.BuildQuery(Query), a => sge.ParseQuery(Query, a), a => a.Jobs is [{ State: SchedulerState.Held }]);
        Assert.Equal("Eqw", One(queue, id).RawState);
        Assert.True((await host.RunAsync(sge.BuildCancel([new(id)]))).IsSuccess);
        SchedulerLimits limits = sge.ParseLimits(await host.RunAsync(sge.BuildLimits()));
        Assert.Equal((75_000, null), (limits.MaxArrayTasks, limits.MaxJobsPerUser));
        Assert.Contains("8.1.9", limits.Version, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_server_nothing_is_known()
    {
        string elsewhere = $"SGE_QMASTER_PORT={RigScript.FreePorts(1)[0]}; export SGE_QMASTER_PORT\n";
        SchedulerAnswer queue = sge.ParseQuery(Query, await host.RunAsync(elsewhere + sge.BuildQuery(Query)));
        Assert.False(queue.IsKnown);
        string folder = Directory.CreateDirectory(rig.File("down" + prefix)).FullName;
        var request = new JobRequest { Name = prefix + "-d", Token = "t", WorkDirectory = folder };
        await File.WriteAllTextAsync(Path.Combine(folder, "job.sh"), sge.BuildScript(request, "true"));
        Assert.Equal(SubmitOutcome.Unknown, sge.ParseSubmit(await host.RunAsync(elsewhere + sge.BuildSubmit(request, "job.sh"))).Outcome);
    }

    private async Task<SubmitAnswer> TrySubmitAsync(JobRequest request, string body)
    {
        await File.WriteAllTextAsync(Path.Combine(request.WorkDirectory, "job.sh"), sge.BuildScript(request, body));
        return sge.ParseSubmit(await host.RunAsync(sge.BuildSubmit(request, "job.sh")));
    }

    private async Task<string> SubmitAsync(JobRequest request, string body)
    {
        SubmitAnswer answer = await TrySubmitAsync(request, body);
        Assert.True(answer.Outcome == SubmitOutcome.Accepted, answer.Reason);
        return answer.Id!;
    }

    private Task<SchedulerAnswer> UntilAsync(string command, Func<HostAnswer, SchedulerAnswer> parse, Func<SchedulerAnswer, bool> condition) => Waiting.UntilAsync(async () => parse(await host.RunAsync(command)), condition);

    private static SchedulerJob One(SchedulerAnswer answer, string id, int? index = null) => Assert.Single(answer.Jobs, j => j.Id == new SchedulerJobId(id, index));
}
