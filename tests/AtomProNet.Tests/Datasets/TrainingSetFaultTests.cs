using System.Diagnostics;
using System.Globalization;
using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

/// <summary>Full disk, kill and Ctrl+C while sets are written, in processes of their own: the old files stay, or the new ones stand, and nothing between.</summary>
public class TrainingSetFaultTests
{
    private const int OldFrames = 40, NewFrames = 600;

    // Every command that writes a set, a part of one or a report about it, for the frames of {0}.
    public static TheoryData<string> Writers =>
    [
        "Import-TrainingSet {0} | Export-TrainingSet set.extxyz -TrainFraction 0.8 -TestFraction 0.2 -SplitBy Frame -LeakReport leaks.csv",
        "Import-TrainingSet {0} | Export-TrainingSet whole.extxyz",
        "Import-TrainingSet {0} | Export-TrainingSet set.npz -TrainFraction 0.8 -TestFraction 0.2 -SplitBy Frame",
        "Convert-TrainingSet {0} forces.npz -Format SgdmlNpz",
        "Import-TrainingSet {0} | Export-TrainingSet table.csv",
        "Convert-TrainingSet {0} deep -Format DeepMD",
        "Import-TrainingSet {0} | Export-TrainingSet mixed -Format DeepMDMixed -TrainFraction 0.8 -TestFraction 0.2 -SplitBy Frame",
        "Import-TrainingSet {0} | Select-TrainingFrame -MaximumForce 1e-9 -RejectedPath rejected.extxyz",
        "Import-TrainingSet {0} | Split-TrainingSet -TrainFraction 0.4 -TestFraction 0.6 -SplitBy Frame -LeakReport leaks.csv",
        "Import-TrainingSet {0} | Measure-TrainingSet -Report report.html -FigurePath figures -TablePath tables",
        "New-MlipTrainingInput -TrainingSet {0} -ValidationSet old.extxyz Mace mace -ReferenceEnergy @{{Al=-1; O=-2}}",
        "New-MlipTrainingInput -TrainingSet {0} -ValidationSet old.extxyz DeepMD deepmd -ReferenceEnergy @{{Al=-1; O=-2}}",
    ];

    // One of each kind: text, arrays in folders, two parts, folders of frameworks.
    private static void SkipUnlessFull(string writer) => Assert.SkipUnless(
        TestEffort.IsFull || writer.Contains("-LeakReport", StringComparison.Ordinal) || writer.Contains("deep ", StringComparison.Ordinal) || writer.Contains(" mace ", StringComparison.Ordinal),
        "One of many commands; runs with ATOMPRONET_TEST=full.");

