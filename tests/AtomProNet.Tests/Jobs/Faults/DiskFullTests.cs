using System.Collections.Immutable;
using System.Diagnostics;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Faults;

/// <summary>A disk is full, on either side: file systems of a few megabytes in memory, which only root can mount.</summary>
[Collection(SlurmCollection.Name)]
public sealed class DiskFullTests : IDisposable
{
    private static readonly int Count = TestEffort.Of(6, 200, 200);
    private readonly SlurmRig rig;
    private readonly JobSandbox box = new();
    private readonly List<string> mounts = [];

    public DiskFullTests(SlurmRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
        Assert.SkipUnless(Environment.UserName == "root", "Only root can mount a small file system.");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        rig.CancelAll();
        foreach (string mount in mounts)
        {
            Call("umount", "-l", mount);
        }

        box.Dispose();
    }

    private DftJobs Jobs()
    {
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, SettleTime = TimeSpan.FromSeconds(4), Resources = new() { WallTime = TimeSpan.FromMinutes(10) } });
        return box.Jobs();
    }

    private static int Call(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private void Mount(string folder, string size)
    {
        Directory.CreateDirectory(folder);
        Assert.SkipUnless(Call("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder) == 0, "A file system in memory cannot be mounted here.");
        mounts.Add(folder);
    }

    private static void Grow(string folder, string size) => Assert.Equal(0, Call("mount", "-o", $"remount,size={size}", folder));

    [Fact]
    public async Task On_the_cluster_while_files_are_sent()
    {
        Mount(box.Work, "64k");
        string[] folders = box.Folders(Count);
        foreach (string folder in folders)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "potential"), new byte[40_000], Token);
        }

        using DftJobs jobs = Jobs();
        box.Plan(jobs, "rig", folders);
        AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => jobs.SendAsync("rig", Token));
        Assert.Equal("RemoteDiskFull", error.ErrorId);
        Assert.All(jobs.List(), j => Assert.Equal(JobState.Uploading, j.State));
        Assert.Empty(box.Starts());
        Grow(box.Work, "200m");
        await EndWell(jobs);
    }

    [Fact]
    public async Task On_the_cluster_while_jobs_run()
    {
        // The last bytes are gone while they run: the markers, which are names alone, are made all the same.
        Mount(box.Work, FormattableString.Invariant($"{(Count * 12) + 2000}k"));
        using DftJobs jobs = Jobs();
        box.Plan(jobs, "rig", box.Folders(Count, "head -c 10m /dev/zero >big 2>/dev/null; true"));
        ImmutableArray<DftJob> ended = await box.WaitAsync(jobs);
        Assert.True(ended.All(j => j.State is JobState.Finished or JobState.Failed), JobSandbox.Summary(ended));
        Assert.All(ended, j => Assert.NotNull(j.ExitCode));
        box.AssertEachStartedOnce(Count);
    }

    [Fact]
    public async Task Here_where_the_store_lies()
    {
        Mount(box.Home, "10m");
        using DftJobs jobs = Jobs();
        string filler = Path.Combine(box.Home, "filler");
        string[] folders = box.Folders(Count);
        box.Plan(jobs, "rig", folders[..1]);
        Call("sh", "-c", $"cat /dev/zero >'{filler}'");
        AtomProNetException error = Assert.Throws<AtomProNetException>(() => box.Plan(jobs, "rig", folders[1..]));
        Assert.Equal("JobStoreDiskFull", error.ErrorId);
        // What cannot be written down is not sent.
        await Assert.ThrowsAnyAsync<Exception>(() => jobs.SendAsync("rig", Token));
        Assert.Empty(box.Starts());
        File.Delete(filler);
        Assert.Single(jobs.List());
        box.Plan(jobs, "rig", folders[1..]);
        await EndWell(jobs);
    }

    [Fact]
    public async Task Here_while_files_come_back()
    {
        // As large as what is sent, and as the results of a few jobs.
        string runs = box.Path("runs");
        Mount(runs, "100m");
        using DftJobs jobs = Jobs();
        box.Plan(jobs, "rig", box.Folders(Count, "head -c 200000 /dev/urandom >big; sha256sum big >big.sum"));
        var disk = new DriveInfo(runs);
        Grow(runs, FormattableString.Invariant($"{((disk.TotalSize - disk.TotalFreeSpace) / 1024) + 500}k"));
        ImmutableArray<DftJob> done = await EndWell(jobs);
        var problems = new List<AtomProNetException>();
        await jobs.ReceiveAsync([.. done.Select(j => j.Id)], new(), _ => { }, (_, e) => problems.Add(e), Token);
        Assert.NotEmpty(problems);
        Assert.Equal("LocalDiskFull", problems[0].ErrorId);
        Assert.Contains(jobs.List(), j => j.State == JobState.Finished);
        Grow(runs, "100m");
        problems.Clear();
        await jobs.ReceiveAsync([.. done.Select(j => j.Id)], new(), _ => { }, (_, e) => problems.Add(e), Token);
        Assert.Empty(problems);
        Assert.All(jobs.List(), j =>
        {
            Assert.Equal(JobState.Received, j.State);
            string hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(j.FolderPath, "big")))).ToLowerInvariant();
            Assert.StartsWith(hash, File.ReadAllText(Path.Combine(j.FolderPath, "big.sum")), StringComparison.Ordinal);
        });
    }

    private async Task<ImmutableArray<DftJob>> EndWell(DftJobs jobs)
    {
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        Assert.True(done.All(j => j.State == JobState.Finished), JobSandbox.Summary(done) + "\n" + box.Journal());
        Assert.Equal(Count, done.Length);
        box.AssertEachStartedOnce(Count);
        return done;
    }
}
