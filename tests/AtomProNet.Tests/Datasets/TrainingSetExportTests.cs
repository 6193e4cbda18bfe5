using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AtomProNet.Datasets;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets;

public class TrainingSetExportTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly SplitRequest Usual = new() { TrainFraction = 0.8, ValidationFraction = 0.1, TestFraction = 0.1 };

    [Fact]
    public void Without_a_split_there_is_one_file_in_the_order_of_the_frames()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = Trajectories(2, 5);
        TrainingSetExportResult result = Export(folder.Path("set.extxyz"), frames);
        Assert.Equal(["dataset.json", "set.extxyz"], folder.Names);
        TrainingSetFile file = Assert.Single(result.Files);
        Assert.Equal((null, 10, 80L, 2), (file.Part, file.FrameCount, file.AtomCount, file.GroupCount));
        AssertSameFrames(frames, Read(file.Path));
        AssertHashes(result.Files);
    }

    [Fact]
    public void A_split_is_a_partition_into_files_with_hashes()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = Trajectories(20, 5);
        TrainingSetExportResult result = Export(folder.Path("set.extxyz"), frames, split: Usual);
        Assert.Equal(["dataset.json", "set_test.extxyz", "set_train.extxyz", "set_validation.extxyz"], folder.Names);
        Assert.Equal([80, 10, 10], result.Files.Select(f => f.FrameCount));
        Frame[] all = [.. result.Files.SelectMany(f => Read(f.Path))];
        Assert.Equal(frames.Select(FrameKey.Of).Order(), all.Select(FrameKey.Of).Order());
        AssertHashes(result.Files);

        JsonElement set = Manifest(folder);
        Assert.Equal("Group", set.GetProperty("split").GetProperty("method").GetString());
        Assert.Equal(result.Files.Select(f => f.Hash), set.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("sha256").GetString()));
        Assert.Equal(20, set.GetProperty("groups").GetArrayLength());
        Assert.All(set.GetProperty("groups").EnumerateArray(), g => Assert.Single(g.GetProperty("parts").EnumerateObject()));
        Assert.Equal(20, set.GetProperty("sources").GetArrayLength());
    }

    [Fact]
    public void The_order_of_input_changes_no_byte()
    {
        using TemporaryFolder a = new(), b = new();
        Frame[] frames = Trajectories(12, 7), shuffled = [.. frames];
        new Random(5).Shuffle(shuffled);
        Export(a.Path("set.extxyz"), frames, split: Usual with { Seed = 3 });
        Export(b.Path("set.extxyz"), shuffled, split: Usual with { Seed = 3 });
        Assert.All(a.Names, name => Assert.Equal(File.ReadAllText(a.Path(name)), File.ReadAllText(b.Path(name))));
    }

    /// <summary>A manifest of any length is written piece by piece: it is the text that the serializer makes of the whole, whatever stands in it.</summary>
    [Fact]
    public void The_manifest_is_the_text_of_the_serializer()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(6);
        string odd = "\"quoted\" <b> \\ é 键 \ud83d\ude00 \u2028 \u2029";
        Frame[] frames = [.. Enumerable.Range(0, 1500).Select(i => SyntheticFrames.Random(random, source: new($"/runs/{1500 - i}/{odd}", 1)))];
        Export(folder.Path("first.extxyz"), frames);
        string first = Text();
        Export(folder.Path("second.extxyz"), [.. frames.Take(40), frames[0] with { Source = null }], split: new() { TrainFraction = 0.7, TestFraction = 0.1 });
        string both = Text();

        foreach (string text in (string[])[first, both])
        {
            Assert.Equal(JsonNode.Parse(text)!.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n", text);
        }

        // What was there before stays to the last byte.
        string before = first[first.IndexOf("    {\n      \"name\"", StringComparison.Ordinal)..first.LastIndexOf("\n  ]", StringComparison.Ordinal)];
        Assert.Contains(before + ",\n    {\n      \"name\": \"second.extxyz\"", both, StringComparison.Ordinal);
        string?[] sources = [.. JsonNode.Parse(both)!["datasets"]![0]!["sources"]!.AsArray().Select(s => (string?)s!["file"])];
        Assert.Equal(frames.Select(f => f.Source!.File).Order(StringComparer.Ordinal), sources);
        Assert.Null((string?)JsonNode.Parse(both)!["datasets"]![1]!["sources"]![0]!["file"]);

        string Text() => File.ReadAllText(folder.Path("dataset.json"));
    }

    [Fact]
    public void Blocks_leave_a_gap_that_the_manifest_names()
    {
        using var folder = new TemporaryFolder();
        TrainingSetExportResult result = Export(folder.Path("set.extxyz"), Trajectories(1, 21), split: Usual);
        Assert.Equal([15, 2, 2], result.Files.Select(f => f.FrameCount));
        Assert.Contains(result.Findings, f => f.Code == "SplitBecameBlocked");
        JsonElement split = Manifest(folder).GetProperty("split");
        Assert.Equal(("Blocked", 2, 2), (split.GetProperty("method").GetString(), split.GetProperty("gapFrameCount").GetInt32(), split.GetProperty("leftOut").GetArrayLength()));
        Assert.All(split.GetProperty("leftOut").EnumerateArray(), l => Assert.StartsWith("/runs/0/OUTCAR#", l.GetProperty("source").GetString(), StringComparison.Ordinal));
        // The frames left out are those that stand in no file.
        string text = string.Concat(result.Files.Select(f => File.ReadAllText(f.Path)));
        Assert.All(split.GetProperty("leftOut").EnumerateArray(), l => Assert.DoesNotContain(l.GetProperty("frame_id").GetString()!, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Frames_that_must_not_be_trained_on_are_refused_and_the_rest_goes_on()
    {
        using var folder = new TemporaryFolder();
        Frame good = SyntheticFrames.Random(new Random(1));
        using (var export = new TrainingSetExport(new() { Path = folder.Path("set.extxyz") }))
        {
            Refuses(export, good with { Convergence = new(ElectronicConvergence.NotConverged, "NELM reached") }, "FrameNotConverged");
            Refuses(export, good with { Convergence = new(ElectronicConvergence.Ambiguous) }, "FrameNotConverged");
            Refuses(export, good with { Origin = LabelOrigin.MachineLearned }, "FrameNotAbInitio");
            Refuses(export, good with { Origin = LabelOrigin.Predicted }, "FrameNotAbInitio");
            Refuses(export, good with { FreeEnergy = null }, "EnergyKindMissing");
            Refuses(export, good with { FreeEnergy = null, EnergySigmaToZero = -5 }, "EnergyKindMissing");
            export.Add(good);
            TrainingSetExportResult result = export.Complete();
            Assert.Equal(1, result.Files[0].FrameCount);
            Assert.Equal(["EnergyKindMissing", "FrameNotAbInitio", "FrameNotConverged"], result.Refused.Keys);
        }

        Assert.Equal(2, Manifest(folder).GetProperty("refused").GetProperty("FrameNotConverged").GetInt32());

        static void Refuses(TrainingSetExport export, Frame frame, string id) => Assert.Equal(id, Assert.Throws<AtomProNetException>(() => export.Add(frame)).ErrorId);
    }

    [Fact]
    public void Unconverged_frames_come_in_where_asked_for()
    {
        using var folder = new TemporaryFolder();
        Frame frame = SyntheticFrames.Random(new Random(1)) with { Convergence = new(ElectronicConvergence.NotConverged, "NELM reached") };
        using var export = new TrainingSetExport(new() { Path = folder.Path("set.extxyz"), IncludeUnconverged = true });
        export.Add(frame);
        Assert.Equal(ElectronicConvergence.NotConverged, Assert.Single(Read(export.Complete().Files[0].Path)).Convergence.Electronic);
    }

    [Fact]
    public void The_label_is_the_energy_that_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        Frame frame = SyntheticFrames.Random(new Random(1)) with { FreeEnergy = -1, EnergyWithoutEntropy = -2, EnergySigmaToZero = -3 };
        foreach ((EnergyKind? kind, string label, bool warned) in new[] { ((EnergyKind?)null, "REF_energy=-1.0 ", false), (EnergyKind.WithoutEntropy, "REF_energy=-2.0 ", true), (EnergyKind.SigmaToZero, "REF_energy=-3.0 ", true) })
        {
            TrainingSetExportResult result = Export(folder.Path("set.extxyz"), [frame], energyKind: kind, overwrite: true);
            Assert.Contains(label, File.ReadAllText(folder.Path("set.extxyz")), StringComparison.Ordinal);
            Assert.Equal(warned, result.Findings.Any(f => f.Code == "EnergyNotFree"));
        }
    }

    [Fact]
    public void What_a_framework_ignores_in_silence_is_told()
    {
        using var folder = new TemporaryFolder();
        Frame frame = SyntheticFrames.Random(new Random(1)), other = SyntheticFrames.Random(new Random(2));
        string[] codes = [.. Export(folder.Path("set.extxyz"), [frame, other with { Stress = null, Forces = null, FreeEnergy = null, UnspecifiedEnergy = -4 }]).Findings.Select(f => f.Code)];
        Assert.Equal(["EnergyKindsMixed", "ForcesMissing", "StressMissing"], codes.Order());
    }

    [Fact]
    public void A_set_with_errors_is_written_only_by_force()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = [.. CleanSet.All.Select(f => f with { Forces = [.. f.Forces!.Value.Select(v => -v)] })];
        Assert.Equal("ForceSign", Assert.Throws<AtomProNetException>(() => Export(folder.Path("set.extxyz"), frames)).ErrorId);
        Assert.Empty(folder.Names);
        using var export = new TrainingSetExport(new() { Path = folder.Path("set.extxyz"), IgnoreErrors = true });
        foreach (Frame frame in frames)
        {
            export.Add(frame);
        }

        Assert.Contains(export.Complete().Findings, f => f.Code == "ForceSign");
        Assert.Equal(["dataset.json", "set.extxyz"], folder.Names);
        Assert.Contains("ForceSign", File.ReadAllText(folder.Path("dataset.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Single_atoms_are_marked_and_stay_in_training()
    {
        using var folder = new TemporaryFolder();
        Frame[] atoms = [.. new[] { "Al", "O" }.Select(s => new Frame(new Structure(Lattice.Cubic(12), [Element.FromSymbol(s)], [Vector3D.Zero], CoordinateKind.Cartesian)) { FreeEnergy = -1 })];
        TrainingSetExportResult result = Export(folder.Path("set.extxyz"), [.. Trajectories(10, 2), .. atoms], split: Usual);
        Assert.Equal([18, 2, 2], result.Files.Select(f => f.FrameCount));
        Assert.Equal(2, result.IsolatedAtomCount);
        Assert.Equal(["IsolatedAtom", "IsolatedAtom"], Read(result.Files[0].Path).Take(2).Select(f => f.ConfigType));
        // One atom in a small cell is a crystal.
        Assert.False(FrameAdmission.IsIsolatedAtom(new(Lattice.Cubic(3.5), [Element.FromSymbol("Cu")], [Vector3D.Zero], CoordinateKind.Cartesian)));
        Assert.False(FrameAdmission.IsIsolatedAtom(new(new Lattice(new(20, 0, 0), new(20.5, 4, 0), new(0, 0, 20)), [Element.FromSymbol("Cu")], [Vector3D.Zero], CoordinateKind.Cartesian)));
        Assert.True(FrameAdmission.IsIsolatedAtom(new(null, [Element.FromSymbol("Cu")], [Vector3D.Zero], CoordinateKind.Cartesian)));
    }

    [Fact]
    public void Ids_tell_frames_apart_and_stay_when_a_set_is_exported_again()
    {
        using var folder = new TemporaryFolder();
        Frame frame = SyntheticFrames.Random(new Random(1));
        Frame[] first = Read(Export(folder.Path("a.extxyz"), [frame, frame, SyntheticFrames.Random(new Random(2))]).Files[0].Path);
        string[] ids = [.. first.Select(f => (string)f.Information["frame_id"])];
        Assert.Equal(3, ids.Distinct().Count());
        Frame[] again = Read(Export(folder.Path("b.extxyz"), first).Files[0].Path);
        Assert.Equal(ids, again.Select(f => (string)f.Information["frame_id"]));
    }

    [Fact]
    public void An_earlier_set_is_replaced_only_with_force_and_then_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        Export(folder.Path("set.extxyz"), Trajectories(10, 2), split: Usual);
        Export(folder.Path("other.extxyz"), Trajectories(1, 2));
        foreach (SplitRequest? split in new[] { null, Usual })
        {
            Assert.Equal("FileExists", Assert.Throws<AtomProNetException>(() => Export(folder.Path("set.extxyz"), Trajectories(10, 2), split: split)).ErrorId);
        }

        // Without validation now: the old validation file would be a trap.
        Export(folder.Path("set.extxyz"), Trajectories(10, 3), split: new() { TrainFraction = 0.8, TestFraction = 0.2 }, overwrite: true);
        Assert.Equal(["dataset.json", "other.extxyz", "set_test.extxyz", "set_train.extxyz"], folder.Names);
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(folder.Path("dataset.json")));
        Assert.Equal(["other.extxyz", "set.extxyz"], manifest.RootElement.GetProperty("datasets").EnumerateArray().Select(d => d.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("set_train.extxyz")]
    [InlineData("set_validation.extxyz")]
    [InlineData("set_test.extxyz")]
    [InlineData("dataset.json")]
    public void A_failure_at_any_renaming_leaves_the_old_set(string failing)
    {
        using var folder = new TemporaryFolder();
        Export(folder.Path("set.extxyz"), Trajectories(10, 2), split: Usual);
        Dictionary<string, string> before = folder.Names.ToDictionary(n => n, n => File.ReadAllText(folder.Path(n)));
        using (var export = new TrainingSetExport(new() { Path = folder.Path("set.extxyz"), Split = Usual, Overwrite = true }))
        {
            export.BeforeRename = path => _ = Path.GetFileName(path) == failing ? throw new IOException("injected") : 0;
            foreach (Frame frame in Trajectories(10, 4))
            {
                export.Add(frame);
            }

            Assert.Equal("injected", Assert.Throws<IOException>(() => export.Complete()).Message);
        }

        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), folder.Names);
        Assert.All(before, b => Assert.Equal(b.Value, File.ReadAllText(folder.Path(b.Key))));
    }

    [Fact]
    public void A_failure_of_a_first_export_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using (var export = new TrainingSetExport(new() { Path = folder.Path("set.extxyz"), Split = Usual }))
        {
            export.BeforeRename = path => _ = path.EndsWith(".json", StringComparison.Ordinal) ? throw new IOException("injected") : 0;
            foreach (Frame frame in Trajectories(10, 4))
            {
                export.Add(frame);
            }

            Assert.Throws<IOException>(() => export.Complete());
        }

        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Leaving_off_midway_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        foreach (SplitRequest? split in new[] { null, Usual })
        {
            using (var export = new TrainingSetExport(new() { Path = folder.Path("set.extxyz"), Split = split }))
            {
                export.Add(SyntheticFrames.Random(new Random(1)));
            }

            Assert.Empty(folder.Names);
        }

        using var cancelled = new TrainingSetExport(new() { Path = folder.Path("set.extxyz"), Split = Usual });
        foreach (Frame frame in Trajectories(10, 4))
        {
            cancelled.Add(frame);
        }

        Assert.ThrowsAny<OperationCanceledException>(() => cancelled.Complete(new CancellationToken(canceled: true)));
        cancelled.Dispose();
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void What_a_killed_export_left_is_removed_by_the_next_one_and_what_is_in_use_is_not()
    {
        using var folder = new TemporaryFolder();
        string id = Guid.NewGuid().ToString("N"), old = folder.Path($".set.extxyz.{id}.tmp"), spool = folder.Path($".set.extxyz.{id}.frames.tmp"), arrays = folder.Path($".set.extxyz.{id}.arrays.tmp");
        string used = folder.Path($".dataset.json.{id}.tmp"), late = folder.Path($".set_train.extxyz.{id}.tmp"), foreign = folder.Path($".other.extxyz.{id}.tmp"), mine = folder.Path(".set.extxyz.mine.tmp"), former = folder.Path($".set.extxyz.{id}.tmp.old");
        Directory.CreateDirectory(arrays);
        foreach (string file in new[] { old, spool, Path.Combine(arrays, "0.bin"), used, late, foreign, mine, former })
        {
            File.WriteAllText(file, "half");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(file == late ? 0 : -2));
        }

        Directory.SetLastWriteTimeUtc(arrays, DateTime.UtcNow.AddHours(-2));
        using (new FileStream(used, FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
        {
            TrainingSetExportResult result = Export(folder.Path("set.extxyz"), Trajectories(1, 2));
            Assert.DoesNotContain(result.Findings, f => f.Code == "TemporaryFilesLeft");
        }

        Assert.Equal(new[] { used, late, foreign, mine, former }.Select(Path.GetFileName).Append("dataset.json").Append("set.extxyz").Order(StringComparer.Ordinal), folder.Names.Order(StringComparer.Ordinal));
        // That one has not been written for a moment, by nobody who lives: it is named.
        Finding named = Assert.Single(Export(folder.Path("set.extxyz"), Trajectories(10, 2), split: Usual, overwrite: true).Findings, f => f.Code == "TemporaryFilesLeft");
        Assert.Equal((late, FindingSeverity.Information), (named.Source, named.Severity));
        Assert.False(File.Exists(used));
        // By now there is a file in the place of the former one. (Parts have taken the name's place, so the whole set is exported once more.)
        Export(folder.Path("set.extxyz"), Trajectories(1, 2), overwrite: true);
        Export(folder.Path("set.extxyz"), Trajectories(1, 2), overwrite: true);
        Assert.False(File.Exists(former));
    }

    [Fact]
    public void What_a_format_cannot_hold_is_told_before_it_is_written()
    {
        using var folder = new TemporaryFolder();
        Frame frame = SyntheticFrames.WithInformation(SyntheticFrames.Random(new Random(1)), "operator", "me") with { ConfigType = "surface", Weight = 2 };
        using (var export = new TrainingSetExport(new() { Path = folder.Path("set.npz") }))
        {
            export.BeforeWriting = f => throw new IOException(f.Message);
            export.Add(frame);
            string told = Assert.Throws<IOException>(() => export.Complete()).Message;
            Assert.Contains("Npz cannot hold", told, StringComparison.Ordinal);
            Assert.Contains("config_type (1), config_weight (1), the key 'operator' (1)", told, StringComparison.Ordinal);
        }

        Assert.Empty(folder.Names);
    }

    [Fact]
    public void ASE_reads_config_types_and_weights()
    {
        SystemPython.SkipUnlessThere("ase");
        using var folder = new TemporaryFolder();
        Frame atom = new(new Structure(Lattice.Cubic(12), [Element.FromSymbol("Al")], [Vector3D.Zero], CoordinateKind.Cartesian)) { FreeEnergy = -1, Weight = 0.125 };
        Frame[] frames = [Trajectories(1, 1)[0] with { ConfigType = "surface, stepped", Weight = 2.5 }, Trajectories(2, 1)[1], atom];
        foreach (KeyStyle style in new[] { KeyStyle.Ase, KeyStyle.NequIP, KeyStyle.Mace, KeyStyle.Seed })
        {
            Export(folder.Path("set.extxyz"), frames, style: style, overwrite: true);
            JsonElement read = SystemPython.Run(
                "import ase.io\nresult = [[a.info.get('config_type'), a.info.get('config_weight')] for a in ase.io.read(data, ':', format='extxyz')]",
                folder.Path("set.extxyz"));
            Assert.Equal("[[\"surface, stepped\",2.5],[null,null],[\"IsolatedAtom\",0.125]]", JsonSerializer.Serialize(read));
        }
    }

    [Fact]
    public void Somebody_elses_dataset_json_stays()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Path("dataset.json"), "{\"mine\": 1}");
        Assert.Equal("DatasetManifestUnknown", Assert.Throws<AtomProNetException>(() => Export(folder.Path("set.extxyz"), Trajectories(1, 1))).ErrorId);
        Assert.Equal(["dataset.json"], folder.Names);
    }

    [Fact]
    public void ASE_reads_our_numbers()
    {
        SystemPython.SkipUnlessThere("ase");
        using var folder = new TemporaryFolder();
        Frame[] frames = Trajectories(2, 3);
        foreach ((KeyStyle style, string energy, string forces, string stress) in new[] { (KeyStyle.Ase, "energy", "forces", "stress"), (KeyStyle.NequIP, "energy", "forces", "stress"), (KeyStyle.Mace, "REF_energy", "REF_forces", "REF_stress") })
        {
            Export(folder.Path("set.extxyz"), frames, style: style, overwrite: true);
            JsonElement read = SystemPython.Run(
                """
                import ase.io, numpy as np
                def of(a):
                    if data['energy'] == 'energy':
                        e, f, s = a.get_potential_energy(), a.get_forces(), a.get_stress(voigt=False)
                    else:
                        e, f, s = a.info[data['energy']], a.arrays[data['forces']], np.array(a.info[data['stress']])
                    return dict(e=float(e), f=np.asarray(f).ravel().tolist(), s=np.asarray(s).ravel().tolist(), p=a.positions.ravel().tolist(),
                                c=a.cell.array.ravel().tolist(), z=a.numbers.tolist(), pbc=a.pbc.tolist())
                result = [of(a) for a in ase.io.read(data['path'], ':', format='extxyz')]
                """,
                new { path = folder.Path("set.extxyz"), energy, forces, stress });
            Assert.Equal(frames.Length, read.GetArrayLength());
            foreach ((JsonElement found, Frame frame) in read.EnumerateArray().Zip(frames))
            {
                Assert.Equal(frame.FreeEnergy, found.GetProperty("e").GetDouble());
                Assert.Equal(frame.Forces!.Value.SelectMany(v => new[] { v.X, v.Y, v.Z }), Numbers(found, "f"));
                Assert.Equal(frame.Stress!.Value.ToMatrix().ToRowMajor(), Numbers(found, "s"));
                Assert.Equal(frame.Structure.CartesianPositions.SelectMany(v => new[] { v.X, v.Y, v.Z }), Numbers(found, "p"));
                Assert.Equal(frame.Structure.Lattice!.Rows.ToRowMajor(), Numbers(found, "c"));
                Assert.Equal(frame.Structure.Species.Select(e => (double)e.Number), Numbers(found, "z"));
            }
        }

        static IEnumerable<double> Numbers(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(n => n.GetDouble());
    }

    private static TrainingSetExportResult Export(string path, IEnumerable<Frame> frames, KeyStyle style = KeyStyle.Mace, EnergyKind? energyKind = null, SplitRequest? split = null, bool overwrite = false)
    {
        using var export = new TrainingSetExport(new() { Path = path, KeyStyle = style, EnergyKind = energyKind, Split = split, Overwrite = overwrite });
        foreach (Frame frame in frames)
        {
            export.Add(frame);
        }

        return export.Complete();
    }

    private static Frame[] Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return [.. ExtendedXyzReader.Read(stream, path)];
    }

    private static Frame[] Trajectories(int count, int steps)
    {
        var random = new Random(42);
        return [.. Enumerable.Range(0, count).SelectMany(t => Enumerable.Range(1, steps).Select(s => SyntheticFrames.Random(random, source: new($"/runs/{t}/OUTCAR", s))))];
    }

    private static JsonElement Manifest(TemporaryFolder folder) =>
        JsonDocument.Parse(File.ReadAllText(folder.Path("dataset.json"))).RootElement.GetProperty("datasets")[0];

    private static void AssertHashes(IEnumerable<TrainingSetFile> files) => Assert.All(files, f =>
    {
        byte[] bytes = File.ReadAllBytes(f.Path);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant(), f.Hash);
        Assert.Equal(bytes.LongLength, f.Length);
    });

    private static void AssertSameFrames(Frame[] expected, Frame[] found)
    {
        Assert.Equal(expected.Select(FrameKey.Of), found.Select(FrameKey.Of));
        Assert.Equal(expected.Select(f => f.Source), found.Select(f => f.Source));
    }
}
