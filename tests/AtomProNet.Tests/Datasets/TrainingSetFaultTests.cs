using System.Diagnostics;
using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

/// <summary>Full disk, kill and Ctrl+C while sets are written, in processes of their own: the old files stay, or the new ones stand, and nothing between.</summary>
public class TrainingSetFaultTests
{
    private const int OldFrames = 40, NewFrames = 600;

    // The arguments behind the name of the file, the file's name, and the files that make the set.
    public static TheoryData<string, string> Formats => new()
    {
        { "set.extxyz", "-TrainFraction 0.8 -TestFraction 0.2 -SplitBy Frame -LeakReport leaks.csv" },
        { "whole.extxyz", "" },
        { "set.npz", "-TrainFraction 0.8 -TestFraction 0.2 -SplitBy Frame" },
        { "forces.npz", "-Format SgdmlNpz" },
        { "table.csv", "" },
    };

    /// <summary>No file may grow beyond a limit, which is what a full disk looks like to who writes.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_disk_that_fills_up_leaves_the_old_set(string name, string arguments)
    {
        SkipWithoutShell();
        using var folder = new TemporaryFolder();
        Dictionary<string, string> before = Prepare(folder, name, arguments);
        // 24 kB: the sets need more; the runtime's own mappings must not count as files.
        (int code, string error) = await Run(folder.Root, $"Import-TrainingSet new.extxyz | Export-TrainingSet {name} {arguments} -Force", limit: 48);
        Assert.NotEqual(0, code);
        Assert.NotEmpty(error);
        Assert.Equal(before, Contents(folder));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root, ".*"));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_kill_at_any_time_leaves_the_old_set_or_the_new_one(string name, string arguments)
    {
        SkipWithoutShell();
        using var folder = new TemporaryFolder();
        Dictionary<string, string> old = Prepare(folder, name, arguments);
        // What the new one will look like.
        using var other = new TemporaryFolder();
        File.Copy(folder.Path("new.extxyz"), other.Path("new.extxyz"));
        PipelineHost.Run($"Import-TrainingSet new.extxyz | Export-TrainingSet {name} {arguments} -Force", other.Root);
        Dictionary<string, string> expected = Contents(other);
        for (int round = 0; round < TestEffort.Of(1, 6, 30); round++)
        {
            using Process process = Start(folder.Root, $"Import-TrainingSet new.extxyz | Export-TrainingSet {name} {arguments} -Force", 0);
            await Task.Delay(500 + 180 * round, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            foreach ((string file, string text) in Contents(folder).Where(f => f.Key != "dataset.json"))
            {
                Assert.True(text == old.GetValueOrDefault(file) || text == expected.GetValueOrDefault(file), $"{file} is neither the old file nor the new one.");
            }

            foreach (string left in Directory.GetFiles(folder.Root, ".*.tmp"))
            {
                File.Delete(left);
            }
        }
    }

    /// <summary>Ctrl+C, and what a batch system sends at the end of the walltime.</summary>
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupt_leaves_the_old_set_and_no_temporary_file(string signal)
    {
        Assert.SkipUnless(signal == "INT" || TestEffort.IsFull, "Another signal at full effort.");
        Interruption.SkipUnlessPossible();
        using var folder = new TemporaryFolder();
        Dictionary<string, string> before = Prepare(folder, "set.extxyz", "-TrainFraction 0.8 -TestFraction 0.2", bigFrames: 10_000);
        using Process process = Start(folder.Root, "Import-TrainingSet big.extxyz | Select-TrainingFrame -MaximumForce 1000 -RejectedPath rejected.extxyz | Export-TrainingSet set.extxyz -TrainFraction 0.8 -TestFraction 0.2 -Force", 0);
        for (int wait = 0; wait < 600 && !Directory.EnumerateFiles(folder.Root, ".set.extxyz.*").Any() && !process.HasExited; wait++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        using (Process kill = Process.Start("kill", ["-" + signal, FormattableString.Invariant($"{process.Id}")]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Equal(before, Contents(folder));
        Assert.Empty(Directory.GetFiles(folder.Root, ".*"));
    }

    /// <summary>A heap of 64 MB is less than the frames alone would take as objects: conversion, selection and split hold few of them at a time.</summary>
    [Theory]
    [InlineData("Convert-TrainingSet {0} out -Format DeepMD")]
    [InlineData("Import-TrainingSet {0} | Select-TrainingFrame -MaximumForce 1000 -Every 2 -RejectedPath rejected.extxyz | Export-TrainingSet out.extxyz")]
    [InlineData("Import-TrainingSet {0} | Export-TrainingSet out.extxyz -TrainFraction 0.8 -TestFraction 0.2 -SplitBy Frame")]
    public async Task A_set_larger_than_the_heap_is_written(string pipeline)
    {
        SkipWithoutShell();
        using var folder = new TemporaryFolder();
        int frames = TestEffort.Of(4000, 40_000, 200_000);
        string path = folder.Path("large.extxyz");
        WriteSet(path, frames, atoms: 80);
        // As objects: positions, wrapped ones, forces and hashes, some 6 kB a frame; what is kept is a few hundred bytes.
        string limit = (TestEffort.IsFull ? 160 : 48).ToString("X", null) + "00000";
        (int code, string error) = await Run(folder.Root, string.Format(null, pipeline, "large.extxyz") + " -Force", 0, ("DOTNET_GCHeapHardLimit", limit));
        Assert.True(code == 0, error);
        int written = new[] { "out", "out.extxyz", "out_train.extxyz", "out_test.extxyz" }.Where(n => Path.Exists(folder.Path(n))).Sum(n => TrainingSetFormats.Read(folder.Path(n)).Count());
        Assert.Equal(pipeline.Contains("Every", StringComparison.Ordinal) ? frames / 2 : frames, written);
    }

    private static void SkipWithoutShell() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The limits and signals are a POSIX system's.");

    private static Dictionary<string, string> Prepare(TemporaryFolder folder, string name, string arguments, int bigFrames = 0)
    {
        WriteSet(folder.Path("old.extxyz"), OldFrames, atoms: 8);
        WriteSet(folder.Path("new.extxyz"), NewFrames, atoms: 8);
        if (bigFrames > 0)
        {
            WriteSet(folder.Path("big.extxyz"), bigFrames, atoms: 8);
        }

        PipelineResult result = PipelineHost.Run($"Import-TrainingSet old.extxyz | Export-TrainingSet {name} {arguments} -Force", folder.Root);
        Assert.Empty(result.Errors);
        return Contents(folder);
    }

    private static void WriteSet(string path, int frames, int atoms)
    {
        using FileStream stream = File.Create(path);
        using var writer = new ExtendedXyzWriter(stream, new() { KeyStyle = KeyStyle.Mace });
        for (int i = 0; i < frames; i++)
        {
            // Without forces and stress there is nothing that could contradict an energy.
            Frame frame = SyntheticFrames.Random(new Random(i), atoms, source: new(FormattableString.Invariant($"/runs/{i / 20}"), i % 20 + 1), cheap: true);
            Vector3D mean = frame.Forces!.Value.Aggregate(Vector3D.Zero, (a, b) => a + b) / atoms;
            writer.Write(frame with { Forces = [.. frame.Forces.Value.Select(f => f - mean)], Origin = LabelOrigin.Unknown });
        }
    }

    private static Dictionary<string, string> Contents(TemporaryFolder folder) => Directory.GetFiles(folder.Root).Select(f => Path.GetFileName(f)!)
        .Where(f => !f.StartsWith('.') && f is not ("old.extxyz" or "new.extxyz" or "big.extxyz"))
        .ToDictionary(f => f, f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(folder.Path(f)))));

    private static async Task<(int Code, string Error)> Run(string folder, string pipeline, int limit, params (string Name, string Value)[] environment)
    {
        using Process process = Start(folder, pipeline, limit, environment);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await error + await output);
    }

    private static Process Start(string folder, string pipeline, int limitInBlocks, params (string Name, string Value)[] environment)
    {
        // The signal that goes with the limit is ignored, so that writing fails with an error, as on a full disk. Half-kB blocks.
        string limit = limitInBlocks > 0 ? FormattableString.Invariant($"trap '' XFSZ; ulimit -f {limitInBlocks}; ") : "";
        var start = new ProcessStartInfo("/bin/sh", ["-c", limit + "exec dotnet \"$1\" \"$2\"", "sh", typeof(PipelineHost).Assembly.Location, pipeline])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(Interruption.Hearing(start))!;
    }
}
