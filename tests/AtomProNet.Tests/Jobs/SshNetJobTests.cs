using System.Collections.Immutable;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs;

/// <summary>Jobs on a real Slurm behind a real sshd, by SSH.NET and through a jump host: as a user's profile says it.</summary>
[Collection(SlurmCollection.Name)]
public sealed class SshNetJobTests : IAsyncDisposable
{
    private readonly JobSandbox box = new();
    private readonly ClusterProfile profile;

    public SshNetJobTests(SlurmRig rig)
    {
        rig.SkipUnlessThere();
        Assert.SkipWhen(SshNetTransport.Instance is null, "AtomProNet.SshNet is left out: the package SSH.NET could not be restored.");
        profile = box.Register(new()
        {
            Name = "far",
            Scheduler = SchedulerKind.Slurm,
            SshHost = "compute",
            SshConfig = rig.Ssh.ConfigFile,
            Transport = SshTransport.SshNet,
            SettleTime = TimeSpan.FromSeconds(5),
            Resources = new() { WallTime = TimeSpan.FromMinutes(5) },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await ClusterConnection.CloseAsync(profile);
        box.Dispose();
    }

    [Fact]
    public async Task Jobs_go_out_run_once_and_come_back_over_one_connection()
    {
        ClusterConnection connection = await ClusterConnection.OpenAsync(profile, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(("far", SshTransport.SshNet), (connection.Cluster, connection.Transport));
        using DftJobs jobs = box.Jobs();
        await box.SubmitAsync(jobs, "far", box.Folders(5));
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        Assert.All(done, j => Assert.Equal((JobState.Finished, 0), (j.State, j.ExitCode)));
        box.AssertEachStartedOnce(5);
        var received = new List<DftJob>();
        await jobs.ReceiveAsync([.. done.Select(j => j.Id)], new(), received.Add, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.Empty(box.Problems);
        Assert.Equal(5, received.Count);
        Assert.All(received, j => Assert.Equal(j.Name + "\n", File.ReadAllText(Path.Combine(j.FolderPath, "result.txt"))));
        Assert.True(await ClusterConnection.CloseAsync(profile));
        Assert.False(await ClusterConnection.CloseAsync(profile));
    }

    [Fact]
    public async Task The_check_names_what_speaks_and_what_failed()
    {
        IReadOnlyList<ClusterCheckResult> results = await ClusterCheck.RunAsync(profile, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((CheckOutcome.Passed, "Connection"), (results[0].Outcome, results[0].Check));
        Assert.StartsWith("SSH.NET 20", results[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain(results, r => r.Outcome == CheckOutcome.Failed);
        results = await ClusterCheck.RunAsync(profile with { SshHost = "stranger" }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(CheckOutcome.Failed, results[0].Outcome);
        Assert.Contains("not accepted", results[0].Message, StringComparison.Ordinal);
        results = await ClusterCheck.RunAsync(profile with { SshHost = "stranger", Transport = null }, cancellation: TestContext.Current.CancellationToken);
        Assert.StartsWith("OpenSSH: ", results[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_profile_keeps_the_transport_and_no_secret()
    {
        Assert.Equal(SshTransport.SshNet, ClusterProfiles.Get("far").Transport);
        Assert.Null(ClusterProfile.Local.EffectiveTransport);
        string file = Path.Combine(box.Home, "clusters", "far.json");
        Assert.Contains("\"transport\": \"SshNet\"", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.DoesNotContain("effectiveTransport", File.ReadAllText(file), StringComparison.Ordinal);
    }
}
