using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Polling;

/// <summary>A batch system whose server is down lets each of its programs wait for a while: it is asked once a call, not once a batch and not again and again.</summary>
public sealed class SilentServerTests : IDisposable
{
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public SilentServerTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");
        Directory.CreateDirectory(box.Path("bin"));
        jobs = box.Jobs(new TestAccess(_ => new PreparedHost(new LocalHost(), $"PATH='{box.Path("bin")}':$PATH; export PATH\n")));
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, MaxArrayTasks = 5, SettleTime = TimeSpan.Zero });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        jobs.Dispose();
        box.Dispose();
    }

    [Fact]
    public async Task It_is_asked_once_a_call()
    {
        Put("echo 'Unable to contact slurm controller (connect failure)' >&2; exit 1");
        Put("echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)' >&2; exit 1", "sbatch");
        box.Plan(jobs, "rig", box.Folders(20));
        await jobs.SendAsync("rig", Token);
        Assert.Equal(["sbatch", "squeue"], Asked());
        Assert.Equal(5, jobs.List().Count(j => (j.State, j.Cause) == (JobState.Submitting, JobCauses.SubmissionUncertain)));
        Assert.Equal(15, jobs.List().Count(j => j.State == JobState.Planned));

        await RefreshAsync();
        Assert.Equal(["squeue"], Asked());

        Put("exit 0");
        Put($"echo x >>'{box.Path("ids")}'; wc -l <'{box.Path("ids")}' | tr -d ' '", "sbatch");
        await RefreshAsync();
        Assert.Equal(4, Asked().Count(p => p == "sbatch"));
        Assert.All(jobs.List(), j => Assert.Equal(JobState.Queued, j.State));

        // All that are out are unknown after one question, those with a bad exit, too.
        Put("echo 'Unable to contact slurm controller (connect failure)' >&2; exit 1");
        string state = Directory.GetDirectories(box.Work, "state", SearchOption.AllDirectories)[0];
        await File.WriteAllTextAsync(Path.Combine(state, "0.exit.3.1.2"), "", Token);
        await RefreshAsync();
        Assert.Equal(["squeue"], Asked());
        Assert.All(jobs.List(), j => Assert.Equal((JobState.Unknown, JobCauses.NotReached), (j.State, j.Cause)));

        await jobs.StopAsync([.. jobs.List().Select(j => j.Id)], (_, e) => box.Problems.Add(e), Token);
        Assert.Equal(["squeue"], Asked());
        Assert.Equal("StopFailed", Assert.Single(box.Problems).ErrorId);
        // Those that had not begun never will, whether the server answers or not.
        Assert.Equal(20, jobs.List().Count(j => (j.State, j.Cause) == (JobState.Cancelled, JobCauses.Stopped)));
    }

    [Fact]
    public async Task A_queue_that_has_just_been_told_is_not_asked_for_again()
    {
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, MaxQueued = 10, SettleTime = TimeSpan.Zero });
        Put("exit 0");
        Put($"echo x >>'{box.Path("ids")}'; wc -l <'{box.Path("ids")}' | tr -d ' '", "sbatch");
        box.Plan(jobs, "rig", box.Folders(20));
        await jobs.SendAsync("rig", Token);
        Assert.Equal(["sacctmgr", "sbatch", "scontrol", "squeue"], Asked().Distinct().Order(StringComparer.Ordinal));
        Assert.Equal((10, 10), (jobs.List().Count(j => j.State == JobState.Queued), jobs.List().Count(j => j.State == JobState.Planned)));
        string state = Directory.GetDirectories(box.Work, "state", SearchOption.AllDirectories)[0];
        for (int i = 0; i < 10; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(state, $"{i}.exit.0.1.2"), "", Token);
        }

        // One question for the jobs that are out, which is also the one whether more can be sent.
        await RefreshAsync();
        string[] asked = Asked();
        Assert.Equal(10, jobs.List().Count(j => j.State == JobState.Finished));
        Assert.Equal(10, jobs.List().Count(j => j.State == JobState.Queued));
        Assert.Single(asked, p => p == "squeue");
        Assert.Single(asked, p => p == "sbatch");
    }

    private Task RefreshAsync() => jobs.RefreshAsync(null, (_, e) => throw e, Token);

    /// <summary>Puts programs there that note that they were called.</summary>
    private void Put(string body, params string[] names)
    {
        foreach (string name in names.Length > 0 ? names : ["squeue", "sacct", "scontrol", "scancel", "sacctmgr"])
        {
            string file = box.Path("bin", name);
            File.WriteAllText(file, $"#!/bin/sh\necho {name} >>'{box.Path("asked")}'\n{body}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>The programs that were called since the last time.</summary>
    private string[] Asked()
    {
        string[] lines = File.Exists(box.Path("asked")) ? File.ReadAllLines(box.Path("asked")) : [];
        File.Delete(box.Path("asked"));
        return lines;
    }
}
