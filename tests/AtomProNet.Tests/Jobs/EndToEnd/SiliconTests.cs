using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Structures;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.EndToEnd;

/// <summary>docs/silicon-on-a-cluster.ps1 as it stands there, over ssh through a jump host to a real Slurm with a real pw.x.</summary>
[Collection(SlurmCollection.Name)]
public sealed partial class SiliconTests(SlurmRig rig)
{
    [Fact]
    public void From_a_crystal_to_a_training_set()
    {
        rig.SkipUnlessThere();
        Assert.SkipUnless(File.Exists("/usr/bin/pw.x"), "pw.x is missing (Debian: quantum-espresso).");
        Assert.SkipUnless(Directory.Exists("/usr/share/espresso/pseudo"), "The pseudopotentials are missing (Debian: quantum-espresso-data).");
        Assert.SkipUnless(TestEffort.IsFull, "Eleven runs of pw.x take a minute; runs with ATOMPRONET_TEST=full.");
        using var box = new JobSandbox();
        box.Register(new()
        {
            Name = "silicon", Scheduler = SchedulerKind.Slurm, SshHost = "compute", SshConfig = rig.Ssh.ConfigFile, WorkDirectory = "~/atompronet jobs", MaxRunning = 2,
            // Debian's Open MPI cannot be started by Debian's srun; one task needs nothing to start it.
            LaunchLine = "", Resources = new() { WallTime = TimeSpan.FromMinutes(30), Partition = "test", MemoryPerNode = 100 }, HasTasks = true,
        });
        string script = File.ReadAllText(Repository.File("docs", "silicon-on-a-cluster.ps1"));
        PipelineResult result = PipelineHost.Run(script, box.Root, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Errors.Count == 0, string.Join("\n", result.Errors.Select(e => e.ToString())) + "\n" + box.Journal());

        Assert.All(result.Output.OfType<ClusterCheckResult>(), c => Assert.True(c.Outcome is CheckOutcome.Passed or CheckOutcome.Warning, c.ToString()));
        DftJob[] received = [.. result.Output.OfType<DftJob>().TakeLast(11)];
        Assert.All(received, j => Assert.Equal((JobState.Received, "pw.x", 0), (j.State, j.Code, j.ExitCode)));
        Assert.Single(received.Select(j => j.SchedulerId!.Split('_')[0]).Distinct());
        Assert.Equal(11, received.Select(j => j.FolderPath).Distinct().Count());

        // Independent of every reader: the energies that stand in the outputs, in order of the strain.
        const double Rydberg = 13.605693122994;
        double[] printed = [.. received.Select(j => double.Parse(Energy().Match(File.ReadAllText(Path.Combine(j.FolderPath, "pw.out"))).Groups[1].Value, CultureInfo.InvariantCulture) * Rydberg)];
        Frame[] frames = [.. TrainingSetFormats.Read(box.Path("silicon.extxyz"))];
        Assert.Equal(11, frames.Length);
        Assert.All(frames.Zip(printed), p => Assert.Equal(p.Second, p.First.Energy!.Value, 1e-6));
        // The crystal is bound: no strain makes it lower than the middle of the series.
        Assert.InRange(Array.IndexOf(printed, printed.Min()), 3, 7);
        double volume = frames[5].Structure.Volume!.Value;
        Assert.All(frames.Select((f, i) => (f, i)), x => Assert.Equal(volume * Math.Pow(1 + (0.01 * (x.i - 5)), 3), x.f.Structure.Volume!.Value, 1e-6 * volume));

        // The same script once more computes nothing twice.
        File.Delete(box.Path("silicon.extxyz"));
        PipelineResult again = PipelineHost.Run(script[script.IndexOf("Get-DftJob", StringComparison.Ordinal)..], box.Root, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(again.Errors);
        Assert.Equal(11, TrainingSetFormats.Read(box.Path("silicon.extxyz")).Count());
    }

    [GeneratedRegex(@"(?m)^!\s+total energy\s+=\s+(-\d+\.\d+) Ry")]
    private static partial Regex Energy();
}
