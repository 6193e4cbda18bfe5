using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Structures;
using JobState = AtomProNet.Jobs.JobState;

namespace AtomProNet.Tests.Jobs.Restarting;

/// <summary>Jobs that ended badly, run again: on this machine, with the real pw.x and with scripts.</summary>
public sealed class RestartJobTests : IDisposable
{
    private readonly JobSandbox box = new();

    public RestartJobTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Jobs on this machine need a POSIX shell.");

    public void Dispose() => box.Dispose();

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, box.Root, cancellationToken: TestContext.Current.CancellationToken);

    private DftJob[] Good(string pipeline)
    {
        PipelineResult result = Run(pipeline);
        Assert.True(result.Errors.Count == 0, string.Join("; ", result.Errors.Select(e => e.ToString())));
        return [.. result.Output.OfType<DftJob>()];
    }

    [Fact]
    public void Pw_x_that_does_not_converge_takes_the_steps_of_the_ladder_and_its_frames_tell()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/pw.x") && File.Exists("/usr/share/espresso/pseudo/Si.pz-vbc.UPF"), "pw.x or its pseudopotentials are missing (Debian: quantum-espresso, quantum-espresso-data).");
        DftJob job = Assert.Single(Good("""
            Get-MPStructure Si -Source Bundled | New-QEInput -Destination runs -PseudopotentialPath /usr/share/espresso/pseudo -Pseudopotential @{Si='Si.pz-vbc.UPF'} -EcutWfc 8 -KPointMesh 1,1,1 -Smearing Fixed -Namelist @{electron_maxstep=3} | Submit-DftJob
            """));
        Good("Wait-DftJob");
        job = Assert.Single(Good("Receive-DftJob"));
        Assert.Equal((JobState.Failed, "pw.x"), (job.State, job.Code));
        Assert.Contains("onverge", job.Cause + job.Message, StringComparison.Ordinal);
        string first = File.ReadAllText(Path.Combine(job.FolderPath, "pw.out"));

        job = Assert.Single(Good("Get-DftJob -State Failed | Restart-DftJob"));
        Assert.Equal(2, job.Attempt);
        Assert.Contains("electron_maxstep = 200", Assert.Single(job.Changes), StringComparison.Ordinal);
        // The first try is a whole calculation of its own beside the second.
        string earlier = Path.Combine(job.FolderPath, "attempt-1");
        Assert.Equal(first, File.ReadAllText(Path.Combine(earlier, "pw.out")));
        Assert.Contains("electron_maxstep = 3", File.ReadAllText(Path.Combine(earlier, "pw.in")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(job.FolderPath, "pw.out")));
        Good("Wait-DftJob");
        job = Assert.Single(Good("Receive-DftJob"));
        Assert.True(job.State == JobState.Received, job.Message);

        Frame frame = Assert.Single(Run("Get-DftJob | Import-DftResult").Output.OfType<Frame>());
        Provenance restart = frame.Structure.Provenance!.Chain().Single(p => p.Operation == "Restart");
        Assert.Equal("2", restart.Parameters["attempt"]);
        Assert.Contains("electron_maxstep", restart.Parameters["changes"], StringComparison.Ordinal);
        Assert.Equal("bundled:Si-diamond", frame.Structure.Provenance!.RootId);
        Assert.Equal("200", CalculationRecord.FromFolder(job.FolderPath)!.Method.Settings["electron_maxstep"]);
    }

    [Fact]
    public void A_walltime_that_was_too_short_becomes_longer()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        box.Folders(1, "sleep 5; touch done");
        Good("Submit-DftJob -Path runs/* -WallTime 0:02");
        DftJob job = Assert.Single(Good("Wait-DftJob"));
        Assert.Equal((JobState.Failed, JobCauses.TimeLimit), (job.State, job.Cause));
        // Two minutes... two seconds, four, eight: the third try is long enough.
        job = Assert.Single(Good("Get-DftJob | Restart-DftJob"));
        Assert.Equal((1, 2), (job.Changes.Length, job.Attempt));
        Assert.Contains("Walltime = 00:00:04", job.Changes[0], StringComparison.Ordinal);
        job = Assert.Single(Good("Wait-DftJob"));
        Assert.Equal((JobState.Failed, JobCauses.TimeLimit), (job.State, job.Cause));
        Good("Get-DftJob | Restart-DftJob");
        job = Assert.Single(Good("Wait-DftJob"));
        Assert.Equal(JobState.Finished, job.State);
        Assert.Equal(3, box.Starts()["job-0000"]);
        Assert.Equal(3, File.ReadAllLines(Path.Combine(box.Log, "job-0000.started")).Distinct().Count());
    }

    [Fact]
    public void What_would_only_repeat_is_refused_and_can_be_run_as_it_is()
    {
        box.Folders(1, "[ -e ../../../../ok ] || exit 3");
        Good("Submit-DftJob -Path runs/*");
        Good("Wait-DftJob");
        Good("Receive-DftJob");
        Assert.StartsWith("RestartWouldRepeat", Assert.Single(Run("Get-DftJob | Restart-DftJob").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(Run("Get-DftJob | Restart-DftJob -WhatIf").WhatIf);
        Assert.Equal(2, Assert.Single(Good("Get-DftJob | Restart-DftJob -Unchanged")).Attempt);
        Good("Wait-DftJob");
        Assert.Equal(3, Assert.Single(Good("Get-DftJob")).ExitCode);
        Assert.StartsWith("JobNotRestartable", Assert.Single(Run("Get-DftJob | Restart-DftJob -Unchanged | Restart-DftJob").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Run("Get-DftJob | Stop-DftJob -Confirm:$false");
    }

    [Fact]
    public void A_call_that_does_something_to_no_job_gives_none()
    {
        // A job that has ended and lies there unreceived, and with which nothing shall be done.
        box.Folders(1, "exit 3");
        Good("Submit-DftJob -Path runs/*");
        Assert.Single(Good("Wait-DftJob"));
        Assert.Empty(Good("Get-DftJob -State Lost | Receive-DftJob"));
        Assert.Empty(Good("Get-DftJob -State Lost | Wait-DftJob"));
        Assert.Empty(Good("Get-DftJob -State Lost | Get-DftJob"));
        Assert.False(File.Exists(Path.Combine(box.Path("runs"), "job-0000", "job.out")));
        // Without a pipeline in front, all that have ended are meant.
        Assert.Single(Good("Receive-DftJob"));
        PipelineResult refused = Run("Get-DftJob | Restart-DftJob");
        Assert.StartsWith("RestartWouldRepeat", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(refused.Output);
        // Without a script there is nothing to run.
        Directory.CreateDirectory(box.Path("bad"));
        PipelineResult bad = Run("Submit-DftJob -Path bad");
        Assert.NotEmpty(bad.Errors);
        Assert.Empty(bad.Output);
    }

    [Fact]
    public async Task One_that_is_killed_while_it_restarts_is_carried_on()
    {
        box.Folders(2, "exit 3");
        Good("Submit-DftJob -Path runs/*");
        Good("Wait-DftJob");
        Assert.Equal(137, (await Launcher.RunAsync("Get-DftJob | Restart-DftJob -Unchanged", box, FaultPoint.RestartPrepared)).Code);
        Assert.All(Good("Get-DftJob -Offline"), j => Assert.Equal((JobState.Failed, 1), (j.State, j.Attempt)));
        (int code, _, string error) = await Launcher.RunAsync("Get-DftJob | Restart-DftJob -Unchanged", box);
        Assert.True(code == 0, error);
        Good("Wait-DftJob");
        Assert.All(Good("Get-DftJob"), j =>
        {
            Assert.Equal((JobState.Failed, 2), (j.State, j.Attempt));
            Assert.Equal(["attempt-1", "input.txt", "job.sh"], Directory.GetFileSystemEntries(j.FolderPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.Single(j.Changes);
        });
        Assert.All(box.Starts().Values, n => Assert.Equal(2, n));
    }
}
