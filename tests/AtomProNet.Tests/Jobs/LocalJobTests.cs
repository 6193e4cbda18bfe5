using System.Management.Automation;
using AtomProNet.Cli;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using JobState = AtomProNet.Jobs.JobState;

namespace AtomProNet.Tests.Jobs;

/// <summary>The cmdlets on the cluster that is always there: this machine, with no batch system.</summary>
public sealed class LocalJobTests : IDisposable
{
    private readonly JobSandbox box = new();

    public LocalJobTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Jobs on this machine need a POSIX shell.");

    public void Dispose() => box.Dispose();

    private PipelineResult Run(string pipeline, Func<string, bool>? confirm = null) => PipelineHost.Run(pipeline, box.Root, new() { Confirm = confirm }, TestContext.Current.CancellationToken);

    private DftJob[] Good(string pipeline)
    {
        PipelineResult result = Run(pipeline);
        Assert.True(result.Errors.Count == 0, string.Join("; ", result.Errors.Select(e => e.ToString())));
        return [.. result.Output.Cast<DftJob>()];
    }

    [Fact]
    public void Everything_works_with_no_cluster()
    {
        box.Folders(5);
        DftJob[] sent = Good("Submit-DftJob -Path runs/*");
        Assert.Equal(["job-0000", "job-0001", "job-0002", "job-0003", "job-0004"], sent.Select(j => j.Name));
        Assert.All(sent, j => Assert.Equal(("local", ""), (j.Cluster, j.Code)));
        DftJob[] ended = Good("Wait-DftJob -PollInterval 1");
        Assert.Equal(5, ended.Length);
        Assert.All(ended, j => Assert.Equal(JobState.Finished, j.State));
        box.AssertEachStartedOnce(5);
        DftJob[] received = Good("Receive-DftJob");
        Assert.All(received, j => Assert.Equal((JobState.Received, j.Name + "\n"), (j.State, File.ReadAllText(Path.Combine(j.FolderPath, "result.txt")))));
        Assert.All(received, j => Assert.Equal(box.Path("runs", j.Name), j.FolderPath));
        Assert.Empty(Run("Receive-DftJob").Output);
        Assert.Equal(5, Good("Get-DftJob -State Received").Length);
        Assert.Equal([2L, 3L], Good("Get-DftJob 2,3").Select(j => j.Id));
        Assert.Equal(["job-0004"], Good("Get-DftJob -Name *4").Select(j => j.Name));
        Assert.Empty(Run("Get-DftJob | Remove-DftJob -Confirm:$false").Errors);
        Assert.Empty(Good("Get-DftJob"));
        Assert.Empty(Directory.GetDirectories(Path.Combine(box.Home, "jobs")));
        Assert.True(File.Exists(box.Path("runs", "job-0000", "result.txt")));
    }

    [Fact]
    public void WhatIf_touches_nothing()
    {
        box.Folders(2);
        PipelineResult result = Run("Submit-DftJob -Path runs/* -WhatIf");
        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
        Assert.Equal(2, result.WhatIf.Count);
        Assert.Contains("Submit to local", result.WhatIf[0], StringComparison.Ordinal);
        Assert.False(Directory.Exists(box.Home));
        Assert.Empty(box.Starts());
    }

