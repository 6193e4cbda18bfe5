using System.Collections.Immutable;
using System.Diagnostics;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Tests.Module;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Interrupts;

/// <summary>
/// Ctrl+C in the middle of a submission and of a wait, in the launcher and in a PowerShell in a terminal: the call ends while the scheduler's command, or the
/// jobs, still wait for a file that this test makes later; the same call afterwards carries on, and each job has run once.
/// </summary>
[Collection(PowerShellCollection.Name)]
public sealed class InterruptTests : IClassFixture<SlurmRig>, IDisposable
{
    private const int Count = 4;
    private const string Submit = "Submit-DftJob -Path runs/* -Cluster rig";
    private readonly SlurmRig rig;
    private readonly PowerShellModule module;
    private readonly JobSandbox box = new();
    private readonly DftJobs jobs;

    public InterruptTests(SlurmRig rig, PowerShellModule module)
    {
        this.rig = rig;
        this.module = module;
        rig.SkipUnlessThere();
        jobs = box.Jobs();
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, SettleTime = TimeSpan.FromSeconds(5), Resources = new() { WallTime = TimeSpan.FromMinutes(10) } });
    }

    public void Dispose()
    {
        File.WriteAllText(Go, "");
        rig.Ssh.Reset();
        jobs.Dispose();
        box.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Appears when there is something to interrupt.</summary>
    private string Sign => box.Path("sign");

    /// <summary>What everything waits for.</summary>
    private string Go => box.Path("go");

    [Theory]
    [InlineData("upload")]
    [InlineData("submission")]
    [InlineData("wait")]
    public async Task The_launcher_stops_at_once(string during)
    {
        Interruption.SkipUnlessPossible();
        Assert.SkipUnless(during != "upload" || TestEffort.IsFull, "One of three places; runs with ATOMPRONET_TEST=full.");
        using Process process = Launcher.Start(Prepare(during), box);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token), error = process.StandardError.ReadToEndAsync(Token);
        while (!File.Exists(Sign))
        {
            Assert.False(process.HasExited, process.HasExited ? await error : "");
            await Task.Delay(50, Token);
        }

        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(Token);
        }

        // It ends although nobody has let anything go on.
        await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(2), Token);
        Assert.Equal(130, process.ExitCode);
        Assert.DoesNotContain("Exception", await error + await output, StringComparison.Ordinal);
        await EndWell();
    }

    [Theory]
    [InlineData("submission")]
    [InlineData("wait")]
    public async Task PowerShell_in_a_terminal_stops_at_once(string during)
    {
        SystemPython.SkipUnlessThere("pty");
        Interruption.SkipUnlessPossible();
        Assert.SkipUnless(during != "wait" || TestEffort.IsFull, "One of two places; runs with ATOMPRONET_TEST=full.");
        string manifest = await module.ManifestAsync(Token);
        string[] lines =
        [
            $"$env:ATOMPRONET_HOME = '{box.Home}'; Set-Location '{box.Root}'; Import-Module '{manifest}'; 'rea' + 'dy'",
            Prepare(during),
            "'ba' + 'ck'",
        ];
        var start = new ProcessStartInfo(SystemPython.Interpreter, [Repository.File("tests", "AtomProNet.Tests", "Jobs", "Interrupts", "terminal.py"), Sign, PowerShellModule.Executable!, "-NoProfile", "-NoLogo", "-NoExit", "-Command", "Remove-Module PSReadLine -ErrorAction Ignore"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["TERM"] = "xterm";
        start.Environment["NO_COLOR"] = "1";
        using Process process = Process.Start(Interruption.Hearing(start))!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token), error = process.StandardError.ReadToEndAsync(Token);
        await process.StandardInput.WriteAsync(string.Join('\n', lines));
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, await output + await error);
        Assert.DoesNotContain("Exception", await output, StringComparison.Ordinal);
        await EndWell();
    }

    [Fact]
    public async Task The_launcher_stops_while_it_asks_for_a_secret()
    {
        SystemPython.SkipUnlessThere("pty");
        Interruption.SkipUnlessPossible();
        Assert.SkipUnless(AtomProNet.Jobs.Hosts.Ssh.SshNetTransport.IsPresent, "AtomProNet.SshNet is left out: the package SSH.NET could not be restored.");
        box.Register(new() { Name = "asking", Scheduler = SchedulerKind.Slurm, SshHost = "locked", SshConfig = rig.Ssh.ConfigFile, Transport = AtomProNet.Jobs.Hosts.Ssh.SshTransport.SshNet });
        var start = new ProcessStartInfo(SystemPython.Interpreter, [Repository.File("tests", "AtomProNet.Tests", "Jobs", "Interrupts", "prompt.py"), "Passphrase of", "dotnet", typeof(AtomProNet.Cli.PipelineHost).Assembly.Location, "Connect-DftCluster asking"])
        {
            WorkingDirectory = box.Root, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ATOMPRONET_HOME"] = box.Home;
        using Process process = Process.Start(Interruption.Hearing(start))!;
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal("", await error);
        string[] first = output.Split('\n')[0].Split(' ');
        Assert.Equal("130", first[1].Trim());
        Assert.InRange(double.Parse(first[0], System.Globalization.CultureInfo.InvariantCulture), 0, 20);
        Assert.DoesNotContain("hidden", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
    }

    /// <summary>Lets something wait for <see cref="Go"/>, and makes <see cref="Sign"/> appear when it does.</summary>
    private string Prepare(string during)
    {
        string hold = $"echo >'{Sign}'\nwhile [ ! -e '{Go}' ]; do sleep .1; done\n";
        box.Folders(Count, during == "wait" ? hold : "");
        if (during != "wait")
        {
            string program = during == "upload" ? "tar" : "sbatch";
            rig.Ssh.PutProgram(program, $"#!/bin/bash\n{hold}exec /usr/bin/{program} \"$@\"\n");
        }

        return Submit + (during == "wait" ? " | Wait-DftJob" : "");
    }

    private async Task EndWell()
    {
        Assert.DoesNotContain(jobs.List(), j => j.IsFinal);
        await File.WriteAllTextAsync(Go, "", Token);
        (int code, _, string error) = await Launcher.RunAsync(Submit, box);
        Assert.True(code == 0, error);
        ImmutableArray<DftJob> done = await box.WaitAsync(jobs);
        Assert.True(done.All(j => j.State is JobState.Finished), JobSandbox.Summary(done) + "\n" + box.Journal());
        Assert.Equal(Count, done.Length);
        box.AssertEachStartedOnce(Count);
    }
}
