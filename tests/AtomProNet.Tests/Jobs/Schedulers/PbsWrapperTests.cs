using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Pbs;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>Against Slurm's substitutes for PBS's commands, with a real Slurm behind them. They tell neither exit codes nor the tasks of arrays, so single jobs it is.</summary>
[Collection(SlurmCollection.Name)]
public sealed class PbsWrapperTests : IDisposable
{
    private readonly SlurmRig rig;
    private readonly PbsScheduler pbs = new();
    private readonly TorqueCommands torque;
    private readonly IHost host;
    private readonly string prefix = "t" + Guid.NewGuid().ToString("N")[..10];

    public PbsWrapperTests(SlurmRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        torque = new();
        host = torque.On(rig.LocalHost);
    }

    public void Dispose() => torque.Dispose();

    [Fact]
    public async Task Single_jobs_are_submitted_found_and_cancelled()
    {
        string folder = Directory.CreateDirectory(rig.File("pbs " + prefix)).FullName;
        JobRequest Request(string name) => new() { Name = $"{prefix}-{name}", OutputName = name + ".out", ErrorName = name + ".err", Token = "tok-" + name, WorkDirectory = folder, Resources = new() { WallTime = TimeSpan.FromMinutes(5), MemoryPerNode = 20 } };
        string good = await SubmitAsync(Request("good"), "echo \"$ATOMPRONET_JOB_ID\"; pwd");
        string after = await SubmitAsync(Request("after") with { DependsOn = [new(good)] }, "cat good.out");
        string cancelled = await SubmitAsync(Request("cancelled"), "sleep 300");
        await UntilAsync(a => One(a, good).State.IsFinal() && One(a, cancelled).State == SchedulerState.Running);
        HostAnswer answer = await host.RunAsync(pbs.BuildCancel([new(cancelled), new(good)]));
        Assert.True(answer.IsSuccess, answer.Describe());
        SchedulerAnswer queue = await UntilAsync(a => a.Jobs.All(j => j.State.IsFinal()));
        Assert.Equal(new[] { good, after, cancelled }.Order(), queue.Jobs.Select(j => j.Id.Id).Order());
        Assert.All(queue.Jobs, j => Assert.Equal(SchedulerState.Ended, j.State));
        Assert.Equal($"{good}\n{folder}\n", await File.ReadAllTextAsync(Path.Combine(folder, "good.out"), TestContext.Current.CancellationToken));
        Assert.Equal($"{good}\n{folder}\n", await File.ReadAllTextAsync(Path.Combine(folder, "after.out"), TestContext.Current.CancellationToken));
        Assert.Contains("Requeue=0", await rig.RunAsync($"scontrol show job {good}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_told()
    {
        string folder = Directory.CreateDirectory(rig.File("pbsr" + prefix)).FullName;
        var request = new JobRequest { Name = prefix + "-r", Token = "t", WorkDirectory = folder, Resources = new() { Partition = "nosuch" } };
        await File.WriteAllTextAsync(Path.Combine(folder, "job.sh"), pbs.BuildScript(request, "true"));
        SubmitAnswer answer = pbs.ParseSubmit(await host.RunAsync(pbs.BuildSubmit(request, "job.sh")));
        Assert.Equal(SubmitOutcome.Refused, answer.Outcome);
        Assert.Contains("Invalid partition", answer.Reason, StringComparison.Ordinal);
    }

    private async Task<string> SubmitAsync(JobRequest request, string body)
    {
        await File.WriteAllTextAsync(Path.Combine(request.WorkDirectory, "job.sh"), pbs.BuildScript(request, body));
        SubmitAnswer answer = pbs.ParseSubmit(await host.RunAsync(pbs.BuildSubmit(request, "job.sh")));
        Assert.True(answer.Outcome == SubmitOutcome.Accepted, answer.Reason);
        return answer.Id!;
    }

    private Task<SchedulerAnswer> UntilAsync(Func<SchedulerAnswer, bool> condition)
    {
        var query = new JobQuery(prefix, default);
        return Waiting.UntilAsync(async () => pbs.ParseQuery(query, await host.RunAsync(pbs.BuildQuery(query))), condition);
    }

    private static SchedulerJob One(SchedulerAnswer answer, string id) => Assert.Single(answer.Jobs, j => j.Id.Id == id);
}
