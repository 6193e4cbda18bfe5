using System.Diagnostics;
using System.Runtime.Versioning;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;
using Microsoft.Data.Sqlite;

namespace AtomProNet.Tests.Jobs.Store;

public sealed class JobStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private JobStore Open(bool isLocal = true, double patience = 5) => JobStore.Open(folder.Path("home"), isLocal, TimeSpan.FromSeconds(patience), TestContext.Current.CancellationToken);

    internal static void Plan(JobStore store, int count, StoredRequest? request = null, string cluster = "c", string prefix = "/runs/") => store.Write(t =>
    {
        long id = t.AddRequest(request ?? new() { Script = "job.sh", Call = "x" });
        for (int i = 0; i < count; i++)
        {
            t.AddJob(new() { Name = $"strain_{i:D5}", Code = "pw.x", Folder = $"{prefix}{i}", Script = "job.sh", Files = ["job.sh", "pw.in", "Si.UPF"], Digest = "0", Header = new() }, cluster, id);
        }
    });

    [Fact]
    public void What_is_written_is_there_for_the_next_to_open_it()
    {
        using (JobStore store = Open())
        {
            Plan(store, 3);
        }

        using JobStore again = Open();
        List<StoredJob> jobs = again.Read(t => t.Jobs("1"));
        Assert.Equal([1, 2, 3], jobs.Select(j => j.Id));
        Assert.All(jobs, j => Assert.Equal((JobState.Planned, "c", 1), (j.State, j.Cluster, j.Attempt)));
    }

    [Fact]
    public void What_failed_half_way_never_was()
    {
        using JobStore store = Open();
        Assert.Throws<InvalidOperationException>(() => store.Write(t =>
        {
            t.AddRequest(new());
            throw new InvalidOperationException();
        }));
        Assert.Equal(0, store.Read(t => t.Count("SELECT COUNT(*) FROM request")));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void It_is_the_users_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        using (JobStore store = Open())
        {
            Plan(store, 1);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path("home")));
            foreach (string file in Directory.GetFiles(folder.Path("home")))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }

        File.SetUnixFileMode(folder.Path("home", "jobs.db"), (UnixFileMode)0b110_100_100);
        using JobStore again = Open();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Path("home", "jobs.db")));
    }

    [Fact]
    public void Several_may_write_at_the_same_time()
    {
        using (Open())
        {
        }

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, k =>
        {
            using JobStore store = JobStore.Open(folder.Path("home"), true, TimeSpan.FromSeconds(60));
            for (int i = 0; i < 10; i++)
            {
                Plan(store, 5);
            }
        });
        using JobStore end = Open();
        Assert.Equal(400, end.Read(t => t.Count("SELECT COUNT(*) FROM job")));
    }

    [Fact]
    public void A_store_of_a_later_version_is_left_alone()
    {
        using (Open())
        {
        }

        using (var connection = new SqliteConnection($"Data Source={folder.Path("home", "jobs.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999";
            command.ExecuteNonQuery();
        }

        Assert.Equal("JobStoreTooNew", Assert.Throws<AtomProNetException>(() => Open()).ErrorId);
    }

    [Fact]
    public void A_damaged_file_is_told_and_kept()
    {
        Directory.CreateDirectory(folder.Path("home"));
        byte[] junk = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        File.WriteAllBytes(folder.Path("home", "jobs.db"), junk);
        Assert.Equal("JobStoreDamaged", Assert.Throws<AtomProNetException>(() => Open()).ErrorId);
        Assert.Equal(junk, File.ReadAllBytes(folder.Path("home", "jobs.db")));
    }

    [Fact]
    public void On_a_shared_file_system_it_is_one_process_at_a_time_without_shared_memory()
    {
        using (JobStore store = Open(isLocal: false))
        {
            Plan(store, 1);
            Assert.Equal("delete", store.Read(t => t.Query("PRAGMA journal_mode", r => r.Text(0)).Single()));
            Assert.False(File.Exists(folder.Path("home", "jobs.db-shm")));
            string lease = File.ReadAllText(folder.Path("home", "jobs.db.lease"));
            Assert.StartsWith($"{Environment.MachineName} {Environment.ProcessId} ", lease, StringComparison.Ordinal);
            AtomProNetException busy = Assert.Throws<AtomProNetException>(() => Open(isLocal: false, patience: 0.2));
            Assert.Equal("JobStoreBusy", busy.ErrorId);
            Assert.Contains(Environment.MachineName, busy.Message, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(folder.Path("home", "jobs.db.lease")));
        using JobStore again = Open(isLocal: false);
        Assert.Single(again.Read(t => t.Jobs("1")));
    }

    [Fact]
    public async Task A_lease_of_a_dead_process_or_one_that_nobody_renews_is_nobodys()
    {
        Directory.CreateDirectory(folder.Path("home"));
        string lease = folder.Path("home", "jobs.db.lease");
        using var dead = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        int id = dead.Id;
        await dead.WaitForExitAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(lease, $"{Environment.MachineName} {id} 1\n", TestContext.Current.CancellationToken);
        using (Open(isLocal: false))
        {
        }

        // Another machine's: its process cannot be seen, its age can.
        await File.WriteAllTextAsync(lease, "elsewhere 1 1\n", TestContext.Current.CancellationToken);
        Assert.Equal("JobStoreBusy", Assert.Throws<AtomProNetException>(() => Open(isLocal: false, patience: 0.2)).ErrorId);
        File.SetLastWriteTimeUtc(lease, DateTime.UtcNow - StoreLease.Lifetime - TimeSpan.FromSeconds(5));
        using (Open(isLocal: false))
        {
        }
    }

    [Fact]
    public void An_owner_that_is_dead_owns_nothing()
    {
        using var mine = new StoreOwner();
        Assert.True(StoreOwner.IsAlive(mine.ToString(), storeIsLocal: true));
        var gone = new StoreOwner();
        string text = gone.ToString();
        gone.Dispose();
        Assert.False(StoreOwner.IsAlive(text, storeIsLocal: true));
        Assert.False(StoreOwner.IsAlive($"{Environment.MachineName} {Environment.ProcessId} 1 abc", storeIsLocal: true));
        Assert.False(StoreOwner.IsAlive(null, storeIsLocal: true));
        // The machine's name has changed meanwhile.
        Assert.True(StoreOwner.IsAlive(mine.ToString().Replace(Environment.MachineName, "laptop-at-home", StringComparison.Ordinal), storeIsLocal: true));
    }

    [Theory]
    [InlineData("/home/me/.local", "ext4")]
    [InlineData("/scratch/me", "lustre")]
    [InlineData("/scratchy", "ext4")]
    [InlineData("/mnt/with blank/x", "nfs4")]
    [InlineData("/proc", "proc")]
    public void The_kind_of_file_system_is_that_of_the_nearest_mount(string path, string kind)
    {
        string[] mounts =
        [
            "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
            "23 22 0:5 / /proc rw,nosuid - proc proc rw",
            "24 22 0:6 / /scratch rw shared:1 - lustre 10.0.0.1@tcp:/s rw",
            @"25 22 0:7 / /mnt/with\040blank rw - nfs4 server:/x rw",
        ];
        Assert.Equal(kind, StoreFileSystem.KindOf(path, mounts));
    }

    [Fact]
    public void Twelve_thousand_jobs_are_a_small_thing()
    {
        using JobStore store = Open();
        Plan(store, 12_000);
        var watch = Stopwatch.StartNew();
        List<StoredJob> jobs = store.Read(t => t.Jobs("1"));
        TestContext.Current.TestOutputHelper!.WriteLine($"12,000 jobs listed in {watch.Elapsed.TotalMilliseconds:F0} ms");
        Assert.Equal(12_000, jobs.Count);

        var formation = new BatchFormation(new() { Name = "c", Scheduler = SchedulerKind.Slurm }, "/w", SchedulerFeatures.Arrays, 1000);
        using var owner = new StoreOwner();
        watch.Restart();
        int batches = 0;
        while (store.Write(t => formation.Next(t, owner, int.MaxValue)) is not null)
        {
            batches++;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{batches} batches in {watch.Elapsed.TotalMilliseconds:F0} ms");
        Assert.Equal(12, batches);
    }
}
