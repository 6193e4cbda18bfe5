using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Tests.Jobs;

/// <summary>
/// A user's data directory, folders that can be run, and what they tell of themselves: each job writes a line when it really starts and one when it ends, so that
/// tests count on the run's side, not in the store.
/// </summary>
internal sealed class JobSandbox : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string? before;

    public JobSandbox()
    {
        Directory.CreateDirectory(Log);
        before = UserDirectory.MovedHere.Value;
        UserDirectory.MovedHere.Value = Home;
    }

    public string Root => folder.Root;

    public string Home => folder.Path("home");

    public string Log => folder.Path("log");

    public string Work => folder.Path("work dir");

    public List<Finding> Findings { get; } = [];

    public List<AtomProNetException> Problems { get; } = [];

    public string Path(params string[] parts) => folder.Path(parts);

    public void Dispose()
    {
        UserDirectory.MovedHere.Value = before;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                folder.Dispose();
                return;
            }
            catch (IOException) when (attempt < 100)
            {
                // A job that was cancelled a moment ago writes its last line.
                Thread.Sleep(100);
            }
        }
    }

    /// <summary>Folders whose scripts write a line when they start.</summary>
    /// <param name="count">How many.</param>
    /// <param name="body">What each does between the two lines; $NAME is its name.</param>
    /// <param name="prefix">What their names begin with.</param>
    public string[] Folders(int count, string body = "", string prefix = "job")
    {
        var folders = new string[count];
        for (int i = 0; i < count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i:D4}");
            folders[i] = folder.Path("runs", name);
            folder.Write(System.IO.Path.Combine("runs", name, "job.sh"), $"NAME={name}\necho \"$ATOMPRONET_TOKEN\" >>'{Log}/{name}.started'\n{body}\necho \"$NAME\" >result.txt\n");
            folder.Write(System.IO.Path.Combine("runs", name, "input.txt"), $"input of {name}\n");
        }

        return folders;
    }

    /// <summary>Registers a cluster.</summary>
    public ClusterProfile Register(ClusterProfile profile)
    {
        profile = profile with { WorkDirectory = profile.WorkDirectory ?? Work };
        ClusterProfiles.Save(profile, overwrite: true);
        return profile;
    }

    public DftJobs Jobs(IClusterAccess? access = null, IReadOnlyList<IDftCode>? codes = null) => access is null ? new(codes ?? [], Findings.Add) : new(codes ?? [], access, Findings.Add);

    /// <summary>Plans and sends.</summary>
    public async Task<ImmutableArray<DftJob>> SubmitAsync(DftJobs jobs, string cluster, IEnumerable<string> folders, SubmitOptions? options = null)
    {
        ImmutableArray<DftJob> planned = Plan(jobs, cluster, folders, options);
        await jobs.SendAsync(cluster, TestContext.Current.CancellationToken);
        return jobs.List(new() { Ids = [.. planned.Select(j => j.Id)] });
    }

    public ImmutableArray<DftJob> Plan(DftJobs jobs, string cluster, IEnumerable<string> folders, SubmitOptions? options = null)
    {
        JobSubmission submission = jobs.BeginSubmission((options ?? new()) with { Cluster = cluster });
        foreach (string one in folders)
        {
            submission.Add(one);
        }

        return jobs.Plan(submission, Problems.Add);
    }

    /// <summary>Asks until all jobs have ended.</summary>
    public async Task<ImmutableArray<DftJob>> WaitAsync(DftJobs jobs, Func<ImmutableArray<DftJob>, bool>? until = null, double seconds = 300)
    {
        until ??= all => all.All(j => j.IsFinal);
        var limit = DateTime.UtcNow.AddSeconds(seconds);
        while (true)
        {
            await jobs.RefreshAsync(null, (_, e) => Problems.Add(e), TestContext.Current.CancellationToken);
            ImmutableArray<DftJob> all = jobs.List();
            if (until(all))
            {
                return all;
            }

            Assert.True(DateTime.UtcNow < limit, $"Not in time: {Summary(all)}; {string.Join("; ", Problems.TakeLast(3).Select(p => p.Message))}");
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for something that the run's side does by itself.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, double seconds = 300)
    {
        var limit = DateTime.UtcNow.AddSeconds(seconds);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < limit, $"Not in time: {what}; {Starts().Count} jobs have started.\n{Journal()}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until so many jobs have really started.</summary>
    public Task UntilStartedAsync(int count) => UntilAsync(() => Starts().Count >= count, $"{count} jobs have started");

    /// <summary>Waits until so many jobs have left their exit markers on a cluster that is this machine.</summary>
    public Task UntilEndedAsync(int count) => UntilAsync(() => Markers().Length >= count, $"{count} jobs have ended");

    /// <summary>The exit markers.</summary>
    public string[] Markers() => Directory.GetFiles(Work, "*.exit.*", SearchOption.AllDirectories);

    public static string Summary(ImmutableArray<DftJob> jobs) => string.Join(", ", jobs.GroupBy(j => (j.State, j.Cause)).Select(g => $"{g.Count()} {g.Key.State} {g.Key.Cause} ({g.First().Message})"));

    /// <summary>How many times each job has really started, by its name.</summary>
    public Dictionary<string, int> Starts() => Directory.GetFiles(Log, "*.started").ToDictionary(f => System.IO.Path.GetFileNameWithoutExtension(f), f => File.ReadAllLines(f).Length, StringComparer.Ordinal);

    /// <summary>None lost, none doubled: each of so many jobs has started exactly once.</summary>
    public void AssertEachStartedOnce(int count)
    {
        Dictionary<string, int> starts = Starts();
        Assert.DoesNotContain(starts, s => s.Value != 1);
        Assert.Equal(count, starts.Count);
    }

    /// <summary>The journal, for messages.</summary>
    public string Journal()
    {
        using JobStore store = JobStore.Open();
        return string.Join('\n', store.Read(t => t.Query("SELECT time, batch, job, text FROM event ORDER BY id", r => $"{r.Time(0):HH:mm:ss.fff} {r.LongOrNull(1)} {r.LongOrNull(2)} {r.Text(3)}")));
    }
}

/// <summary>Hosts and batch systems of a test's own.</summary>
internal sealed class TestAccess(Func<ClusterProfile, IHost> host, Func<ClusterProfile, IScheduler>? scheduler = null) : IClusterAccess
{
    public IHost OpenHost(ClusterProfile profile) => host(profile);

    public IScheduler OpenScheduler(ClusterProfile profile, string workDirectory) => scheduler?.Invoke(profile) ?? new ClusterAccess().OpenScheduler(profile, workDirectory);
}
