using System.Collections.Immutable;
using AtomProNet.Cli;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Imports;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Imports;

/// <summary>An import over the cluster's own folders on a real Slurm: an array of parts, and the merge that waits for it.</summary>
[Collection(SlurmCollection.Name)]
public sealed class ImportJobSlurmTests : IDisposable
{
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public ImportJobSlurmTests(SlurmRig rig)
    {
        rig.SkipUnlessThere();
        jobs = box.Jobs(new TestAccess(_ => rig.LocalHost));
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, SettleTime = TimeSpan.FromSeconds(5), Resources = new() { WallTime = TimeSpan.FromMinutes(30) } });
    }

    public void Dispose()
    {
        jobs.Dispose();
        box.Dispose();
    }

    [Fact]
    public async Task An_array_and_a_merge_make_what_one_process_makes()
    {
        string tree = Repository.File("samples", "al-strain"), output = box.Path("set.extxyz"), launcher = box.Path("atompronet");
        File.WriteAllText(launcher, $"#!/bin/sh\nexec dotnet '{typeof(PipelineHost).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        var plan = new ImportJobPlan { SourcePath = tree, OutputPath = output, Shards = 3, Executable = launcher };
        ImportJob[] made = [.. plan.Write(box.Path("import"), force: false, TestContext.Current.CancellationToken)];
        ImmutableArray<DftJob> shards = await box.SubmitAsync(jobs, "rig", made.Where(j => j.Kind == ImportJobKind.Shard).Select(j => j.FolderPath));
        Assert.Single(shards.Select(j => j.SchedulerId!.Split('_')[0]).Distinct());
        await box.SubmitAsync(jobs, "rig", [made[^1].FolderPath], new() { DependsOn = [.. shards.Select(j => j.Id)] });
        Assert.All(await box.WaitAsync(jobs), j => Assert.Equal((JobState.Finished, 0), (j.State, j.ExitCode)));
        PipelineResult whole = PipelineHost.Run($"Import-DftResult '{tree}' | Export-TrainingSet whole.extxyz", box.Root);
        Assert.Empty(whole.Errors);
        Assert.Equal(File.ReadAllBytes(box.Path("whole.extxyz")), File.ReadAllBytes(output));
    }
}
