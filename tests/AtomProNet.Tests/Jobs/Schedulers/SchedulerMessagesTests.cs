using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;

namespace AtomProNet.Tests.Jobs.Schedulers;

public sealed class SchedulerMessagesTests
{
    [Theory]
    [InlineData("slurmstepd-vm: error: StepId=4.batch exceeded memory limit (215556096 > 20971520), being killed\nslurmstepd-vm: error: Exceeded job memory limit", SchedulerState.OutOfMemory)]
    [InlineData("slurmstepd: error: Detected 1 oom-kill event(s) in StepId=5.batch. Some of your processes may have been killed by the cgroup out-of-memory handler.", SchedulerState.OutOfMemory)]
    [InlineData("slurmstepd: error: Detected 1 oom_kill event in StepId=5.batch. Some of the step tasks have been OOM Killed.", SchedulerState.OutOfMemory)]
    [InlineData("slurmstepd-vm: error: *** JOB 4 ON vm CANCELLED AT 2026-11-29T07:34:59 DUE TO TIME LIMIT ***", SchedulerState.TimedOut)]
    [InlineData("slurmstepd: error: *** JOB 77 ON n1 CANCELLED AT 2026-11-29T07:34:59 DUE TO NODE FAILURE, SEE SLURMCTLD LOG FOR DETAILS ***", SchedulerState.NodeFailed)]
    [InlineData("slurmstepd: error: *** JOB 77 ON n1 CANCELLED AT 2026-11-29T07:34:59 DUE TO PREEMPTION ***", SchedulerState.Preempted)]
    [InlineData("=>> PBS: job killed: walltime 123 exceeded limit 100", SchedulerState.TimedOut)]
    [InlineData("=>> PBS: job killed: mem 2097152kb exceeded limit 1048576kb", SchedulerState.OutOfMemory)]
    [InlineData("=>> PBS: job killed: vmem 2097152kb exceeded limit 1048576kb", SchedulerState.OutOfMemory)]
    [InlineData("TERM_RUNLIMIT: job killed after reaching LSF run time limit.", SchedulerState.TimedOut)]
    [InlineData("TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.", SchedulerState.OutOfMemory)]
    [InlineData("slurmstepd-vm: error: *** JOB 4 ON vm CANCELLED AT 2026-11-29T07:34:59 ***", null)]
    [InlineData("", null)]
    public async Task A_message_is_found_at_the_end_of_a_file(string message, SchedulerState? state)
    {
        Assert.Equal(state, SchedulerMessages.StateOf(message));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");
        using var folder = new TemporaryFolder();
        string batch = Directory.CreateDirectory(folder.Path("it's $(here)\n")).FullName;
        File.WriteAllText(Path.Combine(batch, "job.err.3"), new string('x', 10_000) + "\n\u00ff\0\n" + message + "\nlast\n");
        HostAnswer answer = await new LocalHost().RunAsync(SchedulerMessages.Command([("a.3", batch, ["nosuch", "job.err.3"]), ("b.0", folder.Path("nowhere"), ["job.err"]), ("c.1", batch, [])]));
        Assert.Equal(state is { } s ? new Dictionary<string, SchedulerState> { ["a.3"] = s } : [], SchedulerMessages.Parse(answer));
    }
}
