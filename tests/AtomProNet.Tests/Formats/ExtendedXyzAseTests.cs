using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

/// <summary>ASE reads what we write, and we read what ASE writes, to the last digit.</summary>
public class ExtendedXyzAseTests
{
    private const string Describe = """

        import numpy as np
        def describe(a):
            r = dict(symbols=a.get_chemical_symbols(), positions=a.positions.tolist(), cell=np.array(a.cell).tolist(), pbc=[bool(x) for x in a.pbc])
            r['info'] = {k: (v.tolist() if hasattr(v, 'tolist') else v) for k, v in a.info.items()}
            r['arrays'] = {k: v.tolist() for k, v in a.arrays.items()}
            if a.calc is not None:
                r['results'] = {k: (v.tolist() if hasattr(v, 'tolist') else v) for k, v in a.calc.results.items()}
            return r
        """;

    [Theory]
    [InlineData(KeyStyle.Ase)]
    [InlineData(KeyStyle.Mace)]
    public void Ase_reads_our_files_to_our_numbers(KeyStyle style)
    {
        SystemPython.SkipUnlessThere("ase");
        var random = new Random(5);
        Frame[] frames = [.. Enumerable.Range(0, 4).Select(_ => AnyFrame(random))];
        using var folder = new ScratchFolder();
        string path = folder.PathTo("ours.xyz");
        using (FileStream stream = File.Create(path))
        {
            ExtendedXyzWriter.WriteAll(stream, frames, new() { KeyStyle = style });
        }

        JsonElement result = SystemPython.Run("from ase.io import read" + Describe + "\nresult = [describe(a) for a in read(data, ':')]", path);
        Assert.Equal(frames.Length, result.GetArrayLength());
        for (int i = 0; i < frames.Length; i++)
        {
            Frame f = frames[i];
            JsonElement a = result[i];
            Assert.Equal(f.Structure.Species.Select(e => e.Symbol), a.GetProperty("symbols").EnumerateArray().Select(e => e.GetString()));
            Assert.Equal(f.Structure.CartesianPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }), Numbers(a.GetProperty("positions")));
            Assert.Equal(f.Structure.Lattice!.Rows.ToRowMajor(), Numbers(a.GetProperty("cell")));
            Assert.Equal([f.Structure.Periodicity.A, f.Structure.Periodicity.B, f.Structure.Periodicity.C], a.GetProperty("pbc").EnumerateArray().Select(b => b.GetBoolean()));
            JsonElement info = a.GetProperty("info"), arrays = a.GetProperty("arrays");
            LabelKeys keys = LabelKeys.Of(style);
            Assert.Equal(f.Energy!.Value, info.GetProperty(keys.Energy).GetDouble());
            Assert.Equal(f.Forces!.Value.SelectMany(p => new[] { p.X, p.Y, p.Z }), Numbers(arrays.GetProperty(keys.Forces)));
            Assert.Equal(f.Stress!.Value.ToMatrix().ToRowMajor(), Numbers(info.GetProperty(keys.Stress!)));
            Assert.Equal(f.Structure.Provenance!.GroupId, info.GetProperty("group").GetString());
            Assert.Equal(7, info.GetProperty("count").GetInt64());
            Assert.Equal(JsonValueKind.True, info.GetProperty("flag").ValueKind);
            Assert.Equal("two words", info.GetProperty("note").GetString());
            Assert.Equal([1.0, 2.5], Numbers(info.GetProperty("list")));
            Assert.Equal(f.Structure.SiteProperties["magmom"].Reals.ToArray(), Numbers(arrays.GetProperty("initial_magmoms")));
            if (style == KeyStyle.Ase)
            {
                JsonElement calculated = a.GetProperty("results");
                Assert.Equal(f.Energy!.Value, calculated.GetProperty("energy").GetDouble());
                Assert.Equal(f.Stress!.Value.ToVoigt(), Numbers(calculated.GetProperty("stress")));
                Assert.Equal(f.Forces!.Value.SelectMany(p => new[] { p.X, p.Y, p.Z }), Numbers(calculated.GetProperty("forces")));
                Assert.Equal(f.MagneticMoments!.Value, Numbers(calculated.GetProperty("magmoms")));
            }
            else
            {
                Assert.False(a.TryGetProperty("results", out JsonElement results) && results.TryGetProperty("energy", out _));
            }
        }
    }

    [Fact]
    public void We_read_ases_files_to_its_numbers()
    {
        SystemPython.SkipUnlessThere("ase");
        using var folder = new ScratchFolder();
        string path = folder.PathTo("ase.xyz");
        JsonElement result = SystemPython.Run("""
            from ase.io import read, write
            from ase.build import bulk, molecule
            from ase.calculators.singlepoint import SinglePointCalculator
            from ase.constraints import FixAtoms
            """ + Describe + """

            rng = np.random.RandomState(0)
            images = []
            for k in range(3):
                a = bulk('NaCl', 'rocksalt', a=5.6) * (2, 1, 1)
                a.rattle(0.1, seed=k)
                a.pbc = (True, k != 1, True)
                a.set_initial_magnetic_moments(rng.rand(len(a)))
                a.set_tags(range(len(a)))
                a.info.update(step=k, ratio=0.5, label='two words', flag=True, vector=rng.rand(3), name='x=y', matrix=rng.rand(2, 2), integers=np.arange(4), flags=np.array([True, False]), comma='1,2')
                a.calc = SinglePointCalculator(a, energy=-rng.rand() * 100, free_energy=-rng.rand(), forces=rng.rand(len(a), 3), stress=rng.rand(6), magmoms=rng.rand(len(a)), charges=rng.rand(len(a)), magmom=2.5, dipole=rng.rand(3))
                images.append(a)
            m = molecule('CH3CH2OH')
            m.set_constraint(FixAtoms([0]))
            images.append(m)
            write(data, images, format='extxyz')
            result = [describe(a) for a in read(data, ':')]
            """, path);
        Frame[] frames;
        using (FileStream stream = File.OpenRead(path))
        {
            frames = [.. ExtendedXyzReader.Read(stream, path)];
        }

        Assert.Equal(result.GetArrayLength(), frames.Length);
        for (int i = 0; i < frames.Length; i++)
        {
            Frame f = frames[i];
            JsonElement a = result[i];
            Assert.Equal(a.GetProperty("symbols").EnumerateArray().Select(e => e.GetString()), f.Structure.Species.Select(e => e.Symbol));
            Assert.Equal(Numbers(a.GetProperty("positions")), f.Structure.CartesianPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }));
            Assert.Equal(a.GetProperty("pbc").EnumerateArray().Select(b => b.GetBoolean()), [f.Structure.Periodicity.A, f.Structure.Periodicity.B, f.Structure.Periodicity.C]);
            if (i == 3)
            {
                Assert.Null(f.Structure.Lattice);
                continue;
            }

            JsonElement calculated = a.GetProperty("results"), info = a.GetProperty("info");
            Assert.Equal(Numbers(a.GetProperty("cell")), f.Structure.Lattice!.Rows.ToRowMajor());
            Assert.Equal(calculated.GetProperty("energy").GetDouble(), f.UnspecifiedEnergy);
            Assert.Equal(calculated.GetProperty("free_energy").GetDouble(), f.FreeEnergy);
            Assert.Equal(Numbers(calculated.GetProperty("stress")), f.Stress!.Value.ToVoigt());
            Assert.Equal(Numbers(calculated.GetProperty("forces")), f.Forces!.Value.SelectMany(p => new[] { p.X, p.Y, p.Z }));
            Assert.Equal(Numbers(calculated.GetProperty("magmoms")), f.MagneticMoments!.Value);
            Assert.Equal(Numbers(a.GetProperty("arrays").GetProperty("initial_magmoms")), f.Structure.SiteProperties["magmom"].Reals.ToArray());
            Assert.Equal(2.5, f.TotalMagneticMoment);
            Assert.Equal((long)i, f.Information["step"]);
            Assert.Equal(0.5, f.Information["ratio"]);
            Assert.Equal("two words", f.Information["label"]);
            Assert.Equal("x=y", f.Information["name"]);
            Assert.Equal(true, f.Information["flag"]);
            Assert.Equal(Numbers(info.GetProperty("vector")), (double[])f.Information["vector"]);
            Assert.Equal(new long[] { 0, 1, 2, 3 }, f.Information["integers"]);
            Assert.Equal(new[] { true, false }, f.Information["flags"]);
        }
    }

    /// <summary>What ASE reads and writes again keeps how, where and in which family a frame was computed.</summary>
    [Theory]
    [InlineData(KeyStyle.Ase)]
    [InlineData(KeyStyle.Mace)]
    public void Method_source_group_and_basis_go_through_ase(KeyStyle style)
    {
        SystemPython.SkipUnlessThere("ase");
        Frame[] frames = [.. Enumerable.Range(0, 40).Select(seed => AnyFrame(new Random(seed)) with
        {
            Method = Sayable(RandomFrames.AnyMethod(new Random(seed))),
            BasisLattice = RandomStructures.AnyLattice(new Random(seed)),
            Source = new("/runs/a b/OUTCAR", seed + 1),
        })];
        using var folder = new ScratchFolder();
        string ours = folder.PathTo("ours.xyz"), theirs = folder.PathTo("theirs.xyz");
        using (FileStream stream = File.Create(ours))
        {
            ExtendedXyzWriter.WriteAll(stream, frames, new() { KeyStyle = style });
        }

        JsonElement texts = SystemPython.Run("from ase.io import read, write\na = read(data[0], ':')\nwrite(data[1], a, format='extxyz')\nresult = [x.info['dft_method'] for x in a]", new[] { ours, theirs });
        Assert.Equal(frames.Select(f => DftMethodText.Write(f.Method!)), texts.EnumerateArray().Select(t => t.GetString()));
        using FileStream back = File.OpenRead(theirs);
        foreach ((Frame expected, Frame actual) in frames.Zip(ExtendedXyzReader.Read(back, theirs), (e, a) => (e, a)))
        {
            Assert.Equal(expected.Method, actual.Method);
            Assert.Equal(expected.Method!.Fingerprint, actual.Method!.Fingerprint);
            Assert.Equal(expected.Source, actual.Source);
            Assert.Equal(expected.GroupId, actual.GroupId);
            foreach ((double x, double y) in expected.BasisLattice!.Rows.ToRowMajor().Zip(actual.BasisLattice!.Rows.ToRowMajor()))
            {
                // ASE writes arrays with fewer digits than it reads.
                Assert.Equal(x, y, Math.Abs(x) * 1e-7);
            }
        }

        // ASE writes no character beyond ASCII into a text, whatever the key.
        static DftMethod Sayable(DftMethod m) => m with { Code = Ascii(m.Code)!, Version = Ascii(m.Version), Functional = Ascii(m.Functional), Dispersion = Ascii(m.Dispersion), Precision = Ascii(m.Precision), Smearing = Ascii(m.Smearing), KPointMesh = Ascii(m.KPointMesh), Potentials = m.Potentials.SetItems(m.Potentials.Select(p => KeyValuePair.Create(p.Key, Ascii(p.Value)!))) };

        static string? Ascii(string? text) => text is null ? null : string.Concat(text.Where(char.IsAscii));
    }

    [Fact]
    public void The_files_of_the_original_project_agree_with_ase()
    {
        SystemPython.SkipUnlessThere("ase");
        foreach (string name in new[] { "DFT_data.extxyz", "MLIP_validation.xyz" })
        {
            string path = SharedData.Path("data", "mlip", name);
            JsonElement result = SystemPython.Run("from ase.io import read" + Describe + "\nresult = [describe(a) for a in read(data, ':')]", path);
            using FileStream stream = File.OpenRead(path);
            Frame[] frames = [.. ExtendedXyzReader.Read(stream, path)];
            Assert.Equal([80, 78, 77, 79, 77, 80, 78, 80], frames.Select(f => f.Structure.AtomCount));
            for (int i = 0; i < frames.Length; i++)
            {
                Assert.Equal(Numbers(result[i].GetProperty("positions")), frames[i].Structure.CartesianPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }));
                Assert.Equal(Numbers(result[i].GetProperty("arrays").GetProperty("forces")), frames[i].Forces!.Value.SelectMany(p => new[] { p.X, p.Y, p.Z }));
                JsonElement info = result[i].GetProperty("info");
                double[] matrix = Numbers(info.GetProperty(name[0] == 'D' ? "virial" : "stress"));
                double factor = name[0] == 'D' ? -1 / frames[i].Structure.Volume!.Value : 1;
                Assert.Equal(matrix[0] * factor, frames[i].Stress!.Value.XX, 1e-12);
                Assert.Equal(matrix[5] * factor, frames[i].Stress!.Value.YZ, 1e-12);
                Assert.Equal(info.GetProperty("energy").GetDouble(), frames[i].Energy);
                Assert.Equal(name[0] == 'M', frames[i].Structure.SiteProperties.ContainsKey("energies"));
            }
        }
    }

    [Fact]
    public void Ase_reads_our_poscar_to_our_numbers_and_we_read_its()
    {
        SystemPython.SkipUnlessThere("ase");
        using var folder = new ScratchFolder();
        for (int seed = 0; seed < 3; seed++)
        {
            Structure s = RandomStructures.Any(new Random(seed), grouped: true, name: "x", kind: CoordinateKind.Cartesian);
            string ours = folder.PathTo($"POSCAR{seed}"), theirs = folder.PathTo($"CONTCAR{seed}");
            File.WriteAllBytes(ours, PoscarWriter.ToBytes(s));
            JsonElement a = SystemPython.Run("from ase.io import read, write" + Describe + "\na = read(data[0], format='vasp')\nwrite(data[1], a, format='vasp', direct=True, vasp5=True)\nresult = [describe(a), describe(read(data[1], format='vasp'))]", new[] { ours, theirs });
            Assert.Equal(s.Species.Select(e => e.Symbol), a[0].GetProperty("symbols").EnumerateArray().Select(e => e.GetString()));
            Assert.Equal(s.CartesianPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }), Numbers(a[0].GetProperty("positions")));
            Assert.Equal(s.Lattice!.Rows.ToRowMajor(), Numbers(a[0].GetProperty("cell")));

            Structure back = PoscarReader.Read(File.ReadAllBytes(theirs), theirs);
            Assert.Equal(s.Species, back.Species);
            foreach ((double x, double y) in Numbers(a[1].GetProperty("positions")).Zip(back.CartesianPositions.SelectMany(p => new[] { p.X, p.Y, p.Z })))
            {
                Assert.Equal(x, y, 1e-12);
            }
        }
    }

    private static Frame AnyFrame(Random random)
    {
        Structure s = RandomStructures.Any(random, atoms: 5, name: "a name");
        int n = s.AtomCount;
        var properties = ImmutableSortedDictionary<string, SiteProperty>.Empty
            .Add("magmom", SiteProperty.Real(1, [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())]))
            .Add("selective_dynamics", SiteProperty.Logical(3, [.. Enumerable.Range(0, n * 3).Select(_ => random.Next(2) == 0)]));
        return new Frame(s.With(siteProperties: properties, provenance: Provenance.Root("File", "mp-1143")))
        {
            FreeEnergy = -100 * random.NextDouble(),
            EnergyWithoutEntropy = -1,
            Forces = [.. Enumerable.Range(0, n).Select(_ => RandomStructures.AnyVector(random))],
            Stress = new(random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble()),
            MagneticMoments = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())],
            Information = ImmutableSortedDictionary<string, object>.Empty.Add("count", 7L).Add("flag", true).Add("note", "two words").Add("list", new[] { 1, 2.5 }),
        };
    }

    private static double[] Numbers(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().SelectMany(Numbers)]
        : [element.GetDouble()];
}