    [Fact]
    public void One_folder_that_cannot_be_run_does_not_keep_the_others()
    {
        box.Folders(2);
        Directory.CreateDirectory(box.Path("runs", "empty"));
        PipelineResult result = Run("Submit-DftJob -Path runs/*");
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith("JobScriptMissing", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, result.Output.Count);
        Assert.StartsWith("ClusterNotFound", Assert.Single(Run("Submit-DftJob -Path runs/* -Cluster nosuch").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Good("Wait-DftJob");
    }

    [Fact]
    public void Stopping_asks_and_ends_what_runs_and_what_waits()
    {
        box.Folders(3, "exec sleep 300");
        Run("Register-DftCluster local -MaxRunning 1 -Force");
        Good("Submit-DftJob -Path runs/*");
        Assert.StartsWith("ConfirmationNotPossible", Run("Get-DftJob | Stop-DftJob").Errors[0].FullyQualifiedErrorId, StringComparison.Ordinal);
        Run("Get-DftJob | Stop-DftJob", _ => false);
        Assert.DoesNotContain(Good("Get-DftJob"), j => j.State == JobState.Cancelled);
        PipelineResult stopped = Run("Get-DftJob | Stop-DftJob -Confirm:$false -PassThru");
        Assert.Empty(stopped.Errors);
        DftJob[] ended = Good("Wait-DftJob 1,2,3 -Timeout 60");
        Assert.All(ended, j => Assert.Equal((JobState.Cancelled, JobCauses.Stopped), (j.State, j.Cause)));
        Assert.Equal(3, ended.Length);
    }

    [Fact]
    public void A_wait_can_be_for_any_and_for_a_while()
    {
        box.Folders(1, prefix: "short");
        box.Folders(1, "exec sleep 300", "slow");
        Run("Register-DftCluster local -MaxRunning 4 -Force");
        Good("Submit-DftJob -Path runs/*");
        Assert.Equal(["short-0000"], Good("Get-DftJob | Wait-DftJob -Any").Select(j => j.Name));
        PipelineResult late = Run("Get-DftJob | Wait-DftJob -Timeout 1 -PollInterval 1");
        Assert.StartsWith("WaitTimedOut", Assert.Single(late.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["short-0000"], late.Output.Cast<DftJob>().Select(j => j.Name));
        Run("Get-DftJob | Stop-DftJob -Confirm:$false");
    }

    [Fact]
    public void A_cluster_is_registered_changed_and_forgotten()
    {
        PipelineResult result = Run("Register-DftCluster hpc -SshHost me@login.site -WorkDirectory '$SCRATCH/jobs' -Partition long -WallTime 24:00:00 -Tasks 16 -Module 'vasp/6.4','intel' -LaunchLine 'mpirun -np {tasks}' -MaxQueued 999");
        Assert.Empty(result.Errors);
        var profile = Assert.IsType<ClusterProfile>(Assert.Single(result.Output));
        Assert.Equal((SchedulerKind.Slurm, "long", TimeSpan.FromDays(1), 16, 999), (profile.Scheduler, profile.Resources.Partition, profile.Resources.WallTime, profile.Resources.Tasks, profile.MaxQueued!.Value));
        Assert.StartsWith("ClusterExists", Assert.Single(Run("Register-DftCluster HPC").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        profile = Assert.IsType<ClusterProfile>(Assert.Single(Run("Register-DftCluster HPC -Partition short -Force").Output));
        Assert.Equal(("hpc", "short", 16, "me@login.site", "$SCRATCH/jobs"), (profile.Name, profile.Resources.Partition, profile.Resources.Tasks, profile.SshHost, profile.WorkDirectory));
        Assert.Equal(["vasp/6.4", "intel"], profile.Modules);
        Assert.Equal(["local", "hpc"], Run("Get-DftCluster").Output.Cast<ClusterProfile>().Select(p => p.Name));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(box.Home, "clusters", "hpc.json")));
        }

        Assert.Empty(Run("Unregister-DftCluster hpc -Confirm:$false").Errors);
        Assert.Equal(["local"], Run("Get-DftCluster").Output.Cast<ClusterProfile>().Select(p => p.Name));
        foreach (string wrong in new[] { "-SshHost '-oProxyCommand=touch owned'", "-SshHost 'a b'", "-WorkDirectory relative", "-WorkDirectory '$(touch owned)/x'", "-Partition 'a b'", "-WallTime soon", "-SchedulerOption 'x y'" })
        {
            Assert.Single(Run($"Register-DftCluster bad -Scheduler Slurm {wrong}").Errors);
        }

        Assert.False(ClusterProfiles.Exists("bad"));
    }

    [Fact]
    public void A_cluster_with_jobs_is_not_forgotten_by_mistake()
    {
        box.Folders(1, "exec sleep 100");
        Run("Register-DftCluster here -Scheduler Local");
        Good("Submit-DftJob -Path runs/* -Cluster here");
        Assert.StartsWith("ClusterInUse", Assert.Single(Run("Unregister-DftCluster here -Confirm:$false").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("JobNotEnded", Assert.Single(Run("Get-DftJob | Remove-DftJob -Confirm:$false").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Run("Get-DftJob | Stop-DftJob -Confirm:$false");
    }

    [Fact]
    public void The_check_says_what_is_there_and_what_is_wrong()
    {
        var good = Run("Test-DftCluster").Output.Cast<ClusterCheckResult>().ToList();
        Assert.Equal(["Connection", "Programs", "Queue", "Accounting", "WorkDirectory", "FreeSpace", "Clock", "Environment"], good.Select(c => c.Check));
        Assert.All(good, c => Assert.True(c.Outcome is CheckOutcome.Passed or CheckOutcome.Warning, c.ToString()));

        File.WriteAllText(box.Path("file"), "");
        Run($"Register-DftCluster bad -Scheduler LSF -WorkDirectory '{box.Path("file", "below")}' -LaunchLine 'nosuchprogram -n {{tasks}}'");
        var bad = Run("Test-DftCluster bad").Output.Cast<ClusterCheckResult>().ToDictionary(c => c.Check);
        Assert.Equal(CheckOutcome.Failed, bad["Programs"].Outcome);
        Assert.Contains("bsub", bad["Programs"].Message, StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Failed, bad["Queue"].Outcome);
        Assert.Equal(CheckOutcome.Failed, bad["WorkDirectory"].Outcome);
        Assert.Equal(CheckOutcome.Failed, bad["Environment"].Outcome);
        Assert.All(bad.Values.Where(c => c.Outcome == CheckOutcome.Failed), c => Assert.False(string.IsNullOrEmpty(c.Remedy), c.ToString()));
    }
}
