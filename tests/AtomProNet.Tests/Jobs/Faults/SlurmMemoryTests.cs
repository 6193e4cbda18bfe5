using System.Collections.Immutable;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Faults;

/// <summary>Jobs that want more memory than they asked for, on a Slurm that watches it.</summary>
[Collection(SlurmAccountingCollection.Name)]
public sealed class SlurmMemoryTests : IDisposable
{
    private static readonly int Count = TestEffort.Of(3, 200, 200);
    private readonly SlurmRig rig;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public SlurmMemoryTests(SlurmAccountingRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        jobs = box.Jobs();
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, SettleTime = TimeSpan.FromSeconds(4), Resources = new() { WallTime = TimeSpan.FromMinutes(10), MemoryPerNode = 20, Options = ["--acctg-freq=task=1"] } });
    }

    public void Dispose()
    {
        rig.Ssh.Reset();
        rig.CancelAll();
        jobs.Dispose();
        box.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Too_much_memory_is_told_as_that(bool asArray)
    {
        // A pipe's buffer is no memory; a variable of a shell is.
        string[] folders = box.Folders(asArray ? Count : 1, "x=$(head -c 30000000 /dev/zero | tr '\\0' x); sleep 60");
        // All are out; thirty at a time fill the machine's own memory.
        await box.SubmitAsync(jobs, "rig", folders, new() { MaxRunning = 30 });
        ImmutableArray<DftJob> ended = await box.WaitAsync(jobs);
        Assert.True(ended.All(j => (j.State, j.Cause) == (JobState.Failed, JobCauses.OutOfMemory)), JobSandbox.Summary(ended) + "\n" + box.Journal());
        box.AssertEachStartedOnce(folders.Length);
    }
}
