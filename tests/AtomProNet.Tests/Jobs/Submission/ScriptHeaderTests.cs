using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Tests.Jobs.Submission;

public sealed class ScriptHeaderTests
{
    private const string Script = """
        #!/bin/bash
        #SBATCH --job-name=mine
        #SBATCH --ntasks=16 # as many as there are
        #SBATCH -c 2
        #SBATCH --time=2-03:00:00

        # a comment
        #SBATCH --mem=4G
        #SBATCH --partition "long"
        #SBATCH --signal=B:USR1@300
        #SBATCH --gres=gpu:1
        #SBATCH --output=slurm-%j.out
        export A=1
        #SBATCH --ntasks=99
        """;

    [Fact]
    public void What_the_script_asks_for_is_kept()
    {
        ScriptHeader header = ScriptHeader.Read(Script.ReplaceLineEndings("\n"));
        Assert.Equal((16, 2, new TimeSpan(2, 3, 0, 0), 4096, "long", TimeSpan.FromSeconds(300)), (header.Tasks, header.Threads, header.WallTime, header.Memory, header.Partition, header.WarnBefore));
        Assert.Equal(["--gres=gpu:1"], header.Options);
    }

    [Fact]
    public void The_submission_goes_before_the_profile_and_the_profile_before_the_script()
    {
        ScriptHeader header = ScriptHeader.Read(Script);
        var profile = new ClusterProfile { Name = "c", Scheduler = SchedulerKind.Slurm, Resources = new() { Partition = "short", Account = "me", Tasks = 4 } };
        JobResources resources = header.Resolve(profile, new() { Account = "you", WallTime = TimeSpan.FromHours(1) });
        Assert.Equal((16, 2, TimeSpan.FromHours(1), 4096, "short", "you"), (resources.Tasks, resources.ThreadsPerTask, resources.WallTime, resources.MemoryPerNode, resources.Partition, resources.Account));
        Assert.Equal(["--gres=gpu:1"], resources.Options);
        Assert.Equal(4, header.Resolve(profile with { HasTasks = true }, new()).Tasks);
        Assert.Equal(2, header.Resolve(profile with { HasTasks = true }, new() { Tasks = 2 }).Tasks);
        // Options of one batch system are nothing to another; without one there is nothing to ask for.
        Assert.Empty(header.Resolve(profile with { Scheduler = SchedulerKind.PBS }, new()).Options);
        Assert.Equal((1, (TimeSpan?)null), header.Resolve(ClusterProfile.Local, new()) is var r ? (r.Tasks, r.WallTime) : default);
        // Whoever says how parallel programs are started on this machine wants as many tasks as the script was written for.
        Assert.Equal((16, 2, (TimeSpan?)null), header.Resolve(ClusterProfile.Local with { LaunchLine = "mpirun -np {tasks}" }, new()) is var own ? (own.Tasks, own.ThreadsPerTask, own.WallTime) : default);
    }

    [Theory]
    [InlineData("90", 0, 1, 30, 0)]
    [InlineData("90:30", 0, 1, 30, 30)]
    [InlineData("24:00:00", 1, 0, 0, 0)]
    [InlineData("2-12", 2, 12, 0, 0)]
    [InlineData("2-12:30", 2, 12, 30, 0)]
    [InlineData("2-12:30:15", 2, 12, 30, 15)]
    public void Times_are_Slurms(string text, int days, int hours, int minutes, int seconds) => Assert.Equal(new TimeSpan(days, hours, minutes, seconds), JobTime.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("1h")]
    [InlineData("1:2:3:4")]
    [InlineData("-1")]
    [InlineData("24:00:00; rm")]
    public void What_is_no_time_is_none(string text) => Assert.Null(JobTime.Parse(text));
}
