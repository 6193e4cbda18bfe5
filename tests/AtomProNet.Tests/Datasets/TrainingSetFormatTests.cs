using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Datasets;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

/// <summary>Every format gives back the frames that went in, and independent readers find the same numbers.</summary>
public class TrainingSetFormatTests
{
    private static readonly TrainingSetFormat[] Readable = [TrainingSetFormat.ExtendedXyz, TrainingSetFormat.Npz, TrainingSetFormat.SgdmlNpz, TrainingSetFormat.DeepMD, TrainingSetFormat.DeepMDMixed];

    public static TheoryData<TrainingSetFormat> Formats => [.. Readable];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Reading_back_gives_the_same_frames_bit_for_bit(TrainingSetFormat format)
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = Mixed();
        TrainingSetExportResult result = Export(folder.Path(Name(format)), frames, format);
        Assert.Equal(frames.Length, result.Files.Sum(f => f.FrameCount));
        AssertSame(frames, [.. result.Files.SelectMany(f => TrainingSetFormats.Read(f.Path))], exactStress: format is TrainingSetFormat.ExtendedXyz or TrainingSetFormat.SgdmlNpz);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_split_keeps_every_frame_in_one_part(TrainingSetFormat format)
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = Mixed();
        TrainingSetExportResult result = Export(folder.Path(Name(format)), frames, format, new() { TrainFraction = 0.5, ValidationFraction = 0.25, TestFraction = 0.25, Method = SplitMethod.Frame });
        Assert.Equal([DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test], result.Files.Select(f => f.Part!.Value).Distinct());
        AssertSame(frames, [.. result.Files.SelectMany(f => TrainingSetFormats.Read(f.Path))], exactStress: format is TrainingSetFormat.ExtendedXyz or TrainingSetFormat.SgdmlNpz);
        JsonElement set = JsonDocument.Parse(File.ReadAllText(folder.Path("dataset.json"))).RootElement.GetProperty("datasets")[0];
        Assert.All(set.GetProperty("files").EnumerateArray(), f => Assert.True(Path.Exists(folder.Path(f.GetProperty("path").GetString()!))));
    }

    [Theory]
    [InlineData(TrainingSetFormat.Npz, "set_Al2O2.npz set_Al3O3.npz set_Ti2O4.npz")]
    [InlineData(TrainingSetFormat.SgdmlNpz, "set_Al2O2.npz set_Al3O3.npz set_Ti2O4.npz")]
    [InlineData(TrainingSetFormat.DeepMD, "Al2O2 Al3O3 Ti2O4")]
    [InlineData(TrainingSetFormat.DeepMDMixed, "Al2O2 6atoms")]
    public void One_composition_a_file_where_the_format_demands_it(TrainingSetFormat format, string names)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(names.Split(' '), Export(folder.Path(Name(format)), Mixed(), format).Files.Select(f => Path.GetFileName(f.Path)));
    }

    /// <summary>CON is the name of a device on Windows, in whatever case.</summary>
    [Fact]
    public void A_system_of_cobalt_nitride_is_no_device()
    {
        using var folder = new TemporaryFolder();
        var nitride = new Structure(new Lattice(new(4, 0, 0), new(0, 4, 0), new(0, 0, 4)), [Element.FromSymbol("Co"), Element.FromSymbol("N")], [new(0, 0, 0), new(0.5, 0.5, 0.5)], CoordinateKind.Fractional);
        Frame[] frames = [new(nitride) { FreeEnergy = -1, Forces = [new(0, 0, 0), new(0, 0, 0)] }];
        Assert.Equal(["_CoN"], Export(folder.Path("deep"), frames, TrainingSetFormat.DeepMD).Files.Select(f => Path.GetFileName(f.Path)));
        AssertSame(frames, [.. TrainingSetFormats.Read(folder.Path("deep"))], exactStress: false);
    }

    [Fact]
    public void The_order_of_atoms_makes_another_system_where_types_have_no_frame_axis()
    {
        using var folder = new TemporaryFolder();
        Frame frame = SyntheticFrames.Random(new Random(1), atoms: 4);
        Frame turned = frame.WithStructure(frame.Structure.SelectSites([1, 0, 2, 3])) with { Forces = null, FreeEnergy = -3 };
        Frame[] frames = [frame, turned, turned with { Forces = frame.Forces }];
        Assert.Equal(["Al2O2", "Al2O2-2", "Al2O2-3"], Export(folder.Path("deep"), frames, TrainingSetFormat.DeepMD).Files.Select(f => Path.GetFileName(f.Path)));
        AssertSame(frames, [.. TrainingSetFormats.Read(folder.Path("deep"))], exactStress: false);
    }

    [Fact]
    public void What_a_format_cannot_hold_is_said_by_name()
    {
        using var folder = new TemporaryFolder();
        Frame crystal = SyntheticFrames.Random(new Random(1));
        Frame molecule = new(new Structure(null, crystal.Structure.Species, crystal.Structure.CartesianPositions, CoordinateKind.Cartesian)) { FreeEnergy = -1, Forces = crystal.Forces };
        Frame slab = crystal.WithStructure(new(crystal.Structure.Lattice, crystal.Structure.Species, crystal.Structure.CartesianPositions, CoordinateKind.Cartesian, new(true, true, false)));
        Assert.Equal(["NpzCannotHold", "NpzCannotHold"], Refusals(TrainingSetFormat.Npz, [molecule, slab, crystal]));
        Assert.Equal(["DeepMDCannotHold"], Refusals(TrainingSetFormat.DeepMD, [molecule, slab, crystal]));
        Assert.Empty(Refusals(TrainingSetFormat.SgdmlNpz, [molecule, slab, crystal]));
        AssertSame([molecule, slab, crystal], [.. Directory.GetFiles(folder.Root, "SgdmlNpz*.npz").SelectMany(f => TrainingSetFormats.Read(f))], exactStress: true);
        AssertSame([molecule, crystal], [.. TrainingSetFormats.Read(folder.Path("DeepMD.npz"), TrainingSetFormat.DeepMD)], exactStress: false);

        string[] Refusals(TrainingSetFormat format, Frame[] frames)
        {
            using var export = new TrainingSetExport(new() { Path = folder.Path(format + ".npz"), Format = format, Check = false });
            var refused = new List<string>();
            foreach (Frame frame in frames)
            {
                try
                {
                    export.Add(frame);
                }
                catch (AtomProNetException e)
                {
                    refused.Add(e.ErrorId);
                }
            }

            export.Complete();
            return [.. refused];
        }
    }

    [Fact]
    public void What_is_lost_is_told()
    {
        using var folder = new TemporaryFolder();
        Frame frame = SyntheticFrames.Random(new Random(1)) with { ConfigType = "surface", Weight = 2, Charges = [.. Enumerable.Range(0, 8).Select(i => 0.1 * i)] };
        Finding finding = Assert.Single(Export(folder.Path("set.npz"), [frame], TrainingSetFormat.Npz).Findings, f => f.Code == "ExportLosesData");
        Assert.Contains("charges (1), config_type (1), config_weight (1)", finding.Message, StringComparison.Ordinal);
        Assert.Contains(Export(folder.Path("s.npz"), [frame], TrainingSetFormat.SgdmlNpz).Findings, f => f.Code == "ExportNeedsKeyMapping");
        Structure s = frame.Structure;
        Frame boxed = frame.WithStructure(new(s.Lattice, s.Species, s.CartesianPositions, CoordinateKind.Cartesian, Periodicity.None)) with { Stress = new(0.1, 0.1, 0.1, 0, 0, 0) };
        Assert.Contains(Export(folder.Path("deep"), [boxed], TrainingSetFormat.DeepMD).Findings, f => f.Code == "ExportLosesData" && f.Message.Contains("the stress (1)", StringComparison.Ordinal));
        Assert.DoesNotContain(Export(folder.Path("set.extxyz"), [frame], TrainingSetFormat.ExtendedXyz).Findings, f => f.Code.StartsWith("Export", StringComparison.Ordinal));
        Frame read = Assert.Single(TrainingSetFormats.Read(folder.Path("set.extxyz")));
        Assert.Equal(("surface", 2.0), (read.ConfigType, read.Weight));
    }

    [Fact]
    public void NumPy_finds_the_same_numbers_and_shapes()
    {
        SystemPython.SkipUnlessThere("numpy");
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        Frame[] frames = [.. Enumerable.Range(0, 3).Select(_ => SyntheticFrames.Random(random, atoms: 4))];
        Export(folder.Path("a.npz"), frames, TrainingSetFormat.Npz);
        Export(folder.Path("b.npz"), frames, TrainingSetFormat.SgdmlNpz);
        Export(folder.Path("c"), frames, TrainingSetFormat.DeepMD);
        Export(folder.Path("d"), frames, TrainingSetFormat.DeepMDMixed);
        JsonElement read = SystemPython.Run(
            """
            import numpy as np, glob, os
            result = {}
            for name in 'ab':
                with np.load(f'{data}/{name}.npz') as z:
                    result[name] = {k: dict(shape=list(z[k].shape), type=z[k].dtype.str, values=z[k].ravel().tolist()) for k in z.files}
            for name in 'cd':
                result[name] = {}
                for f in glob.glob(f'{data}/{name}/Al2O2/set.000/*.npy'):
                    x = np.load(f)
                    result[name][os.path.basename(f)[:-4]] = dict(shape=list(x.shape), type=x.dtype.str, values=x.ravel().tolist())
                result[name]['type'] = np.loadtxt(f'{data}/{name}/Al2O2/type.raw', dtype=int).tolist()
                result[name]['type_map'] = open(f'{data}/{name}/Al2O2/type_map.raw').read().split()
            """,
            folder.Root);
        double[] positions = [.. frames.SelectMany(f => f.Structure.CartesianPositions).SelectMany(v => new[] { v.X, v.Y, v.Z })];
        double[] forces = [.. frames.SelectMany(f => f.Forces!.Value).SelectMany(v => new[] { v.X, v.Y, v.Z })];
        double[] cells = [.. frames.SelectMany(f => f.Structure.Lattice!.Rows.ToRowMajor())];
        double[] energies = [.. frames.Select(f => f.FreeEnergy!.Value)];
        double[] stress = [.. frames.SelectMany(f => f.Stress!.Value.ToMatrix().ToRowMajor())];
        // −σV in VASP's order XX YY ZZ XY YZ ZX, and row by row.
        double[] vasp = [.. frames.SelectMany(f => new[] { f.Stress!.Value.XX, f.Stress.Value.YY, f.Stress.Value.ZZ, f.Stress.Value.XY, f.Stress.Value.YZ, f.Stress.Value.XZ }.Select(s => -s * f.Structure.Volume!.Value))];
        double[] virial = [.. frames.SelectMany(f => f.Stress!.Value.ToMatrix().ToRowMajor().Select(s => -s * f.Structure.Volume!.Value))];
        Same("a", "positions", [3, 4, 3], positions);
        Same("a", "forces", [3, 4, 3], forces);
        Same("a", "lattice", [3, 9], cells);
        Same("a", "energies", [3, 1], energies);
        Same("a", "pressures", [3, 6], vasp);
        Assert.Equal("<U2", Get("a", "symbols").GetProperty("type").GetString());
        Assert.Equal(Enumerable.Repeat<string?[]>(["Al", "O", "Al", "O"], 3).SelectMany(x => x), Get("a", "symbols").GetProperty("values").EnumerateArray().Select(v => v.GetString()));
        Same("b", "R", [3, 4, 3], positions);
        Same("b", "F", [3, 4, 3], forces);
        Same("b", "E", [3, 1], energies);
        Same("b", "z", [4], [13, 8, 13, 8]);
        Same("b", "cell", [3, 3, 3], cells);
        Same("b", "stress", [3, 3, 3], stress);
        Assert.Equal("|b1", Get("b", "pbc").GetProperty("type").GetString());
        foreach (string name in new[] { "c", "d" })
        {
            Same(name, "coord", [3, 12], positions);
            Same(name, "force", [3, 12], forces);
            Same(name, "box", [3, 9], cells);
            Same(name, "energy", [3], energies);
            Same(name, "virial", [3, 9], virial);
            Assert.Equal(["O", "Al"], read.GetProperty(name).GetProperty("type_map").EnumerateArray().Select(v => v.GetString()));
        }

        Assert.Equal([1, 0, 1, 0], read.GetProperty("c").GetProperty("type").EnumerateArray().Select(v => v.GetInt32()));
        Assert.Equal([0, 0, 0, 0], read.GetProperty("d").GetProperty("type").EnumerateArray().Select(v => v.GetInt32()));
        Same("d", "real_atom_types", [3, 4], [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);

        JsonElement Get(string set, string array) => read.GetProperty(set).GetProperty(array);

        void Same(string set, string array, int[] shape, double[] values)
        {
            Assert.Equal(shape, Get(set, array).GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()));
            Assert.All(values.Zip(Get(set, array).GetProperty("values").EnumerateArray()), p => Assert.Equal(p.First, p.Second.GetDouble(), 12));
        }
    }

    [Fact]
    public void The_systems_of_DeePMD_are_read_by_dpdata()
    {
        SystemPython.SkipUnlessThere("dpdata");
        using var folder = new TemporaryFolder();
        Frame[] frames = [.. Enumerable.Range(0, 3).Select(i => SyntheticFrames.Random(new Random(i), atoms: 4))];
        Export(folder.Path("c"), frames, TrainingSetFormat.DeepMD);
        JsonElement read = SystemPython.Run(
            """
            import dpdata
            s = dpdata.LabeledSystem(data, fmt='deepmd/npy')
            result = dict(n=len(s), energies=s['energies'].ravel().tolist(), names=s['atom_names'])
            """,
            folder.Path("c", "Al2O2"));
        Assert.Equal(3, read.GetProperty("n").GetInt32());
        Assert.Equal(frames.Select(f => f.FreeEnergy!.Value), read.GetProperty("energies").EnumerateArray().Select(e => e.GetDouble()));
    }

    [Fact]
    public void Foreign_arrays_are_read()
    {
        SystemPython.SkipUnlessThere("numpy");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path("water", "set.000"));
        Directory.CreateDirectory(folder.Path("water", "set.001"));
        SystemPython.Run(
            """
            import numpy as np
            # The original AtomProNet's layout in float32 and compressed; a molecule in sGDML's; DeePMD in float32 with two sets and padding.
            np.savez_compressed(data + '/seed.npz', positions=np.ones((2, 1, 3), 'f4') * .25, forces=np.zeros((2, 1, 3), 'f4'), lattice=np.tile(np.array([4, 0, 0, 0, 4, 0, 0, 0, 4], 'f4'), (2, 1)),
                                energies=np.array([[-3.5], [-3.25]], 'f4'), pressures=np.array([[1, 2, 3, 4, 5, 6.]] * 2, 'f4'), symbols=np.array([['Cu'], ['Cu']]))
            np.savez(data + '/md17.npz', R=np.arange(12.).reshape(2, 2, 3), z=np.array([1, 8], 'u1'), E=np.array([-1., -2.]), F=np.zeros((2, 2, 3)), name='water', theory='PBE', e_unit='eV', r_unit='Ang')
            for s in (0, 1):
                p = f'{data}/water/set.00{s}/'
                np.save(p + 'coord', np.arange(6, dtype='f4').reshape(1, 6) + s); np.save(p + 'box', 9 * np.eye(3, dtype='f4').reshape(1, 9))
                np.save(p + 'energy', np.array([-1. - s])); np.save(p + 'force', np.zeros((1, 6))); np.save(p + 'virial', 81 * np.eye(3).reshape(1, 9))
                np.save(p + 'real_atom_types', np.array([[1, -1]], 'i4'))
            open(data + '/water/type.raw', 'w').write('0\n0\n'); open(data + '/water/type_map.raw', 'w').write('H\nO\n')
            result = 0
            """,
            folder.Root);
        Frame[] seed = [.. TrainingSetFormats.Read(folder.Path("seed.npz"))];
        Assert.Equal([-3.5, -3.25], seed.Select(f => f.UnspecifiedEnergy!.Value));
        // Total row XX YY ZZ XY YZ ZX = 1 … 6 eV in 64 Å³: σ = −p/V, Voigt xx yy zz yz xz xy.
        Assert.Equal(new[] { -1, -2, -3, -5, -6, -4 }.Select(p => p / 64.0), seed[0].Stress!.Value.ToVoigt());
        Frame[] molecule = [.. TrainingSetFormats.Read(folder.Path("md17.npz"))];
        Assert.Equal("HO", string.Concat(molecule[1].Structure.Species.Select(e => e.Symbol)));
        Assert.Null(molecule[1].Structure.Lattice);
        Assert.Equal(new Vector3D(9, 10, 11), molecule[1].Structure.CartesianPositions[1]);
        Frame[] water = [.. TrainingSetFormats.Read(folder.Path("water"))];
        Assert.Equal([-1, -2], water.Select(f => f.Energy!.Value));
        Assert.Equal("O", Assert.Single(water[1].Structure.Species).Symbol);
        Assert.Equal(new Vector3D(1, 2, 3), water[1].Structure.CartesianPositions[0]);
        Assert.Equal(-81 / 729.0, water[0].Stress!.Value.XX, 14);
    }

    [Theory]
    [InlineData("R=np.ones((2,1,3)), z=np.array([8]), E=np.array([1, np.nan])", "EnergyNotFinite")]
    [InlineData("positions=np.ones((2,1,3)), symbols=np.array([['Cu'],['Cu']]), lattice=np.array([np.eye(3).ravel(), np.zeros(9)])", "LatticeSingular")]
    public void What_is_wrong_with_a_frame_is_said_with_its_number(string arrays, string id)
    {
        SystemPython.SkipUnlessThere("numpy");
        using var folder = new TemporaryFolder();
        SystemPython.Run($"import numpy as np\nnp.savez(data, {arrays})\nresult = 0", folder.Path("a.npz"));
        var e = Assert.Throws<AtomProNetException>(() => TrainingSetFormats.Read(folder.Path("a.npz")).Count());
        Assert.Equal((id, folder.Path("a.npz")), (e.ErrorId, e.File));
        Assert.StartsWith("Frame 2: ", e.Problem, StringComparison.Ordinal);
    }

    /// <summary>Two frames of one geometry with two spins have two energies: without the spins one of the labels would be wrong.</summary>
    [Fact]
    public void What_energies_of_DeePMD_depend_on_stays_with_the_frames()
    {
        SystemPython.SkipUnlessThere("numpy");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path("iron", "set.000"));
        SystemPython.Run(
            """
            import numpy as np
            p = data + '/iron/set.000/'
            np.save(p + 'coord', np.array([[0, 0, 0, 2, 2, 2.]] * 2)); np.save(p + 'box', np.tile(4 * np.eye(3).ravel(), (2, 1))); np.save(p + 'energy', np.array([-8., -7.5]))
            np.save(p + 'spin', np.array([[0, 0, 2.2, 0, 0, 2.2], [0, 0, 2.2, 0, 2.2, 0]])); np.save(p + 'fparam', np.array([[0.1], [0.2]])); np.save(p + 'aparam', np.arange(8.).reshape(2, 2, 2))
            open(data + '/iron/type.raw', 'w').write('0\n0\n'); open(data + '/iron/type_map.raw', 'w').write('Fe\n')
            result = 0
            """,
            folder.Root);
        Frame[] frames = [.. TrainingSetFormats.Read(folder.Path("iron"))];
        Assert.Equal(new Vector3D(0, 0, 2.2), frames[0].MagneticMomentVectors!.Value[1]);
        Assert.Equal(new Vector3D(0, 2.2, 0), frames[1].MagneticMomentVectors!.Value[1]);
        Assert.Equal([0.2], (double[])frames[1].Information["fparam"]);
        Assert.Equal([4.0, 5, 6, 7], frames[1].Structure.SiteProperties["aparam"].Reals.ToArray());
        Export(folder.Path("iron.extxyz"), frames, TrainingSetFormat.ExtendedXyz);
        Assert.Equal(frames[1].MagneticMomentVectors!.Value, TrainingSetFormats.Read(folder.Path("iron.extxyz")).Last().MagneticMomentVectors!.Value);
    }

    [Theory]
    [InlineData("positions=np.ones((2,1,3)), symbols=np.array([['Cu'],['Cu']])", "ArrayMissing")]
    [InlineData("positions=np.ones((2,1,3)), symbols=np.array([['Cu'],['Cu']]), lattice=np.ones((1,9))", "ArrayShapeWrong")]
    [InlineData("positions=np.ones((2,1,3)), symbols=np.array([['Qq'],['Cu']]), lattice=np.tile(np.eye(3).ravel(),(2,1))", "ElementUnknown")]
    [InlineData("R=np.ones((2,1,3)), z=np.array([8,1])", "ArrayShapeWrong")]
    [InlineData("R=np.ones((2,1,3)), z=np.array([200])", "AtomicNumberUnknown")]
    [InlineData("R=np.ones((2,1,3)), z=np.array([8]), E=np.array([1.])", "ArrayShapeWrong")]
    [InlineData("coords=np.ones((2,1,3))", "NpzLayoutUnknown")]
    [InlineData("R=np.ones((2,1,3)), z=np.array([8]), E=np.ones(2), e_unit='kcal/mol', r_unit='Ang'", "NpzUnit")]
    [InlineData("R=np.ones((2,1,3)), z=np.array([8]), E=np.ones(2), e_unit='eV', r_unit=np.array([b'bohr'])", "NpzUnit")]
    public void Arrays_that_contradict_each_other_are_errors(string arrays, string id)
    {
        SystemPython.SkipUnlessThere("numpy");
        using var folder = new TemporaryFolder();
        SystemPython.Run($"import numpy as np\nnp.savez(data, {arrays})\nresult = 0", folder.Path("a.npz"));
        Assert.Equal(id, Assert.Throws<AtomProNetException>(() => TrainingSetFormats.Read(folder.Path("a.npz")).Count()).ErrorId);
    }

    [Fact]
    public void Energies_as_a_table()
    {
        using var folder = new TemporaryFolder();
        Frame frame = SyntheticFrames.Random(new Random(1), source: new("/runs/a, b/OUTCAR", 3));
        Export(folder.Path("set.csv"), [frame], TrainingSetFormat.Csv);
        string[] lines = File.ReadAllLines(folder.Path("set.csv"));
        Assert.Equal("frame_id,formula,atoms,volume_A3,energy_eV,energy_per_atom_eV,energy_kind,max_force_eV_per_A,pressure_GPa,group,config_type,source_file,source_step", lines[0]);
        Assert.Contains(FormattableString.Invariant($",Al4O4,8,{frame.Structure.Volume},{frame.FreeEnergy},{frame.FreeEnergy / 8},Free,{frame.MaximumForce},"), lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",\"/runs/a, b/OUTCAR\",3", lines[1], StringComparison.Ordinal);
        Assert.Equal("CsvHoldsNoFrames", Assert.Throws<AtomProNetException>(() => TrainingSetFormats.Read(folder.Path("set.csv"))).ErrorId);
    }

    [Fact]
    public void A_folder_of_systems_is_replaced_as_a_whole_and_only_if_it_is_one()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = Mixed();
        Export(folder.Path("deep"), frames, TrainingSetFormat.DeepMD);
        Export(folder.Path("deep"), frames[..1], TrainingSetFormat.DeepMD, overwrite: true);
        Assert.Equal("Al2O2", Path.GetFileName(Assert.Single(Directory.GetDirectories(folder.Path("deep")))));
        File.WriteAllText(folder.Path("deep", "thesis.tex"), "");
        Assert.Equal("FolderHoldsOthers", Assert.Throws<AtomProNetException>(() => Export(folder.Path("deep"), frames, TrainingSetFormat.DeepMD, overwrite: true)).ErrorId);
        Assert.True(File.Exists(folder.Path("deep", "thesis.tex")));
        // A set of the same name in another format is another set.
        Export(folder.Path("deep.extxyz"), frames, TrainingSetFormat.ExtendedXyz);
        Assert.Equal(["dataset.json", "deep", "deep.extxyz"], folder.Names);
    }

    [Fact]
    public void A_failure_leaves_the_old_folder()
    {
        using var folder = new TemporaryFolder();
        Frame[] frames = Mixed();
        Export(folder.Path("deep"), frames, TrainingSetFormat.DeepMD);
        string before = File.ReadAllText(folder.Path("dataset.json"));
        using (var export = new TrainingSetExport(new() { Path = folder.Path("deep"), Format = TrainingSetFormat.DeepMD, Overwrite = true }))
        {
            export.BeforeRename = path => _ = path.EndsWith(".json", StringComparison.Ordinal) ? throw new IOException("injected") : 0;
            export.Add(frames[0]);
            Assert.Throws<IOException>(() => export.Complete());
        }

        Assert.Equal(["dataset.json", "deep"], folder.Names);
        Assert.Equal(before, File.ReadAllText(folder.Path("dataset.json")));
        AssertSame(frames, [.. TrainingSetFormats.Read(folder.Path("deep"))], exactStress: false);
    }

    private static string Name(TrainingSetFormat format) => format switch
    {
        TrainingSetFormat.ExtendedXyz => "set.extxyz",
        TrainingSetFormat.Npz or TrainingSetFormat.SgdmlNpz => "set.npz",
        _ => "set",
    };

    private static Frame[] Mixed()
    {
        var random = new Random(3);
        return
        [
            .. Enumerable.Range(0, 4).Select(i => SyntheticFrames.Random(random, atoms: 4, source: new("/a", i + 1))),
            .. Enumerable.Range(0, 3).Select(i => SyntheticFrames.Random(random, atoms: 6, source: new("/b", i + 1))),
            .. Enumerable.Range(0, 3).Select(i => Titania(random, i)),
        ];

        static Frame Titania(Random random, int step)
        {
            Frame frame = SyntheticFrames.Random(random, atoms: 6);
            return new Frame(new Structure(frame.Structure.Lattice, [.. new[] { "Ti", "O", "O", "O", "Ti", "O" }.Select(Element.FromSymbol)], frame.Structure.CartesianPositions, CoordinateKind.Cartesian))
            {
                FreeEnergy = frame.FreeEnergy,
                Forces = frame.Forces,
                Stress = frame.Stress,
                Source = new("/c", step + 1),
            };
        }
    }

    private static TrainingSetExportResult Export(string path, IEnumerable<Frame> frames, TrainingSetFormat format, SplitRequest? split = null, bool overwrite = false)
    {
        using var export = new TrainingSetExport(new() { Path = path, Format = format, Split = split, Overwrite = overwrite, Check = false });
        foreach (Frame frame in frames)
        {
            export.Add(frame);
        }

        return export.Complete();
    }

    // The order is that of the systems; energies tell the frames apart.
    private static void AssertSame(Frame[] expected, Frame[] found, bool exactStress)
    {
        Assert.Equal(expected.Length, found.Length);
        foreach ((Frame e, Frame f) in expected.OrderBy(f => f.Energy).ThenBy(f => f.Forces is null).Zip(found.OrderBy(f => f.Energy).ThenBy(f => f.Forces is null)))
        {
            Assert.Equal(e.Energy, f.Energy);
            Assert.Equal(e.Structure.ContentHash, f.Structure.ContentHash);
            Assert.Equal(e.Forces, f.Forces, (a, b) => a is null == b is null && (a is null || a.Value.SequenceEqual(b!.Value)));
            Assert.Equal(e.Stress is null, f.Stress is null);
            if (e.Stress is { } stress)
            {
                // A virial goes through the volume twice: the last bit may differ.
                Assert.All(stress.ToVoigt().Zip(f.Stress!.Value.ToVoigt()), p => Assert.Equal(p.First, p.Second, exactStress ? 0 : 1e-15 + 4e-16 * Math.Abs(p.First)));
            }
        }
    }
}