    /// <summary>No file may grow beyond a limit, which is what a full disk looks like to who writes.</summary>
    [Theory]
    [MemberData(nameof(Writers))]
    public async Task A_disk_that_fills_up_leaves_the_old_set(string writer)
    {
        SkipUnlessFull(writer);
        SkipWithoutShell();
        using var folder = new TemporaryFolder();
        (Dictionary<string, string> old, _) = Prepare(folder, writer);
        // 24 kB: the sets need more; the runtime's own mappings must not count as files.
        (int code, string error) = await Run(folder.Root, Pipeline(writer, "new.extxyz"), limit: 48);
        Assert.NotEqual(0, code);
        Assert.NotEmpty(error);
        Assert.Equal(old, Contents(folder));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root, ".*", SearchOption.AllDirectories));
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task A_kill_at_any_time_leaves_the_old_set_or_the_new_one(string writer)
    {
        SkipUnlessFull(writer);
        SkipWithoutShell();
        using var folder = new TemporaryFolder();
        (Dictionary<string, string> old, Dictionary<string, string> expected) = Prepare(folder, writer);
        Assert.NotEqual(old, expected);
        for (int round = 0; round < TestEffort.Of(1, 6, 30); round++)
        {
            using Process process = Start(folder.Root, Pipeline(writer, "new.extxyz"), 0);
            while (!process.HasExited && !Directory.EnumerateFileSystemEntries(folder.Root, ".*").Any())
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(25 * round, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            foreach ((string file, string text) in Contents(folder))
            {
                Assert.True(text == old.GetValueOrDefault(file) || text == expected.GetValueOrDefault(file), $"{file} is neither the old file nor the new one.");
            }

            foreach (string left in Directory.GetFileSystemEntries(folder.Root, ".*", SearchOption.AllDirectories).Where(Path.Exists))
            {
                if (Directory.Exists(left))
                {
                    Directory.Delete(left, recursive: true);
                }
                else
                {
                    File.Delete(left);
                }
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
        const string writer = "Import-TrainingSet {0} | Select-TrainingFrame -MaximumForce 1000 -RejectedPath rejected.extxyz | Export-TrainingSet set.extxyz -TrainFraction 0.8 -TestFraction 0.2";
        (Dictionary<string, string> before, _) = Prepare(folder, writer);
        WriteSet(folder.Path("big.extxyz"), 10_000, atoms: 8);
        using Process process = Start(folder.Root, Pipeline(writer, "big.extxyz"), 0);
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

    /// <summary>What is kept of more frames than memory shall hold finds no room: that is nobody's frame, but the end.</summary>
    [Theory]
    [InlineData("Import-TrainingSet {0} | Export-TrainingSet out.extxyz")]
    [InlineData("Import-TrainingSet {0} | Test-TrainingSet")]
    public async Task A_folder_for_temporary_files_that_cannot_be_written_is_told_and_nothing_is_left(string pipeline)
    {
        SkipWithoutShell();
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds; runs with ATOMPRONET_TEST=full.");
        using var folder = new TemporaryFolder();
        WriteSet(folder.Path("many.extxyz"), ChunkedList.MemoryLimit + 500, atoms: 2);
        (int code, string error) = await Run(folder.Root, string.Format(CultureInfo.InvariantCulture, pipeline, "many.extxyz"), 0, ("TMPDIR", folder.Path("nowhere")));
        Assert.NotEqual(0, code);
        Assert.Contains("TemporaryFileFailed", error, StringComparison.Ordinal);
        Assert.Contains("TMPDIR", error, StringComparison.Ordinal);
        Assert.Equal(["many.extxyz"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName));
    }

    /// <summary>A heap of 48 MB is less than the frames alone would take as objects: conversion, selection and split hold few of them at a time.</summary>
    [Theory]
    [InlineData("Convert-TrainingSet {0} out -Format DeepMD")]
    [InlineData("Import-TrainingSet {0} | Select-TrainingFrame -MaximumForce 1000 -Every 2 -RejectedPath rejected.extxyz | Export-TrainingSet out.extxyz")]
    [InlineData("Import-TrainingSet {0} | Export-TrainingSet out.extxyz -TrainFraction 0.8 -TestFraction 0.2 -SplitBy Frame")]
    public async Task A_set_larger_than_the_heap_is_written(string pipeline)
    {
        SkipWithoutShell();
        Assert.SkipUnless(TestEffort.IsFull, "Takes half a minute; runs with ATOMPRONET_TEST=full.");
        using var folder = new TemporaryFolder();
        // As objects 72 bytes an atom (positions, fractional ones, forces) and more: 155 MB.
        int frames = TestEffort.Of(9000, 9000, 100_000);
        WriteSet(folder.Path("large.extxyz"), frames, atoms: 240, spacing: 2);
        (int code, string error) = await Run(folder.Root, string.Format(CultureInfo.InvariantCulture, pipeline, "large.extxyz") + " -Force", 0, ("DOTNET_GCHeapHardLimit", (48 << 20).ToString("X", CultureInfo.InvariantCulture)));
        Assert.True(code == 0, error);
        int written = new[] { "out", "out.extxyz", "out_train.extxyz", "out_test.extxyz" }.Where(n => Path.Exists(folder.Path(n))).Sum(n => TrainingSetFormats.Read(folder.Path(n)).Count());
        Assert.Equal(pipeline.Contains("Every", StringComparison.Ordinal) ? frames / 2 : frames, written);
    }

    private static void SkipWithoutShell() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The limits and signals are a POSIX system's.");

    private static string Pipeline(string writer, string frames) => string.Format(CultureInfo.InvariantCulture, writer, frames) + " -Force";

    /// <summary>What a command makes of the new frames, and of the old ones, which is what stands there then.</summary>
    private static (Dictionary<string, string> Old, Dictionary<string, string> New) Prepare(TemporaryFolder folder, string writer)
    {
        WriteSet(folder.Path("old.extxyz"), OldFrames, atoms: 8);
        WriteSet(folder.Path("new.extxyz"), NewFrames, atoms: 8);
        Dictionary<string, string> made = Made("new.extxyz");
        return (Made("old.extxyz"), made);

        Dictionary<string, string> Made(string frames)
        {
            PipelineResult result = PipelineHost.Run(Pipeline(writer, frames), folder.Root);
            Assert.True(result.Errors.Count == 0, string.Join('\n', result.Errors));
            return Contents(folder);
        }
    }

    // Atoms that are spread out have few neighbours to be looked for.
    private static void WriteSet(string path, int frames, int atoms, double spacing = 1)
    {
        using FileStream stream = File.Create(path);
        using var writer = new ExtendedXyzWriter(stream, new() { KeyStyle = KeyStyle.Mace });
        for (int i = 0; i < frames; i++)
        {
            // Without forces and stress there is nothing that could contradict an energy.
            Frame frame = SyntheticFrames.Random(new Random(i), atoms, source: new(FormattableString.Invariant($"/runs/{i / 20}"), i % 20 + 1), cheap: true);
            Vector3D mean = frame.Forces!.Value.Aggregate(Vector3D.Zero, (a, b) => a + b) / atoms;
            Structure structure = frame.Structure.With(lattice: new(frame.Structure.Lattice!.Rows * spacing), positions: frame.Structure.FractionalPositions, kind: CoordinateKind.Fractional);
            writer.Write(frame.WithStructure(structure) with { Forces = [.. frame.Forces.Value.Select(f => f - mean)], Origin = LabelOrigin.Unknown });
        }
    }

    private static Dictionary<string, string> Contents(TemporaryFolder folder) => Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(folder.Root, f))
        .Where(f => !f.Split('/').Any(n => n.StartsWith('.')) && f is not ("old.extxyz" or "new.extxyz" or "big.extxyz"))
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
