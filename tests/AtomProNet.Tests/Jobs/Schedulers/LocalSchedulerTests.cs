using System.Diagnostics;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Schedulers.Local;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>The queue of files, with real processes.</summary>
public sealed class LocalSchedulerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LocalHost host = new();
    private readonly string work;

    public LocalSchedulerTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");
        work = Directory.CreateDirectory(folder.Path("work $(touch owned)\n'-é%\\")).FullName;
    }

    public void Dispose()
    {
        // Nothing that a test started may go on.
        LocalScheduler queue = Queue();
        SchedulerAnswer answer = QueryAsync(queue).GetAwaiter().GetResult();
        host.RunAsync(queue.BuildCancel([.. answer.Jobs.Select(j => j.Id)])).GetAwaiter().GetResult();
        UntilAsync(queue, a => a.Jobs.All(j => j.State.IsFinal())).GetAwaiter().GetResult();
        folder.Dispose();
    }

    [Fact]
    public async Task Jobs_end_in_every_way()
    {
        LocalScheduler queue = Queue(4);
        string good = await SubmitAsync(queue, Request("good"), "echo \"$ATOMPRONET_JOB_ID/$ATOMPRONET_ARRAY_INDEX\"; pwd");
        string bad = await SubmitAsync(queue, Request("bad"), "echo sad >&2; exit 3");
        string killed = await SubmitAsync(queue, Request("killed"), "kill -9 $$");
        string slow = await SubmitAsync(queue, Request("slow") with { Resources = new() { WallTime = TimeSpan.FromSeconds(1) } }, "sleep 100");
        string array = await SubmitAsync(queue, Request("array") with { Array = new(1, 3) }, "echo $ATOMPRONET_ARRAY_INDEX; [ $ATOMPRONET_ARRAY_INDEX != 2 ]");
        string after = await SubmitAsync(queue, Request("after") with { DependsOn = [new(good), new(array)], Dependency = DependencyKind.AfterEnd }, "true");
        string never = await SubmitAsync(queue, Request("never") with { DependsOn = [new(array)] }, "touch never");
        string cancelled = await SubmitAsync(queue, Request("cancelled"), "sleep 100");
        string stubborn = await SubmitAsync(queue, Request("stubborn") with { WarnBefore = TimeSpan.FromSeconds(98), Resources = new() { WallTime = TimeSpan.FromSeconds(99) } }, "trap 'echo warned' USR1; trap '' TERM; i=0; while [ $i -lt 1000 ]; do i=$((i+1)); sleep .1; done");
        await UntilAsync(queue, a => One(a, cancelled).State == SchedulerState.Running && File.Exists(Path.Combine(work, "stubborn.out")) && File.ReadAllText(Path.Combine(work, "stubborn.out")).Length > 0);
        Assert.True((await host.RunAsync(queue.BuildCancel([new(cancelled), new(stubborn), new(good), new("4711")]))).IsSuccess);
        SchedulerAnswer answer = await UntilAsync(queue, a => a.Jobs.All(j => j.State.IsFinal()));

        Assert.Equal((SchedulerState.Completed, 0, "token-good"), (One(answer, good).State, One(answer, good).ExitCode, One(answer, good).Comment));
        Assert.Equal((SchedulerState.Failed, 3, null), (One(answer, bad).State, One(answer, bad).ExitCode, One(answer, bad).Signal));
        Assert.Equal((SchedulerState.Failed, null, 9), (One(answer, killed).State, One(answer, killed).ExitCode, One(answer, killed).Signal));
        Assert.Equal(SchedulerState.TimedOut, One(answer, slow).State);
        Assert.Equal([SchedulerState.Completed, SchedulerState.Failed, SchedulerState.Completed], Enumerable.Range(1, 3).Select(i => One(answer, array, i).State));
        Assert.Equal(SchedulerState.Completed, One(answer, after).State);
        Assert.Equal(SchedulerState.Cancelled, One(answer, never).State);
        Assert.Equal(SchedulerState.Cancelled, One(answer, cancelled).State);
        Assert.Equal(SchedulerState.Cancelled, One(answer, stubborn).State);
        Assert.Equal($"{good}/\n{work}\n", File.ReadAllText(Path.Combine(work, "good.out")));
        Assert.Equal("sad\n", File.ReadAllText(Path.Combine(work, "bad.err")));
        Assert.Equal("3\n", File.ReadAllText(Path.Combine(work, "array.out.3")));
        Assert.Equal("warned\n", File.ReadAllText(Path.Combine(work, "stubborn.out")));
        Assert.False(File.Exists(Path.Combine(work, "never")));
        Assert.Empty(Directory.EnumerateFiles(folder.Root, "owned", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task No_more_run_at_a_time_than_may_and_each_runs_once()
    {
        LocalScheduler queue = Queue(3);
        string log = folder.Path("log");
        string body = $"echo begin >>{log}; sleep .05; echo end >>{log}";
        // Four at once submit, so that their locks are tried, too.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(k => SubmitAsync(queue, Request("many" + k) with { Array = new(1, 10) }, body)));
        await UntilAsync(queue, a => a.Jobs.Length == 40 && a.Jobs.All(j => j.State == SchedulerState.Completed));
        string[] lines = await File.ReadAllLinesAsync(log);
        Assert.Equal(40, lines.Count(l => l == "begin"));
        int running = 0, most = 0;
        foreach (string line in lines)
        {
            running += line == "begin" ? 1 : -1;
            most = Math.Max(most, running);
        }

        Assert.InRange(most, 1, 3);
        // With nobody asking, each job that ended started the next: the queue emptied itself.
        Assert.Equal(0, running);
    }

    [Fact]
    public async Task A_job_that_wants_many_processors_runs_alone()
    {
        var queue = new LocalScheduler(processors: 4, queueFolder: folder.Path("queue"));
        string log = folder.Path("log");
        await SubmitAsync(queue, Request("two") with { Array = new(1, 4), Resources = new() { Tasks = 2 } }, $"echo 2 >>{log}; sleep .2; echo -2 >>{log}");
        await SubmitAsync(queue, Request("nine") with { Resources = new() { Tasks = 3, ThreadsPerTask = 3 } }, $"echo 9 >>{log}; sleep .1; echo -9 >>{log}");
        await UntilAsync(queue, a => a.Jobs.Length == 5 && a.Jobs.All(j => j.State == SchedulerState.Completed));
        int used = 0;
        foreach (int change in (await File.ReadAllLinesAsync(log)).Select(int.Parse))
        {
            used += change;
            Assert.True(used is >= 0 and (<= 4 or 9), $"{used} processors were used at a time.");
        }
    }

    [Fact]
    public async Task An_array_keeps_to_its_own_limit()
    {
        LocalScheduler queue = Queue(20);
        string id = await SubmitAsync(queue, Request("limited") with { Array = new(3, 7, MaxRunning: 2) }, "sleep 100");
        SchedulerAnswer answer = await UntilAsync(queue, a => a.Jobs.Count(j => j.State == SchedulerState.Running) == 2);
        Assert.Equal([3, 4], answer.Jobs.Where(j => j.State == SchedulerState.Running).Select(j => j.Id.ArrayIndex!.Value).Order());
        Assert.True((await host.RunAsync(queue.BuildCancel([new(id, 3)]))).IsSuccess);
        answer = await UntilAsync(queue, a => One(a, id, 3).State == SchedulerState.Cancelled && One(a, id, 5).State == SchedulerState.Running);
        Assert.Equal(SchedulerState.Pending, One(answer, id, 6).State);
    }

    [Fact]
    public async Task A_job_is_cancelled_at_whatever_moment_of_its_start()
    {
        LocalScheduler queue = Queue();
        JobRequest request = Request("short") with { Resources = new() { WallTime = TimeSpan.FromSeconds(500) } };
        await File.WriteAllTextAsync(Path.Combine(work, "short.sh"), queue.BuildScript(request, "exec sleep 400"));
        string submit = queue.BuildSubmit(request, "short.sh");
        int count = TestEffort.Of(24, 60, 400);
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"( {submit} ) || exit 1\nsleep 0.{i * 3 % 100:000}\n( {queue.BuildCancel([new((i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))])} ) || exit 1\n");
        }

        HostAnswer answer = await host.RunAsync(new HostCommand(text.ToString()) { Timeout = Timeout.InfiniteTimeSpan }, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccess, answer.Describe());
        SchedulerAnswer all = await UntilAsync(queue, a => a.Jobs.All(j => j.State.IsFinal()));
        Assert.Equal(count, all.Jobs.Length);
        Assert.All(all.Jobs, j => Assert.Equal(SchedulerState.Cancelled, j.State));
    }

    [Fact]
    public async Task A_job_that_was_started_by_the_end_of_another_can_be_ended_too()
    {
        // Nobody asks the queue meanwhile: each is started by the one before it.
        LocalScheduler queue = Queue(1);
        string gate = folder.Path("gate"), log = folder.Path("log");
        await SubmitAsync(queue, Request("first"), $"while [ ! -e {gate} ]; do sleep .1; done");
        string second = await SubmitAsync(queue, Request("second"), $"echo >{log}.2; exec sleep 400");
        string third = await SubmitAsync(queue, Request("third") with { Resources = new() { WallTime = TimeSpan.FromSeconds(1) } }, $"echo >{log}.3; exec sleep 400");
        await File.WriteAllTextAsync(gate, "");
        await ThereIs(log + ".2");
        Assert.True((await host.RunAsync(queue.BuildCancel([new(second)]))).IsSuccess);
        await ThereIs(log + ".3");
        SchedulerAnswer answer = await UntilAsync(queue, a => a.Jobs.All(j => j.State.IsFinal()));
        Assert.Equal(SchedulerState.Cancelled, One(answer, second).State);
        Assert.Equal(SchedulerState.TimedOut, One(answer, third).State);

        static async Task ThereIs(string file)
        {
            var clock = Stopwatch.StartNew();
            while (!File.Exists(file))
            {
                Assert.True(clock.Elapsed < TimeSpan.FromSeconds(120), $"{file} did not come.");
                await Task.Delay(50);
            }
        }
    }

    [Fact]
    public async Task A_job_outlives_the_shell_that_submitted_it()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        LocalScheduler queue = Queue();
        await File.WriteAllTextAsync(Path.Combine(work, "job.sh"), queue.BuildScript(Request("long"), "sleep 1; echo lived"));
        // A shell of its own session, whose whole group is killed at once after the submission.
        HostAnswer answer = await host.RunAsync($"setsid sh -c {AtomProNet.Shell.PosixShell.Quote($"( {queue.BuildSubmit(Request("long"), "job.sh")} )\nkill -9 -$$")}; exit 0");
        Assert.True(answer.IsSuccess, answer.Describe());
        Assert.Equal("1", answer.Output.Trim());
        await UntilAsync(queue, a => One(a, "1").State == SchedulerState.Completed);
        Assert.Equal("lived\n", await File.ReadAllTextAsync(Path.Combine(work, "long.out")));
    }

    [Fact]
    public async Task A_job_whose_processes_are_gone_is_told_not_run_again()
    {
        LocalScheduler queue = Queue();
        string log = folder.Path("log");
        string id = await SubmitAsync(queue, Request("gone"), $"echo begin >>{log}; sleep 100");
        await UntilAsync(queue, a => One(a, id).State == SchedulerState.Running && File.Exists(log));
        string[] status = (await File.ReadAllTextAsync(folder.Path("queue", "jobs", id, "-", "status"))).Trim().Split('|');
        await host.RunAsync($"kill -9 {status[13]} -{status[15]}");
        SchedulerAnswer answer = await UntilAsync(queue, a => One(a, id).State == SchedulerState.Ended);
        Assert.Null(One(answer, id).ExitCode);
        Assert.NotNull(One(answer, id).Reason);
        Assert.Equal("begin\n", await File.ReadAllTextAsync(log));
    }

    [Fact]
    public async Task A_submission_killed_anywhere_leaves_a_whole_job_or_none()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        LocalScheduler queue = Queue(2);
        string log = folder.Path("log");
        await File.WriteAllTextAsync(Path.Combine(work, "job.sh"), queue.BuildScript(Request("k") with { Array = new(1, 20) }, $"echo $ATOMPRONET_JOB_ID.$ATOMPRONET_ARRAY_INDEX >>{log}"));
        for (int delay = 0; delay < 120; delay += 8)
        {
            var request = Request("k") with { Array = new(1, 20) };
            string text = queue.BuildSubmit(request, "job.sh");
            await host.RunAsync($"setsid sh -c {AtomProNet.Shell.PosixShell.Quote(text)} & p=$!; sleep 0.{delay:000}; kill -9 -$p 2>/dev/null; wait 2>/dev/null; exit 0");
        }

        SchedulerAnswer answer = await UntilAsync(queue, a => a.Jobs.All(j => j.State.IsFinal()));
        Assert.All(answer.Jobs.GroupBy(j => j.Id.Id), g => Assert.Equal(20, g.Count()));
        string[] runs = File.Exists(log) ? await File.ReadAllLinesAsync(log) : [];
        Assert.Equal(runs.Length, runs.Distinct().Count());
        Assert.Equal(answer.Jobs.Count(j => j.State == SchedulerState.Completed), runs.Length);
        Assert.All(answer.Jobs, j => Assert.True(j.State is SchedulerState.Completed or SchedulerState.Ended, j.RawState));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_refused()
    {
        LocalScheduler queue = Queue();
        JobRequest request = Request("nowhere") with { WorkDirectory = folder.Path("nowhere") };
        SubmitAnswer answer = queue.ParseSubmit(await host.RunAsync(queue.BuildSubmit(request, "job.sh")));
        Assert.Equal(SubmitOutcome.Refused, answer.Outcome);
        Assert.Empty((await QueryAsync(queue)).Jobs);
    }

    [Fact]
    public void An_answer_that_is_cut_is_not_known()
    {
        Assert.False(Queue().ParseQuery(new("", default), HostAnswer.Of("E|1|-|a|t|1|-|-|-|1|1|1|0|5|6|7\nE|2|-|a")).IsKnown);
        Assert.False(Queue().ParseQuery(new("", default), HostAnswer.Of("", 1)).IsKnown);
    }

    private LocalScheduler Queue(int? most = null) => new(most, processors: 100, queueFolder: folder.Path("queue"));

    private JobRequest Request(string name) => new() { Name = name, Token = "token-" + name, WorkDirectory = work, OutputName = name + ".out", ErrorName = name + ".err" };

    private async Task<string> SubmitAsync(LocalScheduler queue, JobRequest request, string body)
    {
        string script = request.Name + ".sh";
        await File.WriteAllTextAsync(Path.Combine(work, script), queue.BuildScript(request, body));
        SubmitAnswer answer = queue.ParseSubmit(await host.RunAsync(queue.BuildSubmit(request, script)));
        Assert.True(answer.Outcome == SubmitOutcome.Accepted, answer.Reason);
        return answer.Id!;
    }

    private async Task<SchedulerAnswer> QueryAsync(LocalScheduler queue)
    {
        var query = new JobQuery("", default);
        SchedulerAnswer answer = queue.ParseQuery(query, await host.RunAsync(queue.BuildQuery(query)));
        Assert.True(answer.IsKnown, answer.Problem);
        return answer;
    }

    private async Task<SchedulerAnswer> UntilAsync(LocalScheduler queue, Func<SchedulerAnswer, bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            SchedulerAnswer answer = await QueryAsync(queue);
            if (condition(answer))
            {
                return answer;
            }

            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"It did not come to that: {string.Join("; ", answer.Jobs.Select(j => $"{j.Id} {j.Name} {j.RawState}"))}");
            await Task.Delay(100);
        }
    }

    private static SchedulerJob One(SchedulerAnswer answer, string id, int? index = null) => Assert.Single(answer.Jobs, j => j.Id == new SchedulerJobId(id, index));
}
